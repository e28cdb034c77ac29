"""Time worked: from what the record says to minutes, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from billhook.kernel.figure import Figure, given, ratio, rounded, times, total
from billhook_legal.records import DURATION, TimeEntry

MINUTES_PER_HOUR = given(60, "min/h", "legal.minutes.per-hour")
SECONDS_PER_MINUTE = given(60, "s/min", "legal.seconds.per-minute")
TYPED_DECIMALS = 4
"""Hours with more decimals were computed: a third is 0.333333333, which is not quite 20 minutes."""
COMPUTED_STEP = Decimal("0.001")
"""Minutes of computed hours are rounded to this, so that the increment sees 20 and not 20.00001."""


def worked(entry: TimeEntry) -> Figure:
    """Return the time of an entry, in minutes, or in seconds when the record counts them."""
    if entry.minutes is not None:
        return given(entry.minutes, "min", "legal.minutes.recorded", entry.origin)
    if entry.hours is not None:
        hours = given(entry.hours, "h", "legal.hours.recorded", entry.origin)
        minutes = times(hours, MINUTES_PER_HOUR, "legal.minutes.worked")
        exponent = entry.hours.as_tuple().exponent
        if isinstance(exponent, int) and exponent < -TYPED_DECIMALS:
            return rounded(minutes, COMPUTED_STEP, "legal.minutes.computed")
        return minutes
    return _from_duration(entry)


def minutes_of(figures: Sequence[Figure]) -> Figure:
    """Return times together as minutes.

    Seconds are summed before they are divided, because a sixtieth of one may not end.
    """
    if all(figure.unit == "min" for figure in figures):
        return figures[0] if len(figures) == 1 else total(figures, "legal.minutes.day")
    return ratio(seconds_of(figures), SECONDS_PER_MINUTE, "legal.minutes.worked", unit="min")


def seconds_of(figures: Sequence[Figure]) -> Figure:
    """Return times together as seconds: exact, whatever the records counted."""
    seconds = [_seconds(figure) for figure in figures]
    return seconds[0] if len(seconds) == 1 else total(seconds, "legal.seconds.day")


def _seconds(figure: Figure) -> Figure:
    if figure.unit == "s":
        return figure
    return times(figure, SECONDS_PER_MINUTE, "legal.seconds.worked")


def _from_duration(entry: TimeEntry) -> Figure:
    match = DURATION.fullmatch(entry.duration)
    if match is None:
        raise ValueError(f"{entry.duration!r} is not a duration")
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    whole = hours * 60 + minutes
    if not seconds:
        return given(Decimal(whole), "min", "legal.minutes.recorded", entry.origin)
    return given(Decimal(whole * 60 + seconds), "s", "legal.seconds.recorded", entry.origin)
