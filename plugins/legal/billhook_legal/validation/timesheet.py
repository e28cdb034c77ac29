"""The timesheet as a whole, over all matters: days that are too long, and work entered twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal

from billhook.kernel.diagnostics import Diagnostic, Severity
from billhook.kernel.money import round_to
from billhook_legal.rating.duration import minutes_of, worked
from billhook_legal.rating.engagement import Engagement
from billhook_legal.rating.hours import hours_of
from billhook_legal.records import TimeEntry

HOURS_OF_A_DAY = 24
HUNDREDTH = Decimal("0.01")


def review_timesheet(engagement: Engagement, entries: Iterable[TimeEntry]) -> Iterator[Diagnostic]:
    """Yield what looks wrong with entries of the period, whatever matter they belong to."""
    days: dict[tuple[dt.date, str], list[TimeEntry]] = {}
    for entry in entries:
        if engagement.in_period(entry):
            days.setdefault((entry.date, entry.timekeeper), []).append(entry)
    for _, day in sorted(days.items()):
        ordered = sorted(day, key=_reading_order)
        yield from _too_long(engagement, ordered)
        yield from _twice(engagement, ordered)


def _too_long(engagement: Engagement, day: list[TimeEntry]) -> Iterator[Diagnostic]:
    longest = max(day, key=_hours)
    hours = hours_of(minutes_of([worked(entry) for entry in day])).value
    shown = round_to(hours, HUNDREDTH)
    message = f"{longest.timekeeper} has {shown} h on {longest.date}, over {len(day)} entries"
    if hours > HOURS_OF_A_DAY:
        message = f"{message}: a day has {HOURS_OF_A_DAY}"
        hint = "look for a wrong date, or for hours entered as minutes"
        yield Diagnostic("LGL109", message, Severity.ERROR, longest.origin, hint=hint)
    elif hours > engagement.settings.long_day:
        hint = "clients question such days; check the dates and the times"
        yield Diagnostic("LGL201", message, Severity.WARNING, longest.origin, hint=hint)


def _reading_order(entry: TimeEntry) -> tuple[str, int, str]:
    return entry.origin.file, entry.origin.line or 0, entry.key


def _hours(entry: TimeEntry) -> Decimal:
    return hours_of(minutes_of([worked(entry)])).value


def _twice(engagement: Engagement, day: list[TimeEntry]) -> Iterator[Diagnostic]:
    seen: dict[str, TimeEntry] = {}
    for entry in day:
        if entry.billable == "no":
            continue
        twin = seen.setdefault(_plain(entry.narrative), entry)
        ours = {engagement.matter_of(each) for each in (entry, twin)} & {*engagement.billed}
        if twin is not entry and ours:
            message = (
                f"{entry.timekeeper} has the same work on {entry.date} here and at {twin.origin}"
            )
            hint = "remove one, or say in each narrative what was different"
            yield Diagnostic("LGL202", message, Severity.WARNING, entry.origin, hint=hint)


def _plain(narrative: str) -> str:
    words = "".join(char if char.isalnum() else " " for char in narrative.casefold())
    return " ".join(words.split())
