"""``billhook check --store``: where the text and what was issued differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from billhook.audit.replay import Replayed, replay
from billhook.cli.console import Console
from billhook.cli.context import open_store_context
from billhook.cli.report import located
from billhook.cli.targets import Target
from billhook.compare.invoices import Comparison
from billhook.explain.rule_text import show_number
from billhook.issue import codes
from billhook.issue.record_check import check_keys
from billhook.issue.request import IssueRequest, issued_documents
from billhook.kernel.diagnostics import Diagnostic, Severity
from billhook.project.drafting import Drafting
from billhook.store.protocol import Reading


def store_findings(wanted: Sequence[Target], console: Console) -> Iterator[Diagnostic]:
    """Yield where jobs, records and rates differ from the documents that were made of them."""
    for target in wanted:
        with open_store_context(target.project, dry=True) as place, place.store.read() as reading:
            drafting = Drafting(target.project, reading, place.keeping, together=target.jobs)
            for path in console.progress(target.jobs, "comparing"):
                prepared = drafting.prepare(path)
                if prepared.request is not None:
                    found = _findings(reading, prepared.request)
                    yield from located(found, target.project.folder)


def _findings(reading: Reading, request: IssueRequest) -> Iterator[Diagnostic]:
    yield from check_keys(reading, request.job, request.records)
    for document in issued_documents(reading, request):
        entry = reading.entry(document.number or "")
        if entry is not None:
            yield from _differing(replay(reading, entry, request), request)


def _differing(found: Replayed, request: IssueRequest) -> Iterator[Diagnostic]:
    hint = f"the document does not change; billhook replay {found.number} shows the lines"
    if found.comparison is None:
        errors = [each for each in found.findings if each.severity is Severity.ERROR]
        why = f": {errors[0].message}" if errors else ""
        message = f"{found.number} cannot be recalculated from today's files{why}"
        yield Diagnostic(
            codes.RECALCULATION_DIFFERS.id, message, Severity.WARNING, request.job.origin, hint=hint
        )
    elif found.comparison.changes:
        causes = ", ".join(
            f"{cause} {show_number(amount)}" for cause, amount in found.comparison.causes().items()
        )
        message = (
            f"{found.number}: recalculated from today's files, "
            f"{_describe_total(found.comparison)}: {causes}"
        )
        yield Diagnostic(
            codes.RECALCULATION_DIFFERS.id, message, Severity.WARNING, request.job.origin, hint=hint
        )


def _describe_total(found: Comparison) -> str:
    before, after = show_number(found.before), show_number(found.after)
    if found.before == found.after:
        return f"the total stays at {before} {found.currency}, but parts change"
    return f"the total changes from {before} to {after} {found.currency}"
