"""Copies of a store that are known to be good, and the migration that makes one first."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

import attrs
from sqlalchemy import URL

from billhook.kernel.errors import ConflictError, StoreError
from billhook.store.database import WAIT, connect, file_of
from billhook.store.sql import migrations, schema, statements
from billhook.store.sql.sql_store import SqlStore
from billhook.store.sql.sqlite import sync_folder
from billhook.store.sql.write_lock import write_lock


def backup(store: SqlStore, path: Path) -> None:
    """Copy a store while others go on using it.

    On SQLite the copy is a store: written beside its place, made durable, checked, and only then
    given its name.  On PostgreSQL it is an archive for ``pg_restore``, made by ``pg_dump``.

    Raises:
        StoreError: Something stands at ``path``, the copy is not sound, or there is no
            ``pg_dump``.
    """
    if store.engine.dialect.name == "sqlite":
        copy_file(store, path)
    else:
        _dump(store.engine.url, path)


def ending(store: SqlStore) -> str:
    """Return how the name of a store's backup should end: it is a database, or an archive."""
    return ".db" if store.engine.dialect.name == "sqlite" else ".dump"


def beside(store: SqlStore, word: str) -> Path:
    """Return a free name beside a SQLite database: ``billhook.schema-1.db``."""
    return _free_name(Path(store.engine.url.database or ""), word)


def _free_name(database: Path, word: str) -> Path:
    for count in range(1, 1000):
        number = f"-{count}" if count > 1 else ""
        path = database.with_name(f"{database.stem}.{word}{number}{database.suffix}")
        if not path.exists():
            return path
    raise StoreError(f"there are too many backups beside {database}")


def copy_file(store: SqlStore, path: Path) -> None:
    """Copy a SQLite database into a new file, and check the copy before it gets its name.

    Raises:
        StoreError: Something stands at ``path``, or the copy is not sound.
    """
    part = _part(path)
    try:
        with store.bare() as connection:
            # SQLite takes an empty file for none, and keeps its mode
            connection.exec_driver_sql("VACUUM INTO ?", (str(part),))
        _require_sound(part)
        _keep(part, path)
    finally:
        part.unlink(missing_ok=True)


def put_back(source: Path, where: str, wait: timedelta) -> None:
    """Put a copy of a backup in the place of a SQLite store; what stood there is set aside.

    Raises:
        StoreError: The store is on a server, or a file cannot be moved or written.
        BusyError: Somebody is writing.
    """
    path = file_of(where)
    if path is None:
        message = "restore a server's backup with pg_restore, then run billhook db restore"
        raise StoreError(f"{message} without a file")
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with write_lock(str(path), wait) if path.exists() else nullcontext():
            part.unlink(missing_ok=True)
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as to:
                to.write(source.read_bytes())
                to.flush()
                os.fsync(to.fileno())
            _set_aside(path)
            part.rename(path)
            sync_folder(path.parent)
    except OSError as error:
        raise StoreError(f"the backup cannot be restored: {error}") from error
    finally:
        part.unlink(missing_ok=True)


def _set_aside(path: Path) -> None:
    """Give a database another name, and what belongs to it with it."""
    aside = _free_name(path, "before-restore")
    for suffix in ("", "-journal", "-wal", "-shm"):
        left = path.with_name(f"{path.name}{suffix}")
        if left.exists():
            left.rename(aside.with_name(f"{aside.name}{suffix}"))


def _part(path: Path) -> Path:
    """Return an empty file beside ``path`` that its owner alone may read."""
    if path.exists():
        raise _existing_file_error(path)
    part = path.with_name(f"{path.name}.part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise StoreError(f"the backup cannot be written: {error}") from error
    return part


def _require_sound(part: Path) -> None:
    copy = connect(part, create=False, wait=WAIT)
    try:
        with copy.reading() as connection:
            migrations.require_known(migrations.version(connection))
            faults = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check")]
    finally:
        copy.close()
    if faults != ["ok"]:
        raise StoreError(f"the backup is damaged: {faults[0]}")


def _keep(part: Path, path: Path) -> None:
    """Make a finished copy durable under its name, which nobody has taken meanwhile."""
    handle = os.open(part, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    try:
        os.link(part, path)
    except FileExistsError as error:
        raise _existing_file_error(path) from error
    except OSError:  # a file system without links
        part.rename(path)
    sync_folder(path.parent)


def _existing_file_error(path: Path) -> ConflictError:
    return ConflictError(f"{path} exists and a backup overwrites nothing: name another file")


def _dump(url: URL, path: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise StoreError(
            "pg_dump is not on the PATH: install PostgreSQL's client programs, or make the"
            " backup on the server"
        )
    part = _part(path)
    try:
        # the password goes through the environment: others can read a command line
        address = url.set(drivername="postgresql", password=None).render_as_string()
        made = subprocess.run(  # noqa: S603 - a list of arguments, no shell
            [program, "--format=custom", f"--file={part}", "--no-password", f"--dbname={address}"],
            env=os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {}),
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise StoreError(f"pg_dump failed: {made.stderr.strip().partition(chr(10))[0]}")
        _keep(part, path)
    finally:
        part.unlink(missing_ok=True)


# ── migration ────────────────────────────────────────────────────────────────


@attrs.frozen
class Migrated:
    """The result of a migration.

    Attributes:
        before: The schema's version before.
        after: The version now.
        backup: The verified copy that was made first; ``None`` on PostgreSQL, and when the
            schema was this version's already.
    """

    before: int
    after: int
    backup: Path | None = None


def migrate(where: str | Path, *, backup: Path | None = None) -> Migrated:
    """Lead a store's schema up to this version.

    Args:
        where: As for `billhook.store.database.open_store`.
        backup: Where the copy that is made first goes on SQLite; by default beside the database.

    Raises:
        StoreError: There is no store, its schema is newer, the copy is not sound, or a step would
            lose rows.
    """
    store = connect(where, create=False, wait=WAIT)
    try:
        with store.reading() as connection:
            before = migrations.require_known(migrations.version(connection))
            named = bool(connection.scalar(statements.IDENTITY))
        if before == schema.VERSION and named:
            return Migrated(before, before)
        kept = None
        if store.engine.dialect.name == "sqlite":
            kept = backup or beside(store, f"schema-{before}")
            copy_file(store, kept)
        with store.writing() as connection:
            migrations.lead(connection, migrations.require_known(migrations.version(connection)))
        return Migrated(before, schema.VERSION, kept)
    finally:
        store.close()
