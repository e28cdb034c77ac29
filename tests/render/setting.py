"""Documents set in type, page by page, before they are drawn."""

from __future__ import annotations

from typing import NamedTuple

import attrs

from billhook.project.print_settings import PrintSettings
from billhook.render.document.compose import compose
from billhook.render.document.localized_text import wording
from billhook.render.pdf.typeset.block_layout import BlockLayout
from billhook.render.pdf.typeset.body_layout import lay_out_body
from billhook.render.pdf.typeset.drawing import DrawnText
from billhook.render.pdf.typeset.letterhead import Letterhead
from billhook.render.pdf.typeset.page_frame import RUNNING_HEAD
from billhook.render.pdf.typeset.page_size import page_of
from billhook.render.pdf.typeset.pagination import Paginator
from billhook.render.pdf.typeset.table_layout import TableLayouts
from billhook.render.pdf.typeset.typography import Style, Typography
from billhook.render.pdf.writer.font import TextLine
from billhook.render.theme_file import chosen_theme


@attrs.frozen
class Set:
    """A document's own pages."""

    page: object
    opening: Letterhead
    sheets: list

    def marks(self) -> list:
        """Return everything that is drawn."""
        boxes = [placed.box for sheet in self.sheets for placed in sheet]
        return [*self.opening.marks, *(mark for box in boxes for mark in box.marks)]

    def texts(self, number: int) -> list[str]:
        """Return the texts of a page, top down."""
        return [text for placed in self.sheets[number] for text in words_of(placed.box)]


class Words(NamedTuple):
    """A line of text whose beginning, in reading direction, is at ``x``, its baseline at ``y``."""

    x: float
    y: float
    line: TextLine
    style: Style


def words_of(box) -> list[str]:
    """Return the texts of a box."""
    return [words.line.text for words in words_in(box.marks)]


def words_in(marks) -> list[Words]:
    """Return the lines of text among marks, one by one."""
    return [
        Words(
            mark.x + (-right - line.width if mark.style.direction == "rtl" else right),
            mark.y + down,
            line,
            mark.style,
        )
        for mark in marks
        if isinstance(mark, DrawnText)
        for right, down, line in mark.lines
    ]


def set_in_type(document, sections=(), settings=None) -> Set:
    """Return a document set in type."""
    chosen = settings or PrintSettings()
    theme = chosen_theme(chosen)
    bill = compose(document, sections, chosen)
    type_ = Typography(theme, wording(bill.locale, bill.languages), chosen)
    page = page_of(bill, chosen, theme)
    opening = Letterhead(bill, type_, page, None)
    flow = Paginator(opening.bottom, page.margins.top + RUNNING_HEAD, page.bottom)
    boxes = lay_out_body(
        bill, BlockLayout(type_, TableLayouts(type_.words, bill.currency)), page.width
    )
    return Set(page, opening, flow.pages(boxes))
