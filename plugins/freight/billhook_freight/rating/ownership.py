"""Ownership: the account that a shipment belongs to."""

from __future__ import annotations

from billhook.model.job import Job
from billhook.model.owner import Owner
from billhook.model.record import Record
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
    return Owner(
        kind=ACCOUNT,
        subject=record.account or (job.subject if everybodys else ""),
        customer=job.buyer.id if everybodys or record.account == settings.account else "",
        day=day,
    )
