"""Versions of a tariff: which is in force on which days, and how use is divided among them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

import attrs
from billhook import Diagnostic, Figure, Period, did_you_mean, given, overlaps, rounded, shares

from billhook_utility.account import count_of_days
from billhook_utility.settings import Point
from billhook_utility.tariffs import Tariff

DAY = dt.timedelta(days=1)


@attrs.frozen
class Stretch:
    """Days on which one version of a tariff is in force."""

    tariff: Tariff
    first: dt.date
    last: dt.date

    @property
    def days(self) -> int:
        """Number of days."""
        return count_of_days(self.first, self.last)


def stretches(
    point: Point, tariffs: Iterable[Tariff], first: dt.date, last: dt.date
) -> tuple[list[Stretch], list[Diagnostic]]:
    """Return the days of a point by the version in force, and what is wrong with the versions."""
    versions = sorted(
        (tariff for tariff in tariffs if tariff.name == point.tariff),
        key=lambda tariff: tariff.since or dt.date.min,
    )
    if not versions:
        return [], [_unknown(point, tariffs)]
    found = [stretch for tariff in versions for stretch in _within(tariff, first, last)]
    faults = [*_overlapping(versions), *_gaps(point, found, first, last), *_units(versions)]
    return found, faults


def _within(tariff: Tariff, first: dt.date, last: dt.date) -> Iterator[Stretch]:
    begin = max(first, tariff.since or dt.date.min)
    end = min(last, tariff.until - DAY if tariff.until else dt.date.max)
    if begin <= end:
        yield Stretch(tariff, begin, end)


def _unknown(point: Point, tariffs: Iterable[Tariff]) -> Diagnostic:
    names = {tariff.name for tariff in tariffs}
    message = f"point {point.id!r} has the tariff {point.tariff!r}, which is not there"
    hint = did_you_mean(point.tariff, names)
    return Diagnostic("UTL105", message, origin=point.origin, path="tariff", hint=hint)


def _overlapping(versions: Sequence[Tariff]) -> Iterator[Diagnostic]:
    for one, two in overlaps(tariff.dated for tariff in versions):
        message = (
            f"two versions of {two.value.name!r} are in force from {two.since or 'always before'}"
        )
        hint = f"end the earlier one ({one.value.origin}) with until, its first day out of force"
        yield Diagnostic("UTL106", message, origin=two.value.origin, path="since", hint=hint)


def _gaps(
    point: Point, found: Sequence[Stretch], first: dt.date, last: dt.date
) -> Iterator[Diagnostic]:
    day = first
    for stretch in (*found, None):
        end = stretch.first if stretch else last + DAY
        if day < end:
            message = f"no version of {point.tariff!r} is in force from {day} to {end - DAY}"
            yield Diagnostic("UTL105", message, origin=point.origin, path="tariff")
        day = max(day, stretch.last + DAY) if stretch else day


def _units(versions: Sequence[Tariff]) -> Iterator[Diagnostic]:
    for tariff in versions:
        if tariff.unit != versions[0].unit:
            message = f"one version of {tariff.name!r} bills {versions[0].unit}, one {tariff.unit}"
            yield Diagnostic("UTL108", message, origin=tariff.origin, path="unit")


def divided(
    usage: Figure, days: Period, found: Sequence[Stretch]
) -> Iterator[tuple[Stretch, Figure]]:
    """Yield the part of a use that falls on each stretch, by its days."""
    touched = [
        (stretch, count_of_days(max(days.first, stretch.first), min(days.last, stretch.last)))
        for stretch in found
        if stretch.first <= days.last and days.first <= stretch.last
    ]
    if len(touched) == 1:
        yield touched[0][0], usage
        return
    weights = [given(count, "d", "utility.days") for _stretch, count in touched]
    step = grid(usage, max((stretch.tariff.step for stretch, _count in touched)))
    parts = shares(usage, weights, step, "utility.usage.apportioned")
    yield from zip((stretch for stretch, _count in touched), parts, strict=True)


def grid(usage: Figure, step: Decimal) -> Decimal:
    """Return the step, or a finer one that the use is a multiple of."""
    if rounded(usage, step, "utility.usage.apportioned").value == usage.value:
        return step
    exponent = usage.value.as_tuple().exponent
    return Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
