"""Summaries: what each timekeeper, task and kind of expense came to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from billhook.i18n import captions
from billhook.kernel.figure import Figure, total
from billhook.kernel.text import Text, labels
from billhook.model.invoice import Line
from billhook.model.section import Cell, Column, RowStyle, Table, TableRow
from billhook_legal.details import ExpenseDetail, LegalState, TimeDetail
from billhook_legal.rating.hours import hours_together
from billhook_legal.rating.timekeeper_classes import class_of
from billhook_legal.rating.utbms import name_of
from billhook_legal.settings import Timekeeper

_ = labels("billhook_legal")

K = TypeVar("K")

AMOUNT = "legal.summary.amount"
HOURS = "legal.summary.hours"


def hours(lines: Iterable[Line]) -> Figure:
    """Return the hours of fee lines."""
    return hours_together(line.quantity for line in lines if line.quantity is not None)


def rounding_note(rows: Iterable[TableRow], column: int, text: int = 0) -> Iterator[TableRow]:
    """Yield what is said where rounded hours do not add up to their total, the last row.

    Args:
        rows: A table's rows.
        column: Where the hours stand.
        text: Where the words stand.
    """
    *others, whole = rows
    printed = [row.cells[column] for row in others if row.style is RowStyle.NORMAL]
    added = total((cell for cell in printed if isinstance(cell, Figure)), HOURS, "h")
    last = whole.cells[column]
    if isinstance(last, Figure) and added.value != last.value:
        yield TableRow((*(None,) * text, captions.ROUNDED_QUANTITIES), RowStyle.NOTE)


def worked_by(line: Line) -> str:
    """Return the id of a fee line's timekeeper."""
    return line.detail.timekeeper if isinstance(line.detail, TimeDetail) else ""


# ── by timekeeper ────────────────────────────────────────────────────────────


def timekeeper_summary(lines: Sequence[Line], state: LegalState, currency: str) -> Table:
    """Return hours, rate and amount of each timekeeper; a row for each rate there was.

    What was written down or not charged has columns of its own, if there was any.
    """
    adjusted = any(line.adjustment is not None for line in lines)
    columns = (
        Column(_("Timekeeper"), width=2),
        Column(_("Class"), width=1),
        Column(captions.HOURS, align="right"),
        Column(captions.RATE, align="right"),
        *((Column(_("At rate"), align="right"),) if adjusted else ()),
        *((Column(_("Adjustment"), align="right"),) if adjusted else ()),
        Column(captions.AMOUNT, align="right"),
    )
    rows = [
        row for person in state.timekeepers for row in _person(person, lines, adjusted=adjusted)
    ]
    sums = (hours(lines), None, *_money(lines, currency, adjusted=adjusted))
    rows.append(TableRow((captions.TOTAL, None, *sums), RowStyle.TOTAL))
    rows.extend(rounding_note(rows, 2))
    return Table(columns, tuple(rows), _("Timekeepers"))


def _person(person: Timekeeper, lines: Sequence[Line], *, adjusted: bool) -> Iterator[TableRow]:
    own = [line for line in lines if worked_by(line) == person.id]
    rates = _by(own, lambda line: line.unit_price.value if line.unit_price else None)
    for members in rates.values():
        rate, currency = members[0].unit_price, members[0].amount.unit
        name = _("{name} ({id})", name=person.name, id=person.id)
        sums = (hours(members), rate, *_money(members, currency, adjusted=adjusted))
        yield TableRow((name if person.name != person.id else person.id, class_of(person), *sums))
    if len(rates) > 1:
        sums = (hours(own), None, *_money(own, own[0].amount.unit, adjusted=adjusted))
        yield TableRow((captions.total_for(person.name), None, *sums), RowStyle.SUBTOTAL)


def _money(lines: Sequence[Line], currency: str, *, adjusted: bool) -> tuple[Cell, ...]:
    amount = total((line.amount for line in lines), AMOUNT, currency)
    if not adjusted:
        return (amount,)
    gross = total((line.gross or line.amount for line in lines), "legal.summary.gross", currency)
    changes = (line.adjustment for line in lines if line.adjustment is not None)
    return gross, total(changes, "legal.summary.adjustment", currency), amount


# ── by task and by kind of expense ───────────────────────────────────────────


def task_summary(lines: Sequence[Line], currency: str) -> Table:
    """Return hours and fees of each task."""
    columns = (
        Column(_("Task"), width=1),
        Column(captions.HOURS, align="right"),
        Column(captions.AMOUNT, align="right"),
    )
    groups = _by(
        lines, lambda line: line.detail.task if isinstance(line.detail, TimeDetail) else ""
    )
    rows = [
        TableRow((_title_of(code, _("Other work")), hours(members), _sum(members, currency)))
        for code, members in sorted(groups.items(), key=lambda item: _last_if_empty(item[0]))
    ]
    rows.append(TableRow((captions.TOTAL, hours(lines), _sum(lines, currency)), RowStyle.TOTAL))
    rows.extend(rounding_note(rows, 1))
    return Table(columns, tuple(rows), _("Fees by task"))


def expense_summary(lines: Sequence[Line], currency: str) -> Table | None:
    """Return the amount of each kind of expense; nothing when the list says the same."""
    columns = (Column(_("Expense"), width=1), Column(captions.AMOUNT, align="right"))
    groups = _by(
        lines, lambda line: line.detail.code if isinstance(line.detail, ExpenseDetail) else ""
    )
    if not 1 < len(groups) < len(lines):
        return None
    rows = [
        TableRow((_title_of(code, _("Other expenses")), _sum(members, currency)))
        for code, members in sorted(groups.items(), key=lambda item: _last_if_empty(item[0]))
    ]
    rows.append(TableRow((captions.TOTAL, _sum(lines, currency)), RowStyle.TOTAL))
    return Table(columns, tuple(rows), captions.EXPENSES)


def _by(lines: Iterable[Line], key: Callable[[Line], K]) -> dict[K, list[Line]]:
    groups: dict[K, list[Line]] = {}
    for line in lines:
        groups.setdefault(key(line), []).append(line)
    return groups


def _title_of(code: str, without: Text) -> Text:
    if not code:
        return without
    return f"{code} {name_of(code)}".rstrip()


def _last_if_empty(code: str) -> tuple[bool, str]:
    return not code, code


def _sum(lines: Iterable[Line], currency: str) -> Figure:
    return total((line.amount for line in lines), AMOUNT, currency)
