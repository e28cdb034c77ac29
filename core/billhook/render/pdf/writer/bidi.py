"""Text of two directions: levels of a paragraph, order of a line, isolation of a datum.

The levels are those of Unicode's bidirectional algorithm (UAX #9), as fpdf2 has it; lines are
put in order here, since a paragraph is resolved before it is broken into lines.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from billhook.i18n.direction import has_rtl
from billhook.render.pdf.writer.geometry import Direction

_ISOLATES = "\u2066\u2067\u2068"
_POP = "\u2069"
_SPACING = frozenset({"WS", "S", "B", "LRI", "RLI", "FSI", "PDI", "BN"})


def datum(text: str) -> str | None:
    """Return what an isolate around a whole text holds, if it runs from left to right.

    Such a text is seen as it is read, whatever the direction of its paragraph: an amount, a
    number of a document, a name in Latin letters.
    """
    if text[-1:] != _POP or text[0] not in _ISOLATED:
        return None
    inside = text[1:-1]
    steered = _STEERING.search(inside) or has_rtl(inside) or inside != inside.strip()
    return None if steered else inside


_ISOLATED = "\u2066\u2068"
_STEERING = re.compile("[\u2066-\u2069\u202a-\u202e\u2029]")


def base_direction(text: str) -> Direction:
    """Return the direction of the first strong letter outside isolates, ``ltr`` without one."""
    if not has_rtl(text):
        return "ltr"
    depth = 0
    for sign in text:
        if sign in _ISOLATES:
            depth += 1
        elif sign == _POP:
            depth -= 1
        elif depth <= 0 and (kind := unicodedata.bidirectional(sign)) in ("L", "R", "AL"):
            return "ltr" if kind == "L" else "rtl"
    return "ltr"


def levels(text: str, direction: Direction) -> bytes:
    """Return the embedding level of each character of a paragraph, odd for right to left."""
    if direction == "ltr" and not has_rtl(text):
        return bytes(len(text))
    kinds = text.translate(_KINDS)
    ends = [found.end() for found in _ALIKE.finditer(kinds)]
    starts = [0, *ends[:-1]] if ends else []
    pattern = ("".join([kinds[start] for start in starts]), direction)
    kept = _PATTERNS.get(pattern)
    if kept is None:
        if len(_PATTERNS) >= _KEPT:
            _PATTERNS.clear()
        shortest = "".join([text[start] for start in starts])
        kept = _PATTERNS[pattern] = _resolve_levels(shortest, direction)
    spans = zip(kept, starts, ends, strict=True)
    return b"".join([_LEVELS[level] * (end - start) for level, start, end in spans])


class _Kinds(dict[int, str]):
    """Bidirectional classes of characters: a letter for each class, or the character itself."""

    def __missing__(self, code: int) -> str:
        kind = self[code] = _NAMED.get(unicodedata.bidirectional(chr(code)), chr(code))
        return kind


_NAMED = {"L": "L", "R": "R", "AL": "A", "EN": "N", "CS": "C", "NSM": "M", "WS": "W"}
_KINDS = _Kinds()
# Stretches whose characters all come to one level, whatever surrounds them: words of one class
# with the blanks between them (rules W1 and N1), a number with its separators (W4).  So texts
# of one pattern are resolved once, however long their words are.
_ALIKE = re.compile(r"([LRA])(?:[WM]*\1|M)*|N(?:C?N)*|W+|.", re.DOTALL)
_PATTERNS: dict[tuple[str, Direction], bytes] = {}
_LEVELS = tuple(bytes([level]) for level in range(128))
_KEPT = 5_000


def _resolve_levels(text: str, direction: Direction) -> bytes:
    from fpdf.bidi import BidiParagraph
    from fpdf.enums import TextDirection

    base = TextDirection.RTL if direction == "rtl" else TextDirection.LTR
    found = bytearray([base == TextDirection.RTL] * len(text))
    for character in BidiParagraph(text, base).get_characters():
        found[character.character_index] = character.embedding_level
    return bytes(found)


def stretches(text: str, line_levels: bytes, direction: Direction) -> Iterator[tuple[str, bool]]:
    """Yield a line's stretches of one level in visual order, each with "runs right to left".

    The text of a stretch stays in logical order.
    """
    resolved = _without_trailing(text, line_levels, direction)
    for start, end in _reorder(_runs(resolved), resolved):
        yield text[start:end], bool(resolved[start] & 1)


def _without_trailing(text: str, line_levels: bytes, direction: Direction) -> bytes:
    """Return the levels with the line's trailing blanks at the base level (rule L1)."""
    end = len(text)
    while end and unicodedata.bidirectional(text[end - 1]) in _SPACING:
        end -= 1
    return line_levels[:end] + bytes([direction == "rtl"] * (len(text) - end))


def _runs(resolved: bytes) -> list[tuple[int, int]]:
    return [found.span() for found in _SAME.finditer(resolved)]


_SAME = re.compile(rb"(.)\1*", re.DOTALL)


def _reorder(runs: Sequence[tuple[int, int]], resolved: bytes) -> list[tuple[int, int]]:
    """Return the runs in visual order (rule L2)."""
    ordered = list(runs)
    present = set(resolved)
    highest = max(present, default=0)
    lowest_odd = min((level for level in present if level & 1), default=highest + 1)
    for level in range(highest, lowest_odd - 1, -1):
        place = 0
        while place < len(ordered):
            end = place
            while end < len(ordered) and resolved[ordered[end][0]] >= level:
                end += 1
            ordered[place:end] = reversed(ordered[place:end])
            place = max(end, place + 1)
    return ordered
