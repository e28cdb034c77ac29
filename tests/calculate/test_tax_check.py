"""Tax of other days, and what stands outside the scope of tax."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D

import pytest

from billhook import Charge, Document, Engine, Rating, given, hookimpl
from billhook.builtin import tax_table
from billhook.builtin.tax_table import TaxRate, TaxTable
from billhook.kernel.text import Period
from billhook.render import render
from billhook.render.document.totals_block import _name
from billhook.testing import Inline, sample_job

JULY = dt.date(2020, 7, 1)
# Germany, 2020: 19 % until 30 June, 16 % from 1 July.
GERMAN = (
    TaxRate(name="USt", percent=D(19), until=JULY),
    TaxRate(name="USt", percent=D(16), since=JULY),
    TaxRate(tax_class="june", name="USt", percent=D(19)),
)
OUTSIDE = TaxRate(tax_class="outside", category="O", reason="Paid in the client's name.")


def drafted(*charges: Charge, rates=GERMAN, **facts):
    @hookimpl
    def billhook_rate():
        return Rating(charges=charges)

    engine = Engine([("made", Inline(billhook_rate=billhook_rate)), ("tax_table", tax_table)])
    facts = {"date": dt.date(2020, 7, 31), "pockets": (TaxTable(rates=rates),), **facts}
    return engine.draft(sample_job(currency="EUR", **facts), [])


def charge(id_: str, **facts) -> Charge:
    return Charge(id=id_, description=id_, amount=given(D("300.00"), "EUR", "t.amount"), **facts)


def day(month: int, number: int) -> dt.date:
    return dt.date(2020, month, number)


def codes(draft) -> list[str]:
    return [finding.code for finding in draft.findings]


def test_a_line_of_before_the_change_is_told_with_both_rates() -> None:
    draft = drafted(charge("june", date=day(6, 29)), charge("july", date=day(7, 2)))

    (finding,) = draft.findings
    assert str(finding) == (
        "warning[BH420]: tax class 'standard' was taxed USt 19 % on 2020-06-29, the day of 'june', "
        "but is taxed USt 16 % on 2020-07-31, the date of the bill"
    )


def test_a_class_of_its_own_taxes_the_rows_of_before_as_they_were() -> None:
    draft = drafted(
        charge("june", date=day(6, 29), tax_class="june"), charge("july", date=day(7, 2))
    )

    # 19 % and 16 % of 300.00: 57.00 + 48.00
    assert draft.invoice.totals.payable.value == D("705.00")
    assert codes(draft) == []


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"period": Period(day(6, 1), day(6, 30))}, ["BH420"]),
        ({"period": Period(day(6, 15), day(7, 15))}, []),  # its last day counts
        ({}, []),
        ({"date": day(7, 1)}, []),
        ({"date": day(6, 30)}, ["BH420"]),
    ],
)
def test_the_day_of_supply_is_the_date_or_the_last_of_the_period(facts, found) -> None:
    assert codes(drafted(charge("a", **facts))) == found


def test_a_tax_point_says_which_day_counts_for_the_whole_bill() -> None:
    draft = drafted(charge("a", date=day(6, 29)), tax_point=day(6, 30))

    assert codes(draft) == []
    assert draft.invoice.totals.tax.value == D("57.00")


def test_many_lines_of_one_class_are_told_once() -> None:
    draft = drafted(*(charge(f"c{number}", date=day(6, number)) for number in range(1, 9)))

    assert codes(draft) == ["BH420"]


# ── outside the scope of tax ─────────────────────────────────────────────────

TAXED = TaxRate(name="VAT", percent=D(20))


@pytest.mark.parametrize(
    "beside",
    [
        TAXED,
        TaxRate(category="Z", name="VAT", percent=D(0)),
        TaxRate(category="E", reason="Exempt."),
        TaxRate(category="AE", reason="Reverse charge."),
    ],
)
def test_what_is_outside_the_scope_stands_beside_no_other_category(beside) -> None:
    draft = drafted(charge("a"), charge("b", tax_class="outside"), rates=(beside, OUTSIDE))

    assert [finding.code for finding in draft.errors] == ["BH421"]


def test_a_bill_wholly_outside_the_scope_is_fine_and_is_not_called_exempt() -> None:

    draft = drafted(charge("b", tax_class="outside"), rates=(OUTSIDE,))
    page = render(Document(invoice=draft.invoice), [], "text").decode()

    assert codes(draft) == []
    assert [str(_name(tax)) for tax in draft.invoice.taxes] == ["Not subject to tax"]
    assert "xempt" not in page


def test_taxes_that_the_buyer_keeps_are_no_category_of_the_bill() -> None:
    kept = TaxRate(tax_class="outside", name="Kept", percent=D(5), withheld=True)
    draft = drafted(charge("b", tax_class="outside"), rates=(OUTSIDE, kept))

    assert "BH421" not in codes(draft)


@pytest.mark.parametrize("category", ["Z", "E", "AE", "K", "G", "O"])
def test_a_category_without_tax_has_no_percent(category) -> None:
    with pytest.raises(ValueError, match="bears no tax"):
        TaxRate(category=category, percent=D(19))


def test_what_is_outside_the_scope_has_no_rate_at_all() -> None:
    with pytest.raises(ValueError, match="not even 0"):
        TaxRate(category="O", percent=D(0))
