"""Hours billed: minutes on the agreed increments, entry by entry or day by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from billhook.kernel.figure import Figure, given, greatest, ratio, rounded, shares, times, total
from billhook.kernel.money import EXACT, Mode, round_to
from billhook_legal.rating.duration import MINUTES_PER_HOUR, minutes_of, worked
from billhook_legal.rating.engagement import Engagement
from billhook_legal.records import TimeEntry
from billhook_legal.settings import LegalSettings

MODES = {"up": Mode.UP, "nearest": Mode.HALF_UP, "down": Mode.DOWN}
SHOWN_RULE = "legal.hours.shown"
SHOWN = Decimal("0.0001")
"""Grid of hours in print when the exact hours do not end: ten minutes are 0.1667 h."""


def billed_minutes(entries: Iterable[TimeEntry], engagement: Engagement) -> dict[str, Figure]:
    """Return the minutes to bill of each entry, by its key.

    Day by day, the entries of all matters have to be given when the scope is a timekeeper's whole
    day: the day is rounded once, and each matter's bill takes the units of its own entries.
    """
    settings = engagement.settings
    if settings.scope == "entry" or not settings.increment:
        return {entry.key: _rounded(minutes_of([worked(entry)]), settings) for entry in entries}
    return {
        key: minutes
        for day in _days(entries, engagement)
        for key, minutes in _allotted(day, settings)
    }


def hours_of(minutes: Figure) -> Figure:
    """Return minutes as hours."""
    return ratio(minutes, MINUTES_PER_HOUR, "legal.hours.billed", unit="h")


def ends(hours: Figure, minutes: Figure) -> bool:
    """Return whether hours are exactly their minutes: a tenth is, a third is not."""
    if hours.fraction is not None:
        return False
    return EXACT.multiply(hours.value, MINUTES_PER_HOUR.value) == minutes.value


def shown(hours: Figure, minutes: Figure) -> Figure:
    """Return hours fit for print; the fee is never made of rounded ones."""
    return hours if ends(hours, minutes) else rounded(hours, SHOWN, SHOWN_RULE)


def hours_together(printed: Iterable[Figure]) -> Figure:
    """Return the sum of hours, of the exact ones behind those in print: 50, 50 and 20 min are 2 h.

    Documents of before have 60 digits of hours that do not end, so the sum is rounded like these.
    """
    exact = [each.inputs[0] if each.rule == SHOWN_RULE else each for each in printed]
    whole = total(exact, "legal.summary.hours", "h")
    if whole.fraction is None and round_to(whole.value, SHOWN) == whole.value:
        return whole
    return rounded(whole, SHOWN, SHOWN_RULE)


def _rounded(minutes: Figure, settings: LegalSettings) -> Figure:
    if not settings.increment:
        return minutes
    mode = MODES[settings.direction]
    units = rounded(minutes, settings.increment, "legal.minutes.increment", mode)
    if not settings.minimum or not minutes.value:
        return units
    count = given(settings.minimum, "1", "legal.minimum.units", settings.origin)
    each = given(settings.increment, "min", "legal.minimum.increment", settings.origin)
    return greatest((units, times(count, each, "legal.minimum")), "legal.minutes.at-least")


def _days(entries: Iterable[TimeEntry], engagement: Engagement) -> Iterator[list[TimeEntry]]:
    """Yield the entries that are rounded together, in the order of their keys."""
    apart = engagement.settings.scope == "timekeeper-matter-day"
    days: dict[tuple[str, str, dt.date], list[TimeEntry]] = {}
    for entry in sorted(entries, key=lambda entry: entry.key):
        matter = engagement.matter_of(entry) if apart else ""
        days.setdefault((entry.timekeeper, matter, entry.date), []).append(entry)
    yield from days.values()


def _allotted(day: Sequence[TimeEntry], settings: LegalSettings) -> Iterator[tuple[str, Figure]]:
    each = [worked(entry) for entry in day]
    whole = _rounded(minutes_of(each), settings)
    weights = [minutes_of([figure]) for figure in each]
    if len(day) == 1 or not any(weight.value for weight in weights):
        yield from ((entry.key, _rounded(own, settings)) for entry, own in _pairs(day, weights))
        return
    parts = shares(whole, weights, settings.increment, "legal.minutes.allotted")
    yield from ((entry.key, part) for entry, part in _pairs(day, parts))


def _pairs(
    day: Sequence[TimeEntry], figures: Sequence[Figure]
) -> Iterator[tuple[TimeEntry, Figure]]:
    return zip(day, figures, strict=True)
