"""The body: the parts of a composition in strips, with their places on the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs

from billhook.i18n.address import address_lines
from billhook.model.section import Pairs, RowStyle
from billhook.render.composition import Composition, Part, Role
from billhook.render.layout.blocks import Setter
from billhook.render.layout.marks import Mark, Rule, Words
from billhook.render.layout.page import MIDDLE, THIRD
from billhook.render.layout.strip import Strip, beside, gap, height_of, kept, with_next
from billhook.render.pdf.geometry import Pt

_LEAST = 0.36
"""Terms keep this part of the width beside long account numbers."""

_SIDE_BY_SIDE: Pt = 220.0
"""Terms and payment details no higher than this stand side by side."""


def body_strips(bill: Composition, setter: Setter, width: Pt) -> list[Strip]:
    """Return the parts of a composition as strips."""
    strips = list(_parties(bill, setter, width))
    for parts in _runs(bill.parts):
        found = _run(parts, setter, width)
        if strips and found:
            tied = parts[0].role is Role.TOTALS
            strips = with_next(strips) if tied else strips
            strips.append(gap(_gap(parts[0], setter), keep=tied))
        strips.extend(found)
    return strips


def _parties(bill: Composition, setter: Setter, width: Pt) -> Iterator[Strip]:
    """Yield the parties beside seller and recipient, side by side."""
    type_, home = setter.type, bill.seller.address.country
    each = width / max(2, len(bill.parties))
    runs = []
    for place, named in enumerate(bill.parties):
        lines = address_lines(named.party.address, bill.locale, home)
        text = "\n".join((named.party.name, *lines))
        x, room = place * each, each - type_.theme.gaps.column
        heading = setter.heading(named.label, x, room, bookmark=False)
        runs.append([*heading, *setter.paragraphs(text, type_.body, x, room)])
    if runs:
        yield beside(*runs)


def _gap(part: Part, setter: Setter) -> Pt:
    gaps = setter.type.theme.gaps
    return gaps.part * 0.7 if part.role is Role.TOTALS else gaps.part


def _runs(parts: Sequence[Part]) -> Iterator[tuple[Part, ...]]:
    """Yield the parts one by one, terms and payment details together."""
    place = 0
    while place < len(parts):
        pair = tuple(parts[place : place + 2])
        together = [part.role for part in pair] == [Role.TERMS, Role.PAYMENT]
        yield pair if together else pair[:1]
        place += 2 if together else 1


def _run(parts: tuple[Part, ...], setter: Setter, width: Pt) -> list[Strip]:
    if len(parts) == 1:
        return _part(parts[0], setter, 0, width)
    needed = max(setter.natural(block) for block in parts[1].blocks)
    middle = max(width * _LEAST, min(width * MIDDLE, width - needed))
    left = _part(parts[0], setter, 0, middle - 2 * setter.type.theme.gaps.column)
    right = _part(parts[1], setter, middle, width - middle, tab=width * (THIRD - MIDDLE))
    if max(height_of(left), height_of(right)) <= _SIDE_BY_SIDE:
        return [beside(left, right)]
    space = gap(setter.type.theme.gaps.part)
    return [*_part(parts[0], setter, 0, width), space, *_part(parts[1], setter, 0, width)]


def _part(part: Part, setter: Setter, x: Pt, width: Pt, tab: Pt = 0) -> list[Strip]:
    heading = setter.heading(part.title, x, width)
    if part.role is Role.TOTALS:
        return kept([*heading, *_totals(part, setter, width)])
    if part.role in (Role.TAXES, Role.NOTES):
        setter = setter.quieter
    strips = setter.blocks(part.blocks, x, width, tab)
    if part.role in (Role.TERMS, Role.PAYMENT, Role.TAXES):
        return kept([*heading, *strips])
    return [*heading, *strips]


# ── totals ───────────────────────────────────────────────────────────────────


def _totals(part: Part, setter: Setter, width: Pt) -> list[Strip]:
    """Return the totals, under the column of amounts."""
    own = width * setter.type.theme.places.totals
    strips: list[Strip] = []
    for block in part.blocks:
        if isinstance(block, Pairs):
            strips.extend(_Totals(setter, width - own, own).rows(block))
        else:
            strips.extend(setter.block(block, 0, width))
    return strips


@attrs.frozen
class _Totals:
    """The totals that are being set."""

    setter: Setter
    x: Pt
    width: Pt

    def rows(self, pairs: Pairs) -> Iterator[Strip]:
        """Yield a strip for each total, the amount due set off."""
        setter = self.setter
        grid = setter.grids.pairs(pairs, bare=True)
        amounts = (row.cells[1].text for row in grid.rows if row.style is RowStyle.NORMAL)
        widest = max(map(setter.type.body.width, amounts), default=0)
        for row in grid.rows:
            strong = row.style is RowStyle.TOTAL
            yield self._row(row.cells[0].text, row.cells[1].text, widest, strong=strong)

    def _row(self, label: str, amount: str, widest: Pt, *, strong: bool) -> Strip:
        type_ = self.setter.type
        style, pad = (type_.due if strong else type_.body), type_.theme.gaps.row
        pad = pad * 1.5 if strong else pad * 0.75
        above = pad * 1.4 if strong else pad
        figure = style.line(amount)
        lines = style.lines(label, self.width - figure.width - type_.theme.gaps.column)
        end, y = self.x + self.width, above + style.baseline()
        # Digits end below digits on a mirrored page, too.
        mirrored = type_.words.rtl and not strong
        marks: list[Mark] = [
            Words(end - widest, y, figure, style)
            if mirrored
            else Words(end, y, figure, style, "end")
        ]
        marks.extend(
            Words(self.x, above + style.baseline(place), line, style)
            for place, line in enumerate(lines)
        )
        if strong:
            y = above * 0.45
            marks.append(Rule(self.x, y, self.width, type_.theme.rules.strong, style.colour))
        return Strip(above + style.leading * len(lines) + pad, marks)
