"""Entries, claims and audit entries made up for a store, and what it then lists."""

from __future__ import annotations

import attrs

from billhook.store.digests import document_digest
from billhook.store.protocol import AuditEntry, Claim, DocumentLink, Entry, Store, Writing
from store.office import DAY, NOON


def entry(number: int = 1, previous: str = "", /, **changes: object) -> Entry:
    payload = f"payload {number} {changes.get('chain')} \u00e4\u0000".encode()
    made = Entry(
        number=f"INV-{number}",
        type_code="380",
        series="INV",
        period="",
        sequence=number,
        chain="INV",
        position=number,
        key=f"key-{number}",
        job="job",
        subject="work",
        customer="buyer",
        date=DAY,
        issued_at=NOON,
        currency="USD",
        minor=2,
        net=999_999_999_999_999,
        tax=-1,
        gross=999_999_999_999_998,
        payable=0,
        payload=payload,
        previous=previous,
        digest=document_digest(previous, payload),
    )
    return attrs.evolve(made, **changes)


def add(writing: Writing, made: Entry, *links: DocumentLink) -> Entry:
    writing.add(made, links)
    return made


def audit_entry(kind: str = "noted", **changes: object) -> AuditEntry:
    return attrs.evolve(AuditEntry(kind=kind, at=DAY, recorded_at=NOON, by="kim"), **changes)


def claim(key: str, document: str = "INV-1") -> Claim:
    return Claim(key=key, document=document, content='{"amount":"1.00"}')


def numbers(store: Store, **wanted: object) -> list[str]:
    with store.read() as reading:
        return [found.number for found in reading.entries(**wanted)]
