"""The body: the parts of a composition in boxes, with their places on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import attrs

from billhook.i18n.addresses import address_lines
from billhook.model.section import Pairs, RowStyle
from billhook.render.document.composition import BillPart, Composition, Role
from billhook.render.document.localized_text import languages
from billhook.render.pdf.typeset.block_layout import BlockLayout
from billhook.render.pdf.typeset.box import (
    Box,
    gap_box,
    height_of,
    hold_together,
    keep_with_next,
    set_beside,
)
from billhook.render.pdf.typeset.drawing import DrawnMark, DrawnRule, draw_line, draw_lines
from billhook.render.pdf.typeset.page_size import MIDDLE, THIRD
from billhook.render.pdf.writer.geometry import Pt

_LEAST = 0.36
"""Terms keep this part of the width beside long account numbers."""

_SIDE_BY_SIDE: Pt = 220.0
"""Terms and payment details no higher than this stand side by side."""


_WHOLE: Pt = 250.0
"""Terms, payment details and taxes no higher than this are not parted."""


def lay_out_body(bill: Composition, setter: BlockLayout, width: Pt) -> list[Box]:
    """Return the parts of a composition as boxes."""
    boxes = list(_parties(bill, setter, width))
    for parts in _runs(bill.parts):
        found = _run(parts, setter, width)
        if boxes and found:
            tied = parts[0].role is Role.TOTALS
            boxes = keep_with_next(boxes) if tied else boxes
            gap = setter.type.theme.gaps.part
            boxes.append(gap_box(gap * 0.7 if tied else gap, keep=tied))
        boxes.extend(found)
    return boxes


def _parties(bill: Composition, setter: BlockLayout, width: Pt) -> Iterator[Box]:
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
        yield set_beside(*runs)


def _runs(parts: Sequence[BillPart]) -> Iterator[tuple[BillPart, ...]]:
    """Yield the parts one by one, terms and payment details together."""
    place = 0
    while place < len(parts):
        pair = tuple(parts[place : place + 2])
        together = [part.role for part in pair] == [Role.TERMS, Role.PAYMENT]
        yield pair if together else pair[:1]
        place += 2 if together else 1


def _run(parts: tuple[BillPart, ...], setter: BlockLayout, width: Pt) -> list[Box]:
    if len(parts) == 1:
        return _part(parts[0], setter, 0, width)
    needed = max(setter.natural(block) for block in parts[1].blocks)
    middle = max(width * _LEAST, min(width * MIDDLE, width - needed))
    room = middle - 2 * setter.type.theme.gaps.column
    if not any(setter.squeezes(block, room) for block in parts[0].blocks):
        left = _part(parts[0], setter, 0, room)
        right = _part(parts[1], setter, middle, width - middle, tab=width * (THIRD - MIDDLE))
        if max(height_of(left), height_of(right)) <= _SIDE_BY_SIDE:
            return [set_beside(left, right)]
    space = gap_box(setter.type.theme.gaps.part)
    return [*_part(parts[0], setter, 0, width), space, *_part(parts[1], setter, 0, width)]


def _part(part: BillPart, setter: BlockLayout, x: Pt, width: Pt, tab: Pt = 0) -> list[Box]:
    heading = setter.heading(part.title, x, width)
    if part.role is Role.TOTALS:
        return hold_together([*heading, *_totals(part, setter, width)])
    if part.role in (Role.TAXES, Role.NOTES):
        setter = setter.quieter
    boxes = [*heading, *setter.blocks(part.blocks, x, width, tab)]
    if part.role in (Role.TERMS, Role.PAYMENT, Role.TAXES) and height_of(boxes) <= _WHOLE:
        return hold_together(boxes)
    return boxes


# ── totals ───────────────────────────────────────────────────────────────────


def _totals(part: BillPart, setter: BlockLayout, width: Pt) -> list[Box]:
    """Return the totals, under the column of amounts."""
    own = width * setter.type.theme.places.totals
    boxes: list[Box] = []
    for block in part.blocks:
        if isinstance(block, Pairs):
            boxes.extend(_Totals(setter, width - own, own).rows(block))
        else:
            boxes.extend(setter.quieter.block(block, width - own, own))
    return boxes


@attrs.frozen
class _Totals:
    """The totals that are being set."""

    setter: BlockLayout
    x: Pt
    width: Pt

    def rows(self, pairs: Pairs) -> Iterator[Box]:
        """Yield a box for each total, the amount due set off."""
        setter = self.setter
        grid = setter.tables.formatted(pairs, bare=True)
        amounts = (row.cells[1].text for row in grid.rows if row.style is RowStyle.NORMAL)
        widest = max(map(setter.type.body.width, amounts), default=0)
        for row in grid.rows:
            label, amount = row.cells[0].text, row.cells[1].text
            if row.style is RowStyle.TOTAL:
                yield self._due(label, amount)
            else:
                yield self._row(label, amount, widest)

    def _row(self, label: str, amount: str, widest: Pt) -> Box:
        type_, end = self.setter.type, self.x + self.width
        style, pad = type_.body, type_.theme.gaps.row * 0.75
        figure = style.line(amount)
        lines = style.lines(label, self.width - figure.width - type_.theme.gaps.column)
        # Digits end below digits on a mirrored page, too.
        marks: list[DrawnMark] = [
            draw_line(end - widest, pad, figure, style)
            if type_.words.rtl
            else draw_line(end, pad, figure, style, "end"),
            *draw_lines(self.x, pad, lines, style),
        ]
        return Box(2 * pad + style.leading * len(lines), marks)

    def _due(self, label: str, amount: str) -> Box:
        """Return the amount due under its rule, further languages of its name in body text."""
        type_ = self.setter.type
        style, pad = type_.due, type_.theme.gaps.row * 1.5
        figure, above = style.line(amount), pad * 1.4
        room = self.width - figure.width - type_.theme.gaps.column
        end = self.x + self.width + self._hanging(amount)
        rule = type_.theme.rules.strong
        marks: list[DrawnMark] = [
            draw_line(end, above, figure, style, "end"),
            DrawnRule(self.x, above * 0.45, self.width, rule, style.colour),
        ]
        below = above
        for place, part in enumerate(languages(label)):
            used = type_.fact if place else style
            lines = used.lines(part, room)
            marks.extend(draw_lines(self.x, below, lines, used))
            below += used.leading * len(lines)
        return Box(below + pad, marks)

    def _hanging(self, amount: str) -> Pt:
        """Return how far a currency sign behind the amount hangs over the column's edge.

        So the digits of all totals end below each other; a long sign would hang too far.
        """
        style = self.setter.type.due
        if self.setter.type.words.rtl:
            return 0
        behind = re.split(r"[0-9]", amount)[-1]
        sign = style.width(behind)
        return sign if sign <= style.size * _SIGN else 0


_SIGN = 1.4
"""A sign of no more em hangs over the edge: €, zł, Kč."""
