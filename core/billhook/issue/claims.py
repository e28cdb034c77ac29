"""Claims: which document bills a record, and under what key the store remembers it.

A record's own key is unique in a project; one that was made of the record's values, with a ``#``
in it, is unique only for a subject, so the subject stands before it.  Of a bill that is split
among payers, the first payer's document claims the record itself, the others' under their names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from billhook.kernel.diagnostics import Diagnostic, Severity
from billhook.model.document import Document
from billhook.model.record import LookupRecord, Record, content
from billhook.store.protocol import Claim, Reading

_MADE = re.compile(r"[^:#]+:?#[0-9a-f]{16}(-[0-9]+)?", re.ASCII)


def is_made(key: str) -> bool:
    """Return whether a key was made of the record's values: kind, ``#`` and a digest."""
    return _MADE.fullmatch(key) is not None


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


def claims_for(document: Document, records: Iterable[Record], payer: str = "") -> list[Claim]:
    """Return the claims of a document on the records that it bills."""
    contents = {record.key: content(record) for record in records}
    subject, number = document.invoice.subject, document.number or ""
    return [
        Claim(
            key=claim_key(subject, record.key, payer),
            document=number,
            content=contents.get(record.key, "{}"),
        )
        for record in document.invoice.records
    ]


def fits(document: Document, claimed: Iterable[str]) -> bool:
    """Return whether a document claims exactly the records that it bills."""
    found = set(claimed)
    subject = document.invoice.subject
    keys = [record.key for record in document.invoice.records]
    return any(
        found == {claim_key(subject, key, payer) for key in keys}
        for payer in ("", payer_id(document))
    )


def living(reading: Reading, subject: str, records: Iterable[Record]) -> dict[str, Claim]:
    """Return the living claims on records, by the records' own keys."""
    keys = {claim_key(subject, record.key): record.key for record in records}
    return {keys[key]: claim for key, claim in reading.claims(keys).items()}


def changed(records: Iterable[Record], claims: Mapping[str, Claim]) -> Iterator[Diagnostic]:
    """Yield a finding for each billed record whose values differ from those that were billed.

    Args:
        records: The records as they are now.
        claims: The living claims on them, by record key.
    """
    for record in records:
        claim = claims.get(record.key)
        if claim is None or isinstance(record, LookupRecord) or claim.content == content(record):
            continue
        differs = "; ".join(differences(claim.content, content(record)))
        yield Diagnostic(
            "BH503",
            f"record {record.key!r} was billed on {claim.document} with other values: {differs}",
            Severity.WARNING,
            record.origin,
            hint=f"put it back, or take {claim.document} back: "
            f"billhook credit {claim.document} --rebill",
        )


def altered(
    records: Iterable[Record], document: Document, claims: Iterable[Claim]
) -> Iterator[Diagnostic]:
    """Yield a finding for each record that looks like one that was billed, changed since.

    A record without a key of its own has one made of its values, so a change of them makes it
    another record, and it would be billed again.  Such a change is recognised when the billed
    record is gone and the new one, in the same file, differs in one value.

    Args:
        records: The records as they are now.
        document: A document of the same job and day.
        claims: Its claims.
    """
    fresh = {record.key: record for record in records if is_made(record.key)}
    files = {
        billed.key: billed.origin and billed.origin.file for billed in document.invoice.records
    }
    subject = document.invoice.subject
    own = {claim_key(subject, key): key for key in files if is_made(key) and key not in fresh}
    known = {claim_key(subject, key) for key in files}
    for claim in claims:
        if claim.released_by or claim.key not in own:
            continue
        for record in fresh.values():
            here = record.origin.file == files[own[claim.key]]
            differs = _differing(claim.content, content(record))
            new = claim_key(subject, record.key) not in known
            if here and new and len(differs) == 1:
                yield _alike(record, claim, differs[0])


def _differing(before: str, after: str) -> list[str]:
    return [text for text in differences(before, after) if not text.startswith("key ")]


def _alike(record: Record, claim: Claim, difference: str) -> Diagnostic:
    message = f"this looks like a record that was billed on {claim.document}, changed"
    hint = "put it back if it is, or it is billed again; rows with a key of their own are known"
    return Diagnostic(
        "BH503", f"{message}: {difference}", Severity.WARNING, record.origin, hint=hint
    )


def differences(before: str, after: str) -> Iterator[str]:
    """Yield ``name: before → after`` for each value that differs between two contents."""
    old, new = _table(before), _table(after)
    for name in dict.fromkeys((*old, *new)):
        if old.get(name) != new.get(name):
            yield f"{name} {_shown(old.get(name))} → {_shown(new.get(name))}"


def _table(text: str) -> Mapping[str, object]:
    value = json.loads(text)
    return value if isinstance(value, dict) else {}


def _shown(value: object) -> str:
    if value is None or value == "":
        return "nothing"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
