from __future__ import annotations

import datetime as dt
from decimal import Decimal

import attrs
import pytest

from billhook.explain.rule_text import RuleFormatter
from billhook.explain.rules import catalogue
from billhook.kernel.figure import graph
from billhook.testing import assert_explains, assert_replays
from billhook_freight.settings import FreightSettings
from freight.samples import amounts, codes, draft, key500, one, plain


def only(worked, *parts):
    """The lines of a shipment 4711 by part, fuel left out unless asked for."""
    found = {name.removeprefix("4711-"): amount for name, amount in amounts(worked).items()}
    return {part: found.get(part) for part in parts}


def without_fuel():
    return attrs.evolve(key500(), fuel_bands=(), fuel_prices=())


# ── minimum, discount, floor ─────────────────────────────────────────────────


def test_a_charge_below_the_minimum_is_lifted_then_discounted_then_lifted_to_the_floor():
    # 100 lb × 110.00 = 110.00; minimum 145.00: + 35.00; 20 % of 145.00 = 29.00;
    # 116.00 is below the absolute minimum of 128.00: + 12.00.
    worked = draft(without_fuel(), one("70", "100"))

    assert amounts(worked) == {
        "4711-linehaul": Decimal("110.00"),
        "4711-minimum": Decimal("35.00"),
        "4711-discount": Decimal("-29.00"),
        "4711-floor": Decimal("12.00"),
    }
    assert worked.invoice.totals.payable.value == Decimal("128.00")


def test_a_charge_at_the_minimum_is_not_lifted():
    # 131.8182 lb would be 145.00; 132 lb × 110.00 = 145.20.
    worked = draft(without_fuel(), one("70", "132"))

    assert only(worked, "linehaul", "minimum") == {"linehaul": Decimal("145.20"), "minimum": None}


def test_a_contract_may_leave_the_minimum_undiscounted():
    cover = attrs.evolve(key500().cover, discount_on_minimum=False)
    worked = draft(attrs.evolve(without_fuel(), cover=cover), one("70", "100"))

    assert amounts(worked) == {
        "4711-linehaul": Decimal("110.00"),
        "4711-minimum": Decimal("35.00"),
    }


@pytest.mark.parametrize(
    ("weight", "absolute", "lines"),
    [
        # 110.00 lifted to the minimum of 145.00, less 20 %, lifted to 145.00 again.
        ("100", None, {"linehaul": "110.00", "minimum": "35.00", "discount": "-29.00",
                       "floor": "29.00"}),
        # 160 lb × 110.00 = 176.00, less 20 % (35.20) is 140.80: 4.20 are missing to 145.00.
        ("160", None, {"linehaul": "176.00", "discount": "-35.20", "floor": "4.20"}),
        ("160", "150", {"linehaul": "176.00", "discount": "-35.20", "floor": "9.20"}),
        ("160", "100", {"linehaul": "176.00", "discount": "-35.20", "floor": "4.20"}),
        ("200", None, {"linehaul": "220.00", "discount": "-44.00"}),
    ],
)  # fmt: skip
def test_a_tariff_may_keep_its_minimum_after_discount(weight, absolute, lines):
    # FXF 100, item 610: charges are not reduced below the minimum after discount or the absolute
    # minimum, whichever is higher.
    cover = attrs.evolve(
        key500().cover,
        discount_below_minimum=False,
        absolute_minimum=None if absolute is None else Decimal(absolute),
    )
    worked = draft(attrs.evolve(without_fuel(), cover=cover), one("70", weight))

    assert amounts(worked) == {f"4711-{part}": Decimal(each) for part, each in lines.items()}
    assert_replays(worked.invoice)
    (lift,) = [line for line in worked.invoice.lines if line.part == "floor"] or [None]
    if lift is not None:
        named = "absolute minimum" if absolute == "150" else "the minimum charge"
        assert named in str(lift.description)


@pytest.mark.parametrize(
    ("account", "weight", "percent"),
    [("ACME", "300", "20"), ("ACME", "600", "25"), ("ACME", "499.5", "20"), ("OTHER", "600", None)],
)
def test_the_discount_goes_by_account_and_by_the_shipments_actual_weight(account, weight, percent):
    worked = draft(without_fuel(), one("70", weight, account=account), settings=FreightSettings())
    lines = {line.part: line for line in worked.invoice.lines}

    assert ("discount" in lines) is (percent is not None)
    if percent is not None:
        assert lines["discount"].detail.rate == Decimal(percent)


def test_the_discount_of_a_rate_base_comes_before_the_accounts_general_one():
    far = one("70", "600", destination_postcode="98101", destination_region="WA")
    worked = draft(without_fuel(), far)

    assert only(worked, "linehaul", "discount") == {
        "linehaul": Decimal("840.00"),  # 6 × 140.00
        "discount": Decimal("-42.00"),  # 5 %
    }


# ── fuel ─────────────────────────────────────────────────────────────────────


def test_fuel_is_taken_of_the_net_charge_by_the_price_in_force():
    # 3,000 lb × 75.00 = 2,250.00; less 25 % = 1,687.50; 3.899 lies in [3.85, 3.90): 28.0 %.
    worked = draft(key500(), one("70", "3000"))

    assert only(worked, "linehaul", "discount", "fuel") == {
        "linehaul": Decimal("2250.00"),
        "discount": Decimal("-562.50"),
        "fuel": Decimal("472.50"),
    }


@pytest.mark.parametrize(
    ("price", "percent"),
    [
        ("3.80", "27.5"),
        ("3.849", "27.5"),
        ("3.85", "28.0"),
        ("3.899", "28.0"),
        ("3.8999", "28.0"),
        ("3.90", "28.5"),
        ("4.049", "29.5"),
    ],
)
def test_a_price_between_two_printed_bands_lies_in_the_lower_one(price, percent):
    prices = tuple(attrs.evolve(row, price=Decimal(price)) for row in key500().fuel_prices[:1])
    worked = draft(attrs.evolve(key500(), fuel_prices=prices), one("70", "3000"))
    (fuel,) = [line for line in worked.invoice.lines if line.part == "fuel"]

    assert fuel.detail.rate == Decimal(percent)


@pytest.mark.parametrize("price", ["3.799", "4.05"])
def test_a_price_outside_the_table_is_refused(price):
    prices = tuple(attrs.evolve(row, price=Decimal(price)) for row in key500().fuel_prices[:1])
    worked = draft(attrs.evolve(key500(), fuel_prices=prices), one("70", "3000"))

    assert codes(worked) == ["FRT112"]


@pytest.mark.parametrize(
    ("pickup", "effective"),
    [(7, dt.date(2026, 6, 1)), (8, dt.date(2026, 6, 8)), (14, dt.date(2026, 6, 8))],
)
def test_a_price_holds_from_its_day_until_the_next_one(pickup, effective):
    day = dt.date(2026, 6, pickup)
    worked = draft(key500(), one("70", "3000", pickup=day, delivered=day))
    (fuel,) = [line for line in worked.invoice.lines if line.part == "fuel"]

    assert fuel.detail.fuel.effective == effective
    assert worked.findings == ()


def test_a_missing_week_takes_the_week_before_with_a_warning():
    day = dt.date(2026, 6, 15)
    worked = draft(key500(), one("70", "3000", pickup=day, delivered=day))

    assert codes(worked) == ["FRT111"]
    assert worked.findings[0].message == (
        "shipment 4711: no fuel price for 2026-06-15; the one of 2026-06-08, 3.900, was used"
    )
    # 28.5 % of 1,687.50 = 480.9375
    assert only(worked, "fuel") == {"fuel": Decimal("480.94")}


@pytest.mark.parametrize(
    ("high", "sentence"),
    [
        (Decimal("8.999"), "the fuel price lies from 0.000 to below 9.000"),
        (None, "the fuel price lies at 0.000 or above"),
    ],
)
def test_the_last_band_says_where_it_begins_and_that_it_is_open(high, sentence):
    band = attrs.evolve(key500().fuel_bands[0], low=Decimal("0.000"), high=high)
    worked = draft(attrs.evolve(key500(), fuel_bands=(band,)), one("70", "3000"))
    teller = RuleFormatter(catalogue("billhook_freight"))
    told = {teller.tell(node).sentence for node in graph(worked.invoice.totals.payable)}

    assert [each for each in told if each.startswith("the fuel price lies")] == [sentence]


def test_the_price_of_fuel_says_for_which_day_it_was_taken():
    worked = draft(key500(), one("70", "3000"))
    (price,) = {n for n in graph(worked.invoice.totals.payable) if n.rule == "freight.fuel.price"}
    sentence = RuleFormatter(catalogue("billhook_freight")).tell(price).sentence

    assert "for the day of pickup, 2026-06-02; tariff KEY-500" in sentence


def test_before_the_first_price_the_bill_is_refused_and_never_without_fuel():
    day = dt.date(2026, 5, 29)
    worked = draft(key500(), one("70", "3000", pickup=day, delivered=day))

    assert codes(worked) == ["FRT110"]
    assert worked.worked_out is None


def test_where_fuel_goes_by_delivery_the_day_has_to_be_known():
    fuel = attrs.evolve(key500().cover.fuel, day="delivery")
    tariff = attrs.evolve(key500(), cover=attrs.evolve(key500().cover, fuel=fuel))
    settings = FreightSettings(undelivered=True)
    worked = draft(tariff, one("70", "3000", delivered=None), settings=settings)

    assert codes(worked) == ["FRT110"]
    assert "which is not known" in str(worked.errors[0])


def test_fuel_may_be_taken_of_the_gross_charge():
    fuel = attrs.evolve(key500().cover.fuel, basis="gross")
    tariff = attrs.evolve(key500(), cover=attrs.evolve(key500().cover, fuel=fuel))
    worked = draft(tariff, one("70", "3000"))

    assert only(worked, "fuel") == {"fuel": Decimal("630.00")}  # 28 % of 2,250.00


def test_fuel_bearing_services_are_part_of_the_base():
    # Hazardous goods: 30 cwt × 4.50 = 135.00; 28 % of (1,687.50 + 135.00) = 510.30.
    worked = draft(key500(), one("70", "3000", accessorials=("HAZ", "LFT")))

    assert only(worked, "acc-HAZ", "acc-LFT", "fuel") == {
        "acc-HAZ": Decimal("135.00"),
        "acc-LFT": Decimal("95.00"),
        "fuel": Decimal("510.30"),
    }


def test_the_fuel_line_leads_to_price_and_band():
    worked = draft(key500(), one("70", "3000"))
    figure = assert_explains(
        worked.invoice,
        "lines.4711-fuel",
        rules=("freight.fuel.price", "freight.fuel.row", "freight.fuel.base"),
    )
    (rate,) = [node for node in figure.inputs[0].inputs if node.rule == "freight.fuel.rate"]

    assert (rate.param("low"), rate.param("high")) == ("3.85", "3.90")
    assert [str(each.origin) for each in rate.inputs] == [
        "key500/prices.csv:2",
        "key500/fsc.csv:3",
    ]


# ── accessorials ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("asked", "amount"),
    [
        ("LFT", "95.00"),
        ("LFT:2", "190.00"),
        ("DET:2", "0.00"),  # nothing beyond the free two hours; a minimum is one of a charge
        ("DET:1", "0.00"),
        ("DET:0", "0.00"),
        ("LFT:0", "0.00"),
        ("DET:2.1", "40.00"),  # a started quarter is 20.00: the minimum
        ("DET:3.05", "100.00"),  # 1.05 h → 1.25 h × 80.00
        ("DET:12", "400.00"),  # 10 h × 80.00 = 800.00: the maximum
        ("HAZ", "67.50"),  # 1,500 lb × 4.50
        ("HAZ:1000", "60.00"),  # 45.00: the minimum
        ("OFF", "63.00"),  # (80 − 50) mi × 2.10
        ("STG:3.5", "135.00"),  # 2.5 days → 3 × 45.00
        ("LAB", "24.00"),  # 4 pieces
        ("INS", "19.13"),  # 1.5 % of 1,275.00 = 19.125
    ],
)
def test_a_service_is_charged_by_its_basis(asked, amount):
    goods = one("70", "1500", accessorials=(asked,), distance=Decimal(80), pieces=4)
    worked = draft(plain(), goods)
    code = asked.partition(":")[0]

    assert only(worked, "linehaul", f"acc-{code}") == {
        "linehaul": Decimal("1275.00"),  # 15 × 85.00
        f"acc-{code}": Decimal(amount),
    }
    assert_replays(worked.invoice)


def test_a_service_for_every_shipment_needs_not_be_asked_for():
    always = tuple(attrs.evolve(row, always=row.code == "LFT") for row in key500().accessorials)
    worked = draft(plain(accessorials=always), one("70", "1500"))

    assert only(worked, "acc-LFT") == {"acc-LFT": Decimal("95.00")}


def test_a_service_may_have_a_tax_class_of_its_own():
    settings = FreightSettings(account="ACME", tax_classes={"INS": "insurance"})
    worked = draft(plain(), one("70", "1500", accessorials=("INS",)), settings=settings)

    assert codes(worked) == ["BH401"]
    assert "'insurance'" in worked.findings[0].message


@pytest.mark.parametrize(
    ("asked", "code", "message"),
    [
        (("LFTT",), "FRT108", "shipment 4711: KEY-500 2026-A has no accessorial 'LFTT'"),
        (
            ("DET",),
            "FRT109",
            "shipment 4711: 'DET' is charged by the hour, which the shipment does not give",
        ),
        (("DET:x",), "FRT109", "shipment 4711: quantity of 'DET': "),
        (("DET:-1",), "FRT109", "shipment 4711: quantity of 'DET': -1 is negative"),
        (("LFT", "LFT"), "FRT109", "shipment 4711: 'LFT' is listed 2 times"),
        (("OFF",), "FRT109", "shipment 4711: 'OFF' is charged by the distance"),
    ],
)
def test_a_service_that_cannot_be_rated_is_a_finding(asked, code, message):
    worked = draft(plain(), one("70", "1500", accessorials=asked))

    assert codes(worked) == [code]
    assert worked.findings[0].message.startswith(message)
    assert worked.findings[0].origin is not None
