"""The store in a SQLite file."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from sqlalchemy import URL, Connection, QueuePool, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from billhook.kernel.errors import BusyError, StoreError
from billhook.store.sql.integrity import faults
from billhook.store.sql.sql_store import BEGIN, Phase, SqlStore
from billhook.store.sql.triggers import PREFIX, sqlite_triggers
from billhook.store.sql.write_lock import write_lock

Journal = Literal["truncate", "wal"]

WAL_SINCE = (3, 51, 3)
"""Before this version two connections could corrupt a database in WAL mode."""

CACHE = 64 * 1024
"""KiB of pages in memory: a transaction that outgrows it waits for the disk before it commits."""

_FULL = {"delete": 3, "truncate": 2, "persist": 2, "wal": 2}
"""What ``synchronous`` must be at least, by journal mode, for a commit to survive a power cut."""

_SAID = {
    sqlite3.SQLITE_FULL: "disk full",
    sqlite3.SQLITE_CORRUPT: "the database is damaged",
    sqlite3.SQLITE_NOTADB: "the file is not an SQLite database",
    sqlite3.SQLITE_READONLY: "the database may only be read",
    sqlite3.SQLITE_CANTOPEN: "the database cannot be opened",
}


class SqliteSide:
    """The SQLite dialect.

    Args:
        path: The database file; empty when the connection is somebody else's.
        wait: How long to wait for other writers.
    """

    reading: Mapping[str, object] = {}
    writing: Mapping[str, object] = {BEGIN: "BEGIN IMMEDIATE"}

    def __init__(self, path: str, wait: timedelta) -> None:
        self._path = path
        self._wait = wait

    def write_lock(self) -> AbstractContextManager[None]:
        """Wait for the lock file."""
        return write_lock(self._path, self._wait)

    def require(self, connection: Connection) -> None:
        """Refuse a connection whose commits could be lost in a power cut: Python's own could.

        Raises:
            StoreError: They could.
        """
        mode = str(connection.exec_driver_sql("PRAGMA journal_mode").scalar_one())
        level = int(connection.exec_driver_sql("PRAGMA synchronous").scalar_one())
        if level < _FULL.get(mode, 4):
            raise StoreError(
                f"the connection has journal_mode={mode} and synchronous={level}: a commit could be"
                " lost in a power cut; set PRAGMA journal_mode = TRUNCATE and synchronous = FULL"
            )

    def join(self, connection: Connection) -> None:
        """Begin, if that was put off: the end of a savepoint would be a commit otherwise."""
        inner = connection.connection.dbapi_connection
        if not getattr(inner, "in_transaction", True):
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    def hold(self, connection: Connection) -> None:
        """Hold nothing more: ``BEGIN IMMEDIATE`` did."""

    def size(self, connection: Connection) -> int:
        """Return how many bytes the database takes."""
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        return int(pages) * int(connection.exec_driver_sql("PRAGMA page_size").scalar_one())

    def damage(self, connection: Connection) -> Iterator[str]:
        """Yield what SQLite finds damaged, and guards that are not as they should be."""
        found = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check")]
        if found != ["ok"]:
            # what a broken database says of its rows is worth nothing
            yield from (f"integrity check: {each}" for each in found)
            return
        for row in connection.exec_driver_sql("PRAGMA foreign_key_check"):
            yield f"foreign key check: table {row[0]}, row {row[1]}"
        yield from find_unguarded(connection)
        yield from faults(connection)

    def failure(self, error: DBAPIError, phase: Phase) -> StoreError:
        """Return what an error of SQLite means."""
        code = getattr(error.orig, "sqlite_errorcode", 0)
        if code & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            # also at the commit: SQLite refuses it whole, and it is rolled back then
            kept = Phase.WRITING if phase is Phase.COMMITTING else phase
            return BusyError(f"the database is in use by others; {kept.value}")
        if code & 0xFF == sqlite3.SQLITE_FULL or code == sqlite3.SQLITE_IOERR_WRITE:
            # all writing comes before the act that commits, which is a truncation
            phase = Phase.WRITING if phase is Phase.COMMITTING else phase
        if code == sqlite3.SQLITE_IOERR_WRITE:
            return StoreError(f"the disk takes no more (full, or over a limit); {phase.value}")
        said = _SAID.get(code & 0xFF, "SQLite refused")
        return StoreError(f"{said}; {phase.value} ({error.orig})")


def find_unguarded(connection: Connection) -> Iterator[str]:
    """Yield what is wrong with the triggers of a database."""
    query = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name GLOB ?"
    found = {row[0]: row[1] for row in connection.exec_driver_sql(query, (f"{PREFIX}*",))}
    own = sqlite_triggers()
    for name, statement in own.items():
        if name not in found:
            yield f"guard {name} is missing"
        elif found[name] != statement:
            yield f"guard {name} is not as it should be"
    for name in sorted(found.keys() - own.keys()):
        yield f"trigger {name} on the store's tables is not billhook's"
    views = "SELECT name FROM sqlite_schema WHERE type = 'view' AND sql LIKE ? ORDER BY name"
    for name in connection.exec_driver_sql(views, (f"%{PREFIX}%",)).scalars():
        yield f"view {name} over the store's tables is not billhook's"


# ── opening ──────────────────────────────────────────────────────────────────


def sqlite_store(
    path: str,
    *,
    wait: timedelta,
    journal: Journal,
    readonly: bool = False,
    share: bool = False,
) -> SqlStore:
    """Return a store on a file.

    Args:
        path: The file.
        wait: How long a writer waits for others.
        journal: The journal to be set.
        readonly: Leave the file as it is, and its journal too.
        share: Whether the tables may be made in a database of another program.

    Raises:
        StoreError: ``journal`` is ``wal`` and this SQLite could corrupt such a database.
    """
    require_sound(journal, sqlite3.sqlite_version_info)
    # one connection is kept: to open it, set it up and read the schema takes SQLite nearly as long
    # as to issue a bill; threads that are there at the same time open their own
    engine = create_engine(
        URL.create("sqlite", database=path),
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=-1,
        creator=partial(_connect, path, readonly=readonly),
    )

    @event.listens_for(engine, "connect")
    def _configure_connection(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        try:
            leave = readonly or not (share or _is_own(connection))
            set_up(connection, wait, None if leave else journal)
        except BaseException:
            connection.close()
            raise
        entry.info["file"] = _identity(path)

    @event.listens_for(engine, "checkout")
    def _check_file(connection: DBAPIConnection, entry: ConnectionPoolEntry, _: object) -> None:
        # who put a backup in the file's place must not have bills kept in the old one, and who
        # copied it over the file must not have pages of both
        cursor = connection.cursor()
        cursor.execute("PRAGMA shrink_memory")
        cursor.close()
        if entry.info["file"] != _identity(path):
            raise DisconnectionError(f"{path} is another file by now")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # pysqlite would begin at the first change only, and then without the lock
        if statement := connection.get_execution_options().get(BEGIN, "BEGIN"):
            connection.exec_driver_sql(statement)

    return SqlStore(engine, SqliteSide(path, wait), readonly=readonly)


def _connect(path: str, *, readonly: bool) -> sqlite3.Connection:
    """Open a connection that makes no file; one for reading has the file opened for that only.

    The journal that a killed writer left must be played back before anything can be read.
    """
    mode = "rw"
    if readonly and not Path(f"{path}-journal").exists():
        # a database in WAL mode would get a log and an index by being looked at
        bare = _in_wal_mode(path) and not Path(f"{path}-wal").exists()
        mode = "ro&immutable=1" if bare else "ro"
    address = f"file:{quote(path)}?mode={mode}"
    connection = sqlite3.connect(address, timeout=0, check_same_thread=False, uri=True)
    if readonly:
        connection.execute("PRAGMA query_only = ON")
    return connection


def _is_own(connection: DBAPIConnection) -> bool:
    """Return whether a database has our tables, or none at all."""
    cursor = connection.cursor()
    try:
        cursor.execute("SELECT count(*), sum(name = 'billhook_meta') FROM sqlite_schema")
        count, own = cursor.fetchone() or (0, 0)
        return not count or bool(own)
    finally:
        cursor.close()


_HEADERS: dict[tuple[int, int], int] = {}
"""Open handles on databases, kept: closing one would drop this process's locks on the file."""


def _in_wal_mode(path: str) -> bool:
    """Return whether a database's header says so; opening it with SQLite would make files."""
    try:
        found = _identity(path)
        if found is None:
            return False
        handle = _HEADERS.setdefault(found, -1)
        if handle < 0:
            handle = _HEADERS[found] = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    return os.pread(handle, 2, 18) == b"\x02\x02" if hasattr(os, "pread") else False


def _identity(path: str) -> tuple[int, int] | None:
    """Return what tells a file from another one of its name; ``None`` if there is none."""
    try:
        found = Path(path).stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def require_sound(journal: Journal, version: tuple[int, ...]) -> None:
    """Refuse a journal that this version of SQLite does not keep sound.

    Raises:
        StoreError: It does not.
    """
    if journal == "wal" and version < WAL_SINCE:
        found, needed = (".".join(map(str, each)) for each in (version, WAL_SINCE))
        raise StoreError(
            f'journal = "wal" needs SQLite {needed}, found {found}: before that, two writers'
            " could corrupt the database; leave it at its default"
        )


def set_up(connection: DBAPIConnection, wait: timedelta, journal: Journal | None) -> None:
    """Give a connection the settings under which a commit survives a power cut.

    Raises:
        StoreError: The journal cannot be made the wanted one while others are at work.
    """
    connection.isolation_level = None
    cursor = connection.cursor()
    try:
        cursor.execute(f"PRAGMA busy_timeout = {wait // timedelta(milliseconds=1)}")
        if journal is not None:
            cursor.execute(f"PRAGMA journal_mode = {journal}")
            if (mode := (cursor.fetchone() or ("unknown",))[0]) != journal:
                message = f"the database's journal is {mode} and cannot be made {journal} now"
                raise StoreError(message)
        for pragma in (
            "synchronous = FULL",
            "fullfsync = ON",
            "checkpoint_fullfsync = ON",
            "foreign_keys = ON",
            "recursive_triggers = ON",
            "trusted_schema = OFF",
            "cell_size_check = ON",
            f"cache_size = -{CACHE}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
    finally:
        cursor.close()


def make_file(path: str) -> None:
    """Make an empty database file that its owner alone may read, and its folder.

    Raises:
        StoreError: It cannot be made.
    """
    try:
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"the database's folder cannot be made: {error}") from error
    try:
        # O_EXCL: closing a handle on an existing database would drop this process's locks on it
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        sync_folder(Path(path).parent)
    except FileExistsError:
        return
    except OSError as error:
        raise StoreError(f"the database cannot be made: {error}") from error


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
