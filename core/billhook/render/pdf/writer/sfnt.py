"""A TrueType or OpenType file, read by hand: only the tables that printing needs."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_UNICODE_SUBTABLES = ((3, 10), (0, 6), (0, 4), (3, 1), (0, 3), (0, 2), (0, 1), (0, 0))
_SEGMENTS, _GROUPS = 4, 12
_NOTHING = 0xFFFF


class FontFileError(ValueError):
    """A font file is damaged or of a kind that cannot be used; the message says why."""


class Sfnt:
    """The tables of one font in a file.

    Args:
        data: The whole file, ``.ttf``, ``.otf`` or ``.ttc``.
        index: Which font of a ``.ttc`` collection.

    Raises:
        FontFileError: The file is no font, is damaged or has no font of that index.
    """

    def __init__(self, data: bytes, index: int = 0) -> None:
        self.data = data
        try:
            self._tables = dict(_directory(data, index))
            self._read_metrics()
        except (struct.error, KeyError, IndexError) as error:
            raise FontFileError(f"not a usable font file: {error!r}") from error

    def _read_metrics(self) -> None:
        head, hhea = self.table("head"), self.table("hhea")
        self.units: int = struct.unpack_from(">H", head, 18)[0]
        self.box: tuple[int, ...] = struct.unpack_from(">4h", head, 36)
        self.long_loca: bool = bool(struct.unpack_from(">h", head, 50)[0])
        self.ascent: int
        self.descent: int
        self.ascent, self.descent = struct.unpack_from(">2h", hhea, 4)
        self.glyph_count: int = struct.unpack_from(">H", self.table("maxp"), 4)[0]
        self.long_metrics: int = struct.unpack_from(">H", hhea, 34)[0]
        self.advances: tuple[int, ...] = self._advances()
        self.is_cff: bool = "CFF " in self._tables
        if not self.is_cff and "glyf" not in self._tables:
            raise FontFileError("the font has neither TrueType nor CFF outlines")

    def table(self, tag: str) -> bytes:
        """Return a table's bytes.

        Raises:
            KeyError: The font has no such table.
        """
        start, length = self._tables[tag]
        return self.data[start : start + length]

    def has(self, tag: str) -> bool:
        """Return whether the font has the table."""
        return tag in self._tables

    def _advances(self) -> tuple[int, ...]:
        pairs = struct.unpack_from(f">{2 * self.long_metrics}H", self.table("hmtx"))
        widths = pairs[::2]
        return widths + widths[-1:] * (self.glyph_count - self.long_metrics)

    @property
    def cap_height(self) -> int:
        """Height of capitals in font units, from OS/2 where it says so."""
        os2 = self.table("OS/2") if self.has("OS/2") else b""
        if len(os2) >= 90 and struct.unpack_from(">H", os2)[0] >= 2:  # noqa: PLR2004 -- layout of OS/2 version 2
            found: int = struct.unpack_from(">h", os2, 88)[0]
            return found or self.ascent * 2 // 3
        return self.ascent * 2 // 3

    @property
    def postscript_name(self) -> str:
        """The font's PostScript name, name record 6, or ``Font``."""
        if not self.has("name"):
            return "Font"
        return _postscript_name(self.table("name")) or "Font"

    def cmap(self) -> dict[int, int]:
        """Return the glyph index of every character.

        Raises:
            FontFileError: No table of characters of a known form.
        """
        table = self.table("cmap")
        count = struct.unpack_from(">H", table, 2)[0]
        places = {
            (platform, encoding): offset
            for platform, encoding, offset in struct.iter_unpack(">HHI", table[4 : 4 + 8 * count])
        }
        for kind in _UNICODE_SUBTABLES:
            if kind in places:
                found = _subtable(table[places[kind] :])
                if found is not None:
                    return found
        raise FontFileError("the font has no Unicode table of characters")

    def glyph_offsets(self) -> tuple[int, ...]:
        """Return where each glyph begins in ``glyf``, and the end of the last."""
        loca = self.table("loca")
        if self.long_loca:
            return struct.unpack(f">{self.glyph_count + 1}I", loca[: 4 * self.glyph_count + 4])
        short = struct.unpack(f">{self.glyph_count + 1}H", loca[: 2 * self.glyph_count + 2])
        return tuple(2 * offset for offset in short)


def _directory(data: bytes, index: int) -> Iterator[tuple[str, tuple[int, int]]]:
    start = 0
    if data[:4] == b"ttcf":
        count = struct.unpack_from(">I", data, 8)[0]
        if index >= count:
            raise FontFileError(f"the collection has {count} fonts, number {index} was asked for")
        start = struct.unpack_from(">I", data, 12 + 4 * index)[0]
    if data[start : start + 4] not in (b"\0\1\0\0", b"OTTO", b"true"):
        raise FontFileError("not a TrueType or OpenType file (WOFF must be unpacked first)")
    count = struct.unpack_from(">H", data, start + 4)[0]
    for record in range(start + 12, start + 12 + 16 * count, 16):
        tag, _, offset, length = struct.unpack_from(">4sIII", data, record)
        yield tag.decode("latin-1"), (offset, length)


def _postscript_name(table: bytes) -> str:
    count, strings = struct.unpack_from(">HH", table, 2)
    for record in range(6, 6 + 12 * count, 12):
        platform, _, _, name, length, offset = struct.unpack_from(">6H", table, record)
        if name == 6:  # noqa: PLR2004 -- the number of the PostScript name
            raw = table[strings + offset : strings + offset + length]
            text = raw.decode("latin-1" if platform == 1 else "utf-16-be", "replace")
            return "".join(
                sign for sign in text if sign.isascii() and (sign.isalnum() or sign == "-")
            )
    return ""


def _subtable(table: bytes) -> dict[int, int] | None:
    kind = struct.unpack_from(">H", table)[0]
    if kind == _SEGMENTS:
        return dict(_segments(table))
    if kind == _GROUPS:
        return dict(_groups(table))
    return None


def _segments(table: bytes) -> Iterator[tuple[int, int]]:
    length, _, twice = struct.unpack_from(">3H", table, 2)
    count = twice // 2
    ends = struct.unpack_from(f">{count}H", table, 14)
    starts = struct.unpack_from(f">{count}H", table, 16 + twice)
    deltas = struct.unpack_from(f">{count}H", table, 16 + 2 * twice)
    places = 16 + 3 * twice
    offsets = struct.unpack_from(f">{count}H", table, places)
    for position, (first, last, delta, offset) in enumerate(
        zip(starts, ends, deltas, offsets, strict=True)
    ):
        for code in range(first, min(last, _NOTHING - 1) + 1):
            glyph = code
            if offset:
                place = places + 2 * position + offset + 2 * (code - first)
                glyph = struct.unpack_from(">H", table, place)[0] if place < length else 0
            if glyph or not offset:
                glyph = (glyph + delta) & 0xFFFF
            if glyph:
                yield code, glyph


def _groups(table: bytes) -> Iterator[tuple[int, int]]:
    count = struct.unpack_from(">I", table, 12)[0]
    for first, last, glyph in struct.iter_unpack(">3I", table[16 : 16 + 12 * count]):
        for code in range(first, last + 1):
            if glyph + code - first:
                yield code, glyph + code - first
