"""The past of a subject, as the store has it: what counts, and what is billed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

import attrs

from billhook.archive.payload_types import Pockets
from billhook.issue.accumulators import StoredMemory, newest
from billhook.issue.claims import living
from billhook.issue.seal import unseal
from billhook.model.document import Document, History
from billhook.model.record import Event, Record
from billhook.plugins.loading import Plugin
from billhook.store.protocol import AuditEntry, Entry, Reading

CREDITED = "credits"
"""Link of a credit note that takes a document back in part."""

REVERSED = "reverses"
"""Link of the credit note that has taken a document back whole: it no longer counts."""

CORRECTIONS = frozenset({CREDITED, REVERSED})

ISSUED = "issued"
"""Kind of the audit entry that records an issue in the audit log."""

VOIDED = "voided"
"""Kind of the audit entry that voids a document before it was sent."""

END = 2**62
"""A place in the log after everything."""


def history(
    reading: Reading, subject: str, records: Iterable[Record], plugins: Iterable[Plugin]
) -> History:
    """Return a subject's history: effective documents, events, and the claims on records."""
    plugins = tuple(plugins)
    billed = {key: c.document for key, c in living(reading, subject, records).items()}
    documents = tuple(effective(reading, subject, plugins))
    place = newest(reading, subject, frozenset(Pockets(plugins).types))
    memory = StoredMemory(reading, subject)
    return History(documents, events(reading, subject, plugins), billed, memory, place)


def before(
    reading: Reading, entry: Entry, records: Iterable[Record], plugins: Iterable[Plugin]
) -> History:
    """Return the history as it was when a document was issued.

    Records count as billed when another document bills them, be it an earlier or a later one, and
    this one never did.
    """
    plugins = tuple(plugins)
    place, own = _issue_of(reading, entry)
    mine = {claim.key for number in own for claim in reading.claims_of(number)}
    claims = living(reading, entry.subject, records)
    billed = {key: c.document for key, c in claims.items() if c.key not in mine}
    documents = tuple(effective(reading, entry.subject, plugins, until=place))
    memory = StoredMemory(reading, entry.subject, place, frozenset(own))
    return History(documents, events(reading, entry.subject, plugins, until=place), billed, memory)


def effective(
    reading: Reading, subject: str, plugins: Iterable[Plugin], *, until: int = END
) -> Iterator[Document]:
    """Yield the documents that count, oldest first.

    Not those that were voided or taken back whole, and no credit notes; of those that were
    credited line by line only the lines that are left.

    Args:
        reading: The store.
        subject: The subject.
        plugins: The plugins whose pockets are in the documents.
        until: Only what was before this place in the log.
    """
    plugins = tuple(plugins)
    places, gone = _places(reading, subject, until)
    for entry in sorted(_entries(reading, subject, places), key=lambda e: places[e.number]):
        links = [link for link in reading.links(entry.number) if link.kind in CORRECTIONS]
        credits_ = [each for each in links if each.target == entry.number and each.source in places]
        corrects = any(link.source == entry.number for link in links)
        taken = any(link.kind == REVERSED for link in credits_)
        if entry.number not in gone and not corrects and not taken:
            yield _left(reading, entry, [link.source for link in credits_], plugins)


def _entries(reading: Reading, subject: str, places: dict[str, int]) -> list[Entry]:
    return [entry for entry in reading.entries(subject=subject) if entry.number in places]


def _places(reading: Reading, subject: str, until: int) -> tuple[dict[str, int], set[str]]:
    """Return the places of issue in the log by number, and which numbers are voided."""
    places: dict[str, int] = {}
    gone = set()
    for each in reading.audit_entries(subject=subject):
        if each.position < until and each.kind == ISSUED:
            places[each.document] = each.position
        elif each.position < until and each.kind == VOIDED:
            gone.add(each.document)
    return places, gone


def _left(
    reading: Reading, entry: Entry, credits_: list[str], plugins: tuple[Plugin, ...]
) -> Document:
    """Return a document without the lines that were credited."""
    document = unseal(entry, plugins)
    taken = {
        line.id
        for number in credits_
        if (credit := reading.entry(number)) is not None
        for line in unseal(credit, plugins).invoice.lines
    }
    if not taken:
        return document
    lines = tuple(line for line in document.invoice.lines if line.id not in taken)
    return attrs.evolve(document, invoice=attrs.evolve(document.invoice, lines=lines))


def _issue_of(reading: Reading, entry: Entry) -> tuple[int, set[str]]:
    """Return the place in the log where a document's bill was issued, and all documents of it.

    A bill that is split among payers is several documents of one moment.
    """
    own = {
        other.number
        for other in reading.entries(subject=entry.subject)
        if (other.job, other.issued_at) == (entry.job, entry.issued_at)
    }
    places = [each.position for number in own for each in issues(reading, number)]
    return min(places, default=END), own


def issues(reading: Reading, number: str) -> list[AuditEntry]:
    """Return the line of the log that records the issue of a document."""
    return list(reading.audit_entries(document=number, kind=ISSUED))


def voided(reading: Reading, number: str) -> AuditEntry | None:
    """Return the line of the log that voids a document, or ``None``."""
    return next(iter(reading.audit_entries(document=number, kind=VOIDED)), None)


def events(
    reading: Reading, subject: str, plugins: Iterable[Plugin], *, until: int = END
) -> tuple[Event, ...]:
    """Return the plugins' typed events of a subject."""
    from billhook.archive.reader import Reader

    pockets = Pockets(plugins)
    found = []
    for line in reading.audit_entries(subject=subject):
        if line.kind in pockets.types and line.position < until:
            facts = json.loads(line.payload)
            event: object = Reader(pockets).structure(facts, pockets.types[line.kind])
            if isinstance(event, Event):
                found.append(event)
    return tuple(found)
