"""The findings of printing: BH60x."""

from __future__ import annotations

from billhook.diagnostics import Code

CODES = (
    Code(
        "BH601",
        "no font has a character",
        "A letter that cannot be drawn would vanish from the page without a trace, so nothing is "
        "printed. Name a font file that has the character in `[print] fonts`, or correct the text. "
        "HTML and plain text are not concerned.",
    ),
    Code(
        "BH602",
        "the logo cannot be used",
        "A logo is a PNG, JPEG or SVG file; an SVG has no text in it. Correct the path in "
        "`[print] logo`, or save the picture in one of these formats.",
    ),
)
