"""The lists of fees, expenses and other lines, with the columns that their readers look for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from billhook.i18n import captions
from billhook.kernel.figure import Figure, total
from billhook.kernel.text import Label, Text, labels
from billhook.model.invoice import Line
from billhook.model.section import Cell, Column, RowStyle, Table, TableRow
from billhook_legal.details import ExpenseDetail, TimeDetail
from billhook_legal.sections.summary import hours, rounding_note

_ = labels("billhook_legal")

Cells = Callable[[Line], tuple[Cell, ...]]
Sums = Callable[[Sequence[Line]], tuple[Cell, ...]]


def fee_table(lines: Sequence[Line], currency: str) -> Table:
    """Return the time entries: day, who, what, hours, rate, amount."""
    coded = any(_task(line) for line in lines)
    columns = (
        Column(captions.DATE),
        # NOTE: Head of a narrow column with the initials of who worked.
        Column(_("By")),
        *((Column(_("Task")),) if coded else ()),
        Column(captions.DESCRIPTION, width=1),
        Column(captions.HOURS, align="right"),
        Column(captions.RATE, align="right"),
        _amount(currency),
    )

    def cells(line: Line) -> tuple[Cell, ...]:
        who = line.detail.timekeeper if isinstance(line.detail, TimeDetail) else ""
        task = (_task(line),) if coded else ()
        return (line.date, who, *task, line.description, line.quantity, line.unit_price)

    def sums(members: Sequence[Line]) -> tuple[Cell, ...]:
        return hours(members), None

    text = 3 if coded else 2
    rows = list(_rows(lines, cells, sums, captions.FEES, text))
    rows.extend(rounding_note(rows, text + 1, text))
    return Table(columns, tuple(rows), captions.FEES)


def plain_table(lines: Sequence[Line], currency: str, title: Label) -> Table:
    """Return expenses or other lines: day, what, how many at which price, amount."""
    coded = any(_code(line) for line in lines)
    counted = any(line.quantity is not None for line in lines)
    columns = (
        Column(captions.DATE),
        *((Column(_("Code")),) if coded else ()),
        Column(captions.DESCRIPTION, width=1),
        *((Column(captions.QUANTITY, align="right"),) if counted else ()),
        *((Column(captions.UNIT_PRICE, align="right"),) if counted else ()),
        _amount(currency),
    )

    def cells(line: Line) -> tuple[Cell, ...]:
        code = (_code(line),) if coded else ()
        many = (line.quantity, line.unit_price) if counted else ()
        return (line.date, *code, line.description, *many)

    def sums(_: Sequence[Line]) -> tuple[Cell, ...]:
        return (None, None) if counted else ()

    rows = _rows(lines, cells, sums, title, 2 if coded else 1)
    return Table(columns, tuple(rows), title)


def _amount(currency: str) -> Column:
    head = _("{name} {currency}", name=captions.AMOUNT, currency=currency)
    return Column(head, align="right", carry=True)


def _task(line: Line) -> str:
    if not isinstance(line.detail, TimeDetail):
        return ""
    return " ".join(code for code in (line.detail.task, line.detail.activity) if code)


def _code(line: Line) -> str:
    return line.detail.code if isinstance(line.detail, ExpenseDetail) else ""


def _rows(
    lines: Sequence[Line], cells: Cells, sums: Sums, title: Label, text: int
) -> Iterator[TableRow]:
    """Yield the lines under their groups; ``text`` is the column of the words."""
    groups: dict[Text, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.group, []).append(line)
    for name, members in groups.items():
        if len(groups) > 1:
            yield TableRow((*_blank(text), name), RowStyle.GROUP)
        for line in members:
            yield from _line(line, cells, text)
        if len(groups) > 1:
            head = (*_blank(text), captions.total_for(name))
            yield TableRow((*head, *sums(members), _sum(members)), RowStyle.SUBTOTAL)
    head = (*_blank(text), captions.total_for(title))
    yield TableRow((*head, *sums(lines), _sum(lines)), RowStyle.TOTAL)


def _line(line: Line, cells: Cells, text: int) -> Iterator[TableRow]:
    yield TableRow((*cells(line), line.amount))
    for note in (_own_rate(line), _note(line)):
        if note:
            yield TableRow((*_blank(text), note), RowStyle.NOTE)


def _own_rate(line: Line) -> str:
    """Return what is said below a line with a rate of its own."""
    return line.detail.rate_reason if isinstance(line.detail, TimeDetail) else ""


def _note(line: Line) -> Label | None:
    """Return what is said below a line whose fee or cost was changed."""
    gross, change, reason = line.gross, line.adjustment, line.adjustment_reason
    if gross is None or change is None or not change.value:
        return None
    if line.amount.value:
        return _("{reason}: {change} on {gross}", reason=reason, change=change, gross=gross)
    if not reason:
        return _("No charge (worth {gross})", gross=gross)
    return _("No charge: {reason} (worth {gross})", reason=reason, gross=gross)


def _sum(lines: Iterable[Line]) -> Figure:
    return total((line.amount for line in lines), "legal.summary.amount")


def _blank(count: int) -> tuple[None, ...]:
    return (None,) * count
