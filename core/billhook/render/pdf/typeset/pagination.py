"""The flow: boxes put on pages, with heads repeated and sums carried."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from math import fsum
from typing import NamedTuple

import attrs

from billhook.kernel.money import EXACT
from billhook.render.pdf.typeset.box import Box, RunningTable, height_of
from billhook.render.pdf.writer.geometry import SLACK, Pt


class PlacedBox(NamedTuple):
    """A box with its top on the page."""

    top: Pt
    box: Box


@attrs.define
class Paginator:
    """Puts boxes on pages.

    Attributes:
        first: Top of the flow on the first page.
        top: Top of the flow on the others.
        bottom: Where the flow ends on each page.
    """

    first: Pt
    top: Pt
    bottom: Pt
    _pages: list[list[PlacedBox]] = attrs.field(init=False, factory=lambda: [[]])
    _y: Pt = attrs.field(init=False)
    _fresh: bool = attrs.field(init=False, default=False)
    _table: RunningTable | None = attrs.field(init=False, default=None)
    _sums: dict[int, Decimal] = attrs.field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        self._y = self.first
        self._fresh = self.first <= self.top

    def pages(self, boxes: Iterable[Box]) -> list[list[PlacedBox]]:
        """Return the pages."""
        chains = list(_chains(boxes))
        for chain, following in zip(chains, [*chains[1:], []], strict=True):
            self._place(chain, following[0].table if following else None)
        return self._pages

    def _place(self, chain: list[Box], following: RunningTable | None) -> None:
        """Put boxes that belong together on a page, or begin here if no page can hold them."""
        height = chain[0].height if len(chain) == 1 else height_of(chain)
        height += _reserve(chain[-1].table, following)
        fits = self._y + height <= self.bottom + SLACK
        if fits and len(chain) == 1 and not chain[0].is_break:
            self._add_strip(chain[0])
            return
        if not fits and not self._fresh and height <= self._room(chain[0]):
            self._turn(chain[0])
        for place, box in enumerate(chain):
            after = chain[place + 1].table if place + 1 < len(chain) else following
            self._put(box, after)

    def _room(self, first: Box) -> Pt:
        """Return the room of an empty page, less what a running table repeats over a box."""
        room, table = self.bottom - self.top + SLACK, first.table
        if table is None or table is not self._table:
            return room
        repeated = (each.height for each in (table.head, first.again and first.again()) if each)
        return room - fsum(repeated) - table.carry_height

    def _put(self, box: Box, after: RunningTable | None) -> None:
        if box.is_break:
            self._turn(box)
            return
        need = box.height + _reserve(box.table, after)
        if self._y + need > self.bottom + SLACK and not self._fresh:
            self._turn(box)
        self._add_strip(box)

    def _add_strip(self, box: Box) -> None:
        """Put a box for which there is room, but no gap at the head of a page."""
        if box.is_gap and self._fresh:
            return
        if box.table is not self._table:
            self._table, self._sums = box.table, {}
        self._add(box)
        self._fresh = False
        for column, value in box.carries:
            self._sums[column] = EXACT.add(self._sums.get(column, Decimal(0)), value)

    def _turn(self, first: Box) -> None:
        """Begin a new page for a box; in a table sums are carried and heads are repeated."""
        table = first.table
        running = table if table is not None and table is self._table else None
        if running and running.forward and self._sums:
            self._add(running.forward(self._sums))
        self._pages.append([])
        self._y, self._fresh = self.top, True
        if running is None:
            self._table = None
            return
        if running.head:
            self._add(running.head)
        if running.brought and self._sums:
            self._add(running.brought(self._sums))
        if first.again:
            self._add(first.again())

    def _add(self, box: Box) -> None:
        self._pages[-1].append(PlacedBox(self._y, box))
        self._y += box.height


def _reserve(table: RunningTable | None, following: RunningTable | None) -> Pt:
    """Return the room for the carried sums if the table goes on after a box."""
    return table.carry_height if table is not None and following is table else 0


def _chains(boxes: Iterable[Box]) -> Iterator[list[Box]]:
    """Yield runs of boxes that stay together."""
    chain: list[Box] = []
    for box in boxes:
        if box.is_break and chain:
            yield chain
            chain = []
        chain.append(box)
        if not box.keep:
            yield chain
            chain = []
    if chain:
        yield chain
