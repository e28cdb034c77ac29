"""Line breaking: greedy, in one pass, over advances that are known already.

Lines break at blanks and at U+200B, after hyphens and dashes before a letter, between CJK
characters with the usual rules for what may not begin or end a line (kinsoku), and wherever the
text says so. Addresses of mail and web stay whole while a line has room for them. A word too long
for a line is split between clusters: a letter never loses its marks. Nothing is hyphenated, and no
text is lost but the blanks at which a line breaks.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from math import fsum

from billhook.render.pdf.writer import bidi, shaping
from billhook.render.pdf.writer.font import Font, NotPlainError, TextLine
from billhook.render.pdf.writer.geometry import Direction, Pt

_CJK = "\u2e80-\u2fff\u3001-\u312f\u3190-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"
_CJK += "\U00020000-\U0003ffff"
# JIS X 4051: what may not begin a line (closing, small kana, prolonged sound), nor end one.
_NO_START = "、。，．・：；？！ヽヾゝゞ々ー）］｝」』】〕〉》〗〙｠”’ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ｡､･ｰ｣!?,.:;)]}%％‰℃°"  # noqa: E501, RUF001 -- one set, and full-width signs are the point
_NO_END = "（［｛「『【〔〈《〖〘｟“‘｢$￥＄￡([{"  # noqa: RUF001 -- full-width signs are the point
_START, _END = re.escape(_NO_START), re.escape(_NO_END)

_BLANKS = " \t\u1680\u2000-\u2006\u2008-\u200a\u205f\u3000"
_WORD = re.compile(f"[^{_BLANKS}]+")
_NEWLINE = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_HAS_PIECES = re.compile(rf"[-\u2010\u2013\u2014\u200b{_CJK}]")
# What asks for more than splitting at single blanks; hyphens only where a line would break.
_INTRICATE = re.compile(rf"[\u200b{_BLANKS[1:]}{_CJK}]|  |^ | $")
_HYPHEN = re.compile(r"[^\W\d_][-\u2010\u2013\u2014][^\W\d_]")
_NO_BREAK, _BOUND = re.compile("\u00a0"), re.compile("[^\u00a0]+")
# Addresses of mail and web: a reader would take a break at their hyphens for a part of them.
_ADDRESS = re.compile(
    r"[(\[<\"'\u2066-\u2068]*(?:[a-z]+://|www\.|[^@]+@)?[a-z0-9-]+(?:\.[a-z0-9-]+)+\W*(?:/.*)?",
    re.IGNORECASE | re.ASCII,
)
_LABEL = re.compile(r"@?[^-.@/]+[-./]*|[-./@]+")
# Thai and Lao vowels that are written before, and after, the letter they belong to.
_LEADING_VOWELS = frozenset("\u0e40\u0e41\u0e42\u0e43\u0e44\u0ec0\u0ec1\u0ec2\u0ec3\u0ec4")
_TRAILING_VOWELS = frozenset("\u0e30\u0e32\u0e33\u0e45\u0eb0\u0eb2\u0eb3")
_VIRAMAS = frozenset("\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u200d")
_SLACK: Pt = 0.01


def wrap(
    font: Font, text: str, size: Pt, width: Pt, direction: Direction | None = None
) -> tuple[TextLine, ...]:
    """Return the lines of a text that fit a width; an empty text has one empty line.

    Args:
        font: The font it is set in.
        text: The text; newlines are kept as breaks.
        size: Font size in points.
        width: Points.
        direction: Base direction of its paragraphs; ``None`` for that of their first letter.

    Raises:
        billhook.render.pdf.writer.font.MissingGlyphError: No face has one of its characters.
    """
    make = _kept if len(text) <= _SHORT else _broken
    return make(font, text, size, width, direction)


_SHORT = 48
"""Longer texts are hardly met again: labels, names and addresses are kept, narratives are not."""


def _broken(
    font: Font, text: str, size: Pt, width: Pt, direction: Direction | None
) -> tuple[TextLine, ...]:
    limit = width * 1000 / size + _SLACK
    if direction != "rtl" and text.isprintable():
        try:
            found = _quick(font, text, size, limit)
        except NotPlainError:
            found = None
        if found is not None:
            return found
    return tuple(_lines(font, text, size, limit, direction))


_kept = functools.lru_cache(maxsize=20_000)(_broken)


def _lines(
    font: Font, text: str, size: Pt, limit: Pt, direction: Direction | None
) -> Iterator[TextLine]:
    for paragraph in (text,) if text.isprintable() else _NEWLINE.split(text):
        clean = paragraph.replace("\t", " ")
        try:
            yield from _paragraph(font, clean, size, limit, direction)
        except NotPlainError:
            yield from _break_ordered(font, clean, size, limit, direction)


def _paragraph(
    font: Font, text: str, size: Pt, limit: Pt, direction: Direction | None
) -> Iterator[TextLine]:
    """Yield the lines of a paragraph whose characters are all glyphs of the first face."""
    plain = text if direction != "rtl" else bidi.datum(text)
    if plain is None:
        raise NotPlainError
    if plain is text and (lines := _quick(font, text, size, limit)):
        yield from lines
        return
    whole = fsum(map(font.advances.__getitem__, plain))
    if whole <= limit:
        yield font.plain(plain.split(" "), whole * size / 1000)
        return
    if direction == "rtl":
        raise NotPlainError
    yield from _careful(font, text, size, limit)


def _quick(font: Font, text: str, size: Pt, limit: Pt) -> tuple[TextLine, ...] | None:
    """Return the lines of words between single blanks, ``None`` if there is more to it."""
    if _is_intricate(text):
        return None
    words = text.split(" ")
    reaches = [0, *accumulate(map(font.steps.__getitem__, words))]
    space = font.advances[" "]
    if reaches[-1] - space <= limit:
        return (font.plain(words, (reaches[-1] - space) * size / 1000),)
    lines: list[TextLine] = []
    start, count = 0, len(words)
    hyphens = "-" in text or not text.isascii()
    while start < count:
        end = bisect_right(reaches, reaches[start] + limit + space) - 1
        if end == start or (end < count and hyphens and _HYPHEN.search(words[end])):
            return None
        width = (reaches[end] - reaches[start] - space) * size / 1000
        lines.append(font.plain(words[start:end], width))
        start = end
    return tuple(lines)


def _is_intricate(text: str) -> bool:
    """Return whether there is more to a text than words between single blanks."""
    if text.isascii():
        return "  " in text or "\t" in text or text[:1] == " " or text[-1:] == " "
    return _INTRICATE.search(text) is not None


def _careful(font: Font, text: str, size: Pt, limit: Pt) -> Iterator[TextLine]:
    for start, end in _breaks(font, text, limit):
        line = text[start:end]
        yield font.plain(line.split(" "), font.measure(line) * size / 1000)


def _break_ordered(
    font: Font, text: str, size: Pt, limit: Pt, direction: Direction | None
) -> Iterator[TextLine]:
    """Yield the lines of a paragraph that needs shaping, ordering or several faces."""
    base = direction or bidi.base_direction(text)
    levels = bidi.levels(text, base)
    for start, end in _breaks(font, text, limit):
        runs = font.runs(text[start:end], levels[start:end], base)
        yield TextLine(text[start:end], fsum(run.advance for run in runs) * size / 1000, runs)


def _breaks(font: Font, text: str, limit: Pt) -> Iterator[tuple[int, int]]:
    """Yield where each line begins and ends; blanks at a break belong to none."""
    if font.measure(text) <= limit:
        yield 0, len(text)
        return
    start = end = 0
    used: Pt = 0
    for first, last, gap, advance in _units(font, text, limit):
        if used + gap + advance > limit:
            if end > start:
                yield start, end
            start, used = first, advance
        else:
            used += gap + advance
        end = last
    yield start, end


def _units(font: Font, text: str, limit: Pt) -> Iterator[tuple[int, int, Pt, Pt]]:
    """Yield what stays together: start, end, width of the blanks before, own width."""
    measure = font.measure
    for start, end, blanks in _pieces(text):
        advance = measure(text[start:end])
        gap = measure(blanks) if blanks else 0
        if advance <= limit:
            yield start, end, gap, advance
        elif (parts := list(_parts(font, text, start, end, limit)))[1:]:
            for first, last, blank in parts:
                yield from _split(font, text, first, last, measure(blank) if blank else gap, limit)
                gap = 0
        else:
            yield from _split(font, text, start, end, gap, limit)


def _parts(
    font: Font, text: str, start: int, end: int, limit: Pt
) -> Iterator[tuple[int, int, str]]:
    """Yield the parts of a piece too long for any line, each with the no-break space before it.

    What is bound by no-break spaces is parted there; an address after its hyphens, or, where that
    is not enough, at its other signs.
    """
    if _NO_BREAK.search(text, start, end):
        for part in _BOUND.finditer(text, start, end):
            first, last = part.span()
            yield first, last, text[first - 1] if first > start else ""
    elif _ADDRESS.fullmatch(text, start, end):
        spans = [part.span() for part in _piece().finditer(text, start, end)]
        if any(font.measure(text[first:last]) > limit for first, last in spans):
            spans = [part.span() for part in _LABEL.finditer(text, start, end)]
        yield from ((first, last, "") for first, last in spans)


@functools.cache
def _piece() -> re.Pattern[str]:
    """Return what matches a piece; compiled when a text first needs it, for it takes its time."""
    return re.compile(
        rf"[{_END}]*[{_CJK}](?:[{_START}]|\u0301|\u3099|\u309a)*"
        rf"|(?:(?![{_CJK}\u200b]).)+?(?:(?<=[^\W\d_])[-\u2010\u2013\u2014](?=[^\W\d_])|(?=[{_CJK}])[{_START}]*|\u200b|$)"
        rf"|\u200b"
    )


def _pieces(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the pieces between which a line may break, each with the blanks before it."""
    last = 0
    whole = _HAS_PIECES.search(text) is None
    for word in _WORD.finditer(text):
        start, end = word.span()
        # An address is not parted at its hyphens.
        if whole or ("-" in word[0] and _ADDRESS.fullmatch(word[0])):
            yield start, end, text[last:start]
        else:
            for piece in _piece().finditer(text, start, end):
                yield *piece.span(), text[last : piece.start()]
                last = piece.end()
        last = end


def _split(
    font: Font, text: str, start: int, end: int, gap: Pt, limit: Pt
) -> Iterator[tuple[int, int, Pt, Pt]]:
    """Yield parts of a piece that is too long for any line, as long as lines are."""
    bounds = [start + bound for bound in clusters(text[start:end])]
    first, place = start, 0
    while place < len(bounds):
        place = _fitting(font, text, first, bounds, place, limit)
        yield first, bounds[place - 1], gap, font.measure(text[first : bounds[place - 1]])
        first, gap = bounds[place - 1], 0


def _fitting(font: Font, text: str, first: int, bounds: list[int], place: int, limit: Pt) -> int:
    """Return how many bounds are passed by the longest part that fits, one more at least."""
    step = 1
    while place + step < len(bounds) and font.measure(text[first : bounds[place + step]]) <= limit:
        step *= 2
    low, high = place + 1, min(place + step, len(bounds))
    while low < high:
        middle = (low + high + 1) // 2
        if font.measure(text[first : bounds[middle - 1]]) <= limit:
            low = middle
        else:
            high = middle - 1
    return low


def clusters(text: str) -> list[int]:
    """Return where each cluster of a text ends: a letter with its marks and joined letters."""
    bounds = [place for place in range(1, len(text)) if not _belongs(text[place - 1], text[place])]
    return [*bounds, len(text)] if text else []


def _belongs(before: str, sign: str) -> bool:
    return (
        shaping.follows(sign)
        or sign in _TRAILING_VOWELS
        or before in _LEADING_VOWELS
        or (before in _VIRAMAS and shaping.script_of(sign) is not None)
    )
