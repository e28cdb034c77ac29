"""The store in a PostgreSQL database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta

from sqlalchemy import URL, Connection, create_engine, event, select, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError

from billhook.kernel.errors import BusyError, StoreError
from billhook.store.digests import LOG_CHAIN
from billhook.store.sql.integrity import faults
from billhook.store.sql.schema import CHAIN
from billhook.store.sql.sql_store import Phase, SqlStore
from billhook.store.sql.triggers import PREFIX, TYPES, postgresql_triggers

_BUSY = {
    "55P03": "another writer held the store for too long",
    "40P01": "two transactions waited for each other",
    "40001": "another writer was faster",
    "57014": "the server cancelled the statement",
}

_SAID = {
    "53100": "disk full",
    "53200": "the server is out of memory",
    "53300": "the server takes no more connections",
    "42501": "the database role lacks a privilege",
    "XX001": "the database is damaged",
    "XX002": "an index of the database is damaged",
}

_GONE = ("08", "57P")
"""How the codes of a lost connection and of a server that stops begin."""


class PostgresqlSide:
    """The PostgreSQL dialect."""

    # a snapshot of its own for each statement would show a reader two states of the store
    reading: Mapping[str, object] = {
        "isolation_level": "REPEATABLE READ",
        "postgresql_readonly": True,
    }
    writing: Mapping[str, object] = {"isolation_level": "READ COMMITTED"}

    def write_lock(self) -> AbstractContextManager[None]:
        """Wait for nothing: the lock is a row, see `hold`."""
        return nullcontext()

    def require(self, connection: Connection) -> None:
        """Refuse a server or connection whose commits could be lost, or that writes no Unicode.

        Raises:
            StoreError: They could, or it does not.
        """
        for fault in unsafe(connection):
            raise StoreError(fault)
        if connection.execute(text("SHOW server_encoding")).scalar() != "UTF8":
            raise StoreError("the database's encoding is not UTF8")

    def join(self, connection: Connection) -> None:
        """Refuse a connection that is in no transaction, ever.

        Raises:
            StoreError: It commits each statement by itself.
        """
        if getattr(connection.connection.dbapi_connection, "autocommit", False):
            raise StoreError("the connection commits each statement by itself (autocommit)")

    def hold(self, connection: Connection) -> None:
        """Lock the row that every writer needs, first of all, so that writers cannot deadlock."""
        connection.execute(select(CHAIN).where(CHAIN.c.chain == LOG_CHAIN).with_for_update()).one()

    def size(self, connection: Connection) -> int:
        """Return how many bytes the store's tables and indexes take."""
        query = (
            "SELECT COALESCE(sum(pg_total_relation_size(oid)), 0) FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
            " AND starts_with(relname, :prefix)"
        )
        return int(connection.execute(text(query), {"prefix": PREFIX}).scalar_one())

    def damage(self, connection: Connection) -> Iterator[str]:
        """Yield settings that lose commits, broken indexes, and guards that are not right."""
        yield from unsafe(connection)
        yield from _broken_indexes(connection)
        yield from find_unguarded(connection)
        yield from faults(connection)

    def failure(self, error: DBAPIError, phase: Phase) -> StoreError:
        """Return what an error of PostgreSQL means."""
        code = getattr(error.orig, "sqlstate", None) or ""
        if code in _BUSY:
            kept = Phase.WRITING if phase is Phase.COMMITTING else phase
            return BusyError(f"{_BUSY[code]}; {kept.value}")
        if not code and str(error.orig).startswith("connection failed"):
            said = "the database server is gone, or refuses the connection"
            return StoreError(f"{said}; {phase.value} ({_first(error)})")
        if error.connection_invalidated or not code or code.startswith(_GONE):
            return StoreError(f"the database server is gone; {phase.value} ({_first(error)})")
        # an answer with a code is a refusal: the transaction is rolled back
        kept = Phase.WRITING if phase is Phase.COMMITTING else phase
        said = _SAID.get(code, "PostgreSQL refused")
        return StoreError(f"{said}; {kept.value} ({_first(error)})")


def _first(error: DBAPIError) -> str:
    return str(error.orig).strip().partition("\n")[0]


def unsafe(connection: Connection) -> Iterator[str]:
    """Yield the settings under which a commit could be lost."""
    query = text("SELECT current_setting(:name)")
    for name in ("synchronous_commit", "fsync", "full_page_writes"):
        if connection.scalar(query, {"name": name}) == "off":
            yield f"the server runs with {name} = off: a commit could be lost"


def _broken_indexes(connection: Connection) -> Iterator[str]:
    query = (
        "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
        " JOIN pg_class r ON r.oid = i.indrelid"
        " WHERE NOT i.indisvalid AND r.relnamespace = current_schema()::regnamespace"
        " AND starts_with(r.relname, :prefix) ORDER BY 1"
    )
    for name in connection.execute(text(query), {"prefix": PREFIX}).scalars():
        yield f"index {name} is not valid"


def find_unguarded(connection: Connection) -> Iterator[str]:
    """Yield what is wrong with the triggers of the store."""
    query = (
        "SELECT t.tgname, r.relname, t.tgtype, t.tgenabled, p.proname, p.prosrc"
        " FROM pg_trigger t JOIN pg_class r ON r.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
        " WHERE NOT t.tgisinternal AND r.relnamespace = current_schema()::regnamespace"
        " AND starts_with(r.relname, :prefix)"
    )
    found = {row[0]: row[1:] for row in connection.execute(text(query), {"prefix": PREFIX})}
    for each in postgresql_triggers():
        if each.name not in found:
            yield f"guard {each.name} is missing"
        elif found[each.name] != (each.table, TYPES[each.when], "A", each.function, each.body):
            yield f"guard {each.name} is not as it should be"
    for name in sorted(found.keys() - {each.name for each in postgresql_triggers()}):
        yield f"trigger {name} on the store's tables is not billhook's"
    for name in connection.execute(text(_VIEWS), {"prefix": PREFIX}).scalars():
        yield f"view {name} over the store's tables is not billhook's"


_VIEWS = (
    "SELECT DISTINCT view_name::text FROM information_schema.view_table_usage"
    " WHERE table_schema = current_schema() AND starts_with(table_name::text, :prefix) ORDER BY 1"
)


# ── opening ──────────────────────────────────────────────────────────────────


def postgresql_store(url: URL, *, wait: timedelta, readonly: bool = False) -> SqlStore:
    """Return a store on a server.

    Raises:
        StoreError: psycopg is not installed.
    """
    try:
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            connect_args={"client_encoding": "utf8"},
        )
    except ModuleNotFoundError as error:
        raise StoreError("PostgreSQL needs psycopg: pip install 'billhook[postgresql]'") from error

    @event.listens_for(engine, "connect")
    def _configure_connection(connection: DBAPIConnection, _: object) -> None:
        _set_up(connection, wait)

    return SqlStore(engine, PostgresqlSide(), readonly=readonly)


def _set_up(connection: DBAPIConnection, wait: timedelta) -> None:
    cursor = connection.cursor()
    try:
        cursor.execute(f"SET lock_timeout = {max(1, wait // timedelta(milliseconds=1))}")
        cursor.execute("SHOW synchronous_commit")
        row = cursor.fetchone()
        if row is not None and row[0] == "off":
            cursor.execute("SET synchronous_commit = on")
        cursor.execute("SET application_name = 'billhook'")
        # a plan made while a table was small reads all of it, and is kept while it grows: in a
        # run of thousands of bills the last claim took ten times as long as the first
        cursor.execute("SET enable_seqscan = off")
    finally:
        cursor.close()
    connection.commit()
