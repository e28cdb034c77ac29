"""What writers issue into: the real service on a store, and naive ways that must fail."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import attrs

from billhook.audit.verify import verify
from billhook.kernel.errors import StoreError
from billhook.store.database import open_store
from billhook.store.digests import audit_digest, document_digest
from billhook.store.protocol import Reading
from store.faults.tally import Bill
from store.office import bill, office

Issue = Callable[[str], Bill]
"""Issues the bill of a key; a second time it gives the same bill again."""


class LaterError(Exception):
    """The writer shall come back later."""


@attrs.frozen
class Subject:
    """Something that writers issue into.

    Attributes:
        name: What it is.
        where: Its place.
        open: Opens it in a writer's process.
        bills: Reads every bill.
        damage: Counts what else is wrong.
    """

    name: str
    where: str
    open: Callable[[str], Issue]
    bills: Callable[[str], list[Bill]]
    damage: Callable[[str], int]


# ── the store ────────────────────────────────────────────────────────────────


def store_subject(name: str, where: str) -> Subject:
    """Return the real service on a store, whose tables are made here."""
    open_store(where, create=True).close()
    return Subject(name, where, _open_store, _store_bills, _store_damage)


def _open_store(where: str) -> Issue:
    engine = office()
    store = open_store(where, wait=timedelta(seconds=60), create=True)

    def issue(key: str) -> Bill:
        try:
            made = bill(engine, store, key, lines=2)
        except StoreError as error:
            raise LaterError from error
        return key, made.sequence or 0, made.digest

    return issue


def _store_bills(where: str) -> list[Bill]:
    with closing(open_store(where, create=True)) as store, store.read() as reading:
        return [(entry.key, entry.sequence, entry.digest) for entry in reading.entries()]


def _store_damage(where: str) -> int:
    with closing(open_store(where, create=True)) as store:
        found = [*store.check(), *verify(store, office().plugins).findings]
        with store.read() as reading:
            return len(found) + _unchained(reading) + _unclaimed(reading)


def _unchained(reading: Reading) -> int:
    """Count the breaks of both chains, independently of `verify`."""
    faults, previous = 0, ""
    for place, entry in enumerate(reading.entries(), start=1):
        right = (place, previous, document_digest(previous, entry.payload))
        faults += (entry.position, entry.previous, entry.digest) != right
        previous = entry.digest
    previous = ""
    for place, line in enumerate(reading.audit_entries(), start=1):
        right = (place, previous, audit_digest(previous, line))
        faults += (line.position, line.previous, line.digest) != right
        previous = line.digest
    return faults


def _unclaimed(reading: Reading) -> int:
    """Count the bills that do not claim exactly the two tasks of their key."""
    keys = {entry.number: entry.key for entry in reading.entries()}
    return sum(
        [claim.key for claim in reading.claims_of(number)] != [f"{key}-1", f"{key}-2"]
        for number, key in keys.items()
    )


# ── naive ways ───────────────────────────────────────────────────────────────

WORK = 0.002
"""Seconds between a naive writer's steps, as long as sealing a document takes."""


def naive(way: str, folder: Path) -> Subject:
    """Return one of the `WAYS` that must not be gone, on a SQLite file."""
    where = str(folder / f"{way}.db")
    with closing(sqlite3.connect(where)) as raw:
        raw.execute(f"PRAGMA journal_mode = {'wal' if way == 'deferred begin' else 'truncate'}")
        raw.executescript(
            "CREATE TABLE counter (last INTEGER); INSERT INTO counter VALUES (0);"
            "CREATE TABLE bill (key TEXT PRIMARY KEY, number INTEGER)"
        )
    return Subject(f"naive: {way}", where, _opened(WAYS[way]), _naive_bills, lambda _: 0)


def _opened(way: Callable[[sqlite3.Connection, str], None]) -> Callable[[str], Issue]:
    def open_naively(where: str) -> Issue:
        def issue(key: str) -> Bill:
            query = "SELECT number FROM bill WHERE key = ?"
            with closing(sqlite3.connect(where, isolation_level=None, timeout=5)) as raw:
                try:
                    if raw.execute(query, (key,)).fetchone() is None:
                        way(raw, key)
                    (number,) = raw.execute(query, (key,)).fetchone()
                except sqlite3.OperationalError as error:
                    raise LaterError from error
            return key, number, ""

        return issue

    return open_naively


def _own_transaction(raw: sqlite3.Connection, key: str) -> None:
    raw.execute("BEGIN IMMEDIATE")
    raw.execute("UPDATE counter SET last = last + 1")
    (number,) = raw.execute("SELECT last FROM counter").fetchone()
    raw.execute("COMMIT")
    time.sleep(WORK)
    raw.execute("INSERT INTO bill VALUES (?, ?)", (key, number))


def _max_plus_one(raw: sqlite3.Connection, key: str) -> None:
    (last,) = raw.execute("SELECT coalesce(max(number), 0) FROM bill").fetchone()
    time.sleep(WORK)
    raw.execute("INSERT INTO bill VALUES (?, ?)", (key, last + 1))


def _deferred_begin(raw: sqlite3.Connection, key: str) -> None:
    raw.execute("BEGIN")
    (last,) = raw.execute("SELECT coalesce(max(number), 0) FROM bill").fetchone()
    time.sleep(WORK)
    raw.execute("INSERT INTO bill VALUES (?, ?)", (key, last + 1))
    raw.execute("COMMIT")


WAYS = {
    "number in a transaction of its own": _own_transaction,
    "max plus one": _max_plus_one,
    "deferred begin": _deferred_begin,
}


def _naive_bills(where: str) -> list[Bill]:
    with closing(sqlite3.connect(where)) as raw:
        return [(key, number, "") for key, number in raw.execute("SELECT key, number FROM bill")]
