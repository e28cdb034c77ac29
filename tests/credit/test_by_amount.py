"""Credits by amount beside a plain calculation in fractions, and what must not be corrected."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D
from fractions import Fraction

import pytest

from billhook.builtin import tax_table
from billhook.builtin.tax_table import TaxRate, TaxTable
from billhook.credit.balance import CreditedDocument, cells
from billhook.credit.note import Correction, draft_credit
from billhook.credit.service import credit, void
from billhook.engine import Engine
from billhook.issue.history import history
from billhook.issue.issue import issue
from billhook.issue.numbering import INVOICES
from billhook.kernel.errors import RefusedError
from billhook.kernel.figure import given
from billhook.kernel.money import POLICIES
from billhook.model.adjustment import Adjustment, AdjustmentKind, Percentage, Stage
from billhook.model.document import Document
from billhook.model.invoice import Invoice
from billhook.store.memory import memory_store
from billhook.testing import sample_job
from issue.desk import Extras, actor, item, priced

# PST is taken of GST too: 9.975 % × 1.05 = 10.47375 % of the net amount
RATES = {
    "standard": {"VAT": Fraction(20, 100)},
    "reduced": {"VAT": Fraction(55, 1000)},
    "gst": {"GST": Fraction(5, 100)},
    "double": {"GST": Fraction(5, 100), "PST": Fraction(1047375, 10000000)},
    "exempt": {},
}
TAXES = TaxTable(
    rates=(
        TaxRate(tax_class="standard", name="VAT", percent=D(20)),
        TaxRate(tax_class="reduced", name="VAT", percent=D("5.5")),
        TaxRate(tax_class="gst", name="GST", percent=D(5)),
        TaxRate(tax_class="double", name="GST", percent=D(5)),
        TaxRate(tax_class="double", name="PST", percent=D("9.975"), compound=True),
        TaxRate(tax_class="exempt", category="E", reason="Exempt"),
    )
)
ENGINE = Engine([("priced", priced()), ("tax_table", tax_table)])
BILLS = {
    "one tax": {"standard": "23.45"},
    "three classes": {"standard": "12.34", "reduced": "5.67", "exempt": "3.21"},
    "a shared tax": {"double": "10.10", "gst": "7.77", "exempt": "20.00"},
    "one large, one small": {"standard": "1.00", "reduced": "99.01"},
}


def bill(amounts: dict[str, str], *adjustments: Adjustment) -> Document:
    job = sample_job(
        pockets=(Extras(adjustments=adjustments), TAXES), plugins=("priced", "tax_table")
    )
    draft = ENGINE.draft(job, [item(name, amount, name) for name, amount in amounts.items()])
    assert draft.errors == ()
    return Document(invoice=draft.invoice, number="INV-1")


def bases(invoice: Invoice) -> dict[str, Fraction]:
    """What an invoice has of each class."""
    found: dict[str, Fraction] = {}
    for line in invoice.lines:
        found[line.tax_class] = found.get(line.tax_class, Fraction(0)) + Fraction(line.amount.value)
    return found


def due(net: dict[str, Fraction]) -> dict[str, Fraction]:
    """The exact tax on net amounts by class, by the name of the tax and its classes."""
    found: dict[str, Fraction] = {}
    for name, amount in net.items():
        for tax, rate in RATES[name].items():
            # VAT of two rates is two taxes
            key = f"{tax} {name}" if tax == "VAT" else tax
            found[key] = found.get(key, Fraction(0)) + amount * rate
    return found


def taken(invoice: Invoice) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    for row in invoice.taxes:
        if row.rate is not None and row.rate.value:
            key = f"{row.name} {row.classes[0]}" if str(row.name) == "VAT" else str(row.name)
            found[key] = found.get(key, Fraction(0)) + Fraction(row.amount.value)
    return found


def off(one: dict[str, Fraction], other: dict[str, Fraction]) -> Fraction:
    keys = one.keys() | other.keys()
    return max(
        (abs(one.get(k, Fraction(0)) - other.get(k, Fraction(0))) for k in keys),
        default=Fraction(0),
    )


CENT = Fraction(1, 100)


@pytest.mark.parametrize("amounts", BILLS.values(), ids=BILLS.keys())
def test_every_amount_is_divided_to_the_cent_and_a_second_credit_after_it(amounts) -> None:
    document = bill(amounts)
    whole = document.invoice.totals.gross.value
    grosses = {n: Fraction(a) * (1 + sum(RATES[n].values())) for n, a in amounts.items()}
    step = max(1, int(whole * 100) // 80)
    for units in range(1, int(whole * 100) // 2, step):
        amount = D(units) / 100
        first = draft_credit(CreditedDocument(document), Correction(amount=amount, release=False))
        exact = {
            name: Fraction(amount) * gross / sum(grosses.values()) / (1 + sum(RATES[name].values()))
            for name, gross in grosses.items()
        }
        assert first.totals.gross.value == amount
        # the share of each class, to the cent of its gross and that of its net
        assert off(bases(first), exact) <= 3 * CENT
        assert off(taken(first), due(bases(first))) <= CENT

        once = Document(invoice=first, number="CRN-1")
        other = CreditedDocument(document, (once,))
        second = draft_credit(other, Correction(amount=amount, release=False))
        to_date = {n: bases(first).get(n, 0) + bases(second).get(n, 0) for n in amounts}
        sums = {k: taken(first).get(k, 0) + taken(second).get(k, 0) for k in due(to_date)}
        assert off(taken(second), due(bases(second))) <= CENT
        assert off(sums, due(to_date)) <= CENT

        last = draft_credit(other.with_credit(second), Correction(release=False))
        parts = [cells(note, document.invoice) for note in (first, second, last)]
        for name, amount_ in cells(document.invoice).items():
            if name[0] in {"base", "tax", "gross"}:
                assert sum(part.get(name, D(0)) for part in parts) == amount_


def percent_off(rate: str, *tags: str, stage: Stage = Stage.BEFORE_TAX) -> Adjustment:
    return Adjustment(
        id="discount",
        label="Discount",
        stage=stage,
        kind=AdjustmentKind.ALLOWANCE,
        amount=Percentage(given(D(rate), "%", "t.discount")),
    )


def test_the_parts_of_an_adjustment_on_a_credit_are_those_of_its_lines() -> None:
    document = bill({"standard": "100.00", "exempt": "50.00"}, percent_off("10"))
    note = draft_credit(CreditedDocument(document), Correction(lines=("exempt",), release=False))

    [applied] = note.adjustments
    # 10 % of 50.00
    assert [(part.line, part.amount.value) for part in applied.parts] == [("exempt", D("5.00"))]
    assert applied.amount.value == D("5.00")


def test_a_credit_that_leaves_less_than_nothing_is_refused_and_its_lines_go_together() -> None:
    # 300.00 + 60.00 tax − 200.00 = 160.00; 130.00 + 26.00 of it would leave 170.00 − 200.00 net,
    # which no credit note could give back
    records = [item("a", "130.00"), item("b", "170.00"), item("c", "-200.00", "exempt")]
    job = sample_job(pockets=(Extras(), TAXES), plugins=("priced", "tax_table"))
    document = Document(invoice=ENGINE.draft(job, records).invoice, number="INV-1")
    with pytest.raises(RefusedError) as caught:
        draft_credit(CreditedDocument(document), Correction(lines=("a",), release=False))
    assert refusal(caught) == ["BH504"]
    assert "net total: 130.00 of 100.00" in caught.value.findings[0].message

    whole = draft_credit(CreditedDocument(document), Correction(release=False))
    assert whole.totals.gross.value == D("160.00")


# ── what may be corrected, and when ──────────────────────────────────────────


@pytest.fixture
def number_of(request):
    store = memory_store()

    def issued(*amounts: str) -> tuple[object, str]:
        records = [item(f"x:{n}", amount) for n, amount in enumerate(amounts)]
        job = sample_job(pockets=(Extras(), TAXES), plugins=("priced", "tax_table"))
        draft = ENGINE.draft(job, records)
        made = issue(ENGINE, store, draft, series=INVOICES, actor=actor())
        return store, made.document.number

    return issued


def refusal(caught: pytest.ExceptionInfo[RefusedError]) -> list[str]:
    return [each.code for each in caught.value.findings]


def test_a_void_needs_a_reason_and_is_final(number_of) -> None:
    store, number = number_of("10.00")
    with pytest.raises(RefusedError) as caught:
        void(ENGINE, store, number, actor(), release=True)
    assert refusal(caught) == ["BH507"]

    void(ENGINE, store, number, actor(reason="wrong client"), release=True)
    for again in (
        lambda: void(ENGINE, store, number, actor(reason="again"), release=True),
        lambda: credit(ENGINE, store, number, Correction(release=True), actor(reason="again")),
    ):
        with pytest.raises(RefusedError) as caught:
            again()
        assert refusal(caught) == ["BH506"]
        assert "was voided" in caught.value.findings[0].message


def test_neither_a_credit_note_nor_a_bill_that_is_wholly_credited_is_voided(number_of) -> None:
    store, number = number_of("10.00", "20.00")
    made = credit(ENGINE, store, number, Correction(release=True), actor(reason="wrong"))
    for target in (number, made.document.number):
        with pytest.raises(RefusedError) as caught:
            void(ENGINE, store, target, actor(reason="again"), release=True)
        assert refusal(caught) == ["BH506"]


def test_a_credit_may_be_dated_like_its_bill_and_not_before_it(number_of) -> None:
    store, number = number_of("10.00", "20.00")
    with store.read() as reading:
        billed_on = reading.entry(number).date
    early = Correction(lines=("0",), release=False, date=billed_on - dt.timedelta(days=1))
    with pytest.raises(RefusedError) as caught:
        credit(ENGINE, store, number, early, actor(reason="agreed"))
    assert len(refusal(caught)) == 1

    same = Correction(lines=("0",), release=False, date=billed_on)
    made = credit(ENGINE, store, number, same, actor(reason="agreed"))
    assert made.document.invoice.date == billed_on


def test_the_lines_of_the_rest_are_those_that_were_not_credited(number_of) -> None:
    store, number = number_of("10.00", "20.00", "30.00")
    reasons = actor(reason="agreed")
    first = Correction(lines=("1",), release=True)
    made = credit(ENGINE, store, number, first, reasons)
    assert made.released == 1
    rest = credit(ENGINE, store, number, Correction(release=True), reasons)

    assert [line.amount.value for line in rest.document.invoice.lines] == [D("10.00"), D("30.00")]
    # 20.00 × 1.2, then 40.00 × 1.2
    assert made.document.invoice.totals.gross.value == D("24.00")
    assert rest.document.invoice.totals.gross.value == D("48.00")
    assert rest.released == 2


def test_a_rest_by_amount_gives_back_the_records_of_no_line_twice(number_of) -> None:
    store, number = number_of("10.00", "20.00")
    reasons = actor(reason="agreed")
    credit(ENGINE, store, number, Correction(lines=("0",), release=False), reasons)
    rest = credit(ENGINE, store, number, Correction(amount=D("24.00"), release=True), reasons)

    # the 20.00 of the second line with its tax; the first was credited and its work is settled
    assert rest.released == 1
    with store.read() as reading:
        past = history(
            reading, "sample", [item("x:0", "10.00"), item("x:1", "20.00")], ENGINE.plugins
        )
    assert set(past.billed) == {"x:0"}


def test_the_credit_notes_of_one_bill_are_not_those_of_another(number_of) -> None:
    store, number = number_of("10.00")
    reasons = actor(reason="agreed")
    credit(ENGINE, store, number, Correction(amount=D("2.40"), release=False), reasons)
    job = sample_job(pockets=(Extras(), TAXES), plugins=("priced", "tax_table"), id="next")
    draft = ENGINE.draft(job, [item("y:1", "10.00")])
    other = issue(ENGINE, store, draft, series=INVOICES, actor=actor(minutes=1)).document.number

    made = credit(ENGINE, store, other, Correction(amount=D("12.00"), release=False), reasons)
    assert made.document.invoice.totals.gross.value == D("12.00")


# ── cash ─────────────────────────────────────────────────────────────────────


def test_credits_of_a_bill_paid_in_cash_come_to_its_cash_in_any_order() -> None:
    # 9.08 + 5.04 + 3.01 = 17.13, in cash 17.15; first 9.08: 9.10; then 14.12: 14.10, of which 5.00;
    # the rest 3.05 makes 17.15
    job = sample_job(
        pockets=(Extras(), TAXES),
        plugins=("priced", "tax_table"),
        currency="CHF",
        policy=POLICIES["swiss-cash"],
    )
    records = [item(n, a, "exempt") for n, a in (("a", "9.08"), ("b", "5.04"), ("c", "3.01"))]
    billed = CreditedDocument(Document(invoice=ENGINE.draft(job, records).invoice, number="INV-1"))
    given_back = []
    for name in ("a", "b", "c"):
        note = draft_credit(billed, Correction(lines=(name,), release=False))
        billed = billed.with_credit(note)
        given_back.append(note.totals.payable.value)

    assert billed.invoice.totals.payable.value == D("17.15")
    assert given_back == [D("9.10"), D("5.00"), D("3.05")]


def test_a_credit_by_amount_of_prices_with_tax_on_tax_has_both_taxes_to_the_cent() -> None:
    # 7.77 / (1.05 × 1.09975) = 6.73 (6.7288); 5 % is 0.34; 9.975 % of 7.07 is 0.70 (0.7052)
    job = sample_job(
        pockets=(Extras(), TAXES), plugins=("priced", "tax_table"), prices_include_tax=True
    )
    draft = ENGINE.draft(job, [item("a", "22.38", "double")])
    document = Document(invoice=draft.invoice, number="INV-1")
    wanted = Correction(amount=D("7.77"), release=False)
    note = draft_credit(CreditedDocument(document), wanted)

    assert note.totals.gross.value == D("7.77")
    assert [row.amount.value for row in note.taxes] == [D("0.34"), D("0.70")]
    assert note.totals.net.value == D("6.73")


def test_a_line_worth_nothing_is_open_again_with_the_last_of_its_bill(number_of) -> None:
    store, number = number_of("10.00", "0.00")
    made = credit(
        ENGINE, store, number, Correction(lines=("0",), release=True), actor(reason="wrong")
    )

    # nothing of the bill is left to credit, so the work of both lines can be billed again
    assert made.released == 2
