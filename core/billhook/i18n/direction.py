"""Writing direction, and the isolates that keep data in order between words of the other direction.

Source: Unicode Standard Annex 9.  A bare ``-1,250.00 EUR`` or ``+20 2 1234-5678`` in Arabic text is
shown with its parts exchanged; wrapped in an isolate it stays as it is.
"""

from __future__ import annotations

import enum
import re
import unicodedata
from functools import lru_cache
from typing import Literal

from billhook.i18n.locales import babel_locale

_LRI, _FSI, _PDI = "\u2066", "\u2068", "\u2069"

MARKS = frozenset("\u061c\u200e\u200f\u2066\u2067\u2068\u2069")
"""Invisible characters that only steer the direction: CLDR's in numbers, and the isolates."""

Align = Literal["start", "end", "center"]
"""Alignment of a text in its column, in reading direction."""

Side = Literal["left", "right", "center"]
"""The same as it is seen on a page."""

_RTL_CLASSES = frozenset(("R", "AL", "AN", "RLE", "RLO", "RLI"))
_RTL_BLOCKS = re.compile(
    "[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""A quick look first: every character of those classes stands in these blocks."""


class IsolateKind(enum.Enum):
    """Kind of data inside an isolate."""

    CODE = "code"
    """Left to right always: numbers of documents, telephone numbers, IBANs, e-mail addresses."""

    WORDS = "words"
    """In the direction of its first letter: names, descriptions, addresses."""

    FORMATTED = "formatted"
    """A formatter's output: amounts, dates and units carry marks of their own and follow them."""


@lru_cache(maxsize=1024)
def is_rtl(locale: str) -> bool:
    """Return whether a locale's script runs from right to left."""
    return babel_locale(locale).text_direction == "rtl"


def side_of(align: Align, *, rtl: bool) -> Side:
    """Return the side of a page that an alignment means, in a reading direction."""
    if align == "center":
        return align
    return "left" if (align == "start") is not rtl else "right"


def has_rtl(text: str) -> bool:
    """Return whether a text has a character that is written, or steers, from right to left."""
    if text.isascii() or not _RTL_BLOCKS.search(text):
        return False
    return any(unicodedata.bidirectional(char) in _RTL_CLASSES for char in text)


def isolate(text: str, kind: IsolateKind) -> str:
    """Return the text in an isolate, so that its neighbours cannot reorder it."""
    if not text:
        return text
    return f"{_LRI if kind is IsolateKind.CODE else _FSI}{text}{_PDI}"


def isolated_where_needed(text: str, kind: IsolateKind, locale: str) -> str:
    """Return the text, isolated if the document or the text runs from right to left."""
    return isolate(text, kind) if is_rtl(locale) or has_rtl(text) else text


def without_marks(text: str) -> str:
    """Return the text without the invisible marks of direction, for plain-text output."""
    return "".join(char for char in text if char not in MARKS)
