"""Marks: what a box draws, in reading direction, and how it gets onto a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from math import floor
from typing import NamedTuple

import attrs

from billhook.i18n.direction import Align
from billhook.kernel.errors import BillhookError, in_words
from billhook.plugins.loading import BREAKS
from billhook.render.blocks.chart_scene import SIZE, ChartBar, ChartLine, ChartScene
from billhook.render.pdf.typeset.typography import Style, Typography
from billhook.render.pdf.writer.canvas import Canvas, PlacedLine
from billhook.render.pdf.writer.font import TextLine
from billhook.render.pdf.writer.geometry import Colour, Pt
from billhook.render.pdf.writer.picture import Picture


class DrawnText(NamedTuple):
    """Lines of text in one style, each at its place from an origin; see `draw_lines`."""

    x: Pt
    y: Pt
    lines: Sequence[PlacedLine]
    style: Style


class DrawnRule(NamedTuple):
    """A horizontal line."""

    x: Pt
    y: Pt
    length: Pt
    width: Pt
    colour: Colour


class DrawnArea(NamedTuple):
    """A filled rectangle, given by its top left corner."""

    x: Pt
    y: Pt
    width: Pt
    height: Pt
    colour: Colour


class DrawnPicture(NamedTuple):
    """A picture in a box."""

    x: Pt
    y: Pt
    width: Pt
    height: Pt
    picture: Picture


class DrawnChart(NamedTuple):
    """A chart."""

    x: Pt
    y: Pt
    scene: ChartScene
    colours: Typography


class PluginDrawing(NamedTuple):
    """A box that a plugin draws in."""

    x: Pt
    y: Pt
    width: Pt
    height: Pt
    draw: Callable[[object, tuple[float, float, float, float]], None]


DrawnMark = DrawnText | DrawnRule | DrawnArea | DrawnPicture | DrawnChart | PluginDrawing


def draw_lines(
    x: Pt, y: Pt, lines: Iterable[TextLine], style: Style, anchor: Align = "start"
) -> list[DrawnMark]:
    """Return lines below each other whose beginning, end or middle is at ``x``, from ``y`` down."""
    return [
        draw_line(x, y + place * style.leading, line, style, anchor)
        for place, line in enumerate(lines)
    ]


def draw_line(x: Pt, y: Pt, line: TextLine, style: Style, anchor: Align = "start") -> DrawnText:
    """Return a line of text whose beginning, end or middle is at ``x``, its top at ``y``."""
    part = BEFORE[anchor]
    before = 1 - part if style.direction == "rtl" else part
    return DrawnText(x, y, [(-before * line.width, style.baseline(), line)], style)


def place_lines(
    x: Pt, lines: Iterable[TextLine], style: Style, part: Pt = 0
) -> tuple[PlacedLine, ...]:
    """Return lines below each other, in hundredths of a point, so that columns are straight.

    Args:
        x: Where they begin, end or are held between, in reading direction.
        lines: The lines.
        style: How they are set.
        part: The part of a line's width that stands before ``x``.
    """
    rtl = style.direction == "rtl"
    placed: list[PlacedLine] = []
    for place, line in enumerate(lines):
        start = floor((x - part * line.width) * 100 + 0.5)
        left = -start - floor(line.width * 100 + 0.5) if rtl else start
        down = floor(style.baseline(place) * 100 + 0.5)
        placed.append((left / 100, down / 100, line))
    return tuple(placed)


BEFORE: dict[Align, Pt] = {"start": 0, "center": 0.5, "end": 1}
"""The part of a line that stands before the place where it is held."""


def move_mark(mark: DrawnMark, x: Pt, y: Pt) -> DrawnMark:
    """Return a mark moved in reading direction and down."""
    return mark._replace(x=mark.x + x, y=mark.y + y)


@attrs.frozen
class Frame:
    """The origin and orientation of marks on a page.

    Attributes:
        canvas: The page.
        left: Left edge of the frame.
        width: Its width; the mirror stands in its middle.
        rtl: Whether ``x`` runs from right to left.
    """

    canvas: Canvas
    left: Pt
    width: Pt
    rtl: bool = False

    def draw(self, marks: Iterable[DrawnMark], top: Pt) -> None:
        """Draw marks below a height of the page."""
        for mark in marks:
            match mark:
                case DrawnText():
                    self._text(mark, top)
                case DrawnRule():
                    x, y = self._edge(mark.x, mark.length), top + mark.y
                    self.canvas.line(x, y, x + mark.length, y, width=mark.width, colour=mark.colour)
                case DrawnArea():
                    x = self._edge(mark.x, mark.width)
                    y = top + mark.y
                    self.canvas.rectangle(x, y, mark.width, mark.height, fill=mark.colour)
                case DrawnPicture():
                    x = self._edge(mark.x, mark.width)
                    self.canvas.picture(mark.picture, x, top + mark.y, mark.width, mark.height)
                case DrawnChart():
                    self._plot(mark, top)
                case PluginDrawing():
                    box = (self._edge(mark.x, mark.width), top + mark.y, mark.width, mark.height)
                    try:
                        mark.draw(self.canvas, box)
                    except BREAKS as error:
                        message = f"a plugin's drawing failed: {in_words(error)}"
                        raise BillhookError(message) from error

    def _text(self, mark: DrawnText, top: Pt) -> None:
        x, y = self.left + (self.width - mark.x if self.rtl else mark.x), top + mark.y
        style = mark.style
        self.canvas.lines(x, y, mark.lines, style.font, style.size, style.colour)
        for right, down, line in mark.lines:
            if "@" in line.text or "://" in line.text:
                self._link(line, style, x + right, y + down)

    def _link(self, line: TextLine, style: Style, left: Pt, y: Pt) -> None:
        """Let e-mail and web addresses be followed; in text of two directions they stay text."""
        text = line.text
        for found in _ADDRESS.finditer(text) if line.runs is None else ():
            before = style.font.width(text[: found.start()], style.size)
            width = style.font.width(found[0], style.size)
            url = found[0] if "://" in found[0] else f"mailto:{found[0]}"
            self.canvas.link(left + before, y - style.size, width, style.size * 1.3, url)

    def _edge(self, x: Pt, width: Pt) -> Pt:
        """Return the left edge of something ``width`` wide at ``x``."""
        return self.left + (self.width - x - width if self.rtl else x)

    def _plot(self, plot: DrawnChart, top: Pt) -> None:
        left, above, colours = self._edge(plot.x, plot.scene.width), top + plot.y, plot.colours
        for mark in plot.scene.marks:
            if isinstance(mark, ChartBar):
                colour = _tone(mark.tone, colours, colours.ground)
                x, y = left + mark.x, above + mark.y
                self.canvas.rectangle(x, y, mark.width, mark.height, fill=colour)
            elif isinstance(mark, ChartLine):
                points = [(left + x, above + y) for x, y in mark.points]
                colour = _tone(mark.tone, colours, colours.rule)
                self.canvas.path(points, stroke=colour, width=mark.width)
            else:
                font, colour = colours.fonts.regular, colours.quiet
                x, y = left + mark.x, above + mark.y
                line = font.line(mark.text, SIZE, colours.body.direction)
                self.canvas.text(x, y, line, font, SIZE, colour=colour, align=mark.anchor)


_ADDRESS = re.compile(
    r"https?://[\x21-\x7e]*[\w/]|[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}", re.ASCII
)


def _tone(tone: int, colours: Typography, other: Colour) -> Colour:
    return other if tone < 0 else colours.tones[tone % len(colours.tones)]
