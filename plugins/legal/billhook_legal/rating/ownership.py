"""Ownership: the matter that time or an expense belongs to, and its client."""

from __future__ import annotations

from billhook.kernel.text import labels
from billhook.model.job import Job
from billhook.model.owner import Owner
from billhook.model.record import Record
from billhook_legal.records import Expense, TimeEntry
from billhook_legal.settings import LegalSettings

_ = labels("billhook_legal")

MATTER = "legal.matter"


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
