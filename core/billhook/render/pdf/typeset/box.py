"""Strips: bands of a page that are never split, and what holds them together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from math import fsum
from typing import NamedTuple

from billhook.render.pdf.typeset.drawing import DrawnMark, move_mark
from billhook.render.pdf.writer.geometry import Pt


class Box(NamedTuple):
    """A band of the page.

    Attributes:
        height: Points.
        marks: What is drawn.
        keep: It stays with the strip after it.
        table: The table it is a row of.
        carries: What it adds to the table's carried sums, by column.
        again: Makes what is repeated over it at the head of a page: the head of its group.
        is_gap: Empty space, left out at the head of a page.
        is_break: A new page begins here.
        bookmark: An entry of the outline that leads here.
    """

    height: Pt
    marks: Sequence[DrawnMark] = ()
    keep: bool = False
    table: RunningTable | None = None
    carries: tuple[tuple[int, Decimal], ...] = ()
    again: Callable[[], Box] | None = None
    is_gap: bool = False
    is_break: bool = False
    bookmark: str = ""


class RunningTable(NamedTuple):
    """What a table repeats on each page.

    Attributes:
        head: The strip of column heads; ``None`` without heads.
        forward: Makes the row "carried forward" at the foot of a page.
        brought: Makes the row "brought forward" at the head of the next.
        carry_height: Height of either; 0 if nothing is carried.
    """

    head: Box | None = None
    forward: Callable[[dict[int, Decimal]], Box] | None = None
    brought: Callable[[dict[int, Decimal]], Box] | None = None
    carry_height: Pt = 0


def gap_box(height: Pt, *, keep: bool = False) -> Box:
    """Return empty space."""
    return Box(height, keep=keep, is_gap=True)


def hold_together(strips: Iterable[Box]) -> list[Box]:
    """Return strips that all stay together."""
    found = list(strips)
    return [*map(_holding, found[:-1]), *found[-1:]]


def keep_with_next(strips: Sequence[Box]) -> list[Box]:
    """Return strips of which the last stays with what follows."""
    return [*strips[:-1], *map(_holding, strips[-1:])]


def _holding(strip: Box) -> Box:
    return strip if strip.keep else strip._replace(keep=True)


def height_of(strips: Iterable[Box]) -> Pt:
    """Return the height of strips one below the other."""
    return fsum(strip.height for strip in strips)


def set_beside(*runs: Sequence[Box]) -> Box:
    """Return runs of strips as one, side by side; each has a place of its own across."""
    marks = [mark for run in runs for mark in _stacked(run)]
    bookmarks = (strip.bookmark for run in runs for strip in run if strip.bookmark)
    return Box(max(map(height_of, runs)), marks, bookmark=next(bookmarks, ""))


def _stacked(strips: Iterable[Box]) -> list[DrawnMark]:
    marks: list[DrawnMark] = []
    top: Pt = 0
    for strip in strips:
        marks.extend(move_mark(mark, 0, top) for mark in strip.marks)
        top += strip.height
    return marks
