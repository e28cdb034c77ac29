"""How fast bills are issued, by how many writers, and how much of it is the store.

    python benchmarks/issue.py [--store sqlite,postgresql] [--seconds 5] [--bills 1000,10000]

The first table issues bills of five lines, one transaction each, from 1, 4 and 8 processes at
once: bills a second, the middle and the worst time of one issue, waiting included; beside them
stands how long a durable commit of one row took just before, which is most of it on a disk that
others use too.  ``TMPDIR=/dev/shm`` leaves the disk out.  The second
issues many bills in one transaction, as a billing run does, and compares with plain inserts of
the very same rows into the same tables and indexes without guards: ``issued`` is the whole
service, sealing included, ``kept`` is the store alone given sealed entries.  PostgreSQL's server
is made for the run; drafts are worked out beforehand and not counted.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "core"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from sqlalchemy import Table, create_engine, select

from billhook.issue.issue import issue, issue_in
from billhook.issue.numbering import INVOICES
from billhook.store.database import open_store
from billhook.store.protocol import AuditEntry, Claim, Entry, Writing
from billhook.store.sql.schema import METADATA
from billhook.store.sql.sql_store import SqlStore
from store import server
from store.office import ACT, draft, office

Raw = Any  # sqlite3's connection or psycopg's
LINES = 5
WRITERS = (1, 4, 8)
AHEAD = 1000
"""Drafts for each second, of all writers together: more than any store here can take."""
COMMITS = 100


def main() -> None:
    """Print both tables for each store that was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--store", default="sqlite,postgresql")
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--bills", default="1000,10000")
    asked = parser.parse_args()
    for kind in asked.store.split(","):
        one_by_one(kind, asked.seconds)
        for count in map(int, asked.bills.split(",")):
            in_one_run(kind, count)


@contextmanager
def place(kind: str) -> Iterator[str]:
    """Make room for a store."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"{folder}/billhook.db"
    else:
        with server.running() as running, running.database() as url:
            yield url.render_as_string()


# ── one transaction for each bill ────────────────────────────────────────────


def one_by_one(kind: str, seconds: int) -> None:
    """Print bills a second for several numbers of writers."""
    print(f"\n{kind}: one transaction for each bill of {LINES} lines")
    print(f"{'writers':>8} {'bills/s':>8} {'middle ms':>10} {'worst ms':>10} {'commit ms':>10}")
    for writers in WRITERS:
        row = commit(kind)
        with place(kind) as where:
            open_store(where, create=True).close()
            found = together(where, writers, seconds)
        waits = [wait for each in found for wait in each]
        if any(len(each) == AHEAD * seconds // writers for each in found):
            raise SystemExit("a writer ran out of drafts: raise AHEAD")
        middle, worst = statistics.median(waits) * 1000, max(waits) * 1000
        print(f"{writers:8} {len(waits) / seconds:8.0f} {middle:10.1f} {worst:10.1f} {row:10.1f}")


def commit(kind: str) -> float:
    """Return the milliseconds that a durable commit of one row takes."""
    with place(kind) as where, closing(raw(kind, where)) as connection:
        cursor = connection.cursor()
        cursor.execute("CREATE TABLE one (a INTEGER)")
        connection.commit()
        start = time.perf_counter()
        for _ in range(COMMITS):
            if kind == "sqlite":
                cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("INSERT INTO one VALUES (1)")
            connection.commit()
        return (time.perf_counter() - start) / COMMITS * 1000


def together(where: str, writers: int, seconds: int) -> list[list[float]]:
    """Let writers issue at the same time; return how long each issue took, by writer."""
    results = []
    ready, go = os.pipe(), os.pipe()
    for number in range(writers):
        read, write = os.pipe()
        if not os.fork():
            ahead = AHEAD * seconds // writers
            waits = write_for(where, number, ahead, seconds, ready[1], go[0])
            with os.fdopen(write, "w") as stream:
                json.dump(waits, stream)
            os._exit(0)
        os.close(write)
        results.append(read)
    for _ in range(writers):
        os.read(ready[0], 1)
    os.write(go[1], b"g" * writers)
    found = [json.load(os.fdopen(read)) for read in results]
    for _ in range(writers):
        os.wait()
    return found


def write_for(
    where: str, number: int, ahead: int, seconds: int, ready: int, go: int
) -> list[float]:
    """Issue bills for some seconds; return how long each took."""
    engine = office()
    drafts = [draft(engine, f"{number}-{n}", lines=LINES) for n in range(ahead)]
    waits = []
    with closing(open_store(where, create=True)) as store:
        os.write(ready, b".")
        os.read(go, 1)
        end = time.perf_counter() + seconds
        for made in drafts:
            start = time.perf_counter()
            if start > end:
                break
            issue(engine, store, made, series=INVOICES, actor=ACT, key=made.job.id)
            waits.append(time.perf_counter() - start)
    return waits


# ── one transaction for all bills ────────────────────────────────────────────


def in_one_run(kind: str, count: int) -> None:
    """Print how long many bills in one transaction take, and plain inserts of the same rows."""
    with place(kind) as where, closing(open_store(where, create=True)) as store:
        issued = seconds(store, issuing(count))
        with store.read() as reading:
            entries = list(reading.entries())
            claims = [reading.claims_of(entry.number) for entry in entries]
            log = list(reading.audit_entries())
        plain = plainly(store, kind)
    with place(kind) as where, closing(open_store(where, create=True)) as store:
        kept = seconds(store, keeping(entries, claims, log))
    print(f"\n{kind}: {count} bills of {LINES} lines in one transaction")
    for name, spent in (("issued", issued), ("kept", kept), ("plain", plain)):
        ratio = f"{spent / plain:5.1f} × plain"
        print(f"{name:>8} {spent:8.2f} s {spent / count * 1000:8.3f} ms each {ratio}")


def seconds(store: SqlStore, work: Callable[[Writing], float]) -> float:
    """Return the seconds that work takes which tells what of it is not to be counted."""
    start = time.perf_counter()
    with store.write() as writing:
        aside = work(writing)
    return time.perf_counter() - start - aside


def issuing(count: int) -> Callable[[Writing], float]:
    """Issue bills; working the drafts out is not counted."""
    engine = office()

    def work(writing: Writing) -> float:
        aside = 0.0
        for n in range(count):
            start = time.perf_counter()
            made = draft(engine, str(n), lines=LINES)
            aside += time.perf_counter() - start
            issue_in(writing, engine, made, series=INVOICES, actor=ACT, key=str(n))
        return aside

    return work


def keeping(
    entries: list[Entry], claims: list[tuple[Claim, ...]], log: list[AuditEntry]
) -> Callable[[Writing], float]:
    """Keep sealed entries with their claims and lines of the log."""

    def work(writing: Writing) -> float:
        for entry, claimed, line in zip(entries, claims, log, strict=True):
            writing.entry_of_key(entry.key)
            writing.next_sequence(entry.series, entry.period, entry.date)
            writing.add(entry)
            writing.claim(claimed)
            writing.append(line)
        return 0

    return work


def plainly(store: SqlStore, kind: str) -> float:
    """Insert every row of a store into the same tables without guards, row by row."""
    with store.reading() as connection:
        rows = {
            table: [tuple(row) for row in connection.execute(select(table))]
            for table in METADATA.sorted_tables
        }
    with place(kind) as where:
        target = where if "://" in where else f"sqlite:///{where}"
        engine = create_engine(target)
        with engine.begin() as connection:
            METADATA.create_all(connection)
        engine.dispose()
        with closing(raw(kind, where)) as connection:
            start = time.perf_counter()
            insert(connection, rows, "?" if kind == "sqlite" else "%s")
            return time.perf_counter() - start


def raw(kind: str, where: str) -> Raw:
    """Return the driver's own connection, as durable as the store's."""
    if kind == "postgresql":
        import psycopg

        return psycopg.connect(where.replace("+psycopg", ""))
    connection = sqlite3.connect(where, isolation_level=None)
    connection.execute("PRAGMA journal_mode = TRUNCATE")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("BEGIN IMMEDIATE")
    return connection


def insert(connection: Raw, rows: dict[Table, list[tuple[object, ...]]], mark: str) -> None:
    """Insert rows one by one and commit."""
    cursor = connection.cursor()
    for table, each in rows.items():
        statement = f"INSERT INTO {table.name} VALUES ({', '.join([mark] * len(table.columns))})"  # noqa: S608
        for row in each:
            cursor.execute(statement, row)
    connection.commit()


if __name__ == "__main__":
    main()
