"""Scripts: which a character is of, and which package has fonts for it."""

from __future__ import annotations

import functools
import unicodedata

import attrs


@attrs.frozen
class Script:
    """A script, as far as fonts are concerned.

    Attributes:
        name: Its name for people.
        sample: Characters that a font for it has.
        package: Debian package with fonts that can be used.
        names: How Unicode's names of its characters begin; empty where `name` is that.
    """

    name: str
    sample: str
    package: str = "fonts-noto-core"
    names: tuple[str, ...] = ()

    @property
    def prefixes(self) -> tuple[str, ...]:
        """Prefixes of the Unicode names of its characters."""
        return self.names or (self.name.upper(),)


CJK = "fonts-noto-cjk"

SCRIPTS = (
    Script("Latin", "Aßğłőț"),
    Script("Greek", "Ωά"),
    Script("Cyrillic", "Жїў"),
    Script("Arabic", "عپ"),
    Script("Hebrew", "ש"),
    Script("Devanagari", "क्ष"),
    Script("Thai", "ก็"),
    Script("Kana", "あア", CJK, ("HIRAGANA", "KATAKANA", "HALFWIDTH KATAKANA")),
    Script(
        "Chinese characters", "請求发票總額", CJK, ("CJK ", "IDEOGRAPHIC", "FULLWIDTH", "BOPOMOFO")
    ),
    Script("Hangul", "청구서", CJK),
    Script("Armenian", "Ա"),
    Script("Georgian", "ა"),
    Script("Bengali", "বা"),
    Script("Gujarati", "ગુ"),
    Script("Gurmukhi", "ਗੁ"),
    Script("Kannada", "ಕ"),
    Script("Malayalam", "മ"),
    Script("Oriya", "ଓ"),
    Script("Sinhala", "ස"),
    Script("Tamil", "த"),
    Script("Telugu", "తె"),
    Script("Ethiopic", "አ"),
    Script("Khmer", "ខ"),
    Script("Lao", "ລາ"),
    Script("Myanmar", "မြ"),
    Script("Tibetan", "བོ"),
)
"""The scripts that bills are asked about, those of the bundled fonts first."""


@functools.lru_cache(maxsize=1_000)
def script_named(sign: str) -> Script | None:
    """Return the script of a character, ``None`` for signs, pictures and rarer scripts."""
    name = unicodedata.name(sign, "")
    return next((script for script in SCRIPTS if name.startswith(script.prefixes)), None)
