"""Backups, and moving a store to another database."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import attrs
import pytest

from billhook.audit.verify import verify
from billhook.engine import Engine
from billhook.issue.numbering import CREDITS, INVOICES
from billhook.kernel.errors import StoreError
from billhook.store import backup as backups
from billhook.store.backup import backup, ending
from billhook.store.database import open_store
from billhook.store.memory import MemoryStore
from billhook.store.protocol import RunRow, Store
from billhook.store.transfer import differences, transfer
from store.conftest import Place
from store.filled import fill
from store.office import bill
from store.server import Server


def same(one: Store, other: Store) -> bool:
    with one.read() as first, other.read() as second:
        return not list(differences(first, second))


# ── backups ──────────────────────────────────────────────────────────────────


def test_a_backup_is_a_store_of_its_own(file: Place, sealing: Engine, tmp_path: Path) -> None:
    path = tmp_path / "backup.db"
    with closing(file.open()) as store:
        fill(store, sealing)
        backup(store, path)
        with closing(open_store(path, create=False)) as copy:
            assert same(store, copy)
            assert verify(copy, sealing.plugins) == verify(store, sealing.plugins)
            assert bill(sealing, copy, "next").sequence == 4

    assert oct(path.stat().st_mode) == "0o100600"
    assert not list(tmp_path.glob("*.part"))


def test_a_backups_name_tells_a_database_from_an_archive(place: Place) -> None:
    with closing(place.open()) as store:
        assert ending(store) == {"sqlite": ".db", "postgresql": ".dump"}[place.kind]


def test_a_backup_overwrites_nothing(place: Place, sealing: Engine, tmp_path: Path) -> None:
    path = tmp_path / "backup.db"
    path.write_text("last year's")
    with closing(place.open()) as store, pytest.raises(StoreError, match="overwrites nothing"):
        backup(store, path)

    assert path.read_text() == "last year's"


def test_a_name_that_is_taken_meanwhile_is_not_overwritten(
    file: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "backup.db"
    check = backups._require_sound
    monkeypatch.setattr(
        backups, "_require_sound", lambda part: (check(part), path.write_text("another's"))
    )
    with closing(file.open()) as store, pytest.raises(StoreError, match="overwrites nothing"):
        backup(store, path)

    assert path.read_text() == "another's"
    assert not list(tmp_path.glob("*.part"))


def test_a_stale_part_is_no_hindrance(file: Place, tmp_path: Path) -> None:
    (tmp_path / "backup.db.part").write_bytes(b"half a backup" * 1000)
    with closing(file.open()) as store:
        backup(store, tmp_path / "backup.db")

    assert [path.name for path in tmp_path.glob("backup*")] == ["backup.db"]


def test_a_damaged_copy_gets_no_name(file: Place, sealing: Engine, tmp_path: Path) -> None:
    part = tmp_path / "x.part"
    with closing(file.open()) as store:
        fill(store, sealing)
    data = bytearray(Path(file.where).read_bytes())
    data[-4096:] = b"\xff" * 4096
    part.write_bytes(data)
    with pytest.raises(StoreError, match="damaged"):
        backups._require_sound(part)


def test_a_backup_into_a_missing_folder_is_said(file: Place, tmp_path: Path) -> None:
    with closing(file.open()) as store, pytest.raises(StoreError, match="cannot be written"):
        backup(store, tmp_path / "none" / "backup.db")


def test_a_backup_is_made_while_others_write(file: Place, engine: Engine, tmp_path: Path) -> None:
    """A foreign reader of an older state does not stop it, and sees nothing of it."""
    with closing(file.open()) as store, closing(sqlite3.connect(file.where)) as other:
        bill(engine, store, "a")
        other.isolation_level = None
        other.execute("BEGIN IMMEDIATE")
        other.execute("INSERT INTO billhook_meta VALUES ('half', 'done')")
        backup(store, tmp_path / "backup.db")
        other.execute("ROLLBACK")
        with closing(open_store(tmp_path / "backup.db", create=True)) as copy:
            assert same(store, copy)


def test_a_server_is_dumped_and_restored(
    database: Place, postgresql: Server, sealing: Engine, tmp_path: Path
) -> None:
    path = tmp_path / "backup.dump"
    with closing(database.open()) as store, postgresql.database() as fresh:
        fill(store, sealing)
        backup(store, path)
        plain = fresh.set(drivername="postgresql").render_as_string()
        restore = postgresql.programs / "pg_restore"
        subprocess.run([restore, f"--dbname={plain}", path], check=True)
        with closing(open_store(fresh.render_as_string(), create=False)) as copy:
            assert copy.check() == ()
            assert same(store, copy)
            assert bill(sealing, copy, "next").sequence == 4
    assert oct(path.stat().st_mode) == "0o100600"


def test_without_pg_dump_it_is_said_what_to_do(
    database: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(database.open()) as store:
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(StoreError, match="pg_dump is not on the PATH: install"):
            backup(store, tmp_path / "backup.dump")


def test_a_failed_dump_leaves_nothing_and_shows_no_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "pg_dump"
    program.write_text('#!/bin/sh\necho "args: $* password: $PGPASSWORD" >&2\nexit 1\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    from sqlalchemy import make_url

    url = make_url("postgresql+psycopg://kim:secret@localhost/books")
    with pytest.raises(StoreError, match=r"pg_dump failed: args: .* password: secret") as caught:
        backups._dump(url, tmp_path / "backup.dump")

    assert "secret" not in str(caught.value).partition("password:")[0]
    assert [path.name for path in tmp_path.iterdir()] == ["pg_dump"]


# ── moving ───────────────────────────────────────────────────────────────────


def busy_office(store: Store, sealing: Engine) -> None:
    """Fill a store, and share a chain among two series in an order that both allow."""
    fill(store, sealing)
    both = [attrs.evolve(each, id=f"X{each.id}", chain="all") for each in (INVOICES, CREDITS)]
    for n, series in enumerate([both[0], both[1], both[1], both[0]]):
        bill(sealing, store, f"x{n}", series=series)
    with store.write() as writing:
        writing.put_run(RunRow(run="july", state="draft"))


def test_a_store_moves_to_a_server_and_back(
    file: Place, database: Place, sealing: Engine, tmp_path: Path
) -> None:
    with (
        closing(file.open()) as first,
        closing(database.open()) as second,
        closing(open_store(tmp_path / "back.db", create=True)) as third,
    ):
        busy_office(first, sealing)
        there = transfer(first, second)
        back = transfer(second, third)

        assert attrs.evolve(there, size=0) == attrs.evolve(back, size=0)
        assert there.documents == 8
        assert same(first, second)
        assert same(first, third)
        for each in (second, third):
            assert each.check() == ()
            assert verify(each, sealing.plugins) == verify(first, sealing.plugins)
            assert bill(sealing, each, "next").number == "INV-2026-00004"


def test_a_series_that_changed_its_chain_moves_too(file: Place, sealing: Engine) -> None:
    """Neither chain can be copied whole before the other."""
    here, there = MemoryStore(), attrs.evolve(INVOICES, chain="a")
    for n, chain in enumerate("zaza"):
        bill(sealing, here, str(n), series=attrs.evolve(there, chain=chain))
    with closing(file.open()) as target:
        transfer(here, target)
        assert same(here, target)


def test_a_store_moves_only_into_an_empty_one(file: Place, sealing: Engine) -> None:
    source = MemoryStore()
    bill(sealing, source, "a")
    with closing(file.open()) as target:
        bill(sealing, target, "b")
        with pytest.raises(StoreError, match="not empty"):
            transfer(source, target)
        with target.read() as reading:
            assert reading.stats().documents == 1


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        ("UPDATE billhook_document SET payload = x'00' WHERE sequence = 2", "not that of its"),
        ("DELETE FROM billhook_document WHERE number = 'INV-2026-00001'", "a number before it"),
        ("UPDATE billhook_happening SET reason = 'x' WHERE position = 2", "line 2 of the log"),
        ("DELETE FROM billhook_happening WHERE position = 1", "line 2 of the log was changed"),
    ],
)
def test_a_damaged_store_cannot_be_moved(
    file: Place, sealing: Engine, tmp_path: Path, damage: str, message: str
) -> None:
    with (
        closing(file.open()) as source,
        closing(open_store(tmp_path / "target.db", create=True)) as target,
    ):
        fill(source, sealing)
        with closing(sqlite3.connect(file.where)) as raw:
            for kind in (
                "document_no_update",
                "document_no_delete",
                "happening_no_update",
                "happening_no_delete",
            ):
                raw.execute(f"DROP TRIGGER billhook_{kind}")
            raw.execute(damage)
            raw.commit()
        with pytest.raises(StoreError, match=message):
            transfer(source, target)
        with target.read() as reading:
            assert reading.stats().documents == 0


def test_stores_that_differ_are_told_apart(sealing: Engine) -> None:
    one, other = MemoryStore(), MemoryStore()
    for store in (one, other):
        fill(store, sealing)
    assert same(one, other)
    with other.write() as writing:
        writing.release("INV-2026-00002", "x")
    assert not same(one, other)
    with one.read() as first, other.read() as second:
        assert list(differences(first, second)) == ["claim 1", "numbers of rows"]


def test_a_copy_of_the_file_alone_is_a_store_too(
    file: Place, sealing: Engine, tmp_path: Path
) -> None:
    """While nobody writes, the file has everything: the journal is empty."""
    with closing(file.open()) as store:
        fill(store, sealing)
        shutil.copy(file.where, tmp_path / "copy.db")
        with closing(open_store(tmp_path / "copy.db", create=True)) as copy:
            assert same(store, copy)
