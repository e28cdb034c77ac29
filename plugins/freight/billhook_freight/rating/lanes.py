"""The index of lanes: built once for a tariff, asked for every shipment."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator

import attrs

from billhook_freight.rating.geography import PlaceShape, Rank, Spot, ends, key, rank, shape
from billhook_freight.rating.tariff import Lane

Span = tuple[str, str]


@attrs.frozen(eq=False)
class RankedLane:
    """A lane in one direction, with what it is compared by."""

    lane: Lane
    rank: Rank
    origins: Span
    destinations: Span

    def covers(self, one: str, two: str) -> bool:
        """Return whether a shipment's keys lie in the lane."""
        return self.origins[0] <= one <= self.origins[1] and (
            self.destinations[0] <= two <= self.destinations[1]
        )


class _Shelf:
    """The lanes of one pair of shapes: single codes by look-up, ranges one after another."""

    def __init__(self) -> None:
        self.single: dict[Span, list[RankedLane]] = defaultdict(list)
        self.ranges: list[RankedLane] = []

    def add(self, entry: RankedLane) -> None:
        if entry.origins[0] == entry.origins[1] and entry.destinations[0] == entry.destinations[1]:
            self.single[entry.origins[0], entry.destinations[0]].append(entry)
        else:
            self.ranges.append(entry)

    def find(self, one: str, two: str) -> Iterator[RankedLane]:
        yield from self.single.get((one, two), ())
        yield from (entry for entry in self.ranges if entry.covers(one, two))


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
        if asked not in self._found:
            self._found[asked] = self._best(origin, destination)
        return self._found[asked]

    def _best(self, origin: Spot, destination: Spot) -> list[Lane]:
        fitting: dict[int, RankedLane] = {}
        for (one, two), shelf in self._shelves.items():
            keys = key(origin, one), key(destination, two)
            if keys[0] is not None and keys[1] is not None:
                fitting.update((id(e.lane), e) for e in shelf.find(keys[0], keys[1]))
        if not fitting:
            return []
        top = max(entry.rank for entry in fitting.values())
        return [entry.lane for entry in fitting.values() if entry.rank == top]

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
