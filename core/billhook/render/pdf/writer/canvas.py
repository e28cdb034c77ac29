"""A canvas: one page, drawn on in points from its top left corner, ``y`` downwards.

Operators are collected in one list and joined when the file is written, so an earlier page can
still be written to after later ones.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeAlias

import attrs

from billhook.i18n.direction import Side
from billhook.i18n.paper import Paper
from billhook.render.pdf.writer.embedding import FaceUsage
from billhook.render.pdf.writer.font import Font, TextLine
from billhook.render.pdf.writer.font_face import Face
from billhook.render.pdf.writer.geometry import BLACK, Colour, Direction, Pt
from billhook.render.pdf.writer.picture import Picture
from billhook.render.pdf.writer.shaping import GlyphRun

#: A step of a path: a point to go to, or two control points and the end of a curve.
PathStep: TypeAlias = tuple[Pt, Pt] | tuple[Pt, Pt, Pt, Pt, Pt, Pt]

#: A line with its left end and its baseline, right of and below an origin.
PlacedLine: TypeAlias = tuple[Pt, Pt, TextLine]

_URL = re.compile(r"(?:https?://|mailto:)[\x21-\x7e]+", re.IGNORECASE)


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


@attrs.frozen
class PageResources:
    """The fonts and pictures of a file, as its pages name them.

    Attributes:
        usage: What the file uses of a face.
        raster: The resource name of a picture of pixels.
        vector: The operators of a drawing of a width and height, from its lower left corner.
    """

    usage: Callable[[Face], FaceUsage]
    raster: Callable[[Picture], str]
    vector: Callable[[Picture, Pt, Pt], str]


class Canvas:
    """One page that is being drawn.

    Made by `document.PdfFile.start_page`.

    Attributes:
        number: The page's number, from 1.
        paper: Its size.
        links: Its active areas.
        bookmarks: Its entries in the outline.
    """

    def __init__(self, resources: PageResources, number: int, paper: Paper) -> None:
        self.number = number
        self.paper = paper
        self._height = paper.height
        self.links: list[Link] = []
        self.bookmarks: list[Bookmark] = []
        self._resources = resources
        self._operators: list[str] = []
        self._fresh()

    def _fresh(self) -> None:
        self._face: Face | None = None
        self._size: Pt = 0
        self._name = ""
        self._texts: list[str] = []
        self._shaped: list[GlyphRun] = []
        self._fill: Colour | None = None
        self._stroke: Colour | None = None
        self._width: Pt | None = None

    @functools.cached_property
    def under(self) -> Canvas:
        """A canvas of the same page that lies under this one: for watermarks and grounds."""
        return Canvas(self._resources, self.number, self.paper)

    # Text.

    def text(
        self,
        x: Pt,
        y: Pt,
        text: str | TextLine,
        font: Font,
        size: Pt,
        *,
        colour: Colour = BLACK,
        align: Side = "left",
        direction: Direction | None = None,
    ) -> None:
        """Write one line.

        Args:
            x: Its left end, right end or middle, as ``align`` says.
            y: Its baseline.
            text: The text; a `Line` out of `wrap` is not measured again.
            font: The font.
            size: Font size in points.
            colour: Of the letters.
            align: What of the text is at ``x``; seen, not read, also from right to left.
            direction: Base direction of a ``str``; ``None`` for that of its first letter.

        Raises:
            billhook.render.pdf.writer.font.MissingGlyphError: No face has one of its characters.
        """
        line = text if isinstance(text, TextLine) else font.line(text, size, direction)
        if align != "left":
            x -= line.width if align == "right" else line.width / 2
        self.lines(x, y, [(0, 0, line)], font, size, colour)

    def lines(
        self, x: Pt, y: Pt, lines: Iterable[PlacedLine], font: Font, size: Pt, colour: Colour
    ) -> None:
        """Write lines that have their places from an origin at (x, y)."""
        placed: list[tuple[str, TextLine]] = []
        behind: Pt = 0
        above: Pt = 0
        for right, down, line in lines:
            # The first place is absolute, all others are moves from the one before.
            if placed:
                move = f"{right - behind:.2f} {above - down:.2f} Td"
            else:
                move = f"{x + right:.2f} {self._height - y - down:.2f} Td"
            placed.append((move, line))
            behind, above = right, down
        self._write(placed, font, size, colour)

    def text_at_point(
        self,
        x: Pt,
        y: Pt,
        text: str,
        font: Font,
        size: Pt,
        *,
        point: str,
        colour: Colour = BLACK,
    ) -> None:
        """Write an amount with its decimal point at ``x``, so that a column of them is straight.

        Args:
            x: Where the decimal point begins, or the last digit ends if there is none.
            y: The baseline.
            text: The amount.
            font: The font.
            size: Font size in points.
            point: The decimal sign of the text's language.
            colour: Of the figures.
        """
        self.text(
            x - font.width(before_point(text, point), size), y, text, font, size, colour=colour
        )

    def text_turned(
        self,
        x: Pt,
        y: Pt,
        text: str,
        font: Font,
        size: Pt,
        angle: Pt,
        *,
        colour: Colour = BLACK,
        align: Side = "left",
    ) -> None:
        """Write one line turned about the point (x, y), by degrees against the clock."""
        line = font.line(text, size)
        back = {"left": 0, "center": line.width / 2, "right": line.width}[align]
        cosine, sine = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        left, base = x - back * cosine, self._height - y - back * sine
        place = f"{cosine:.5f} {sine:.5f} {-sine:.5f} {cosine:.5f} {left:.2f} {base:.2f} Tm"
        self._write([(place, line)], font, size, colour)

    def _write(
        self, placed: Iterable[tuple[str, TextLine]], font: Font, size: Pt, colour: Colour
    ) -> None:
        if self._fill != colour:
            self._set_fill(colour)
        parts = ["BT"]
        for place, line in placed:
            parts.append(place)
            if line.runs is None:
                if self._face is not font.face or self._size != size:
                    parts.append(self._font_operator(font.face, size))
                self._texts.append(line.text)
                parts.append(f"({line.codes}) Tj")
                continue
            for run in line.runs:
                if self._face is not run.face or self._size != size:
                    parts.append(self._font_operator(run.face, size))
                self._shaped.extend(run.words or (run,))
                parts.append(_run_operators(run, size))
        parts.append("ET")
        self._operators.append(" ".join(parts))

    def _font_operator(self, face: Face, size: Pt) -> str:
        if face is not self._face:
            usage = self._resources.usage(face)
            self._face, self._name = face, usage.name
            self._texts, self._shaped = usage.texts, usage.runs
        self._size = size
        return f"/{self._name} {size:g} Tf"

    def _set_fill(self, colour: Colour) -> None:
        if self._fill != colour:
            self._fill = colour
            self._operators.append(f"{_components(colour)} rg")

    def _pen(self, colour: Colour, width: Pt) -> str:
        """Set the colour of strokes; return what sets their width, if it is another one."""
        if self._stroke != colour:
            self._stroke = colour
            self._operators.append(f"{_components(colour)} RG")
        if self._width == width:
            return ""
        self._width = width
        return f"{width:.2f} w "

    # Lines and areas.

    def line(
        self,
        x1: Pt,
        y1: Pt,
        x2: Pt,
        y2: Pt,
        *,
        width: Pt = 0.5,
        colour: Colour = BLACK,
        dash: Sequence[Pt] = (),
    ) -> None:
        """Draw a straight line; ``dash`` gives the lengths of strokes and gaps in points."""
        top = self._height
        drawn = f"{x1:.2f} {top - y1:.2f} m {x2:.2f} {top - y2:.2f} l"
        if dash:
            self._paint(drawn, None, colour, width, dash, closed=False)
            return
        self._operators.append(f"{self._pen(colour, width)}{drawn} S")

    def rectangle(
        self,
        x: Pt,
        y: Pt,
        width: Pt,
        height: Pt,
        *,
        fill: Colour | None = None,
        stroke: Colour | None = None,
        line_width: Pt = 0.5,
    ) -> None:
        """Draw a rectangle from its top left corner, filled, outlined or both."""
        box = f"{x:.2f} {self._height - y - height:.2f} {width:.2f} {height:.2f} re"
        self._paint(box, fill, stroke, line_width, (), closed=True)

    def path(
        self,
        steps: Sequence[PathStep],
        *,
        fill: Colour | None = None,
        stroke: Colour | None = None,
        width: Pt = 0.5,
        closed: bool = False,
        dash: Sequence[Pt] = (),
    ) -> None:
        """Draw a line through points and along curves, filled, outlined or both.

        Args:
            steps: The first is where it begins; a step of six is a Bézier curve with its two
                control points before its end.
            fill: Colour of the area.
            stroke: Colour of the line.
            width: Width of the line in points.
            closed: Whether it returns to its beginning.
            dash: Lengths of strokes and gaps in points.
        """
        drawn = " ".join(self._steps(steps))
        self._paint(drawn, fill, stroke, width, dash, closed=closed)

    def _steps(self, steps: Sequence[PathStep]) -> Iterator[str]:
        height = self._height
        for place, step in enumerate(steps):
            pairs = zip(step[::2], step[1::2], strict=True)
            numbers = " ".join(f"{x:.2f} {height - y:.2f}" for x, y in pairs)
            curved = len(step) > 2  # noqa: PLR2004 -- more than one point
            yield f"{numbers} {'m' if place == 0 else 'c' if curved else 'l'}"

    def _paint(
        self,
        drawn: str,
        fill: Colour | None,
        stroke: Colour | None,
        width: Pt,
        dash: Sequence[Pt],
        *,
        closed: bool,
    ) -> None:
        if fill is None and stroke is None:
            return
        if fill is not None:
            self._set_fill(fill)
        state = "" if stroke is None else self._pen(stroke, width)
        if dash:
            state += f"[{' '.join(f'{length:g}' for length in dash)}] 0 d "
        operator = _painting(fill is not None, stroke is not None, closed=closed)
        self._operators.append(f"{state}{drawn} {operator}{' [] 0 d' if dash else ''}")

    @contextmanager
    def clipped(self, x: Pt, y: Pt, width: Pt, height: Pt) -> Iterator[None]:
        """Show only what of the drawing inside the block lies in a rectangle."""
        box = f"{x:.2f} {self._height - y - height:.2f} {width:.2f} {height:.2f}"
        self._operators.append(f"q {box} re W n")
        self._fresh()
        yield
        self._operators.append("Q")
        self._fresh()

    # Pictures, links and bookmarks.

    def picture(self, drawn: Picture, x: Pt, y: Pt, width: Pt, height: Pt) -> None:
        """Draw a picture into a box given by its top left corner; it is stretched to fill it."""
        foot = self._height - y - height
        if drawn.kind == "raster":
            matrix = f"{width:.2f} 0 0 {height:.2f} {x:.2f} {foot:.2f}"
            self._operators.append(f"q {matrix} cm /{self._resources.raster(drawn)} Do Q")
        else:
            inside = self._resources.vector(drawn, width, height)
            self._operators.append(f"q 1 0 0 1 {x:.2f} {foot:.2f} cm\n{inside}\nQ")

    def link(self, x: Pt, y: Pt, width: Pt, height: Pt, url: str) -> None:
        """Make a rectangle lead to a web or mail address.

        Raises:
            ValueError: The address is not ``http``, ``https`` or ``mailto`` in ASCII.
        """
        if not _URL.fullmatch(url):
            raise ValueError(f"expected an http, https or mailto address in ASCII, got {url!r}")
        self.links.append(Link(x, y, width, height, url))

    def bookmark(self, title: str, y: Pt = 0, level: int = 0) -> None:
        """Add an entry to the outline that leads to a height of this page."""
        self.bookmarks.append(Bookmark(title, level, y))

    def content(self) -> bytes:
        """Return the page's operators as they stand in the file."""
        ground = self.__dict__.get("under")
        parts = ["q", *ground._operators, "Q"] if ground is not None else []  # noqa: SLF001 -- of the same class
        return "\n".join([*parts, *self._operators]).encode("latin-1")


def before_point(text: str, point: str) -> str:
    """Return what of an amount stands before its decimal point; all to the last digit if none."""
    head, found, _ = text.rpartition(point)
    return head if found else text.rstrip(")\N{NO-BREAK SPACE}-\N{MINUS SIGN}%")


def _run_operators(run: GlyphRun, size: Pt) -> str:
    """Return the operators of a run; where text cannot be read off its glyphs, it goes along."""
    (height, array), *rest = run.pieces
    shown = f"[{array}] TJ"
    if rest or height:
        # Marks that stand higher or lower are raised and lowered.
        raised = [f"{height * size / 1000:.2f} Ts [{array}] TJ" for height, array in run.pieces]
        shown = " ".join([*raised, "0 Ts"])
    if not run.spelt_out:
        return shown
    text = ("\ufeff" + run.text).encode("utf-16-be").hex().upper()
    return f"/Span <</ActualText <{text}>>> BDC {shown} EMC"


@functools.lru_cache(maxsize=256)
def _components(colour: Colour) -> str:
    return " ".join(f"{part / 255:.3f}".rstrip("0").rstrip(".") for part in colour)


def _painting(filled: bool, stroked: bool, *, closed: bool) -> str:  # noqa: FBT001 -- three alike, only here
    if filled and stroked:
        return "b" if closed else "B"
    if filled:
        return "f"
    return "s" if closed else "S"
