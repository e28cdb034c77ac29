"""Issuing: one transaction claims the records, takes the number, seals and chains the document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import attrs

from billhook.diagnostics import Diagnostic, Severity
from billhook.draft import Draft
from billhook.engine import Engine
from billhook.errors import BillhookError, RefusedError
from billhook.issuing.numbering import Series
from billhook.issuing.sealing import seal, unseal
from billhook.model.document import Document
from billhook.model.record import Record, content
from billhook.store.protocol import Claim, FiscalSeal, Happening, Link, Store, Writing

ISSUED = "issued"
"""Kind of the happening that records an issue in the audit log."""


@attrs.frozen(kw_only=True)
class Act:
    """Who does something, when, and why.

    Attributes:
        by: The person.
        at: The moment, UTC; the edge reads the clock, nobody else.
        reason: Why, where a reason is asked for.
    """

    by: str
    at: dt.datetime
    reason: str = ""


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
    series: Series,
    act: Act,
    key: str | None = None,
    links: Iterable[Link] = (),
) -> Issued:
    """Issue a draft: from here on it does not change.

    Args:
        engine: The plugins that worked the draft out.
        store: Where documents are kept.
        draft: The bill.
        series: Where the number comes from.
        act: Who issues, and when.
        key: Idempotency key: the same key issues once and gives the same document again.
        links: Relations to earlier documents; the source is filled in.

    Raises:
        RefusedError: The draft has errors, or the key was used for another bill.
        ConflictError: A record is on another document by now, or the series has moved on.
        BusyError: Another writer held the store for too long.
    """
    if not draft.ok:
        raise RefusedError(draft.findings)
    with store.write() as writing:
        document = issue_in(writing, engine, draft, series=series, act=act, key=key, links=links)
    return Issued(document, tuple(_tell(engine, document)))


def issue_in(
    writing: Writing,
    engine: Engine,
    draft: Draft,
    *,
    series: Series,
    act: Act,
    key: str | None = None,
    links: Iterable[Link] = (),
) -> Document:
    """Issue inside a transaction of the caller's; it is issued when that is committed."""
    if key is not None and (done := writing.entry_of_key(key)) is not None:
        return _again(unseal(done, engine.plugins), draft, key)
    invoice = draft.invoice
    period = series.period(invoice.date)
    sequence = writing.next_sequence(series.id, period, invoice.date)
    number = engine.hooks.number(draft.job, invoice, sequence) or series.number(
        sequence, invoice.date
    )
    document = Document(
        invoice=invoice, number=number, series=series.id, sequence=sequence, issued_at=act.at
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
    writing.add(entry, [attrs.evolve(link, source=number) for link in links])
    writing.claim(_claims(document, draft.records))
    sealed = attrs.evolve(document, previous=entry.previous, digest=entry.digest)
    _fiscal(writing, engine, sealed)
    writing.append(
        happening(ISSUED, act, document=number, subject=invoice.subject, at=invoice.date)
    )
    return sealed


def happening(
    kind: str,
    act: Act,
    *,
    document: str = "",
    subject: str = "",
    at: dt.date | None = None,
    payload: str = "{}",
) -> Happening:
    """Return a line of the audit log for an act."""
    return Happening(
        kind=kind,
        subject=subject,
        document=document,
        at=at or act.at.date(),
        recorded_at=act.at,
        by=act.by,
        reason=act.reason,
        payload=payload,
    )


def _again(document: Document, draft: Draft, key: str) -> Document:
    if document.invoice != draft.invoice:
        message = f"key {key!r} issued {document.number} before, with other content"
        raise RefusedError([Diagnostic("BH502", message)])
    return document


def _claims(document: Document, records: Iterable[Record]) -> list[Claim]:
    contents = {record.key: content(record) for record in records}
    number = document.number or ""
    return [
        Claim(key=record.key, document=number, content=contents.get(record.key, "{}"))
        for record in document.invoice.records
    ]


def _fiscal(writing: Writing, engine: Engine, document: Document) -> None:
    schemes = [plugin.info.seal_scheme for plugin in engine.plugins if plugin.info.seal_scheme]
    newest = {scheme: writing.last_seal(scheme) for scheme in schemes}
    previous = {scheme: seal.value for scheme, seal in newest.items() if seal is not None}
    for made in engine.hooks.seal(document, previous):
        writing.add_seal(
            FiscalSeal(document=document.number or "", scheme=made.scheme, value=made.value)
        )


def _tell(engine: Engine, document: Document) -> Iterable[Diagnostic]:
    """Tell plugins; one that breaks is reported, and the document stays issued."""
    try:
        engine.hooks.issued(document)
    except BillhookError as error:
        yield Diagnostic("BH209", f"{document.number} is issued; {error}", Severity.WARNING)
