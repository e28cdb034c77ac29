"""Fonts of a few square letters, drawn for tests."""

from __future__ import annotations

from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont

ADVANCE = 1000


def tiny_font(name: str, letters: str, *, weight: int = 400, pages: int = 0) -> TTFont:
    """Return a font with square letters, a blank and what a font must have."""
    glyphs = {f"g{place}": ord(sign) for place, sign in enumerate(letters)}
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "space", *glyphs])
    builder.setupCharacterMap({32: "space", **{code: glyph for glyph, code in glyphs.items()}})
    builder.setupGlyf({glyph: _square() for glyph in (".notdef", "space", *glyphs)})
    builder.setupHorizontalMetrics(dict.fromkeys((".notdef", "space", *glyphs), (ADVANCE, 50)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": name, "styleName": "Regular", "psName": name})
    builder.setupOS2(usWeightClass=weight, ulCodePageRange1=pages, sTypoAscender=880)
    builder.setupPost()
    return builder.font


def _square():
    pen = TTGlyphPen(None)
    pen.moveTo((50, 0))
    pen.lineTo((50, 800))
    pen.lineTo((950, 800))
    pen.lineTo((950, 0))
    pen.closePath()
    return pen.glyph()


def saved(path: Path, *fonts: TTFont) -> Path:
    """Save one font, or several as a collection, and return the path."""
    if len(fonts) == 1:
        fonts[0].save(path)
    else:
        collection = TTCollection()
        collection.fonts = list(fonts)
        collection.save(path)
    return path
