"""Drafting jobs of a project with their history from the store, as issuing would bill them.

```python
from billhook.project.drafting import draft_job

done = draft_job(project, Path("jobs/june.toml"), store)
for document in done.documents:
    print(document.invoice.totals.payable)
```
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import attrs

from billhook.calculate.draft import Draft
from billhook.issue import codes as issue_codes
from billhook.issue.history import counts
from billhook.issue.numbering import NumberSeries
from billhook.issue.request import issued_documents, work_out
from billhook.kernel import codes as kernel_codes
from billhook.kernel.diagnostics import Diagnostic, Findings, Severity
from billhook.kernel.text import Period
from billhook.model.document import Document
from billhook.project import codes
from billhook.project.issue_request import OWN_NUMBER, Prepared, read_records
from billhook.project.loaded import LoadedJob
from billhook.project.outline import Outline, outlines
from billhook.project.predecessors import compare_jobs
from billhook.project.project import Project
from billhook.project.store_settings import Keeping
from billhook.sources.bad_value import BadValueError
from billhook.sources.location import Location, report
from billhook.store.protocol import Reading, Store

AGAINST_HISTORY = frozenset(
    {kernel_codes.EARLIER_NOT_ISSUED.id, issue_codes.OTHER_SELLER.id, issue_codes.ALREADY_OPENED.id}
)
"""Findings that refuse a job for what was issued before, whatever its own files say."""


@attrs.frozen(kw_only=True)
class JobDraft:
    """A job, worked out as far as it goes.

    Attributes:
        loaded: The job.
        drafts: Its drafts; none when its files have errors.
        findings: All that was found, once each; names are relative to the project.
        waiting: The bills before it that it goes on from and that are not issued yet.
        issued: What the job has become already, when there is nothing left to bill.
    """

    loaded: LoadedJob
    drafts: tuple[Draft, ...]
    findings: tuple[Diagnostic, ...]
    waiting: tuple[Document, ...] = ()
    issued: tuple[Document, ...] = ()

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The findings that keep the bill from being made."""
        return tuple(f for f in self.findings if f.severity is Severity.ERROR)

    @property
    def refused(self) -> bool:
        """True if the input is valid but a rule or the history forbids the bill."""
        worked_out = [draft.worked_out for draft in self.drafts]
        against = {finding.code for finding in self.errors}
        return bool(against and worked_out) and (
            None not in worked_out or against <= AGAINST_HISTORY
        )

    @property
    def documents(self) -> tuple[Document, ...]:
        """The bills; none when there is nothing to bill."""
        return self.loaded.documents(self.drafts)


def draft_job(
    project: Project,
    path: Path,
    store: Store | None = None,
    *,
    date: dt.date | None = None,
    period: Period | None = None,
    strict: bool = False,
) -> JobDraft:
    """Work a job out; nothing is kept.

    With a store it goes on from what was issued, as issuing does.  A job that follows another
    whose bill is not issued yet goes on from that bill as it would be issued.

    Args:
        project: The project.
        path: The job's file.
        store: Where documents are kept; ``None`` takes the bills of the jobs that it follows.
        date: Invoice date, instead of the job's.
        period: Days to bill, instead of the job's.
        strict: Go on from nothing but what was issued; what the job follows must be.
    """
    if store is None:
        loaded = project.job(path, date=date, period=period)
        drafts = loaded.drafts() if loaded.job is not None else ()
        return _make_draft(loaded, loaded.findings, drafts)
    with store.read() as reading:
        drafting = Drafting(project, reading)
        return drafting.draft(path, date=date, period=period, strict=strict)


class Drafting:
    """Drafts jobs of one project inside one transaction; what several need is worked out once.

    Args:
        project: The project.
        reading: The store.
        keeping: How the project numbers what it issues; ``None`` takes the series by default.
        together: Jobs that are issued together, so that none of them waits for another.
    """

    def __init__(
        self,
        project: Project,
        reading: Reading,
        keeping: Keeping | None = None,
        together: Collection[Path] = (),
    ) -> None:
        self._project = project
        self._reading = reading
        self._keeping = keeping
        self._together = frozenset(together)
        self._drafts: dict[Path, JobDraft] = {}

    def draft(
        self,
        path: Path,
        *,
        date: dt.date | None = None,
        period: Period | None = None,
        strict: bool = False,
    ) -> JobDraft:
        """Work a job out as if it were issued now; see `draft_job`."""
        prepared = self.prepare(path, date=date, period=period)
        loaded, request = prepared.loaded, prepared.request
        if request is None:
            return _make_draft(loaded, prepared.findings, ())
        # a bill that is not issued bears the number of its job
        found = tuple(each for each in prepared.findings if each.code != OWN_NUMBER)
        request = attrs.evolve(request, findings=found)
        waiting = () if strict else prepared.waiting
        drafts = loaded.with_excerpts(work_out(self._reading, request, waiting=waiting))
        made = any(draft.worked_out for draft in drafts)
        return attrs.evolve(
            _make_draft(loaded, found, drafts),
            waiting=prepared.waiting,
            issued=() if made else issued_documents(self._reading, request),
        )

    def prepare(
        self,
        path: Path,
        *,
        date: dt.date | None = None,
        period: Period | None = None,
        series: str | None = None,
        key: str = "",
    ) -> Prepared:
        """Read a job to be issued, and find what it follows and what should be issued before it.

        Args:
            path: The job's file.
            date: Invoice date, instead of the job's.
            period: Days to bill, instead of the job's.
            series: Id of the series; ``None`` takes that of the job's type.
            key: Idempotency key; empty for none.

        Raises:
            KeyError: There is no such series.
        """
        loaded = self._project.job(path, date=date, period=period, follow=False)
        return self._prepare(loaded, self._series(loaded, series), key, (loaded.path,))

    def _series(self, loaded: LoadedJob, id_: str | None) -> NumberSeries | None:
        if self._keeping is None or loaded.job is None:
            return None
        return self._keeping.series_of(loaded.job.type_code, id_)

    def _prepare(
        self, loaded: LoadedJob, series: NumberSeries | None, key: str, trail: tuple[Path, ...]
    ) -> Prepared:
        found = Findings()
        loaded, waiting = self._resolve_predecessor(loaded, found, trail)
        prepared = read_records(loaded, series=series, key=key)
        if loaded.job is not None and loaded.follows is None and len(trail) == 1:
            found.extend(self._gaps(loaded))
        findings = (*prepared.findings, *found)
        request = prepared.request
        if found.errors or request is None:
            return attrs.evolve(prepared, request=None, findings=findings, waiting=waiting)
        request = attrs.evolve(request, findings=(*request.findings, *found))
        return attrs.evolve(prepared, request=request, findings=findings, waiting=waiting)

    # ── what it follows ──────────────────────────────────────────────────────

    def _resolve_predecessor(
        self, loaded: LoadedJob, found: Findings, trail: tuple[Path, ...]
    ) -> tuple[LoadedJob, tuple[Document, ...]]:
        """Return the job with the nearest bill that it follows, and the bills that wait before it.

        A job before it that has nothing to bill is passed over: it makes no document.
        """
        path, job = loaded.follows, loaded.job
        if path is None or job is None or not job.follows or path.suffix != ".toml":
            return loaded, ()
        if self._is_issued(job.subject, path.stem):
            return loaded, ()
        place = loaded.places["follows"]
        if path in trail:
            names = " → ".join(self._project.name(each) for each in (*trail, path))
            report(found, BadValueError(codes.CYCLE, f"the jobs follow each other: {names}"), place)
            return loaded, ()
        before = self._draft_predecessor(path, trail)
        self._compare(loaded, before, place, found)
        waiting = (*before.waiting, *before.documents)
        nearest = before.documents[-1].invoice.job if before.documents else _follows(before)
        return attrs.evolve(loaded, job=attrs.evolve(job, follows=nearest)), waiting

    def _draft_predecessor(self, path: Path, trail: tuple[Path, ...]) -> JobDraft:
        """Return the draft of a job that is not issued yet, in its place in the chain."""
        if path not in self._drafts:
            loaded = self._project.job(path, follow=False)
            prepared = self._prepare(loaded, None, "", (*trail, path))
            drafts: tuple[Draft, ...] = ()
            if prepared.request is not None:
                drafts = work_out(self._reading, prepared.request, waiting=prepared.waiting)
            made = _make_draft(
                prepared.loaded, prepared.findings, prepared.loaded.with_excerpts(drafts)
            )
            self._drafts[path] = attrs.evolve(made, waiting=prepared.waiting)
        return self._drafts[path]

    def _compare(
        self, loaded: LoadedJob, before: JobDraft, place: Location, found: Findings
    ) -> None:
        if before.errors:
            found.extend(before.errors)
            name = self._project.name(before.loaded.path)
            message = f"the earlier bill {name!r} could not be calculated"
            mistake = BadValueError(
                codes.EARLIER, message, f"correct it first: billhook check {name}"
            )
            report(found, mistake, place)
        elif before.loaded.job is not None and loaded.job is not None:
            found.extend(compare_jobs(loaded.job, before.loaded.job, place))

    def _is_issued(self, subject: str, job: str) -> bool:
        entries = list(self._reading.entries(subject=subject, job=job))
        return any(counts(self._reading, entry.number) for entry in entries)

    # ── what should have been issued before ──────────────────────────────────

    def _gaps(self, loaded: LoadedJob) -> Iterator[Diagnostic]:
        """Find jobs of the subject with an earlier date whose bill is not issued."""
        job = loaded.job
        if job is None:
            return
        issued = self._reading.issued_jobs(job.subject)
        known = {path for path in self._project.job_files if path.stem in issued}
        left_out = known | self._together | {loaded.path}
        for each in outlines(self._project, job.subject, without=left_out):
            if each.date < job.date and self._has_something_to_bill(each):
                yield Diagnostic(
                    issue_codes.EARLIER_JOB.id,
                    f"{self._project.name(each.path)} of {job.subject!r}, dated {each.date}, is not"
                    f" issued; job {job.id!r} of {job.date} would come before it",
                    Severity.WARNING,
                    job.origin,
                    hint=f"issue it first: billhook issue {self._project.name(each.path)}",
                )

    def _has_something_to_bill(self, outline: Outline) -> bool:
        before = self._draft_predecessor(outline.path, (outline.path,))
        return bool(before.errors or before.documents)


def _follows(before: JobDraft) -> str:
    return before.loaded.job.follows if before.loaded.job else ""


def _make_draft(
    loaded: LoadedJob,
    findings: Iterable[Diagnostic],
    drafts: tuple[Draft, ...],
) -> JobDraft:
    found = [*findings, *(finding for draft in drafts for finding in draft.findings)]
    return JobDraft(loaded=loaded, drafts=drafts, findings=tuple(dict.fromkeys(found)))
