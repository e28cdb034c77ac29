"""The rate of the day of supply, line by line."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D

from billhook import AdjustmentKind, Document, Engine, Period, Rating, hookimpl
from billhook.builtin import tax_table
from billhook.builtin.tax_table import TaxRate, TaxTable
from billhook.credit.balance import CreditedDocument
from billhook.credit.note import Correction, draft_credit
from billhook.testing import Inline, sample_job
from calculate.test_apportion import ask, charge, money

JUNE, JULY = dt.date(2020, 6, 30), dt.date(2020, 7, 1)
TABLE = TaxTable(
    rates=(
        TaxRate(name="USt", percent=D(19), until=JULY),
        TaxRate(name="USt", percent=D(16), since=JULY, until=dt.date(2021, 1, 1)),
        TaxRate(name="USt", percent=D(19), since=dt.date(2021, 1, 1)),
    )
)


def draft(*made, asked=(), **job):
    @hookimpl
    def billhook_rate():
        return Rating(charges=made)

    @hookimpl
    def billhook_adjust():
        return asked

    plugin = Inline(billhook_rate=billhook_rate, billhook_adjust=billhook_adjust)
    engine = Engine([("made", plugin), ("tax_table", tax_table)])
    facts = {"currency": "EUR", "date": dt.date(2020, 7, 31), "tax_by_day": True, **job}
    return engine.draft(sample_job(pockets=(TABLE,), **facts), [])


def taxes(invoice) -> dict[str, tuple[D, D]]:
    return {str(t.rate.value): (t.base.value, t.amount.value) for t in invoice.taxes}


def test_hours_of_two_rates_stand_on_one_bill() -> None:
    # 300 of June at 19 % are 357, 300 of July at 16 % are 348: 705
    made = [charge("june", "300", date=JUNE), charge("july", "300", date=JULY)]
    invoice = draft(*made).invoice

    assert taxes(invoice) == {"16": (D(300), D(48)), "19": (D(300), D(57))}
    assert invoice.totals.payable.value == D("705.00")


def test_without_the_word_the_bill_has_the_rate_of_its_day_and_says_so() -> None:
    made = [charge("june", "300", date=JUNE), charge("july", "300", date=JULY)]
    found = draft(*made, tax_by_day=False)

    assert [each.code for each in found.findings] == ["BH420"]
    assert found.invoice.totals.payable.value == D("696.00")


def test_with_it_nothing_is_left_to_warn_of() -> None:
    assert draft(charge("june", "300", date=JUNE)).findings == ()


def test_a_line_without_a_day_has_the_rate_of_the_bill() -> None:
    assert taxes(draft(charge("a", "100")).invoice) == {"16": (D(100), D(16))}


def test_the_same_rate_before_and_after_a_change_is_one_row() -> None:
    made = [charge("old", "100", date=JUNE), charge("new", "50", date=dt.date(2021, 1, 4))]
    invoice = draft(*made, date=dt.date(2021, 1, 31)).invoice

    assert taxes(invoice) == {"19": (D(150), D("28.5"))}


def test_a_line_that_spans_the_change_is_refused() -> None:
    spanning = charge("a", "100", period=Period(dt.date(2020, 6, 15), dt.date(2020, 7, 14)))

    assert [each.code for each in draft(spanning).errors] == ["BH423"]


def test_a_discount_of_the_class_goes_with_its_lines() -> None:
    # 30 off 300 + 300 of the class: 15 of each, 285 x 19 % = 54.15 and 285 x 16 % = 45.60
    made = [charge("june", "300", date=JUNE), charge("july", "300", date=JULY)]
    off = ask("off", AdjustmentKind.ALLOWANCE, money("30"), tax_class="standard")
    invoice = draft(*made, asked=[off]).invoice

    assert taxes(invoice) == {"16": (D(285), D("45.60")), "19": (D(285), D("54.15"))}


def test_a_credit_gives_back_the_rate_of_its_line() -> None:
    made = [charge("june", "300", date=JUNE), charge("july", "300", date=JULY)]
    billed = CreditedDocument(Document(invoice=draft(*made).invoice, number="R1"))
    credit = draft_credit(billed, Correction(lines=("june",), release=True))

    assert credit.totals.gross.value == D("357.00")


def test_prices_with_tax_have_the_tax_of_their_day() -> None:
    made = [charge("june", "119", date=JUNE), charge("july", "116", date=JULY)]
    invoice = draft(*made, prices_include_tax=True).invoice

    assert taxes(invoice) == {"16": (D(100), D(16)), "19": (D(100), D(19))}


def test_lines_of_a_day_are_taxed_together() -> None:
    made = [charge(f"c{n}", "10.01", date=JUNE if n % 2 else JULY) for n in range(9)]
    invoice = draft(*made).invoice

    # four of June, five of July
    assert taxes(invoice) == {"16": (D("50.05"), D("8.01")), "19": (D("40.04"), D("7.61"))}
