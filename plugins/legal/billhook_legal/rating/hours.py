"""Hours billed: minutes on the agreed increments, entry by entry or day by day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import attrs

from billhook.kernel.figure import (
    Figure,
    given,
    greatest,
    less,
    ratio,
    rounded,
    shares,
    times,
    total,
)
from billhook.kernel.money import EXACT, Mode, round_to
from billhook.model.document import History
from billhook_legal.rating.duration import MINUTES_PER_HOUR, minutes_of, seconds_of, worked
from billhook_legal.rating.engagement import Engagement
from billhook_legal.records import TimeEntry
from billhook_legal.settings import LegalSettings

MODES = {"up": Mode.UP, "nearest": Mode.HALF_UP, "down": Mode.DOWN}
SHOWN_RULE = "legal.hours.shown"
SHOWN = Decimal("0.0001")
"""Grid of hours in print when the exact hours do not end: ten minutes are 0.1667 h."""


def billed_minutes(
    entries: Iterable[TimeEntry],
    engagement: Engagement,
    billed: Iterable[TimeEntry] = (),
    history: History | None = None,
) -> dict[str, Figure]:
    """Return the minutes to bill of each entry, by its key.

    Day by day, the entries of all matters have to be given when the scope is a timekeeper's whole
    day: the day is rounded once, and each matter's bill takes the units of its own entries.  Of a
    day of which something was billed before, the difference is billed.

    Args:
        entries: The entries that are not billed yet.
        engagement: The job with its settings.
        billed: The entries of the job's sources that are billed already.
        history: What was counted before.
    """
    settings = engagement.settings
    if not by_day(settings):
        return {
            entry.key: _round_minutes(minutes_of([worked(entry)]), settings) for entry in entries
        }
    before = _by_day(billed, engagement)
    return {
        key: minutes
        for day, fresh in _by_day(entries, engagement).items()
        for key, minutes in _Day(day, fresh, before.get(day, []), engagement, history or History())
        .allot()
        .items()
    }


def by_day(settings: LegalSettings) -> bool:
    """Return whether the sum of a day is rounded, and not each entry."""
    return settings.scope != "entry" and bool(settings.increment)


def counts_of(entry: TimeEntry, minutes: Figure, engagement: Engagement) -> Mapping[str, Figure]:
    """Return what an entry's charge counts: the day's time worked, and its units billed."""
    if not by_day(engagement.settings):
        return {}
    day = _key(entry, engagement)
    return {
        f"legal.units:{day}": minutes,
        f"legal.worked:{day}": seconds_of([worked(entry)]),
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


def _round_minutes(minutes: Figure, settings: LegalSettings) -> Figure:
    if not settings.increment:
        return minutes
    mode = MODES[settings.direction]
    units = rounded(minutes, settings.increment, "legal.minutes.increment", mode)
    if not settings.minimum or not minutes.value:
        return units
    count = given(settings.minimum, "1", "legal.minimum.units", settings.origin)
    each = given(settings.increment, "min", "legal.minimum.increment", settings.origin)
    return greatest((units, times(count, each, "legal.minimum")), "legal.minutes.at-least")


def _by_day(entries: Iterable[TimeEntry], engagement: Engagement) -> dict[str, list[TimeEntry]]:
    """Return the entries that are rounded together, in the order of their keys."""
    days: dict[str, list[TimeEntry]] = {}
    for entry in sorted(entries, key=lambda entry: entry.key):
        days.setdefault(_key(entry, engagement), []).append(entry)
    return days


def _key(entry: TimeEntry, engagement: Engagement) -> str:
    """Return the name of the day that an entry is rounded with."""
    if engagement.settings.scope == "timekeeper-matter-day":
        return f"{entry.timekeeper}:{engagement.matter_of(entry)}:{entry.date}"
    return f"{entry.timekeeper}:{entry.date}"


@attrs.frozen
class _Day:
    """The time of one timekeeper on one day, on one matter or on all.

    Attributes:
        name: Its name in accumulators.
        fresh: The entries that are not billed yet.
        billed: Those of the job's sources that are.
        engagement: The job with its settings.
        history: What was counted before.
    """

    name: str
    fresh: Sequence[TimeEntry]
    billed: Sequence[TimeEntry]
    engagement: Engagement
    history: History

    def allot(self) -> dict[str, Figure]:
        """Return the minutes to bill of each fresh entry, by its key."""
        settings = self.engagement.settings
        weights = [self._weight(entry) for entry in self.fresh]
        before = self._worked_before()
        if not before.value and len(self.fresh) == 1:
            return {self.fresh[0].key: _round_minutes(weights[0], settings)}
        if not any(weight.value for weight in weights):
            return {entry.key: weight for entry, weight in zip(self.fresh, weights, strict=True)}
        left = self._remaining_units(before)
        parts = shares(left, weights, settings.increment, "legal.minutes.allotted")
        return {entry.key: part for entry, part in zip(self.fresh, parts, strict=True)}

    def _weight(self, entry: TimeEntry) -> Figure:
        """Return the minutes of an entry; of another matter's without their place."""
        minutes = minutes_of([worked(entry)])
        if self._is_own(entry):
            return minutes
        return given(minutes.value, "min", "legal.minutes.elsewhere")

    def _remaining_units(self, before: Figure) -> Figure:
        """Return the units of the whole day, less those that are billed."""
        settings = self.engagement.settings
        own = [entry for entry in self.fresh if self._is_own(entry)]
        others = [entry for entry in self.fresh if not self._is_own(entry)]
        worked_ = [worked(entry) for entry in own]
        if others:
            seconds = seconds_of([worked(entry) for entry in others])
            worked_.append(given(seconds.value, "s", "legal.seconds.elsewhere"))
        if not before.value:
            return _round_minutes(minutes_of(worked_), settings)
        whole = _round_minutes(minutes_of([*worked_, before]), settings)
        billed = self._units_before(before)
        none = given(0, "min", "core.zero")
        return greatest((less(whole, billed, rule="legal.units.left"), none), "legal.units.open")

    def _units_before(self, before: Figure) -> Figure:
        """Return the units of the day that are on bills.

        Where entries are billed that no bill counts, for their bill was credited and they are not
        to be billed again, or is older than counting, their time on the increment counts.
        Of a split bill of which one payer's part was credited, a part of a unit counts as a unit.
        """
        counted = self.history.count(f"legal.units:{self.name}", "min", "legal.units.counted")
        increment = self.engagement.settings.increment
        if round_to(counted.value, increment) != counted.value:
            counted = rounded(counted, increment, "legal.minutes.increment", Mode.UP)
        if before.rule == "legal.worked.counted":
            return counted
        units = _round_minutes(minutes_of([before]), self.engagement.settings)
        return greatest((counted, units), "legal.units.billed")

    def _worked_before(self) -> Figure:
        """Return the seconds of the day that are on bills.

        What was counted has the entries that the sources have no more; the entries that are there
        have those whose bill was credited, and that are not to be billed again.
        """
        counted = self.history.count(f"legal.worked:{self.name}", "s", "legal.worked.counted")
        if not self.billed:
            return counted
        seconds = seconds_of([worked(entry) for entry in self.billed])
        if seconds.value <= counted.value:
            return counted
        return given(seconds.value, "s", "legal.worked.there")

    def _is_own(self, entry: TimeEntry) -> bool:
        """Return whether an entry is of a matter of the job: a bill names no other's."""
        return self.engagement.matter_of(entry) in self.engagement.billed
