"""Rows of the database as the protocol's values, and back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import attrs
from sqlalchemy import Row

from billhook.store.protocol import (
    Claim,
    Count,
    Entry,
    FileProof,
    FiscalSeal,
    Happening,
    Head,
    Link,
    RunRow,
)
from billhook.store.settling import Last

Facts = dict[str, Any]


def entry_of(row: Row[Any]) -> Entry:
    """Return the document of a row."""
    facts = row._asdict()
    facts["date"] = dt.date.fromisoformat(facts["date"])
    facts["issued_at"] = dt.datetime.fromisoformat(facts["issued_at"])
    facts["payload"] = bytes(facts["payload"])
    return Entry(**facts)


def entry_facts(entry: Entry) -> Facts:
    """Return the row of a document."""
    facts = _facts(entry)
    return facts | {"date": entry.date.isoformat(), "issued_at": entry.issued_at.isoformat()}


def happening_of(row: Row[Any]) -> Happening:
    """Return the happening of a row."""
    facts = row._asdict()
    facts["at"] = dt.date.fromisoformat(facts["at"])
    facts["recorded_at"] = dt.datetime.fromisoformat(facts["recorded_at"])
    return Happening(**facts)


def happening_facts(happening: Happening) -> Facts:
    """Return the row of a happening."""
    facts = _facts(happening)
    return facts | {
        "at": happening.at.isoformat(),
        "recorded_at": happening.recorded_at.isoformat(),
    }


def head_of(row: Row[Any]) -> Head:
    """Return the end of a chain, of its last row."""
    return Head(row.position, row.digest)


def last_of(row: Row[Any]) -> Last:
    """Return the last number of a series, of its last row."""
    return Last(row.sequence, dt.date.fromisoformat(row.date))


def last_facts(last: Last) -> Facts:
    """Return the row of a series' counter."""
    return {"last": last.sequence, "date": last.date.isoformat() if last.date else ""}


def link_of(row: Row[Any]) -> Link:
    """Return the link of a row."""
    return Link(row.source, row.target, row.kind)


def claim_of(row: Row[Any]) -> Claim:
    """Return the claim of a row."""
    return Claim(**row._asdict())


def count_of(row: Row[Any]) -> Count:
    """Return the step of an accumulator of a row."""
    facts = row._asdict()
    return Count(**facts | {name: Decimal(facts[name]) for name in ("value", "total")})


def count_facts(count: Count) -> Facts:
    """Return the row of a step of an accumulator."""
    return _facts(count) | {"value": str(count.value), "total": str(count.total)}


def seal_of(row: Row[Any]) -> FiscalSeal:
    """Return the fiscal seal of a row."""
    return FiscalSeal(document=row.document, scheme=row.scheme, value=row.value)


def file_of(row: Row[Any]) -> FileProof:
    """Return the file of a row."""
    return FileProof(**row._asdict())


def run_of(row: Row[Any]) -> RunRow:
    """Return the run of a row."""
    return RunRow(**row._asdict())


def facts_of(value: Link | Claim | FiscalSeal | FileProof | RunRow) -> Facts:
    """Return the row of a value without dates."""
    return _facts(value)


_NAMES: dict[type[object], tuple[str, ...]] = {
    kind: tuple(field.name for field in attrs.fields(kind))
    for kind in (Entry, Link, Claim, Count, Happening, FiscalSeal, FileProof, RunRow)
}


def _facts(value: object) -> Facts:
    return {name: getattr(value, name) for name in _NAMES[type(value)]}
