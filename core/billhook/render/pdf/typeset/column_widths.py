"""Columns: numbers take what they need, words share the rest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from math import fsum

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


def measure_columns(grid: FormattedTable, width: Pt, type_: Typography) -> ColumnWidths:
    """Return the columns of a table of a width; what is too wide is set smaller."""
    needs = _needs(grid, type_, width)
    airy = _Plan(grid, width, type_, needs.under(needs.whole_heads))
    if airy.fits and airy.free >= width * _AIRY:
        return airy.columns()
    natural = needs.under(needs.broken_heads)
    plan = _Plan(grid, width, type_, natural)
    while not plan.fits:
        plan = _Plan(grid, width, type_, natural, _next(plan.scale))
    return plan.columns()


def _next(scale: Pt) -> Pt:
    return next((each for each in _SCALES if each < scale), scale * _STEP)


@attrs.frozen
class _Natural:
    """What a column needs.

    Attributes:
        width: To stand in one line.
        tail: Of that, after the decimal point.
        number: Of its widest number without a decimal point to stand by.
        narrowest: To be readable when it is wrapped.
    """

    width: Pt
    tail: Pt
    number: Pt
    narrowest: Pt

    def times(self, scale: Pt) -> _Natural:
        """Return what it needs in another size."""
        parts = (self.width, self.tail, self.number, self.narrowest)
        return self if scale == 1 else _Natural(*(part * scale for part in parts))


class _Plan:
    """A table measured at a scale."""

    def __init__(
        self,
        grid: FormattedTable,
        width: Pt,
        type_: Typography,
        natural: Sequence[_Natural],
        scale: Pt = 1.0,
    ) -> None:
        self.grid = grid
        self.type = type_
        self.scale = scale
        self.space: Pt = type_.theme.gaps.column * scale
        self.natural = [each.times(scale) for each in natural]
        self.wordy = _wordy(grid)
        fixed = (each.width for place, each in enumerate(self.natural) if place not in self.wordy)
        self.free: Pt = width - self.space * (len(self.natural) - 1) - fsum(fixed)
        self.least: Pt = fsum(self.natural[place].narrowest for place in self.wordy)

    @property
    def fits(self) -> bool:
        """Whether words have the room they need."""
        return self.free >= self.least - SLACK

    def columns(self) -> ColumnWidths:
        """Return the columns."""
        widths = [each.width for each in self.natural]
        for place, share in _shares(self.grid, self.wordy, self.natural, self.free).items():
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


@attrs.frozen
class _Measured:
    """The columns of a table, measured once.

    Attributes:
        cells: What the cells of each column need.
        whole_heads: What heads need that stand in one line.
        broken_heads: What the longest word of each head needs.
        narrowest: A column of words is not narrower.
    """

    cells: tuple[_Needs, ...]
    whole_heads: tuple[Pt, ...]
    broken_heads: tuple[Pt, ...]
    narrowest: Pt

    def under(self, heads: tuple[Pt, ...]) -> list[_Natural]:
        """Return what the columns need under their heads."""
        both = zip(self.cells, heads, strict=True)
        return [needs.natural(head, self.narrowest) for needs, head in both]


def _needs(grid: FormattedTable, type_: Typography, width: Pt) -> _Measured:
    narrowest = _NARROWEST * type_.body.size
    wide = width * _WIDEST if any(grid.shares) else width
    found = [_Needs(narrowest if share else wide) for share in grid.shares]
    for style, normal in ((type_.body, True), (type_.strong, False)):
        chosen = [row for row in grid.rows if (row.style is RowStyle.NORMAL) is normal]
        for needs, cells in zip(found, _by_column(chosen), strict=False):
            needs.add(cells, style)
    for place, cell in grid.sums():
        found[place].add([cell], type_.body)
    whole = tuple(_widest(languages(head), type_.label) for head in grid.heads)
    broken = tuple(_widest(head.split(), type_.label) for head in grid.heads)
    return _Measured(tuple(found), whole, broken, narrowest)


@attrs.define
class _Needs:
    """What the cells of a column need so far.

    Attributes:
        cap: Words are given no more, and are not measured beyond it.
    """

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

    def natural(self, heading: Pt, narrowest: Pt) -> _Natural:
        """Return what the column needs under a head; numbers are never broken."""
        unbroken = max(self.number, self.heads + self.tails, heading)
        widest = max(self.words, unbroken)
        return _Natural(widest, self.tails, self.number, max(unbroken, min(widest, narrowest)))


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
