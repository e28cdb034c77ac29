"""The findings of printing: BH60x."""

from __future__ import annotations

from billhook.kernel.diagnostics import Code

THEME = Code(
    "BH603",
    "the theme cannot be used",
    "A theme of your own is a TOML file with some of the keys that billhook's themes have; what it "
    "leaves out is taken from `[print] theme`. Correct the key or the value that is named.",
)

FONT = Code(
    "BH605",
    "a font cannot be used",
    "A font is a TrueType or OpenType file (`.ttf`, `.otf`) or a collection of them (`.ttc`). "
    "Correct the path in `[print] fonts`; `billhook fonts find` lists the fonts of this computer "
    "that billhook can use.",
)

GLYPH = Code(
    "BH601",
    "no font has a character",
    "A letter that cannot be drawn would vanish from the page without a trace, so "
    "nothing is printed. Name a font file that has the character in `[print] fonts`, "
    "or correct the text. HTML and plain text are not affected.",
)
LOGO = Code(
    "BH602",
    "the logo cannot be used",
    "A logo is a PNG, JPEG or SVG file; an SVG has no text in it. Correct the path in "
    "`[print] logo`, or save the picture in one of these formats.",
)
WORDS = Code(
    "BH604",
    "the amount is not printed in words",
    "Amounts are printed in words only for pairs of language and currency whose words are "
    "tested; a wrong word would be worse than none. Leave `[print] words` out for this "
    "customer, or write the words into the bill's notes.",
)

CODES: tuple[Code, ...] = tuple(value for value in globals().values() if isinstance(value, Code))
