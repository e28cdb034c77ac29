"""Names: a misspelt matter, person or class would bill the wrong work, or at the wrong rate."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from billhook.kernel.diagnostics import Diagnostic, Severity, did_you_mean
from billhook.kernel.origin import Origin
from billhook_legal.rating.engagement import Engagement
from billhook_legal.records import Expense, TimeEntry, Work
from billhook_legal.settings import HourlyRate, Matter, Timekeeper


def unknown_names(
    engagement: Engagement, entries: Iterable[TimeEntry], expenses: Iterable[Expense]
) -> Iterator[Diagnostic]:
    """Yield a finding for each name that the settings do not list; an empty list allows all."""
    entries = tuple(entries)
    yield from _twins("timekeeper", engagement.settings.timekeepers)
    yield from _twins("matter", engagement.settings.matters)
    yield from _matters_billed(engagement)
    yield from _matters_of((*entries, *expenses), engagement)
    yield from _timekeepers_of(entries, engagement)
    for rate in engagement.settings.rates:
        yield from _of_rate(rate, engagement)


def _twins(word: str, listed: Iterable[Timekeeper | Matter]) -> Iterator[Diagnostic]:
    first: dict[str, Timekeeper | Matter] = {}
    for each in listed:
        twin = first.setdefault(each.id, each)
        if twin is not each:
            message = f"{word} {each.id!r} appears here and at {twin.origin}"
            hint = "give one of them an id of its own, or remove it"
            yield Diagnostic("LGL110", message, Severity.ERROR, each.origin, "id", hint)


def _matters_billed(engagement: Engagement) -> Iterator[Diagnostic]:
    settings, job = engagement.settings, engagement.job
    origin = settings.origin if settings.bill else job.origin
    for name in engagement.billed:
        if engagement.matters and name not in engagement.matters:
            yield _report_unlisted(
                "LGL104", "the job bills matter", name, engagement.matters, origin
            )


def _matters_of(works: Iterable[Work], engagement: Engagement) -> Iterator[Diagnostic]:
    known = engagement.matters
    for work in works:
        name = engagement.matter_of(work)
        if not name:
            message = f"the record names no matter, and the job bills {len(engagement.billed)}"
            hint = f"name one of {', '.join(engagement.billed)}"
            yield Diagnostic("LGL106", message, Severity.ERROR, work.origin, "matter", hint)
        elif known and name not in known and name not in engagement.billed:
            yield _report_unlisted(
                "LGL105",
                "no job can bill matter",
                name,
                known,
                work.origin,
                "matter",
                Severity.WARNING,
            )


def _timekeepers_of(entries: Iterable[TimeEntry], engagement: Engagement) -> Iterator[Diagnostic]:
    known = engagement.people
    for entry in entries:
        name = entry.timekeeper
        ours = engagement.matter_of(entry) in engagement.billed and engagement.in_period(entry)
        if ours and known and name not in known:
            yield _report_unlisted(
                "LGL107", "the entry is by timekeeper", name, known, entry.origin, "timekeeper"
            )


def _of_rate(rate: HourlyRate, engagement: Engagement) -> Iterator[Diagnostic]:
    people = engagement.people
    classes = {person.classification for person in people.values() if person.classification}
    lists: tuple[tuple[str, str, Collection[str]], ...] = (
        ("matter", rate.matter, engagement.matters),
        ("timekeeper", rate.timekeeper, people),
        ("class", rate.classification, classes),
    )
    for word, name, known in lists:
        if name and known and name not in known:
            yield _report_unlisted("LGL108", f"a rate is for {word}", name, known, rate.origin)


def _report_unlisted(
    code: str,
    what: str,
    name: str,
    known: Collection[str],
    origin: Origin | None,
    path: str | None = None,
    severity: Severity = Severity.ERROR,
) -> Diagnostic:
    message = f"{what} {name!r}, which the settings do not list"
    return Diagnostic(code, message, severity, origin, path, did_you_mean(name, known))
