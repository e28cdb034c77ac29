"""Printed sections: the summary, the work of the period, the changes, the schedule sheet."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from billhook.kernel.figure import PERCENT, given
from billhook.kernel.text import Label, Text, labels
from billhook.model.document import Document
from billhook.model.invoice import Invoice, Line
from billhook.model.section import (
    Block,
    Cell,
    Chart,
    ChartKind,
    ChartSeries,
    Column,
    Pairs,
    RowStyle,
    Section,
    Slot,
    Table,
    TableRow,
)
from billhook_construction.details import WorkDetail
from billhook_construction.rating.wording import words
from billhook_construction.sections.change_orders import change_table
from billhook_construction.sections.column_sums import comparable, sum_of
from billhook_construction.sections.schedule_sheet import continuation, group_by_label
from billhook_construction.state import ConstructionState

_ = labels("billhook_construction")


def sections(document: Document) -> Iterator[Section]:
    """Yield the sections of an application for payment."""
    for state in document.invoice.states:
        if isinstance(state.value, ConstructionState):
            yield from _sections(document.invoice, state.value)


def _sections(invoice: Invoice, state: ConstructionState) -> Iterator[Section]:
    yield Section(slot=Slot.HEAD, blocks=(_facts(state),))
    yield Section(slot=Slot.BEFORE_LINES, blocks=(_summary(invoice, state),), title=_("Summary"))
    yield Section(slot=Slot.LINES, blocks=(_work(invoice),), title=_("Work in this period"))
    yield from _after_totals(state)
    yield continuation(state)


def _after_totals(state: ConstructionState) -> Iterator[Section]:
    blocks: list[Block] = []
    if state.changes:
        blocks.append(change_table(state))
    if state.retainage.honoured:
        blocks.append(_releases(state))
    if state.chart:
        blocks.append(_chart(state))
    if blocks:
        yield Section(slot=Slot.AFTER_TOTALS, blocks=tuple(blocks))


def _releases(state: ConstructionState) -> Table:
    """Return the releases of retainage so far, with their reasons."""
    columns = (
        Column(_("Approved")),
        Column(_("Description"), width=6),
        Column(_("Percent"), align="right"),
        Column(_("Amount")),
    )
    unit, rows = state.summary.retained.unit, []
    for event in state.retainage.honoured:
        percent, amount = None, None
        if event.amount is not None:
            amount = given(event.amount, unit, "construction.release.amount")
        else:
            share = Decimal(100) if event.percent is None else event.percent
            at = event.at.isoformat()
            percent = given(share, PERCENT, "construction.release.rate", at=at)
        rows.append(TableRow((event.at, event.reason, percent, amount)))
    return Table(columns, tuple(rows), title=words(state.wording).column)


def _facts(state: ConstructionState) -> Pairs:
    items: list[tuple[Text, Cell]] = [(_("Application no."), str(state.application))]
    named = (
        (_("Contract"), state.contract),
        (_("Project"), state.project),
        (_("Certifier"), state.certifier),
    )
    items.extend((label, value) for label, value in named if value)
    return Pairs(tuple(items))


# ── the summary ──────────────────────────────────────────────────────────────


def _summary(invoice: Invoice, state: ConstructionState) -> Pairs:
    summary, said = state.summary, words(state.wording)
    items: tuple[tuple[Text, Cell], ...] = (
        (_("Contract sum before changes"), summary.original),
        (_("Approved changes"), summary.changes),
        (_("Contract sum with changes"), summary.contract_sum),
        (_("Completed and stored to date"), summary.to_date),
        (said.work, summary.retained_work),
        (said.stored, summary.retained_stored),
        (said.both, summary.retained),
        (said.earned, summary.earned),
        (_("Previous certificates"), summary.previous_certificates),
        (_due_label(invoice), summary.due),
        (said.balance, summary.balance),
    )
    strong = frozenset(index for index, (_label, value) in enumerate(items) if value is summary.due)
    return Pairs(items, strong=strong)


def _due_label(invoice: Invoice) -> Label:
    taxed = invoice.totals.tax.value or invoice.totals.tax_withheld.value
    return _("Due for this application, before tax") if taxed else _("Due for this application")


# ── the work of the period ───────────────────────────────────────────────────


def _work(invoice: Invoice) -> Table:
    columns = (
        Column(_("Item")),
        Column(_("Description"), width=6),
        Column(_("Complete")),
        Column(_("Work")),
        Column(_("Stored material")),
        Column(_("Amount"), carry=True),
    )
    rows: list[TableRow] = []
    group: Text = ""
    for line in invoice.lines:
        if line.group and line.group != group:
            rows.append(TableRow((line.group,), RowStyle.GROUP))
        group = line.group
        rows.extend(_line_rows(line))
    return Table(columns, tuple(rows))


def _line_rows(line: Line) -> Iterator[TableRow]:
    detail = line.detail
    if not isinstance(detail, WorkDetail):
        yield TableRow(("", line.description, None, None, None, line.amount))
        return
    yield TableRow(
        (
            detail.item,
            line.description,
            detail.percent,
            detail.work,
            detail.stored if detail.stored.value else None,
            line.amount,
        )
    )
    if detail.note:
        yield TableRow(("", detail.note), RowStyle.NOTE)


# ── the chart ────────────────────────────────────────────────────────────────


def _chart(state: ConstructionState) -> Chart:
    groups = [(name, rows) for name, rows in group_by_label(state.rows) if comparable(rows)]
    return Chart(
        title=_("Progress"),
        kind=ChartKind.PROGRESS,
        categories=tuple(name or _("Other work") for name, _rows in groups),
        series=(
            ChartSeries(
                _("Completed and stored to date"),
                tuple(sum_of(rows, "to_date") for _name, rows in groups),
            ),
            ChartSeries(
                _("Scheduled value"), tuple(sum_of(rows, "value") for _name, rows in groups)
            ),
        ),
    )
