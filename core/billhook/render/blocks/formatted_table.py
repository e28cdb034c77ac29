"""Grids: a table with its cells written, aligned, and ready to be measured."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Literal, NamedTuple

import attrs

from billhook.i18n.direction import Align, has_rtl
from billhook.kernel.figure import Figure
from billhook.kernel.money import EXACT
from billhook.model.section import Cell, Column, Pairs, RowStyle, Table
from billhook.render.blocks.cell_format import ColumnFormat, FormattedCell, axis_of
from billhook.render.document.localized_text import Wording

ZERO = Decimal(0)


class FormattedRow(NamedTuple):
    """A row with its cells written.

    Attributes:
        cells: One for each column.
        style: What the row is.
        carries: What the row adds to the carried columns, by column.
    """

    cells: tuple[FormattedCell, ...]
    style: RowStyle
    carries: tuple[tuple[int, Decimal], ...] = ()

    def spans(self) -> Iterator[tuple[int, int, FormattedCell]]:
        """Yield the cells with the first column and the number of columns they may use.

        In a row that is not a normal one, a text may run on over the empty cells after it.
        """
        index = 0
        while index < len(self.cells):
            cell, width = self.cells[index], 1
            if cell.text and cell.axis is None and self.style is not RowStyle.NORMAL:
                while index + width < len(self.cells) and not self.cells[index + width].text:
                    width += 1
            yield index, width, cell
            index += width


@attrs.frozen(kw_only=True)
class FormattedTable:
    """A table, written.

    Attributes:
        heads: The columns' heads; all empty for a table without a head.
        aligns: The columns' alignment.
        rows: The rows.
        shares: The columns' relative widths; 0 takes what it needs.
        carried: The columns whose running sum is carried from page to page, each with the
            function that writes it.
        title: The table's title.
    """

    heads: tuple[str, ...]
    aligns: tuple[Align, ...]
    rows: tuple[FormattedRow, ...]
    shares: tuple[int, ...]
    carried: tuple[tuple[int, Callable[[Decimal], FormattedCell]], ...] = ()
    title: str = ""

    def sums(self) -> Iterator[tuple[int, FormattedCell]]:
        """Yield the longest sum that a page may carry of each carried column."""
        for column, write in self.carried:
            values = (value for row in self.rows for at, value in row.carries if at == column)
            longest = max(map(abs, itertools.accumulate(values, EXACT.add)), default=ZERO)
            yield column, write(longest)


def format_table(table: Table, wording: Wording, currency: str) -> FormattedTable:
    """Return a table with its cells written in a document's locale and currency."""
    columns = [
        ColumnFormat(wording, currency, column, cells)
        for column, cells in zip(table.columns, _by_column(table), strict=True)
    ]
    carried = [place for place, column in enumerate(columns) if column.is_carried]
    return FormattedTable(
        heads=tuple(wording.text(column.title) for column in table.columns),
        aligns=tuple(column.align for column in columns),
        rows=tuple(_rows(table, columns, carried)),
        shares=tuple(column.width for column in table.columns),
        carried=tuple((place, columns[place].sum) for place in carried),
        title=wording.text(table.title),
    )


def format_pairs(
    pairs: Pairs, wording: Wording, currency: str, *, bare: bool = False
) -> FormattedTable:
    """Return pairs as a table of two columns; what is set off is a total.

    Args:
        pairs: The pairs.
        wording: Of the document.
        currency: Of the document.
        bare: Amounts do without a currency sign, but for those set off.
    """
    values = [cell for _, cell in pairs.items]
    column = ColumnFormat(wording, currency, Column(""), tuple(values))
    cells = (
        column.write(cell) if bare and place not in pairs.strong else _whole(cell, wording)
        for place, cell in enumerate(values)
    )
    rows = tuple(
        FormattedRow((FormattedCell(wording.text(label)), cell), _style(place, pairs))
        for place, ((label, _), cell) in enumerate(zip(pairs.items, cells, strict=True))
    )
    return FormattedTable(
        heads=("", ""),
        aligns=("start", column.align),
        rows=rows,
        shares=(1, 0),
        title=wording.text(pairs.title),
    )


def _whole(cell: Cell, wording: Wording) -> FormattedCell:
    text = wording.cell(cell)
    numeric = isinstance(cell, Figure | Decimal | int)
    plain = numeric and not wording.rtl and not has_rtl(text)
    kind: Literal["words", "number"] = "number" if numeric else "words"
    return FormattedCell(text, axis_of(text, wording.point) if plain else None, kind)


def _style(place: int, pairs: Pairs) -> RowStyle:
    return RowStyle.TOTAL if place in pairs.strong else RowStyle.NORMAL


def _by_column(table: Table) -> list[tuple[Cell, ...]]:
    """Return the cells of each column; a row may end early."""
    count = len(table.columns)
    rows = (row.cells for row in table.rows)
    full = [cells if len(cells) == count else _fill(cells, count) for cells in rows]
    return list(zip(*full, strict=True)) if full else [()] * count


def _fill(cells: tuple[Cell, ...], count: int) -> tuple[Cell, ...]:
    return (*cells, *(None,) * (count - len(cells)))[:count]


def _rows(table: Table, columns: list[ColumnFormat], carried: list[int]) -> Iterator[FormattedRow]:
    if not columns:
        return
    cells = zip(*[column.written() for column in columns], strict=True)
    for row, texts in zip(table.rows, cells, strict=True):
        yield FormattedRow(texts, row.style, _carries(row.cells, row.style, carried))


def _carries(
    cells: tuple[Cell, ...], style: RowStyle, carried: list[int]
) -> tuple[tuple[int, Decimal], ...]:
    if style is not RowStyle.NORMAL or not carried:
        return ()
    shown = ((place, cells[place]) for place in carried if place < len(cells))
    return tuple([(place, cell.value) for place, cell in shown if isinstance(cell, Figure)])
