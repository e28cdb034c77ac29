"""Subsets of fonts: TrueType glyphs sliced without recompiling them, CFF glyphs by fontTools."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from billhook.render.pdf.writer.sfnt import Sfnt

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

_ARGS_ARE_WORDS = 0x0001
_ONE_SCALE = 0x0008
_MORE_PARTS = 0x0020
_TWO_SCALES = 0x0040
_MATRIX = 0x0080
_SHORT_LOCA_BELOW = 0x20000
_HINTING = ("cvt ", "fpgm", "prep")


class Outlines:
    """The data of a font needed to embed some of its glyphs."""

    def __init__(self, font: Sfnt) -> None:
        self._font = font
        self._offsets = font.glyph_offsets()
        self._glyf = font.table("glyf")
        self._hmtx = font.table("hmtx")

    def subset(self, glyphs: Iterable[int]) -> bytes:
        """Return a font file with these glyphs only, each under its own number.

        Numbers stay as they are, so that an encoded word holds for every document; what
        composite glyphs are made of comes along. The result depends on the set alone.
        """
        kept = sorted(self._close_over(glyphs))
        count = kept[-1] + 1
        offsets, outlines = self._slice_glyphs(kept)
        loca = _loca(offsets)
        tables = {
            "glyf": outlines,
            "head": self._head(long_loca=len(loca) > 2 * len(offsets)),
            "hhea": self._font.table("hhea")[:34] + struct.pack(">H", count),
            "hmtx": self._metrics(kept, count),
            "loca": loca,
            "maxp": self._maxp(count),
        }
        tables |= {tag: self._font.table(tag) for tag in _HINTING if self._font.has(tag)}
        return _assemble(tables)

    def _close_over(self, glyphs: Iterable[int]) -> set[int]:
        kept = {0, *glyphs}
        waiting = list(kept)
        while waiting:
            for part in self._parts(waiting.pop()):
                if part not in kept:
                    kept.add(part)
                    waiting.append(part)
        return kept

    def _parts(self, glyph: int) -> Iterator[int]:
        place = self._offsets[glyph]
        if place == self._offsets[glyph + 1] or self._glyf[place] < 0x80:  # noqa: PLR2004 -- a negative number of contours means a composite
            return
        place, more = place + 10, True
        while more:
            flags, part = struct.unpack_from(">HH", self._glyf, place)
            yield part
            place += 8 if flags & _ARGS_ARE_WORDS else 6
            place += 2 * bool(flags & _ONE_SCALE) + 4 * bool(flags & _TWO_SCALES)
            place += 8 * bool(flags & _MATRIX)
            more = bool(flags & _MORE_PARTS)

    def _slice_glyphs(self, kept: list[int]) -> tuple[list[int], bytes]:
        offsets: list[int] = []
        outlines: list[bytes] = []
        end = 0
        for glyph in kept:
            offsets.extend([end] * (glyph + 1 - len(offsets)))
            outline = self._glyf[self._offsets[glyph] : self._offsets[glyph + 1]]
            outlines.append(outline + b"\0" * (-len(outline) % 4))
            end += len(outlines[-1])
        return [*offsets, end], b"".join(outlines)

    def _head(self, *, long_loca: bool) -> bytes:
        head = self._font.table("head")
        return head[:50] + struct.pack(">h", long_loca) + head[52:54]

    def _metrics(self, kept: list[int], count: int) -> bytes:
        metrics = bytearray(4 * count)
        long_metrics = self._font.long_metrics
        for glyph in kept:
            if glyph < long_metrics:
                metric = self._hmtx[4 * glyph : 4 * glyph + 4]
            else:
                place = 4 * long_metrics + 2 * (glyph - long_metrics)
                metric = self._hmtx[4 * long_metrics - 4 : 4 * long_metrics - 2]
                metric += self._hmtx[place : place + 2]
            metrics[4 * glyph : 4 * glyph + 4] = metric
        return bytes(metrics)

    def _maxp(self, count: int) -> bytes:
        maxp = self._font.table("maxp")
        return maxp[:4] + struct.pack(">H", count) + maxp[6:]


def _loca(offsets: list[int]) -> bytes:
    if offsets[-1] < _SHORT_LOCA_BELOW:
        return struct.pack(f">{len(offsets)}H", *(offset // 2 for offset in offsets))
    return struct.pack(f">{len(offsets)}I", *offsets)


def _assemble(tables: Mapping[str, bytes]) -> bytes:
    """Return the file: a directory, then the tables, each with its checksum."""
    power = len(tables).bit_length() - 1
    start = 12 + 16 * len(tables)
    directory = struct.pack(
        ">4s4H",
        b"\0\1\0\0",
        len(tables),
        16 << power,
        power,
        16 * len(tables) - (16 << power),
    )
    parts: list[bytes] = []
    for tag, table in sorted(tables.items()):
        directory += struct.pack(">4sIII", tag.encode(), _checksum(table), start, len(table))
        parts.append(table + b"\0" * (-len(table) % 4))
        start += len(parts[-1])
    return directory + b"".join(parts)


def _checksum(table: bytes) -> int:
    padded = table + b"\0" * (-len(table) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}I", padded)
    return sum(words) & 0xFFFFFFFF


# ── CFF outlines (.otf, most CJK collections): slower, so fontTools is imported only for them ──


def character_ids(data: bytes, index: int) -> tuple[int, ...]:
    """Return each glyph's CID; empty where glyph numbers serve as CIDs."""
    font = _open_font(data, index)
    if not _is_keyed(font):
        return ()
    return tuple(int(name[3:]) if name[:3] == "cid" else 0 for name in font.getGlyphOrder())


def subset_cff(data: bytes, index: int, glyphs: Sequence[int]) -> bytes:
    """Return the bare CFF program with these glyphs; CIDs stay as they are."""
    from fontTools import subset as cutter

    font = _open_font(data, index)
    options = cutter.Options(
        notdef_outline=True, retain_gids=not _is_keyed(font), hinting=False, layout_features=[]
    )
    work = cutter.Subsetter(options)
    work.populate(gids=[0, *glyphs])
    work.subset(font)
    file = io.BytesIO()
    font["CFF "].cff.compile(file, font)
    return file.getvalue()


def _open_font(data: bytes, index: int) -> TTFont:
    from fontTools.ttLib import TTFont

    return TTFont(io.BytesIO(data), fontNumber=index, lazy=True, recalcTimestamp=False)


def _is_keyed(font: TTFont) -> bool:
    return hasattr(font["CFF "].cff[0], "ROS")
