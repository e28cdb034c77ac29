"""Claims: the document that bills a record, and the key under which the store has it.

A record's own key is unique in a project; one that was made of the record's values, with a ``#``
in it, is unique only for a subject, so the subject stands before it.  Of a bill that is split
among payers, the first payer's document claims the record itself, the others' under their names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from billhook.model.document import Document, claimed_by
from billhook.model.record import Record, content
from billhook.store.protocol import Claim, Reading

_MADE = re.compile(r"[^:#]+:?#[0-9a-f]{16}(-[0-9]+)?", re.ASCII)
_VALUES = re.compile(r"#[0-9a-f]{16}(-[0-9]+)?$", re.ASCII)


def is_made(key: str) -> bool:
    """Return whether a key was made of the record's values: kind, ``#`` and a digest."""
    return _MADE.fullmatch(key) is not None


def follows_values(key: str) -> bool:
    """Return whether a key is another one when a value of the record is, whatever its reach."""
    return _VALUES.search(key) is not None


def claim_key(subject: str, key: str, payer: str = "") -> str:
    """Return the key of a claim.

    Args:
        subject: Subject of the document.
        key: Key of the record.
        payer: Id of the payer, for the second document of a split bill and those after it.
    """
    scoped = f"{subject}|{key}" if is_made(key) else key
    return f"{scoped}@{payer}" if payer else scoped


def payer_id(document: Document) -> str:
    """Return who pays a document: the payer, else the buyer."""
    invoice = document.invoice
    return (invoice.payer or invoice.buyer).id


def claims_for(
    document: Document, records: Iterable[Record], payer: str = "", *, corrects: bool = False
) -> list[Claim]:
    """Return the claims of a document: on the records that it bills, and those of its lines.

    Args:
        document: The document.
        records: The records of its job.
        payer: Id of the payer, for the second document of a split bill and those after it.
        corrects: Whether it is a credit note, whose lines claim nothing.
    """
    contents = {key: content(record) for record in records for key in (record.key, *record.sources)}
    subject, number = document.invoice.subject, document.number or ""
    billed = [record.key for record in document.invoice.records]
    keys = billed if corrects else claimed_by(document.invoice)
    return [
        Claim(
            key=claim_key(subject, key, payer),
            document=number,
            content=contents.get(key, "{}"),
        )
        for key in keys
    ]


def fits(document: Document, claimed: Iterable[str]) -> bool:
    """Return whether a document claims exactly the records that it bills."""
    found = set(claimed)
    invoice = document.invoice
    records = [record.key for record in invoice.records]
    # credit notes, and documents of schema 2 and before, have claims on records only
    return any(
        found == {claim_key(invoice.subject, key, payer) for key in keys}
        for keys in (claimed_by(invoice), records)
        for payer in ("", payer_id(document))
    )


def living(reading: Reading, subject: str, records: Iterable[Record]) -> dict[str, Claim]:
    """Return the living claims on records, by the records' own keys."""
    names = {key for record in records for key in (record.key, *record.sources)}
    keys = {claim_key(subject, key): key for key in names}
    return {keys[key]: claim for key, claim in reading.claims(keys).items()}


def differences(before: str, after: str) -> Iterator[str]:
    """Yield ``name: before → after`` for each value that differs between two contents."""
    old, new = _table(before), _table(after)
    for name in dict.fromkeys((*old, *new)):
        if old.get(name) != new.get(name):
            yield f"{name} {_format_value(old.get(name))} → {_format_value(new.get(name))}"


def _table(text: str) -> Mapping[str, object]:
    value = json.loads(text)
    return value if isinstance(value, dict) else {}


def _format_value(value: object) -> str:
    if value is None or value == "":
        return "nothing"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
