"""The tables, for SQLite and PostgreSQL alike.

Amounts are integers in minor units, dates and times are ISO 8601 text in UTC: SQLAlchemy's
``Numeric`` would become a float on SQLite, and text reads the same everywhere.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

VERSION = 1
"""The schema's version; `billhook.store.migrations` leads here from every earlier one."""

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

# SQLite's strict tables know INTEGER, which has 64 bits there, and no BIGINT.
_INTEGER = BigInteger().with_variant(Integer, "sqlite")

LOG = "#log"
"""The row of `CHAIN` that is the end of the log of happenings."""


def _text(name: str, **options: object) -> Column[str]:
    return Column(name, Text, nullable=False, **options)  # type: ignore[arg-type]  # keyword options are the dialects'


def _integer(name: str) -> Column[int]:
    return Column(name, _INTEGER, nullable=False)


META = Table(
    "meta",
    METADATA,
    _text("key"),
    _text("value"),
    PrimaryKeyConstraint("key"),
    sqlite_strict=True,
)

CHAIN = Table(
    "chain",
    METADATA,
    _text("chain"),
    _integer("position"),
    _text("digest"),
    PrimaryKeyConstraint("chain"),
    sqlite_strict=True,
)

SERIES = Table(
    "series",
    METADATA,
    _text("series"),
    _text("period"),
    _integer("last"),
    _text("date"),
    PrimaryKeyConstraint("series", "period"),
    sqlite_strict=True,
)

DOCUMENT = Table(
    "document",
    METADATA,
    _text("number"),
    _text("type_code"),
    _text("series"),
    _text("period"),
    _integer("sequence"),
    _text("chain"),
    _integer("position"),
    _text("key"),
    _text("job"),
    _text("subject"),
    _text("customer"),
    _text("date"),
    _text("issued_at"),
    _text("currency"),
    _integer("minor"),
    _integer("net"),
    _integer("tax"),
    _integer("gross"),
    _integer("payable"),
    Column("payload", LargeBinary, nullable=False),
    _text("previous"),
    _text("digest"),
    PrimaryKeyConstraint("number"),
    UniqueConstraint("key"),
    UniqueConstraint("digest"),
    UniqueConstraint("chain", "position"),
    UniqueConstraint("series", "period", "sequence"),
    CheckConstraint("net + tax = gross", name="gross"),
    CheckConstraint("sequence > 0 AND position > 0", name="counted"),
    CheckConstraint("minor BETWEEN 0 AND 4", name="minor"),
    Index(None, "subject"),
    Index(None, "customer"),
    Index(None, "date"),
    sqlite_strict=True,
)

LINK = Table(
    "link",
    METADATA,
    _text("source"),
    _text("target"),
    _text("kind"),
    PrimaryKeyConstraint("source", "target", "kind"),
    Index(None, "target"),
    sqlite_strict=True,
)

CLAIM = Table(
    "claim",
    METADATA,
    _text("key"),
    _text("document"),
    _text("content"),
    _text("released_by", server_default=""),
    PrimaryKeyConstraint("key", "document"),
    Index(None, "document"),
    Index(
        "uq_claim_living",
        "key",
        unique=True,
        sqlite_where=text("released_by = ''"),
        postgresql_where=text("released_by = ''"),
    ),
    sqlite_strict=True,
)

HAPPENING = Table(
    "happening",
    METADATA,
    _integer("position"),
    _text("kind"),
    _text("subject"),
    _text("document"),
    _text("at"),
    _text("recorded_at"),
    _text("by"),
    _text("reason"),
    _text("payload"),
    _text("previous"),
    _text("digest"),
    PrimaryKeyConstraint("position"),
    UniqueConstraint("digest"),
    Index(None, "subject"),
    Index(None, "document"),
    Index(None, "kind"),
    sqlite_strict=True,
)

FISCAL_SEAL = Table(
    "fiscal_seal",
    METADATA,
    Column("id", _INTEGER, primary_key=True, autoincrement=True),
    _text("document"),
    _text("scheme"),
    _text("value"),
    UniqueConstraint("document", "scheme"),
    sqlite_strict=True,
)

FILE_PROOF = Table(
    "file_proof",
    METADATA,
    _text("document"),
    _text("name"),
    _text("sha256"),
    _integer("size"),
    PrimaryKeyConstraint("document", "name"),
    sqlite_strict=True,
)

RUN = Table(
    "run",
    METADATA,
    _text("run"),
    _text("job"),
    _text("state"),
    _text("payload"),
    _integer("version"),
    PrimaryKeyConstraint("run", "job"),
    sqlite_strict=True,
)
