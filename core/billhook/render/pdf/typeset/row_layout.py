"""Rows in type: cells broken into lines and held in their columns.

A row that is set holds no space around it: set again with other gaps, it stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from billhook.kernel.text import NBSP
from billhook.model.section import RowStyle
from billhook.render.blocks.cell_format import FormattedCell
from billhook.render.blocks.formatted_table import FormattedRow, FormattedTable
from billhook.render.pdf.typeset.column_widths import ColumnWidths
from billhook.render.pdf.typeset.drawing import DrawnText, place_lines
from billhook.render.pdf.typeset.typography import Style, Typography
from billhook.render.pdf.writer.canvas import PlacedLine
from billhook.render.pdf.writer.geometry import SLACK, Pt

WHOLE = 5
"""A row of so many lines is never broken; of a longer one two lines stay together at each end."""

_STEP = 0.4


class SetRow(NamedTuple):
    """A row, set.

    Attributes:
        height: Of its lines.
        texts: Its lines, all in one or, of a row that may be broken, each alone.
        size: How many lines there are.
    """

    height: Pt
    texts: list[DrawnText]
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
        self._grid = grid
        self._rtl = type_.words.rtl
        self._rows: dict[int, SetRow] = {}
        self._figures: list[dict[FormattedCell, tuple[PlacedLine, ...]]] = [{} for _ in grid.heads]

    def head(self, style: Style) -> SetRow:
        """Return the columns' heads, which end in one line, the lowest."""
        widths = self.columns.widths
        broken = [
            style.stacked(head, width) if head else ()
            for head, width in zip(self._grid.heads, widths, strict=True)
        ]
        size = max(map(len, broken))
        texts: list[DrawnText] = []
        for place, lines in enumerate(broken):
            x, part = self._anchor(place, FormattedCell(""), widths[place], style)
            down = (size - len(lines)) * style.leading
            texts.append(DrawnText(0, down, place_lines(x, lines, style, part), style))
        return SetRow(size * style.leading, [text for text in texts if text.lines], size)

    def row(self, row: FormattedRow) -> SetRow:
        """Return a row of the table's grid, set."""
        found = self._rows.get(id(row))
        if found is None:
            found = self._rows[id(row)] = self._set(row)
        return found

    def _set(self, row: FormattedRow) -> SetRow:
        style = self.styles[row.style]
        cells: list[tuple[PlacedLine, ...]] = []
        normal = row.style is RowStyle.NORMAL
        for place, count, cell in row.spans():
            if not cell.text:
                continue
            # Figures and dates are met again and again.
            known = self._figures[place] if normal and cell.kind != "words" else {}
            if cell not in known:
                known[cell] = self.cell(place, count, cell, style)
            cells.append(known[cell])
        size = max(map(len, cells), default=1)
        rows = [[cell[place] for cell in cells if place < len(cell)] for place in range(size)]
        if size <= WHOLE:
            rows = [[line for lines in rows for line in lines]]
        texts = [DrawnText(0, 0, lines, style) for lines in rows if lines]
        return SetRow(size * style.leading, texts, size)

    def cell(
        self, place: int, count: int, cell: FormattedCell, style: Style
    ) -> tuple[PlacedLine, ...]:
        """Return a cell of so many columns, broken into lines; numbers are never broken."""
        width = self.columns.span(place, count)
        x, part = self._anchor(place, cell, width, style)
        if cell.axis is not None and self._grid.aligns[place] == "end":
            return place_lines(x, (style.line(cell.text),), style, part)
        lines = style.lines(cell.text.lstrip(NBSP), width - _indent(cell.text, style))
        return place_lines(x, lines, style, part)

    def _anchor(self, column: int, cell: FormattedCell, width: Pt, style: Style) -> tuple[Pt, Pt]:
        """Return where a cell is held in its column, and the part of its width before that."""
        columns, align = self.columns, self._grid.aligns[column]
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


def _indent(text: str, style: Style) -> Pt:
    """Return how far a text is set in: by the no-break spaces that it begins with."""
    if not text.startswith(NBSP):
        return 0
    return (len(text) - len(text.lstrip(NBSP))) * style.size * _STEP
