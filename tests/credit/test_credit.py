from __future__ import annotations

import datetime as dt
from decimal import Decimal, localcontext

import attrs
import pytest
from hypothesis import assume, settings
from hypothesis import given as from_any
from hypothesis import strategies as st

from billhook.audit.verify import verify
from billhook.builtin import tax_table
from billhook.calculate.adjustments import with_sign
from billhook.credit.balance import CreditedDocument, cells
from billhook.credit.note import Correction, draft_credit
from billhook.credit.service import credit
from billhook.engine import Engine
from billhook.explain.tree import figures_by_name
from billhook.issue.history import REVERSED, history
from billhook.issue.issue import issue
from billhook.issue.numbering import INVOICES
from billhook.kernel.diagnostics import Severity
from billhook.kernel.errors import RefusedError
from billhook.kernel.figure import disagreements, given
from billhook.kernel.money import POLICIES, TaxLevel, find_currency, round_to
from billhook.model.adjustment import Adjustment, AdjustmentKind, Percentage, Stage
from billhook.model.charge import Charge, Rating
from billhook.model.document import Document
from billhook.model.invoice import Invoice
from billhook.plugins.info import hookimpl
from billhook.store.memory import memory_store
from billhook.testing.samples import Inline
from issue.desk import Extras, actor, desk_engine, item, job

ENGINE = desk_engine()
CLASSES = ("standard", "reduced", "double", "exempt")
NAMES = ("standard", "tax-per-line", "whole-cash", "jp-invoice")
CENTS = st.integers(0, 100_000).map(lambda units: str(Decimal(units).scaleb(-2)))
SIGNED = st.integers(-30_000, 100_000).map(lambda units: str(Decimal(units).scaleb(-2)))


@st.composite
def adjustments(draw, code: str):
    kinds = draw(st.lists(st.sampled_from(list(AdjustmentKind)), max_size=4))
    return tuple(
        Adjustment(
            id=f"a{place}",
            label=f"adjustment {place}",
            stage=Stage.BEFORE_TAX
            if kind in {AdjustmentKind.ALLOWANCE, AdjustmentKind.SURCHARGE}
            else Stage.AFTER_TAX,
            kind=kind,
            amount=draw(asked(code)),
        )
        for place, kind in enumerate(kinds)
    )


@st.composite
def asked(draw, code: str):
    if draw(st.booleans()):
        return Percentage(given(draw(st.decimals(0, 20, places=2)), "%", "test.rate"))
    return given(draw(st.decimals(0, 5, places=2)), code, "test.amount")


@st.composite
def bills(draw, prices=CENTS) -> Invoice:
    code = draw(st.sampled_from(("USD", "JPY", "KWD")))
    count = draw(st.integers(1, 8))
    items = [
        item(f"i{place}", draw(prices), draw(st.sampled_from(CLASSES))) for place in range(count)
    ]
    made = ENGINE.draft(
        job(
            currency=code,
            extras=Extras(adjustments=draw(adjustments(code))),
            policy=POLICIES[
                draw(st.sampled_from(("standard", "tax-per-line", "whole-cash", "jp-invoice")))
            ],
        ),
        items,
    )
    # what comes to less than nothing is no bill: see the tests of signs
    assume(made.invoice.totals.net.value >= 0 and made.invoice.totals.gross.value >= 0)
    return made.invoice


def amounts(invoice: Invoice) -> dict[tuple[str, ...], Decimal]:
    """Every amount of a bill that can be added up: finer than what the core compares."""
    found = dict(cells(invoice))
    for name in attrs.fields_dict(type(invoice.totals)):
        found["total", name] = getattr(invoice.totals, name).value
    for applied in invoice.adjustments:
        found["adjustment", applied.id] = with_sign(applied, applied.amount).value
        for portion in applied.portions:
            found["portion", applied.id, portion.tax_class] = portion.amount.value
    for row in invoice.taxes:
        found["taxed", *row.classes, str(row.name)] = row.base.value
    return found


def add_up(invoices) -> dict[tuple[str, ...], Decimal]:
    sums: dict[tuple[str, ...], Decimal] = {}
    for invoice in invoices:
        for name, amount in amounts(invoice).items():
            sums[name] = sums.get(name, Decimal(0)) + amount
    return {name: amount for name, amount in sums.items() if amount}


def credited(document: Document, parts) -> list[Document]:
    """Credit parts in turn; lines that would make a charge go together with the next."""
    notes: list[Document] = []
    waiting: list[str] = []
    for part in parts:
        waiting += part
        correction = Correction(lines=tuple(waiting), release=False)
        try:
            invoice = draft_credit(CreditedDocument(document, tuple(notes)), correction)
        except RefusedError as error:
            assert [each.code for each in error.findings] == ["BH504"]  # noqa: PT017
            continue
        notes.append(Document(invoice=invoice, number=f"CRN-{len(notes)}"))
        waiting = []
    assert not waiting, "the whole bill can be credited"
    return notes


def distance(invoice: Invoice) -> Decimal:
    """How far a credit's taxes are from base x rate at most, in smallest units."""
    if invoice.policy.tax_level is TaxLevel.LINE:
        return Decimal(0)  # billed line by line: what is 0.00 + 0.00 there is no cent here
    with localcontext(prec=60):
        return max(
            (
                abs(row.amount.value - row.base.value * row.rate.value / 100)
                / find_currency(invoice.currency).step
                for row in invoice.taxes
                if row.rate is not None
            ),
            default=Decimal(0),
        )


def partition(data, bill: Invoice) -> list[list[str]]:
    ids = data.draw(st.permutations([line.id for line in bill.lines]))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(ids)), max_size=3)) | {len(ids)})
    parts = [ids[low:high] for low, high in zip([0, *cuts], cuts, strict=False)]
    return [part for part in parts if part]


@settings(max_examples=150, deadline=None)
@from_any(bills() | bills(SIGNED), st.data())
def test_credits_of_any_partition_of_the_lines_come_to_the_bill_in_every_cell(bill, data) -> None:
    notes = credited(Document(invoice=bill, number="INV-1"), partition(data, bill))

    assert add_up([bill]) == add_up(note.invoice for note in notes)
    for note in notes:
        totals = note.invoice.totals
        assert list(disagreements(*figures_by_name(note.invoice).values())) == []
        assert distance(note.invoice) <= 1
        assert totals.net.value >= 0
        assert totals.gross.value >= 0


@settings(max_examples=100, deadline=None)
@from_any(bills() | bills(SIGNED), st.data())
def test_credits_of_lines_sums_and_the_rest_in_any_order_come_to_the_bill(bill, data) -> None:
    """The taxes of each credit are within a unit of base × rate."""
    document, notes = Document(invoice=bill, number="INV-1"), []
    asked = [Correction(lines=tuple(part), release=False) for part in partition(data, bill)]
    for percent in data.draw(st.lists(st.integers(1, 99), max_size=4)):
        units = round_to(bill.totals.gross.value * percent / 300, find_currency(bill.currency).step)
        asked.append(
            Correction(amount=max(units, find_currency(bill.currency).step), release=False)
        )
    for correction in data.draw(st.permutations(asked)):
        try:
            invoice = draft_credit(CreditedDocument(document, tuple(notes)), correction)
        except RefusedError as error:
            assert [each.code for each in error.findings] == ["BH504"]  # noqa: PT017
            continue
        assert distance(invoice) <= 1
        if correction.amount is not None:
            assert invoice.totals.gross.value == correction.amount
        assert list(disagreements(*figures_by_name(invoice).values())) == []
        notes.append(Document(invoice=invoice, number=f"CRN-{len(notes)}"))
    billed = CreditedDocument(document, tuple(notes))
    if not billed.gone:
        try:
            rest = draft_credit(billed, Correction(release=False))
        except RefusedError as error:
            assert [each.code for each in error.findings] == ["BH504"]  # noqa: PT017
            return  # what is left has amounts of both signs
        billed = billed.with_credit(rest)

    whole = {k: v for k, v in billed.whole.items() if k[0] not in {"line", "portion"} and v}
    assert whole == {k: v for k, v in billed.credited.items() if k[0] in KEPT and v}
    assert billed.gone


KEPT = {"base", "tax", "after", "net", "gross", "payable"}


@settings(max_examples=100, deadline=None)
@from_any(bills(), st.lists(st.integers(1, 99), max_size=3))
def test_credits_of_sums_and_then_of_the_rest_come_to_the_bill_by_class(bill, percents) -> None:
    document = Document(invoice=bill, number="INV-1")
    notes: list[Document] = []
    for percent in percents:
        left = bill.totals.gross.value - sum(n.invoice.totals.gross.value for n in notes)
        amount = round_to(left * percent / 100, find_currency(bill.currency).step)
        if amount > 0:
            correction = Correction(amount=amount, release=False)
            invoice = draft_credit(CreditedDocument(document, tuple(notes)), correction)

            assert invoice.totals.gross.value == amount
            assert list(disagreements(*figures_by_name(invoice).values())) == []
            notes.append(Document(invoice=invoice, number="CRN"))
    rest = draft_credit(CreditedDocument(document, tuple(notes)), Correction(release=False))
    whole = CreditedDocument(document, (*notes, Document(invoice=rest)))

    mine = {k: v for k, v in whole.credited.items() if k[0] in KEPT and v}
    assert {k: v for k, v in whole.whole.items() if k[0] in KEPT and v} == mine
    assert bill.totals.payable.value == sum(
        note.invoice.totals.payable.value for note in whole.credits
    )
    assert whole.gone


def test_a_full_credit_has_the_very_figures_of_the_document() -> None:
    store = memory_store()
    extras = Extras(adjustments=(discount("10"),))
    draft = ENGINE.draft(job(extras=extras), [item("a", "60.00"), item("b", "40.00", "reduced")])
    issued = issue(ENGINE, store, draft, series=INVOICES, actor=actor()).document

    made = credit(ENGINE, store, issued.number, Correction(release=True), actor(reason="wrong"))

    note = made.document.invoice
    assert note.lines == issued.invoice.lines
    assert note.totals == issued.invoice.totals
    assert note.taxes == issued.invoice.taxes
    assert note.type_code == "381"
    assert note.references[0].number == "INV-2026-00001"
    assert made.document.number == "CRN-2026-00001"
    assert made.released == 2
    with store.read() as reading:
        assert [link.kind for link in reading.links(issued.number)] == [REVERSED]
        past = history(reading, "sample", draft.records, ENGINE.plugins)
    assert past.documents == ()
    assert past.billed == {}
    assert verify(store, ENGINE.plugins).findings == ()


def discount(amount: str) -> Adjustment:
    return Adjustment(
        id="discount",
        label="Discount",
        stage=Stage.BEFORE_TAX,
        kind=AdjustmentKind.ALLOWANCE,
        amount=given(Decimal(amount), "USD", "test.discount"),
    )


def test_a_credit_of_a_line_takes_its_part_of_discount_and_tax() -> None:
    # 60 and 40, less 10, taxed at 20 %: of the discount 6 fall on the first line, of the tax
    # 20 % of 90 = 18 falls 60/100 = 10.80 on it.
    store = memory_store()
    extras = Extras(adjustments=(discount("10"),))
    draft = ENGINE.draft(job(extras=extras), [item("a", "60.00"), item("b", "40.00")])
    number = issue(ENGINE, store, draft, series=INVOICES, actor=actor()).document.number

    made = credit(
        ENGINE, store, number, Correction(lines=("a",), release=True), actor(reason="broken")
    )

    note = made.document.invoice
    assert Decimal("6.00") == note.adjustments[0].amount.value
    assert Decimal("10.80") == note.totals.tax.value
    assert Decimal("64.80") == note.totals.payable.value
    assert made.released == 1
    with store.read() as reading:
        past = history(reading, "sample", draft.records, ENGINE.plugins)
    assert [line.id for line in past.documents[0].invoice.lines] == ["b"]
    assert past.billed == {"b": number}


def test_a_line_is_credited_once() -> None:
    store = memory_store()
    draft = ENGINE.draft(job(), [item("a", "60.00"), item("b", "40.00")])
    number = issue(ENGINE, store, draft, series=INVOICES, actor=actor()).document.number
    once = Correction(lines=("a",), release=False)
    credit(ENGINE, store, number, once, actor(reason="broken"))

    with pytest.raises(RefusedError) as refused:
        credit(ENGINE, store, number, once, actor(reason="broken"))

    assert [f.code for f in refused.value.findings] == ["BH504"]
    assert "line a: 120.00 of 60.00" in str(refused.value)


@pytest.mark.parametrize(
    ("correction", "code"),
    [
        (Correction(amount=Decimal("120.01"), release=False), "BH504"),
        (Correction(amount=Decimal("0.001"), release=False), "BH504"),
        (Correction(amount=Decimal(0), release=False), "BH504"),
        (Correction(amount=Decimal(-1), release=False), "BH504"),
        (Correction(lines=("zzz",), release=False), "BH504"),
        (Correction(date=dt.date(2026, 6, 29), release=False), "BH519"),
        (Correction(lines=("a",), date=dt.date(2020, 1, 1), release=False), "BH519"),
    ],
)
def test_a_credit_beyond_the_document_is_refused_and_nothing_changes(correction, code) -> None:
    store = memory_store()
    draft = ENGINE.draft(job(), [item("a", "60.00"), item("b", "40.00")])
    number = issue(ENGINE, store, draft, series=INVOICES, actor=actor()).document.number

    with pytest.raises(RefusedError) as refused:
        credit(ENGINE, store, number, correction, actor(reason="broken"))

    assert [f.code for f in refused.value.findings] == [code]
    with store.read() as reading:
        assert len(list(reading.entries())) == 1


def test_a_sum_that_is_no_credit_is_not_said_to_be_too_much() -> None:
    document = Document(invoice=ENGINE.draft(job(), [item("a", "60.00")]).invoice, number="X-1")

    with pytest.raises(RefusedError, match=r"above zero, got -5\.00 USD"):
        draft_credit(CreditedDocument(document), Correction(amount=Decimal(-5), release=False))
    with pytest.raises(RefusedError, match=r"0\.001 is finer than 0\.01 USD"):
        draft_credit(CreditedDocument(document), Correction(amount=Decimal("0.001"), release=False))


def test_credits_by_amount_that_reach_the_whole_take_the_document_back() -> None:
    store = memory_store()
    draft = ENGINE.draft(job(), [item("a", "60.00"), item("b", "40.00")])
    number = issue(ENGINE, store, draft, series=INVOICES, actor=actor()).document.number
    for amount in ("50.00", "70.00"):
        made = credit(
            ENGINE,
            store,
            number,
            Correction(amount=Decimal(amount), release=False),
            actor(reason="goodwill"),
        )

    assert Decimal("70.00") == made.document.invoice.totals.payable.value
    with pytest.raises(RefusedError) as refused:
        credit(ENGINE, store, number, Correction(release=False), actor(reason="again"))
    assert [f.code for f in refused.value.findings] == ["BH506"]
    assert verify(store, ENGINE.plugins).findings == ()


def test_a_credit_needs_a_reason() -> None:
    with pytest.raises(RefusedError) as refused:
        credit(ENGINE, memory_store(), "INV-1", Correction(release=False), actor())

    assert [f.code for f in refused.value.findings] == ["BH507"]
    assert refused.value.findings[0].severity is Severity.ERROR


def test_a_record_is_free_when_every_line_of_it_is_credited() -> None:
    """A load is billed as linehaul and as fuel; crediting the fuel alone does not free it."""
    store = memory_store()
    number = issue(PARTS, store, drafted(), series=INVOICES, actor=actor()).document.number

    counts = [
        credit(PARTS, store, number, Correction(lines=(part,), release=True), actor(reason="late"))
        for part in ("fuel", "linehaul")
    ]

    assert [made.released for made in counts] == [0, 1]
    assert verify(store, PARTS.plugins).findings == ()


@hookimpl
def billhook_rate(job, records):
    charges = (
        Charge(
            id=part,
            description=part,
            amount=given(Decimal(50), job.currency, "test.price"),
            sources=(record.key,),
            part=part,
        )
        for record in records
        for part in ("linehaul", "fuel")
    )
    return Rating(charges=tuple(charges))


PARTS = Engine([("parts", Inline(billhook_rate=billhook_rate)), ("tax_table", tax_table)])


def drafted():
    return PARTS.draft(job(plugins=()), [item("load", "1.00")])
