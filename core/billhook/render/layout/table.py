"""Tables in type: columns measured, rows set as strips."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

import attrs

from billhook.i18n import terms
from billhook.model.section import RowStyle
from billhook.render.grid import Grid, GridRow, Written
from billhook.render.layout.columns import Columns, Measures
from billhook.render.layout.marks import Area, Mark, Rule, Words
from billhook.render.layout.strip import RunningTable, Strip
from billhook.render.layout.typography import Style, Typography
from billhook.render.pdf.font import Line
from billhook.render.pdf.geometry import Pt
from billhook.text import Label

_WHOLE = 5
"""A row of so many lines is never broken; of a longer one two lines stay together at each end."""

_SLACK: Pt = 0.01

_HEAD = 0.7
"""A group's head that is repeated takes this part of the width at most."""

_GROUP_GAP = 2.6
"""Space over a group's head, as a multiple of a row's gap."""


def table_strips(
    grid: Grid, x: Pt, width: Pt, type_: Typography, measures: Measures | None = None
) -> list[Strip]:
    """Return a table as strips: its head, and each row in one or more.

    Args:
        grid: The table, written.
        x: Where it begins in its frame.
        width: How wide it is.
        type_: The typography.
        measures: What was measured for the document before.
    """
    table = _Table(grid, (measures or Measures()).of(grid, width, type_), x, width, type_)
    return list(table.strips())


class _Table:
    """A table that is being set."""

    def __init__(self, grid: Grid, columns: Columns, x: Pt, width: Pt, type_: Typography) -> None:
        self.grid = grid
        self.columns = columns
        self.x = x
        self.width = width
        self.type = type_
        self.pad: Pt = type_.theme.gaps.row
        self.styles = {
            RowStyle.NORMAL: columns.style(type_.body),
            RowStyle.GROUP: columns.style(type_.group),
            RowStyle.NOTE: columns.style(type_.small),
            RowStyle.SUBTOTAL: columns.style(type_.strong),
            RowStyle.TOTAL: columns.style(type_.strong),
        }
        self.running = self._running()
        self.again: Callable[[], Strip] | None = None

    def strips(self) -> Iterator[Strip]:
        """Yield the head and the rows, with what must stay together."""
        if self.running.head:
            yield attrs.evolve(self.running.head, keep=True, table=self.running)
        rows = self.grid.rows
        for place, row in enumerate(rows):
            before = rows[place - 1] if place else None
            after = rows[place + 1] if place + 1 < len(rows) else None
            grouped = place == 1 and rows[0].style is RowStyle.GROUP
            ends = (place in (0, len(rows) - 2) or grouped) and after is not None
            yield from self._row(row, before, keep=ends or _keeps(row, before, after))
            if row.style is RowStyle.GROUP:
                self.again = functools.partial(self._again, row)
            elif row.style is not RowStyle.NORMAL:
                self.again = None if row.style is not RowStyle.NOTE else self.again

    # ── rows ─────────────────────────────────────────────────────────────────

    def _row(self, row: GridRow, before: GridRow | None, *, keep: bool) -> Iterator[Strip]:
        style = self.styles[row.style]
        cells = self.columns.lines.get(id(row))
        if cells is None:
            cells = self.columns.lines[id(row)] = list(self._cells(row, style))
        count = max((len(lines) for _, _, lines, _ in cells), default=1)
        above, below = self._pads(row, before)
        ruled = self._rules(row, before)
        if count <= _WHOLE:
            marks = [*ruled, *self._words(cells, style, range(count), above)]
            height = above + count * style.leading + below
            mark = row.cells[0].text if row.style is RowStyle.GROUP else ""
            again = self.again if row.style is RowStyle.NORMAL else None
            yield Strip(height, marks, keep, self.running, row.carries, again, bookmark=mark)
            return
        yield from self._long(row, cells, count, ruled, keep=keep, pads=(above, below))

    def _long(
        self,
        row: GridRow,
        cells: list[_Cell],
        count: int,
        ruled: list[Mark],
        *,
        keep: bool,
        pads: tuple[Pt, Pt],
    ) -> Iterator[Strip]:
        """Yield a long row line by line, so that it may go on on the next page."""
        style = self.styles[row.style]
        for place in range(count):
            first, last = place == 0, place == count - 1
            above = pads[0] if first else 0
            marks = [*(ruled if first else ()), *self._words(cells, style, (place,), above)]
            height = above + style.leading + (pads[1] if last else 0)
            holds = first or place == count - 2 or (last and keep)
            carries = row.carries if first else ()
            again = self.again if row.style is RowStyle.NORMAL else None
            yield Strip(height, marks, holds, self.running, carries, again)

    def _pads(self, row: GridRow, before: GridRow | None) -> tuple[Pt, Pt]:
        if row.style is RowStyle.GROUP:
            return (self.pad * _GROUP_GAP if before else self.pad), self.pad / 2
        return (0 if row.style is RowStyle.NOTE else self.pad), self.pad

    def _rules(self, row: GridRow, before: GridRow | None) -> list[Mark]:
        rules, type_ = self.type.theme.rules, self.type
        if row.style is RowStyle.TOTAL:
            return [Rule(self.x, 0, self.width, rules.head or rules.hair, type_.text)]
        if before is None or row.style in (RowStyle.NOTE, RowStyle.GROUP) or not rules.hair:
            return []
        if before.style is RowStyle.GROUP or row.cells[0].text.startswith(NBSP):
            return []
        return [Rule(self.x, 0, self.width, rules.hair, type_.rule)]

    def _cells(self, row: GridRow, style: Style) -> Iterator[_Cell]:
        aligns, span = self.grid.aligns, self.columns.span
        for place, count, cell in row.spans():
            if not cell.text:
                continue
            width = span(place, count)
            if cell.axis is not None and aligns[place] == "end":
                yield place, cell, (style.line(cell.text),), width
            else:
                indent = _indent(cell.text, style)
                yield place, cell, style.lines(cell.text.lstrip(NBSP), width - indent), width

    def _words(
        self, cells: list[_Cell], style: Style, places: Sequence[int], above: Pt
    ) -> Iterator[Mark]:
        for line, place in enumerate(places):
            y = above + style.baseline(line)
            for column, cell, lines, width in cells:
                if place < len(lines):
                    yield self._set(column, cell, lines[place], style, y, width)

    def _set(self, column: int, cell: Written, line: Line, style: Style, y: Pt, width: Pt) -> Words:
        left = self.x + self.columns.lefts[column]
        align = self.grid.aligns[column]
        if align == "start" or width > self.columns.widths[column] + _SLACK:
            return Words(left + _indent(cell.text, style), y, line, style)
        if align == "center":
            return Words(left + width / 2, y, line, style, "centre")
        if cell.axis is None:
            return self._at_end(column, cell, line, style, y)
        tail = style.width(cell.text[cell.axis :])
        return Words(left + width - self.columns.tails[column] + tail, y, line, style, "end")

    def _at_end(self, column: int, cell: Written, line: Line, style: Style, y: Pt) -> Words:
        """Return words at a column's end; from right to left, digits still end below digits."""
        end = self.x + self.columns.lefts[column] + self.columns.widths[column]
        numbers = self.columns.numbers[column]
        if self.type.words.rtl and numbers and cell.kind == "number":
            return Words(end - numbers, y, line, style)
        return Words(end, y, line, style, "end")

    # ── heads and carried sums ───────────────────────────────────────────────

    def _running(self) -> RunningTable:
        carried = tuple(column for column, _ in self.grid.carried)
        style = self._carry_style
        return RunningTable(
            head=self._head() if any(self.grid.heads) else None,
            carried=carried,
            forward=(lambda sums: self._carry(terms.CARRIED_FORWARD, sums, ruled=True))
            if carried
            else None,
            brought=(lambda sums: self._carry(terms.BROUGHT_FORWARD, sums, ruled=False))
            if carried
            else None,
            carry_height=style.leading + 2 * self.pad if carried else 0,
        )

    @property
    def _carry_style(self) -> Style:
        return self.columns.style(self.type.fact)

    def _head(self) -> Strip:
        style, rules = self.columns.style(self.type.label), self.type.theme.rules
        ground = self.type.theme.places.head_ground
        columns = self.columns
        lines = [
            style.stacked(head, columns.widths[place]) if head else ()
            for place, head in enumerate(self.grid.heads)
        ]
        count = max(map(len, lines))
        pad = self.pad + (1.5 if ground else 0)
        height = count * style.leading + pad + self.pad + (1.5 if ground else 0)
        marks: list[Mark] = []
        if ground:
            marks.append(Area(self.x - 6, 0, self.width + 12, height, self.type.ground))
        for place, broken in enumerate(lines):
            for line, words in enumerate(broken):
                y = pad + style.baseline(count - len(broken) + line)
                marks.append(self._set(place, Written(""), words, style, y, columns.widths[place]))
        if rules.head:
            marks.append(Rule(self.x, height, self.width, rules.head, self.type.text))
        return Strip(height, marks)

    def _again(self, row: GridRow) -> Strip:
        """Return what repeats a group's head on the next page."""
        style, small = self.styles[RowStyle.GROUP], self.styles[RowStyle.NOTE]
        lines = style.lines(row.cells[0].text, self.width * _HEAD)
        said = small.line(self.type.words.text(terms.CONTINUED))
        marks: list[Mark] = [
            Words(self.x, self.pad + style.baseline(place), line, style)
            for place, line in enumerate(lines)
        ]
        y = self.pad + style.baseline(len(lines) - 1)
        marks.append(Words(self.x + lines[-1].width + style.size, y, said, small))
        return Strip(self.pad * 1.5 + len(lines) * style.leading, marks, table=self.running)

    def _carry(self, label: Label, sums: dict[int, Decimal], *, ruled: bool) -> Strip:
        style = self._carry_style
        written = {
            column: write(sums[column]) for column, write in self.grid.carried if column in sums
        }
        first = min(written, default=0)
        y = self.pad + style.baseline()
        rule = Rule(self.x, 0, self.width, self.type.theme.rules.hair, self.type.rule)
        marks: list[Mark] = [rule] if ruled else []
        place = next((p for p, share in enumerate(self.grid.shares) if share and p < first), 0)
        text = style.line(self.type.words.text(label))
        marks.append(Words(self.x + self.columns.lefts[place], y, text, style))
        for column, cell in written.items():
            width = self.columns.widths[column]
            marks.append(self._set(column, cell, style.line(cell.text), style, y, width))
        return Strip(style.leading + 2 * self.pad, marks, table=self.running)


_Cell = tuple[int, Written, tuple[Line, ...], Pt]


def _indent(text: str, style: Style) -> Pt:
    """Return how far a text is set in: by the no-break spaces that it begins with."""
    if not text.startswith(NBSP):
        return 0
    return (len(text) - len(text.lstrip(NBSP))) * style.size * _STEP


_STEP = 0.4

NBSP = "\u00a0"


def _keeps(row: GridRow, before: GridRow | None, after: GridRow | None) -> bool:
    """Return whether a row stays with the one after it: heads with rows, rows with sums."""
    if after is None:
        return False
    sums = (RowStyle.SUBTOTAL, RowStyle.TOTAL, RowStyle.NOTE)
    of_head = row.style is RowStyle.NOTE and before is not None and before.style is RowStyle.GROUP
    return row.style is RowStyle.GROUP or of_head or after.style in sums
