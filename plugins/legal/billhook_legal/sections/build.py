"""Sections: the matter at the head, lines with their timekeepers, and the summaries."""

from __future__ import annotations

from collections.abc import Iterator

from billhook.i18n import captions
from billhook.kernel.text import Label, labels
from billhook.model.document import Document
from billhook.model.invoice import Invoice
from billhook.model.section import Block, Cell, Pairs, Section, Slot
from billhook_legal.details import ExpenseDetail, LegalState, TimeDetail
from billhook_legal.sections.hours_chart import hours_chart
from billhook_legal.sections.line_tables import fee_table, plain_table
from billhook_legal.sections.summary import expense_summary, task_summary, timekeeper_summary
from billhook_legal.settings import Matter

_ = labels("billhook_legal")


def sections(document: Document) -> Iterator[Section]:
    """Yield what is shown of a legal bill; nothing of a bill without legal lines."""
    invoice = document.invoice
    state = next((s.value for s in invoice.states if isinstance(s.value, LegalState)), None)
    if state is None:
        return
    if any(matter.name or matter.reference for matter in state.matters):
        yield Section(slot=Slot.HEAD, blocks=(Pairs(tuple(_matters(state))),))
    yield Section(slot=Slot.LINES, blocks=tuple(_lines(invoice)))
    summaries = tuple(_summaries(invoice, state))
    if summaries:
        yield Section(slot=Slot.AFTER_TOTALS, blocks=summaries, title=captions.SUMMARY)


def _matters(state: LegalState) -> Iterator[tuple[Label, Cell]]:
    for matter in state.matters:
        yield _("Matter"), _name_of(matter)
        if matter.reference:
            yield _("Your matter number"), matter.reference


def _name_of(matter: Matter) -> str:
    return f"{matter.name} ({matter.id})" if matter.name else matter.id


def _lines(invoice: Invoice) -> Iterator[Block]:
    fees = [line for line in invoice.lines if isinstance(line.detail, TimeDetail)]
    expenses = [line for line in invoice.lines if isinstance(line.detail, ExpenseDetail)]
    if fees:
        yield fee_table(fees, invoice.currency)
    if expenses:
        yield plain_table(expenses, invoice.currency, captions.EXPENSES)
    known = TimeDetail | ExpenseDetail
    rest = [line for line in invoice.lines if not isinstance(line.detail, known)]
    if rest:
        yield plain_table(rest, invoice.currency, _("Other items"))


def _summaries(invoice: Invoice, state: LegalState) -> Iterator[Block]:
    fees = [line for line in invoice.lines if isinstance(line.detail, TimeDetail)]
    expenses = [line for line in invoice.lines if isinstance(line.detail, ExpenseDetail)]
    if fees:
        yield timekeeper_summary(fees, state, invoice.currency)
    if fees and state.tasks:
        yield task_summary(fees, invoice.currency)
    if (kinds := expense_summary(expenses, invoice.currency)) is not None:
        yield kinds
    if fees and state.charts:
        yield hours_chart(fees, state)
