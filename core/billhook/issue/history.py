"""History of a subject in the store: documents that count, and records that are billed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

import attrs

from billhook.archive.payload_types import Pockets
from billhook.issue.accumulators import StoredMemory, newest
from billhook.issue.claims import living
from billhook.issue.put_aside import reasons_aside
from billhook.issue.seal import unseal
from billhook.model.document import Document, History, LazyDocuments
from billhook.model.record import Event, Record
from billhook.plugins.loading import Plugin
from billhook.store.protocol import AuditEntry, Claim, DocumentLink, Entry, Reading

CREDITED = "credits"
"""Link of a credit note that takes a document back in part."""

REVERSED = "reverses"
"""Link of the credit note that has taken a document back whole: it no longer counts."""

CORRECTIONS = frozenset({CREDITED, REVERSED})

ISSUED = "issued"
"""Kind of the audit entry that records an issue in the audit log."""

VOIDED = "voided"
"""Kind of the audit entry that voids a document before it was sent."""

WITHDRAWN = "event.withdrawn"
"""Kind of the audit entry that withdraws an event, whose line of the log it names."""

END = 2**62
"""A place in the log after everything."""

PAGE = 4
"""Number of log entries read at a time in a search for the newest documents."""


def history(
    reading: Reading,
    subject: str,
    records: Iterable[Record],
    plugins: Iterable[Plugin],
    claims: Mapping[str, Claim] | None = None,
) -> History:
    """Return a subject's history: effective documents, events, and the claims on records.

    Documents are read from the newest back when they are asked for, within the transaction.

    Args:
        reading: The store.
        subject: The subject.
        records: The records whose claims are asked for.
        plugins: The plugins whose pockets are in the documents.
        claims: The living claims on the records, if they are at hand.
    """
    plugins, records = tuple(plugins), tuple(records)
    found = living(reading, subject, records) if claims is None else claims
    billed = {key: claim.document for key, claim in found.items()}
    documents = LazyDocuments(newest_first(reading, subject, plugins))
    place = newest(reading, subject, frozenset(Pockets(plugins).types))
    memory = StoredMemory(reading, subject)
    aside = reasons_aside(reading, subject, records)
    return History(documents, events(reading, subject, plugins), billed, memory, place, aside)


def before(
    reading: Reading, entry: Entry, records: Iterable[Record], plugins: Iterable[Plugin]
) -> History:
    """Return the history as it was when a document was issued.

    Records count as billed when another document bills them, be it an earlier or a later one, and
    this one never did.
    """
    plugins, records = tuple(plugins), tuple(records)
    place, own = _issue_of(reading, entry)
    mine = {claim.key for number in own for claim in reading.claims_of(number)}
    claims = living(reading, entry.subject, records)
    billed = {key: c.document for key, c in claims.items() if c.key not in mine}
    documents = LazyDocuments(newest_first(reading, entry.subject, plugins, until=place))
    memory = StoredMemory(reading, entry.subject, place, frozenset(own))
    known = events(reading, entry.subject, plugins, until=place)
    aside = reasons_aside(reading, entry.subject, records, place)
    return History(documents, known, billed, memory, aside=aside)


def effective(
    reading: Reading, subject: str, plugins: Iterable[Plugin], *, until: int = END
) -> Iterator[Document]:
    """Yield the documents that count, oldest first; see `newest_first`."""
    yield from LazyDocuments(newest_first(reading, subject, plugins, until=until))


def newest_first(
    reading: Reading, subject: str, plugins: Iterable[Plugin], *, until: int = END
) -> Iterator[Document]:
    """Yield the documents that count, from the newest back; none is read before it is asked for.

    Not those that were voided or taken back whole, and no credit notes; of those that were
    credited line by line only the lines that are left.

    Args:
        reading: The store.
        subject: The subject.
        plugins: The plugins whose pockets are in the documents.
        until: Only what was before this place in the log.
    """
    plugins = tuple(plugins)
    for line in _issues_back(reading, subject, until):
        entry = reading.entry(line.document)
        credits_ = None if entry is None else _credits_left(reading, entry.number, until)
        if entry is not None and credits_ is not None:
            yield _without_credited(reading, entry, credits_, plugins)


def _issues_back(reading: Reading, subject: str, until: int) -> Iterator[AuditEntry]:
    """Yield the lines that record the issues of a subject, the newest first, in small pages."""
    place = until
    while True:
        page = reading.latest(subject, ISSUED, before=place, limit=PAGE)
        yield from page
        if len(page) < PAGE:
            return
        place = page[-1].position


def counts(reading: Reading, number: str) -> bool:
    """Return whether a document counts: no credit note, and neither void nor taken back whole."""
    return _credits_left(reading, number, END) is not None


def _credits_left(reading: Reading, number: str, until: int) -> list[str] | None:
    """Return the credit notes on a document that counts; ``None`` if it does not count."""
    links = [link for link in reading.links(number) if link.kind in CORRECTIONS]
    if any(link.source == number for link in links):
        return None
    back = [link for link in links if _issued_before(reading, link, until)]
    void = find_void(reading, number)
    if any(link.kind == REVERSED for link in back) or (void and void.position < until):
        return None
    return [link.source for link in back]


def _issued_before(reading: Reading, link: DocumentLink, until: int) -> bool:
    return until == END or any(each.position < until for each in issues(reading, link.source))


def _without_credited(
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
        for other in reading.entries(subject=entry.subject, job=entry.job, date=entry.date)
        if other.issued_at == entry.issued_at
    }
    places = [each.position for number in own for each in issues(reading, number)]
    return min(places, default=END), own


def links_of(reading: Reading) -> dict[str, list[DocumentLink]]:
    """Return all relations by the documents at both their ends, asked for once."""
    found: dict[str, list[DocumentLink]] = {}
    for link in reading.links():
        for number in {link.source, link.target}:
            found.setdefault(number, []).append(link)
    return found


def issues(reading: Reading, number: str) -> list[AuditEntry]:
    """Return the line of the log that records the issue of a document."""
    return list(reading.audit_entries(document=number, kind=ISSUED))


def find_void(reading: Reading, number: str) -> AuditEntry | None:
    """Return the line of the log that voids a document, or ``None``."""
    return next(iter(reading.audit_entries(document=number, kind=VOIDED)), None)


def events(
    reading: Reading, subject: str, plugins: Iterable[Plugin], *, until: int = END
) -> tuple[Event, ...]:
    """Return the plugins' typed events of a subject that were not withdrawn."""
    from billhook.archive.reader import Reader

    pockets = Pockets(plugins)
    gone = withdrawn(reading, subject, until=until)
    found = []
    for line in _event_lines(reading, subject, pockets):
        if line.position < until and line.position not in gone:
            event: object = Reader(pockets).structure(
                json.loads(line.payload), pockets.types[line.kind]
            )
            if isinstance(event, Event):
                found.append(event)
    return tuple(found)


def _event_lines(reading: Reading, subject: str, pockets: Pockets) -> list[AuditEntry]:
    """Return the lines of events in the order they were recorded, one question for each kind."""
    kinds = [name for name, kind in pockets.types.items() if issubclass(kind, Event)]
    lines = [line for kind in kinds for line in reading.audit_entries(subject=subject, kind=kind)]
    return sorted(lines, key=lambda line: line.position)


def withdrawn(reading: Reading, subject: str | None, *, until: int = END) -> dict[int, AuditEntry]:
    """Return what withdraws events, by the lines of the log that recorded them."""
    return {
        int(json.loads(line.payload)["line"]): line
        for line in reading.audit_entries(subject=subject, kind=WITHDRAWN)
        if line.position < until
    }
