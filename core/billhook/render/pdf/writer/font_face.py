"""Faces: one font file each, prepared once for the life of the process."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable
from pathlib import Path

import attrs

from billhook.render.pdf.writer.font_subset import Outlines, character_ids, subset_cff
from billhook.render.pdf.writer.geometry import Pt
from billhook.render.pdf.writer.sfnt import Sfnt

_FONTS = Path(__file__).resolve().parents[2] / "fonts"
_ESCAPES = {0x28: "\\(", 0x29: "\\)", 0x5C: "\\\\", 0x0D: "\\r"}
_BYTES = tuple(_ESCAPES.get(byte, chr(byte)) for byte in range(256))


@attrs.frozen
class FontFile:
    """The file of a face, and its index in a collection.

    Attributes:
        path: A ``.ttf``, ``.otf`` or ``.ttc`` file.
        index: Which font of a ``.ttc`` collection.
        bold: Whether it serves bold text.
        languages: Language codes (``ja``) whose documents ask this face first.
        foremost: Whether it goes before the bundled fonts: a house's own typeface.
        ranges: First and last code point of all it may have; empty for "look and see".
    """

    path: Path
    index: int = 0
    bold: bool = attrs.field(default=False, kw_only=True)
    languages: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    foremost: bool = attrs.field(default=False, kw_only=True)
    ranges: tuple[tuple[int, int], ...] = attrs.field(default=(), kw_only=True)

    def may_have(self, code: int) -> bool:
        """Return whether it is worth loading the face for a character."""
        return not self.ranges or any(first <= code <= last for first, last in self.ranges)


def bundled(*, bold: bool) -> tuple[FontFile, ...]:
    """Return the faces that come with billhook, Latin, Greek and Cyrillic first."""
    weight = "Bold" if bold else "Regular"
    return tuple(
        FontFile(
            _FONTS / f"BillhookSans{script}-{weight}.ttf",
            bold=bold,
            languages=languages,
            ranges=ranges,
        )
        for script, languages, ranges in _BUNDLED
    )


_BUNDLED: tuple[tuple[str, tuple[str, ...], tuple[tuple[int, int], ...]], ...] = (
    ("", (), ()),
    (
        "Arabic",
        ("ar", "fa", "ur", "ps", "ckb"),
        ((0x600, 0x6FF), (0x750, 0x77F), (0xFDF2, 0xFDFD)),
    ),
    ("Hebrew", ("he", "yi"), ((0x590, 0x5FF), (0xFB1D, 0xFB4F))),
    (
        "Devanagari",
        ("hi", "mr", "ne", "sa"),
        ((0x900, 0x97F), (0x1CD0, 0x1CF9), (0xA830, 0xA839), (0xA8E0, 0xA8FF)),
    ),
    ("Thai", ("th",), ((0xE00, 0xE7F),)),
)


class Face:
    """A font file made ready: characters, advances and codes are looked up, never computed twice.

    Attributes:
        name: PostScript name.
        key: Content hash, the same wherever the file lies.
        ascent: Above the baseline, in 1/1000 em.
        descent: Below the baseline, in 1/1000 em, positive.
        cap_height: Height of capitals, in 1/1000 em.
        cmap: Glyph number by code point.
    """

    def __init__(self, data: bytes, index: int = 0, *, bold: bool = False) -> None:
        self.data = data
        self.index = index
        self.bold = bold
        self.font: Sfnt = Sfnt(data, index)
        self.scale: float = 1000 / self.font.units
        self.name: str = self.font.postscript_name
        self.key: str = hashlib.sha256(data).hexdigest()[:16] + f"-{index}"
        self.cmap: dict[int, int] = self.font.cmap()
        self.ascent: Pt = self.font.ascent * self.scale
        self.descent: Pt = -self.font.descent * self.scale
        self.cap_height: Pt = self.font.cap_height * self.scale

    def advance(self, glyph: int) -> Pt:
        """Return a glyph's width in 1/1000 em."""
        width = self.font.advances[glyph]
        return width if self.scale == 1 else width * self.scale

    def code(self, glyph: int) -> str:
        """Return a glyph as it stands inside the brackets of a PDF string."""
        number = self.cid(glyph)
        return _BYTES[number >> 8] + _BYTES[number & 0xFF]

    def cid(self, glyph: int) -> int:
        """Return the number under which a document names a glyph."""
        return self._cids[glyph] if self._cids else glyph

    @functools.cached_property
    def _cids(self) -> tuple[int, ...]:
        if not self.font.is_cff:
            return ()
        return character_ids(self.data, self.index)

    @functools.cached_property
    def _outlines(self) -> Outlines:
        return Outlines(self.font)

    def program(self, glyphs: Iterable[int]) -> bytes:
        """Return the font program with these glyphs, to be embedded.

        The same set gives the same bytes, whatever was asked before.
        """
        if not self.font.is_cff:
            return self._outlines.subset(glyphs)
        return subset_cff(self.data, self.index, sorted(set(glyphs)))


def load(file: FontFile) -> Face:
    """Return the face of a file, read once; there is one of each, whichever thread came first.

    Raises:
        OSError: The file cannot be read.
        billhook.render.pdf.writer.sfnt.FontFileError: It is no usable font.
    """
    found = LOADED.get(file)
    if found is None:
        made = Face(file.path.read_bytes(), file.index, bold=file.bold)
        # Of two threads that get here at once both take the first one's: a document has a font
        # for each face that it meets, so two of a file would be two fonts.
        found = LOADED.setdefault(file, made)
    return found


LOADED: dict[FontFile, Face] = {}
"""The faces that were read so far."""
