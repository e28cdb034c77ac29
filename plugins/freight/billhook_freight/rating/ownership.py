"""Ownership: the account that a shipment belongs to, and the bills of each account."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from billhook.model.job import Job
from billhook.model.owner import Owner
from billhook.model.record import Record
from billhook.model.subject import Subject
from billhook_freight.records import Shipment
from billhook_freight.settings import FreightSettings

ACCOUNT = "freight.account"


def find_owner(job: Job, record: Record) -> Owner | None:
    """Return the account of a shipment; its items go with it."""
    if not isinstance(record, Shipment):
        return None
    settings = job.settings(FreightSettings)
    day = None
    if record.delivered is not None or settings.undelivered:
        day = record.day(settings.billed_by) or record.pickup
    everybodys = not settings.account
    listed = (each.customer for each in settings.accounts if each.id == record.account)
    own = job.buyer.id if everybodys or record.account == settings.account else ""
    return Owner(
        kind=ACCOUNT,
        subject=record.account or (job.subject if everybodys else ""),
        customer=next(listed, "") or own,
        day=day,
    )


def list_subjects(job: Job, each: str) -> Iterator[Subject]:
    """Yield the accounts of the settings."""
    for account in job.settings(FreightSettings).accounts if each == ACCOUNT else ():
        yield Subject(each=each, id=account.id, customer=account.customer, locale=account.locale)


def fit(job: Job, subject: Subject) -> Job | None:
    """Return the job as it bills one account."""
    if subject.each != ACCOUNT:
        return None
    fitted = attrs.evolve(job.settings(FreightSettings), account=subject.id)
    others = (each for each in job.pockets if not isinstance(each, FreightSettings))
    return attrs.evolve(job, pockets=(*others, fitted))
