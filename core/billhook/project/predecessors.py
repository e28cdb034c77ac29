"""History from files: the bill that a job follows, the bill before that, back to the first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from billhook.kernel.diagnostics import Diagnostic, Findings, Severity
from billhook.model.document import Document, History
from billhook.model.invoice import Invoice
from billhook.model.job import Job
from billhook.project import codes
from billhook.project.folder import ProjectFolder
from billhook.project.loaded import LoadedJob
from billhook.project.tables import JobTable
from billhook.project.written_bills import SUFFIX, read_bill
from billhook.sources.bad_value import BadValueError
from billhook.sources.location import Location, report

Trail = tuple[Path, ...]
"""The jobs that are being loaded, each following the next."""


class LoadJob(Protocol):
    """Loads a job, see `billhook.project.job.load_job`."""

    def __call__(self, project: ProjectFolder, path: Path, *, trail: Trail) -> LoadedJob:
        """Return the job with every finding of its files."""
        ...


def follow(
    project: ProjectFolder,
    job: JobTable,
    place: Location,
    trail: Trail,
    findings: Findings,
    load: LoadJob,
) -> History:
    """Return what was billed before a job.

    Args:
        project: The project of all of them.
        job: The job that follows.
        place: Where it says so.
        trail: The job's own file, last, and those that led to it.
        findings: Where to report.
        load: How the job before is loaded.
    """
    path = job.follows
    if path is None:
        return History()
    if path in trail:
        names = " → ".join(project.name(each) for each in (*trail[trail.index(path) :], path))
        report(findings, BadValueError(codes.CYCLE, f"the jobs follow each other: {names}"), place)
        return History()
    documents = _documents(project, path, trail, place, findings, load)
    for document in documents[-1:]:
        findings.extend(compare_jobs(job, document.invoice, place))
    return History(documents)


def _documents(
    project: ProjectFolder,
    path: Path,
    trail: Trail,
    place: Location,
    findings: Findings,
    load: LoadJob,
) -> tuple[Document, ...]:
    if path.suffix == SUFFIX:
        bill = read_bill(project, path, findings)
        return (bill,) if bill else ()
    said = Findings()
    documents = project.remember(path, lambda: _work_out(project, path, trail, said, load))
    findings.extend(said)
    if documents is None:
        message = f"the earlier bill {project.name(path)!r} could not be calculated"
        hint = f"correct it first: billhook check {project.name(path)}"
        report(findings, BadValueError(codes.EARLIER, message, hint), place)
    return documents or ()


def _work_out(
    project: ProjectFolder, path: Path, trail: Trail, findings: Findings, load: LoadJob
) -> tuple[Document, ...] | None:
    """Return the bills up to a job and with it, which may have none; ``None`` if it fails."""
    loaded = load(project, path, trail=trail)
    findings.extend(_errors(loaded.findings))
    if loaded.job is None:
        return None
    drafts = loaded.drafts()
    findings.extend(finding for draft in drafts for finding in _errors(draft.findings))
    if any(draft.errors for draft in drafts):
        return None
    return (*loaded.history.documents, *loaded.documents(drafts))


def _errors(findings: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    return tuple(each for each in findings if each.severity is Severity.ERROR)


def compare_jobs(
    job: JobTable | Job, earlier: Invoice | Job, place: Location
) -> Iterator[Diagnostic]:
    """Find what keeps one job from following another: its subject, and the order of dates."""
    found = Findings()
    if earlier.subject != job.subject:
        message = f"the earlier bill is of {earlier.subject!r}, this job of {job.subject!r}"
        report(found, BadValueError(codes.SUBJECT, message), place)
    if job.date is not None and earlier.date > job.date:
        message = f"the earlier bill is dated {earlier.date}, after this one's {job.date}"
        report(found, BadValueError(codes.BACKWARDS, message), place, Severity.WARNING)
    yield from found
