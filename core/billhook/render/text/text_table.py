"""Tables in characters: wrapped cells, straight decimal points, rules."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from billhook.i18n.direction import Align
from billhook.model.section import RowStyle
from billhook.render.blocks.cell_format import FormattedCell
from billhook.render.blocks.formatted_table import FormattedRow, FormattedTable
from billhook.render.document.localized_text import languages
from billhook.render.text.terminal import beside, pad, plain, width_of, wrap

GAP = 2
WIDE = 132
"""Characters of a wide line: of sheets that are turned, and of tables that need more than 80."""

NARROWEST = 14
"""A column of words is never narrower; a table that needs more room is written row by row."""


def table_lines(grid: FormattedTable, width: int) -> Iterator[str]:
    """Yield the lines of a table that fits a width."""
    measured = _measure(grid, width)
    if measured is None and width < WIDE:
        measured, width = _measure(grid, WIDE), WIDE
    if measured is None:
        yield from _stack(grid, width)
        return
    if any(grid.heads):
        yield from _row(_heads(grid), grid.aligns, measured)
        yield "-" * width
    for row in grid.rows:
        yield from _style_row(row, grid, measured)


@attrs.frozen
class _Column:
    """A column's place: its width, and where decimal points stand from its right edge."""

    width: int
    tail: int


def _measure(grid: FormattedTable, width: int) -> tuple[_Column, ...] | None:
    """Return the columns; words share what numbers leave; ``None`` if that is too little."""
    natural = [_natural(grid, place) for place in range(len(grid.heads))]
    shared = any(grid.shares)
    wordy = [
        place
        for place, (share, align) in enumerate(zip(grid.shares, grid.aligns, strict=True))
        if share or (align == "start" and not shared)
    ]
    room = width - GAP * (len(natural) - 1)
    free = room - sum(each.width for place, each in enumerate(natural) if place not in wordy)
    wanted = [natural[place].width for place in wordy]
    shares = _share(free, wanted)
    if shares is None:
        return None
    for place, share in zip(wordy, shares, strict=True):
        natural[place] = _Column(share, 0)
    return tuple(natural)


def _natural(grid: FormattedTable, place: int) -> _Column:
    heads, tails, widest = 0, 0, max(map(width_of, plain(grid.heads[place]).split()), default=0)
    for row in grid.rows:
        for start, columns, cell in row.spans():
            if start != place or columns > 1:
                continue
            text = plain(cell.text)
            if cell.axis is None:
                widest = max(widest, width_of(text))
            else:
                heads = max(heads, width_of(plain(cell.text[: cell.axis])))
                tails = max(tails, width_of(plain(cell.text[cell.axis :])))
    return _Column(max(widest, heads + tails), tails)


def _share(free: int, wanted: list[int]) -> list[int] | None:
    """Divide free room among columns of words: the last that need more share what is left."""
    if not wanted:
        return [] if free >= 0 else None
    shares: dict[int, int] = {}
    for count, place in enumerate(sorted(range(len(wanted)), key=wanted.__getitem__)):
        fair = (free - sum(shares.values())) // (len(wanted) - count)
        last = count == len(wanted) - 1
        shares[place] = fair if last else min(wanted[place], fair)
    fits = all(shares[p] >= min(NARROWEST, wanted[p]) for p in shares)
    return [shares[place] for place in range(len(wanted))] if fits else None


def _heads(grid: FormattedTable) -> FormattedRow:
    return FormattedRow(
        tuple(FormattedCell("\n".join(languages(head))) for head in grid.heads), RowStyle.NORMAL
    )


def _style_row(
    row: FormattedRow, grid: FormattedTable, columns: tuple[_Column, ...]
) -> Iterator[str]:
    if row.style is RowStyle.GROUP:
        yield ""
    if row.style in (RowStyle.SUBTOTAL, RowStyle.TOTAL):
        sign = "-" if row.style is RowStyle.SUBTOTAL else "="
        yield from _rule(row, grid.aligns, columns, sign)
    yield from _row(row, grid.aligns, columns)
    if row.style is RowStyle.SUBTOTAL:
        yield ""


def _rule(
    row: FormattedRow, aligns: tuple[Align, ...], columns: tuple[_Column, ...], sign: str
) -> Iterator[str]:
    cells = (
        (sign if cell.text and align == "end" else " ") * column.width
        for cell, align, column in zip(row.cells, aligns, columns, strict=True)
    )
    yield (" " * GAP).join(cells).rstrip()


def _row(
    row: FormattedRow, aligns: tuple[Align, ...], columns: tuple[_Column, ...]
) -> Iterator[str]:
    cells = []
    for place, count, cell in row.spans():
        width = sum(c.width for c in columns[place : place + count]) + GAP * (count - 1)
        cells.append((_cell(cell, columns[place], width, aligns[place]), width))
    yield from beside(cells, GAP)


def _cell(cell: FormattedCell, column: _Column, width: int, align: Align) -> list[str]:
    text = plain(cell.text)
    if cell.axis is None:
        return [pad(line, width, align) for line in wrap(text, width)]
    tail = plain(cell.text[cell.axis :])
    return [pad(text + " " * (column.tail - width_of(tail)), width, "end")]


def _stack(grid: FormattedTable, width: int) -> Iterator[str]:
    """Yield each row as a list of its cells: what to do with a table that is too wide."""
    for place, row in enumerate(grid.rows):
        if place:
            yield ""
        for head, cell in zip(grid.heads, row.cells, strict=True):
            text = plain(cell.text)
            if text:
                yield from wrap(f"{plain(head)}: {text}" if head else text, width)
