"""Corrections: issuing credit notes, and voiding documents that were not sent.

Nothing that was issued changes.  A credit note is a document of its own, type 381, with positive
amounts; one that takes everything back has the very figures of the document.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

import attrs

from billhook.calculate.draft import Draft
from billhook.credit.balance import CreditedDocument
from billhook.credit.note import Correction, date_credit, draft_credit, job_of
from billhook.credit.release import FreedClaims, release_records
from billhook.engine import Engine
from billhook.issue import codes
from billhook.issue.accumulators import take_back, voiding
from billhook.issue.actor import Actor, audit_entry, require_reason
from billhook.issue.delivery import find_sending
from billhook.issue.history import (
    CORRECTIONS,
    CREDITED,
    REVERSED,
    VOIDED,
    effective,
    find_void,
    issues,
)
from billhook.issue.issue import issue_in, tell
from billhook.issue.numbering import CREDITS, NumberSeries
from billhook.issue.roles import OPEN, Roles
from billhook.issue.seal import unseal
from billhook.kernel.diagnostics import Diagnostic, Severity
from billhook.kernel.errors import RefusedError
from billhook.model.charge import claims_of
from billhook.model.document import Document
from billhook.model.invoice import Invoice, Line
from billhook.store.protocol import DocumentLink, Entry, Reading, Store, Writing
from billhook.store.rehearsal import Rehearsal


@attrs.frozen
class Corrected:
    """A correction that was made.

    Attributes:
        document: The credit note; of a document that was voided, the document itself.
        released: How many records can be billed again.
        findings: What needs eyes.
        waits: Numbers of the other payers' documents that have to give the records back too.
    """

    document: Document
    released: int
    findings: tuple[Diagnostic, ...] = ()
    waits: tuple[str, ...] = ()


def credit(
    engine: Engine,
    store: Store,
    number: str,
    correction: Correction,
    actor: Actor,
    *,
    series: NumberSeries = CREDITS,
    roles: Roles = OPEN,
) -> Corrected:
    """Issue a credit note on a document.

    Args:
        engine: The plugins of the document.
        store: Where documents are kept.
        number: Number of the document.
        correction: What shall be taken back.
        actor: Who corrects, when and why.
        series: Where the number comes from.
        roles: Who may do what.

    Raises:
        RefusedError: BH501 no such document, BH504 more than is left, BH506 voided or gone
            already, BH507 no reason, BH508 not allowed.
        ConflictError: The series has moved past the date.
    """
    require_reason(actor, "a credit note")
    with store.write() as writing:
        corrected = credit_in(writing, engine, number, correction, actor, series, roles)
    heard = tell(engine, corrected.document)
    return attrs.evolve(corrected, findings=(*corrected.findings, *heard))


def rehearse_credit(
    engine: Engine,
    store: Store,
    number: str,
    correction: Correction,
    actor: Actor,
    *,
    series: NumberSeries = CREDITS,
    roles: Roles = OPEN,
) -> Corrected:
    """Return the credit note that `credit` would issue, with its number; nothing is kept."""
    require_reason(actor, "a credit note")
    with Rehearsal(store).write() as writing:
        return credit_in(writing, engine, number, correction, actor, series, roles)


def credit_in(
    writing: Writing,
    engine: Engine,
    number: str,
    correction: Correction,
    actor: Actor,
    series: NumberSeries = CREDITS,
    roles: Roles = OPEN,
) -> Corrected:
    """Issue a credit note inside a transaction of the caller's."""
    billed = billed_of(writing, number, engine)
    check_correctable(writing, billed)
    invoice = date_credit(draft_credit(billed, correction), billed, correction, actor)
    roles.check(actor, "correct", [invoice.totals.gross])
    after = billed.with_credit(invoice)
    whole = after.gone
    link = DocumentLink(source="", target=number, kind=REVERSED if whole else CREDITED)
    draft = Draft(job=job_of(invoice), worked_out=invoice)
    issued = issue_in(writing, engine, draft, series=series, actor=actor, links=[link])
    take_back(writing, billed.invoice, number, issued.number or "", () if whole else after.left)
    freed = FreedClaims()
    if correction.release:
        keys = _records(billed, invoice)
        freed = release_records(writing, billed.document, issued.number or "", engine.plugins, keys)
    facts = json.dumps({"credit": issued.number, **freed.facts}, sort_keys=True)
    subject = invoice.subject
    writing.append(audit_entry("credited", actor, document=number, subject=subject, payload=facts))
    found = tuple(_warn_built_upon(writing, billed.document, engine))
    return Corrected(issued, freed.records, found, freed.waits)


def void(
    engine: Engine, store: Store, number: str, actor: Actor, *, release: bool, roles: Roles = OPEN
) -> Corrected:
    """Void a document that was not sent: it keeps its number, and counts for nothing.

    Args:
        engine: The plugins of the document.
        store: Where documents are kept.
        number: Number of the document.
        actor: Who voids, when and why.
        release: Whether its records can be billed again.
        roles: Who may do what.

    Raises:
        RefusedError: BH501 no such document, BH505 it was sent, BH506 it is voided or credited
            already or is a credit note, BH507 no reason, BH508 not allowed.
    """
    require_reason(actor, "voiding")
    with store.write() as writing:
        billed = billed_of(writing, number, engine)
        roles.check(actor, "correct", [billed.invoice.totals.gross])
        check_correctable(writing, billed)
        _voidable(writing, billed)
        take_back(writing, billed.invoice, number, voiding(number), ())
        freed = FreedClaims()
        if release:
            freed = release_records(writing, billed.document, voiding(number), engine.plugins)
        facts = json.dumps(freed.facts, sort_keys=True)
        subject = billed.invoice.subject
        writing.append(audit_entry(VOIDED, actor, document=number, subject=subject, payload=facts))
        found = tuple(_warn_built_upon(writing, billed.document, engine))
    return Corrected(billed.document, freed.records, found, freed.waits)


def billed_of(reading: Reading, number: str, engine: Engine) -> CreditedDocument:
    """Return a document with its credit notes.

    Raises:
        RefusedError: BH501: there is no such document.
    """
    entry = reading.entry(number)
    if entry is None:
        message = f"there is no document {number!r}"
        raise RefusedError(
            [Diagnostic(codes.NO_DOCUMENT.id, message, hint="see billhook invoice list")]
        )
    notes = (unseal(each, engine.plugins) for each in credits_of(reading, number))
    return CreditedDocument(unseal(entry, engine.plugins), tuple(notes))


def credits_of(reading: Reading, number: str) -> list[Entry]:
    """Return the credit notes of a document, in the order of issue."""
    found = (
        reading.entry(link.source)
        for link in reading.links(number)
        if link.target == number and link.kind in CORRECTIONS
    )
    return sorted((e for e in found if e is not None), key=lambda e: (e.issued_at, e.position))


# ── what stands against it ───────────────────────────────────────────────────


def check_correctable(reading: Reading, billed: CreditedDocument) -> None:
    """Refuse to correct what is void, gone already, or a credit note.

    Raises:
        RefusedError: BH506.
    """
    number = billed.document.number or ""
    if (line := find_void(reading, number)) is not None:
        message = f"{number} was voided on {line.at} by {line.by}: {line.reason}"
        raise _refusal(message, BILL_ANEW)
    links = reading.links(number)
    if any(link.source == number and link.kind in CORRECTIONS for link in links):
        message = f"{number} is a credit note, which cannot be credited or voided itself"
        raise _refusal(message, "bill what was credited again, with a new job or --rebill")
    for link in links:
        if link.target == number and link.kind == REVERSED:
            raise _refusal(f"{number} was already credited in full by {link.source}", BILL_ANEW)


def _voidable(reading: Reading, billed: CreditedDocument) -> None:
    number = billed.document.number or ""
    if billed.credits:
        raise _refusal(f"{number} was credited by {billed.credits[0].number}", "credit the rest")
    if (line := find_sending(reading, number)) is not None:
        message = f"{number} was sent on {line.at} by {line.by}"
        hint = f"billhook credit {number}"
        raise RefusedError([Diagnostic(codes.ALREADY_SENT.id, message, hint=hint)])


BILL_ANEW = "nothing is left to correct; work that was released is billed with billhook issue"


def _refusal(message: str, hint: str) -> RefusedError:
    return RefusedError([Diagnostic(codes.ALREADY_CORRECTED.id, message, hint=hint)])


def _warn_built_upon(reading: Reading, document: Document, engine: Engine) -> Iterable[Diagnostic]:
    """Warn when later documents count what this one billed as billed before."""
    number = document.number or ""
    place = max((each.position for each in issues(reading, number)), default=0)
    if not document.invoice.states:
        return
    later = [
        each.number or ""
        for each in effective(reading, document.invoice.subject, engine.plugins)
        if any(line.position > place for line in issues(reading, each.number or ""))
    ]
    if later:
        verbs = ("was", "counts") if len(later) == 1 else ("were", "count")
        names = ", ".join(later)
        message = f"{names} {verbs[0]} calculated with {number} and still {verbs[1]} it as billed"
        hint = "credit them too, newest first, then bill again in order"
        yield Diagnostic(codes.LATER_DOCUMENTS.id, message, Severity.WARNING, hint=hint)


# ── records ──────────────────────────────────────────────────────────────────


def _records(billed: CreditedDocument, credit: Invoice) -> frozenset[str]:
    """Return the records that a credit takes back: those of its lines, with no line left.

    What earlier credits took back with their records kept, stays kept.
    """
    after, invoice = billed.with_credit(credit), billed.invoice
    ids = {line.id for line in credit.lines}
    if after.gone:  # nothing can be credited after this: lines worth nothing go with it
        ids |= {line.id for line in after.left}
    own = {key for line in invoice.lines if line.id in ids for key in _list_claims(line, invoice)}
    if after.gone:
        return frozenset(own | _list_consumed(invoice))
    left = {key for line in after.left for key in _list_claims(line, invoice)}
    return frozenset(own - left)


def _list_claims(line: Line, invoice: Invoice) -> tuple[str, ...]:
    """Return what a line claims: records and other keys."""
    return (*line.sources, *claims_of(line, invoice.subject, invoice.job, invoice.period))


def _list_consumed(invoice: Invoice) -> frozenset[str]:
    """Return what a bill claims and no line names: records, and the keys of adjustments."""
    named = {key for line in invoice.lines for key in line.sources}
    records = {record.key for record in invoice.records if record.key not in named}
    return frozenset(records.union(*(applied.claims for applied in invoice.adjustments)))
