from __future__ import annotations

import datetime as dt
from decimal import Decimal

import attrs
import pytest

from billhook import Document, History, Period
from billhook_freight.settings import FreightSettings
from freight.samples import (
    DAY,
    amounts,
    codes,
    draft,
    engine,
    items,
    job,
    key500,
    one,
    plain,
    shipment,
    tariff,
)

FLAT = {"70": [(0, "10.00")], "100": [(0, "20.00")]}


def reasons(worked):
    return {skip.key.rpartition(":")[2]: str(skip.reason) for skip in worked.skipped}


def test_shipments_that_are_not_billed_have_a_reason():
    week = Period(dt.date(2026, 6, 1), dt.date(2026, 6, 7))
    worked = draft(
        plain(),
        one("70", "600", "1"),
        one("70", "600", "2", account="OTHER"),
        one("70", "600", "3", delivered=None),
        one("70", "600", "4", delivered=dt.date(2026, 6, 8)),
        period=week,
    )

    assert [line.id for line in worked.invoice.lines] == ["1-linehaul"]
    assert reasons(worked) == {
        "2": "belongs to account OTHER",
        "3": "not delivered yet",
        "4": "2026-06-08 lies outside the period",
    }


def test_a_job_may_bill_by_the_day_of_pickup_and_what_is_on_its_way():
    week = Period(dt.date(2026, 6, 1), dt.date(2026, 6, 7))
    settings = FreightSettings(billed_by="pickup", undelivered=True)
    worked = draft(
        plain(),
        one("70", "600", "3", delivered=None),
        one("70", "600", "4", delivered=dt.date(2026, 6, 8)),
        settings=settings,
        period=week,
    )

    assert list(amounts(worked)) == ["3-linehaul", "4-linehaul"]


def test_items_of_a_shipment_that_is_left_are_left_with_it():
    worked = draft(
        plain(),
        one("70", "600", "1"),
        shipment("2", account="OTHER"),
        *items(("70", "100"), ("100", "50"), number="2"),
    )

    assert reasons(worked) == dict.fromkeys(("2", "2-1", "2-2"), "belongs to account OTHER")


def test_each_customer_gets_its_own_discount_from_one_tariff():
    both = (one("70", "600", "1"), one("70", "600", "2", account="OTHER"))
    rated_by = plain(discounts=key500().discounts)
    bills = {
        account: draft(rated_by, *both, settings=FreightSettings(account=account))
        for account in ("ACME", "OTHER")
    }

    # 6 cwt × 98.00 = 588.00; ACME has 25 %.
    assert bills["ACME"].invoice.totals.payable.value == Decimal("441.00")
    assert bills["OTHER"].invoice.totals.payable.value == Decimal("588.00")


@pytest.mark.parametrize("again", ["4711", "04711", "47-11"])
def test_a_shipment_that_stands_twice_is_a_finding(again):
    worked = draft(plain(), one("70", "600", "4711"), one("70", "700", again))

    assert "FRT107" in codes(worked)
    assert worked.worked_out is None


def test_an_item_without_its_shipment_is_a_finding():
    worked = draft(plain(), one("70", "600", "1"), *items(("70", "100"), number="9"))

    assert codes(worked) == ["FRT106"]
    assert worked.findings[0].message == "there is no shipment '9' for this item"


@pytest.mark.parametrize(
    "records",
    [
        (shipment(),),
        (shipment(freight_class="70"),),
        (shipment(weight=Decimal(5)),),
        (one("70", "600"), *items(("70", "100"))),
    ],
)
def test_class_and_weight_stand_with_the_shipment_or_its_items(records):
    assert codes(draft(plain(), *records)) == ["FRT105"]


def test_a_class_without_rates_names_the_nearest():
    worked = draft(plain(), shipment(), *items(("77", "600"), ("100", "50"), ("501", "1")))

    assert codes(worked) == ["FRT104", "FRT104"]
    assert worked.findings[0].message == (
        "shipment 4711: KEY-500 2026-A has no rate for class '77' in rate base 'BOS-CHI'"
    )
    assert worked.findings[0].hint == "did you mean '77.5'?"


@pytest.mark.parametrize(
    ("weights", "worked_out"), [(["19999.5"], True), (["20000"], False), (["11000", "9000"], False)]
)
def test_a_shipment_beyond_the_last_printed_break_is_a_finding(weights, worked_out):
    ended = [
        attrs.evolve(row, break_to=Decimal(19999)) if row.break_from == 10000 else row
        for row in plain().rates
    ]
    goods = items(*(("70", weight) for weight in weights))
    worked = draft(plain(rates=tuple(ended)), shipment(), *goods)

    assert worked.ok is worked_out
    if not worked_out:
        assert {(each.code, each.hint) for each in worked.errors} == {
            ("FRT114", "leave break_to empty in rates.csv:7 if its rate has no upper end")
        }
        assert "no rate for 20000 lb of class '70': its rates end below 20000" in str(
            worked.errors[0]
        )


def test_a_shipment_delivered_before_its_pickup_is_a_finding():
    worked = draft(key500(), one("70", "300", delivered=DAY - dt.timedelta(days=1)))

    assert codes(worked) == ["FRT115"]
    assert "delivered on 2026-06-01, before its pickup on 2026-06-02" in str(worked.errors[0])


def test_services_are_looked_at_even_where_the_freight_has_no_rate():
    worked = draft(key500(), one("71", "300", accessorials=("LFTT", "DET", "LFT", "LFT")))

    assert sorted(codes(worked)) == ["FRT104", "FRT108", "FRT109", "FRT109"]


def test_every_shipment_is_looked_at_before_the_bill_is_refused():
    strange = one("70", "600", "2", accessorials=("XYZ",))
    worked = draft(plain(), one("71", "600", "1"), strange, one("72", "1", "3"))

    assert codes(worked) == ["FRT104", "FRT108", "FRT104"]


# ── versions ─────────────────────────────────────────────────────────────────


def version(name, since, until, rate, **cover):
    made = tariff({"70": [(0, rate)]}, version=name, since=since, until=until, **cover)
    return attrs.evolve(made, key=f"freight.tariff:T/{name}")


JUNE, JULY = dt.date(2026, 6, 1), dt.date(2026, 7, 1)


@pytest.mark.parametrize(
    ("pickup", "rating_date", "amount"),
    [
        (dt.date(2026, 6, 30), "pickup", "10.00"),
        (dt.date(2026, 7, 1), "pickup", "20.00"),
        (dt.date(2026, 6, 30), "delivery", "20.00"),  # delivered on the 2nd of July
    ],
)
def test_the_version_in_force_on_the_rating_date_holds(pickup, rating_date, amount):
    worked = draft(
        version("1", JUNE, JULY, "10.00", rating_date=rating_date),
        version("2", JULY, None, "20.00", rating_date=rating_date),
        one("70", "100", pickup=pickup, delivered=pickup + dt.timedelta(days=2)),
    )

    assert amounts(worked) == {"4711-linehaul": Decimal(amount)}


def test_before_the_first_version_the_bill_is_refused():
    worked = draft(version("2", JULY, None, "20.00"), one("70", "100"))

    assert codes(worked) == ["FRT101"]
    assert worked.findings[0].message == "shipment 4711: no tariff is in force on 2026-06-02"
    assert worked.findings[0].hint == "there is T 2 from 2026-07-01 until open"


def test_two_versions_in_force_are_refused():
    worked = draft(
        version("1", JUNE, None, "10.00"), version("2", JUNE, None, "20.00"), one("70", "100")
    )

    assert codes(worked) == ["FRT102"]


def test_the_job_names_one_of_several_tariffs():
    other = attrs.evolve(tariff({"70": [(0, "30.00")]}, id="U"), key="freight.tariff:U/1")
    both = (tariff(FLAT), other)
    settings = FreightSettings(tariff="U")

    assert amounts(draft(*both, one("70", "100"), settings=settings)) == {
        "4711-linehaul": Decimal("30.00")
    }
    assert codes(draft(*both, one("70", "100"), settings=FreightSettings(tariff="V"))) == ["FRT101"]


def test_a_tariff_in_another_currency_is_refused():
    assert codes(draft(tariff(FLAT, currency="CAD"), one("70", "100"))) == ["FRT113"]


def test_a_tariff_made_by_a_program_is_examined_too():
    assert codes(draft(tariff({"70": [(5, "10.00")]}), one("70", "100"))) == ["FRT201"]


# ── once ─────────────────────────────────────────────────────────────────────


def test_a_billed_shipment_is_not_billed_again():
    records = (tariff(FLAT), shipment(), *items(("70", "100"), ("100", "50")))
    first = draft(*records)
    again = engine().draft(job(), records, History((Document(invoice=first.invoice),)))

    assert again.worked_out is None
    assert reasons(again) == dict.fromkeys(("4711", "4711-1", "4711-2"), "billed before")
