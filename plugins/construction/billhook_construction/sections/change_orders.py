"""The table of change orders: what was added and taken away, before and in this application."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from billhook.kernel.figure import Figure, total
from billhook.kernel.text import Label, labels
from billhook.model.section import Cell, Column, RowStyle, Table, TableRow
from billhook_construction.state import ChangeRow, ConstructionState

_ = labels("billhook_construction")


def change_table(state: ConstructionState) -> Table:
    """Return the table of all change orders, the approved and those that wait."""
    columns = (
        Column(_("Number")),
        Column(_("Description"), width=6),
        Column(_("Approved")),
        Column(_("Additions")),
        Column(_("Deductions")),
    )
    return Table(columns, tuple(_rows(state)), title=_("Change orders"))


def _rows(state: ConstructionState) -> Iterator[TableRow]:
    before = [row for row in state.changes if 0 < row.application < state.application]
    now = [row for row in state.changes if row.application == state.application]
    waiting = [row for row in state.changes if not row.application]
    unit = state.summary.changes.unit
    yield from _block(before, _("In earlier applications"), unit)
    yield from _block(now, _("In this application"), unit)
    yield TableRow(
        (None, _("Approved changes, net"), None, None, state.summary.changes), RowStyle.TOTAL
    )
    yield from _block(waiting, _("Not approved, not in the contract sum"), unit)


def _block(rows: Sequence[ChangeRow], name: Label, unit: str) -> Iterator[TableRow]:
    if not rows:
        return
    yield TableRow((name,), RowStyle.GROUP)
    for row in rows:
        yield TableRow((row.number, row.description, row.date, *_sides(row.amount)))
    if len(rows) == 1:
        return
    added = total(_amounts(rows, positive=True), "construction.change.additions", unit)
    taken = total(_amounts(rows, positive=False), "construction.change.deductions", unit)
    yield TableRow((None, _("Total"), None, added, taken), RowStyle.SUBTOTAL)


def _sides(amount: Figure) -> tuple[Cell, Cell]:
    return (amount, None) if amount.value >= 0 else (None, amount)


def _amounts(rows: Iterable[ChangeRow], *, positive: bool) -> Iterator[Figure]:
    return (row.amount for row in rows if (row.amount.value >= 0) is positive)
