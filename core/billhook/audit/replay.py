"""Replay: issued documents recalculated from today's project files, plugins and rates.

Nothing changes; the differences are the point: what a new rate or a new version of a plugin would
have made of the bills of the past, and where the text was edited after it was billed.
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from billhook.compare.invoices import Comparison, compare
from billhook.issue.history import before
from billhook.issue.request import IssueRequest, work_out
from billhook.issue.seal import unseal
from billhook.kernel.diagnostics import Diagnostic
from billhook.model.document import Document
from billhook.runs.run import read_job
from billhook.runs.write_down import revising
from billhook.store.protocol import Entry, Reading


@attrs.frozen(kw_only=True)
class Replayed:
    """A document beside what its job makes today.

    Attributes:
        number: The document's number.
        before: The document.
        comparison: The differences; ``None`` when it could not be worked out.
        versions: Plugins of another version: name, then, now.
        findings: What was found on the way.
    """

    number: str
    before: Document
    comparison: Comparison | None = None
    versions: tuple[tuple[str, str, str], ...] = ()
    findings: tuple[Diagnostic, ...] = ()

    @property
    def same(self) -> bool:
        """True if the replay equals the issued document."""
        return self.comparison is not None and not self.comparison.changes


def replay(reading: Reading, entry: Entry, request: IssueRequest) -> Replayed:
    """Work a document's job out again, with the history as it was then, and compare.

    Args:
        reading: The store.
        entry: The document.
        request: Its job as the text has it today.
    """
    document = unseal(entry, request.engine.plugins)
    request = _as_reviewed(reading, entry, request)
    past = before(reading, entry, request.records, request.engine.plugins)
    drafts = work_out(reading, request, past)
    findings = tuple(dict.fromkeys(f for draft in drafts for f in draft.findings))
    mine = [
        draft.worked_out
        for draft in drafts
        if draft.worked_out is not None
        and (draft.worked_out.payer or draft.worked_out.buyer).id
        == (document.invoice.payer or document.invoice.buyer).id
    ]
    found = Replayed(number=entry.number, before=document, findings=findings)
    if len(mine) != 1 or mine[0].currency != document.invoice.currency:
        return found
    now = {use.name: use.version for use in mine[0].plugins}
    return attrs.evolve(
        found,
        comparison=compare(document.invoice, mine[0]),
        versions=tuple(_versions(document, now)),
    )


def _as_reviewed(reading: Reading, entry: Entry, request: IssueRequest) -> IssueRequest:
    """Return the request with what its run's reviewers changed, if a run issued it."""
    run, slash, _key = entry.key.rpartition("/")
    if not slash or not reading.runs(run, entry.job):
        return request
    job = read_job(reading, run, entry.job)
    if entry.number not in job.documents:
        return request
    return attrs.evolve(request, revise=revising(job.write_downs(), request.job.policy))


def _versions(document: Document, now: dict[str, str]) -> Iterable[tuple[str, str, str]]:
    for use in document.invoice.plugins:
        if now.get(use.name, "") != use.version:
            yield use.name, use.version, now.get(use.name, "none")
