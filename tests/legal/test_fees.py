from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billhook.testing import assert_explains, assert_replays
from billhook_legal.settings import FeeDiscount, HourlyRate
from legal.office import D, bill, codes, draft, entry, expense, lines


def first(invoice):
    return invoice.lines[0]


# ── no charge, and written down ──────────────────────────────────────────────


def test_time_at_no_charge_shows_hours_and_rate_and_costs_nothing() -> None:
    # 0.4 h × 350.00 = 140.00, all of it taken off
    line = first(bill(entry(minutes=22, billable="no-charge", reason="internal conference")))

    assert (line.quantity.value, line.unit_price.value) == (D("0.4"), D("350.00"))
    assert str(line.gross.value) == "140.00"
    assert str(line.adjustment.value) == "-140.00"
    assert str(line.amount.value) == "0.00"
    assert line.adjustment_reason == "internal conference"


def test_time_written_down_to_fewer_minutes_shows_what_was_taken_off() -> None:
    # 3.5 h × 350.00 = 1,225.00; two hours are 700.00; 525.00 are written down
    long = entry(minutes=210, written_down_to=D(120), reason="learning time")
    line = first(bill(long))

    assert str(line.quantity.value) == "3.5"
    assert str(line.gross.value) == "1225.00"
    assert str(line.adjustment.value) == "-525.00"
    assert str(line.amount.value) == "700.00"
    assert str(line.adjustment_reason) == "Written down (learning time)"


def test_a_fee_can_be_written_down_by_an_amount() -> None:
    line = first(bill(entry(minutes=75, write_down=D("55.00"), reason="agreed by telephone")))

    assert (str(line.adjustment.value), str(line.amount.value)) == ("-55.00", "400.00")


@pytest.mark.parametrize(
    "down", [{"written_down_to": D(79)}, {"write_down": D("455.01")}], ids=["minutes", "amount"]
)
def test_a_write_down_cannot_take_off_more_than_there_is(down) -> None:
    made = draft([entry(minutes=75, reason="mistyped", **down)])

    assert codes(made.errors) == ["LGL103"]


def test_a_write_down_to_all_that_is_billed_takes_nothing_off() -> None:
    line = first(bill(entry(minutes=75, written_down_to=D(78), reason="as billed")))

    assert (str(line.adjustment.value), str(line.amount.value)) == ("0.00", "455.00")


@pytest.mark.parametrize(
    ("facts", "complaint"),
    [
        ({"minutes": None}, "got none"),
        ({"hours": D(1)}, "got minutes and hours"),
        ({"minutes": None, "duration": "1.15"}, "expected a duration like 1:15"),
        ({"minutes": None, "duration": "1:75"}, "expected a duration like 1:15"),
        ({"written_down_to": D(6)}, "a write-down needs a reason"),
        ({"write_down": D(6), "written_down_to": D(6), "reason": "r"}, "got both"),
        ({"write_down": D(6), "reason": "r", "billable": "no-charge"}, "cannot be written down"),
        ({"rate": D(100)}, "needs a rate_reason"),
    ],
)
def test_an_entry_that_contradicts_itself_is_refused(facts, complaint) -> None:
    with pytest.raises(ValueError, match=complaint):
        entry(**facts)


@given(
    st.integers(1, 600),
    st.integers(1, 99_999).map(lambda n: D(n).scaleb(-2)),
    st.sampled_from(("USD", "JPY", "KWD")),
    st.integers(0, 100),
)
@settings(max_examples=100, deadline=None)
def test_gross_and_adjustment_are_the_amount_to_the_last_decimal(
    minutes, per_hour, currency, percent
) -> None:
    target = D(minutes) * percent // 100
    line = first(
        bill(
            entry(minutes=minutes, written_down_to=target, reason="agreed"),
            rates=(HourlyRate(per_hour=per_hour),),
            currency=currency,
        )
    )

    assert line.gross.value + line.adjustment.value == line.amount.value
    assert 0 <= line.amount.value <= line.gross.value


# ── what is left out ─────────────────────────────────────────────────────────


def test_what_is_not_billed_is_skipped_with_its_reason() -> None:
    made = draft(
        [
            entry("1"),
            entry("2", billable="no"),
            entry("3", matter="other", narrative="Work on another matter of the client"),
            expense("x", billable="no"),
        ]
    )

    assert [(skip.key, str(skip.reason)) for skip in made.skipped] == [
        ("2", "marked as not billable"),
        ("3", "matter other is not billed here"),
        ("x", "marked as not billable"),
    ]


# ── discount ─────────────────────────────────────────────────────────────────


def test_a_discount_is_taken_of_fees_and_not_of_expenses() -> None:
    # 455.00 of fees and 100.00 of expenses; 10 % of 455.00 is 45.50; 555.00 − 45.50 = 509.50
    invoice = bill(entry(), expense(), discount=FeeDiscount(percent=D(10), label="Courtesy"))
    (discount,) = invoice.adjustments

    assert (discount.label, str(discount.base.value)) == ("Courtesy", "455.00")
    assert str(discount.amount.value) == "45.50"
    assert str(invoice.totals.payable.value) == "509.50"
    assert_explains(invoice, "adjustments.legal-discount", rules=("legal.discount.rate",))


def test_a_discount_is_taken_after_write_downs() -> None:
    # 700.00 of 1,225.00 are charged; 10 % of it is 70.00
    long = entry(minutes=210, written_down_to=D(120), reason="learning time")
    invoice = bill(long, discount=FeeDiscount(percent=D(10)))

    assert str(invoice.totals.allowances.value) == "70.00"
    assert str(invoice.adjustments[0].label) == "Discount on fees"


def test_a_bill_of_expenses_has_no_discount() -> None:
    assert bill(expense(), discount=FeeDiscount(percent=D(10))).adjustments == ()


def test_a_discount_falls_on_the_tax_class_of_fees_alone() -> None:
    from billhook.builtin.tax_table import TaxRate, TaxTable
    from billhook.testing import sample_job
    from billhook_legal.settings import LegalSettings
    from legal.office import ENGINE, PEOPLE, RATES

    table = TaxTable(
        rates=(
            TaxRate(tax_class="standard", name="VAT", percent=D(20)),
            TaxRate(tax_class="disbursement", category="O", reason="paid as the client's agent"),
        )
    )
    agreed = LegalSettings(
        timekeepers=PEOPLE,
        rates=RATES,
        discount=FeeDiscount(percent=D(10)),
        expense_tax_class="disbursement",
    )
    made = ENGINE.draft(
        sample_job(currency="GBP", pockets=(table, agreed)),
        [entry(), expense("x1"), expense("x2", "50.00", tax_class="standard")],
    )
    bases = {tax.classes: str(tax.base.value) for tax in made.invoice.taxes}

    # 455.00 − 45.50 of discount + 50.00 of an expense that is taxed = 459.50
    assert bases == {("disbursement",): "100.00", ("standard",): "459.50"}


# ── expenses ─────────────────────────────────────────────────────────────────


def test_an_expense_is_an_amount_or_a_quantity_at_a_price() -> None:
    # 412 copies at 0.10 are 41.20
    copies = expense("x2", None, quantity=D(412), unit_price=D("0.10"))
    invoice = bill(expense("x1", "48.00"), copies)

    assert lines(invoice) == {"expense-x1": "48.00", "expense-x2": "41.20"}
    assert_replays(invoice)


def test_a_refund_is_passed_on() -> None:
    assert lines(bill(expense("x1"), expense("x2", "-40.00"))) == {
        "expense-x1": "100.00",
        "expense-x2": "-40.00",
    }


def test_an_expense_at_no_charge_shows_its_cost() -> None:
    line = first(bill(expense(billable="no-charge")))

    assert (str(line.gross.value), str(line.amount.value)) == ("100.00", "0.00")


def test_a_markup_is_added_where_it_was_agreed_and_says_so() -> None:
    from billhook_legal.settings import Markup

    # 15 % of 41.20 is 6.18; the filing fee was paid to a third party and stays at cost
    copies = expense("x2", None, quantity=D(412), unit_price=D("0.10"), kind="soft")
    agreed = Markup(percent=D(15), agreed="engagement letter, section 4")
    invoice = bill(expense("x1"), copies, markup=agreed)
    marked_up = invoice.lines[1]

    assert lines(invoice) == {"expense-x1": "100.00", "expense-x2": "47.38"}
    assert str(marked_up.adjustment_reason) == "Markup of 15% (engagement letter, section 4)"
    assert_explains(invoice, "lines.expense-x2", rules=("legal.expense.markup-rate",))


@pytest.mark.parametrize(
    "facts",
    [
        {"amount": None},
        {"amount": None, "quantity": D(2)},
        {"amount": None, "unit_price": D(2)},
        {"quantity": D(2), "unit_price": D(2)},
    ],
)
def test_an_expense_without_one_clear_cost_is_refused(facts) -> None:
    with pytest.raises(ValueError, match="expected amount, or quantity with unit_price"):
        expense(**facts)
