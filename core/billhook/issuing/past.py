"""The past of a subject, as the store has it: what counts, and what is billed."""

from __future__ import annotations

import json
from collections.abc import Iterable

from billhook.archive import Pockets
from billhook.issuing.sealing import unseal
from billhook.loading import Plugin
from billhook.model.document import Document, History
from billhook.model.record import Event, Record
from billhook.store.protocol import Reading

CREDITED = "credits"
"""Link of a credit note that takes a document back in part."""

REVERSED = "reverses"
"""Link of a credit note that takes a document back whole: it no longer counts as history."""

VOIDED = "voided"
"""Kind of the happening that voids a document before it was sent."""


def history(
    reading: Reading, subject: str, records: Iterable[Record], plugins: Iterable[Plugin]
) -> History:
    """Return a subject's history: effective documents, events, and the claims on records."""
    plugins = tuple(plugins)
    documents = tuple(effective(reading, subject, plugins))
    claims = reading.claims(record.key for record in records)
    billed = {key: claim.document for key, claim in claims.items()}
    return History(documents, events(reading, subject, plugins), billed)


def effective(reading: Reading, subject: str, plugins: Iterable[Plugin]) -> Iterable[Document]:
    """Yield the documents that count: not voided, not taken back whole, no credit notes."""
    plugins = tuple(plugins)
    gone = {each.document for each in reading.happenings(kind=VOIDED)}
    for entry in sorted(reading.entries(subject=subject), key=lambda e: (e.issued_at, e.position)):
        links = reading.links(entry.number)
        corrects = any(
            link.source == entry.number and link.kind in {CREDITED, REVERSED} for link in links
        )
        reversed_ = any(link.target == entry.number and link.kind == REVERSED for link in links)
        if entry.number not in gone and not corrects and not reversed_:
            yield unseal(entry, plugins)


def events(reading: Reading, subject: str, plugins: Iterable[Plugin]) -> tuple[Event, ...]:
    """Return the plugins' typed events of a subject."""
    from billhook.unarchive import Reader

    pockets = Pockets(plugins)
    found = []
    for happening in reading.happenings(subject=subject):
        if happening.kind in pockets.types:
            kind = pockets.types[happening.kind]
            facts = json.loads(happening.payload)
            event: object = Reader(pockets).structure(facts, kind)
            if isinstance(event, Event):
                found.append(event)
    return tuple(found)
