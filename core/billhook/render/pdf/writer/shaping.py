"""Shaping by HarfBuzz, for the scripts whose letters join, stack or change places.

Latin, Greek, Cyrillic and CJK text is not shaped: a character is a glyph, its advance is known,
and text stays fast. What is shaped once is kept for the life of the process.
"""

from __future__ import annotations

import bisect
import functools
import importlib
import unicodedata
from collections.abc import Iterator, Sequence
from math import fsum
from typing import Any, Protocol

import attrs

from billhook.render.pdf.writer.font_face import Face
from billhook.render.pdf.writer.geometry import Pt

# First and last code point and ISO 15924 script of the blocks that need shaping.
_SCRIPTS: tuple[tuple[int, int, str], ...] = (
    (0x0590, 0x05FF, "Hebr"),
    (0x0600, 0x06FF, "Arab"),
    (0x0700, 0x074F, "Syrc"),
    (0x0750, 0x077F, "Arab"),
    (0x0780, 0x07BF, "Thaa"),
    (0x07C0, 0x07FF, "Nkoo"),
    (0x0860, 0x08FF, "Arab"),
    (0x0900, 0x097F, "Deva"),
    (0x0980, 0x09FF, "Beng"),
    (0x0A00, 0x0A7F, "Guru"),
    (0x0A80, 0x0AFF, "Gujr"),
    (0x0B00, 0x0B7F, "Orya"),
    (0x0B80, 0x0BFF, "Taml"),
    (0x0C00, 0x0C7F, "Telu"),
    (0x0C80, 0x0CFF, "Knda"),
    (0x0D00, 0x0D7F, "Mlym"),
    (0x0D80, 0x0DFF, "Sinh"),
    (0x0E00, 0x0E7F, "Thai"),
    (0x0E80, 0x0EFF, "Laoo"),
    (0x0F00, 0x0FFF, "Tibt"),
    (0x1000, 0x109F, "Mymr"),
    (0x1100, 0x11FF, "Hang"),
    (0x1780, 0x17FF, "Khmr"),
    (0x1CD0, 0x1CFF, "Deva"),
    (0xA8E0, 0xA8FF, "Deva"),
    (0xFB1D, 0xFB4F, "Hebr"),
    (0xFB50, 0xFDFF, "Arab"),
    (0xFE70, 0xFEFE, "Arab"),
)
_STARTS = tuple(first for first, _, _ in _SCRIPTS)
_INVISIBLE = frozenset(
    "\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2066\u2067\u2068\u2069\ufeff"
) | frozenset(chr(code) for code in range(0xFE00, 0xFE10))
_JOINERS = frozenset("\u200c\u200d")
# Their glyphs stand in another order than their letters, so text is given along with them.
_SPELT_OUT = frozenset({"Deva", "Beng", "Guru", "Gujr", "Orya", "Taml", "Telu", "Knda", "Mlym"}) | {
    "Sinh",
    "Thai",
    "Laoo",
    "Khmr",
    "Mymr",
    "Tibt",
}


def script_of(sign: str) -> str | None:
    """Return the script of a character that needs shaping, ``None`` for any other."""
    code = ord(sign)
    place = bisect.bisect_right(_STARTS, code) - 1
    if place >= 0 and code <= _SCRIPTS[place][1]:
        return _SCRIPTS[place][2]
    return None


def is_invisible(sign: str) -> bool:
    """Return whether a character steers text and is never seen."""
    return sign in _INVISIBLE


def follows(sign: str) -> bool:
    """Return whether a character belongs to the one before: a mark or a joiner."""
    return sign in _JOINERS or "\ufe00" <= sign <= "\ufe0f" or unicodedata.category(sign)[0] == "M"


@attrs.frozen
class GlyphRun:
    """A piece of a line in one face, ready to be written.

    Attributes:
        face: Its face.
        text: Its text in logical order.
        advance: Its width in 1/1000 em.
        pieces: Height above the baseline in 1/1000 em, and the array for ``TJ``.
        glyphs: Glyphs with the text each stands for; empty if characters are glyphs.
        words: The runs that it is joined of; empty if of none.
        spelt_out: Whether the text goes along, since it cannot be read off the glyphs.
    """

    face: Face
    text: str
    advance: Pt
    pieces: tuple[tuple[Pt, str], ...]
    glyphs: tuple[tuple[int, str], ...] = ()
    words: tuple[GlyphRun, ...] = ()
    spelt_out: bool = False


def plain(face: Face, text: str) -> GlyphRun:
    """Return a run whose characters are its glyphs."""
    glyphs = [face.cmap[ord(sign)] for sign in text if sign not in _INVISIBLE]
    codes = "".join(map(face.code, glyphs))
    return GlyphRun(face, text, fsum(map(face.advance, glyphs)), ((0, f"({codes})"),))


@functools.lru_cache(maxsize=20_000)
def shape(face: Face, text: str, *, rtl: bool, script: str | None) -> GlyphRun:
    """Return a run as HarfBuzz sets it, from left to right as seen."""
    uharfbuzz = _uharfbuzz()
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.cluster_level = uharfbuzz.BufferClusterLevel.MONOTONE_CHARACTERS
    buffer.direction = "rtl" if rtl else "ltr"
    buffer.script = script or "Latn"
    buffer.flags = uharfbuzz.BufferFlags.REMOVE_DEFAULT_IGNORABLES
    features = {} if script else {"kern": False, "liga": False}
    uharfbuzz.shape(_harfbuzz_font(face), buffer, features)
    infos, places = buffer.glyph_infos, buffer.glyph_positions
    return GlyphRun(
        face,
        text,
        fsum(place.x_advance for place in places) * face.scale,
        tuple(_pieces(face, infos, places)),
        tuple(_meanings(text, infos)),
        spelt_out=script in _SPELT_OUT or (rtl and unicodedata.mirrored(text[0]) == 1),
    )


def joined(face: Face, text: str, words: Sequence[GlyphRun | None], blank: Pt) -> GlyphRun:
    """Return words of a face as one run, with blanks of a given width between them.

    Args:
        face: Their face; it has a blank.
        text: The run's text in logical order.
        words: As seen from left to right; ``None`` is an empty word.
        blank: Width of a blank in 1/1000 em.
    """
    seen = [word for word in words if word]
    space, array = _blank(face, blank)
    return GlyphRun(
        face,
        text,
        fsum([word.advance for word in seen]) + blank * (len(words) - 1),
        _together(words, array),
        words=(*seen, space),
        spelt_out=any(word.spelt_out for word in seen),
    )


@functools.lru_cache(maxsize=256)
def _blank(face: Face, width: Pt) -> tuple[GlyphRun, str]:
    """Return a face's blank, and how it is written in a given width."""
    run = plain(face, " ")
    short = run.advance - width
    return run, run.pieces[0][1] + (_number(short) if short else "")


def _together(words: Sequence[GlyphRun | None], space: str) -> tuple[tuple[Pt, str], ...]:
    """Return the arrays of words with blanks between them."""
    if all(len(word.pieces) == 1 and not word.pieces[0][0] for word in words if word):
        return ((0, space.join([word.pieces[0][1] if word else "" for word in words])),)
    pieces: list[tuple[Pt, list[str]]] = [(0, [])]
    for place, word in enumerate(words):
        for height, array in (*(((0, space),) if place else ()), *(word.pieces if word else ())):
            if pieces[-1][0] != height:
                pieces.append((height, []))
            pieces[-1][1].append(array)
    return tuple((height, "".join(arrays)) for height, arrays in pieces if arrays)


class _Info(Protocol):
    codepoint: int
    cluster: int


class _Position(Protocol):
    x_advance: int
    x_offset: int
    y_offset: int


def _uharfbuzz() -> Any:
    """Return the module, imported when a text first needs it; it has no types."""
    return importlib.import_module("uharfbuzz")


@functools.lru_cache(maxsize=64)
def _harfbuzz_font(face: Face) -> object:
    uharfbuzz = _uharfbuzz()
    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob(face.data), face.index))


def _pieces(
    face: Face, infos: Sequence[_Info], places: Sequence[_Position]
) -> Iterator[tuple[Pt, str]]:
    """Yield the arrays for ``TJ``, a new one whenever the height changes."""
    array: list[str] = []
    height, behind = 0, 0
    for info, place in zip(infos, places, strict=True):
        if place.y_offset != height and array:
            yield height * face.scale, "".join(array)
            array = []
        height = place.y_offset
        behind += place.x_offset
        if behind:
            array.append(_number(-behind * face.scale))
        array.append(f"({face.code(info.codepoint)})")
        behind = place.x_advance - place.x_offset - face.font.advances[info.codepoint]
    if behind:
        array.append(_number(-behind * face.scale))
    yield height * face.scale, "".join(array)


def _number(value: Pt) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.0f}"


def _meanings(text: str, infos: Sequence[_Info]) -> Iterator[tuple[int, str]]:
    """Yield each glyph with the characters it stands for; a cluster's first glyph has them all."""
    starts = sorted({info.cluster for info in infos})
    ends = dict(zip(starts, [*starts[1:], len(text)], strict=False))  # none of an unseen text
    said: set[int] = set()
    for info in infos:
        if info.cluster in said:
            yield info.codepoint, ""
        else:
            said.add(info.cluster)
            yield info.codepoint, text[info.cluster : ends[info.cluster]]
