"""Metering: from two stands of a register to the use between them."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from decimal import Decimal

import attrs
from billhook import (
    Diagnostic,
    Figure,
    given,
    less,
    ratio,
    rounded,
    times,
    total,
)

from billhook_utility.account import Account, Place, count_of_days
from billhook_utility.series import NumberSeries
from billhook_utility.settings import Energy
from billhook_utility.stands import Stand

DAY = dt.timedelta(days=1)
MEGAJOULES = given(Decimal("3.6"), "MJ/kWh", "utility.gas.megajoules")


@attrs.frozen(kw_only=True)
class Span:
    """The days between two stands of a register.

    Attributes:
        place: The register.
        opened: The stand before its first day.
        closed: The stand of its last day.
        advance: What the register moved by.
        usage: The use, in the unit of the tariff.
        rolled: The register passed its highest figure.
    """

    place: Place
    opened: Stand
    closed: Stand
    advance: Figure
    usage: Figure
    rolled: bool

    @property
    def first(self) -> dt.date:
        """First day of the use."""
        return self.opened.date + DAY

    @property
    def last(self) -> dt.date:
        """Last day of the use."""
        return self.closed.date

    @property
    def days(self) -> int:
        """Number of days."""
        return count_of_days(self.first, self.last)

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of the reads that no bill has claimed yet."""
        return tuple(key for key in (self.opened.key, self.closed.key) if key)


def spans(series: NumberSeries, unit: str, account: Account) -> Iterator[Span | Diagnostic]:
    """Yield what lies between each two stands, in the unit of the tariff, or what is wrong."""
    for opened, closed in itertools.pairwise(series.stands):
        moved = advance(opened, closed, series.place.register.dials)
        if isinstance(moved, Diagnostic):
            yield moved
            return
        usage = _converted(_multiplied(moved, series.place), unit, account.settings.energy)
        if usage is None:
            yield _inconvertible(series.place, unit)
            return
        yield Span(
            place=series.place,
            opened=opened,
            closed=closed,
            advance=moved,
            usage=usage,
            rolled=moved.rule == ROLLED,
        )


ROLLED = "utility.advance.rolled"


def advance(opened: Stand, closed: Stand, dials: int | None) -> Figure | Diagnostic:
    """Return what a register moved by.

    From a read on it can only grow: a lower figure means that the register passed its highest one,
    if it moved by no more than half its range; otherwise one of the reads is wrong.  An estimate
    may have been too high, or have passed the highest figure too early: from there on the register
    moved by the smallest step that leads to the new figure, forward or back.
    """
    if opened.kind == "estimated":
        moved = less(closed.value, opened.value, rule="utility.advance.since-estimate")
        return moved if dials is None else _nearest(moved, dials)
    moved = less(closed.value, opened.value, rule="utility.advance")
    if moved.value >= 0:
        return moved
    rolled = moved if dials is None else _nearest(moved, dials)
    return rolled if rolled.value >= 0 else _backwards(opened, closed)


def _nearest(moved: Figure, dials: int) -> Figure:
    size = given(10**dials, moved.unit, "utility.advance.range", dials=str(dials))
    forward = total((moved, size), ROLLED)
    back = less(moved, size, rule="utility.advance.rolled-back")
    return min((moved, forward, back), key=lambda figure: figure.value.copy_abs())


def _backwards(opened: Stand, closed: Stand) -> Diagnostic:
    message = (
        f"meter {closed.meter!r} stood at {opened.value.value} on {opened.date} and at "
        f"{closed.value.value} on {closed.date}: it ran backwards"
    )
    hint = "look at both reads; a meter that was changed needs a read with event removed"
    return Diagnostic("UTL101", message, origin=closed.value.origin, path="value", hint=hint)


def _multiplied(moved: Figure, place: Place) -> Figure:
    register = place.register
    if register.multiplier == 1:
        return moved
    factor = given(register.multiplier, "1", "utility.meter.multiplier", register.origin)
    return times(moved, factor, "utility.usage.multiplied")


def _converted(usage: Figure, unit: str, energy: Energy | None) -> Figure | None:
    if usage.unit == unit:
        return usage
    if (usage.unit, unit) != ("m3", "kWh") or energy is None:
        return None
    correction = given(energy.correction, "1", "utility.gas.correction", energy.origin)
    calorific = given(energy.calorific, "MJ/m3", "utility.gas.calorific", energy.origin)
    volume = times(usage, correction, "utility.gas.volume")
    heat = times(volume, calorific, "utility.gas.heat")
    exact = ratio(heat, MEGAJOULES, "utility.gas.energy", "kWh")
    return rounded(exact, energy.step, "utility.gas.rounded")


def _inconvertible(place: Place, unit: str) -> Diagnostic:
    message = f"meter {place.meter.id!r} counts {place.register.unit}, its tariff bills {unit}"
    hint = "m3 become kWh by [utility.energy] with calorific and correction"
    return Diagnostic("UTL108", message, origin=place.register.origin, path="unit", hint=hint)
