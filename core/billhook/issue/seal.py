"""Sealing: serialization of a document to the bytes that are archived, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable

import attrs

from billhook.archive.reader import load
from billhook.archive.writer import dump
from billhook.kernel.figure import Figure
from billhook.kernel.money import find_currency
from billhook.model.document import Document
from billhook.plugins.loading import Plugin
from billhook.store.digests import document_digest
from billhook.store.protocol import Entry, Head


def seal(
    document: Document,
    plugins: Iterable[Plugin],
    *,
    chain: str,
    period: str,
    head: Head,
    key: str,
) -> Entry:
    """Return the entry of a document at the end of its chain.

    The payload is the document in its canonical form, without the digests, which depend on it.
    """
    payload = dump(attrs.evolve(document, previous="", digest=""), plugins)
    invoice = document.invoice
    totals = invoice.totals
    if document.number is None or document.sequence is None or document.issued_at is None:
        raise ValueError("a document is sealed with number, sequence and time of issue")
    return Entry(
        number=document.number,
        type_code=invoice.type_code,
        series=document.series,
        period=period,
        sequence=document.sequence,
        chain=chain,
        position=head.position + 1,
        key=key,
        job=invoice.job,
        subject=invoice.subject,
        customer=invoice.buyer.id,
        date=invoice.date,
        issued_at=document.issued_at,
        currency=invoice.currency,
        minor=find_currency(invoice.currency).minor,
        net=minor_units(totals.net),
        tax=minor_units(totals.tax),
        gross=minor_units(totals.gross),
        payable=minor_units(totals.payable),
        payload=payload,
        previous=head.digest,
        digest=document_digest(head.digest, payload),
    )


def unseal(entry: Entry, plugins: Iterable[Plugin]) -> Document:
    """Return the document of an entry, with the digests of its chain."""
    document = load(entry.payload, plugins)
    return attrs.evolve(document, previous=entry.previous, digest=entry.digest)


def seller_of(entry: Entry) -> str:
    """Return the id of an entry's seller, without reading the rest of the document."""
    tree = json.loads(entry.payload)
    return str(tree["document"]["invoice"]["seller"]["id"])


def minor_units(amount: Figure) -> int:
    """Return an amount as a whole number of its currency's minor unit.

    Raises:
        ValueError: The amount is off the currency's grid.
    """
    units = amount.value.scaleb(find_currency(amount.unit).minor)
    if units != units.to_integral_value():
        raise ValueError(f"{amount.value} {amount.unit} is not a whole number of minor units")
    return int(units)
