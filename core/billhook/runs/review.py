"""Reviewing and approving the jobs of a run."""

from __future__ import annotations

import json
from collections.abc import Collection
from decimal import Decimal

import attrs

from billhook.archive.payload_types import Pockets
from billhook.issue import codes
from billhook.issue.actor import Actor, audit_entry, require_reason
from billhook.issue.request import work_out
from billhook.issue.roles import OPEN, Roles
from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.errors import RefusedError
from billhook.kernel.figure import given
from billhook.runs.run import (
    Member,
    RunJob,
    apply_review,
    bills_of,
    read_job,
    read_run,
    redraft,
    write_job,
)
from billhook.store.protocol import Store, Writing

APPROVED = "run.approved"
"""Kind of the audit entry that records an approval."""


def hold(store: Store, run: str, job: str, actor: Actor, *, roles: Roles = OPEN) -> RunJob:
    """Keep a job back until it is released.

    Raises:
        RefusedError: BH507 no reason, BH508 not allowed, BH509 not to be held.
    """
    require_reason(actor, "holding")
    return _move(store, run, job, actor, roles, "held", ("draft", "approved", "failed", "empty"))


def release(store: Store, run: str, job: str, actor: Actor, *, roles: Roles = OPEN) -> RunJob:
    """Let a held or dropped job go on, as a draft.

    Raises:
        RefusedError: BH508 not allowed, BH509 not held.
    """
    return _move(store, run, job, actor, roles, "released", ("held", "dropped"))


def drop(store: Store, run: str, job: str, actor: Actor, *, roles: Roles = OPEN) -> RunJob:
    """Take a job out of the run; its records stay unbilled, since a draft claims none.

    Raises:
        RefusedError: BH507 no reason, BH508 not allowed, BH509 issued already.
    """
    require_reason(actor, "dropping")
    allowed = ("draft", "approved", "failed", "empty", "held")
    return _move(store, run, job, actor, roles, "dropped", allowed)


def _move(
    store: Store,
    run: str,
    job: str,
    actor: Actor,
    roles: Roles,
    word: str,
    allowed: Collection[str],
) -> RunJob:
    roles.check(actor, "review")
    with store.write() as writing:
        known = read_job(writing, run, job)
        if known.state not in allowed:
            raise wrong_state(known, f"cannot be {word}")
        state = word
        if word == "released":
            state = "approved" if known.approved else "draft"
        _record(writing, known, word, actor)
        return write_job(writing, known.with_step(word, actor, state))


def adjust(
    store: Store,
    run: str,
    member: Member,
    line: str,
    amount: Decimal,
    actor: Actor,
    *,
    roles: Roles = OPEN,
) -> RunJob:
    """Write a line down, or with a negative amount up, and work the job out again.

    Args:
        store: Where runs are kept.
        run: Id of the run.
        member: The job, read again.
        line: Id of the line, or its place from 1.
        amount: What it is lowered by.
        actor: Who, when and why; the reason is printed.
        roles: Who may do what.

    Raises:
        RefusedError: BH507 no reason, BH508 not allowed, BH509 not a draft, BH517 the line does
            not take it.
    """
    require_reason(actor, "a write-down")
    roles.check(actor, "review")
    with store.write() as writing:
        known = read_job(writing, run, member.job)
        if known.state not in {"draft", "approved", "held"}:
            raise wrong_state(known, "cannot be written down")
        id_ = _line_id(known, line)
        changed = known.with_step("written down", actor, line=id_, amount=str(amount))
        if member.request is None:
            raise RefusedError(member.findings)
        work_out(writing, apply_review(member.request, changed))
        new = redraft(writing, changed, member, actor)
        if known.state == "held":
            new = attrs.evolve(new, state="held")
        _record(writing, known, "written-down", actor, line=id_, amount=str(amount))
        return write_job(writing, new)


def _record(writing: Writing, job: RunJob, what: str, actor: Actor, **facts: str) -> None:
    """Append a review to the log: the run's own rows may change, the log does not."""
    payload = json.dumps({"job": job.job, **facts}, sort_keys=True)
    writing.append(audit_entry(f"run.{what}", actor, subject=f"run {job.run}", payload=payload))


def _line_id(job: RunJob, line: str) -> str:
    """Return the id of a line that is given by id or by place: places move, ids do not."""
    ids = [each.id for each in bills_of(job, Pockets(()))[0].invoice.lines]
    if line in ids or not (line.isascii() and line.isdigit() and 1 <= int(line) <= len(ids)):
        return line
    return ids[int(line) - 1]


def approve(
    store: Store,
    run: str,
    actor: Actor,
    *,
    jobs: Collection[str] = (),
    roles: Roles = OPEN,
) -> tuple[RunJob, ...]:
    """Approve the drafts of a run, all or some.

    Above the limit a second person approves: not who drafted the job or changed an amount of it.

    Args:
        store: Where runs are kept.
        run: Id of the run.
        actor: Who approves, and when.
        jobs: Ids of jobs; none means every draft.
        roles: Who may do what.

    Raises:
        RefusedError: BH508 not allowed or not a second person, BH509 no such job or no draft;
            nothing was approved.
    """
    with store.write() as writing:
        known = read_run(writing, run)
        wanted = [read_job(writing, run, job) for job in jobs] if jobs else known
        chosen = [each for each in wanted if jobs or _awaits(each)]
        for each in chosen:
            _approvable(each, actor, roles)
        if not chosen:
            message = f"run {run!r} has no drafts to approve"
            raise RefusedError(
                [Diagnostic(codes.RUN_STATE.id, message, hint=f"billhook run show {run}")]
            )
        done = [
            write_job(writing, each.with_step("approved", actor, "approved")) for each in chosen
        ]
        facts = json.dumps({job.job: job.digest for job in done}, sort_keys=True)
        writing.append(audit_entry(APPROVED, actor, subject=f"run {run}", payload=facts))
    return tuple(done)


def _awaits(job: RunJob) -> bool:
    """Return whether a job has a draft that nobody has approved."""
    return job.state in {"draft", "failed"} and bool(job.digest) and not job.approved


def _approvable(job: RunJob, actor: Actor, roles: Roles) -> None:
    if job.state not in {"draft", "approved", "failed"} or not job.digest:
        raise wrong_state(job, "cannot be approved")
    payable = given(Decimal(job.payable), job.currency, "core.total.payable")
    roles.check(actor, "approve", [payable])
    if roles.needs_approval(payable) and actor.by in job.hands:
        message = f"{job.job}: {actor.by} drafted or changed it, and a second person must approve"
        raise RefusedError(
            [Diagnostic(codes.NOT_PERMITTED.id, message, hint="name somebody else with --by")]
        )


def wrong_state(job: RunJob, what: str) -> RefusedError:
    """Return the refusal of something that a job's state does not allow."""
    ways = {
        "issued": f"credit what it became: {', '.join(job.documents)}",
        "held": f"release it first: billhook run review {job.run} {job.job} release",
        "dropped": f"take it back: billhook run review {job.run} {job.job} release",
        "failed": f"correct it, then billhook run new {job.run} {job.path}",
        "empty": f"there is nothing to bill; billhook run new {job.run} {job.path} drafts it again",
    }
    message = f"{job.job} of run {job.run} is {job.state} and {what}"
    return RefusedError([Diagnostic(codes.RUN_STATE.id, message, hint=ways.get(job.state))])
