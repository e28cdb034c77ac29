"""What is PostgreSQL's own: its settings, locks, and a server that goes away."""

from __future__ import annotations

import builtins
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import text

from billhook.audit.verify import verify
from billhook.engine import Engine
from billhook.kernel.errors import BusyError, StoreError
from billhook.store.database import open_store
from billhook.store.protocol import Store
from store.conftest import Place
from store.office import bill, bill_in
from store.server import Server, running

SHORT = timedelta(milliseconds=300)

ASLEEP = (
    "CREATE OR REPLACE FUNCTION billhook_document_no_update() RETURNS trigger"
    " LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
)


def raw(database: Place) -> psycopg.Connection:
    return psycopg.connect(database.where.replace("+psycopg", ""), autocommit=True)


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A server that a test may stop."""
    with running() as server:
        yield server


def test_a_driver_need_not_be_named(database: Place, engine: Engine) -> None:
    with closing(open_store(database.where.replace("+psycopg", ""), create=True)) as store:
        assert bill(engine, store, "a").sequence == 1


def test_commits_wait_for_the_disk_whatever_the_servers_default(database: Place) -> None:
    with raw(database) as connection:
        connection.execute("ALTER ROLE postgres SET synchronous_commit = off")
    try:
        with closing(database.open()) as store:
            with store.reading() as connection:
                assert connection.scalar(text("SHOW synchronous_commit")) == "on"
            assert store.check() == ()
    finally:
        with raw(database) as connection:
            connection.execute("ALTER ROLE postgres RESET synchronous_commit")


def test_a_server_that_does_not_wait_for_the_disk_is_refused(own_server: Server) -> None:
    with psycopg.connect(
        own_server.url().set(drivername="postgresql").render_as_string(), autocommit=True
    ) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
    own_server.stop()
    own_server.start()
    with pytest.raises(StoreError, match="fsync = off: a commit could be lost"):
        open_store(own_server.url().render_as_string(), create=True)


def test_a_database_of_another_encoding_is_refused(postgresql: Server, database: Place) -> None:
    with raw(database) as connection:
        encoding = "ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'"
        connection.execute(f"CREATE DATABASE old {encoding} TEMPLATE template0")
        try:
            with pytest.raises(StoreError, match="encoding is not UTF8"):
                open_store(postgresql.url("old").render_as_string(), create=True)
        finally:
            connection.execute("DROP DATABASE old WITH (FORCE)")


def test_a_held_lock_is_waited_for_a_bounded_time(database: Place, engine: Engine) -> None:
    with closing(database.open(wait=SHORT)) as store, raw(database) as other:
        bill(engine, store, "a")
        with other.transaction():
            other.execute("SELECT * FROM billhook_chain FOR UPDATE")
            # The row stays locked for as long as billhook tries.
            with pytest.raises(BusyError, match="for too long; nothing was saved"):
                bill(engine, store, "b")
        assert bill(engine, store, "b").sequence == 2


def test_a_deadlock_with_a_foreign_transaction_is_busy(database: Place, engine: Engine) -> None:
    """Writers of billhook lock one row first and cannot deadlock; others can with them."""
    with closing(database.open()) as store, raw(database) as other:
        bill(engine, store, "a")
        with pytest.raises(BusyError, match="waited for each other; nothing was saved"):
            deadlock(engine, store, other)
        assert bill(engine, store, "b").sequence == 2


def deadlock(engine: Engine, store: Store, other: psycopg.Connection) -> None:
    """Lock the series, then ask for the log, while a writer does so the other way round."""
    taken = threading.Event()

    def lock_both() -> None:
        with other.transaction():
            other.execute("SET LOCAL deadlock_timeout = '1min'")  # the other one shall notice
            other.execute("SELECT * FROM billhook_series FOR UPDATE")
            taken.set()
            other.execute("SELECT * FROM billhook_chain FOR UPDATE")

    thread = threading.Thread(target=lock_both)
    try:
        with store.write() as writing:
            thread.start()
            taken.wait()
            bill_in(engine, writing, "b")
    finally:
        thread.join()


def test_a_killed_connection_keeps_nothing_and_the_next_one_works(
    database: Place, engine: Engine
) -> None:
    def kill(other: psycopg.Connection, store: Store) -> None:
        with store.write() as writing:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'billhook' AND datname = current_database()"
            )
            writing.stats()

    with closing(database.open()) as store, raw(database) as other:
        bill(engine, store, "a")
        with pytest.raises(StoreError, match="the database server is gone; nothing was saved"):
            kill(other, store)
        assert bill(engine, store, "b").sequence == 2


def test_a_commit_without_an_answer_may_have_been_kept(database: Place, engine: Engine) -> None:
    """The key tells afterwards which it was."""
    with closing(database.open()) as store, raw(database) as other:
        other.execute(
            "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END'"
        )
        other.execute(
            "CREATE CONSTRAINT TRIGGER die AFTER INSERT ON billhook_document"
            " INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die()"
        )
        with pytest.raises(StoreError, match="not known: try again with the same key"):
            bill(engine, store, "a")
        other.execute("DROP TRIGGER die ON billhook_document")
        assert bill(engine, store, "a").sequence == 1


def test_a_stopped_server_is_said_and_comes_back(own_server: Server, engine: Engine) -> None:
    with closing(open_store(own_server.url().render_as_string(), create=True)) as store:
        bill(engine, store, "a")
        own_server.stop("immediate")
        with pytest.raises(StoreError, match="the database server is gone"):
            bill(engine, store, "b")
        own_server.start()
        assert bill(engine, store, "b").sequence == 2
        assert verify(store, engine.plugins).findings == ()


def test_no_password_is_said() -> None:
    with pytest.raises(StoreError) as caught:
        open_store("postgresql+psycopg://kim:secret@127.0.0.1:1/none", create=True)

    assert "secret" not in str(caught.value)


def test_a_database_that_is_not_there_is_said_with_the_servers_words(postgresql: Server) -> None:
    where = postgresql.url("nowhere").render_as_string()

    with pytest.raises(
        StoreError, match=r'refuses the connection; nothing was read .*"nowhere" does not exist'
    ):
        open_store(where, create=True)


def test_without_the_driver_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def no_psycopg(name: str, *rest: object) -> object:
        if name.partition(".")[0] == "psycopg":
            raise ModuleNotFoundError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", no_psycopg)
    with pytest.raises(StoreError, match=r"pip install 'billhook\[postgresql\]'"):
        open_store("postgresql://localhost/none", create=True)


def test_two_processes_may_make_the_tables_at_once(database: Place) -> None:
    found: list[tuple[str, ...]] = []

    def make() -> None:
        with closing(database.open()) as store:
            found.append(store.check())

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [()] * 4


REMADE = (
    "DROP INDEX uq_billhook_claim_living;"
    " CREATE INDEX uq_billhook_claim_living ON billhook_claim (key) WHERE released_by = ''"
)


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        (
            "DROP TRIGGER billhook_claim_starts ON billhook_claim",
            "guard billhook_claim_starts is missing",
        ),
        ("DROP INDEX uq_billhook_claim_living", "index uq_billhook_claim_living is missing"),
        (
            REMADE,
            "index uq_billhook_claim_living is not as it should be",
        ),
        (
            "ALTER TABLE billhook_document DROP CONSTRAINT uq_billhook_document_key",
            "constraint uq_billhook_document_key is missing",
        ),
        (
            "ALTER TABLE billhook_document DISABLE TRIGGER billhook_document_no_update",
            "guard billhook_document_no_update is not as it should be",
        ),
        (
            ASLEEP,
            "guard billhook_document_no_update is not as it should be",
        ),
    ],
)
def test_what_is_missing_or_asleep_is_found(database: Place, statement: str, finding: str) -> None:
    with closing(database.open()) as store, raw(database) as other:
        other.execute(statement)
        assert store.check() == (finding,)
