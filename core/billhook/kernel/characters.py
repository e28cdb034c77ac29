"""Characters that a text may have: none that makes a document show something else than it holds."""

from __future__ import annotations

import unicodedata

import attrs

from billhook.kernel import codes
from billhook.kernel.diagnostics import Code

CHARACTERS = 10_000
"""Length of one text."""

MARKS = 8
"""Combining marks in a row; more make a letter as tall as a page."""

SHOWN = 40

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


@attrs.frozen
class TextFault:
    """A text that is refused.

    Attributes:
        code: The finding's code.
        message: The character and its position, or the length.
        hint: What to do.
    """

    code: Code
    message: str
    hint: str | None = None


def find_text_fault(
    text: str, *, multiline: bool = False, limit: int = CHARACTERS
) -> TextFault | None:
    """Return why a text is refused, or nothing.

    Args:
        text: A text that somebody wrote.
        multiline: Line breaks are allowed.
        limit: Greatest length in characters.
    """
    if len(text) > limit:
        message = f"expected at most {limit:,} characters, got {len(text):,}"
        return TextFault(codes.LIMIT, message)
    if text.isascii() and text.isprintable():
        return None
    marks, allowed = 0, "\n" if multiline else ""
    for index, char in enumerate(text):
        category = unicodedata.category(char)
        if char not in allowed and (category in _REFUSED or _never_a_character(char)):
            return _forbidden(text, index)
        marks = marks + 1 if category in _COMBINING else 0
        if marks > MARKS:
            message = f"expected at most {MARKS} combining marks on a letter in {quote(text)}"
            return TextFault(codes.CHARACTER, message)
    return None


def quote(text: str) -> str:
    """Return a text in quotes, escaped and cut to a readable length."""
    return repr(text) if len(text) <= SHOWN else f"{text[:SHOWN]!r}…"


def _never_a_character(char: str) -> bool:
    """Return whether Unicode keeps the code point out of texts, as XML does too."""
    return char in _DIRECTION or ord(char) & 0xFFFF in _LAST_TWO or "\ufdd0" <= char <= "\ufdef"


def _forbidden(text: str, index: int) -> TextFault:
    char = text[index]
    name = _NAMES.get(char) or f"the character U+{ord(char):04X}"
    if char in _DIRECTION:
        name += " (a change of direction)"
    hint = "write the text on one line" if char in "\r\n\u2028\u2029" else "remove it"
    message = f"{name} at position {index + 1} is not allowed in {quote(text)}"
    return TextFault(codes.CHARACTER, message, hint)
