"""Rating: from time entries and expenses to charges; every record is billed or skipped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs

from billhook.kernel.diagnostics import Findings
from billhook.kernel.figure import Figure
from billhook.kernel.text import Label, labels
from billhook.model.charge import Charge, Rating, Skip
from billhook.model.document import History
from billhook.model.job import Job
from billhook.model.record import Records
from billhook_legal.details import LegalState
from billhook_legal.rating.engagement import Engagement
from billhook_legal.rating.expenses import expense_charge
from billhook_legal.rating.fees import excess, fee_charge
from billhook_legal.rating.grouping import place
from billhook_legal.rating.hours import billed_minutes
from billhook_legal.rating.rates import RateBook
from billhook_legal.records import Expense, TimeEntry, Work
from billhook_legal.settings import LegalSettings
from billhook_legal.validation.references import unknown_names
from billhook_legal.validation.timesheet import review_timesheet

_ = labels("billhook_legal")


def rate(job: Job, records: Records, history: History) -> Rating | None:
    """Return the charges of a job's time and expenses; nothing when it has neither."""
    entries, expenses = records.of(TimeEntry), records.of(Expense)
    if not entries and not expenses:
        return None
    engagement = Engagement(job, job.settings(LegalSettings))
    findings = Findings(unknown_names(engagement, entries, expenses))
    findings.extend(review_timesheet(engagement, entries))
    billed, skipped = _sift((*entries, *expenses), engagement)
    known = [each.record for each in records.billed(TimeEntry)]
    open_ = [each for each in entries if each.billable != "no"]
    minutes = billed_minutes(open_, engagement, known, history)
    charges = tuple(_charges(billed, minutes, engagement, findings))
    return Rating(
        charges=charges,
        skipped=skipped,
        state=_state(billed, engagement),
        findings=tuple(findings),
    )


def _sift(works: Iterable[Work], engagement: Engagement) -> tuple[list[Work], tuple[Skip, ...]]:
    billed: list[Work] = []
    skipped: list[Skip] = []
    for work in works:
        reason = _not_billed(work, engagement)
        if reason is None:
            billed.append(work)
        else:
            own = engagement.matter_of(work) in engagement.billed
            skipped.append(Skip(work.key, reason, work.origin, own=own))
    return sorted(billed, key=lambda work: place(work, engagement)), tuple(skipped)


def _not_billed(work: Work, engagement: Engagement) -> Label | None:
    matter = engagement.matter_of(work)
    if matter not in engagement.billed:
        return _("matter {matter} is not billed here", matter=matter)
    if not engagement.in_period(work):
        return _("{date} is outside the period billed", date=work.date)
    if work.billable == "no":
        return _("marked as not billable")
    return None


def _charges(
    billed: Sequence[Work],
    minutes: Mapping[str, Figure],
    engagement: Engagement,
    findings: Findings,
) -> Iterator[Charge]:
    book = RateBook(engagement)
    findings.extend(book.overlapping())
    unrated: list[TimeEntry] = []
    rated: list[TimeEntry] = []
    for work in billed:
        if isinstance(work, Expense):
            yield expense_charge(work, engagement)
            continue
        hourly = book.figure(work)
        if hourly is None:
            unrated.append(work)
            continue
        rated.append(work)
        charge = fee_charge(work, minutes[work.key], hourly, engagement)
        findings.extend(filter(None, [excess(work, minutes[work.key], charge)]))
        yield charge
    findings.extend(book.missing(unrated))
    findings.extend(book.gaps(rated))


def _state(billed: Iterable[Work], engagement: Engagement) -> LegalState:
    seen = {work.timekeeper for work in billed if isinstance(work, TimeEntry)}
    listed = [person for person in engagement.settings.timekeepers if person.id in seen]
    others = sorted(seen - {person.id for person in listed})
    people = (*listed, *(engagement.person(name) for name in others))
    matters = (engagement.matter(name) for name in engagement.billed)
    return LegalState(
        matters=tuple(attrs.evolve(matter, origin=None) for matter in matters),
        timekeepers=tuple(attrs.evolve(person, origin=None) for person in people),
        charts=engagement.settings.charts,
        tasks=engagement.settings.tasks,
    )
