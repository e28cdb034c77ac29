"""The schedule sheet: every row of the schedule, from its value to what is held of it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from billhook.kernel.text import Text, labels
from billhook.model.section import (
    Cell,
    Column,
    Orientation,
    RowStyle,
    Section,
    Slot,
    Table,
    TableRow,
)
from billhook_construction.rating.charges import group_of
from billhook_construction.rating.sheet import percent_of
from billhook_construction.rating.wording import words
from billhook_construction.sections.column_sums import comparable, sum_of
from billhook_construction.state import ConstructionState, SheetRow

_ = labels("billhook_construction")

Group = tuple[Text, list[SheetRow]]


def continuation(state: ConstructionState) -> Section:
    """Return the sheet, on pages of its own."""
    return Section(
        slot=Slot.SHEET,
        title=_("Schedule sheet, application no. {number}", number=state.application),
        orientation=Orientation.LANDSCAPE,
        blocks=(Table(_columns(state), tuple(_rows(state))),),
    )


def group_by_label(rows: Sequence[SheetRow]) -> list[Group]:
    """Return the rows by group, in the order of the sheet; those of one group stand together."""
    groups: dict[Text, list[SheetRow]] = {}
    for row in rows:
        groups.setdefault(group_of(row), []).append(row)
    return list(groups.items())


def _columns(state: ConstructionState) -> tuple[Column, ...]:
    return (
        Column(_("Item")),
        Column(_("Description"), width=6),
        Column(_("Scheduled value"), carry=True),
        Column(_("Completed before"), carry=True),
        Column(_("Completed this period"), carry=True),
        Column(_("Stored now"), carry=True),
        Column(_("Completed and stored to date"), carry=True),
        Column(_("Percent"), align="right"),
        Column(_("Balance to finish"), carry=True),
        Column(words(state.wording).column, carry=True),
    )


def _rows(state: ConstructionState) -> Iterator[TableRow]:
    groups = group_by_label(state.rows)
    for name, rows in groups:
        if name:
            yield TableRow((name,), RowStyle.GROUP)
        for order, members in itertools.groupby(rows, key=lambda row: row.change_order):
            yield from _members(order, list(members))
        if name and len(groups) > 1:
            label = _("Total of {group}", group=name)
            yield TableRow(_sums(label, rows), RowStyle.SUBTOTAL)
    yield TableRow(_sums(_("Total"), state.rows), RowStyle.TOTAL)


def _members(order: str, rows: Sequence[SheetRow]) -> Iterator[TableRow]:
    """Yield rows; those of a change order name it, unless they are its only row."""
    for row in rows:
        text = row.description if order in {"", row.item} else f"{order}: {row.description}"
        yield TableRow(_cells(row.item, text, row))


def _cells(item: str, text: Text, row: SheetRow) -> tuple[Cell, ...]:
    return (
        item,
        text,
        row.value,
        row.previous,
        row.current,
        row.stored,
        row.to_date,
        row.percent,
        row.balance,
        row.retained,
    )


def _sums(text: Text, rows: Sequence[SheetRow]) -> tuple[Cell, ...]:
    value, to_date = sum_of(rows, "value"), sum_of(rows, "to_date")
    return (
        "",
        text,
        value,
        sum_of(rows, "previous"),
        sum_of(rows, "current"),
        sum_of(rows, "stored"),
        to_date,
        percent_of(to_date, value) if comparable(rows) else None,
        sum_of(rows, "balance"),
        sum_of(rows, "retained"),
    )
