"""Statements from a foreign connection, without our settings, against what was issued."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest

from billhook.engine import Engine
from billhook.store.sql.schema import METADATA
from billhook.store.sql.triggers import FROZEN, KEPT, Guard, guards
from store.conftest import DATABASES, Place, placed
from store.filled import fill
from store.foreign import Foreign, foreign

REFUSED = (sqlite3.IntegrityError, psycopg.IntegrityError)
COLUMNS = {
    table.name: [column.name for column in table.columns] for table in METADATA.sorted_tables
}


def copied(table: str, **changes: str) -> str:
    """Return an insert of a copy of a table's first row with some columns changed."""
    columns = dict.fromkeys((*COLUMNS[f"billhook_{table}"], *changes))
    values = ", ".join(changes.get(name, f'"{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    return f"INTO billhook_{table} ({names}) SELECT {values} FROM billhook_{table} LIMIT 1"


LOG_PLACE = "(SELECT position + 1 FROM billhook_chain WHERE chain = '#log')"
LOG_END = "(SELECT digest FROM billhook_chain WHERE chain = '#log')"
END = "(SELECT digest FROM billhook_chain WHERE chain = 'INV')"
NEW = {"number": "'X'", "key": "'x'", "digest": "'x'"}

FIRST = "SELECT digest FROM billhook_document WHERE chain = 'INV' AND position = 1"

UPDATES = [
    *(
        f'{table} SET "{name}" = "{name}"'
        for table in FROZEN
        for name in COLUMNS[f"billhook_{table}"]
    ),
    "claim SET content = '{}'",
    "claim SET key = 'x', released_by = 'x'",
    "claim SET document = 'INV-2026-00002', released_by = 'x'",
    "claim SET released_by = ''",
    "claim SET released_by = 'x' WHERE released_by <> ''",
    "series SET last = last - 1",
    "series SET last = last + 2",
    "series SET last = last",
    "series SET last = last + 1",
    "series SET date = '1999-01-01'",
    "series SET series = 'X', last = last + 1",
    "chain SET position = position - 1",
    "chain SET position = position + 2",
    f"chain SET position = 1, digest = ({FIRST}) WHERE chain = 'INV'",
    "chain SET position = position + 1",
    "chain SET digest = ''",
    "chain SET digest = '', position = position + 1",
    "chain SET chain = 'X', position = position + 1",
]

INSERTS = [
    copied("document"),
    copied("document", **NEW, sequence="4", position="9"),
    copied("document", **NEW, sequence="4", position="4"),
    copied("document", **NEW, sequence="9", position="4", previous=END),
    copied("document", **NEW, sequence="3", position="4", previous=END),
    copied("document", **NEW, sequence="4", position="4", previous=END, date="'1999-01-01'"),
    copied("happening", position="99", digest="'x'"),
    copied("happening", position=LOG_PLACE, digest="'x'", previous="'x'"),
    copied("claim", key="'x'", document="'X'", released_by="''"),
    copied("claim", key="'x'", released_by="'y'"),
    copied("count", position="9"),
    copied("count", position="3", unit="'x'"),
    copied("count", position="0"),
    copied("count", position="3", document="'X'"),
    copied("link", source="'X'"),
    copied("fiscal_seal", id="99", document="'X'"),
    copied("file_proof", document="'X'"),
    copied("series", series="'X'", last="1"),
    copied("chain", chain="'X'", position="1", digest="''"),
    copied("chain", chain="'X'", position="0", digest="'x'"),
]

EVERYWHERE = [
    *(f"DELETE FROM billhook_{table}" for table in KEPT),
    *(f"UPDATE billhook_{change}" for change in UPDATES),
    *(f"INSERT {insert}" for insert in INSERTS),
]

# A replacement deletes the row in its way without firing delete triggers; the row in the way may
# share nothing with the new one but SQLite's hidden row number.
SQLITE = [
    *(f"{word} {copied(table)}" for word in ("REPLACE", "INSERT OR REPLACE") for table in KEPT),
    *(f"REPLACE {insert}" for insert in INSERTS),
    f"REPLACE {copied('happening', position=LOG_PLACE, previous=LOG_END)}",
    f"REPLACE {copied('document', rowid='1', **NEW, sequence='4', position='4', previous=END)}",
    f"REPLACE {copied('series', last='0')}",
    f"REPLACE {copied('chain', position='0', digest=repr(''))}",
    f"REPLACE {copied('claim', key=repr('b-1'), released_by=repr(''))}",
    f"REPLACE {copied('claim', rowid='1', key=repr('x'), released_by=repr(''))}",
    f"REPLACE {copied('count', rowid='1', position='3')}",
    f"REPLACE {copied('link', rowid='1', target=repr('x'))}",
    f"REPLACE {copied('fiscal_seal', id='1', scheme=repr('x'))}",
    f"REPLACE {copied('file_proof', rowid='1', name=repr('x'))}",
    f"REPLACE {copied('series', rowid='1', series=repr('x'), last='0')}",
    f"REPLACE {copied('chain', rowid='1', chain=repr('x'), position='0', digest=repr(''))}",
    "UPDATE OR REPLACE billhook_claim SET released_by = 'x', rowid = 1 WHERE released_by = ''",
    "UPDATE OR REPLACE billhook_series SET rowid = rowid + 1 WHERE rowid = 1",
]

POSTGRESQL = [
    *(f"TRUNCATE billhook_{table} CASCADE" for table in KEPT),
    "INSERT INTO billhook_chain VALUES ('INV', 0, '') ON CONFLICT (chain) DO UPDATE SET chain = ''",
    "MERGE INTO billhook_series USING (SELECT 1) AS one ON true WHEN MATCHED THEN DELETE",
]


@pytest.fixture(scope="module", params=DATABASES)
def full(
    request: pytest.FixtureRequest, sealing: Engine, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    """A filled store, which no statement here changes."""
    with placed(request, tmp_path_factory.mktemp("full")) as place:
        with closing(place.open()) as store:
            fill(store, sealing)
        yield place


@pytest.fixture
def raw(full: Place) -> Iterator[Foreign]:
    with foreign(full) as connection:
        yield connection


def contents(raw: Foreign) -> str:
    """Return a digest of everything that is guarded."""
    found = [sorted(map(repr, raw.execute(f"SELECT * FROM billhook_{t}").fetchall())) for t in KEPT]
    return hashlib.sha256(repr(found).encode()).hexdigest()


def is_refused(raw: Foreign, *statements: str) -> None:
    before = contents(raw)
    raw.execute("BEGIN")
    for statement in statements[:-1]:
        raw.execute(statement)
    with pytest.raises(REFUSED):
        raw.execute(statements[-1])
    raw.execute("ROLLBACK")
    assert contents(raw) == before


@pytest.mark.parametrize("statement", EVERYWHERE)
def test_what_was_issued_is_not_changed(raw: Foreign, statement: str) -> None:
    is_refused(raw, statement)


@pytest.mark.parametrize("full", ["sqlite"], indirect=True)
@pytest.mark.parametrize("statement", SQLITE)
def test_sqlite_replaces_nothing(raw: Foreign, statement: str) -> None:
    is_refused(raw, statement)


@pytest.mark.parametrize("full", ["postgresql"], indirect=True)
@pytest.mark.parametrize("statement", POSTGRESQL)
def test_postgresql_empties_and_merges_nothing(raw: Foreign, statement: str) -> None:
    is_refused(raw, statement)


@pytest.mark.parametrize("full", ["postgresql"], indirect=True)
def test_postgresql_guards_a_session_that_plays_replica(raw: Foreign) -> None:
    play = "SET LOCAL session_replication_role = replica"

    is_refused(raw, play, "UPDATE billhook_document SET net = 0, gross = tax")


@pytest.mark.parametrize("full", ["postgresql"], indirect=True)
def test_postgresql_guards_look_at_the_real_tables(raw: Foreign) -> None:
    """A temporary table comes before the real one of its name, for whoever does not say which."""
    shadow = "CREATE TEMP TABLE billhook_document ON COMMIT DROP AS SELECT 'X'::text AS number"
    claim = copied("claim", key="'x'", document="'X'", released_by="''")

    is_refused(raw, shadow, f"INSERT {claim}".replace("billhook", "public.billhook"))


@pytest.mark.parametrize("full", ["sqlite"], indirect=True)
@pytest.mark.parametrize("guard", guards(), ids=lambda guard: guard.name)
def test_each_guard_is_needed(guard: Guard, full: Place) -> None:
    """Without it, one of the statements above would go through on SQLite."""
    with closing(sqlite3.connect(full.where)) as kept, closing(sqlite3.connect(":memory:")) as raw:
        kept.backup(raw)
        raw.isolation_level = None
        raw.execute(f"DROP TRIGGER billhook_{guard.name}")

        assert any(
            goes_through(raw, each) for each in (*EVERYWHERE, *SQLITE) if guard.table in each
        )


def goes_through(raw: sqlite3.Connection, statement: str) -> bool:
    raw.execute("BEGIN")
    try:
        raw.execute(statement)
    except sqlite3.IntegrityError:
        return False
    finally:
        raw.execute("ROLLBACK")
    return True
