"""The body: the parts of a composition in strips, with their places on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import attrs

from billhook.i18n.addresses import address_lines
from billhook.model.section import Pairs, RowStyle
from billhook.render.composition import Composition, Part, Role
from billhook.render.layout.blocks import Setter
from billhook.render.layout.marks import Mark, Rule, Words
from billhook.render.layout.page import MIDDLE, THIRD
from billhook.render.layout.strip import Strip, beside, gap, height_of, kept, with_next
from billhook.render.pdf.geometry import Pt
from billhook.render.wording import languages

_LEAST = 0.36
"""Terms keep this part of the width beside long account numbers."""

_SIDE_BY_SIDE: Pt = 220.0
"""Terms and payment details no higher than this stand side by side."""


_WHOLE: Pt = 250.0
"""Terms, payment details and taxes no higher than this are not parted."""


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
    room = middle - 2 * setter.type.theme.gaps.column
    if not any(setter.squeezes(block, room) for block in parts[0].blocks):
        left = _part(parts[0], setter, 0, room)
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
    strips = [*heading, *setter.blocks(part.blocks, x, width, tab)]
    if part.role in (Role.TERMS, Role.PAYMENT, Role.TAXES) and height_of(strips) <= _WHOLE:
        return kept(strips)
    return strips


# ── totals ───────────────────────────────────────────────────────────────────


def _totals(part: Part, setter: Setter, width: Pt) -> list[Strip]:
    """Return the totals, under the column of amounts."""
    own = width * setter.type.theme.places.totals
    strips: list[Strip] = []
    for block in part.blocks:
        if isinstance(block, Pairs):
            strips.extend(_Totals(setter, width - own, own).rows(block))
        else:
            strips.extend(setter.quieter.block(block, width - own, own))
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
            label, amount = row.cells[0].text, row.cells[1].text
            if row.style is RowStyle.TOTAL:
                yield self._due(label, amount)
            else:
                yield self._row(label, amount, widest)

    def _row(self, label: str, amount: str, widest: Pt) -> Strip:
        type_, end = self.setter.type, self.x + self.width
        style, pad = type_.body, type_.theme.gaps.row * 0.75
        figure = style.line(amount)
        lines = style.lines(label, self.width - figure.width - type_.theme.gaps.column)
        y = pad + style.baseline()
        # Digits end below digits on a mirrored page, too.
        marks: list[Mark] = [
            Words(end - widest, y, figure, style)
            if type_.words.rtl
            else Words(end, y, figure, style, "end")
        ]
        marks.extend(
            Words(self.x, pad + style.baseline(place), line, style)
            for place, line in enumerate(lines)
        )
        return Strip(2 * pad + style.leading * len(lines), marks)

    def _due(self, label: str, amount: str) -> Strip:
        """Return the amount due under its rule, further languages of its name in body text."""
        type_ = self.setter.type
        style, pad = type_.due, type_.theme.gaps.row * 1.5
        figure, above = style.line(amount), pad * 1.4
        room = self.width - figure.width - type_.theme.gaps.column
        y = above + style.baseline()
        end = self.x + self.width + self._hanging(amount)
        rule = type_.theme.rules.strong
        marks: list[Mark] = [
            Words(end, y, figure, style, "end"),
            Rule(self.x, above * 0.45, self.width, rule, style.colour),
        ]
        below = above
        for place, part in enumerate(languages(label)):
            used = type_.fact if place else style
            for line in used.lines(part, room):
                marks.append(Words(self.x, below + used.baseline(), line, used))
                below += used.leading
        return Strip(below + pad, marks)

    def _hanging(self, amount: str) -> Pt:
        """Return how far a currency sign behind the amount hangs over the column's edge.

        So the digits of all totals end below each other; a long sign would hang too far.
        """
        style = self.setter.type.due
        if self.setter.type.words.rtl:
            return 0
        sign = style.width(_behind(amount))
        return sign if sign <= style.size * _SIGN else 0


def _behind(amount: str) -> str:
    """Return what stands behind the last digit."""
    return re.split(r"[0-9]", amount)[-1]


_SIGN = 1.4
"""A sign of no more em hangs over the edge: €, zł, Kč."""
