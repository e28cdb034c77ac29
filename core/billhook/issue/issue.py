"""Issuing: one transaction claims the records, takes the number, seals and chains the document."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from billhook.archive.payload_types import Pockets
from billhook.archive.writer import dump
from billhook.calculate.draft import Draft
from billhook.engine import Engine
from billhook.issue import codes
from billhook.issue.accumulators import count_document, require_current
from billhook.issue.actor import Actor, audit_entry
from billhook.issue.claims import claims_for, payer_id
from billhook.issue.history import CORRECTIONS, ISSUED
from billhook.issue.issue_log import receipt
from billhook.issue.numbering import NumberSeries
from billhook.issue.owed import owed_of
from billhook.issue.restore import require_unlost
from billhook.issue.roles import OPEN, Roles
from billhook.issue.seal import seal, unseal
from billhook.kernel import codes as kernel_codes
from billhook.kernel.diagnostics import Diagnostic, Severity
from billhook.kernel.errors import BillhookError, RefusedError
from billhook.model.document import Document
from billhook.store.protocol import DocumentLink, Entry, FiscalSeal, Store, Writing


@attrs.frozen
class Issued:
    """An issued document, and what plugins reported after it was safe."""

    document: Document
    findings: tuple[Diagnostic, ...] = ()


def issue(
    engine: Engine,
    store: Store,
    draft: Draft,
    *,
    series: NumberSeries,
    actor: Actor,
    key: str | None = None,
    links: Iterable[DocumentLink] = (),
    roles: Roles = OPEN,
) -> Issued:
    """Issue a draft: from here on it does not change.

    Args:
        engine: The plugins that worked the draft out.
        store: Where documents are kept.
        draft: The bill.
        series: Where the number comes from.
        actor: Who issues, and when.
        key: Idempotency key: the same key issues once and gives the same document again.
        links: Relations to earlier documents; the source is filled in.
        roles: Who may do what.

    Raises:
        RefusedError: The draft has errors, the key was used for another bill, or the person may
            not issue.
        ConflictError: A record is on another document by now, what the draft was worked out on has
            changed, or the series has moved on.
        BusyError: Another writer held the store for too long.
    """
    roles.check(actor, "issue")
    if not draft.ok:
        raise RefusedError(draft.findings)
    roles.require_approval(draft.job.id, draft.invoice.totals.payable)
    with store.write() as writing:
        document = issue_in(
            writing, engine, draft, series=series, actor=actor, key=key, links=links
        )
    return Issued(document, tuple(tell(engine, document)))


def issue_in(
    writing: Writing,
    engine: Engine,
    draft: Draft,
    *,
    series: NumberSeries,
    actor: Actor,
    key: str | None = None,
    links: Iterable[DocumentLink] = (),
    payer: str = "",
) -> Document:
    """Issue inside a transaction of the caller's; it is issued when that is committed.

    Args:
        writing: The transaction.
        engine: The plugins that worked the draft out.
        draft: The bill.
        series: Where the number comes from.
        actor: Who issues, and when.
        key: Idempotency key.
        links: Relations to earlier documents; the source is filled in.
        payer: Id of the payer, for the second document of a split bill and those after it.

    Raises:
        RefusedError: The key was used for another bill.
        ConflictError: A record is on another document by now, what the draft was worked out on has
            changed, or the series has moved on.
    """
    if key is not None and (done := writing.entry_of_key(key)) is not None:
        return _again(done, draft, engine)
    if not payer:
        require_current(writing, draft, frozenset(Pockets(engine.plugins).types))
    document, entry = _seal_draft(writing, engine, draft, series, actor, key)
    number = entry.number
    related = [attrs.evolve(link, source=number) for link in links]
    corrects = any(link.kind in CORRECTIONS for link in related)
    claims = claims_for(document, draft.records, payer, corrects=corrects)
    writing.add(entry, related)
    writing.claim(claims)
    if not corrects:
        count_document(writing, document)
    seals = _fiscal(writing, engine, document)
    invoice = document.invoice
    facts = receipt(entry, related, claims, seals, owed_of(invoice))
    writing.append(
        audit_entry(
            ISSUED,
            actor,
            document=number,
            subject=invoice.subject,
            at=invoice.date,
            payload=facts,
        )
    )
    return document


def issue_all_in(
    writing: Writing,
    engine: Engine,
    drafts: Iterable[Draft],
    *,
    series: NumberSeries,
    actor: Actor,
    key: str | None = None,
) -> tuple[Document, ...]:
    """Issue the drafts of one job, one for each payer, inside a transaction of the caller's."""
    documents = []
    for place, draft in enumerate(drafts):
        payer = payer_id(Document(invoice=draft.invoice)) if place else ""
        own = f"{key}@{payer}" if key and payer else key
        documents.append(
            issue_in(writing, engine, draft, series=series, actor=actor, key=own, payer=payer)
        )
    return tuple(documents)


def tell(engine: Engine, document: Document) -> Iterable[Diagnostic]:
    """Tell plugins; one that breaks is reported, and the document stays issued."""
    try:
        engine.hooks.notify_issued(document)
    except BillhookError as error:
        yield Diagnostic(
            kernel_codes.BROKEN_PLUGIN.id, f"{document.number} is issued; {error}", Severity.WARNING
        )


def _seal_draft(
    writing: Writing,
    engine: Engine,
    draft: Draft,
    series: NumberSeries,
    actor: Actor,
    key: str | None,
) -> tuple[Document, Entry]:
    """Take the next number and return the document with it, sealed."""
    invoice = draft.invoice
    period = series.period(invoice.date)
    require_unlost(writing, series, invoice.date)
    sequence = writing.next_sequence(series.id, period, invoice.date)
    shown = series.number_at(sequence, invoice.date)
    number = engine.hooks.number(draft.job, invoice, shown) or series.number(sequence, invoice.date)
    document = Document(
        invoice=invoice, number=number, series=series.id, sequence=sequence, issued_at=actor.at
    )
    head = writing.head(series.chain_id)
    entry = seal(
        document,
        engine.plugins,
        chain=series.chain_id,
        period=period,
        head=head,
        key=key or number,
    )
    return attrs.evolve(document, previous=entry.previous, digest=entry.digest), entry


def _again(done: Entry, draft: Draft, engine: Engine) -> Document:
    document = unseal(done, engine.plugins)
    same = attrs.evolve(document, invoice=draft.invoice, previous="", digest="")
    if dump(same, engine.plugins) != done.payload:
        message = (
            f"key {done.key!r} was already used for {document.number}, which has other content"
        )
        hint = f"use another key, or see billhook invoice show {document.number}"
        raise RefusedError([Diagnostic(codes.KEY_REUSED.id, message, hint=hint)])
    return document


def _fiscal(writing: Writing, engine: Engine, document: Document) -> list[FiscalSeal]:
    schemes = [plugin.info.seal_scheme for plugin in engine.plugins if plugin.info.seal_scheme]
    newest = {scheme: writing.last_seal(scheme) for scheme in schemes}
    previous = {scheme: seal.value for scheme, seal in newest.items() if seal is not None}
    seals = [
        FiscalSeal(document=document.number or "", scheme=made.scheme, value=made.value)
        for made in engine.hooks.seal(document, previous)
    ]
    for each in seals:
        writing.add_seal(each)
    return seals
