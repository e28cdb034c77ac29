"""The schema through its versions: made at once for a fresh database, else led up step by step.

A step is plain SQL, frozen when it was written, and additive on tables that hold what was issued:
SQLAlchemy's or Alembic's rebuilding of a SQLite table drops its triggers without a word.  All of a
migration is one transaction, in which the triggers are dropped first and made anew last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, insert, inspect, select, update

from billhook.kernel.errors import NoStoreError, StoreError
from billhook.store.digests import LOG_CHAIN, new_identity
from billhook.store.sql.integrity import faults
from billhook.store.sql.schema import CHAIN, IDENTITY_KEY, META, METADATA, SCHEMA_KEY, VERSION
from billhook.store.sql.sql_store import SqlStore
from billhook.store.sql.statements import IDENTITY
from billhook.store.sql.triggers import PREFIX, postgresql_statements, sqlite_triggers

STEPS: Mapping[int, tuple[str, ...]] = {
    # Every issue asks for a scheme's newest seal; nobody asks for the documents of one day.
    2: (
        "CREATE INDEX ix_billhook_fiscal_seal_scheme_id ON billhook_fiscal_seal (scheme, id)",
        "DROP INDEX ix_billhook_document_date",
    ),
    # Accumulators: what the lines of living documents have counted.
    3: (
        (
            "CREATE TABLE billhook_count ("
            ' "key" {text} NOT NULL, position {integer} NOT NULL, document {text} NOT NULL,'
            ' "by" {text} NOT NULL, unit {text} NOT NULL, value {text} NOT NULL,'
            " total {text} NOT NULL,"
            ' CONSTRAINT pk_billhook_count PRIMARY KEY ("key", position) ){strict}'
        ),
        "CREATE INDEX ix_billhook_count_document ON billhook_count (document)",
    ),
}
"""Statements that lead to a version from the one before it, the same on both databases.

What the two call a text, a whole number and a strict table is filled in, see `WORDS`.
"""

WORDS: Mapping[str, Mapping[str, str]] = {
    "sqlite": {"text": "TEXT", "integer": "INTEGER", "strict": " STRICT"},
    "postgresql": {"text": 'TEXT COLLATE "C"', "integer": "BIGINT", "strict": ""},
}
"""What the databases call the same thing, by dialect."""

_CREATION_LOCK = 0x62696C6C
"""Number of the lock under which two processes do not both make the tables on PostgreSQL."""


# ── versions ─────────────────────────────────────────────────────────────────


def version(connection: Connection) -> int | None:
    """Return the version of a database's schema, or ``None`` if it has no tables of ours.

    Raises:
        StoreError: The row that tells it is gone or no number.
    """
    if not inspect(connection).has_table(META.name):
        return None
    found = connection.scalar(select(META.c.value).where(META.c.key == SCHEMA_KEY))
    if found is None or not found.isdecimal():
        raise StoreError("the store does not say which schema it has: put a backup back")
    return int(found)


def require_known(found: int | None) -> int:
    """Return a version that this billhook can lead up or use.

    Raises:
        StoreError: There are no tables, or they are of a newer billhook.
    """
    if found is None:
        raise StoreError("the database holds no billhook tables")
    if found > VERSION:
        raise StoreError(
            f"the store's schema is version {found}, this billhook knows {VERSION}:"
            " use the newer billhook that made it"
        )
    return found


def require_current(connection: Connection) -> None:
    """Refuse a schema that is not this version's.

    Raises:
        StoreError: It is not.
    """
    if (found := require_known(version(connection))) != VERSION:
        raise StoreError(
            f"the store's schema is version {found}, this billhook needs {VERSION}:"
            " run `billhook db migrate`"
        )


def prepare(store: SqlStore, *, create: bool, identity: str = "") -> None:
    """Make a fresh database's tables, and refuse one that is not this version's.

    Args:
        store: The store.
        create: Whether to make the tables that are not there.
        identity: The identity of a copy, to be made with the tables; a new store's if empty.

    Raises:
        StoreError: It is not, or there are no tables and none are to be made.
    """
    with store.reading() as connection:
        found = version(connection)
        if found is None and not create:
            foreign = has_tables(connection)
            raise NoStoreError("the database holds no billhook tables", foreign=foreign)
        if not store.readonly:
            store.side.require(connection)
        if found is not None:
            require_current(connection)
            return
    with store.writing() as connection:
        make(connection, identity)
    with store.reading() as connection:
        require_current(connection)


def has_tables(connection: Connection) -> bool:
    """Return whether a database holds tables of anybody's."""
    return bool(inspect(connection).get_table_names())


# ── work ─────────────────────────────────────────────────────────────────────


def make(connection: Connection, identity: str = "") -> None:
    """Make the tables inside a transaction, unless somebody else has by now."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_CREATION_LOCK})")
    if version(connection) is None:
        METADATA.create_all(connection, checkfirst=False)
        connection.execute(insert(META).values(key=SCHEMA_KEY, value=str(VERSION)))
        identify(connection, identity or new_identity())
        connection.execute(insert(CHAIN).values(chain=LOG_CHAIN, position=0, digest=""))
        guard(connection)


def identify(connection: Connection, identity: str) -> None:
    """Give a store its identity, unless it has one."""
    if not connection.scalar(IDENTITY):
        connection.execute(insert(META).values(key=IDENTITY_KEY, value=identity))


def lead(connection: Connection, before: int) -> None:
    """Lead a schema up inside a transaction."""
    unguard(connection)
    for number in range(before + 1, VERSION + 1):
        for statement in STEPS[number]:
            connection.exec_driver_sql(statement.format_map(WORDS[connection.dialect.name]))
    connection.execute(update(META).where(META.c.key == SCHEMA_KEY).values(value=str(VERSION)))
    identify(connection, new_identity())
    guard(connection)
    for fault in faults(connection):
        raise StoreError(f"the migration would damage the store: {fault}")


def guard(connection: Connection) -> None:
    """Put every guard in its place."""
    for statement in _guarding(connection):
        connection.exec_driver_sql(statement)


def _guarding(connection: Connection) -> Iterator[str]:
    if connection.dialect.name == "sqlite":
        yield from sqlite_triggers().values()
        return
    yield from postgresql_statements(str(connection.exec_driver_sql(_PLACE).scalar_one()))


_PLACE = "SELECT quote_ident(current_schema())"


def unguard(connection: Connection) -> None:
    """Take every guard away, inside a transaction that puts them back."""
    quoted = connection.dialect.identifier_preparer.quote
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name GLOB ?"
        for name in connection.exec_driver_sql(query, (f"{PREFIX}*",)).scalars().all():
            connection.exec_driver_sql(f"DROP TRIGGER {quoted(name)}")
        return
    for name in connection.exec_driver_sql(_FUNCTIONS).scalars().all():
        connection.exec_driver_sql(f"DROP FUNCTION {quoted(name)}() CASCADE")


_FUNCTIONS = (
    "SELECT proname FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"
    " AND prorettype = 'trigger'::regtype AND starts_with(proname, 'billhook_')"
)
