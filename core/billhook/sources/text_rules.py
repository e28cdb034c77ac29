"""Character rules for users' texts, such as no control characters or direction overrides."""

from __future__ import annotations

import unicodedata

from billhook.sources import codes
from billhook.sources.bad_value import BadValueError, quote

CHARACTERS = 10_000
"""Length of one text."""

MARKS = 8
"""Combining marks in a row; more make a letter as tall as a page."""

# Embeddings and overrides (U+202A to U+202E) and isolates (U+2066 to U+2069) reorder what is
# read: U+202E before "00.1" shows 1.00.  Renderers add isolates of their own.
_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_REFUSED = frozenset({"Cc", "Cs", "Co", "Zl", "Zp"})
_LAST_TWO = frozenset({0xFFFE, 0xFFFF})
_COMBINING = frozenset({"Mn", "Me"})
_NAMES = {
    "\n": "a line break",
    "\r": "a line break",
    "\t": "a tab",
    "\u2028": "a line break",
    "\u2029": "a paragraph break",
}


class Multiline:
    """Marks a text that may have line breaks: ``Annotated[str, MULTILINE]``."""


MULTILINE = Multiline()


class OneOrMore:
    """Marks a list whose only item may stand alone: ``Annotated[tuple[str, ...], ONE_OR_MORE]``."""


ONE_OR_MORE = OneOrMore()


def clean_text(text: str, *, multiline: bool = False, limit: int = CHARACTERS) -> str:
    r"""Return a text in normal form (NFC), fit to be stored, printed and exported.

    Args:
        text: What the user wrote.
        multiline: Line breaks are allowed; ``\r\n`` becomes ``\n``.
        limit: Greatest length in characters.

    Raises:
        BadValueError: A character is forbidden (BH107) or the text too long (BH108).
    """
    if len(text) > limit:
        raise BadValueError(
            codes.LIMIT, f"expected at most {limit:,} characters, got {len(text):,}"
        )
    if text.isascii() and text.isprintable():
        return text
    if multiline:
        text = text.replace("\r\n", "\n")
    text = unicodedata.normalize("NFC", text)
    _inspect(text, "\n" if multiline else "")
    return text


def _inspect(text: str, allowed: str) -> None:
    marks = 0
    for index, char in enumerate(text):
        category = unicodedata.category(char)
        if char not in allowed and (category in _REFUSED or _never_a_character(char)):
            raise _forbidden(text, index)
        marks = marks + 1 if category in _COMBINING else 0
        if marks > MARKS:
            raise BadValueError(
                codes.CHARACTER,
                f"expected at most {MARKS} combining marks on a letter in {quote(text)}",
            )


def _never_a_character(char: str) -> bool:
    """Return whether Unicode keeps the code point out of texts, as XML does too."""
    return char in _DIRECTION or ord(char) & 0xFFFF in _LAST_TWO or "\ufdd0" <= char <= "\ufdef"


def _forbidden(text: str, index: int) -> BadValueError:
    char = text[index]
    name = _NAMES.get(char) or f"the character U+{ord(char):04X}"
    if char in _DIRECTION:
        name += " (a change of direction)"
    hint = "write the text on one line" if char in "\r\n\u2028\u2029" else "remove it"
    message = f"{name} at position {index + 1} is not allowed in {quote(text)}"
    return BadValueError(codes.CHARACTER, message, hint)
