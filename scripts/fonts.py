"""Make the bundled fonts: static subsets of Noto, renamed, with their provenance.

Usage: ``python scripts/fonts.py [DIRECTORY OF NOTO FONTS]``

The sources are the static TrueType files of Debian's package ``fonts-noto-core``. The result is
the same to the byte for the same sources and the same fontTools.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import fontTools
from fontTools import subset
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

TARGET = Path(__file__).resolve().parents[1] / "core" / "billhook" / "render" / "fonts"
NOTO = Path("/usr/share/fonts/truetype/noto")
PACKAGE = "fonts-noto-core 20201225-1 (Debian)"

# 2026-01-01T00:00:00 in seconds since 1904, the epoch of the head table.
MODIFIED = 3_850_156_800

EVERYWHERE = "0020 00A0 200B-200F 2010 2011 202F 2060 25CC"


class Recipe(NamedTuple):
    """One family: where it comes from and what is kept of it."""

    family: str
    source: str
    unicodes: str
    features: tuple[str, ...]


RECIPES = (
    Recipe(
        "Billhook Sans",
        "NotoSans",
        f"{EVERYWHERE} 0020-007E 00A0-024F 0259 02B9-02BF 02C6-02DD 0300-036F 0370-03FF 0400-052F"
        " 1E00-1EFF 1F00-1FFF 2000-2064 2070-209C 20A0-20C0 2100-214F 2150-218B FB00-FB04",
        # The rest of Noto's features are small capitals and the like, which no bill asks for.
        ("ccmp", "mark", "mkmk"),
    ),
    Recipe(
        "Billhook Sans Arabic",
        "NotoNaskhArabic",
        f"{EVERYWHERE} 0600-06FF 0750-077F FDF2 FDFA-FDFD",
        ("*",),
    ),
    Recipe("Billhook Sans Hebrew", "NotoSansHebrew", f"{EVERYWHERE} 0590-05FF FB1D-FB4F", ("*",)),
    Recipe(
        "Billhook Sans Devanagari",
        "NotoSansDevanagari",
        f"{EVERYWHERE} 0900-097F 1CD0-1CF9 A830-A839 A8E0-A8FF",
        ("*",),
    ),
    Recipe("Billhook Sans Thai", "NotoSansThai", f"{EVERYWHERE} 0303 0331 0E00-0E7F", ("*",)),
)
WEIGHTS = ("Regular", "Bold")

# Signs that Noto Sans lacks and bills use, lent by its sister fonts in one weight.
LENT = {
    "NotoSansMath-Regular": "≈≠≤≥∞√∑∆∂←↑→↓↔⇒",
    "NotoSansSymbols2-Regular": "◦▪■□▶◆●○✓✔✗✘☐☑☒★☎✉⚠",
}


def main() -> None:
    """Make all fonts and write down where they come from."""
    noto = Path(sys.argv[1]) if len(sys.argv) > 1 else NOTO
    entries = [_made(recipe, weight, noto) for recipe in RECIPES for weight in WEIGHTS]
    (TARGET / "PROVENANCE.toml").write_text(_provenance(entries, noto), encoding="utf-8")


class Entry(NamedTuple):
    """What the provenance says of one file."""

    file: str
    family: str
    source: Path
    version: str
    result: Path


def _made(recipe: Recipe, weight: str, noto: Path) -> Entry:
    source = noto / f"{recipe.source}-{weight}.ttf"
    font = TTFont(source, recalcTimestamp=False)
    version = font["name"].getDebugName(5).split(";")[0]
    _keep(font, recipe)
    if recipe.source == "NotoSans":
        _add_minus(font)
        for lender, signs in LENT.items():
            _lend(font, TTFont(noto / f"{lender}.ttf"), signs)
    _rename(font, recipe.family, weight, version)
    font["head"].modified = font["head"].created = MODIFIED
    font["post"].formatType = 3.0
    result = TARGET / f"{recipe.family.replace(' ', '')}-{weight}.ttf"
    font.save(result, reorderTables=True)
    _check_digits(font, recipe)
    print(f"{result.name}: {result.stat().st_size:,} bytes, {font['maxp'].numGlyphs} glyphs")
    return Entry(result.name, recipe.family, source, version, result)


def _keep(font: TTFont, recipe: Recipe) -> None:
    options = subset.Options(
        hinting=False, layout_features=list(recipe.features), notdef_outline=True, name_IDs=["*"]
    )
    options.drop_tables += ["DSIG", "GlyphOrder", "gasp"]
    options.glyph_names = True
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=_unicodes(recipe.unicodes))
    cutter.subset(font)


def _unicodes(ranges: str) -> Iterable[int]:
    for part in ranges.split():
        first, _, last = part.partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)


def _add_minus(font: TTFont) -> None:
    """Add U+2212, the bar of the plus sign: as wide as a digit, so columns stay straight."""
    plus = font["glyf"]["plus"]
    points = list(plus.coordinates)
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    heights = {y for x, y in points if x == left}
    bottom, top = min(heights), max(heights)
    pen = TTGlyphPen(None)
    pen.moveTo((left, bottom))
    for corner in ((left, top), (right, top), (right, bottom)):
        pen.lineTo(corner)
    pen.closePath()
    _add_glyph(font, 0x2212, pen.glyph(), font["hmtx"]["plus"][0])


def _lend(font: TTFont, lender: TTFont, signs: str) -> None:
    glyphs, names = lender.getGlyphSet(), lender.getBestCmap()
    for sign in signs:
        pen = TTGlyphPen(None)
        glyphs[names[ord(sign)]].draw(pen)
        _add_glyph(font, ord(sign), pen.glyph(), lender["hmtx"][names[ord(sign)]][0])


def _add_glyph(font: TTFont, code: int, glyph: object, advance: int) -> None:
    name = f"uni{code:04X}"
    font.setGlyphOrder([*font.getGlyphOrder(), name])
    font["glyf"][name] = glyph
    font["glyf"][name].recalcBounds(font["glyf"])
    font["hmtx"][name] = (advance, font["glyf"][name].xMin)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[code] = name


def _rename(font: TTFont, family: str, weight: str, version: str) -> None:
    names = {
        0: "Copyright 2015-2020 Google LLC. All Rights Reserved. Modified by the billhook project.",
        1: family,
        2: weight,
        3: f"{version};billhook;{family.replace(' ', '')}-{weight}",
        4: f"{family} {weight}",
        5: version,
        6: f"{family.replace(' ', '')}-{weight}",
        13: "This Font Software is licensed under the SIL Open Font License, Version 1.1.",
        14: "https://scripts.sil.org/OFL",
    }
    table = font["name"]
    table.names = []
    for number, text in names.items():
        table.setName(text, number, 3, 1, 0x409)


def _check_digits(font: TTFont, recipe: Recipe) -> None:
    """Stop unless the digits are tabular: amounts are aligned by it."""
    if recipe.source != "NotoSans":
        return
    names = font.getBestCmap()
    widths = {font["hmtx"][names[ord(sign)]][0] for sign in "0123456789+\N{MINUS SIGN}"}
    if len(widths) != 1:
        sys.exit(f"{recipe.family}: digits of different widths {sorted(widths)}, expected one")


def _provenance(entries: Iterable[Entry], noto: Path) -> str:
    lines = [
        "# Written by scripts/fonts.py.",
        f'package = "{PACKAGE}"',
        f'fonttools = "{fontTools.version}"',
        'licence = "OFL-1.1, see OFL.txt; Noto has no Reserved Font Name, renamed all the same"',
        'changes = "subset, unhinted, renamed; a minus sign and the signs below added"',
    ]
    for entry in entries:
        lines += [
            "",
            "[[font]]",
            f'file = "{entry.file}"',
            f'family = "{entry.family}"',
            f'source = "{entry.source.name}"',
            f'source_version = "{entry.version}"',
            f'source_sha256 = "{_sha256(entry.source)}"',
            f'sha256 = "{_sha256(entry.result)}"',
        ]
    for lender, signs in LENT.items():
        lines += ["", "[[lender]]", f'source = "{lender}.ttf"', f'signs = "{signs}"']
        lines += [f'source_sha256 = "{_sha256(noto / f"{lender}.ttf")}"']
    return "\n".join(lines) + "\n"


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
