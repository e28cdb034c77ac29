"""Documents set in type, page by page, before they are drawn."""

from __future__ import annotations

import attrs

from billhook.project.print_settings import PrintSettings
from billhook.render.compose import compose
from billhook.render.layout.blocks import Setter
from billhook.render.layout.body import body_strips
from billhook.render.layout.flow import Flow
from billhook.render.layout.furniture import RUNNING_HEAD
from billhook.render.layout.marks import Composed, Words
from billhook.render.layout.opening import Opening
from billhook.render.layout.page import page_of
from billhook.render.layout.typography import Typography
from billhook.render.own_theme import chosen_theme
from billhook.render.wording import wording


@attrs.frozen
class Set:
    """A document's own pages."""

    page: object
    opening: Opening
    sheets: list

    def marks(self) -> list:
        """Return everything that is drawn."""
        strips = [placed.strip for sheet in self.sheets for placed in sheet.placed]
        return [*self.opening.marks, *(mark for strip in strips for mark in strip.marks)]

    def texts(self, number: int) -> list[str]:
        """Return the texts of a page, top down."""
        return [text for placed in self.sheets[number].placed for text in words_of(placed.strip)]


def words_of(strip) -> list[str]:
    """Return the texts of a strip."""
    return [mark.line.text for mark in words_in(strip.marks)]


def words_in(marks) -> list[Words]:
    """Return the lines of text among marks, those of passages one by one."""
    return [words for mark in marks for words in _words(mark)]


def _words(mark) -> list[Words]:
    if isinstance(mark, Words):
        return [mark]
    if not isinstance(mark, Composed):
        return []
    found = []
    for right, down, line in mark.passage.pieces:
        # From right to left a passage stands to the left of its origin.
        start = right / 100 if right >= 0 else -right / 100 - line.width
        found.append(Words(mark.x + start, mark.y + down / 100, line, mark.style))
    return found


def set_in_type(document, sections=(), settings=None) -> Set:
    """Return a document set in type."""
    chosen = settings or PrintSettings()
    theme = chosen_theme(chosen)
    bill = compose(document, sections, chosen)
    type_ = Typography(theme, wording(bill.locale, bill.languages), chosen)
    page = page_of(bill, chosen, theme)
    opening = Opening(bill, type_, page, None)
    flow = Flow(opening.bottom, page.margins.top + RUNNING_HEAD, page.bottom)
    strips = body_strips(bill, Setter(type_, bill.currency), page.width)
    return Set(page, opening, flow.pages(strips))
