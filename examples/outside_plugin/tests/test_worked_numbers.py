"""Bills and rules that suppliers and others have published, and sums of our own that say so."""

from __future__ import annotations

import pytest
from billhook.testing import assert_explains, assert_replays
from household import D, bill, day, draft, job, lines, point, quantities, read, register, tariff

from billhook_utility.settings import Energy
from billhook_utility.tariffs import Block, Fixed, Levy, Price

# ── published ────────────────────────────────────────────────────────────────


def test_a_family_of_four_in_bournemouth_pays_55_17_for_a_quarter() -> None:
    # Bournemouth Water, "How is my metered bill calculated?", charges from 1 April 2020:
    # 45 m3 × £1.0685 = £48.08; £28.76 ÷ 365 × 90 days = £7.09; total £55.17.
    made = job(
        tariff("1.0685", standing=Fixed(amount=D("28.76"), per="year")), days="2020-4-1..2020-6-29"
    )
    invoice = bill(made, read("2020-3-31", 100), read("2020-6-29", 145))

    assert lines(invoice) == {"use": "48.08", "standing": "7.09"}
    assert str(invoice.totals.payable.value) == "55.17"


@pytest.mark.parametrize(("last", "end"), [("3-1", "1332"), ("2-27", "1287")])
def test_the_first_step_of_bc_hydro_grows_with_the_days(last, end) -> None:
    # BC Hydro, "Residential Rates": 22.1918 kWh a day, "a 60-day billing period would have a
    # Step 1 threshold of 1,332 kWh", one of 58 days 1,287 kWh; 7.52 cents, above it 11.27.
    steps = (Block(up_to=D("22.1918"), per_unit=D("0.0752")), Block(per_unit=D("0.1127")))
    made = job(
        tariff(unit="kWh", prices=(Price(blocks=steps),)),
        points=(point(register(unit="kWh"), service="electricity"),),
        days=f"1-1..{last}",
        currency="CAD",
    )
    invoice = bill(made, read("2025-12-31", 0), read(last, 2000))

    assert quantities(invoice) == {"use-1": end, "use-2": str(2000 - int(end))}
    assert_replays(invoice)


def test_hong_kong_gives_the_first_twelve_units_of_four_months_for_nothing() -> None:
    # Water Supplies Department, scale of charges: 12 units free, 31 at $4.16, 19 at $6.45, the
    # rest at $9.05.  For 70 units: 31 × 4.16 = 128.96; 19 × 6.45 = 122.55; 8 × 9.05 = 72.40.
    tiers = (
        Block(up_to=D(12), per_unit=D(0)),
        Block(up_to=D(43), per_unit=D("4.16")),
        Block(up_to=D(62), per_unit=D("6.45")),
        Block(per_unit=D("9.05")),
    )
    made = job(tariff(prices=(Price(blocks=tiers, days=0),)), days="1-1..4-30", currency="HKD")
    invoice = bill(made, read("2025-12-31", 500), read("4-30", 570))

    assert lines(invoice) == {
        "use-1": "0.00",
        "use-2": "128.96",
        "use-3": "122.55",
        "use-4": "72.40",
    }


def test_a_new_rate_after_15_of_45_days_takes_67_of_100_units() -> None:
    # Oracle Utilities, "Service Quantity Proration": 100 kWh from 1 April to 15 May, a new
    # version from 16 April: 33 kWh and 67 kWh.
    made = job(tariff(1, until=day("4-16")), tariff(2, since=day("4-16")), days="4-1..5-15")
    invoice = bill(made, read("3-31", 0), read("5-15", 100))

    assert quantities(invoice) == {"use-2026-04-01": "33", "use-2026-04-16": "67"}


def test_two_cubic_metres_of_gas_are_22_kilowatt_hours() -> None:
    # Shell Energy, "How do you calculate my gas usage": 2 × 1.02264 × 39.3 ÷ 3.6 = 22 kWh.
    energy = Energy(calorific=D("39.3"), correction=D("1.02264"), step=D(1))
    made = job(tariff("0.07", unit="kWh"), points=(point(service="gas"),), energy=energy)
    invoice = bill(made, read("2025-12-31", 8), read("3-31", 10))

    assert quantities(invoice) == {"use": "22"}
    assert_explains(
        invoice, "lines.sample-use", rules=("utility.gas.correction", "utility.gas.calorific")
    )


def test_a_german_household_with_2500_kilowatt_hours_pays_750_euros_a_year() -> None:
    # kostenlose-office-vorlagen.de, "Stromrechnung einfach erklärt": from 10,000 to 12,500 kWh,
    # Grundpreis 100 € a year, Arbeitspreis 0.26 €: 2,500 × 0.26 + 100 = 750 €.
    made = job(
        tariff("0.26", unit="kWh", standing=Fixed(amount=D(100), per="year")),
        points=(point(register(unit="kWh"), service="electricity"),),
        days="2025-1-1..2025-12-31",
        currency="EUR",
    )
    invoice = bill(made, read("2024-12-31", 10_000), read("2025-12-31", 12_500))

    assert str(invoice.totals.payable.value) == "750.00"


def test_a_meter_of_five_dials_that_goes_from_99986_to_11_used_25() -> None:
    # The reads of "What is Rollover Meter Exception?" (current.helpscoutdocs.com):
    # 100,000 − 99,986 + 11 = 25.
    invoice = bill(job(), read("2025-12-31", 99_986), read("3-31", 11))

    assert quantities(invoice) == {"use": "25"}
    assert_explains(
        invoice, "lines.sample-use", rules=("utility.advance.rolled", "utility.advance.range")
    )


def test_a_current_transformer_of_200_to_5_multiplies_by_40() -> None:
    # NYSEG, "Reading your meter": 9846 − 9201 = 645; a transformer of 200:5 stands for 40.
    made = job(
        tariff("0.10", unit="kWh"),
        points=(point(register(unit="kWh", dials=4, multiplier=D(40)), service="electricity"),),
    )
    invoice = bill(made, read("2025-12-31", 9201), read("3-31", 9846))

    assert quantities(invoice) == {"use": "25800"}


# ── our own sums ─────────────────────────────────────────────────────────────


def test_each_time_of_use_has_its_price_and_what_is_fed_in_is_credited() -> None:
    # The use is that of the sample bill in the Ontario Energy Board's "Understanding your
    # electricity bill"; prices and sum are ours: 135 × 0.117 = 15.795, 127 × 0.100 = 12.70,
    # 488 × 0.065 = 31.72, −50 × 0.08 = −4.00.
    bands = {"on-peak": 135, "mid-peak": 127, "off-peak": 488}
    prices = [
        Price(band=band, per_unit=D(each))
        for band, each in zip(bands, ("0.117", "0.100", "0.065"), strict=True)
    ]
    registers = [register(id=band, band=band, unit="kWh") for band in bands]
    registers.append(register(id="out", direction="export", unit="kWh"))
    made = job(
        tariff(unit="kWh", prices=(*prices, Price(direction="export", per_unit=D("0.08")))),
        points=(point(*registers, service="electricity"),),
        currency="CAD",
    )
    used = {**bands, "out": 50}
    reads = [read("2025-12-31", 1000, register=name) for name in used]
    reads += [read("3-31", 1000 + use, register=name) for name, use in used.items()]
    invoice = bill(made, *reads)

    assert lines(invoice) == {
        "use-on-peak": "15.80",
        "use-mid-peak": "12.70",
        "use-off-peak": "31.72",
        "out": "-4.00",
    }


def test_standing_charge_by_the_month_takes_parts_of_months_by_their_days() -> None:
    # 16 January to 31 March: 16/31 of a month and two whole ones, £6.20 each:
    # 16/31 × 6.20 = 3.20; 3.20 + 12.40 = 15.60.
    made = job(tariff(0, standing=Fixed(amount=D("6.20"), per="month")), days="1-16..3-31")
    invoice = bill(made, read("1-15", 0), read("3-31", 0))

    assert lines(invoice) == {"use": "0.00", "standing": "15.60"}
    assert quantities(invoice)["standing"] == "2.5161"


def test_the_minimum_is_filled_up_and_levies_come_on_top() -> None:
    # 10 × 2 = 20.00 and 5.00 standing are 25.00; the minimum of 40.00 asks for 15.00 more; the
    # levy of 10 × 0.05 = 0.50 stands beside it.
    made = job(
        tariff(
            standing=Fixed(amount=D(5), per="bill"),
            minimum=Fixed(amount=D(40), per="bill"),
            levies=(Levy(name="Abstraction levy", per_unit=D("0.05")),),
        )
    )
    invoice = bill(made, read("2025-12-31", 0), read("3-31", 10))

    assert lines(invoice) == {
        "use": "20.00",
        "standing": "5.00",
        "minimum": "15.00",
        "levy-1": "0.50",
    }


def test_whole_tiering_bills_all_at_the_price_of_the_block_reached() -> None:
    # Below 30 a unit costs 1.00, from 30 on 0.80: 29 cost 29.00, 30 cost 24.00.
    tiers = (Block(up_to=D(30), per_unit=D(1)), Block(per_unit=D("0.80")))
    made = job(tariff(prices=(Price(blocks=tiers, days=0, tiering="whole"),)))

    assert lines(bill(made, read("2025-12-31", 0), read("3-31", 29))) == {"use": "29.00"}
    assert lines(bill(made, read("2025-12-31", 0), read("3-31", 30))) == {"use": "24.00"}


def test_an_estimate_is_made_good_by_the_next_read() -> None:
    # Estimated 100 → 130, billed 30; then read 125 after three more months: 125 − 130 = −5.
    # Over both bills 25 units are billed, which is what the meter moved by.
    first = draft(job(), read("2025-12-31", 100), read("3-31", 130, kind="estimated"))
    second = bill(job(days="4-1..6-30"), read("6-30", 125), after=[first])

    assert quantities(first.invoice) == {"use": "30"}
    assert lines(second) == {"use": "-10.00"}
    assert_explains(second, "lines.sample-use", rules=("utility.advance.since-estimate",))
