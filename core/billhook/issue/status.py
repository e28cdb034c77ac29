"""How a document stands: a fact derived from credits and the log, never a column."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Literal

import attrs

from billhook.issue.delivery import SENT
from billhook.issue.history import CORRECTIONS, ISSUED, REVERSED, VOIDED
from billhook.store.protocol import AuditEntry, Entry, FileProof, Reading

State = Literal["issued", "sent", "credited", "part credited", "void"]


@attrs.frozen(kw_only=True)
class Standing:
    """How a document stands.

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

    entry: Entry
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


def standing(reading: Reading, entry: Entry) -> Standing:
    """Return how a document stands."""
    return _standing(reading, entry, _lines(reading.audit_entries(document=entry.number)))


def standings(reading: Reading, entries: Iterable[Entry]) -> Iterator[Standing]:
    """Yield how documents stand, the log being read once."""
    lines = _lines(reading.audit_entries())
    for entry in entries:
        yield _standing(reading, entry, lines)


Lines = dict[tuple[str, str], AuditEntry]


def _lines(log: Iterable[AuditEntry]) -> Lines:
    """Return the first line of each kind by document and kind."""
    found: Lines = {}
    for each in log:
        if each.kind in {ISSUED, SENT, VOIDED}:
            found.setdefault((each.document, each.kind), each)
    return found


def _standing(reading: Reading, entry: Entry, lines: Lines) -> Standing:
    links = [link for link in reading.links(entry.number) if link.kind in CORRECTIONS]
    credits_ = [link for link in links if link.target == entry.number]
    notes = [note for link in credits_ if (note := reading.entry(link.source)) is not None]
    issued, sent, void = (lines.get((entry.number, kind)) for kind in (ISSUED, SENT, VOIDED))
    state: State = "sent" if sent else "issued"
    if void:
        state = "void"
    elif any(link.kind == REVERSED for link in credits_):
        state = "credited"
    elif credits_:
        state = "part credited"
    return Standing(
        entry=entry,
        state=state,
        by=issued.by if issued else "",
        credits=tuple(note.number for note in notes),
        corrects=next((link.target for link in links if link.source == entry.number), ""),
        left=entry.gross - sum(note.gross for note in notes),
        sent=f"{sent.at} by {_how(sent)}" if sent else "",
        void=f"{void.reason} ({void.by}, {void.at})" if void else "",
        files=reading.files(entry.number),
    )


def _how(line: AuditEntry) -> str:
    return str(json.loads(line.payload).get("how", line.by))
