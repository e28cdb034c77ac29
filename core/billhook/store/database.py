"""Opening a store: a path, a SQLite URL or a PostgreSQL URL."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from billhook.kernel.errors import NoStoreError, StoreError
from billhook.store.address import require_path

if TYPE_CHECKING:  # SQLAlchemy is loaded when a store is opened, not when this is imported
    from sqlalchemy import Connection

    from billhook.store.sql.sql_store import JoinedStore, Side, SqlStore

WAIT = timedelta(seconds=60)
"""How long a writer waits for others."""


def open_store(
    where: str | os.PathLike[str],
    *,
    create: bool = False,
    readonly: bool = False,
    identity: str = "",
    wait: timedelta = WAIT,
    journal: Literal["truncate", "wal"] = "truncate",
) -> SqlStore:
    """Open a store; what is not there is made only where that is asked for.

    Args:
        where: A file's path, ``sqlite:///path`` or ``postgresql+psycopg://user@host/name``.
        create: Make the store if there is none: to be said once, when the work begins.  A
            mistyped address would begin again at the first number otherwise.
        readonly: Only read, and change nothing about the database.
        identity: The identity of a store that is made, to be given to a copy.
        wait: How long a writer waits for others before `BusyError`.
        journal: SQLite's journal; ``wal`` is faster, and needs SQLite 3.51.3.

    Raises:
        StoreError: There is no store, it cannot be opened, or its schema is another version's.
    """
    from billhook.store.sql.migrations import prepare

    store = connect(where, create=create, readonly=readonly, wait=wait, journal=journal)
    try:
        prepare(store, create=create, identity=identity)
    except BaseException:
        store.close()
        raise
    return store


def connect(
    where: str | os.PathLike[str],
    *,
    create: bool = False,
    readonly: bool = False,
    wait: timedelta = WAIT,
    journal: Literal["truncate", "wal"] = "truncate",
) -> SqlStore:
    """Return a store without looking at its schema.

    Raises:
        StoreError: There is no file and none is to be made, or the address cannot be read.
    """
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    text = os.fspath(where)
    if "://" not in text:
        require_path(text)
        return _file(text, create=create, readonly=readonly, wait=wait, journal=journal)
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:
        raise StoreError("the store's URL cannot be read") from error
    backend = url.get_backend_name()
    if backend != "sqlite" and "@" in (url.host or ""):
        raise StoreError("the store's URL has two @: one in a password is written %40")
    if backend == "sqlite":
        if not url.database:
            raise StoreError("a store needs a file, and the URL names none: sqlite:///PATH")
        return _file(url.database, create=create, readonly=readonly, wait=wait, journal=journal)
    if backend != "postgresql":
        raise StoreError(f"a store is SQLite or PostgreSQL, not {backend}")
    from billhook.store.sql.postgresql import postgresql_store

    return postgresql_store(url, wait=wait, readonly=readonly)


def file_of(where: str | os.PathLike[str]) -> Path | None:
    """Return the file of a SQLite store, or nothing for a store on a server."""
    from sqlalchemy import make_url

    text = os.fspath(where)
    if "://" in text:
        url = make_url(text)
        if url.get_backend_name() != "sqlite":
            return None
        text = url.database or ""
    return Path(os.path.realpath(text))


def _file(
    path: str,
    *,
    create: bool,
    readonly: bool,
    wait: timedelta,
    journal: Literal["truncate", "wal"],
) -> SqlStore:
    from billhook.store.sql.sqlite import make_file, sqlite_store

    if path in {"", ":memory:"}:
        raise StoreError("a store needs a file; in memory there is billhook.store.memory")
    # two names of one file must share one lock file, and the working directory may change
    real = os.path.realpath(path)
    if not Path(real).exists():
        if not create:
            raise NoStoreError(f"there is no store {path}")
        make_file(real)
    return sqlite_store(real, wait=wait, journal=journal, readonly=readonly, share=create)


def joined(connection: Connection) -> JoinedStore:
    """Return a store inside the transaction of somebody's SQLAlchemy connection.

    What it writes is kept when they commit and undone when they roll back; it does neither.
    The tables must be there: `open_store` on the same database makes them.  From the first write
    to the end of that transaction all other writers wait, so issue late in it.

    Raises:
        StoreError: The tables are missing or another version's, or the connection's settings
            could lose a commit.
    """
    from billhook.store.sql.migrations import require_current
    from billhook.store.sql.sql_store import JoinedStore

    side = _side(connection)
    store = JoinedStore(connection, side)
    with store.read():
        side.require(connection)
        require_current(connection)
    return store


def _side(connection: Connection) -> Side:
    from billhook.store.sql import postgresql, sqlite

    if connection.dialect.name == "sqlite":
        return sqlite.SqliteSide("", WAIT)
    if connection.dialect.name == "postgresql":
        return postgresql.PostgresqlSide()
    raise StoreError(f"a store is SQLite or PostgreSQL, not {connection.dialect.name}")
