"""The statements of the issue's path, and rows as the protocol's values and back.

A statement is built once: SQLAlchemy then compiles it once too.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import attrs
from sqlalchemy import Row, Select, bindparam, func, insert, select, update

from billhook.store.protocol import (
    AuditEntry,
    Claim,
    Columns,
    Count,
    DocumentLink,
    Entry,
    FileProof,
    FiscalSeal,
    Head,
    Place,
    RunRow,
)
from billhook.store.sql import schema
from billhook.store.transaction_guard import Last

Facts = dict[str, Any]

_DOCUMENT, _LINE, _CLAIM = schema.DOCUMENT, schema.AUDIT_ENTRY, schema.CLAIM
_SEAL, _RUN = schema.FISCAL_SEAL, schema.RUN

ENTRY = select(_DOCUMENT).where(_DOCUMENT.c.number == bindparam("number"))
ENTRY_OF_KEY = select(_DOCUMENT).where(_DOCUMENT.c.key == bindparam("key"))
ENTRIES_OF = select(_DOCUMENT).where(_DOCUMENT.c.number.in_(bindparam("numbers", expanding=True)))
COLUMNS = select(
    *(each for each in _DOCUMENT.c if each.name not in {"payload", "previous", "digest"})
)

HEAD = (
    select(_DOCUMENT.c.position, _DOCUMENT.c.digest)
    .where(_DOCUMENT.c.chain == bindparam("chain"))
    .order_by(_DOCUMENT.c.position.desc())
    .limit(1)
)
LOG_HEAD = select(_LINE.c.position, _LINE.c.digest).order_by(_LINE.c.position.desc()).limit(1)
# The kind is no plain column here, so that the database looks along the index of subjects: a
# subject has few lines, a kind has as many as the store.
LATEST = (
    select(_LINE)
    .where(
        _LINE.c.subject == bindparam("subject"),
        _LINE.c.kind.concat("") == bindparam("kind"),
        _LINE.c.position < bindparam("before"),
    )
    .order_by(_LINE.c.position.desc())
    .limit(bindparam("limit"))
)
DOCUMENT_AT = select(_DOCUMENT.c.digest).where(
    _DOCUMENT.c.chain == bindparam("chain"), _DOCUMENT.c.position == bindparam("position")
)
LINE_AT = select(_LINE.c.digest).where(_LINE.c.position == bindparam("position"))
IDENTITY = select(schema.META.c.value).where(schema.META.c.key == schema.IDENTITY_KEY)
LAST = (
    select(_DOCUMENT.c.sequence, _DOCUMENT.c.date)
    .where(_DOCUMENT.c.series == bindparam("series"), _DOCUMENT.c.period == bindparam("period"))
    .order_by(_DOCUMENT.c.sequence.desc())
    .limit(1)
)

MOVE_CHAIN = (
    update(schema.CHAIN)
    .where(schema.CHAIN.c.chain == bindparam("of_chain"))
    .values(position=bindparam("position"), digest=bindparam("digest"))
)
MOVE_SERIES = (
    update(schema.SERIES)
    .where(
        schema.SERIES.c.series == bindparam("of_series"),
        schema.SERIES.c.period == bindparam("of_period"),
    )
    .values(last=bindparam("last"), date=bindparam("date"))
)

CLAIMS = select(_CLAIM).where(
    _CLAIM.c.key.in_(bindparam("keys", expanding=True)), _CLAIM.c.released_by == ""
)
ISSUED_JOBS = select(_DOCUMENT.c.job).where(_DOCUMENT.c.subject == bindparam("subject")).distinct()
HOLDERS = select(_CLAIM.c.document).where(_CLAIM.c.released_by == "").distinct()
CLAIMS_OF = select(_CLAIM).where(_CLAIM.c.document == bindparam("number")).order_by(_CLAIM.c.key)
RELEASE_ALL = (
    update(_CLAIM)
    .where(_CLAIM.c.document == bindparam("number"), _CLAIM.c.released_by == "")
    .values(released_by=bindparam("by"))
)
RELEASE = RELEASE_ALL.where(_CLAIM.c.key.in_(bindparam("keys", expanding=True)))

TALLY = (
    select(schema.COUNT)
    .where(schema.COUNT.c.key == bindparam("key"))
    .order_by(schema.COUNT.c.position.desc())
    .limit(1)
)

ALL_CLAIMS = (
    select(_DOCUMENT.c.chain, _DOCUMENT.c.position, _CLAIM)
    .join(_DOCUMENT, _DOCUMENT.c.number == _CLAIM.c.document)
    .order_by(_DOCUMENT.c.chain, _DOCUMENT.c.position, _CLAIM.c.key)
)

ALL_LINKS = select(schema.LINK).order_by(
    schema.LINK.c.source, schema.LINK.c.target, schema.LINK.c.kind
)
LINKS = (
    select(schema.LINK)
    .where(
        (schema.LINK.c.source == bindparam("number"))
        | (schema.LINK.c.target == bindparam("number"))
    )
    .order_by(schema.LINK.c.source, schema.LINK.c.target, schema.LINK.c.kind)
)
LAST_SEAL = (
    select(_SEAL).where(_SEAL.c.scheme == bindparam("scheme")).order_by(_SEAL.c.id.desc()).limit(1)
)
RUN_STATES = (
    select(_RUN.c.run, _RUN.c.state, func.count().label("jobs"))
    .where(_RUN.c.job != "")
    .group_by(_RUN.c.run, _RUN.c.state)
    .order_by(_RUN.c.run, _RUN.c.state)
)
PUT_RUN = (
    update(_RUN)
    .where(
        _RUN.c.run == bindparam("of_run"),
        _RUN.c.job == bindparam("of_job"),
        _RUN.c.version == bindparam("seen"),
    )
    .values(state=bindparam("state"), payload=bindparam("payload"), version=bindparam("version"))
)

INSERTS = {table: insert(table) for table in schema.METADATA.sorted_tables}
COUNTS = {table: select(func.count()).select_from(table) for table in schema.METADATA.sorted_tables}


def where(query: Select[Any], wanted: dict[str, str | None]) -> Select[Any]:
    """Return a query over one table, narrowed to the columns that were given a value."""
    columns = query.selected_columns
    given = ((columns[name], value) for name, value in wanted.items() if value is not None)
    return query.where(*(column == value for column, value in given))


# ── rows ─────────────────────────────────────────────────────────────────────


def entry_of(row: Row[Any]) -> Entry:
    """Return the document of a row."""
    facts = row._asdict()
    facts["date"] = dt.date.fromisoformat(facts["date"])
    facts["issued_at"] = dt.datetime.fromisoformat(facts["issued_at"])
    facts["payload"] = bytes(facts["payload"])
    return Entry(**facts)


def placed_claim_of(row: Row[Any]) -> tuple[Place, Claim]:
    """Return a claim with its document's chain and position."""
    facts = row._asdict()
    return (facts.pop("chain"), facts.pop("position")), Claim(**facts)


def columns_of(row: Row[Any]) -> Columns:
    """Return the columns of a document's row."""
    facts = row._asdict()
    facts["date"] = dt.date.fromisoformat(facts["date"])
    facts["issued_at"] = dt.datetime.fromisoformat(facts["issued_at"])
    return Columns(**facts)


def entry_facts(entry: Entry) -> Facts:
    """Return the row of a document."""
    facts = _facts(entry)
    return facts | {"date": entry.date.isoformat(), "issued_at": entry.issued_at.isoformat()}


def audit_entry_of(row: Row[Any]) -> AuditEntry:
    """Return the audit entry of a row."""
    facts = row._asdict()
    facts["at"] = dt.date.fromisoformat(facts["at"])
    facts["recorded_at"] = dt.datetime.fromisoformat(facts["recorded_at"])
    return AuditEntry(**facts)


def audit_entry_facts(line: AuditEntry) -> Facts:
    """Return the row of an audit entry."""
    facts = _facts(line)
    return facts | {
        "at": line.at.isoformat(),
        "recorded_at": line.recorded_at.isoformat(),
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


def link_of(row: Row[Any]) -> DocumentLink:
    """Return the link of a row."""
    return DocumentLink(row.source, row.target, row.kind)


def claim_of(row: Row[Any]) -> Claim:
    """Return the claim of a row."""
    return Claim(**row._asdict())


def count_of(row: Row[Any]) -> Count:
    """Return the step of an accumulator of a row."""
    facts: dict[str, Any] = row._asdict()
    facts |= {name: Decimal(facts[name]) for name in ("value", "total")}
    return Count(**facts)


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


def facts_of(value: DocumentLink | Claim | FiscalSeal | FileProof | RunRow) -> Facts:
    """Return the row of a value without dates."""
    return _facts(value)


_NAMES: dict[type[object], tuple[str, ...]] = {
    kind: tuple(field.name for field in attrs.fields(kind))
    for kind in (Entry, DocumentLink, Claim, Count, AuditEntry, FiscalSeal, FileProof, RunRow)
}


def _facts(value: object) -> Facts:
    return {name: getattr(value, name) for name in _NAMES[type(value)]}
