"""Checks of one document against the columns, claims, links and credit notes around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import groupby

import attrs

from billhook.archive.payload_types import ArchiveError
from billhook.audit.log_check import Log
from billhook.credit.balance import CreditedDocument, excess
from billhook.issue import codes
from billhook.issue.accumulators import differing, voiding
from billhook.issue.archived_files import format_proof
from billhook.issue.claims import fits
from billhook.issue.history import CORRECTIONS
from billhook.issue.issue_log import disagreeing
from billhook.issue.seal import minor_units, unseal
from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.figure import disagreements
from billhook.kernel.money import find_currency
from billhook.model.document import Document
from billhook.model.invoice import Invoice
from billhook.plugins.loading import Plugin
from billhook.store.protocol import (
    Claim,
    Count,
    DocumentLink,
    Entry,
    FileProof,
    FiscalSeal,
    Reading,
)
from billhook.store.transaction_guard import next_step


def check_columns(entry: Entry, document: Document) -> Iterator[Diagnostic]:
    """Compare the columns with the sealed document."""
    invoice = document.invoice
    totals = invoice.totals
    sealed: dict[str, object] = {
        "number": document.number,
        "type_code": invoice.type_code,
        "series": document.series,
        "sequence": document.sequence,
        "job": invoice.job,
        "subject": invoice.subject,
        "customer": invoice.buyer.id,
        "date": invoice.date,
        "issued_at": document.issued_at,
        "currency": invoice.currency,
        "net": minor_units(totals.net),
        "tax": minor_units(totals.tax),
        "gross": minor_units(totals.gross),
        "payable": minor_units(totals.payable),
    }
    for name, value in sealed.items():
        if getattr(entry, name) != value:
            found = getattr(entry, name)
            yield Diagnostic(
                codes.COLUMN.id, f"{entry.number}: column {name} says {found}, sealed is {value}"
            )


def check_parts(number: str, invoice: Invoice) -> Iterator[Diagnostic]:
    """Compare each amount on the whole bill with the parts of it that fall on its lines.

    Rounding parts them by at most a smallest unit for each part: sets of lines, and lines under
    a policy of tax by line, are rounded for themselves.
    """
    currency, policy = find_currency(invoice.currency), invoice.policy
    unit = Fraction(max(currency.step, policy.line.grid(currency), policy.tax.grid(currency)))
    known = {line.id for line in invoice.lines}
    sums = [(f"adjustment {each.id}", each.amount, each.parts) for each in invoice.adjustments]
    sums += [(f"tax {row}", each.amount, each.parts) for row, each in enumerate(invoice.taxes, 1)]
    for name, amount, parts in sums:
        wrong = tuple(disagreements(*(part.amount for part in parts)))
        strangers = {part.line for part in parts} - known
        whole = sum((Fraction(part.amount.exact) for part in parts), Fraction(0))
        far = parts and abs(whole - Fraction(amount.value)) > len(parts) * unit
        if wrong or strangers or far:
            yield Diagnostic(
                codes.FIGURE.id,
                f"{number}: {name} is {amount.value}, the parts on its lines say otherwise",
            )


@attrs.frozen
class Around:
    """Rows of the store's other tables that belong to a document.

    Attributes:
        claims: Its claims, living and released.
        links: Relations from it and to it.
        seals: Its fiscal seals.
        files: Its output files.
    """

    claims: tuple[Claim, ...]
    links: tuple[DocumentLink, ...]
    seals: tuple[FiscalSeal, ...] = ()
    files: tuple[FileProof, ...] = ()


def check_relations(
    entry: Entry, document: Document, around: Around, log: Log
) -> Iterator[Diagnostic]:
    """Compare claims, links, seals and files with the sealed document and with the log."""
    number, claims = entry.number, around.claims
    if not fits(document, (claim.key for claim in claims)):
        yield Diagnostic(
            codes.CLAIM.id, f"{number}: its claims are not on the records that it bills"
        )
    yield from _check_releases(number, claims, log)
    if number not in log.issued:
        yield Diagnostic(
            codes.AUDIT_LOG.id, f"{number} exists, but the log does not record that it was issued"
        )
        return
    kept = log.issued[number]
    for name, found, was in disagreeing(kept, entry, around.links, claims, around.seals):
        code = codes.CLAIM.id if name == "claims" else codes.COLUMN.id
        both = "" if name == "claims" else f": {found}, was {was}"
        yield Diagnostic(code, f"{number}: {name} differs from what the log recorded{both}")
    proofs = {proof.name: format_proof(proof) for proof in around.files}
    if proofs != log.filed.get(number, {}):
        yield Diagnostic(
            codes.ARCHIVED_FILE.id, f"{number}: its files are not those that the log recorded"
        )


def _check_releases(number: str, claims: Iterable[Claim], log: Log) -> Iterator[Diagnostic]:
    freed = [claim for claim in claims if claim.released_by]
    known = log.releasers.get(number, frozenset())
    for claim in freed:
        if claim.released_by not in known:
            message = f"{number}: claim on {claim.key!r} was released by {claim.released_by!r}"
            yield Diagnostic(codes.CLAIM.id, f"{message}, of which the log knows nothing")
    if len(freed) != log.released.get(number, 0):
        message = f"{number}: {len(freed)} claims are released"
        yield Diagnostic(codes.CLAIM.id, f"{message}, the log has {log.released.get(number, 0)}")


def check_credits(
    steps: Iterable[Count],
    known: Mapping[str, Entry],
    entry: Entry,
    document: Document,
    links: Iterable[DocumentLink],
    plugins: Iterable[Plugin],
    log: Log,
) -> Iterator[Diagnostic]:
    """Compare a document with its credit notes, cell by cell, and with what it counts."""
    plugins = tuple(plugins)
    own = [link for link in links if link.kind in CORRECTIONS]
    notes = [
        known[link.source] for link in own if link.target == entry.number and link.source in known
    ]
    try:
        billed = CreditedDocument(document, tuple(unseal(note, plugins) for note in notes))
    except ArchiveError:
        return  # said where the note itself is looked at
    for text in excess(billed):
        yield Diagnostic(
            codes.CREDITS_EXCEED.id, f"{entry.number}: credits exceed the document: {text}"
        )
    voided = voiding(entry.number) in log.releasers.get(entry.number, frozenset())
    corrects = any(link.source == entry.number for link in own)
    left = () if voided or corrects or (notes and billed.gone) else billed.left
    for text in differing(steps, billed.invoice, left):
        yield Diagnostic(codes.ACCUMULATOR.id, f"{entry.number}: {text}")


def check_totals(reading: Reading) -> Iterator[Diagnostic]:
    """Add the steps of every accumulator up again."""
    for key, steps in groupby(reading.counts(), key=lambda step: step.key):
        last: Count | None = None
        for step in steps:
            expected = next_step(step, last)
            if expected != step:
                yield Diagnostic(
                    codes.ACCUMULATOR.id, f"{key}: step {step.position} does not follow the last"
                )
            last = step
