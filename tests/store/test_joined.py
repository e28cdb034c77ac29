"""A script of an ERP issues inside its own transaction."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine, text

from billhook.audit.verify import verify
from billhook.engine import Engine
from billhook.kernel.errors import ConflictError, StoreError
from billhook.store.database import joined
from store.conftest import Place
from store.entries import claim
from store.office import bill


@pytest.fixture
def erp(place: Place) -> Iterator[Connection]:
    """A connection as a script makes it, with a table of its own in the same database."""
    place.open().close()
    where = f"sqlite:///{place.where}" if place.kind == "sqlite" else place.where
    engine = create_engine(where)
    with engine.connect() as connection:
        if place.kind == "sqlite":
            connection.execute(text("PRAGMA journal_mode = TRUNCATE"))
            connection.execute(text("PRAGMA synchronous = FULL"))
        connection.execute(text("CREATE TABLE sale (name TEXT)"))
        connection.commit()
        yield connection
    engine.dispose()


def sell(erp: Connection, name: str) -> None:
    erp.execute(text("INSERT INTO sale VALUES (:name)"), {"name": name})


def sold(erp: Connection) -> list[str]:
    return list(erp.execute(text("SELECT name FROM sale ORDER BY name")).scalars())


def issued(place: Place) -> list[str]:
    store = place.open()
    with store.read() as reading:
        found = [entry.key for entry in reading.entries()]
    store.close()
    return found


def test_what_is_joined_is_kept_with_the_rest(
    place: Place, erp: Connection, engine: Engine
) -> None:
    sell(erp, "a")
    bill(engine, joined(erp), "a")
    assert erp.in_transaction()
    erp.commit()

    assert (sold(erp), issued(place)) == (["a"], ["a"])


@pytest.mark.parametrize("first", ["sell", "bill"])
def test_a_rollback_undoes_the_issue(
    place: Place, erp: Connection, engine: Engine, first: str
) -> None:
    if first == "sell":
        sell(erp, "a")
    bill(engine, joined(erp), "a")
    if first == "bill":
        sell(erp, "a")
    erp.rollback()

    assert (sold(erp), issued(place)) == ([], [])
    erp.rollback()
    store = place.open()
    assert bill(engine, store, "b").sequence == 1
    assert verify(store, engine.plugins).findings == ()
    store.close()


def test_a_refused_issue_undoes_only_itself(place: Place, erp: Connection, engine: Engine) -> None:
    store = joined(erp)
    bill(engine, store, "a")
    sell(erp, "a")
    with pytest.raises(ConflictError), store.write() as writing:
        writing.claim([claim("a-1", "INV-2026-00001")])
    assert bill(engine, store, "b").sequence == 2
    erp.commit()

    assert (sold(erp), issued(place)) == (["a"], ["a", "b"])


def test_a_joined_store_reads_what_it_wrote(erp: Connection, engine: Engine) -> None:
    store = joined(erp)
    made = bill(engine, store, "a")

    assert bill(engine, store, "a") == made
    assert verify(store, engine.plugins).documents == 1
    assert store.check() == ()
    store.close()
    assert not erp.closed


def test_tables_are_not_made_in_somebodys_transaction(place: Place, tmp_path: object) -> None:
    where = f"sqlite:///{tmp_path}/erp.db" if place.kind == "sqlite" else place.where
    engine = create_engine(where)
    with engine.connect() as connection:
        if place.kind == "sqlite":
            connection.execute(text("PRAGMA synchronous = EXTRA"))
        with pytest.raises(StoreError, match="holds no billhook tables"):
            joined(connection)
    engine.dispose()


def test_settings_that_lose_commits_are_refused(place: Place) -> None:
    """Python's defaults on SQLite are such settings."""
    place.open().close()
    engine = create_engine(f"sqlite:///{place.where}" if place.kind == "sqlite" else place.where)
    with engine.connect() as connection:
        if place.kind == "postgresql":
            connection.execute(text("SET synchronous_commit = off"))
        with pytest.raises(StoreError, match="a commit could be lost"):
            joined(connection)
    engine.dispose()


def test_a_connection_that_commits_by_itself_is_refused(database: Place, engine: Engine) -> None:
    database.open().close()
    erp = create_engine(database.where, isolation_level="AUTOCOMMIT")
    with erp.connect() as connection:
        store = joined(connection)
        with pytest.raises(StoreError, match="commits each statement by itself"):
            bill(engine, store, "a")
    erp.dispose()
    assert issued(database) == []
