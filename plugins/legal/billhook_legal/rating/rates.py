"""Rates: which one is in force for a piece of work on its day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import cached_property

import attrs

from billhook.kernel.diagnostics import Diagnostic, Severity
from billhook.kernel.figure import Figure, given
from billhook.kernel.text import in_force, overlaps
from billhook_legal.rating.engagement import Engagement
from billhook_legal.records import TimeEntry
from billhook_legal.settings import HourlyRate

SCOPES = ("matter", "client", "")
SELECTORS = ("activity", "task", "timekeeper", "classification", "")
FOR, IN_FORCE = "legal.rate.for", "legal.rate.days"
"""Begin the ids of the phrases that say what a rate is agreed for, and when it is in force."""

WORDS = {"classification": "class"}


@attrs.frozen
class Level:
    """One step of the search: a scope with a selector, each with what it names.

    Attributes:
        scope: ``matter``, ``client``, or nothing for the firm's general rates.
        place: The matter's or client's id.
        selector: ``activity``, ``task``, ``timekeeper``, ``classification``, or nothing for all.
        who: What the selector names.
    """

    scope: str
    place: str
    selector: str
    who: str

    def __str__(self) -> str:
        parts = [f"{WORDS.get(each, each)} {name}" for each, name in self._list_names() if each]
        return " and ".join(parts) or "everyone"

    def _list_names(self) -> Iterator[tuple[str, str]]:
        yield self.scope, self.place
        yield self.selector, self.who


@attrs.define(frozen=True, slots=False)
class RateBook:
    """The rates of an engagement, by level."""

    engagement: Engagement

    @cached_property
    def levels(self) -> dict[Level, list[HourlyRate]]:
        """The rates of each level, in the order of the settings."""
        levels: dict[Level, list[HourlyRate]] = {}
        for rate in self.engagement.settings.rates:
            levels.setdefault(level_of(rate), []).append(rate)
        return levels

    def figure(self, entry: TimeEntry) -> Figure | None:
        """Return the hourly rate of an entry on the day of the work, or nothing."""
        unit = f"{self.engagement.job.currency}/h"
        if entry.rate is not None:
            reason = entry.rate_reason
            return given(entry.rate, unit, "legal.rate.own", entry.origin, reason=reason)
        for level in self.search(entry):
            for found in in_force((rate.dated for rate in self.levels.get(level, ())), entry.date):
                own = found.value.currency
                return _figure(found.value, level, f"{own}/h" if own else unit)
        return None

    def search(self, entry: TimeEntry) -> Iterator[Level]:
        """Yield the levels that may have a rate for an entry, the most special first."""
        matter = self.engagement.matter_of(entry)
        places = {"matter": matter, "client": self.engagement.client_of(matter), "": ""}
        names = {
            "activity": entry.activity,
            "task": entry.task,
            "timekeeper": entry.timekeeper,
            "classification": self.engagement.person(entry.timekeeper).classification,
        }
        for scope in SCOPES:
            for selector in SELECTORS:
                who = names.get(selector, "")
                if bool(scope) == bool(places[scope]) and bool(selector) == bool(who):
                    yield Level(scope, places[scope], selector, who)

    def overlapping(self) -> Iterator[Diagnostic]:
        """Yield an error for each two rates of one level that are in force on the same day."""
        for level, rates in self.levels.items():
            for one, two in overlaps(rate.dated for rate in rates):
                message = (
                    f"two rates for {level} overlap: {one.value.per_hour} is in force "
                    f"{_days(one.value)}, {two.value.per_hour} {_days(two.value)}"
                )
                hint = "end the earlier rate with until = the first day of the later one"
                yield Diagnostic("LGL102", message, origin=two.value.origin, hint=hint)

    def missing(self, entries: Iterable[TimeEntry]) -> Iterator[Diagnostic]:
        """Yield an error for each timekeeper and matter without a rate."""
        groups: dict[tuple[str, str], list[TimeEntry]] = {}
        for entry in entries:
            key = (entry.timekeeper, self.engagement.matter_of(entry))
            groups.setdefault(key, []).append(entry)
        for (timekeeper, _), found in groups.items():
            first = min(found, key=lambda entry: (entry.date, entry.key))
            more = f" (and for {len(found) - 1} more entries)" if len(found) > 1 else ""
            tried = ", ".join(str(level) for level in self.search(first))
            message = f"no hourly rate for {timekeeper} on {first.date}{more}; tried {tried}"
            yield Diagnostic(
                "LGL101", message, origin=first.origin, path="timekeeper", hint=self._hint(first)
            )

    def gaps(self, entries: Iterable[TimeEntry]) -> Iterator[Diagnostic]:
        """Yield a warning for each level whose rates leave out days that were worked on."""
        passed: dict[Level, list[TimeEntry]] = {}
        for entry in entries:
            for level in self._gap_levels(entry):
                passed.setdefault(level, []).append(entry)
        for level, found in passed.items():
            first = min(found, key=lambda entry: (entry.date, entry.key))
            more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
            message = (
                f"the work of {first.timekeeper} on {first.date}{more} falls in a gap of "
                f"the rates for {level}; a more general rate was used"
            )
            hint = "end the earlier rate with until = the first day of the later one"
            yield Diagnostic(
                "LGL207", message, Severity.WARNING, first.origin, path="date", hint=hint
            )

    def _gap_levels(self, entry: TimeEntry) -> Iterator[Level]:
        """Yield the levels that have rates before and after an entry's day, and none on it."""
        if entry.rate is not None:
            return
        for level in self.search(entry):
            rates = self.levels.get(level, ())
            if any(rate.dated.covers(entry.date) for rate in rates):
                return
            before = any(rate.until is not None and rate.until <= entry.date for rate in rates)
            if before and any(rate.since is not None and rate.since > entry.date for rate in rates):
                yield level

    def _hint(self, entry: TimeEntry) -> str:
        for level in self.search(entry):
            for rate in self.levels.get(level, ()):
                return f"the rate for {level} is in force {_days(rate)}"
        return f'add [[legal.rates]] with timekeeper = "{entry.timekeeper}" and per_hour'


def level_of(rate: HourlyRate) -> Level:
    """Return the level that a rate is agreed at."""
    scope = next((each for each in SCOPES if each and getattr(rate, each)), "")
    selector = next((each for each in SELECTORS if each and getattr(rate, each)), "")
    return Level(
        scope,
        getattr(rate, scope) if scope else "",
        selector,
        getattr(rate, selector) if selector else "",
    )


def _figure(rate: HourlyRate, level: Level, unit: str) -> Figure:
    params = {**_agreed_for(level), **_in_force(rate)}
    if rate.reason:
        return given(
            rate.per_hour, unit, "legal.rate.reasoned", rate.origin, reason=rate.reason, **params
        )
    return given(rate.per_hour, unit, "legal.rate", rate.origin, **params)


def _agreed_for(level: Level) -> dict[str, str]:
    """Return what a rate is agreed for, as phrases of the catalogue and what they name."""
    scope, selector = (f"{FOR}.{each}" if each else "" for each in (level.scope, level.selector))
    both = {"scope": scope, "selector": selector} if scope and selector else {}
    whole = FOR if both else scope or selector or f"{FOR}.everyone"
    named = {"agreed_for": whole, "place": level.place, "who": level.who, **both}
    return {name: text for name, text in named.items() if text}


def _in_force(rate: HourlyRate) -> dict[str, str]:
    """Return when a rate is in force, as a phrase of the catalogue and its days."""
    until = rate.until and rate.until - dt.timedelta(days=1)
    days = {"since": rate.since, "until": until}
    found = {name: day.isoformat() for name, day in days.items() if day}
    return {"days": f"{IN_FORCE}.{'-'.join(found) or 'always'}", **found}


def _days(rate: HourlyRate) -> str:
    if rate.since is None and rate.until is None:
        return "at all times"
    since = f"from {rate.since}" if rate.since else ""
    until = f"to {rate.until - dt.timedelta(days=1)}" if rate.until else ""
    return " ".join(part for part in (since, until) if part)
