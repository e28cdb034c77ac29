"""What is SQLite's own: the file, its settings, waiting, and what the disk refuses."""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import textwrap
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from billhook.audit.verify import verify
from billhook.engine import Engine
from billhook.kernel.errors import BusyError, StoreError
from billhook.store.backup import backup
from billhook.store.database import open_store
from billhook.store.sql import sqlite
from store.conftest import Place
from store.office import bill

SHORT = timedelta(milliseconds=300)


def settings(file: Place, *names: str) -> list[object]:
    with closing(file.open()) as store, store.reading() as connection:
        return [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]


def mode(path: Path | str) -> int:
    return stat.S_IMODE(Path(path).stat().st_mode)


def test_only_the_owner_reads_a_new_store(file: Place, engine: Engine) -> None:
    old = os.umask(0)
    try:
        with closing(file.open()) as store:
            bill(engine, store, "a")
    finally:
        os.umask(old)
    folder = Path(file.where).parent

    assert {path.name: oct(mode(path)) for path in (folder, *folder.iterdir())} == {
        "store": "0o700",
        "billhook.db": "0o600",
        "billhook.db-journal": "0o600",
        "billhook.db.lock": "0o600",
    }


def test_whoever_may_write_the_file_may_take_a_turn(file: Place, engine: Engine) -> None:
    file.open().close()
    Path(f"{file.where}.lock").unlink(missing_ok=True)
    Path(file.where).chmod(0o660)
    with closing(file.open()) as store:
        bill(engine, store, "a")

    assert mode(f"{file.where}.lock") == 0o660


def test_a_commit_survives_a_power_cut_by_its_settings(file: Place) -> None:
    # synchronous 2 is FULL
    names = ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "trusted_schema")

    assert settings(file, *names) == ["truncate", 2, 1, 1, 0]


def test_a_writer_locks_before_it_reads(file: Place) -> None:
    """A deferred begin would see a state that another writer may change before it writes."""
    with (
        closing(file.open()) as store,
        closing(sqlite3.connect(file.where, timeout=0)) as other,
        store.write() as writing,
    ):
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        assert writing.sequences() == {}


def test_two_names_of_a_file_share_its_lock(file: Place, tmp_path: Path) -> None:
    file.open().close()
    (tmp_path / "alias.db").symlink_to(file.where)
    with (
        closing(file.open()) as store,
        closing(open_store(tmp_path / "alias.db", wait=SHORT, create=True)) as alias,
        store.write(),
        pytest.raises(BusyError, match=r"other writers held the store for 0\.3 s"),
        alias.write(),
    ):
        pass


def test_the_working_directory_may_change(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with closing(open_store("billhook.db", create=True)) as store:
        monkeypatch.chdir("/")
        bill(engine, store, "a")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "billhook.db",
        "billhook.db-journal",
        "billhook.db.lock",
    ]


# ── opening ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("where", "message"),
    [
        (":memory:", "a store needs a file"),
        ("sqlite://", "a store needs a file"),
        ("mysql://host/name", "SQLite or PostgreSQL, not mysql"),
        ("post://:::", "URL cannot be read"),
    ],
)
def test_what_is_no_place_for_a_store_is_refused(where: str, message: str) -> None:
    with pytest.raises(StoreError, match=message):
        open_store(where, create=True)


def test_a_missing_store_is_not_made_unasked(file: Place) -> None:
    with pytest.raises(StoreError, match="there is no store"):
        file.open(create=False)
    assert not Path(file.where).exists()


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Sir or Madam, " * 100)
    with pytest.raises(StoreError, match="the file is not an SQLite database; nothing was read"):
        open_store(path, create=True)
    assert path.read_text() == "Dear Sir or Madam, " * 100


def test_a_database_of_another_program_is_not_taken_for_a_store(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "erp.db")) as other:
        other.execute("CREATE TABLE document (id INTEGER)")
        other.commit()
    with pytest.raises(StoreError, match="holds no billhook tables"):
        open_store(tmp_path / "erp.db", create=False)
    with closing(open_store(tmp_path / "erp.db", create=True)) as store:
        assert store.check() == ()


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="the database's folder cannot be made"):
        open_store(tmp_path / "file" / "billhook.db", create=True)


def test_wal_is_refused_where_it_could_corrupt(file: Place) -> None:
    sqlite.require_sound("wal", (3, 51, 3))
    sqlite.require_sound("truncate", (3, 7, 0))
    with pytest.raises(StoreError, match=r"needs SQLite 3\.51\.3, found 3\.51\.2"):
        sqlite.require_sound("wal", (3, 51, 2))


def test_wal_keeps_what_is_issued(
    file: Place, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The journal itself; one writer at a time, which no version corrupts."""
    monkeypatch.setattr(sqlite, "WAL_SINCE", (3, 0, 0))
    with closing(file.open(journal="wal")) as store:
        bill(engine, store, "a")
        with store.reading() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    with closing(file.open()) as store:  # and back, as nobody else has it open
        assert verify(store, engine.plugins).documents == 1


def test_a_child_process_does_not_use_its_parents_connections(file: Place, engine: Engine) -> None:
    with closing(file.open()) as store:
        bill(engine, store, "a")
        child = os.fork()
        if not child:
            code = 1
            try:
                code = 0 if bill(engine, store, "b").sequence == 2 else 2
            finally:
                os._exit(code)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert bill(engine, store, "c").sequence == 3


# ── the connection that is kept ──────────────────────────────────────────────


def test_a_backup_put_in_the_files_place_is_used_from_then_on(file: Place, engine: Engine) -> None:
    copy = Path(file.where).with_name("copy.db")
    with closing(file.open()) as store:
        bill(engine, store, "a")
        backup(store, copy)
        bill(engine, store, "b")
        copy.replace(file.where)

        document = bill(engine, store, "c")

        assert document.number == "INV-2026-00002"
        assert verify(store, engine.plugins).findings == ()
    with closing(file.open()) as store, store.read() as reading:
        assert [each.key for each in reading.entries()] == ["a", "c"]


def test_a_file_copied_over_the_database_is_used_whole(file: Place, engine: Engine) -> None:
    """SQLite itself would not notice: both files count as many changes."""
    other = Path(file.where).with_name("other.db")
    with closing(file.open()) as store:
        bill(engine, store, "a")
        shutil.copyfile(file.where, other)
        bill(engine, store, "b")
        with closing(open_store(other, create=True)) as elsewhere:
            bill(engine, elsewhere, "c")
        shutil.copyfile(other, file.where)

        bill(engine, store, "d")

        assert verify(store, engine.plugins).findings == ()
        with store.read() as reading:
            assert [each.key for each in reading.entries()] == ["a", "c", "d"]


def test_a_store_that_nobody_closed_closes_its_file(file: Place, engine: Engine) -> None:
    store = file.open()
    bill(engine, store, "a")
    assert file.where in _open_files()

    del store
    gc.collect()

    assert file.where not in _open_files()


def _open_files() -> set[str]:
    return {os.path.realpath(each) for each in Path("/proc/self/fd").iterdir()}


# ── waiting ──────────────────────────────────────────────────────────────────
# Others hold on for as long as billhook tries: whoever is refused has not waited for ever.


def test_a_held_lock_file_is_waited_for_a_bounded_time(file: Place, engine: Engine) -> None:
    with closing(file.open(wait=SHORT)) as store:
        bill(engine, store, "a")
        with Path(f"{file.where}.lock").open("rb") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            with pytest.raises(BusyError, match=r"held the store for 0\.3 s"):
                bill(engine, store, "b")
        assert bill(engine, store, "b").sequence == 2


def test_who_does_not_wait_leaves_nobody_in_the_queue(file: Place, engine: Engine) -> None:
    with closing(file.open(wait=timedelta(0))) as store:
        bill(engine, store, "a")
        with Path(f"{file.where}.lock").open("rb") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            with pytest.raises(BusyError, match="held the store for 0 s"):
                bill(engine, store, "b")

            assert "billhook-write-lock" not in {thread.name for thread in threading.enumerate()}
        assert bill(engine, store, "b").sequence == 2


def test_a_foreign_writer_is_waited_for_a_bounded_time(file: Place, engine: Engine) -> None:
    with closing(file.open(wait=SHORT)) as store:
        bill(engine, store, "a")
        with closing(sqlite3.connect(file.where, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(BusyError, match="nothing was saved"):
                bill(engine, store, "b")
        assert bill(engine, store, "b").sequence == 2


def test_a_long_reader_stops_a_commit_but_loses_nothing(file: Place, engine: Engine) -> None:
    with closing(file.open(wait=SHORT)) as store:
        bill(engine, store, "a")
        with closing(sqlite3.connect(file.where, isolation_level=None)) as other:
            other.execute("BEGIN")
            other.execute("SELECT * FROM billhook_document").fetchone()
            with pytest.raises(BusyError, match="nothing was saved"):
                bill(engine, store, "b")
        assert store.check() == ()
        assert bill(engine, store, "b").sequence == 2


def test_without_the_lock_file_sqlite_still_keeps_writers_apart(
    file: Place, engine: Engine
) -> None:
    with closing(file.open(wait=SHORT)) as store, closing(file.open(wait=SHORT)) as other:
        with store.write():
            Path(f"{file.where}.lock").unlink()
            with pytest.raises(BusyError, match="in use by others"), other.write():
                pass
        assert bill(engine, other, "a").sequence == 1
        assert bill(engine, store, "b").sequence == 2


# ── the disk ─────────────────────────────────────────────────────────────────

FULL_DISK = """
    import resource, sys
    from datetime import timedelta
    from pathlib import Path
    from billhook.kernel.errors import StoreError
    from billhook.store.database import open_store
    from store.office import bill, office

    engine, store = office(), open_store(sys.argv[1], create=True)
    size = Path(sys.argv[1]).stat().st_size + 40_000
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    try:
        for n in range(1000):
            bill(engine, store, str(n))
            print("acknowledged", n, flush=True)
    except StoreError as error:
        print(error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    print(bill(engine, store, str(n)).sequence)
"""


def test_a_full_disk_issues_nothing_and_loses_nothing(file: Place, engine: Engine) -> None:
    with closing(file.open()) as store:
        bill(engine, store, "before")
        paths = os.pathsep.join(path for path in sys.path if path)
        made = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(FULL_DISK), file.where],
            env={**os.environ, "PYTHONPATH": paths},
            capture_output=True,
            text=True,
            check=True,
        )
        *acknowledged, message, last = made.stdout.splitlines()

        assert message == "the disk takes no more (full, or over a limit); nothing was saved"
        assert int(last) == len(acknowledged) + 2
        assert len(acknowledged) > 1
        assert verify(store, engine.plugins).findings == ()
        with store.read() as reading:
            assert len(list(reading.entries())) == len(acknowledged) + 2


def test_a_full_database_is_said(file: Place, engine: Engine) -> None:
    from sqlalchemy import event

    with closing(file.open()) as store:
        bill(engine, store, "a")

        @event.listens_for(store.engine, "connect")
        def _small(connection: sqlite3.Connection, _: object) -> None:
            connection.execute("PRAGMA max_page_count = 1")  # SQLite takes what is used already

        store.engine.dispose()
        with pytest.raises(StoreError, match="disk full; nothing was saved"):
            bill(engine, store, "b", lines=900)
        assert verify(store, engine.plugins).findings == ()
