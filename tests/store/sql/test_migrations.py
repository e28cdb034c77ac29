"""From every earlier schema to this one, with kept databases of each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from billhook.engine import Engine
from billhook.kernel.errors import StoreError
from billhook.store.backup import Migrated, migrate
from billhook.store.database import joined
from billhook.store.digests import audit_digest, document_digest
from billhook.store.protocol import Stats
from billhook.store.sql import migrations
from billhook.store.sql.schema import VERSION
from billhook.store.sql.sql_store import SqlStore
from store.conftest import Place
from store.filled import AGAIN, CREDIT, FIRST, SECOND
from store.foreign import foreign, unguarded
from store.office import bill

FIXTURES = Path(__file__).parent / "fixtures"
EARLIER = range(1, VERSION)

SHAPE = {
    "sqlite": ("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY 1, 2",),
    "postgresql": (
        (
            "SELECT table_name, ordinal_position, column_name, column_default, is_nullable,"
            " data_type, collation_name FROM information_schema.columns"
            " WHERE table_schema = 'public' ORDER BY 1, 2"
        ),
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
        (
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE connamespace = 'public'::regnamespace ORDER BY 1"
        ),
        (
            "SELECT proname, pg_get_functiondef(oid) FROM pg_proc"
            " WHERE pronamespace = 'public'::regnamespace ORDER BY 1"
        ),
        "SELECT tgname, pg_get_triggerdef(oid), tgenabled FROM pg_trigger ORDER BY 1",
    ),
}


def load(place: Place, version: int) -> Place:
    """Put the kept database of an earlier schema into a place."""
    suffix = "sql" if place.kind == "sqlite" else "postgresql.sql"
    script = (FIXTURES / f"v{version}.{suffix}").read_text()
    if place.kind == "sqlite":
        Path(place.where).parent.mkdir(exist_ok=True)
        with closing(sqlite3.connect(place.where)) as raw:
            raw.executescript(script)
    else:
        with psycopg.connect(place.where.replace("+psycopg", ""), autocommit=True) as raw:
            raw.execute(script)
    return place


@pytest.fixture(params=EARLIER)
def old(request: pytest.FixtureRequest, place: Place) -> Place:
    return load(place, request.param)


def shape(store: SqlStore) -> list[tuple[str, ...]]:
    """Return what a database says of its tables, indexes, constraints, functions and triggers."""
    with store.reading() as connection:
        queries = SHAPE[connection.dialect.name]
        rows = [row for query in queries for row in connection.execute(text(query))]
    # how a statement is broken into lines is SQLAlchemy's, and changes with it
    return [tuple(" ".join(str(value).split()) for value in row) for row in rows]


def test_a_migrated_database_is_like_a_fresh_one(old: Place, tmp_path: Path) -> None:
    migrate(old.where)
    with closing(old.open()) as store:
        led = shape(store)
    with foreign(old) as raw:
        if old.kind == "postgresql":
            raw.execute("DROP SCHEMA public CASCADE")
            raw.execute("CREATE SCHEMA public")
    fresh = Place("sqlite", str(tmp_path / "fresh.db")) if old.kind == "sqlite" else old
    with closing(fresh.open()) as store:
        assert led == shape(store)


def test_what_was_issued_stays_byte_for_byte(old: Place, sealing: Engine) -> None:
    with foreign(old) as raw:
        before = raw.execute("SELECT * FROM billhook_document ORDER BY number").fetchall()
    migrate(old.where)
    with foreign(old) as raw:
        after = raw.execute("SELECT * FROM billhook_document ORDER BY number").fetchall()
    with closing(old.open()) as store:
        assert before == after
        assert store.check() == ()
        assert chained(store) == [CREDIT, FIRST, SECOND, AGAIN]
        with store.read() as reading:
            found = reading.stats()
            expected = Stats(
                documents=4,
                payload=found.payload,
                links=1,
                claims=8,
                counts=0,
                released=3,
                audit_entries=5,
                seals=4,
                files=1,
                runs=2,
                size=found.size,
            )
            assert found == expected
        assert bill(sealing, store, "next").number == "INV-2026-00004"


def chained(store: SqlStore) -> list[str]:
    """Return the numbers of all documents, each digest having been computed again."""
    with store.read() as reading:
        for entry in reading.entries():
            assert entry.digest == document_digest(entry.previous, entry.payload)
        for each in reading.audit_entries():
            assert each.digest == audit_digest(each.previous, each)
        return [entry.number for entry in reading.entries()]


def test_a_copy_is_made_first_and_is_sound(file: Place) -> None:
    load(file, 1)
    made = migrate(file.where)
    expected = Path(file.where).with_name("billhook.schema-1.db")

    assert made == Migrated(1, VERSION, expected)
    assert oct(expected.stat().st_mode) == "0o100600"
    with closing(sqlite3.connect(expected)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert raw.execute("SELECT value FROM billhook_meta").fetchall() == [("1",)]
        assert raw.execute("SELECT count(*) FROM billhook_document").fetchall() == [(4,)]


def test_a_second_copy_takes_another_name(file: Place) -> None:
    load(file, 1)
    taken = Path(file.where).with_name("billhook.schema-1.db")
    taken.write_text("an older copy")

    assert migrate(file.where).backup == taken.with_name("billhook.schema-1-2.db")
    assert taken.read_text() == "an older copy"


def test_a_current_store_is_left_alone(place: Place) -> None:
    place.open().close()

    assert migrate(place.where) == Migrated(VERSION, VERSION)


def test_no_call_of_the_library_migrates(old: Place) -> None:
    told = rf"schema is version \d, this billhook needs {VERSION}: run"
    with foreign(old) as raw:
        before = raw.execute("SELECT value FROM billhook_meta").fetchall()
    with pytest.raises(StoreError, match=told):
        old.open()
    with foreign(old) as raw:
        assert raw.execute("SELECT value FROM billhook_meta").fetchall() == before


def test_a_newer_schema_is_refused(place: Place) -> None:
    place.open().close()
    with foreign(place) as raw:
        unguarded(raw, place, "billhook_meta")
        raw.execute("UPDATE billhook_meta SET value = '99' WHERE key = 'schema'")
    for action in (place.open, lambda: migrate(place.where)):
        with pytest.raises(StoreError, match=f"version 99, this billhook knows {VERSION}: use"):
            action()


@pytest.mark.parametrize(
    "change", ["DELETE FROM billhook_meta", "UPDATE billhook_meta SET value = 'x'"]
)
def test_a_store_that_forgot_its_schema_is_refused(place: Place, change: str) -> None:
    place.open().close()
    with foreign(place) as raw:
        unguarded(raw, place, "billhook_meta")
        raw.execute(change)
    for action in (place.open, lambda: migrate(place.where)):
        with pytest.raises(StoreError, match="does not say which schema it has"):
            action()


def test_a_place_without_a_store_is_not_migrated(place: Place) -> None:
    with pytest.raises(StoreError, match=r"there is no store|holds no billhook tables"):
        migrate(place.where)


def test_a_migration_that_fails_leaves_the_old_schema_with_its_guards(
    old: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def everything(raw: object) -> Iterator[object]:
        if old.kind == "sqlite":
            yield raw.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY 1, 2").fetchall()
        else:
            yield raw.execute("SELECT tgname, tgenabled FROM pg_trigger ORDER BY 1").fetchall()
            yield raw.execute("SELECT indexname FROM pg_indexes ORDER BY 1").fetchall()
        yield raw.execute("SELECT * FROM billhook_meta").fetchall()

    with foreign(old) as raw:
        before = list(everything(raw))
    broken = (*migrations.STEPS[VERSION], "CREATE INDEX broken ON billhook_nothing (x)")
    steps = {**migrations.STEPS, VERSION: broken}
    monkeypatch.setattr(migrations, "STEPS", steps)
    with pytest.raises(StoreError, match="nothing was saved"):
        migrate(old.where)
    with foreign(old) as raw:
        assert list(everything(raw)) == before


def test_a_migration_that_loses_a_row_is_not_kept(
    file: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the guards away, nothing else would refuse it."""
    load(file, 1)
    loss = f"DELETE FROM billhook_document WHERE number = '{AGAIN}'"
    steps = {**migrations.STEPS, VERSION: (*migrations.STEPS[VERSION], loss)}
    monkeypatch.setattr(migrations, "STEPS", steps)
    with pytest.raises(StoreError, match="the migration would damage the store: chain INV ends at"):
        migrate(file.where)
    with closing(sqlite3.connect(file.where)) as raw:
        assert raw.execute("SELECT count(*) FROM billhook_document").fetchall() == [(4,)]


def test_a_joined_transaction_is_not_migrated(file: Place) -> None:
    from sqlalchemy import create_engine

    load(file, 1)
    engine = create_engine(f"sqlite:///{file.where}")
    with engine.connect() as connection:
        connection.execute(text("PRAGMA synchronous = EXTRA"))
        with pytest.raises(StoreError, match="run `billhook db migrate`"):
            joined(connection)
    engine.dispose()


def test_there_is_a_kept_database_of_each_earlier_schema() -> None:
    assert set(migrations.STEPS) == set(range(2, VERSION + 1))
    assert {path.name for path in FIXTURES.iterdir()} == {
        name for n in EARLIER for name in (f"v{n}.sql", f"v{n}.postgresql.sql")
    }
