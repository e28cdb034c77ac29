"""Issue requests: jobs computed with the store's history and issued, several in one transaction."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal

import attrs

from billhook.calculate.draft import Draft
from billhook.engine import Engine, Revise
from billhook.issue import codes
from billhook.issue.actor import Actor
from billhook.issue.claims import living
from billhook.issue.history import before, counts, history
from billhook.issue.issue import issue_all_in, tell
from billhook.issue.numbering import INVOICES, OPENINGS, NumberSeries
from billhook.issue.record_check import check_keys, check_rows
from billhook.issue.roles import OPEN, Roles
from billhook.issue.seal import seller_of, unseal
from billhook.kernel import codes as kernel_codes
from billhook.kernel.diagnostics import Diagnostic, Findings, Severity
from billhook.kernel.errors import InputError, RefusedError
from billhook.kernel.text import labels
from billhook.model.charge import Skip
from billhook.model.document import Document, History, claimed_by
from billhook.model.job import Job
from billhook.model.record import LookupRecord, Record
from billhook.store.protocol import Entry, Reading, Store, Writing
from billhook.store.rehearsal import Rehearsal

_: Final = labels("billhook")

BILLED_BEFORE = frozenset({"billed on {number}", "billed before"})
"""The reasons of records that another document had billed, as their labels have them."""

Further = Literal["", "skipped", "new"]
"""Records of an issued job beyond its documents: none, some that they skipped, or new ones."""

RECENT = 4
"""Number of recent documents of a subject that are searched for corrected rows."""


@attrs.frozen(kw_only=True)
class IssueRequest:
    """A job to be issued, with its records read.

    Attributes:
        engine: The job's plugins.
        job: The job.
        records: Its records; nothing is read inside a transaction.
        series: Where the numbers come from.
        key: Idempotency key; empty for none.
        earlier: Bills of the subject that were issued elsewhere, before the store's first.
        findings: What reading the job came to.
        revise: A reviewer's changes.
    """

    engine: Engine
    job: Job
    records: tuple[Record, ...]
    series: NumberSeries = INVOICES
    key: str = ""
    earlier: tuple[Document, ...] = ()
    findings: tuple[Diagnostic, ...] = ()
    revise: Revise = tuple


@attrs.frozen(kw_only=True)
class IssueOutcome:
    """Result of an issue request.

    Attributes:
        request: The request.
        drafts: What was worked out, with all findings.
        documents: What was issued; nothing when there was nothing left to bill.
        again: The request's key had issued these documents before.
        findings: What plugins reported after the documents were safe.
    """

    request: IssueRequest
    drafts: tuple[Draft, ...] = ()
    documents: tuple[Document, ...] = ()
    again: bool = False
    findings: tuple[Diagnostic, ...] = ()


def read_request(
    engine: Engine, job: Job, *, series: NumberSeries | None = None, key: str = ""
) -> IssueRequest:
    """Read a job's records and return the request to issue it.

    Args:
        engine: The job's plugins.
        job: The job.
        series: Where the number comes from; ``None`` takes invoices, or openings for an opening.
        key: Idempotency key; empty for none.

    Raises:
        InputError: The records have errors; the exception has all findings.
    """
    findings = Findings()
    records = tuple(engine.read(job, findings))
    if findings.errors:
        raise InputError(findings)
    return IssueRequest(
        engine=engine,
        job=job,
        records=records,
        series=series or (OPENINGS if job.opening else INVOICES),
        key=key,
        findings=tuple(findings),
    )


def issued_documents(reading: Reading, request: IssueRequest) -> tuple[Document, ...]:
    """Return what a job, of its day, has become, oldest first: its documents that count."""
    job, plugins = request.job, request.engine.plugins
    entries = list(reading.entries(subject=job.subject, job=job.id, date=job.date))
    return tuple(unseal(entry, plugins) for entry in entries if counts(reading, entry.number))


def work_out(
    reading: Reading,
    request: IssueRequest,
    past: History | None = None,
    *,
    waiting: Sequence[Document] = (),
) -> tuple[Draft, ...]:
    """Work a job out with what the store knows of its subject.

    The findings tell also which billed records were changed since.

    Args:
        reading: The store.
        request: The job.
        past: The history as it was when the job was issued, for who issues or compares it again.
        waiting: Bills before it that are not issued yet; who issues has none.
    """
    engine, job, records = request.engine, request.job, request.records
    claims = living(reading, job.subject, records)
    issued: list[str] = []
    found = [*request.findings, *check_keys(reading, job, records)]
    known = past or history(reading, job.subject, records, engine.plugins, claims)
    if past is None:
        mine = tuple(_own_documents(reading, request, known))
        found.extend(_of_others(reading, request, known))
        alike, billed = check_rows(reading, job, records, _recent(known, mine))
        found.extend(alike)
        known = known.also_billed(billed)
        issued, further = _issued_as(request, known, mine)
        if issued and not further:
            return (_nothing_left(request, known, issued, found),)
        if issued and further == "skipped":
            asked = _with_earlier(reading, request, known)
            tried = engine.drafts(job, records, asked, revise=request.revise)
            if not any(_bills_more(draft) and not draft.errors for draft in tried):
                return (_nothing_left(request, known, issued, found),)
        found.extend(_opened_late(request, known))
    known = _with_earlier(reading, request, known)
    if waiting:
        known = known.followed_by(waiting)
    found.extend(_require_predecessor(reading, request, waiting))
    if any(finding.severity is Severity.ERROR for finding in found):
        return (Draft(job=job, findings=tuple(dict.fromkeys(found)), records=records),)
    drafts = engine.drafts(job, records, known, revise=request.revise)
    if issued and not any(draft.errors or _bills_more(draft) for draft in drafts):
        return (_nothing_left(request, known, issued, found),)
    return tuple(
        attrs.evolve(each, findings=tuple(dict.fromkeys((*found, *each.findings))))
        for each in drafts
    )


def issue_requests(
    store: Store, requests: Iterable[IssueRequest], actor: Actor, *, roles: Roles = OPEN
) -> tuple[IssueOutcome, ...]:
    """Issue several jobs in one transaction: all of them, or none.

    Args:
        store: Where documents are kept.
        requests: The jobs, in the order of their numbers.
        actor: Who issues, and when.
        roles: Who may do what.

    Raises:
        RefusedError: A job has errors, or the person may not do this; nothing was issued.
        ConflictError: The series has moved past a job's date, or a record is on another document.
        BusyError: Another writer held the store for too long.
    """
    roles.check(actor, "issue")
    with store.write() as writing:
        outcomes = _issue(writing, tuple(requests), actor, roles)
    return tuple(map(_notify_plugins, outcomes))


def rehearse_requests(
    store: Store, requests: Iterable[IssueRequest], actor: Actor, *, roles: Roles = OPEN
) -> tuple[IssueOutcome, ...]:
    """Return what `issue_requests` would issue, with the numbers it would give; nothing is kept."""
    roles.check(actor, "issue")
    with Rehearsal(store).write() as writing:
        return _issue(writing, tuple(requests), actor, roles)


def issue_request_in(writing: Writing, request: IssueRequest, actor: Actor) -> IssueOutcome:
    """Work one job out and issue it, inside a transaction of the caller's.

    Raises:
        RefusedError: The job has errors, or its key was used for another bill.
        ConflictError: The series has moved past the job's date.
    """
    done = _entries_of_key(writing, request)
    past = before(writing, done[0], request.records, request.engine.plugins) if done else None
    drafts = work_out(writing, request, past)
    findings = [finding for draft in drafts for finding in draft.errors]
    if findings:
        raise RefusedError(dict.fromkeys(findings))
    if any(draft.worked_out is None for draft in drafts):
        return IssueOutcome(request=request, drafts=drafts)
    documents = issue_all_in(
        writing, request.engine, drafts, series=request.series, actor=actor, key=request.key or None
    )
    return IssueOutcome(request=request, drafts=drafts, documents=documents, again=bool(done))


def _issue(
    writing: Writing, requests: Sequence[IssueRequest], actor: Actor, roles: Roles
) -> tuple[IssueOutcome, ...]:
    """Issue each request; the errors of all of them are collected first."""
    outcomes: list[IssueOutcome] = []
    findings: list[Diagnostic] = []
    for request in requests:
        try:
            outcome = issue_request_in(writing, request, actor)
            for document in () if outcome.again else outcome.documents:
                roles.require_approval(document.invoice.job, document.invoice.totals.payable)
            outcomes.append(outcome)
        except RefusedError as error:
            findings.extend(error.findings)
    if findings:
        raise RefusedError(findings)
    return tuple(outcomes)


def _entries_of_key(reading: Reading, request: IssueRequest) -> list[Entry]:
    found = reading.entry_of_key(request.key) if request.key else None
    return [found] if found else []


def _own_documents(
    reading: Reading, request: IssueRequest, past: History
) -> Iterator[tuple[Document, bool]]:
    """Yield what this very job, of this day, has become, and whether that counts."""
    job = request.job
    billed = set(past.billed.values())
    for entry in reading.entries(subject=job.subject, job=job.id, date=job.date):
        counting = counts(reading, entry.number)
        if counting or entry.number in billed:
            yield unseal(entry, request.engine.plugins), counting


def _of_others(reading: Reading, request: IssueRequest, past: History) -> Iterator[Diagnostic]:
    """Refuse to take another seller's documents for the job's past, and their records for billed.

    Two companies may share a store, with series of their own; ids that mean one thing for each of
    them would leave work unbilled.  One document of each series is looked at, and the newest of
    the subject: what came before it was looked at when it was issued itself.
    """
    job = request.job
    seen = {each.series: each.number for each in reading.columns(past.billed.values())}
    sellers = {
        number: seller_of(entry) for number, entry in reading.entries_of(seen.values()).items()
    }
    if newest := next(reversed(past.documents), None):
        sellers[newest.number or ""] = newest.invoice.seller.id
    if others := sorted(number for number, seller in sellers.items() if seller != job.seller.id):
        message = (
            f"{others[0]}, which has the same subject or records as job {job.id!r}, was "
            f"issued by seller {sellers[others[0]]!r}; the seller of this job is "
            f"{job.seller.id!r}"
        )
        hint = "give each seller a store of its own: [store] path or url"
        yield Diagnostic(codes.OTHER_SELLER.id, message, Severity.ERROR, job.origin, hint=hint)


def _recent(past: History, mine: Iterable[tuple[Document, bool]]) -> list[Document]:
    """Return the newest documents of the subject, and what this very job has become."""
    own = [document for document, counting in mine if counting]
    numbers = {document.number for document in own}
    newest = itertools.islice(reversed(past.documents), RECENT)
    return [*own, *(document for document in newest if document.number not in numbers)]


def _bills_more(draft: Draft) -> bool:
    """Return whether a draft bills any record or claim: one of a job that was issued before."""
    return draft.worked_out is not None and bool(claimed_by(draft.worked_out))


def _issued_as(
    request: IssueRequest, past: History, mine: Iterable[tuple[Document, bool]]
) -> tuple[list[str], Further]:
    """Return the documents that this very job has become, and what it has beyond them.

    Without any further record no plugin is asked: it would see the job as one more bill after
    these.  A record that they skipped may be billable now, as its values changed or the job bills
    other days; one that they skipped as billed before is new again once that bill was taken back.
    """
    seen = {
        skip.key
        for document, counting in mine
        if counting
        for skip in document.invoice.skipped
        if getattr(skip.reason, "msgid", "") not in BILLED_BEFORE
    }
    left = {
        record.key
        for record in request.records
        if not isinstance(record, LookupRecord) and record.key not in past.billed
    }
    further: Further = "new" if left - seen else "skipped" if left else ""
    return sorted(document.number or "" for document, _ in mine), further


def _opened_late(request: IssueRequest, past: History) -> Iterator[Diagnostic]:
    """Refuse to open an account that has documents already."""
    newest = next(reversed(past.documents), None) if request.job.opening else None
    if newest is not None:
        yield Diagnostic(
            codes.ALREADY_OPENED.id,
            f"{request.job.subject!r} already has {newest.number}; an account can only be "
            "opened before its first bill",
            origin=request.job.origin,
            path="opening",
            hint="credit what was issued, newest first, then open the account",
        )


def _nothing_left(
    request: IssueRequest, past: History, issued: Sequence[str], found: Sequence[Diagnostic]
) -> Draft:
    skipped = tuple(
        Skip(record.key, _("billed on {number}", number=past.billed[record.key]), record.origin)
        for record in request.records
        if record.key in past.billed
    )
    names = ", ".join(issued)
    message = f"job {request.job.id!r}: there is nothing left to bill, it was issued as {names}"
    nothing = Diagnostic(
        kernel_codes.NOTHING_TO_BILL.id, message, Severity.WARNING, request.job.origin
    )
    return Draft(
        job=request.job, findings=(*found, nothing), skipped=skipped, records=request.records
    )


def _with_earlier(reading: Reading, request: IssueRequest, past: History) -> History:
    earlier = tuple(
        each for each in request.earlier if not _is_issued(reading, request, each.invoice.job)
    )
    return past.following(earlier) if earlier else past


def _is_issued(reading: Reading, request: IssueRequest, job: str) -> bool:
    """Return whether a document of a job of the same subject counts."""
    entries = reading.entries(subject=request.job.subject, job=job)
    return any(counts(reading, number) for number in [entry.number for entry in entries])


def _require_predecessor(
    reading: Reading, request: IssueRequest, waiting: Sequence[Document]
) -> Iterator[Diagnostic]:
    """Refuse a job whose predecessor is not among the documents that count."""
    job = request.job
    known = any(each.invoice.job == job.follows for each in (*request.earlier, *waiting))
    if job.follows and not known and not _is_issued(reading, request, job.follows):
        yield Diagnostic(
            kernel_codes.EARLIER_NOT_ISSUED.id,
            f"job {job.id!r} follows {job.follows!r}, which is not issued, or was credited",
            Severity.ERROR,
            job.origin,
            hint=f"issue {job.follows!r} first",
        )


def _notify_plugins(outcome: IssueOutcome) -> IssueOutcome:
    if outcome.again:
        return outcome
    engine = outcome.request.engine
    heard = (finding for document in outcome.documents for finding in tell(engine, document))
    return attrs.evolve(outcome, findings=tuple(heard))
