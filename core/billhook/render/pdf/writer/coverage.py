"""Coverage: every character is looked up before anything is drawn.

A character without a glyph is a finding for the caller to make, with the field's name; it is
never a box on the page and never silence.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

import attrs

from billhook.render.pdf.writer.font import Font

_BREAKS = frozenset("\n\r\t\x0b\x0c\x85\u2028\u2029")


@attrs.frozen
class Gap:
    """A character that no face of a font has.

    Attributes:
        char: The character.
        text: The text it was found in.
        field: The caller's name for the text.
    """

    char: str
    text: str
    field: str

    @property
    def code(self) -> str:
        """The character's code point as people write it, ``U+4F1A``."""
        return f"U+{ord(self.char):04X}"

    @property
    def name(self) -> str:
        """The character's Unicode name, ``CJK UNIFIED IDEOGRAPH-4F1A``."""
        return unicodedata.name(self.char, "unnamed character")


def gaps(font: Font, fields: Iterable[tuple[str, str]]) -> tuple[Gap, ...]:
    """Return every character that cannot be drawn, once for each field it stands in.

    Args:
        font: The font the texts will be set in.
        fields: Pairs of a field's name and its text.
    """
    texts = list(fields)
    used = set().union(*(text for _, text in texts)) - _BREAKS
    bad = {sign for sign in used if not font.covers(sign)}
    if not bad:
        return ()
    return tuple(
        Gap(sign, text, field)
        for field, text in texts
        for sign in dict.fromkeys(text)
        if sign in bad
    )
