"""The index of lanes: built once for a tariff, asked for every shipment."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Generic, TypeVar

import attrs

from billhook_freight.rating.geography import PlaceShape, Rank, Spot, ends, key, rank, shape
from billhook_freight.rating.tariff import Lane

Span = tuple[str, str]
T = TypeVar("T")

MOST_ORIGINS = 1_000
"""Origins whose ranges are remembered; when they are so many, all are forgotten."""

MOST_JOINED = 2_000
"""Ranges around one origin that are put into one tree at most."""


@attrs.frozen(eq=False)
class RankedLane:
    """A lane in one direction, with what it is compared by."""

    lane: Lane
    rank: Rank
    origins: Span
    destinations: Span


class _Stabbing(Generic[T]):
    """Spans sorted by their beginnings, as a tree that finds those around a code.

    The middle of a slice is the root of its two halves; with it stand the last code and the highest
    rank of the whole slice, so that halves without a span around the code, or without one that
    ranks as high as what was found, are not entered.
    """

    def __init__(self, spans: Iterable[tuple[Span, Rank, T]]) -> None:
        self.spans = sorted(spans, key=lambda each: each[0])
        self._last = [""] * len(self.spans)
        self._top: list[Rank] = [each[1] for each in self.spans]
        self._fill(0, len(self.spans))

    def __len__(self) -> int:
        return len(self.spans)

    def _fill(self, start: int, end: int) -> int | None:
        if start >= end:
            return None
        root = (start + end) // 2
        self._last[root] = self.spans[root][0][1]
        for half in (self._fill(start, root), self._fill(root + 1, end)):
            if half is not None:
                self._last[root] = max(self._last[root], self._last[half])
                self._top[root] = max(self._top[root], self._top[half])
        return root

    def find(self, code: str, floor: Callable[[], Rank | None]) -> Iterator[T]:
        """Yield what stands at the spans around a code; those below the floor are passed over."""
        slices = [(0, len(self.spans))]
        while slices:
            start, end = slices.pop()
            root = (start + end) // 2
            if start >= end or self._last[root] < code or _below(self._top[root], floor()):
                continue
            (first, last), rank, item = self.spans[root]
            slices.append((start, root))
            if first <= code:
                slices.append((root + 1, end))
                if code <= last and not _below(rank, floor()):
                    yield item


def _below(rank: Rank, floor: Rank | None) -> bool:
    return floor is not None and rank < floor


class _Shelf:
    """The lanes of one pair of shapes: single codes by look-up, ranges by search."""

    def __init__(self) -> None:
        self.single: dict[Span, list[RankedLane]] = defaultdict(list)
        self.ranges: list[RankedLane] = []
        self._origins: _Stabbing[_Stabbing[RankedLane]] | None = None
        self._reached: dict[str, Sequence[_Stabbing[RankedLane]]] = {}

    def add(self, entry: RankedLane) -> None:
        if entry.origins[0] == entry.origins[1] and entry.destinations[0] == entry.destinations[1]:
            self.single[entry.origins[0], entry.destinations[0]].append(entry)
        else:
            self.ranges.append(entry)

    def collect(self, one: str, two: str, best: _Best) -> None:
        """Put what holds for two keys to the best that were found so far."""
        for entry in self.single.get((one, two), ()):
            best.add(entry)
        for destinations in self._from(one):
            for entry in destinations.find(two, best.floor):
                best.add(entry)

    def _from(self, one: str) -> Sequence[_Stabbing[RankedLane]]:
        """Return the destinations of all ranges around an origin, few ranges in one tree."""
        found = self._reached.get(one)
        if found is not None:
            return found
        if self._origins is None:
            self._origins = self._searchable()
        trees = list(self._origins.find(one, lambda: None))
        if len(trees) > 1 and sum(map(len, trees)) <= MOST_JOINED:
            trees = [_Stabbing(each for tree in trees for each in tree.spans)]
        if len(self._reached) >= MOST_ORIGINS:
            self._reached.clear()
        self._reached[one] = trees
        return trees

    def _searchable(self) -> _Stabbing[_Stabbing[RankedLane]]:
        by_origin: dict[Span, list[RankedLane]] = defaultdict(list)
        for entry in self.ranges:
            by_origin[entry.origins].append(entry)
        return _Stabbing(
            (
                span,
                max(entry.rank for entry in entries),
                _Stabbing((entry.destinations, entry.rank, entry) for entry in entries),
            )
            for span, entries in by_origin.items()
        )


class _Best:
    """The most specific lanes found so far, each once."""

    def __init__(self) -> None:
        self.rank: Rank | None = None
        self.lanes: list[Lane] = []

    def floor(self) -> Rank | None:
        return self.rank

    def add(self, entry: RankedLane) -> None:
        if self.rank is None or entry.rank > self.rank:
            self.rank, self.lanes = entry.rank, [entry.lane]
        elif entry.rank == self.rank and all(lane is not entry.lane for lane in self.lanes):
            self.lanes.append(entry.lane)


MOST_ROUTES = 50_000
"""Routes whose lanes are remembered; when they are so many, all are forgotten."""


class LaneIndex:
    """The lanes of a tariff."""

    def __init__(self, lanes: Iterable[Lane], home: str) -> None:
        self._shelves: dict[tuple[PlaceShape, PlaceShape], _Shelf] = defaultdict(_Shelf)
        self._found: dict[tuple[Spot, Spot], list[Lane]] = {}
        for shapes, entry in entries(lanes, home):
            self._shelves[shapes].add(entry)

    def best(self, origin: Spot, destination: Spot) -> list[Lane]:
        """Return the most specific lane; none when nothing fits, several when none is best."""
        asked = (origin, destination)
        found = self._found.get(asked)
        if found is None:
            if len(self._found) >= MOST_ROUTES:
                self._found.clear()
            found = self._found[asked] = self._best(origin, destination)
        return found

    def _best(self, origin: Spot, destination: Spot) -> list[Lane]:
        best = _Best()
        for (one, two), shelf in self._shelves.items():
            keys = key(origin, one), key(destination, two)
            if keys[0] is not None and keys[1] is not None:
                shelf.collect(keys[0], keys[1], best)
        return best.lanes

    def near(self, origin: Spot, destination: Spot, count: int = 3) -> list[Lane]:
        """Return lanes that fit at one end, the most specific first."""
        found: dict[int, RankedLane] = {}
        for (one, two), shelf in self._shelves.items():
            keys = key(origin, one), key(destination, two)
            for entry in (*shelf.ranges, *(e for es in shelf.single.values() for e in es)):
                if _touches(entry, keys):
                    found[id(entry.lane)] = entry
        best = heapq.nlargest(count, found.values(), key=lambda entry: entry.rank)
        return [entry.lane for entry in best]


def _touches(entry: RankedLane, keys: tuple[str | None, str | None]) -> bool:
    pairs = zip(keys, (entry.origins, entry.destinations), strict=True)
    return any(code is not None and first <= code <= last for code, (first, last) in pairs)


def entries(
    lanes: Iterable[Lane], home: str
) -> Iterator[tuple[tuple[PlaceShape, PlaceShape], RankedLane]]:
    """Yield each lane with its shapes; one that holds both ways in each direction."""
    for lane in lanes:
        one, two = lane.place_from, lane.place_to
        shapes, spans = (shape(one, home), shape(two, home)), (ends(one), ends(two))
        entry = RankedLane(lane, rank(lane), *spans)
        yield shapes, entry
        if lane.both_ways and (shapes[0], spans[0]) != (shapes[1], spans[1]):
            yield (shapes[1], shapes[0]), RankedLane(lane, entry.rank, spans[1], spans[0])


def collisions(lanes: Iterable[Lane], home: str) -> Iterator[tuple[Lane, Lane]]:
    """Yield pairs of lanes of one shape and rank that hold for the same places."""
    groups: dict[object, dict[Span, list[RankedLane]]] = defaultdict(lambda: defaultdict(list))
    for shapes, entry in entries(lanes, home):
        groups[shapes, entry.rank][entry.origins].append(entry)
    for by_origin in groups.values():
        for rivals in _rivals(by_origin):
            yield from _overlaps(rivals)


def _rivals(by_origin: dict[Span, list[RankedLane]]) -> Iterator[list[RankedLane]]:
    """Yield the entries of each origin, then those of each two origins that overlap."""
    spans = sorted(by_origin)
    for number, (first, last) in enumerate(spans):
        yield by_origin[first, last]
        for other in spans[number + 1 :]:
            if other[0] > last:
                break
            yield [*by_origin[first, last], *by_origin[other]]


def _overlaps(rivals: list[RankedLane]) -> Iterator[tuple[Lane, Lane]]:
    ordered = sorted(rivals, key=lambda entry: entry.destinations)
    widest = ordered[0]
    for entry in ordered[1:]:
        if entry.destinations[0] <= widest.destinations[1] and entry.lane is not widest.lane:
            yield widest.lane, entry.lane
        if entry.destinations[1] > widest.destinations[1]:
            widest = entry
