from __future__ import annotations

from decimal import Decimal

import pytest

from billhook.credit.note import Correction
from billhook.credit.service import credit, void
from billhook.kernel.errors import RefusedError
from billhook.ledger.allocation import Settlement, allocate, by_policy, distribute, unallocate
from billhook.ledger.open_items import open_items
from billhook.ledger.receipts import refund
from billhook.ledger.write_offs import FeeCharge, charge_fee, reverse, write_off
from billhook.model.terms import Agreement, Portioning
from ledger.office import ENGINE, TWO_PERCENT, Office, june


@pytest.fixture
def office(store) -> Office:
    return Office(store)


def codes(caught: pytest.ExceptionInfo[RefusedError]) -> list[str]:
    return [each.code for each in caught.value.findings]


def test_a_bill_is_paid_in_parts(office) -> None:
    bill = office.bill("100.00")
    first, second = office.receive("60.00", 5), office.receive("40.00", 9)
    office.settle(first, bill)
    office.settle(second, bill)

    # 100.00, less 60.00 on the 5th, less 40.00 on the 9th
    assert [office.open(day).get(bill, "0") for day in (1, 4, 5, 8, 9)] == [
        "100.00",
        "100.00",
        "40.00",
        "40.00",
        "0",
    ]
    assert office.receipt(first) == {"amount": "60.00", "allocated": "60.00"}


def test_one_receipt_pays_many_bills_and_the_rest_stays_on_account(office) -> None:
    one, other = office.bill("30.00"), office.bill("50.00")
    receipt = office.receive("100.00")
    allocate(office.store, receipt, [Settlement(item=one), Settlement(item=other)], office.act())

    assert office.open() == {}
    # 100.00 − 30.00 − 50.00 = 20.00, which the client is owed
    assert office.receipt(receipt) == {
        "amount": "100.00",
        "allocated": "80.00",
        "on_account": "20.00",
    }
    assert office.total() == "-20.00"


def test_many_settlements_are_all_recorded_or_none(office) -> None:
    one, other = office.bill("30.00"), office.bill("50.00")
    receipt = office.receive("100.00")
    wanted = [Settlement(item=one), Settlement(item=other, amount=Decimal("51.00"))]
    with pytest.raises(RefusedError) as caught:
        allocate(office.store, receipt, wanted, office.act())

    assert codes(caught) == ["BH704"]
    assert office.open() == {one: "30.00", other: "50.00"}


def test_no_more_is_allocated_than_is_on_account_on_any_day(office) -> None:
    """What was taken back on the 20th was not there on the 15th."""
    one, other = office.bill("100.00"), office.bill("100.00")
    receipt = office.receive("100.00", 5)
    allocate(office.store, receipt, [Settlement(item=one)], office.act(), day=june(10))
    unallocate(office.store, receipt, office.act(), day=june(20))
    with pytest.raises(RefusedError) as caught:
        allocate(office.store, receipt, [Settlement(item=other)], office.act(), day=june(15))

    assert codes(caught) == ["BH703"]
    allocate(office.store, receipt, [Settlement(item=other)], office.act(), day=june(20))
    assert office.open() == {one: "100.00"}


def test_money_is_not_allocated_before_receipt_or_bill(office) -> None:
    bill = office.bill("100.00", day=10)
    receipt = office.receive("100.00", 5)
    with pytest.raises(RefusedError) as caught:
        allocate(office.store, receipt, [Settlement(item=bill)], office.act(), day=june(7))

    assert codes(caught) == ["BH707"]
    office.settle(receipt, bill)
    assert office.receipt(receipt, 9) == {"amount": "100.00", "on_account": "100.00"}
    assert office.receipt(receipt, 10) == {"amount": "100.00", "allocated": "100.00"}


def test_a_key_records_a_receipt_once_and_refuses_other_money(office) -> None:
    assert office.receive("60.00", key="bank-17") == "bank-17"
    assert office.receive("60.00", key="bank-17") == "bank-17"
    assert office.total() == "-60.00"
    with pytest.raises(RefusedError) as caught:
        office.receive("61.00", key="bank-17")

    assert codes(caught) == ["BH702"]


def test_a_key_allocates_and_refunds_once(office) -> None:
    bill, receipt = office.bill("30.00"), office.receive("100.00")
    for _ in range(2):
        allocate(office.store, receipt, [Settlement(item=bill)], office.act(), key="a")
        refund(office.store, receipt, Decimal("10.00"), office.act(), day=june(6), key="r")

    assert office.receipt(receipt) == {
        "amount": "100.00",
        "allocated": "30.00",
        "on_account": "60.00",
        "refunded": "10.00",
    }


def test_an_early_payment_discount_corrects_the_tax_class_by_class(office) -> None:
    bill = office.bill("100.00 standard", "200.00 reduced", terms=TWO_PERCENT)
    # 100 + 20 % = 120.00; 200 + 5.5 % = 211.00; 331.00 less 2 % = 6.62: 324.38
    receipt = office.receive("324.38", 10)
    [id_] = office.settle(receipt, bill, discount=True)

    assert office.open() == {}
    facts = office.ledger.entries[id_].facts
    # 6.62 over 100.00, 20.00, 200.00 and 11.00: each 2 %
    assert {
        (kind, classes): part[-1] for part in facts["parts"] for kind, classes in [part[:2]]
    } == {
        ("base", "standard"): 200,
        ("tax", "standard"): 40,
        ("base", "reduced"): 400,
        ("tax", "reduced"): 22,
    }


def test_discounts_of_part_payments_come_to_that_of_the_whole(office) -> None:
    bill = office.bill("99.99 standard", terms=TWO_PERCENT)
    # 99.99 + 20.00 = 119.99; 2 % of it is 2.40; 117.59 in three parts
    for amount in ("39.20", "39.20", "39.19"):
        office.settle(office.receive(amount, 5), bill, discount=True)

    assert office.open() == {}
    parts = [p for e in office.ledger.entries.values() for p in e.facts.get("parts", ())]
    # 2.40 = 2.00 + 0.40
    assert sum(part[-1] for part in parts if part[0] == "base") == 200
    assert sum(part[-1] for part in parts if part[0] == "tax") == 40


def test_a_discount_is_never_below_nothing(office) -> None:
    """A bill of which nothing is open takes no money, and no discount makes room for it."""
    bill = office.bill("0.01", terms=TWO_PERCENT)
    write_off(office.store, bill, office.act(), day=june(2))
    with pytest.raises(RefusedError) as caught:
        office.settle(office.receive("0.01", 5), bill, "0.01", discount=True)

    assert codes(caught) == ["BH704"]


def test_late_money_gets_no_discount(office) -> None:
    bill = office.bill("100.00", terms=TWO_PERCENT)
    with pytest.raises(RefusedError) as caught:
        office.settle(office.receive("98.00", 12), bill, discount=True)

    assert codes(caught) == ["BH709"]


def test_a_bank_fee_that_is_missing_is_written_off_with_a_reason(office) -> None:
    bill = office.bill("100.00 standard")
    receipt = office.receive("119.40")
    [id_] = office.settle(receipt, bill, shortfall=Decimal("0.60"))

    assert office.open() == {}
    # 0.60 of 120.00: 0.50 of the base, 0.10 of the tax
    parts = office.ledger.entries[id_].facts["parts"]
    assert [(part[0], part[-1]) for part in parts] == [("base", 50), ("tax", 10)]


def test_a_bounced_receipt_opens_what_it_settled_with_its_discount(office) -> None:
    bill = office.bill("100.00", terms=TWO_PERCENT)
    receipt = office.receive("98.00", 5)
    office.settle(receipt, bill, discount=True)
    reverse(office.store, receipt, office.act("no funds"), day=june(8))

    assert [office.open(day).get(bill) for day in (5, 7, 8)] == [None, None, "100.00"]
    assert office.receipt(receipt, 7) == {"amount": "98.00", "allocated": "98.00"}
    assert office.receipt(receipt, 8) == {}
    with pytest.raises(RefusedError) as caught:
        reverse(office.store, receipt, office.act(), day=june(9))

    assert codes(caught) == ["BH708"]


def test_a_refund_takes_only_what_is_on_account(office) -> None:
    receipt = office.receive("50.00")
    refund(office.store, receipt, Decimal("20.00"), office.act(), day=june(6))
    with pytest.raises(RefusedError) as caught:
        refund(office.store, receipt, Decimal("30.01"), office.act(), day=june(6))

    assert codes(caught) == ["BH703"]
    assert office.total() == "-30.00"


def test_what_is_left_of_a_bill_or_a_receipt_is_written_off(office) -> None:
    bill, receipt = office.bill("100.00 standard"), office.receive("120.02")
    office.settle(receipt, bill, "110.00")
    lost = write_off(office.store, bill, office.act("insolvent"), day=june(7))
    write_off(office.store, receipt, office.act("a rounding of the client's"), day=june(7))

    assert office.open() == {}
    # 120.00 − 110.00 = 10.00 given up; 120.02 − 110.00 = 10.02 kept
    assert office.receipt(receipt) == {
        "amount": "120.02",
        "allocated": "110.00",
        "written_off": "10.02",
    }
    reverse(office.store, lost, office.act("paid after all"), day=june(9))
    assert office.open() == {bill: "10.00"}


def test_a_credit_note_reduces_the_bill_and_a_paid_bill_goes_into_credit(office) -> None:
    bill = office.bill("100.00", day=1)
    receipt = office.receive("100.00", 1)
    office.settle(receipt, bill)
    credit(
        ENGINE,
        office.store,
        bill,
        Correction(amount=Decimal("30.00"), release=False, date=june(1)),
        office.act(),
    )

    assert office.open() == {bill: "-30.00"}
    other = office.bill("50.00", day=2)
    office.settle(bill, other)
    # 50.00 − 30.00 set off
    assert office.open() == {other: "20.00"}


def test_a_void_bill_is_nothing_and_takes_no_money(office) -> None:
    bill, receipt = office.bill("100.00"), office.receive("100.00")
    void(ENGINE, office.store, bill, office.act("typo"), release=True)

    # voided on 30 June, the day of the act
    assert (office.open(29), office.open(30)) == ({bill: "100.00"}, {})
    with pytest.raises(RefusedError) as caught:
        office.settle(receipt, bill)

    assert codes(caught) == ["BH710"]


def test_foreign_money_settles_a_bill_with_a_gain_or_loss(office) -> None:
    bill = office.bill("1000.00")
    receipt = office.receive("925.00", currency="EUR")
    office.settle(receipt, bill, "925.00", settles=Decimal("1000.00"), rate=Decimal("1.0870"))

    assert office.open() == {}
    # 1000.00 USD / 1.0870 = 919.96 EUR; 925.00 − 919.96 = 5.04 gained
    assert office.receipt(receipt) == {
        "amount": "925.00",
        "allocated": "919.96",
        "difference": "5.04",
    }
    with pytest.raises(RefusedError) as caught:
        office.settle(office.receive("1.00", currency="EUR"), bill)

    assert codes(caught) == ["BH706"]


def test_costs_come_first_then_interest_then_the_oldest_bill(office) -> None:
    old, new = office.bill("100.00", day=1), office.bill("100.00", day=2)
    for kind, amount, day in (("interest", "3.00", 20), ("costs", "5.00", 25)):
        fee = FeeCharge(
            customer="acme", kind=kind, amount=Decimal(amount), currency="USD", day=june(day)
        )
        charge_fee(office.store, fee, office.act())
    items = open_items(office.ledger, june(30))

    # 58.00: 5.00 costs, 3.00 interest, 50.00 of the old bill
    shares = distribute(5800, items, "costs-interest-principal")
    assert [(item.kind, units) for item, units in shares] == [
        ("costs", 500),
        ("interest", 300),
        ("bill", 5000),
    ]
    assert shares[-1][0].id == old
    assert [i.id for i, _ in distribute(15000, items)][-2:] == [old, new]


def test_an_instalment_that_was_paid_is_no_longer_due(office) -> None:
    agreement = Agreement(
        instalments=(Portioning(percent=Decimal(40), days=10), Portioning(days=40))
    )
    bill = office.bill("100.00", terms=agreement)
    office.settle(office.receive("45.00"), bill)
    [found] = open_items(office.ledger, june(30))

    # 40.00 due on the 11th is paid; of 60.00 due on 11 July, 55.00 are left
    assert found.parts == ((june(41), 5500),)
    assert found.due == june(41)


@pytest.mark.parametrize("amount", ["0", "-1", "1.001", "NaN"])
def test_an_amount_suits_its_currency(office, amount: str) -> None:
    with pytest.raises(RefusedError) as caught:
        office.receive(amount)

    assert codes(caught) == ["BH705"]


def test_yen_have_no_decimals_and_dinars_three(office) -> None:
    assert office.receipt(office.receive("100", currency="JPY")) == {
        "amount": "100",
        "on_account": "100",
    }
    assert office.receipt(office.receive("1.005", currency="KWD"))["amount"] == "1.005"


def test_money_of_a_payer_settles_another_clients_bill(office) -> None:
    bill = office.bill("100.00", client="branch")
    office.settle(office.receive("100.00", client="head"), bill)

    assert office.open() == {}
    assert office.total() == "0.00"


@pytest.mark.parametrize("later", ["credit", "receipt"])
def test_money_dated_back_settles_what_later_entries_left_open(office: Office, later: str) -> None:
    bill, other = office.bill("690.00"), office.bill("500.00", day=2)
    if later == "credit":
        wanted = Correction(amount=Decimal("100.00"), release=False, date=june(20))
        credit(ENGINE, office.store, bill, wanted, office.act())
    else:
        office.settle(office.receive("100.00", 20), bill)
    receipt = office.receive("1000.00", 10)
    with office.store.read() as reading:
        found = by_policy(reading, receipt, "oldest", june(10))
    allocate(office.store, receipt, found, office.act())

    # 690.00 less the 100.00 of the 20th, then 410.00 of the other 500.00
    assert [(each.item, each.amount) for each in found] == [
        (bill, Decimal("590.00")),
        (other, Decimal("410.00")),
    ]
    assert office.open() == {other: "90.00"}
