"""Columns: numbers take what they need, words share the rest."""

from __future__ import annotations

import attrs

from billhook.model.section import RowStyle
from billhook.render.grid import Grid, GridRow
from billhook.render.layout.typography import Style, Typography
from billhook.render.pdf.geometry import Pt

_SCALES = (1.0, 0.92, 0.85, 0.78, 0.7, 0.62, 0.54)
_NARROWEST = 7.0
"""A column of words is never narrower than this many times the font size."""


_AIRY = 0.36
"""Column heads stand in one line if words keep this part of the width."""


@attrs.frozen
class Columns:
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


def measured(grid: Grid, width: Pt, type_: Typography) -> Columns:
    """Return the columns of a table of a width; what is too wide is set smaller."""
    airy = _Plan(grid, width, type_, 1.0, whole_heads=True)
    if airy.fits and airy.free >= width * _AIRY:
        return airy.columns()
    for scale in _SCALES[:-1]:
        plan = _Plan(grid, width, type_, scale)
        if plan.fits:
            return plan.columns()
    return _Plan(grid, width, type_, _SCALES[-1]).columns()


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


class _Plan:
    """A table measured at a scale."""

    def __init__(
        self,
        grid: Grid,
        width: Pt,
        type_: Typography,
        scale: Pt,
        *,
        whole_heads: bool = False,
    ) -> None:
        self.grid = grid
        self.type = type_
        self.scale = scale
        self.space: Pt = type_.theme.gaps.column * scale
        self.natural = _naturals(grid, type_, scale, whole_heads=whole_heads)
        self.wordy = _wordy(grid)
        fixed = (each.width for place, each in enumerate(self.natural) if place not in self.wordy)
        self.free: Pt = width - self.space * (len(self.natural) - 1) - sum(fixed)
        self.least: Pt = sum(self.natural[place].narrowest for place in self.wordy)

    @property
    def fits(self) -> bool:
        """Whether words have the room they need."""
        return self.free >= self.least

    def columns(self) -> Columns:
        """Return the columns."""
        widths = [each.width for each in self.natural]
        free = max(self.free, self.least)
        for place, share in _shares(self.grid, self.wordy, self.natural, free).items():
            widths[place] = share
        lefts = (sum(widths[:place]) + self.space * place for place in range(len(widths)))
        tails = tuple(each.tail for each in self.natural)
        numbers = tuple(each.number for each in self.natural)
        return Columns(tuple(lefts), tuple(widths), tails, numbers, self.scale, self.type)


def _wordy(grid: Grid) -> list[int]:
    """Return the columns that share the free width."""
    named = [place for place, share in enumerate(grid.shares) if share]
    if named:
        return named
    words = [place for place, align in enumerate(grid.aligns) if align == "start"]
    return words or [0]


def _shares(grid: Grid, wordy: list[int], natural: list[_Natural], free: Pt) -> dict[int, Pt]:
    """Divide free width among columns of words by their shares, else by what they hold."""
    if any(grid.shares):
        weights = {place: 1.0 * grid.shares[place] for place in wordy}
    else:
        weights = {place: max(natural[place].width, 1.0) for place in wordy}
    shares: dict[int, Pt] = {}
    rest, weight = free, sum(weights.values())
    for place in sorted(wordy, key=lambda p: weights[p] / max(natural[p].narrowest, 1)):
        share = max(rest * weights[place] / weight, natural[place].narrowest)
        shares[place] = share
        rest, weight = rest - share, weight - weights[place]
    return shares


def _naturals(grid: Grid, type_: Typography, scale: Pt, *, whole_heads: bool) -> list[_Natural]:
    body, strong = type_.smaller(type_.body, scale), type_.smaller(type_.strong, scale)
    label = type_.smaller(type_.label, scale)
    found = []
    for place, head in enumerate(grid.heads):
        words = [head] if whole_heads and head else head.split()
        heading = max(map(label.width, words), default=0)
        width, tail, number = _column(grid, place, body, strong)
        widest = max(width, heading)
        narrowest = min(max(widest, heading), max(_NARROWEST * body.size, heading))
        found.append(_Natural(widest, tail, number, narrowest))
    return found


def _column(grid: Grid, place: int, body: Style, strong: Style) -> tuple[Pt, Pt, Pt]:
    """Return the width that a column's cells need, its widest tail, its widest number."""
    number: Pt = 0
    heads: Pt = 0
    tails: Pt = 0
    whole: Pt = 0
    for row in grid.rows:
        cell = row.cells[place]
        if not cell.text or grid.shares[place] or _runs_on(row, place):
            continue
        style = body if row.style is RowStyle.NORMAL else strong
        if cell.axis is None:
            width = max(map(style.width, cell.text.splitlines()))
            whole = max(whole, width)
            number = max(number, width) if cell.kind == "number" else number
        else:
            heads = max(heads, style.width(cell.text[: cell.axis]))
            tails = max(tails, style.width(cell.text[cell.axis :]))
    return max(whole, heads + tails), tails, number


def _runs_on(row: GridRow, place: int) -> bool:
    """Return whether a text may use the empty cells after it."""
    following = row.cells[place + 1 : place + 2]
    special = row.style is not RowStyle.NORMAL and row.cells[place].axis is None
    return special and bool(following) and not following[0].text
