"""The repeated parts of every page: running head, foot with page numbers, stamp."""

from __future__ import annotations

import math
from math import fsum

from billhook.i18n import captions
from billhook.render.document.composition import Composition
from billhook.render.document.localized_text import Wording
from billhook.render.pdf.typeset.drawing import DrawnMark, DrawnRule, Frame, draw_line, draw_lines
from billhook.render.pdf.typeset.letterhead import seller_columns
from billhook.render.pdf.typeset.page_size import PageSize
from billhook.render.pdf.typeset.typography import Typography
from billhook.render.pdf.writer.canvas import Canvas
from billhook.render.pdf.writer.font import TextLine
from billhook.render.pdf.writer.geometry import SLACK, Pt

RUNNING_HEAD: Pt = 26.0
"""Height of the running head of the second and all further pages."""

_FACTS = 0.78
"""The seller's facts take this part of a foot's width at most; words wrap beside them."""


_FROM_EDGE: Pt = 28.0
"""The lowest line's distance from the paper's edge."""


class PageFrame:
    """Draws what every page has."""

    def __init__(self, bill: Composition, type_: Typography, width: Pt) -> None:
        self.bill = bill
        self.type = type_
        self.words: Wording = type_.words
        # What stands on every page alike, upright or turned: its head and its foot.
        self._standing: dict[bool, tuple[list[DrawnMark], list[DrawnMark]]] = {}
        texts, space = self._texts(), type_.theme.gaps.column
        rooms = self._rooms(texts, width - space * (len(texts) - 1))
        self.lefts: list[Pt] = [fsum(rooms[:place]) + space * place for place in range(len(rooms))]
        self.columns: list[list[TextLine]] = [
            [line for text in column for line in type_.small.lines(text, room)]
            for column, room in zip(texts, rooms, strict=True)
        ]

    def _rooms(self, texts: list[list[str]], width: Pt) -> list[Pt]:
        """Return the columns' widths: what they need; the house's own words take what is left."""
        needs = [max(map(self.type.small.width, column)) for column in texts]
        facts = fsum(needs[:-1])
        if self.bill.footer and len(needs) > 1 and facts <= width * _FACTS:
            needs[-1] = min(needs[-1], width - facts)
        rooms = needs if fsum(needs) <= width + SLACK else _fair(needs, width, self._least(texts))
        left = (width - fsum(rooms)) / max(1, len(rooms) - 1)
        return [*(room + left for room in rooms[:-1]), *rooms[-1:]]

    def _least(self, texts: list[list[str]]) -> list[Pt]:
        """Return what the columns' longest words need, an address of mail above all."""
        wide = self.type.small.width
        return [max(wide(word) for text in column for word in text.split(" ")) for column in texts]

    def _texts(self) -> list[list[str]]:
        """Return the columns of the foot: the house's own words, or the seller's facts."""
        own = [self.words.words(line) for line in self.bill.footer.splitlines()]
        if self.type.theme.places.facts != "foot":
            return [own] if own else []
        address, facts = seller_columns(self.bill, self.type)
        name = self.words.words(self.bill.seller.name)
        half = (len(facts) + 1) // 2
        columns = [[name, *address], facts[:half], facts[half:], own]
        return [column for column in columns if column]

    @property
    def height(self) -> Pt:
        """Height of the foot over the line with the page's number."""
        return max(map(len, self.columns), default=0) * self.type.small.leading

    def draw(self, canvas: Canvas, page: PageSize, number: int, count: int) -> None:
        """Draw the furniture of one page."""
        frame = Frame(canvas, page.left, page.width, self.words.rtl)
        if page.landscape not in self._standing:
            self._standing[page.landscape] = self._head(page), self._foot(page)
        head, foot = self._standing[page.landscape]
        if number > 1:
            frame.draw(head, 0)
        frame.draw([self._number(page, number, count), *foot], 0)
        if self.bill.mark:
            self._stamp(canvas)

    # ── head ─────────────────────────────────────────────────────────────────

    def _head(self, page: PageSize) -> list[DrawnMark]:
        style, top = self.type.small, page.margins.top - 6
        seller = style.line(self.words.words(self.bill.seller.name))
        title = style.line(self.title())
        rule = DrawnRule(
            0, top + style.leading + 4, page.width, self.type.theme.rules.hair, self.type.rule
        )
        return [
            draw_line(0, top, seller, style),
            draw_line(page.width, top, title, style, "end"),
            rule,
        ]

    def title(self) -> str:
        """Return the document's title with its number."""
        title = self.words.text(self.bill.title)
        return f"{title} {self.words.code(self.bill.number)}" if self.bill.number else title

    # ── foot ─────────────────────────────────────────────────────────────────

    def _number(self, page: PageSize, number: int, count: int) -> DrawnMark:
        style = self.type.small
        shown = style.line(self.words.text(captions.page_of(number, count)))
        bottom = page.sheet.height - _FROM_EDGE - style.baseline()
        return draw_line(page.width, bottom, shown, style, "end")

    def _foot(self, page: PageSize) -> list[DrawnMark]:
        style, bottom = self.type.small, page.sheet.height - _FROM_EDGE
        marks: list[DrawnMark] = []
        if self.bill.seal:
            seal = style.line(self.words.text(captions.seal(self.bill.seal)))
            marks.append(draw_line(0, bottom - style.baseline(), seal, style))
        if self.columns:
            top = bottom - style.leading * 1.3 - self.height
            marks.append(
                DrawnRule(0, top - 5, page.width, self.type.theme.rules.hair, self.type.rule)
            )
            marks.extend(
                mark
                for left, lines in zip(self.lefts, self.columns, strict=True)
                for mark in draw_lines(left, top, lines, style)
            )
        return marks

    # ── stamp ────────────────────────────────────────────────────────────────

    def _stamp(self, canvas: Canvas) -> None:
        """Put the mark across the page, under everything."""
        font, text = self.type.fonts.bold, self.words.text(self.bill.mark)
        paper = canvas.paper
        diagonal = math.hypot(paper.width, paper.height)
        size = min(120.0, diagonal * 0.5 / max(font.width(text, 1), 0.1))
        angle = math.degrees(math.atan2(paper.height, paper.width))
        lowered = font.cap_height(size) / 2
        x = paper.width / 2 + lowered * math.sin(math.radians(angle))
        y = paper.height / 2 + lowered * math.cos(math.radians(angle))
        canvas.under.text_turned(
            x, y, text, font, size, angle, colour=self.type.mark, align="center"
        )


def _fair(needs: list[Pt], width: Pt, least: list[Pt]) -> list[Pt]:
    """Return widths for columns that need too much: who needs little gets it, the rest share.

    No column is narrower than its longest word, unless there are too many of them.
    """
    rooms: dict[int, Pt] = {}
    floor = least if fsum(least) <= width else [0.0] * len(least)
    for place in sorted(range(len(needs)), key=needs.__getitem__):
        others = fsum(floor[p] for p in range(len(needs)) if p != place and p not in rooms)
        left = width - fsum(rooms.values())
        fair = left / (len(needs) - len(rooms))
        rooms[place] = min(needs[place], max(floor[place], min(fair, left - others)))
    return [rooms[place] for place in range(len(needs))]
