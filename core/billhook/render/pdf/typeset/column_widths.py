"""Columns: numbers take what they need, words share the rest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from math import fsum
from typing import NamedTuple

import attrs

from billhook.model.section import RowStyle
from billhook.render.blocks.cell_format import FormattedCell
from billhook.render.blocks.formatted_table import FormattedRow, FormattedTable
from billhook.render.document.localized_text import languages
from billhook.render.pdf.typeset.typography import Style, Typography
from billhook.render.pdf.writer.geometry import SLACK, Pt

_SCALES = (1.0, 0.92, 0.85, 0.78, 0.7, 0.62, 0.54)
_STEP = 0.9
"""A table of very many columns is made smaller by this until it fits: nothing leaves the page."""

_NARROWEST = 10.0
"""A column of words is never narrower than this many times the font size."""

_WIDEST = 0.3
"""Words of a column that takes what it needs beside others take no more of the width."""

_AIRY = 0.36
"""Column heads stand in one line if words keep this part of the width."""


@attrs.frozen
class ColumnWidths:
    """The columns of a table, measured.

    Attributes:
        lefts: Where each begins.
        widths: How wide each is.
        tails: How far decimal points stand from each right edge.
        numbers: How wide the widest number of each is that has no decimal point to stand by.
        scale: How much smaller than usual the table is set.
        type: The typography.
    """

    lefts: tuple[Pt, ...]
    widths: tuple[Pt, ...]
    tails: tuple[Pt, ...]
    numbers: tuple[Pt, ...]
    scale: Pt
    type: Typography

    def span(self, first: int, count: int) -> Pt:
        """Return the width of several columns with the gaps between them."""
        last = first + count - 1
        return self.lefts[last] + self.widths[last] - self.lefts[first]

    def style(self, style: Style) -> Style:
        """Return a style as this table is set in."""
        return self.type.smaller(style, self.scale)


def measure_columns(table: FormattedTable, width: Pt, type_: Typography) -> ColumnWidths:
    """Return the columns of a table of a width; what is too wide is set smaller.

    Heads stand in one line each if words keep room enough beside them, else they are broken.
    """
    needs = _needs(table, type_, width)
    whole = [_widest(languages(head), type_.label) for head in table.heads]
    airy = _Plan(table, width, type_, _under(needs, whole, type_))
    if airy.fits and airy.free >= width * _AIRY:
        return airy.columns()
    broken = [_widest(head.split(), type_.label) for head in table.heads]
    natural = _under(needs, broken, type_)
    plan = _Plan(table, width, type_, natural)
    while not plan.fits:
        scale = next((each for each in _SCALES if each < plan.scale), plan.scale * _STEP)
        plan = _Plan(table, width, type_, natural, scale)
    return plan.columns()


class _Natural(NamedTuple):
    """The widths that a column needs: in one line, after decimal points, for numbers, at least."""

    width: Pt
    tail: Pt
    number: Pt
    narrowest: Pt


class _Plan:
    """A table measured at a scale: the width that words may share, and whether it is enough."""

    def __init__(
        self,
        table: FormattedTable,
        width: Pt,
        type_: Typography,
        natural: Sequence[_Natural],
        scale: Pt = 1.0,
    ) -> None:
        self.table = table
        self.type = type_
        self.scale = scale
        self.space: Pt = type_.theme.gaps.column * scale
        self.natural = [_Natural(*(part * scale for part in each)) for each in natural]
        self.wordy = _wordy(table)
        fixed = (each.width for place, each in enumerate(self.natural) if place not in self.wordy)
        self.free: Pt = width - self.space * (len(self.natural) - 1) - fsum(fixed)
        least = fsum(self.natural[place].narrowest for place in self.wordy)
        self.fits: bool = self.free >= least - SLACK

    def columns(self) -> ColumnWidths:
        """Return the columns."""
        widths = [each.width for each in self.natural]
        for place, share in _shares(self.table, self.wordy, self.natural, self.free).items():
            widths[place] = share
        lefts = (fsum(widths[:place]) + self.space * place for place in range(len(widths)))
        tails = tuple(each.tail for each in self.natural)
        numbers = tuple(each.number for each in self.natural)
        return ColumnWidths(tuple(lefts), tuple(widths), tails, numbers, self.scale, self.type)


def _wordy(grid: FormattedTable) -> list[int]:
    """Return the columns that share the free width."""
    named = [place for place, share in enumerate(grid.shares) if share]
    if named:
        return named
    words = [place for place, align in enumerate(grid.aligns) if align == "start"]
    return words or [0]


def _shares(
    grid: FormattedTable, wordy: list[int], natural: list[_Natural], free: Pt
) -> dict[int, Pt]:
    """Divide free width among columns of words by their shares, else by what they hold."""
    if any(grid.shares):
        weights = {place: 1.0 * grid.shares[place] for place in wordy}
    else:
        weights = {place: max(natural[place].width, 1.0) for place in wordy}
    shares: dict[int, Pt] = {}
    rest, weight = free, fsum(weights.values())
    for place in sorted(wordy, key=lambda p: weights[p] / max(natural[p].narrowest, 1)):
        share = max(rest * weights[place] / weight, natural[place].narrowest)
        shares[place] = share
        rest, weight = rest - share, weight - weights[place]
    return shares


@attrs.define
class _Needs:
    """The widths that the cells of a column need, so far; words are not measured beyond a cap."""

    cap: Pt
    words: Pt = 0
    number: Pt = 0
    heads: Pt = 0
    tails: Pt = 0

    def add(self, cells: Collection[FormattedCell], style: Style) -> None:
        """Take cells into account."""
        axes = [(cell.text, cell.axis) for cell in cells if cell.axis is not None]
        self.heads = max(self.heads, _widest({text[:axis] for text, axis in axes}, style))
        self.tails = max(self.tails, _widest({text[axis:] for text, axis in axes}, style))
        for cell in [cell for cell in cells if cell.axis is None and cell.text]:
            if cell.kind == "number":
                self.number = max(self.number, style.width(cell.text))
            elif self.words < self.cap:
                widest = _widest(cell.text.splitlines(), style)
                self.words = min(self.cap, max(self.words, widest))


def _needs(table: FormattedTable, type_: Typography, width: Pt) -> list[_Needs]:
    wide = width * _WIDEST if any(table.shares) else width
    found = [_Needs(_NARROWEST * type_.body.size if share else wide) for share in table.shares]
    for style, normal in ((type_.body, True), (type_.strong, False)):
        chosen = [row for row in table.rows if (row.style is RowStyle.NORMAL) is normal]
        for needs, cells in zip(found, _by_column(chosen), strict=False):
            needs.add(cells, style)
    for place, cell in table.sums():
        found[place].add([cell], type_.body)
    return found


def _under(needs: Sequence[_Needs], heads: Sequence[Pt], type_: Typography) -> list[_Natural]:
    """Return what columns need under heads of these widths; numbers are never broken."""
    found: list[_Natural] = []
    for need, head in zip(needs, heads, strict=True):
        unbroken = max(need.number, need.heads + need.tails, head)
        widest = max(need.words, unbroken)
        least = max(unbroken, min(widest, _NARROWEST * type_.body.size))
        found.append(_Natural(widest, need.tails, need.number, least))
    return found


def _widest(texts: Iterable[str], style: Style) -> Pt:
    return max(map(style.width, texts), default=0)


def _by_column(rows: Sequence[FormattedRow]) -> Iterator[Collection[FormattedCell]]:
    """Yield what stands in each column, equal cells once; a text that runs on stands in none."""
    if not rows:
        return
    for place, cells in enumerate(zip(*[row.cells for row in rows], strict=True)):
        if rows[0].style is RowStyle.NORMAL:
            yield dict.fromkeys(cells)
        else:
            yield [cell for row, cell in zip(rows, cells, strict=True) if not _runs_on(row, place)]


def _runs_on(row: FormattedRow, place: int) -> bool:
    """Return whether a text may use the empty cells after it."""
    following = row.cells[place + 1 : place + 2]
    special = row.style is not RowStyle.NORMAL and row.cells[place].axis is None
    return special and bool(following) and not following[0].text
