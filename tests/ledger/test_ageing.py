from __future__ import annotations

from decimal import Decimal

import pytest

from billhook.kernel.errors import RefusedError
from billhook.kernel.figure import given
from billhook.ledger.ageing import Buckets, ageing, convert
from billhook.ledger.allocation import Settlement, receive
from billhook.ledger.disputes import Contested, open_dispute, resolve_dispute
from billhook.ledger.receipts import Incoming
from billhook.model.adjustment import Adjustment, AdjustmentKind, Percentage, Stage
from billhook.model.exchange import ExchangeRate
from billhook.model.terms import Agreement
from issue.desk import Extras
from ledger.office import Office, june


@pytest.fixture
def office(store) -> Office:
    return Office(store)


def columns(office: Office, day: int, **how: object) -> dict[str, int]:
    """The only total, by column, without what is nothing; in cents."""
    found = ageing(office.ledger, june(day), **how)
    [total] = found.totals
    named = dict(zip(found.buckets.names, total.amounts, strict=True))
    named |= {"disputed": total.disputed, "unallocated": total.unallocated}
    return {name: units for name, units in named.items() if units}


@pytest.mark.parametrize(
    ("day", "column"),
    [(30, "current"), (31, "current"), (32, "1-30"), (61, "1-30"), (62, "31-60"), (122, "over 90")],
)
def test_days_count_from_the_day_after_the_due_date(office, day: int, column: str) -> None:
    """Dated 1 June and due in 30 days: on 1 July it is not late, on 2 July one day."""
    office.bill("100.00")

    assert columns(office, day) == {column: 10000}


def test_the_basis_may_be_the_invoice_date(office) -> None:
    office.bill("100.00")

    assert columns(office, 32, basis="invoice") == {"31-60": 10000}


def test_buckets_are_data(office) -> None:
    office.bill("100.00", terms=Agreement(net_days=0))

    assert columns(office, 11, buckets=Buckets((7, 14))) == {"8-14": 10000}
    with pytest.raises(ValueError, match="ascending"):
        Buckets((30, 0))


def test_only_the_disputed_part_stands_apart(office) -> None:
    bill = office.bill("100.00")
    id_ = open_dispute(
        office.store,
        Contested(item=bill, amount=Decimal("40.00")),
        office.act("too many hours"),
        day=june(10),
    )

    assert columns(office, 40) == {"1-30": 6000, "disputed": 4000}
    resolve_dispute(office.store, id_, "rejected", office.act("no"), day=june(41))
    assert columns(office, 41) == {"1-30": 10000}
    assert columns(office, 40) == {"1-30": 6000, "disputed": 4000}


def test_money_on_account_stands_against_what_is_owed(office) -> None:
    office.bill("100.00")
    office.receive("30.00")

    assert columns(office, 40) == {"1-30": 10000, "unallocated": -3000}
    assert office.total(40) == "70.00"


def test_what_is_withheld_is_owed_by_the_bill_that_releases_it(office) -> None:
    def retainage(percent: str) -> Extras:
        rate = Percentage(given(Decimal(percent), "%", "test.retainage"))
        kept = Adjustment(
            id="retainage",
            label="Retainage",
            stage=Stage.AFTER_TAX,
            kind=AdjustmentKind.WITHHELD,
            amount=rate,
        )
        return Extras(adjustments=(kept,))

    office.bill("1000.00", extras=retainage("10"))
    [row] = ageing(office.ledger, june(5)).totals

    # 1,000.00 less 10 %: 900.00 are owed, 100.00 later
    assert (row.total, row.withheld) == (90000, 10000)


def test_currencies_are_converted_at_the_newest_rate_of_the_day(office) -> None:
    office.bill("100.00")
    office.bill("50.00", day=2, currency="EUR")
    rates = [
        ExchangeRate(currency="USD", into="EUR", rate=Decimal(rate), source="bank", since=june(day))
        for rate, day in (("0.90", 1), ("0.92", 20), ("0.95", 30))
    ]
    [total] = convert(ageing(office.ledger, june(25)), "EUR", rates).totals

    # 100.00 USD at 0.92, and 50.00 EUR
    assert (total.currency, total.total) == ("EUR", 14200)
    with pytest.raises(RefusedError):
        convert(ageing(office.ledger, june(25)), "CHF", rates)


def test_money_and_its_settlements_are_recorded_together(office) -> None:
    old, new = office.bill("100.00"), office.bill("100.00", day=2)
    money = Incoming(
        customer="acme", amount=Decimal("150.00"), currency="USD", day=june(5), key="bank-1"
    )
    for _ in range(2):
        receive(office.store, money, office.act(), policy="oldest")

    # 150.00: 100.00 of the old, 50.00 of the new, once
    assert office.open() == {new: "50.00"}
    wrong = [Settlement(item=old)]
    with pytest.raises(RefusedError):
        receive(
            office.store,
            Incoming(customer="acme", amount=Decimal(1), currency="USD", day=june(5)),
            office.act(),
            wrong,
        )
    assert office.total() == "50.00"
