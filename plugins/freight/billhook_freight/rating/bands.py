"""Bands: printed tables made half-open, so that every value lies in exactly one of them."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Generic, TypeVar

import attrs

from billhook.kernel.money import EXACT

R = TypeVar("R")


@attrs.frozen
class Printed(Generic[R]):
    """A band as a table prints it; ``high`` may be left out, included or be the next ``low``."""

    low: Decimal
    high: Decimal | None
    row: R


@attrs.frozen
class Band(Generic[R]):
    """The band ``[low, high)``; without ``high`` it is open."""

    low: Decimal
    high: Decimal | None
    row: R


@attrs.frozen
class BandGap(Generic[R]):
    """Values after ``row`` up to ``until`` lie in no band."""

    row: R
    after: Decimal
    until: Decimal


@attrs.frozen
class Overlap(Generic[R]):
    """Values lie in the bands of two rows."""

    row: R
    other: R
    at: Decimal


def faults(printed: Iterable[Printed[R]]) -> list[BandGap[R] | Overlap[R]]:
    """Return the holes and overlaps of a printed table."""
    found: list[BandGap[R] | Overlap[R]] = []
    for one, two in itertools.pairwise(_sort_bands(printed)):
        if one.low == two.low or (one.high is not None and one.high > two.low):
            found.append(Overlap(two.row, one.row, two.low))
        elif one.high is not None and two.low - one.high > _step(one.high):
            found.append(BandGap(one.row, one.high, two.low))
    return found


def compile_bands(printed: Iterable[Printed[R]]) -> tuple[Band[R], ...]:
    """Return a sound table's bands, ascending, each up to the next one's ``low``.

    The last band is open, or ends where it was printed to end: a printed 5.00–5.04 is
    ``[5.00, 5.05)``, so that 5.049 still lies in it.
    """
    ordered = _sort_bands(printed)
    if not ordered:
        return ()
    ends: list[Decimal | None] = [after.low for after in ordered[1:]]
    return tuple(
        Band(band.low, end, band.row)
        for band, end in zip(ordered, [*ends, _last_end(ordered)], strict=True)
    )


def find(bands: Sequence[Band[R]], value: Decimal) -> Band[R] | None:
    """Return the band that a value lies in."""
    at = bisect.bisect_right(bands, value, key=lambda band: band.low) - 1
    if at < 0:
        return None
    high = bands[at].high
    return bands[at] if high is None or value < high else None


def _sort_bands(printed: Iterable[Printed[R]]) -> list[Printed[R]]:
    return sorted(printed, key=lambda band: band.low)


def _last_end(ordered: Sequence[Printed[R]]) -> Decimal | None:
    last = ordered[-1]
    if last.high is None:
        return None
    open_ended = any(one.high == two.low for one, two in itertools.pairwise(ordered))
    return last.high if open_ended else EXACT.add(last.high, _step(last.high))


def _step(printed: Decimal) -> Decimal:
    """Return the smallest difference that a number with its decimals can show."""
    exponent = printed.as_tuple().exponent
    return Decimal(1).scaleb(min(0, exponent) if isinstance(exponent, int) else 0)
