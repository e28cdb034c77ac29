"""The opening of the first page: letterhead, address window, facts, title."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from billhook.i18n import captions
from billhook.i18n.addresses import address_lines
from billhook.i18n.direction import Align, IsolateKind, isolated_where_needed
from billhook.kernel.text import NBSP, Text
from billhook.model.party import Party
from billhook.model.section import Cell, Pairs
from billhook.render.document.composition import Composition
from billhook.render.document.localized_text import Wording, languages
from billhook.render.pdf.typeset.drawing import (
    BEFORE,
    DrawnArea,
    DrawnMark,
    DrawnPicture,
    DrawnRule,
    DrawnText,
    draw_lines,
    move_mark,
    place_lines,
)
from billhook.render.pdf.typeset.page_size import MIDDLE, THIRD, PageSize
from billhook.render.pdf.typeset.typography import Style, Typography
from billhook.render.pdf.writer.font import TextLine
from billhook.render.pdf.writer.geometry import Pt
from billhook.render.pdf.writer.picture import Picture
from billhook.render.theme import Gaps

_LOGO_WIDTH, _LOGO_HEIGHT = 170.0, 44.0
_FIRST = 0.6
"""The first column of the page's second half takes no more than this part of it."""

_SENDER: Pt = 14.0
"""Height of the line over the address in a window."""

_SENDERS, _LINES = 0.48, 2
"""It takes no more than this part of the width, and no more lines."""

_NAMELESS = (captions.PHONE, captions.EMAIL, captions.WEBSITE)


class _Part(NamedTuple):
    """A part of the opening, with heights from its own top."""

    height: Pt
    marks: list[DrawnMark]


class Letterhead:
    """The head of the first page: its parts, set once, and the gaps of a theme between them.

    Attributes:
        marks: What is drawn; heights are those of the page.
        bottom: Where it ends.
    """

    def __init__(
        self, bill: Composition, type_: Typography, page: PageSize, logo: Picture | None
    ) -> None:
        self.bill = bill
        self.type = type_
        self.words: Wording = type_.words
        self.page = page
        self._put_here: list[DrawnMark] = []
        self._head: _Part = self._part(lambda: self._letterhead(logo))
        self._address: _Part = self._part(self._address_and_facts)
        self._heading: _Part = self._part(self._title)
        self.marks: list[DrawnMark]
        self.bottom: Pt
        self.space(type_.theme.gaps)

    def _part(self, put: Callable[[], Pt]) -> _Part:
        self._put_here = []
        height = put()
        return _Part(height, self._put_here)

    def space(self, gaps: Gaps) -> None:
        """Put the parts below each other, with these gaps."""
        top = self._head.height + gaps.letterhead
        if self.page.address_top:
            top = max(self.page.address_top, self._head.height + _SENDER)
        title = max(top + self._address.height, self.page.address_bottom) + gaps.letterhead * 0.8
        self.marks = [
            *self._head.marks,
            *(move_mark(mark, 0, top) for mark in self._address.marks),
            *(move_mark(mark, 0, title) for mark in self._heading.marks),
        ]
        self.bottom = title + self._heading.height + gaps.title * 0.55

    # ── letterhead ───────────────────────────────────────────────────────────

    def _letterhead(self, logo: Picture | None) -> Pt:
        places, top = self.type.theme.places, self.page.margins.top
        if places.brand_bar:
            self._put_here.append(DrawnArea(-200, 0, self.page.width + 400, 7, self.type.brand))
        bottom = self._name(logo, top)
        if places.facts == "beside":
            bottom = max(bottom, self._seller_facts(top, named=logo is not None))
        if places.facts == "below":
            bottom = self._facts_below(bottom + 4, named=logo is not None)
        return bottom

    @property
    def _far(self) -> bool:
        """Return whether the seller stands on the side where lines end."""
        return self.type.theme.places.seller == "end"

    def _name(self, logo: Picture | None, top: Pt) -> Pt:
        """Put the logo, or the seller's name where there is none."""
        if logo is not None:
            width, height = logo.fitted(_LOGO_WIDTH, _LOGO_HEIGHT)
            x = self.page.width - width if self._far else 0
            self._put_here.append(DrawnPicture(x, top, width, height, logo))
            return top + height
        room = self.page.width * MIDDLE - self.type.theme.gaps.column
        name = self.words.words(self.bill.seller.name)
        return self._at_side(top - 3, [name], self.type.seller, room)

    def _facts_below(self, top: Pt, *, named: bool) -> Pt:
        """Put the seller's address and numbers below the name, one after the other."""
        address, numbers = seller_columns(self.bill, self.type)
        name = [self.words.words(self.bill.seller.name)] if named else []
        texts = [" · ".join(each) for each in ([*name, *address], numbers) if each]
        return self._at_side(top, texts, self.type.small, self.page.width)

    def _at_side(self, top: Pt, texts: Iterable[str], style: Style, room: Pt) -> Pt:
        lines = [line for text in texts for line in style.lines(text, room)]
        x: Pt = self.page.width if self._far else 0
        self._put(x, top, lines, style, "end" if self._far else "start")
        return top + len(lines) * style.leading

    def _seller_facts(self, top: Pt, *, named: bool) -> Pt:
        """Put the seller's address and numbers in two columns; the second as wide as it needs."""
        style, width, space = self.type.small, self.page.width, self.type.theme.gaps.column
        left, right = seller_columns(self.bill, self.type)
        half = width * (1 - MIDDLE)
        middle, end = (0.0, half) if self._far else (width - half, width)
        first = min(max(map(style.width, left), default=0), half * _FIRST)
        second = max((style.width(each) for text in right for each in languages(text)), default=0)
        usual = middle + width * (THIRD - MIDDLE)
        third = max(middle + first + space, min(usual, end - second))
        room, start = third - middle - space, top
        both = top
        if named:
            name, bold = self.words.words(self.bill.seller.name), self.type.small_strong
            wide = bold.width(name) > room
            start = self._paragraph(middle, top, [name], bold, half if wide else room)
            both = start if wide else top
        return max(
            self._paragraph(middle, start, left, style, room),
            self._paragraph(third, both, right, style, end - third),
        )

    # ── address and facts ────────────────────────────────────────────────────

    def _address_and_facts(self) -> Pt:
        if self.page.address_top:
            self._sender()
        room = self.page.width * MIDDLE - 2 * self.type.theme.gaps.column
        return max(self._recipient(0, room), self._facts(self.bill.meta, 0))

    def _sender(self) -> None:
        """Put the sender over the address, for the envelope's window: in one line if it can be."""
        style = self.type.smaller(self.type.small, 0.82)
        address = address_lines(self.bill.seller.address, self.bill.locale, self._home)
        text = self.words.words(" · ".join([self.bill.seller.name, *address]))
        room, y = self.page.width * _SENDERS, -style.leading * 1.3
        while len(lines := style.lines(text, room)) > _LINES:
            style = self.type.smaller(style, 0.9)
        top = y - style.baseline(len(lines) - 1)
        self._put_here.extend(draw_lines(0, top, lines, style))
        width = max(line.width for line in lines)
        self._put_here.append(DrawnRule(0, y + 2.6, width, 0.3, self.type.quiet))

    def _recipient(self, top: Pt, room: Pt) -> Pt:
        name, lines = self._of(self.bill.recipient)
        bottom = self._paragraph(0, top, [name], self.type.strong, room)
        bottom = self._paragraph(0, bottom, lines, self.type.body, room)
        facts = facts_lines(self.bill.recipient_facts, self.type)
        if facts:
            bottom = self._paragraph(0, bottom + 5, facts, self.type.small, room)
        return bottom

    def _facts(self, facts: Pairs, top: Pt) -> Pt:
        """Put number, dates and references in the second and third column."""
        width, name, body = self.page.width, self.type.fact, self.type.body
        first = width * MIDDLE
        labels = [self.words.text(label) for label, _cell in facts.items]
        needed = max((name.width(each) for text in labels for each in languages(text)), default=0)
        room = max(width * THIRD - first - 8, min(needed, (width - first) * _FIRST))
        second = first + room + 8
        y = top
        for text, (_label, cell) in zip(labels, facts.items, strict=True):
            names = name.lines(text, room)
            values = body.lines(self._cell(cell), width - second)
            self._put(first, y, names, name)
            self._put(second, y, values, body)
            y += max(len(names), len(values)) * body.leading + 1.1
        return y

    def _cell(self, cell: Cell) -> str:
        if isinstance(cell, str):
            return isolated_where_needed(cell, IsolateKind.CODE, self.bill.locale)
        return self.words.cell(cell)

    # ── title ────────────────────────────────────────────────────────────────

    def _title(self) -> Pt:
        style = self.type.title
        lines = style.lines(self.words.text(self.bill.title), self.page.width)
        self._put(0, 0, lines, style)
        end = len(lines) * style.leading
        if self.bill.number:
            self._number(lines[-1].width, end - style.leading)
        return end

    def _number(self, after: Pt, top: Pt) -> None:
        style = self.type.number
        line = style.line(self.words.code(self.bill.number or ""))
        gap = style.size * 0.34
        if after + gap + line.width <= self.page.width:
            self._put(after + gap, top, [line], style)

    def _of(self, party: Party) -> tuple[str, list[str]]:
        lines = address_lines(party.address, self.bill.locale, self._home)
        return self.words.words(party.name), [self.words.words(line) for line in lines]

    @property
    def _home(self) -> str:
        return self.bill.seller.address.country

    # ── putting ──────────────────────────────────────────────────────────────

    def _paragraph(self, x: Pt, top: Pt, texts: Iterable[str], style: Style, room: Pt) -> Pt:
        lines = [line for text in texts for line in style.lines(text, room)]
        self._put(x, top, lines, style)
        return top + len(lines) * style.leading

    def _put(
        self, x: Pt, top: Pt, lines: Sequence[TextLine], style: Style, anchor: Align = "start"
    ) -> None:
        if lines:
            placed = place_lines(x, lines, style, BEFORE[anchor])
            self._put_here.append(DrawnText(0, top, placed, style))


def seller_columns(bill: Composition, type_: Typography) -> tuple[list[str], list[str]]:
    """Return the seller's address, and telephone, register and tax numbers."""
    address = address_lines(bill.seller.address, bill.locale, bill.seller.address.country)
    return [type_.words.words(line) for line in address], facts_lines(bill.seller_facts, type_)


def facts_lines(facts: Pairs, type_: Typography) -> list[str]:
    """Return facts as lines; what names itself stands without its name."""
    return [_fact(label, cell, type_) for label, cell in facts.items]


def _fact(label: Text, cell: Cell, type_: Typography) -> str:
    value = cell if isinstance(cell, str) else type_.words.cell(cell)
    shown = type_.words.code(value)
    if label in _NAMELESS:
        return shown
    short = len(value) <= _SHORT
    return f"{type_.words.text(label)} {shown.replace(' ', NBSP) if short else shown}"


_SHORT = 24
"""Numbers of no more signs are not broken."""
