"""Document status (issued, sent, credited, void), derived from credits and the audit log."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Literal

import attrs

from billhook.issue.delivery import SENT
from billhook.issue.history import CORRECTIONS, ISSUED, REVERSED, VOIDED, links_of
from billhook.issue.numbering import OPENINGS
from billhook.store.protocol import AuditEntry, Columns, DocumentLink, FileProof, Reading

State = Literal["issued", "sent", "credited", "part credited", "void", "opening"]


@attrs.frozen(kw_only=True)
class DocumentStatus:
    """Status of a document.

    Attributes:
        entry: The document as the store has it.
        state: In one word.
        by: Who issued it.
        credits: Its credit notes.
        corrects: The document that it is a credit note of.
        left: What its credit notes have left of its gross total, in minor units.
        sent: When and how it was sent first.
        void: Why it is void.
        files: Its output files.
    """

    entry: Columns
    state: State
    by: str = ""
    credits: tuple[str, ...] = ()
    corrects: str = ""
    left: int = 0
    sent: str = ""
    void: str = ""
    files: tuple[FileProof, ...] = ()

    def amount(self, units: int) -> str:
        """Return minor units as an amount."""
        return str(Decimal(units).scaleb(-self.entry.minor))


def standing(reading: Reading, entry: Columns) -> DocumentStatus:
    """Return how a document stands."""
    links = [link for link in reading.links(entry.number) if link.kind in CORRECTIONS]
    notes = {each.number: each for each in reading.columns({link.source for link in links})}
    lines = _lines(reading.audit_entries(document=entry.number))
    return _standing(entry, links, notes, lines, reading.files(entry.number))


def standings(reading: Reading, entries: Iterable[Columns]) -> Iterator[DocumentStatus]:
    """Yield how documents stand; links, log and files are each asked for once."""
    links = links_of(reading)
    notes = {link.source for own in links.values() for link in own if link.kind in CORRECTIONS}
    known = {each.number: each for each in reading.columns(notes)}
    lines = _lines(
        line for kind in (ISSUED, SENT, VOIDED) for line in reading.audit_entries(kind=kind)
    )
    files: dict[str, list[FileProof]] = {}
    for proof in reading.files():
        files.setdefault(proof.document, []).append(proof)
    for entry in entries:
        own = [link for link in links.get(entry.number, ()) if link.kind in CORRECTIONS]
        yield _standing(entry, own, known, lines, tuple(files.get(entry.number, ())))


Lines = dict[tuple[str, str], AuditEntry]


def _lines(log: Iterable[AuditEntry]) -> Lines:
    """Return the first line of each kind by document and kind."""
    found: Lines = {}
    for each in log:
        if each.kind in {ISSUED, SENT, VOIDED}:
            found.setdefault((each.document, each.kind), each)
    return found


def _standing(
    entry: Columns,
    links: Iterable[DocumentLink],
    known: Mapping[str, Columns],
    lines: Lines,
    files: tuple[FileProof, ...],
) -> DocumentStatus:
    credits_ = [link for link in links if link.target == entry.number]
    notes = [known[link.source] for link in credits_ if link.source in known]
    issued, sent, void = (lines.get((entry.number, kind)) for kind in (ISSUED, SENT, VOIDED))
    state: State = "sent" if sent else "opening" if entry.series == OPENINGS.id else "issued"
    if void:
        state = "void"
    elif any(link.kind == REVERSED for link in credits_):
        state = "credited"
    elif credits_:
        state = "part credited"
    return DocumentStatus(
        entry=entry,
        state=state,
        by=issued.by if issued else "",
        credits=tuple(note.number for note in notes),
        corrects=next((link.target for link in links if link.source == entry.number), ""),
        left=entry.gross - sum(note.gross for note in notes),
        sent=f"{sent.at} by {_how(sent)}" if sent else "",
        void=f"{void.reason} ({void.by}, {void.at})" if void else "",
        files=files,
    )


def _how(line: AuditEntry) -> str:
    return str(json.loads(line.payload).get("how", line.by))
