"""The construction plugin: progress billing against a schedule of values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from billhook.kernel.diagnostics import Diagnostic
from billhook.model.adjustment import Adjustment
from billhook.model.charge import Charge, Rating
from billhook.model.document import Document, History
from billhook.model.invoice import Invoice
from billhook.model.job import Job
from billhook.model.owner import Owner
from billhook.model.record import Event, Record, Records
from billhook.model.section import Section
from billhook.model.source import Source
from billhook.model.subject import Subject
from billhook.plugins.info import PluginInfo, hookimpl
from billhook_construction import rate as application
from billhook_construction.codes import CODES
from billhook_construction.details import WorkDetail
from billhook_construction.events import Certified, Released
from billhook_construction.rating import entries as reading
from billhook_construction.rating import ownership
from billhook_construction.rating.withholding import make_adjustments
from billhook_construction.records import CertifiedRow, ChangeOrder, Progress, Release, ScheduleItem
from billhook_construction.sections import build as sections
from billhook_construction.settings import Contract
from billhook_construction.state import ConstructionState
from billhook_construction.validation.bill import bill_faults
from billhook_construction.validation.events import recording_faults


@hookimpl
def billhook_plugin() -> PluginInfo:
    """Say who this is."""
    return PluginInfo(
        name="construction",
        title="Applications for payment against a schedule of values",
        version="1",
        prefix="CON",
        package="billhook_construction",
        settings=Contract,
        records={
            "construction.schedule": ScheduleItem,
            "construction.changes": ChangeOrder,
            "construction.progress": Progress,
            "construction.certificates": CertifiedRow,
            "construction.releases": Release,
        },
        events=(Certified, Released),
        state=ConstructionState,
        details=(WorkDetail,),
        codes=CODES,
        each=(ownership.CONTRACT,),
        read_for_each=(reading.KIND,),
    )


@hookimpl
def billhook_read(job: Job, source: Source) -> Iterator[Record] | None:
    """Read progress; the core reads schedule and change orders."""
    return reading.read_progress(job, source) if source.kind == reading.KIND else None


@hookimpl
def billhook_owner(job: Job, record: Record) -> Owner | None:
    """Name the contract of a row: the one it says, or that of the job whose sheet it is in."""
    return ownership.find_owner(job, record)


@hookimpl
def billhook_subjects(job: Job, each: str) -> Iterable[Subject]:
    """List the contracts of the settings."""
    return ownership.list_subjects(job, each)


@hookimpl
def billhook_fit(job: Job, subject: Subject) -> Job | None:
    """Bill one contract of a job for many."""
    return ownership.fit(job, subject)


@hookimpl
def billhook_rate(job: Job, records: Records, history: History) -> Rating | None:
    """Work out the application."""
    return application.rate(job, records, history)


@hookimpl
def billhook_adjust(job: Job, charges: Sequence[Charge]) -> Iterable[Adjustment]:
    """Hold retainage, or pay it back."""
    return make_adjustments(job, charges)


@hookimpl
def billhook_check(job: Job, draft: Invoice) -> Iterable[Diagnostic]:
    """Find fault with the bill."""
    return bill_faults(job, draft)


@hookimpl
def billhook_check_event(event: Event, history: History) -> Iterable[Diagnostic]:
    """Find fault with a certificate or a release before it is recorded."""
    return recording_faults(event, history)


@hookimpl
def billhook_sections(document: Document) -> Iterable[Section]:
    """Show the summary, the work, the changes and the schedule sheet."""
    return sections.sections(document)
