"""The tables, for SQLite and PostgreSQL alike.

Amounts are integers in minor units, dates and times are ISO 8601 text in UTC: SQLAlchemy's
``Numeric`` would become a float on SQLite, and text reads the same everywhere.  Names bear a
prefix, for the tables may stand in the database of another program.
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

VERSION = 3
"""The schema's version; `billhook.store.sql.migrations` leads here from every earlier one."""

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

# Sorted by code points, as SQLite and Python do, whatever the server's locale.
_TEXT = Text().with_variant(Text(collation="C"), "postgresql")

SCHEMA_KEY = "schema"
"""The row of `META` that tells the schema's version."""


IDENTITY_KEY = "identity"
"""The row of `META` that tells which store this is, whatever its file is called."""


def _text(name: str, default: str | None = None) -> Column[str]:
    return Column(name, _TEXT, nullable=False, server_default=default)


def _integer(name: str) -> Column[int]:
    return Column(name, _INTEGER, nullable=False)


META = Table(
    "billhook_meta",
    METADATA,
    _text("key"),
    _text("value"),
    PrimaryKeyConstraint("key"),
    sqlite_strict=True,
)

CHAIN = Table(
    "billhook_chain",
    METADATA,
    _text("chain"),
    _integer("position"),
    _text("digest"),
    PrimaryKeyConstraint("chain"),
    sqlite_strict=True,
)

SERIES = Table(
    "billhook_series",
    METADATA,
    _text("series"),
    _text("period"),
    _integer("last"),
    _text("date"),
    PrimaryKeyConstraint("series", "period"),
    sqlite_strict=True,
)

DOCUMENT = Table(
    "billhook_document",
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
    sqlite_strict=True,
)

LINK = Table(
    "billhook_link",
    METADATA,
    _text("source"),
    _text("target"),
    _text("kind"),
    PrimaryKeyConstraint("source", "target", "kind"),
    Index(None, "target"),
    sqlite_strict=True,
)

CLAIM = Table(
    "billhook_claim",
    METADATA,
    _text("key"),
    _text("document"),
    _text("content"),
    _text("released_by", ""),
    PrimaryKeyConstraint("key", "document"),
    Index(None, "document"),
    Index(
        "uq_billhook_claim_living",
        "key",
        unique=True,
        sqlite_where=text("released_by = ''"),
        postgresql_where=text("released_by = ''"),
    ),
    sqlite_strict=True,
)

COUNT = Table(
    "billhook_count",
    METADATA,
    _text("key"),
    _integer("position"),
    _text("document"),
    _text("by"),
    _text("unit"),
    _text("value"),
    _text("total"),
    PrimaryKeyConstraint("key", "position"),
    Index(None, "document"),
    sqlite_strict=True,
)

AUDIT_ENTRY = Table(
    "billhook_happening",
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
    "billhook_fiscal_seal",
    METADATA,
    Column("id", _INTEGER, primary_key=True, autoincrement=True),
    _text("document"),
    _text("scheme"),
    _text("value"),
    UniqueConstraint("document", "scheme"),
    Index(None, "scheme", "id"),
    sqlite_strict=True,
)

FILE_PROOF = Table(
    "billhook_file_proof",
    METADATA,
    _text("document"),
    _text("name"),
    _text("sha256"),
    _integer("size"),
    PrimaryKeyConstraint("document", "name"),
    sqlite_strict=True,
)

RUN = Table(
    "billhook_run",
    METADATA,
    _text("run"),
    _text("job"),
    _text("state"),
    _text("payload"),
    _integer("version"),
    PrimaryKeyConstraint("run", "job"),
    sqlite_strict=True,
)
