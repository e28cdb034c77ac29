"""Fonts with CFF outlines (``.otf``, most CJK collections), cut by fontTools.

Slower than `billhook.render.pdf.writer.font_subset`, so imported only for such a font.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from fontTools import subset as cutter
from fontTools.ttLib import TTFont


def character_ids(data: bytes, index: int) -> tuple[int, ...]:
    """Return each glyph's CID; empty where glyph numbers serve as CIDs."""
    font = _opened(data, index)
    if not _is_keyed(font):
        return ()
    return tuple(int(name[3:]) if name[:3] == "cid" else 0 for name in font.getGlyphOrder())


def subset(data: bytes, index: int, glyphs: Sequence[int]) -> bytes:
    """Return the bare CFF program with these glyphs; CIDs stay as they are."""
    font = _opened(data, index)
    options = cutter.Options(
        notdef_outline=True, retain_gids=not _is_keyed(font), hinting=False, layout_features=[]
    )
    work = cutter.Subsetter(options)
    work.populate(gids=[0, *glyphs])
    work.subset(font)
    file = io.BytesIO()
    font["CFF "].cff.compile(file, font)
    return file.getvalue()


def _opened(data: bytes, index: int) -> TTFont:
    return TTFont(io.BytesIO(data), fontNumber=index, lazy=True, recalcTimestamp=False)


def _is_keyed(font: TTFont) -> bool:
    return hasattr(font["CFF "].cff[0], "ROS")
