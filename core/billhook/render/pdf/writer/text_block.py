"""Passages: lines of text composed once, and written wherever they are put.

What a passage says is ready to be written but for the place where it begins: every further line
is reached by a move from the one before.  So what is set again, or stands on another page, is
not composed again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import floor
from typing import NamedTuple, TypeAlias

from billhook.kernel.memo import BoundedMemo
from billhook.render.pdf.writer.font import Font, TextLine
from billhook.render.pdf.writer.font_face import Face
from billhook.render.pdf.writer.geometry import Pt
from billhook.render.pdf.writer.shaping import GlyphRun

#: A line with its left end and, downwards, its baseline, both in hundredths of a point from the
#: passage's origin: moves are differences of whole numbers, so no error adds up.
PositionedLine: TypeAlias = tuple[int, int, TextLine]


def hundredths(place: Pt) -> int:
    """Return a place in whole hundredths of a point."""
    return floor(place * 100 + 0.5)


class FaceText(NamedTuple):
    """The glyphs that a passage writes in one face.

    Attributes:
        face: The face.
        operators: The moves and the texts.
        text: What of it is drawn a glyph for each character.
        runs: What of it is drawn otherwise.
    """

    face: Face
    operators: str
    text: str
    runs: tuple[GlyphRun, ...] = ()


class TextBlock(NamedTuple):
    """Lines of text in one font and size.

    Attributes:
        size: Font size in points.
        parts: What is written.
        pieces: The lines; the passage begins with the first.
    """

    size: Pt
    parts: tuple[FaceText, ...]
    pieces: Sequence[PositionedLine]

    @property
    def may_link(self) -> bool:
        """True if an address of mail or web may occur in it."""
        return any("@" in part.text or "://" in part.text for part in self.parts)


def compose_text_block(font: Font, size: Pt, pieces: Sequence[PositionedLine]) -> TextBlock:
    """Compose lines of one font and size; there is one at least."""
    operators: list[str] = []
    texts: list[str] = []
    x, y, _ = pieces[0]
    for column, row, line in pieces:
        if line.runs is not None:
            return TextBlock(size, tuple(_Composer(font, size).parts(pieces)), pieces)
        operators.append(f"{_POINTS[column - x]} {_POINTS[y - row]} Td ({line.codes}) Tj")
        texts.append(line.text)
        x, y = column, row
    operators[0] = operators[0].removeprefix(_NO_MOVE)
    return TextBlock(size, (FaceText(font.face, " ".join(operators), "".join(texts)),), pieces)


def _in_points(number: int) -> str:
    """Return hundredths of a point as they are written in points."""
    return f"{number / 100:.2f}".rstrip("0").rstrip(".")


_NO_MOVE = "0 0 Td "
_POINTS = BoundedMemo(_in_points)


class _Composer:
    """Lines that are composed run by run, for they need several faces or shaping."""

    def __init__(self, font: Font, size: Pt) -> None:
        self._font = font
        self._size = size
        self._parts: list[FaceText] = []
        self._begin(font.face)

    def _begin(self, face: Face) -> None:
        self._face = face
        self._operators: list[str] = []
        self._texts: list[str] = []
        self._runs: list[GlyphRun] = []

    def parts(self, pieces: Sequence[PositionedLine]) -> list[FaceText]:
        """Return what is written, a part for each change of face."""
        x, y, _ = pieces[0]
        for column, row, line in pieces:
            if (column, row) != (x, y):
                self._operators.append(f"{_POINTS[column - x]} {_POINTS[y - row]} Td")
            self._write(line)
            x, y = column, row
        self._finish()
        return self._parts

    def _write(self, line: TextLine) -> None:
        if line.runs is None:
            self._turn_to(self._font.face)
            self._texts.append(line.text)
            self._operators.append(f"({line.codes}) Tj")
            return
        for run in line.runs:
            self._turn_to(run.face)
            self._runs.extend(run.words or (run,))
            self._operators.append(run_operators(run, self._size))

    def _turn_to(self, face: Face) -> None:
        if face is not self._face:
            self._finish()
            self._begin(face)

    def _finish(self) -> None:
        if self._operators:
            operators, text = " ".join(self._operators), "".join(self._texts)
            self._parts.append(FaceText(self._face, operators, text, tuple(self._runs)))


def run_operators(run: GlyphRun, size: Pt) -> str:
    """Return the operators of a run; where text cannot be read off its glyphs, it goes along."""
    if not run.spelt_out:
        return _set(run.pieces, size)
    text = ("\ufeff" + run.text).encode("utf-16-be").hex().upper()
    return f"/Span <</ActualText <{text}>>> BDC {_set(run.pieces, size)} EMC"


def _set(pieces: Iterable[tuple[Pt, str]], size: Pt) -> str:
    """Return the operators of arrays; marks that stand higher or lower are raised and lowered."""
    (height, array), *rest = pieces
    if not rest and not height:
        return f"[{array}] TJ"
    parts = [f"{height * size / 1000:.2f} Ts [{array}] TJ" for height, array in pieces]
    return " ".join([*parts, "0 Ts"])
