"""Billing runs: many jobs drafted, reviewed, approved and issued, one after the other.

A run is work in progress and claims nothing: what is billed is decided when a job is issued, in
one transaction of its own.  So a run can be killed at any moment and gone on with.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal

import attrs

from billhook.archive.payload_types import Json, Pockets
from billhook.archive.reader import from_tree
from billhook.archive.writer import dump, to_tree
from billhook.calculate.draft import Draft
from billhook.issue import codes
from billhook.issue.actor import Actor
from billhook.issue.request import IssueRequest, work_out
from billhook.issue.roles import OPEN, Roles
from billhook.kernel.diagnostics import Diagnostic, Severity
from billhook.kernel.errors import RefusedError, StoreError
from billhook.model.document import Document
from billhook.runs.write_down import WriteDown, revising
from billhook.store.protocol import Reading, RunRow, Store, Writing

_CHANGES = frozenset({"drafted", "written down"})

OPEN_STATES = frozenset({"draft", "approved", "failed", "empty"})
"""States of jobs that a new look at their files may change."""


@attrs.frozen(kw_only=True)
class RunStep:
    """Step in the history of a run's job.

    Attributes:
        act: ``drafted``, ``held``, ``released``, ``written down``, ``dropped``, ``approved``,
            ``issued``, ``failed``.
        by: Who.
        at: When, ISO 8601.
        reason: Why.
        line: The line that was written down.
        amount: By how much.
    """

    act: str
    by: str
    at: str
    reason: str = ""
    line: str = ""
    amount: str = ""


@attrs.frozen(kw_only=True)
class RunJob:
    """A job of a run.

    Attributes:
        run: Id of the run.
        job: Id of the job.
        state: ``draft``, ``held``, ``dropped``, ``approved``, ``issued``, ``failed``, ``empty``.
        path: The job's file, relative to the project.
        date: Invoice date, instead of the job's, or empty.
        period: Days to bill, instead of the job's, or empty.
        subject: What history is kept of.
        customer: Id of the buyer.
        currency: ISO 4217 code.
        payable: What is to be paid, of all payers together.
        lines: How many lines.
        digest: SHA-256 of the drafts.
        bills: The drafts, archived, one for each payer.
        findings: What was found, as text.
        history: What was done, oldest first.
        documents: What it became.
        version: Of the row in the store.
    """

    run: str
    job: str
    state: str = "draft"
    path: str = ""
    date: str = ""
    period: str = ""
    subject: str = ""
    customer: str = ""
    currency: str = ""
    payable: str = "0"
    lines: int = 0
    digest: str = ""
    bills: tuple[Json, ...] = ()
    findings: tuple[str, ...] = ()
    history: tuple[RunStep, ...] = ()
    documents: tuple[str, ...] = ()
    version: int = 0

    @property
    def key(self) -> str:
        """The idempotency key of its issue."""
        return f"{self.run}/{self.job}"

    @property
    def hands(self) -> frozenset[str]:
        """Everybody who drafted it or changed an amount of it."""
        return frozenset(step.by for step in self.history if step.act in _CHANGES)

    @property
    def approved(self) -> bool:
        """True if its present draft is approved: nothing was drafted or changed since."""
        acts = [step.act for step in self.history if step.act in {*_CHANGES, "approved"}]
        return acts[-1:] == ["approved"]

    def write_downs(self) -> tuple[WriteDown, ...]:
        """Return the reviewer's changes of amounts."""
        return tuple(
            WriteDown(
                line=step.line,
                amount=Decimal(step.amount),
                reason=step.reason,
                by=step.by,
                place=f"run {self.run}",
            )
            for step in self.history
            if step.act == "written down"
        )

    def with_step(self, act: str, who: Actor, state: str | None = None, **facts: str) -> RunJob:
        """Return the job after something was done with it."""
        step = RunStep(act=act, by=who.by, at=who.at.isoformat(), reason=who.reason, **facts)
        return attrs.evolve(self, history=(*self.history, step), state=state or self.state)


@attrs.frozen(kw_only=True)
class Member:
    """A job as a run takes it in.

    Attributes:
        request: The job, read; ``None`` when its files have errors.
        job: Id of the job.
        path: Its file, relative to the project.
        date: Invoice date, instead of the job's, or empty.
        period: Days to bill, instead of the job's, or empty.
        findings: What reading it came to.
    """

    request: IssueRequest | None
    job: str
    path: str
    date: str = ""
    period: str = ""
    findings: tuple[Diagnostic, ...] = ()


# ── rows ─────────────────────────────────────────────────────────────────────


def read_run(reading: Reading, name: str) -> tuple[RunJob, ...]:
    """Return the jobs of a run, by id.

    Raises:
        RefusedError: BH509: there is no such run.
    """
    rows = reading.runs(name)
    if not rows:
        hint = "billhook run list shows the runs"
        raise RefusedError([Diagnostic(codes.RUN_STATE.id, f"there is no run {name!r}", hint=hint)])
    return tuple(_job(row) for row in rows if row.job)


def read_job(reading: Reading, name: str, job: str) -> RunJob:
    """Return one job of a run.

    Raises:
        RefusedError: BH509: there is no such run or job.
    """
    for row in reading.runs(name, job) if job else ():
        return _job(row)
    jobs = read_run(reading, name)
    hint = f"its jobs: {', '.join(each.job for each in jobs)}"
    raise RefusedError(
        [Diagnostic(codes.RUN_STATE.id, f"run {name!r} has no job {job!r}", hint=hint)]
    )


def write_job(writing: Writing, job: RunJob) -> RunJob:
    """Write a job's row.

    Raises:
        ConflictError: Somebody else changed it meanwhile.
    """
    facts = attrs.asdict(job, filter=lambda field, _: field.name not in _COLUMNS)
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    row = RunRow(run=job.run, job=job.job, state=job.state, payload=text, version=job.version)
    return attrs.evolve(job, version=writing.put_run(row).version)


_COLUMNS = {"run", "job", "state", "version"}


LONGEST_REASONS = 5
"""So many reasons are kept with a job that has no bill."""


def _job(row: RunRow) -> RunJob:
    try:
        return _read(row, json.loads(row.payload))
    except (ValueError, TypeError, AttributeError) as error:
        message = f"job {row.job} of run {row.run} cannot be read: its row was changed"
        raise StoreError(f"{message}; draft it in a run of another name") from error


def _read(row: RunRow, facts: dict[str, object]) -> RunJob:
    steps = facts.pop("history", ())
    tuples = {name: tuple(_list(facts.pop(name, ()))) for name in _TUPLES}
    history = tuple(RunStep(**step) for step in _list(steps))
    columns = {"run": row.run, "job": row.job, "state": row.state, "version": row.version}
    return RunJob(**facts, **tuples, **columns, history=history)  # type: ignore[arg-type]  # as write_job wrote them


_TUPLES = ("bills", "findings", "documents")


def _list(value: object) -> list[dict[str, str]]:
    return value if isinstance(value, list) else []


# ── drafting ─────────────────────────────────────────────────────────────────


def draft_run(
    store: Store, name: str, members: Iterable[Member], actor: Actor, *, roles: Roles = OPEN
) -> tuple[RunJob, ...]:
    """Draft jobs into a run, new or known; nothing is claimed and nothing numbered.

    Drafting a job again keeps what its reviewers did; an approval falls when the draft is another.
    What is issued, held or dropped stays as it is.

    Args:
        store: Where runs are kept.
        name: Id of the run.
        members: The jobs.
        actor: Who drafts, and when.
        roles: Who may do what.

    Raises:
        RefusedError: BH508 not allowed.
    """
    roles.check(actor, "draft")
    with store.write() as writing:
        rows = {row.job: row for row in writing.runs(name)}
        if "" not in rows:
            facts = json.dumps({"by": actor.by, "at": actor.at.isoformat()})
            writing.put_run(RunRow(run=name, state="draft", payload=facts))
        done = []
        for member in members:
            known = _job(rows[member.job]) if member.job in rows else None
            done.append(_draft_member(writing, name, member, known, actor))
    return tuple(done)


def _draft_member(
    writing: Writing, name: str, member: Member, known: RunJob | None, actor: Actor
) -> RunJob:
    job = known or RunJob(run=name, job=member.job)
    if job.state not in OPEN_STATES:
        return job
    job = attrs.evolve(job, path=member.path, date=member.date, period=member.period)
    new = redraft(writing, job, member, actor)
    if known is None or new.digest != known.digest or new.state != known.state:
        return write_job(writing, new)
    return known


def redraft(reading: Reading, job: RunJob, member: Member, actor: Actor) -> RunJob:
    """Return a run's job worked out anew, its reviewers' changes made."""
    if member.request is None:
        return _mark_failed(job, member.findings, actor)
    try:
        drafts = work_out(reading, apply_review(member.request, job))
    except RefusedError as error:
        return _mark_failed(job, error.findings, actor)
    errors = [finding for draft in drafts for finding in draft.errors]
    if errors:
        return _mark_failed(job, errors, actor)
    if any(draft.worked_out is None for draft in drafts):
        said = (finding for draft in drafts for finding in draft.findings)
        texts = (*_texts(said), *_reasons(drafts))
        return attrs.evolve(job, state="empty", digest="", findings=texts)
    return _take_drafts(job, member.request, drafts, actor)


def _reasons(drafts: Iterable[Draft]) -> tuple[str, ...]:
    """Return why the records of a job without a bill are left, and how many for each reason."""
    reasons = Counter(str(skip.reason) for draft in drafts for skip in draft.skipped if skip.own)
    return tuple(f"{count} × {reason}" for reason, count in reasons.most_common(LONGEST_REASONS))


def apply_review(request: IssueRequest, job: RunJob) -> IssueRequest:
    """Return a request with a run's key and its reviewers' changes."""
    revise = revising(job.write_downs(), request.job.policy)
    return attrs.evolve(request, key=job.key, revise=revise)


def _mark_failed(job: RunJob, findings: Iterable[Diagnostic], actor: Actor) -> RunJob:
    texts = _texts(findings)
    if job.state == "failed" and job.findings == texts:
        return job
    failed = job.with_step("failed", actor, "failed")
    return attrs.evolve(failed, digest="", findings=texts)


def _take_drafts(
    job: RunJob, request: IssueRequest, drafts: tuple[Draft, ...], actor: Actor
) -> RunJob:
    digest = digest_of(request, drafts)
    same = digest == job.digest
    invoices = [draft.invoice for draft in drafts]
    pockets = Pockets(request.engine.plugins)
    filled = attrs.evolve(
        job,
        state="approved" if same and job.approved else "draft",
        subject=request.job.subject,
        customer=request.job.buyer.id,
        currency=request.job.currency,
        payable=str(sum((each.totals.payable.value for each in invoices), Decimal(0))),
        lines=len(invoices[0].lines),
        digest=digest,
        bills=tuple(to_tree(Document(invoice=each), pockets) for each in invoices),
        findings=_texts(finding for draft in drafts for finding in draft.findings),
    )
    return filled if same else filled.with_step("drafted", actor)


def digest_of(request: IssueRequest, drafts: Iterable[Draft]) -> str:
    """Return a digest of drafts: the same bill has the same, whatever was skipped beside it."""
    plugins = request.engine.plugins
    hashed = hashlib.sha256()
    for draft in drafts:
        invoice = attrs.evolve(draft.invoice, skipped=())
        hashed.update(dump(Document(invoice=invoice), plugins))
    return hashed.hexdigest()


def _texts(findings: Iterable[Diagnostic]) -> tuple[str, ...]:
    told = (each for each in findings if each.severity is not Severity.INFO)
    return tuple(dict.fromkeys(str(finding) for finding in told))


def bills_of(job: RunJob, pockets: Pockets) -> tuple[Document, ...]:
    """Return the drafts of a run's job."""
    return tuple(from_tree(tree, pockets) for tree in job.bills)


def states(jobs: Iterable[RunJob]) -> Mapping[str, int]:
    """Return how many jobs are in each state."""
    counts: dict[str, int] = {}
    for job in jobs:
        counts[job.state] = counts.get(job.state, 0) + 1
    return counts
