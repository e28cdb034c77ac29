"""From a loaded job to the request to issue it: its records, its series, what it goes on from."""

from __future__ import annotations

import datetime as dt

import attrs

from billhook.issue import codes
from billhook.issue.numbering import INVOICES, OPENINGS, NumberSeries
from billhook.issue.request import IssueRequest
from billhook.kernel.diagnostics import Diagnostic, Findings, Severity
from billhook.kernel.errors import InputError
from billhook.model.document import Document
from billhook.project.loaded import LoadedJob

OWN_NUMBER = codes.OWN_NUMBER.id
"""The finding that a job's own number is not that of the document."""


@attrs.frozen
class Prepared:
    """A job that was read to be issued.

    Attributes:
        loaded: The job as its files say.
        request: The request; ``None`` when there are errors.
        findings: What was found on the way.
        waiting: The bills before it that are not issued yet, oldest first.
    """

    loaded: LoadedJob
    request: IssueRequest | None
    findings: tuple[Diagnostic, ...]
    waiting: tuple[Document, ...] = ()

    @property
    def place(self) -> tuple[dt.date, int, str]:
        """Its place in the order of issue: by date, and a job after the one that it follows."""
        if self.request is None:
            return (dt.date.min, 0, self.loaded.id)
        return (self.request.job.date, len(self.waiting), self.loaded.id)


def request_issue(
    loaded: LoadedJob, *, series: NumberSeries | None = None, key: str = ""
) -> IssueRequest:
    """Return the request to issue a job of a project.

    It knows what the job follows: `issue_requests` refuses it as long as that is not issued.

    Args:
        loaded: The job.
        series: Where the number comes from; ``None`` takes invoices, or openings for an opening.
        key: Idempotency key; empty for none.

    Raises:
        InputError: The job or its records have errors; the exception has all findings.
    """
    prepared = read_records(loaded, series=series, key=key)
    if prepared.request is None:
        raise InputError(prepared.findings)
    return prepared.request


def read_records(
    loaded: LoadedJob, *, series: NumberSeries | None = None, key: str = ""
) -> Prepared:
    """Read a job's records and make a request of it; what is wrong is found, not raised."""
    findings = Findings(loaded.findings)
    job = loaded.job
    if job is None:
        return Prepared(loaded, None, tuple(findings))
    records = loaded.read(findings)
    if loaded.number is not None:
        message = (
            f"job {loaded.id!r} has the number {loaded.number!r}, but the series assigns numbers"
        )
        findings.add(Diagnostic(OWN_NUMBER, message, Severity.INFO, job.origin))
    if findings.errors:
        return Prepared(loaded, None, tuple(findings))
    from_json = loaded.follows is not None and loaded.follows.suffix == ".json"
    request = IssueRequest(
        engine=loaded.engine,
        job=job,
        records=records,
        series=OPENINGS if job.opening else series or INVOICES,
        key=key,
        earlier=tuple(loaded.history.documents) if from_json else (),
        findings=tuple(findings),
    )
    return Prepared(loaded, request, tuple(findings), tuple(loaded.history.documents))
