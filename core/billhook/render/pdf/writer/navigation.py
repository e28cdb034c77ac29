"""Ways through a file: links out of a page, and the entries of its outline."""

from __future__ import annotations

import attrs

from billhook.render.pdf.writer.geometry import Pt


@attrs.frozen
class Link:
    """An active area of a page, in points from the top left corner."""

    x: Pt
    y: Pt
    width: Pt
    height: Pt
    url: str


@attrs.frozen
class Bookmark:
    """An entry of the outline that leads to a height of a page."""

    title: str
    level: int
    y: Pt
