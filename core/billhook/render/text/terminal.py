"""Characters in columns: widths of a terminal, wrapping, and cells set side by side."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from billhook.i18n.direction import without_marks

_WIDE = frozenset("WF")


def width_of(text: str) -> int:
    """Return how many cells of a terminal a text takes; letters of East Asia take two."""
    return sum(map(_cells, text)) if not text.isascii() else len(text)


def _cells(sign: str) -> int:
    if unicodedata.combining(sign) or unicodedata.category(sign) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in _WIDE else 1


def pad(text: str, width: int, align: str = "start") -> str:
    """Return a text filled with blanks to a width."""
    room = max(0, width - width_of(text))
    if align == "end":
        return " " * room + text
    if align == "center":
        return " " * (room // 2) + text + " " * (room - room // 2)
    return text + " " * room


def plain(text: str) -> str:
    """Return a text as a terminal shows it: without marks, with ordinary blanks."""
    if text.isascii():
        return text.replace("\t", " ")
    clean = without_marks(text)
    return "".join(" " if sign in "\u00a0\u202f\u2009\t" else sign for sign in clean)


def wrap(text: str, width: int) -> list[str]:
    """Return the lines of a text; newlines are kept, words too long are broken.

    A paragraph that is indented stays so on all its lines.
    """
    return [line for paragraph in text.splitlines() or [""] for line in _indent(paragraph, width)]


def _indent(paragraph: str, width: int) -> Iterator[str]:
    indent = min(len(paragraph) - len(paragraph.lstrip()), width // 2)
    for line in _wrap(paragraph, width - indent):
        yield " " * indent + line


def _wrap(paragraph: str, width: int) -> Iterator[str]:
    line = ""
    for piece in _pieces(paragraph, width):
        candidate = f"{line} {piece[0]}" if line and piece[1] else line + piece[0]
        if line and width_of(candidate) > width:
            yield line
            line = piece[0]
        else:
            line = candidate
    yield line


def _pieces(paragraph: str, width: int) -> Iterator[tuple[str, bool]]:
    """Yield what stays together, each with "a blank goes before it"."""
    for word in paragraph.split():
        blank = True
        for piece in _letters(word, width):
            yield piece, blank
            blank = False


def _letters(word: str, width: int) -> Iterator[str]:
    """Yield a word, or its parts where it may be broken: between wide letters, or anywhere."""
    if width_of(word) <= width and not any(_cells(sign) == 2 for sign in word):  # noqa: PLR2004
        yield word
        return
    part = ""
    for sign in word:
        cells = _cells(sign)
        too_long = width_of(part) + cells > width
        between = cells == 2 and unicodedata.category(sign) not in _CLOSING  # noqa: PLR2004
        if part and cells and (too_long or between):
            yield part
            part = ""
        part += sign
    yield part


_CLOSING = frozenset(("Pe", "Po", "Pf"))
"""Categories of signs that do not begin a line."""


def beside(columns: Sequence[tuple[Sequence[str], int]], gap: int = 2) -> Iterator[str]:
    """Yield the lines of texts set side by side, each padded to its width."""
    for place in range(max((len(lines) for lines, _ in columns), default=0)):
        cells = (pad(lines[place] if place < len(lines) else "", width) for lines, width in columns)
        yield (" " * gap).join(cells).rstrip()
