"""Ownership: the matter that work belongs to, its client, and the bills of each of them."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from billhook.kernel.text import labels
from billhook.model.job import Job
from billhook.model.owner import Owner
from billhook.model.record import Record
from billhook.model.subject import Subject
from billhook_legal.records import Expense, TimeEntry
from billhook_legal.settings import LegalSettings

_ = labels("billhook_legal")

MATTER = "legal.matter"
CLIENT = "legal.client"


def find_owner(job: Job, record: Record) -> Owner | None:
    """Return the matter of time or an expense; one without a matter is of the job's only one."""
    if not isinstance(record, TimeEntry | Expense):
        return None
    settings = job.settings(LegalSettings)
    billed = settings.bill or (job.subject,)
    matter = record.matter or (billed[0] if len(billed) == 1 else "")
    clients = (each.client for each in settings.matters if each.id == matter)
    own = job.buyer.id if matter in billed else ""
    return Owner(
        kind=MATTER,
        subject=matter,
        customer=next(clients, "") or settings.client or own,
        day=record.date,
        excluded=_("marked as not billable") if record.billable == "no" else "",
    )


def list_subjects(job: Job, each: str) -> Iterator[Subject]:
    """Yield the matters of the settings, or the clients that they have."""
    settings = job.settings(LegalSettings)
    if each == MATTER:
        for matter in settings.matters:
            client = matter.client or settings.client
            yield Subject(each=each, id=matter.id, customer=client, locale=matter.locale)
    elif each == CLIENT:
        clients = (matter.client or settings.client for matter in settings.matters)
        for client in dict.fromkeys(filter(None, clients)):
            yield Subject(each=each, id=client, customer=client)


def fit(job: Job, subject: Subject) -> Job | None:
    """Return the job as it bills one matter, or all matters of one client."""
    if subject.each not in {MATTER, CLIENT}:
        return None
    settings = job.settings(LegalSettings)
    matters: tuple[str, ...] = (subject.id,)
    if subject.each == CLIENT:
        theirs = (m.id for m in settings.matters if subject.id == (m.client or settings.client))
        matters = tuple(theirs) or matters
    fitted = attrs.evolve(settings, bill=matters, client=settings.client or subject.customer)
    others = (each for each in job.pockets if not isinstance(each, LegalSettings))
    return attrs.evolve(job, pockets=(*others, fitted))
