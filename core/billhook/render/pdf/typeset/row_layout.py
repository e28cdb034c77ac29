"""Rows in type: cells broken into lines, held in their columns, and composed.

A row that is set holds no space around it: set again with other gaps, it stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from billhook.kernel.text import NBSP
from billhook.model.section import RowStyle
from billhook.render.blocks.cell_format import FormattedCell
from billhook.render.blocks.formatted_table import FormattedRow, FormattedTable
from billhook.render.pdf.typeset.column_widths import ColumnWidths
from billhook.render.pdf.typeset.drawing import DrawnText, compose_text
from billhook.render.pdf.typeset.typography import Style, Typography
from billhook.render.pdf.writer.font import TextLine
from billhook.render.pdf.writer.geometry import SLACK, Pt
from billhook.render.pdf.writer.text_block import PositionedLine, hundredths

WHOLE = 5
"""A row of so many lines is never broken; of a longer one two lines stay together at each end."""

_STEP = 0.4


class SetCell(NamedTuple):
    """A cell, broken into lines.

    Attributes:
        starts: Where each line begins, in hundredths of a point from the table's beginning.
        lines: The lines.
    """

    starts: tuple[int, ...]
    lines: tuple[TextLine, ...]


class SetRow(NamedTuple):
    """A row, set.

    Attributes:
        height: Of its lines.
        lines: Its lines, all in one or, of a row that may be broken, each alone.
        size: How many lines there are.
    """

    height: Pt
    lines: list[DrawnText]
    size: int


class RowLayout:
    """Sets the rows of one table, each once."""

    def __init__(self, grid: FormattedTable, columns: ColumnWidths, type_: Typography) -> None:
        self.columns = columns
        self.styles: Mapping[RowStyle, Style] = {
            RowStyle.NORMAL: columns.style(type_.body),
            RowStyle.GROUP: columns.style(type_.group),
            RowStyle.NOTE: columns.style(type_.small),
            RowStyle.SUBTOTAL: columns.style(type_.strong),
            RowStyle.TOTAL: columns.style(type_.strong),
        }
        self._aligns = grid.aligns
        self._heads = grid.heads
        self._head: SetRow | None = None
        self._rtl = type_.words.rtl
        # Where a column begins and how wide it is, if words stand at its beginning.
        self._straight = [
            (hundredths(left), width) if align == "start" else None
            for left, width, align in zip(columns.lefts, columns.widths, grid.aligns, strict=True)
        ]
        self._rows: dict[int, SetRow] = {}
        self._figures: list[dict[FormattedCell, SetCell]] = [{} for _ in grid.heads]
        self._baselines: dict[Style, list[int]] = {}

    def head(self, style: Style) -> SetRow:
        """Return the columns' heads, which end in one line, the lowest."""
        if self._head is None:
            self._head = self._set_head(style)
        return self._head

    def _set_head(self, style: Style) -> SetRow:
        widths = self.columns.widths
        broken = [
            style.stacked(head, width) if head else ()
            for head, width in zip(self._heads, widths, strict=True)
        ]
        size = max(map(len, broken))
        lines: list[DrawnText] = []
        for place, each in enumerate(broken):
            if each:
                cell = self._held(place, FormattedCell(""), each, widths[place], style)
                words = self.compose([cell], style, range(len(each)))
                lines.append(words._replace(y=(size - len(each)) * style.leading))
        return SetRow(size * style.leading, lines, size)

    def row(self, row: FormattedRow) -> SetRow:
        """Return a row of the table's grid, set."""
        found = self._rows.get(id(row))
        if found is None:
            found = self._rows[id(row)] = self._set(row)
        return found

    def _set(self, row: FormattedRow) -> SetRow:
        style = self.styles[row.style]
        if row.style is RowStyle.NORMAL:
            cells = self._normal(row.cells, style)
        else:
            spans = (each for each in row.spans() if each[2].text)
            cells = [self.cell(*each, style) for each in spans]
        count = max([len(cell.lines) for cell in cells], default=1)
        runs = [range(count)] if count <= WHOLE else [range(p, p + 1) for p in range(count)]
        lines = [self.compose(cells, style, places) for places in runs if cells]
        return SetRow(count * style.leading, lines, count)

    def _normal(self, cells: Sequence[FormattedCell], style: Style) -> list[SetCell]:
        """Return the cells of a normal row; figures and dates are met again and again."""
        made: list[SetCell] = []
        for place, cell in enumerate(cells):
            if not cell.text:
                continue
            if cell.kind == "words":
                made.append(self._words(place, cell, style))
                continue
            known = self._figures[place]
            found = known.get(cell)
            if found is None:
                found = known[cell] = self.cell(place, 1, cell, style)
            made.append(found)
        return made

    def _words(self, place: int, cell: FormattedCell, style: Style) -> SetCell:
        column = self._straight[place]
        if column is None or cell.text[0] == NBSP:
            return self.cell(place, 1, cell, style)
        start, width = column
        lines = style.lines(cell.text, width)
        return SetCell((start,) * len(lines), lines)

    def cell(self, place: int, count: int, cell: FormattedCell, style: Style) -> SetCell:
        """Return a cell of so many columns, broken into lines; numbers are never broken."""
        width = self.columns.span(place, count)
        if cell.axis is not None and self._aligns[place] == "end":
            return self._held(place, cell, (style.line(cell.text),), width, style)
        lines = style.lines(cell.text.lstrip(NBSP), width - _indent(cell.text, style))
        return self._held(place, cell, lines, width, style)

    def _held(
        self, place: int, cell: FormattedCell, lines: tuple[TextLine, ...], width: Pt, style: Style
    ) -> SetCell:
        """Return the lines of a cell, held in its column."""
        x, part = self._anchor(place, cell, width, style)
        if not part:
            return SetCell((hundredths(x),) * len(lines), lines)
        return SetCell(tuple([hundredths(x - part * line.width) for line in lines]), lines)

    def _anchor(self, column: int, cell: FormattedCell, width: Pt, style: Style) -> tuple[Pt, Pt]:
        """Return where a cell is held in its column, and the part of its width before that."""
        columns, align = self.columns, self._aligns[column]
        left = columns.lefts[column]
        if align == "start" or width > columns.widths[column] + SLACK:
            return left + _indent(cell.text, style), 0
        if align == "center":
            return left + width / 2, 0.5
        end = left + columns.widths[column]
        if cell.axis is not None:
            return end - columns.tails[column] + style.width(cell.text[cell.axis :]), 1
        numbers = columns.numbers[column]
        if self._rtl and numbers and cell.kind == "number":
            # From right to left, digits still end below digits.
            return end - numbers, 0
        return end, 1

    def compose(self, cells: Sequence[SetCell], style: Style, places: range) -> DrawnText:
        """Return some of the lines of cells side by side, as seen line by line."""
        pieces: list[PositionedLine] = []
        baselines = self._down(style, places.stop)
        for place in places:
            y = baselines[place]
            for starts, lines in cells:
                if place < len(lines):
                    pieces.append((starts[place], y, lines[place]))
        return compose_text(pieces, style, rtl=self._rtl)

    def _down(self, style: Style, count: int) -> list[int]:
        """Return the baselines of so many lines, in hundredths of a point."""
        found = self._baselines.setdefault(style, [])
        while len(found) < count:
            found.append(hundredths(style.baseline(len(found))))
        return found


def _indent(text: str, style: Style) -> Pt:
    """Return how far a text is set in: by the no-break spaces that it begins with."""
    if not text.startswith(NBSP):
        return 0
    return (len(text) - len(text.lstrip(NBSP))) * style.size * _STEP
