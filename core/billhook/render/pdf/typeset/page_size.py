"""The page: paper, margins, and where an envelope's window looks through.

Windows: DIN 5008 form B (address zone 45 mm from the top, text 25 mm from the left); the number
10 envelope of the US for Letter folded in three (window 7/8 inch from the left, half an inch from
the bottom); C5 for A4 folded once.
"""

from __future__ import annotations

import attrs

from billhook.i18n.paper import Paper
from billhook.project.print_settings import PrintSettings
from billhook.render.document.composition import Composition
from billhook.render.pdf.writer.geometry import POINTS_PER_MM, Pt
from billhook.render.theme import Margins, Theme

MIDDLE = 0.52
"""Where the second column of the page begins, as a part of the content's width."""

THIRD = 0.745
"""Where the third column begins: values of facts, the seller's telephone."""


@attrs.frozen
class _Window:
    """A window, as seen from the sheet's corner.

    Attributes:
        left: Left edge of the address.
        top: Top of its first line.
        bottom: Lower edge of the window.
    """

    left: Pt
    top: Pt
    bottom: Pt


_WINDOWS = {
    "din5008": _Window(25 * POINTS_PER_MM, 62.7 * POINTS_PER_MM, 90 * POINTS_PER_MM),
    "us10": _Window(72, 155, 228),
    "c5": _Window(25 * POINTS_PER_MM, 60 * POINTS_PER_MM, 92 * POINTS_PER_MM),
}


@attrs.frozen(kw_only=True)
class PageSize:
    """The measures of a document's pages.

    Attributes:
        paper: Upright.
        margins: Around the content.
        address_top: Top of the address on the first page; 0 leaves it to the letterhead.
        address_bottom: What stands below the address begins under this.
        landscape: Whether it is turned.
    """

    paper: Paper
    margins: Margins
    address_top: Pt = 0
    address_bottom: Pt = 0
    landscape: bool = False

    @property
    def sheet(self) -> Paper:
        """The paper as it is turned."""
        return self.paper.landscape if self.landscape else self.paper

    @property
    def width(self) -> Pt:
        """Width of the content."""
        return self.sheet.width - self.margins.left - self.margins.right

    @property
    def bottom(self) -> Pt:
        """The position at which the content ends."""
        return self.sheet.height - self.margins.bottom

    @property
    def left(self) -> Pt:
        """Left edge of the content."""
        return self.margins.left

    @property
    def turned(self) -> PageSize:
        """The same page with its long side across."""
        return attrs.evolve(self, landscape=True)


def page_of(bill: Composition, settings: PrintSettings, theme: Theme, foot: Pt = 0) -> PageSize:
    """Return the page of a document.

    Args:
        bill: The document.
        settings: Paper and window.
        theme: Margins.
        foot: Height of what stands at the foot of each page.
    """
    margins = attrs.evolve(
        theme.margins, bottom=max(theme.margins.bottom, foot + _FOOT_ROOM if foot else 0)
    )
    window = _WINDOWS.get(settings.window)
    if window is None:
        return PageSize(paper=bill.paper, margins=margins)
    return PageSize(
        paper=bill.paper,
        margins=attrs.evolve(margins, left=window.left),
        address_top=window.top,
        address_bottom=window.bottom,
    )


_FOOT_ROOM: Pt = 60.0
"""Room below and over the columns of the foot."""
