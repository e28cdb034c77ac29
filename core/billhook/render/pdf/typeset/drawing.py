"""Marks: what a box draws, in reading direction, and how it gets onto a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import attrs

from billhook.i18n.direction import Align, side_of
from billhook.kernel.errors import BillhookError, in_words
from billhook.plugins.loading import BREAKS
from billhook.render.blocks.chart_scene import SIZE, ChartBar, ChartLine, ChartScene
from billhook.render.pdf.typeset.typography import Style, Typography
from billhook.render.pdf.writer.canvas import Canvas
from billhook.render.pdf.writer.font import TextLine
from billhook.render.pdf.writer.geometry import Colour, Pt
from billhook.render.pdf.writer.picture import Picture
from billhook.render.pdf.writer.text_block import (
    PositionedLine,
    TextBlock,
    compose_text_block,
    hundredths,
)


class DrawnLine(NamedTuple):
    """A line of text whose beginning, end or middle is at ``x``; ``y`` is its baseline."""

    x: Pt
    y: Pt
    line: TextLine
    style: Style
    anchor: Align = "start"


class DrawnText(NamedTuple):
    """Lines of text in one style whose origin is at ``x``, and at ``y`` from the top.

    In reading direction from right to left, the passage stands to the left of its origin.
    """

    x: Pt
    y: Pt
    passage: TextBlock
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


DrawnMark = (
    DrawnLine | DrawnText | DrawnRule | DrawnArea | DrawnPicture | DrawnChart | PluginDrawing
)


def compose_text(pieces: Sequence[PositionedLine], style: Style, *, rtl: bool) -> DrawnText:
    """Return lines composed; ``x`` of each is where it begins, in reading direction."""
    if rtl:
        pieces = [(-x - hundredths(line.width), y, line) for x, y, line in pieces]
    return DrawnText(0, 0, compose_text_block(style.font, style.size, pieces), style)


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
                    self._composed(mark, top)
                case DrawnRule():
                    self._rule(mark, top)
                case DrawnLine():
                    self._words(mark, top)
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
                    _drawn(mark, self.canvas, box)

    def _words(self, mark: DrawnLine, top: Pt) -> None:
        align = side_of(mark.anchor, rtl=self.rtl)
        style = mark.style
        x = self.left + (self.width - mark.x if self.rtl else mark.x)
        y = top + mark.y
        self.canvas.text(x, y, mark.line, style.font, style.size, colour=style.colour, align=align)
        if "@" in mark.line.text or "://" in mark.line.text:
            left = x - {"left": 0, "right": 1, "center": 0.5}[align] * mark.line.width
            self._link(mark.line, style, left, y)

    def _composed(self, mark: DrawnText, top: Pt) -> None:
        x, y = self.left + (self.width - mark.x if self.rtl else mark.x), top + mark.y
        self.canvas.passage(x, y, mark.passage, mark.style.colour)
        if mark.passage.may_link:
            for right, down, line in mark.passage.pieces:
                self._link(line, mark.style, x + right / 100, y + down / 100)

    def _rule(self, mark: DrawnRule, top: Pt) -> None:
        x, y = self._edge(mark.x, mark.length), top + mark.y
        self.canvas.line(x, y, x + mark.length, y, width=mark.width, colour=mark.colour)

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


def _drawn(mark: PluginDrawing, canvas: Canvas, box: tuple[Pt, Pt, Pt, Pt]) -> None:
    """Let a plugin draw; what breaks there is its fault, not a crash."""
    try:
        mark.draw(canvas, box)
    except BREAKS as error:
        raise BillhookError(f"a plugin's drawing failed: {in_words(error)}") from error
