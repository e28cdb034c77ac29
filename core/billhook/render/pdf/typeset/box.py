"""Boxes: bands of a page that are never split, and what holds them together."""

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
        keep: It stays with the box after it.
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
    """The rows that a table repeats on each page.

    Attributes:
        head: The box of column heads; ``None`` without heads.
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


def hold_together(boxes: Iterable[Box]) -> list[Box]:
    """Return boxes that all stay together."""
    found = list(boxes)
    return [*map(_holding, found[:-1]), *found[-1:]]


def keep_with_next(boxes: Sequence[Box]) -> list[Box]:
    """Return boxes of which the last stays with what follows."""
    return [*boxes[:-1], *map(_holding, boxes[-1:])]


def _holding(box: Box) -> Box:
    return box if box.keep else box._replace(keep=True)


def height_of(boxes: Iterable[Box]) -> Pt:
    """Return the height of boxes one below the other."""
    return fsum(box.height for box in boxes)


def set_beside(*runs: Sequence[Box]) -> Box:
    """Return runs of boxes as one, side by side; each has a place of its own across."""
    marks = [mark for run in runs for mark in _stacked(run)]
    bookmarks = (box.bookmark for run in runs for box in run if box.bookmark)
    return Box(max(map(height_of, runs)), marks, bookmark=next(bookmarks, ""))


def _stacked(boxes: Iterable[Box]) -> list[DrawnMark]:
    marks: list[DrawnMark] = []
    top: Pt = 0
    for box in boxes:
        marks.extend(move_mark(mark, 0, top) for mark in box.marks)
        top += box.height
    return marks
