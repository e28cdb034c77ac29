"""The store: where it lies, whether commits there last, and whether the database is sound."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from billhook.issue.archived_files import find_unfiled
from billhook.kernel.diagnostics import Findings
from billhook.kernel.errors import RefusedError, StoreError
from billhook.kernel.text import counted
from billhook.project import Project
from billhook.project.store_identity import missing, read_identity, testimonies
from billhook.project.store_settings import Keeping
from billhook.store.address import require_path
from billhook.tools.doctor.finding import Finding, HealthState

if TYPE_CHECKING:  # SQLAlchemy is loaded when a store is there to be looked at
    from billhook.store.sql.sql_store import SqlStore
    from billhook.store.sql.sqlite import Journal

TOPIC = "store"

MOUNTS = Path("/proc/self/mounts")
REMOTE = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "vboxsf", "afs", "ceph"})
"""File systems over a network or a border: what one side locks, the other may not see."""
FLEETING = frozenset({"tmpfs", "ramfs"})
_LEVELS = ("off", "normal", "full", "extra")
LEAST_FREE = 50_000_000
"""Bytes that must be free: a disk that is full stops issuing."""


def examine(project: Project) -> Iterator[Finding]:
    """Yield the state of the project's store, if it has one."""
    findings = Findings()
    keeping = project.keeping(findings) if project.exists else None
    if keeping is None:
        yield from (Finding(TOPIC, e.message, HealthState.WRONG, e.hint or "") for e in findings)
        if not findings:
            yield Finding(TOPIC, "no project, so no store", HealthState.NOTE)
        return
    for each in findings:
        yield Finding(TOPIC, each.message, HealthState.NOTE, each.hint or "")
    try:
        where = os.environ.get("BILLHOOK_STORE") or keeping.address
        if "://" not in where:
            require_path(where)
    except (RefusedError, StoreError) as error:
        yield Finding(TOPIC, str(error), HealthState.WRONG)
        return
    path = _file(where)
    if path is not None and not path.exists():
        yield _absent(project, keeping, path)
        return
    if path is not None:
        yield from _place(path)
    yield from _soundness(where, keeping.journal)


def _absent(project: Project, keeping: Keeping, path: Path) -> Finding:
    try:
        known = testimonies(read_identity(project.folder), project.folder, keeping.archive)
    except ValueError as error:
        return Finding(TOPIC, str(error), HealthState.WRONG)
    if known:
        found = missing(known, str(path))
        return Finding(TOPIC, found.message, HealthState.WRONG, found.hint or "")
    return Finding(
        TOPIC, f"no store yet: {path} is made with the first issued bill", HealthState.NOTE
    )


def _file(where: str) -> Path | None:
    """Return a SQLite store's file, ``None`` for a server."""
    if where.startswith("sqlite:///"):
        return Path(where.removeprefix("sqlite:///"))
    return None if "://" in where else Path(where)


def _place(path: Path) -> Iterator[Finding]:
    kind = file_system(path, MOUNTS)
    if kind in REMOTE:
        hint = "keep the store on a local disk, or on PostgreSQL: locks over a network may be lost"
        yield Finding(TOPIC, f"{path} lies on {kind}", HealthState.WRONG, hint)
    elif kind in FLEETING:
        hint = "move the store to a disk"
        yield Finding(TOPIC, f"{path} is in memory ({kind})", HealthState.WRONG, hint)
    else:
        yield Finding(TOPIC, f"{path} lies on {kind or 'a file system of no known kind'}")
    if os.name == "posix" and path.stat().st_mode & 0o077:
        hint = f"if nobody else should read it: chmod 600 {path}"
        yield Finding(TOPIC, f"others than its owner may open {path}", HealthState.NOTE, hint)
    free = shutil.disk_usage(path.parent).free
    if free < LEAST_FREE:
        title = f"{free // 1_000_000} MB are free beside the store"
        yield Finding(TOPIC, title, HealthState.WRONG, "make room: a full disk stops issuing")


def file_system(path: Path, mounts: Path) -> str:
    """Return the kind of file system that a path lies on, empty where that is not known.

    Args:
        path: A file or folder.
        mounts: The table of what is mounted, as Linux has it.
    """
    try:
        lines = [line.split() for line in mounts.read_text(encoding="utf-8").splitlines()]
    except OSError:
        return ""
    real = path.resolve()
    places = [(Path(place.replace("\\040", " ")), kind) for _, place, kind, *_ in lines]
    found = [(len(at.parts), kind) for at, kind in places if real.is_relative_to(at)]
    return max(found, default=(0, ""))[1]


def _soundness(where: str, journal: Journal) -> Iterator[Finding]:
    from billhook.store.database import open_store

    try:
        store = open_store(where, readonly=True, journal=journal)
    except (StoreError, OSError) as error:
        yield Finding(TOPIC, f"the store cannot be used: {error}", HealthState.WRONG)
        return
    try:
        with store.read() as reading:
            documents = reading.stats().documents
            bare = find_unfiled(reading)
        commits = _commits(store, journal)
        faults = store.check()
    except StoreError as error:
        yield Finding(TOPIC, f"the store cannot be read: {error}", HealthState.WRONG)
        return
    finally:
        store.close()
    yield Finding(TOPIC, f"{documents} documents; {commits}")
    if bare:
        have = "has" if len(bare) == 1 else "have"
        title = f"{counted(len(bare), 'document')} {have} no files, {bare[0]} first"
        yield Finding(TOPIC, title, HealthState.NOTE, "make them: billhook invoice files --missing")
    for fault in faults:
        hint = "stop issuing, keep a copy of the file, and restore a backup: billhook db restore"
        yield Finding(TOPIC, f"the database is damaged: {fault}", HealthState.WRONG, hint)


def _commits(store: SqlStore, journal: Journal) -> str:
    """Return how commits are made to last, as the store's own connections have it."""
    if store.engine.dialect.name != "sqlite":
        return "commits last as the server keeps them"
    with store.reading() as connection:
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
        level = int(connection.exec_driver_sql("PRAGMA synchronous").scalar_one())
    mode = mode if mode == "wal" else journal
    return f"journal {mode}, synchronous {_LEVELS[level]}, SQLite {sqlite3.sqlite_version}"
