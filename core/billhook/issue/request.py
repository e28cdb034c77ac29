"""Orders: jobs worked out against the store's past and issued, several in one transaction."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from typing import Final

import attrs

from billhook.calculate.draft import Draft
from billhook.engine import Engine, Revise
from billhook.issue.actor import Act
from billhook.issue.history import before, history
from billhook.issue.issue import issue_all_in, tell
from billhook.issue.numbering import INVOICES, Series
from billhook.issue.record_check import check_keys, check_rows
from billhook.issue.roles import OPEN, Roles
from billhook.issue.seal import unseal
from billhook.kernel.diagnostics import Diagnostic, Severity
from billhook.kernel.errors import RefusedError
from billhook.kernel.text import labels
from billhook.model.charge import Skip
from billhook.model.document import Document, History, claimed_by
from billhook.model.job import Job
from billhook.model.record import Given, Record
from billhook.store.protocol import Entry, Reading, Store, Writing

_: Final = labels("billhook")


@attrs.frozen(kw_only=True)
class Order:
    """A job to be issued, with its records read.

    Attributes:
        engine: The job's plugins.
        job: The job.
        records: Its records; nothing is read inside a transaction.
        series: Where the numbers come from.
        key: Idempotency key; empty for none.
        follows: Id of the job that comes before this one, if the job says so.
        earlier: Bills of the subject that were issued elsewhere, before the store's first.
        findings: What reading the job came to.
        revise: A reviewer's changes.
    """

    engine: Engine
    job: Job
    records: tuple[Record, ...]
    series: Series = INVOICES
    key: str = ""
    follows: str = ""
    earlier: tuple[Document, ...] = ()
    findings: tuple[Diagnostic, ...] = ()
    revise: Revise = tuple


@attrs.frozen(kw_only=True)
class Outcome:
    """What an order came to.

    Attributes:
        order: The order.
        drafts: What was worked out, with all findings.
        documents: What was issued; nothing when there was nothing left to bill.
        again: The order's key had issued these documents before.
        findings: What plugins reported after the documents were safe.
    """

    order: Order
    drafts: tuple[Draft, ...] = ()
    documents: tuple[Document, ...] = ()
    again: bool = False
    findings: tuple[Diagnostic, ...] = ()


class _RehearsedError(Exception):
    """Undoes a rehearsal."""


def work_out(reading: Reading, order: Order, past: History | None = None) -> tuple[Draft, ...]:
    """Work a job out with what the store knows of its subject.

    The findings tell also which billed records were changed since.

    Args:
        reading: The store.
        order: The job.
        past: Another history than the present one.
    """
    engine, job, records = order.engine, order.job, order.records
    found = [*order.findings, *check_keys(reading, job, records)]
    known = past or history(reading, job.subject, records, engine.plugins)
    if past is None:
        found.extend(_of_others(reading, order, known))
    known = _with_earlier(order, known)
    issued: list[str] = []
    if past is None:
        alike, billed = check_rows(reading, job, records, known.documents)
        found.extend(alike)
        known = known.also_billed(billed)
        issued, fresh = _issued_as(reading, order, known)
        if issued and not fresh:
            return (_nothing_left(order, known, issued, found),)
    found.extend(_unissued(order, known))
    drafts = engine.drafts(job, records, known, revise=order.revise)
    if issued and not any(draft.errors or _bills_more(draft) for draft in drafts):
        return (_nothing_left(order, known, issued, found),)
    return tuple(
        attrs.evolve(each, findings=tuple(dict.fromkeys((*found, *each.findings))))
        for each in drafts
    )


def issue_orders(
    store: Store, orders: Iterable[Order], act: Act, *, roles: Roles = OPEN
) -> tuple[Outcome, ...]:
    """Issue several jobs in one transaction: all of them, or none.

    Args:
        store: Where documents are kept.
        orders: The jobs, in the order of their numbers.
        act: Who issues, and when.
        roles: Who may do what.

    Raises:
        RefusedError: A job has errors, or the person may not do this; nothing was issued.
        ConflictError: The series has moved past a job's date, or a record is on another document.
        BusyError: Another writer held the store for too long.
    """
    roles.check(act, "issue")
    with store.write() as writing:
        outcomes = _issue(writing, tuple(orders), act, roles)
    return tuple(map(_told, outcomes))


def rehearse_orders(
    store: Store, orders: Iterable[Order], act: Act, *, roles: Roles = OPEN
) -> tuple[Outcome, ...]:
    """Return what `issue_orders` would issue, with the numbers it would give; nothing is kept."""
    roles.check(act, "issue")
    outcomes: tuple[Outcome, ...] = ()
    with contextlib.suppress(_RehearsedError), store.write() as writing:
        outcomes = _issue(writing, tuple(orders), act, roles)
        raise _RehearsedError
    return outcomes


def issue_order_in(writing: Writing, order: Order, act: Act) -> Outcome:
    """Work one job out and issue it, inside a transaction of the caller's.

    Raises:
        RefusedError: The job has errors, or its key was used for another bill.
        ConflictError: The series has moved past the job's date.
    """
    done = _entries_of_key(writing, order)
    past = before(writing, done[0], order.records, order.engine.plugins) if done else None
    drafts = work_out(writing, order, past)
    findings = [finding for draft in drafts for finding in draft.errors]
    if findings:
        raise RefusedError(dict.fromkeys(findings))
    if any(draft.worked_out is None for draft in drafts):
        return Outcome(order=order, drafts=drafts)
    documents = issue_all_in(
        writing, order.engine, drafts, series=order.series, act=act, key=order.key or None
    )
    return Outcome(order=order, drafts=drafts, documents=documents, again=bool(done))


def _issue(
    writing: Writing, orders: Sequence[Order], act: Act, roles: Roles
) -> tuple[Outcome, ...]:
    """Issue each order; the errors of all of them are collected first."""
    outcomes: list[Outcome] = []
    findings: list[Diagnostic] = []
    for order in orders:
        try:
            outcome = issue_order_in(writing, order, act)
            for document in () if outcome.again else outcome.documents:
                roles.approved(document.invoice.job, document.invoice.totals.payable)
            outcomes.append(outcome)
        except RefusedError as error:
            findings.extend(error.findings)
    if findings:
        raise RefusedError(findings)
    return tuple(outcomes)


def _entries_of_key(reading: Reading, order: Order) -> list[Entry]:
    found = reading.entry_of_key(order.key) if order.key else None
    return [found] if found else []


def _of_others(reading: Reading, order: Order, past: History) -> Iterable[Diagnostic]:
    """Refuse to take another seller's documents for the job's past, and their records for billed.

    Two companies may share a store, with series of their own; ids that mean one thing for each of
    them would leave work unbilled.
    """
    sellers = {each.number or "": each.invoice.seller.id for each in past.documents}
    for number in set(past.billed.values()) - sellers.keys():
        if (entry := reading.entry(number)) is not None:
            sellers[number] = unseal(entry, ()).invoice.seller.id
    own = order.job.seller.id
    if others := sorted(number for number, seller in sellers.items() if seller != own):
        message = (
            f"{others[0]}, which has the same subject or records as job {order.job.id!r}, is of"
            f" seller {sellers[others[0]]!r}, this job of {own!r}"
        )
        hint = "give each seller a store of its own: [store] path or url"
        yield Diagnostic("BH531", message, Severity.ERROR, order.job.origin, hint=hint)


def _bills_more(draft: Draft) -> bool:
    """Return whether a draft bills any record or claim: one of a job that was issued before."""
    return draft.worked_out is not None and bool(claimed_by(draft.worked_out))


def _issued_as(reading: Reading, order: Order, past: History) -> tuple[list[str], bool]:
    """Return the documents that this very job has become, and whether it has further records.

    Without any, no plugin is asked: it would see the job as one more bill after these.
    """
    job = order.job
    counting = {each.number or "": each.invoice for each in past.documents}
    entries = (reading.entry(n) for n in {*past.billed.values(), *counting})
    mine = [
        entry.number
        for entry in entries
        if entry is not None and (entry.job, entry.date) == (job.id, job.date)
    ]
    seen = {skip.key for n in mine if n in counting for skip in counting[n].skipped}
    fresh = any(
        not isinstance(record, Given) and record.key not in past.billed and record.key not in seen
        for record in order.records
    )
    return sorted(mine), fresh


def _nothing_left(
    order: Order, past: History, issued: Sequence[str], found: Sequence[Diagnostic]
) -> Draft:
    skipped = tuple(
        Skip(record.key, _("billed on {number}", number=past.billed[record.key]), record.origin)
        for record in order.records
        if record.key in past.billed
    )
    names = ", ".join(issued)
    message = f"job {order.job.id!r}: there is nothing left to bill, it was issued as {names}"
    nothing = Diagnostic("BH402", message, Severity.WARNING, order.job.origin)
    return Draft(job=order.job, findings=(*found, nothing), skipped=skipped, records=order.records)


def _with_earlier(order: Order, past: History) -> History:
    jobs = {document.invoice.job for document in past.documents}
    earlier = tuple(each for each in order.earlier if each.invoice.job not in jobs)
    return past.following(earlier) if earlier else past


def _unissued(order: Order, past: History) -> Iterable[Diagnostic]:
    """Refuse a job whose predecessor is not among the documents that count."""
    if order.follows and order.follows not in {each.invoice.job for each in past.documents}:
        yield Diagnostic(
            "BH510",
            f"job {order.job.id!r} follows {order.follows!r}, which is not issued, "
            "or was taken back",
            Severity.ERROR,
            order.job.origin,
            hint=f"issue {order.follows!r} first",
        )


def _told(outcome: Outcome) -> Outcome:
    if outcome.again:
        return outcome
    engine = outcome.order.engine
    heard = (finding for document in outcome.documents for finding in tell(engine, document))
    return attrs.evolve(outcome, findings=tuple(heard))
