"""Issuing a run: one transaction for each job, so that an interrupted run can be resumed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

import attrs

from billhook.calculate.draft import Draft
from billhook.issue import codes
from billhook.issue.actor import Actor
from billhook.issue.issue import issue_all_in, tell
from billhook.issue.request import IssueRequest, work_out
from billhook.issue.roles import OPEN, Roles
from billhook.issue.seal import unseal
from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.errors import ConflictError, FindingsError, RefusedError
from billhook.kernel.figure import given
from billhook.model.document import Document
from billhook.runs.review import wrong_state
from billhook.runs.run import Member, RunJob, apply_review, digest_of, read_job, write_job
from billhook.store.protocol import Store, Writing


@attrs.frozen(kw_only=True)
class Turn:
    """Result of issuing one job of a run.

    Attributes:
        job: The job as the run has it now.
        documents: What it became; nothing when it failed.
        again: It was issued before.
        findings: Why it failed; or what plugins reported after it was safe.
    """

    job: RunJob
    documents: tuple[Document, ...] = ()
    again: bool = False
    findings: tuple[Diagnostic, ...] = ()


def issue_run(
    store: Store, run: str, members: Iterable[Member], actor: Actor, *, roles: Roles = OPEN
) -> Iterator[Turn]:
    """Issue the jobs of a run, one after the other; yield each when it is safe.

    A job that is refused is noted as failed, and the others go on.  A run that was interrupted is
    gone on with by issuing it again: what was issued is not issued twice.

    Args:
        store: Where documents are kept.
        run: Id of the run.
        members: Its jobs, read again, in the order of their numbers.
        actor: Who issues, and when.
        roles: Who may do what.

    Raises:
        RefusedError: BH508: the person may not issue.
        BusyError: Another writer held the store for too long; go on later.
    """
    roles.check(actor, "issue")
    for member in members:
        yield _turn(store, run, member, actor, roles)


def _turn(store: Store, run: str, member: Member, actor: Actor, roles: Roles) -> Turn:
    try:
        with store.write() as writing:
            turn = _issue(writing, run, member, actor, roles)
    except (FindingsError, ConflictError) as error:
        return _record_failure(store, run, member, actor, error)
    if member.request is None or turn.again:
        return turn
    engine = member.request.engine
    heard = (finding for document in turn.documents for finding in tell(engine, document))
    return attrs.evolve(turn, findings=tuple(heard))


def _issue(writing: Writing, run: str, member: Member, actor: Actor, roles: Roles) -> Turn:
    job = read_job(writing, run, member.job)
    if job.state == "issued":
        return Turn(job=job, documents=_read_issued(writing, job, member), again=True)
    if job.state not in {"draft", "approved", "failed"}:
        raise wrong_state(job, "cannot be issued")
    if member.request is None:
        raise RefusedError(member.findings)
    _require_approval(job, roles)
    request = apply_review(member.request, job)
    drafts = work_out(writing, request)
    _require_same(job, request, drafts)
    documents = issue_all_in(
        writing, request.engine, drafts, series=request.series, actor=actor, key=request.key
    )
    numbers = tuple(document.number or "" for document in documents)
    done = attrs.evolve(job.with_step("issued", actor, "issued"), documents=numbers, findings=())
    return Turn(job=write_job(writing, done), documents=documents)


def _read_issued(writing: Writing, job: RunJob, member: Member) -> tuple[Document, ...]:
    plugins = member.request.engine.plugins if member.request else ()
    entries = (writing.entry(number) for number in job.documents)
    return tuple(unseal(entry, plugins) for entry in entries if entry is not None)


def _require_approval(job: RunJob, roles: Roles) -> None:
    if not job.digest:
        raise wrong_state(job, "has no draft to issue")
    amount = given(Decimal(job.payable), job.currency, "core.total.payable")
    if roles.needs_approval(amount) and not job.approved:
        message = f"{job.job}: {job.payable} {job.currency} needs a second person's approval"
        hint = f"billhook run approve {job.run} {job.job} --by NAME"
        raise RefusedError([Diagnostic(codes.NOT_PERMITTED.id, message, hint=hint)])


def _require_same(job: RunJob, request: IssueRequest, drafts: tuple[Draft, ...]) -> None:
    errors = [finding for draft in drafts for finding in draft.errors]
    if errors:
        raise RefusedError(dict.fromkeys(errors))
    whole = all(draft.worked_out is not None for draft in drafts)
    if not whole or digest_of(request, drafts) != job.digest:
        message = f"{job.job} is no longer the bill that was drafted for run {job.run}"
        hint = f"billhook run new {job.run} {job.path} drafts it again; then review and approve it"
        raise RefusedError([Diagnostic(codes.NOT_APPROVED_DRAFT.id, message, hint=hint)])


def _record_failure(
    store: Store, run: str, member: Member, actor: Actor, error: FindingsError | ConflictError
) -> Turn:
    """Note that a job failed, unless it only waits for approval or its state says more."""
    findings = (
        error.findings
        if isinstance(error, FindingsError)
        else (Diagnostic(codes.RUN_STATE.id, f"{member.job}: {error}"),)
    )
    with store.write() as writing:
        job = read_job(writing, run, member.job)
        waits = all(finding.code == codes.NOT_PERMITTED.id for finding in findings)
        if job.state in {"draft", "approved", "failed"} and not waits:
            texts = tuple(str(finding) for finding in findings)
            job = write_job(
                writing, attrs.evolve(job.with_step("failed", actor, "failed"), findings=texts)
            )
    return Turn(job=job, findings=tuple(findings))
