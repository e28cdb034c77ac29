"""Legal billing: time and expenses of law firms.

Hooks only; the work is done elsewhere.  What computes is imported here, because a hook that
computes opens no file, and an import would; what prints is imported when something is printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from billhook.kernel.diagnostics import Diagnostic
from billhook.model.adjustment import Adjustment
from billhook.model.charge import Charge, Rating
from billhook.model.document import Document, History
from billhook.model.invoice import Invoice
from billhook.model.job import Job
from billhook.model.owner import Owner
from billhook.model.record import Record, Records
from billhook.model.section import Section
from billhook.model.subject import Subject
from billhook.plugins.info import PluginInfo, hookimpl
from billhook_legal.codes import CODES
from billhook_legal.details import ExpenseDetail, LegalState, TimeDetail
from billhook_legal.rate import rate
from billhook_legal.rating import ownership
from billhook_legal.rating.discounts import discount
from billhook_legal.records import EXPENSE, TIME, Expense, TimeEntry
from billhook_legal.settings import LegalSettings
from billhook_legal.validation.guidelines import check


@hookimpl
def billhook_plugin() -> PluginInfo:
    """Say who this is."""
    return PluginInfo(
        name="legal",
        title="Time and expenses of law firms",
        version="1",
        prefix="LGL",
        package="billhook_legal",
        settings=LegalSettings,
        records={TIME: TimeEntry, EXPENSE: Expense},
        state=LegalState,
        details=(TimeDetail, ExpenseDetail),
        codes=CODES,
        each=(ownership.MATTER, ownership.CLIENT),
    )


@hookimpl
def billhook_owner(job: Job, record: Record) -> Owner | None:
    """Name the matter of time or an expense, and its client."""
    return ownership.find_owner(job, record)


@hookimpl
def billhook_subjects(job: Job, each: str) -> Iterable[Subject]:
    """List the matters of the settings, or their clients."""
    return ownership.list_subjects(job, each)


@hookimpl
def billhook_fit(job: Job, subject: Subject) -> Job | None:
    """Bill one matter, or all matters of one client."""
    return ownership.fit(job, subject)


@hookimpl
def billhook_rate(job: Job, records: Records, history: History) -> Rating | None:
    """Turn time entries and expenses into charges."""
    return rate(job, records, history)


@hookimpl
def billhook_adjust(job: Job, charges: Sequence[Charge]) -> Iterable[Adjustment]:
    """Take the agreed discount off the fees."""
    return discount(job, charges)


@hookimpl
def billhook_check(job: Job, draft: Invoice) -> Iterable[Diagnostic]:
    """Say what a careful client would ask about."""
    return check(job, draft)


@hookimpl
def billhook_sections(document: Document) -> Iterable[Section]:
    """Show the matter, the lines with their timekeepers, and the summaries."""
    from billhook_legal.sections.build import sections

    return sections(document)
