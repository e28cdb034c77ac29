from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import pytest

from billhook.credit.note import Correction
from billhook.credit.service import credit
from billhook.kernel.errors import RefusedError
from billhook.ledger.clients import client_card
from billhook.ledger.disputes import Promised, promise_statuses, record_promise
from billhook.ledger.funds import (
    BankLine,
    Fund,
    deposit,
    draw_down,
    fund_balances,
    reconcile,
    refund_deposit,
    replenishment,
)
from billhook.ledger.postings import accrual_postings, cash_postings
from billhook.ledger.statement import statements
from billhook.ledger.write_offs import reverse, write_off
from ledger.office import ENGINE, TWO_PERCENT, Office, june

TRUST = Fund(kind="trust", customer="acme", subject="acme", currency="USD")


@pytest.fixture
def office(store) -> Office:
    return Office(store)


def put(office: Office, amount: str, day: int, **more: object) -> str:
    return deposit(office.store, TRUST, Decimal(amount), office.act(), day=june(day), **more)


def codes(caught: pytest.ExceptionInfo[RefusedError]) -> list[str]:
    return [each.code for each in caught.value.findings]


def test_a_fund_settles_an_issued_bill_and_never_falls_below_zero(office) -> None:
    bill = office.bill("300.00", day=3)
    put(office, "200.00", 5)
    with pytest.raises(RefusedError) as caught:
        draw_down(office.store, TRUST, bill, office.act(), day=june(6), amount=Decimal("200.01"))
    assert codes(caught) == ["BH715"]

    draw_down(office.store, TRUST, bill, office.act(), day=june(6))
    # 300.00 − 200.00
    assert office.open() == {bill: "100.00"}
    assert fund_balances(office.ledger, june(6)) == {TRUST: 0}
    with pytest.raises(RefusedError) as caught:
        refund_deposit(office.store, TRUST, Decimal("1.00"), office.act(), day=june(5))
    assert codes(caught) == ["BH715"]


def test_money_that_has_not_cleared_is_not_there_yet(office) -> None:
    bill = office.bill("300.00", day=3)
    put(office, "300.00", 5, cleared=june(9))
    with pytest.raises(RefusedError) as caught:
        draw_down(office.store, TRUST, bill, office.act(), day=june(8))
    assert codes(caught) == ["BH715"]

    draw_down(office.store, TRUST, bill, office.act(), day=june(9))
    assert office.open() == {}


def test_the_money_of_another_matter_does_not_help(office) -> None:
    bill = office.bill("300.00", day=3, subject="other")
    put(office, "300.00", 5)
    with pytest.raises(RefusedError) as caught:
        draw_down(office.store, TRUST, bill, office.act(), day=june(8))
    assert codes(caught) == ["BH710"]


def test_bank_book_and_ledgers_are_compared_and_what_differs_is_named(office) -> None:
    put(office, "100.00", 5, reference="a")
    on_its_way = put(office, "40.00", 29)
    lines = [
        BankLine(day=june(5), amount=Decimal("100.00"), reference="a"),
        BankLine(day=june(20), amount=Decimal("-7.00"), reference="charges"),
    ]
    found = reconcile(office.ledger, june(30), Decimal("93.00"), "USD", lines=lines)

    # 93.00 + 40.00 in transit = 133.00; the book has 140.00; the bank took 7.00
    assert [each.id for each in found.in_transit] == [on_its_way]
    assert (found.adjusted, found.book, found.difference) == (13300, 14000, -700)
    assert [line.reference for line in found.unexplained] == ["charges"]
    assert not found.agrees


@pytest.mark.parametrize(
    ("balance", "target", "asked"),
    [("500", None, "0"), ("120", None, "380"), ("120", "900", "780")],
)
def test_an_evergreen_fund_is_filled_to_its_minimum_or_target(balance, target, asked) -> None:
    full = None if target is None else Decimal(target)

    assert replenishment(Decimal(balance), Decimal(500), full) == Decimal(asked)


def test_a_promise_is_kept_by_money_in_time(office) -> None:
    kept, broken = office.bill("100.00"), office.bill("50.00")
    for bill in (kept, broken):
        promised = Promised(item=bill, until=june(20))
        record_promise(office.store, promised, office.act(), day=june(10))
    office.settle(office.receive("100.00", 15), kept)

    states = {p.item: p.state for p in promise_statuses(office.ledger, june(21))}
    assert states == {kept: "kept", broken: "broken"}
    card = client_card(office.ledger, "acme", june(21))
    assert (card.balances, [p.item for p in card.promises]) == ((("USD", 5000),), [broken])


def test_a_statement_shows_a_discount_and_no_allocation(office) -> None:
    bill = office.bill("100.00", day=2, terms=TWO_PERCENT)
    office.settle(office.receive("98.00", 5), bill, discount=True)
    [found] = statements(office.ledger, "acme", june(1), june(30))

    # 0 + 100.00 − 98.00 − 2.00 = 0
    assert [(line.kind, line.units, line.balance) for line in found.lines] == [
        ("bill", 10000, 10000),
        ("receipt", -9800, 200),
        ("discount", -200, 0),
    ]


def books(office: Office, make) -> dict[str, int]:
    """Sums by account, every entry having been found balanced."""
    sums: dict[str, int] = defaultdict(int)
    entries: dict[tuple[object, ...], int] = defaultdict(int)
    ledger = office.ledger
    with office.store.read() as reading:
        for each in make(reading, ledger):
            sums[each.account] += each.units
            entries[each.day, each.position, each.kind, each.currency] += each.units
    assert set(entries.values()) <= {0}
    return {account: units for account, units in sums.items() if units}


def test_the_books_balance_for_every_entry(office) -> None:
    bill = office.bill("100.00 standard", terms=TWO_PERCENT)
    office.settle(office.receive("117.60", 5, fee=Decimal("0.60")), bill, discount=True)
    lost = office.bill("50.00 standard", day=2)
    write_off(office.store, lost, office.act(), day=june(20))
    other = office.bill("10.00", day=3)
    credit(
        ENGINE,
        office.store,
        other,
        Correction(amount=Decimal("4.00"), release=False, date=june(4)),
        office.act(),
    )

    # 120.00 + 60.00 + 6.00 billed; 117.60 came, 0.60 kept by the bank; discount 2.40 = 2.00 + 0.40
    # tax; 60.00 lost = 50.00 + 10.00 tax; 6.00 left
    assert books(office, accrual_postings) == {
        "receivable": 600,
        "revenue": -15600,
        "tax": -3000 + 40 + 1000,
        "bank": 11700,
        "bank fees": 60,
        "discounts": 200,
        "write-offs": 5000,
    }
    # of 120.00 with 20.00 tax, 117.60 were paid: 98.00 and 19.60
    assert books(office, cash_postings) == {
        "bank": 11700,
        "bank fees": 60,
        "revenue": -9800,
        "tax": -1960,
    }


def test_what_bounced_is_posted_back(office) -> None:
    bill = office.bill("100.00 standard")
    receipt = office.receive("60.00")
    office.settle(receipt, bill)
    reverse(office.store, receipt, office.act(), day=june(9))

    assert books(office, cash_postings) == {}
    assert books(office, accrual_postings) == {
        "receivable": 12000,
        "revenue": -10000,
        "tax": -2000,
    }
