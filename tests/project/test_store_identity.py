"""A number is never given twice by a project, whatever becomes of the store's file."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from billhook.kernel.errors import StoreError
from billhook.store.database import open_store


def issued(billhook, firm: Path) -> Path:
    """Issue a first bill and return the store's file."""
    assert billhook(firm, "issue", "-y", "--format", "json").code == 0
    return firm / "billhook.db"


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_first_issue_makes_a_store_and_the_file_that_names_it(billhook, firm) -> None:
    path = issued(billhook, firm)

    with closing(open_store(path, readonly=True)) as store, store.read() as reading:
        identity = reading.identity()
    assert f'store = "{identity}"' in (firm / "billhook-store.toml").read_text()
    assert json.loads((firm / "archive/store.json").read_text())["store"] == identity
    assert len(identity) == 32


@pytest.mark.parametrize("keep", ["billhook-store.toml", "archive", "closings"])
def test_a_project_that_shows_a_store_makes_no_second_one(billhook, firm, keep: str) -> None:
    path = issued(billhook, firm)
    assert billhook(firm, "seal").code == 0
    path.unlink()
    for name in {"billhook-store.toml", "archive", "closings"} - {keep}:
        gone = firm / name
        shutil.rmtree(gone) if gone.is_dir() else gone.unlink()
    before = tree(firm)

    for words in (["issue", "-y"], ["verify"], ["db", "init"], ["run", "new", "june"], ["status"]):
        ran = billhook(firm, *words)

        assert ran.code == 4, words
        assert "BH570" in ran.err
        assert keep in ran.err
    assert tree(firm) == before


def test_an_emptied_store_is_a_lost_one(billhook, firm) -> None:
    path = issued(billhook, firm)
    path.write_bytes(b"")

    for words in (["issue", "-y"], ["verify"]):
        ran = billhook(firm, *words)

        assert (ran.code, "BH570" in ran.err) == (4, True)
    assert path.read_bytes() == b""


def test_an_older_copy_is_refused_by_name_and_nothing_is_written(billhook, firm) -> None:
    assert billhook(firm, "db", "init").code == 0
    old = (firm / "billhook.db").read_bytes()
    issued(billhook, firm)
    (firm / "billhook.db").write_bytes(old)

    for words in (["issue", "-y"], ["verify"], ["seal"], ["credit", "1", "--keep", "-y"]):
        ran = billhook(firm, *words)

        assert ran.code == (1 if words == ["verify"] else 4)
        assert "BH572" in ran.err
        assert "archive/store.json knows chain INV up to 1, billhook.db ends at 0" in ran.err
    assert (firm / "billhook.db").read_bytes() == old


def test_the_store_of_another_project_is_refused(billhook, firm, tmp_path, monkeypatch) -> None:
    issued(billhook, firm)
    other = tmp_path / "other.db"
    open_store(other, create=True).close()
    before = other.read_bytes()
    monkeypatch.setenv("BILLHOOK_STORE", str(other))

    ran = billhook(firm, "issue", "-y")

    assert (ran.code, "BH571" in ran.err) == (4, True)
    assert other.read_bytes() == before


@pytest.mark.parametrize("command", ["verify", "status", "issue", "credit"])
def test_a_database_of_another_program_stays_as_it_is(billhook, firm, command: str) -> None:
    path = firm / "billhook.db"
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("CREATE TABLE accounts (id INTEGER)")
    before = tree(firm)
    more = {"issue": ["-y"], "credit": ["1", "--keep", "-y"]}.get(command, [])

    ran = billhook(firm, command, *more)

    assert (ran.code, "BH574" in ran.err) == (4, True)
    assert tree(firm) == before


def test_verifying_no_store_is_refused_and_makes_none(billhook, firm) -> None:
    before = tree(firm)

    ran = billhook(firm, "verify")

    assert (ran.code, "BH573" in ran.err) == (4, True)
    assert tree(firm) == before


def test_reading_commands_leave_every_file_as_it_is(billhook, firm) -> None:
    issued(billhook, firm)
    before = tree(firm)

    for words in (
        ["verify"],
        ["status"],
        ["invoice", "list"],
        ["invoice", "show", "1"],
        ["audit", "log"],
        ["db", "stats"],
        ["check", "--store"],
        ["replay", "1"],
        ["run", "list"],
        ["doctor"],
    ):
        assert billhook(firm, *words).code in {0, 1}, words
        assert tree(firm) == before, words


@pytest.mark.parametrize(
    "address",
    [
        "postgresql+psycopg//kim:secret@host/db",
        "postgresql:/kim:secret@host/db",
        "kim:secret@host/db",
        "sqlite:billhook.db",
        "sqlite://billhook.db",
        "postgresqll://kim:secret@host/db",
    ],
)
def test_a_mistyped_address_is_no_path_and_its_password_is_not_repeated(
    billhook, firm, monkeypatch, address: str
) -> None:
    before = tree(firm)
    monkeypatch.setenv("BILLHOOK_STORE", address)

    ran = billhook(firm, "issue", "-y")

    assert ran.code == 6
    assert "secret" not in ran.out + ran.err
    assert tree(firm) == before


def test_a_backup_that_is_put_back_is_recorded(billhook, firm) -> None:
    issued(billhook, firm)
    assert billhook(firm, "backup", "safe.db").code == 0
    (firm / "billhook.db").unlink()

    silent = billhook(firm, "db", "restore", "safe.db", "-y")
    ran = billhook(firm, "db", "restore", "safe.db", "-y", "--reason", "the disk broke")

    assert (silent.code, ran.code) == (4, 0)
    log = billhook(firm, "audit", "log").out
    assert "restored" in log
    assert "the disk broke" in log
    assert billhook(firm, "verify").code == 0


def test_a_backup_of_another_store_is_not_put_in_place(billhook, firm) -> None:
    issued(billhook, firm)
    open_store(firm / "other.db", create=True).close()
    before = (firm / "billhook.db").read_bytes()

    ran = billhook(firm, "db", "restore", "other.db", "-y", "--reason", "why not")

    assert (ran.code, "BH571" in ran.err) == (4, True)
    assert (firm / "billhook.db").read_bytes() == before


def test_lost_numbers_are_not_given_again(billhook, firm) -> None:
    assert billhook(firm, "db", "init").code == 0
    assert billhook(firm, "backup", "old.db").code == 0
    issued(billhook, firm)
    words = ["db", "restore", "old.db", "-y", "--reason", "the disk broke"]

    refused = billhook(firm, *words)
    accepted = billhook(firm, *words, "--accept-loss")
    again = billhook(firm, "issue", "-y", "--format", "none")
    settings = firm / "billhook.toml"
    settings.write_text(settings.read_text() + "\n[series.NEW]\n")
    other = billhook(firm, "issue", "-y", "--format", "none", "--series", "NEW")

    assert (refused.code, "BH572" in refused.err) == (4, True)
    assert accepted.code == 0
    assert "not assigned again: INV 2026 1–1" in accepted.err
    assert (again.code, "BH575" in again.err) == (4, True)
    assert (other.code, other.out) == (0, "NEW-2026-00001\n")


def test_a_copy_in_another_database_is_the_same_store(billhook, firm, monkeypatch) -> None:
    issued(billhook, firm)
    assert billhook(firm, "db", "copy", "copy.db").code == 0
    monkeypatch.setenv("BILLHOOK_STORE", str(firm / "copy.db"))

    assert billhook(firm, "verify").code == 0


def test_a_store_is_opened_only_where_there_is_one(tmp_path) -> None:
    path = tmp_path / "none" / "billhook.db"

    with pytest.raises(StoreError, match="there is no store"):
        open_store(path)

    assert not path.parent.exists()


def test_verify_names_a_file_in_the_archive_that_no_document_owns(billhook, firm) -> None:
    issued(billhook, firm)
    (firm / "archive/2026/INV-2026-00009.pdf").write_bytes(b"%PDF")

    ran = billhook(firm, "verify")

    assert ran.code == 1
    assert "BH577" in ran.err
    assert "2026/INV-2026-00009.pdf" in ran.err
    assert "store.json" not in ran.err


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER quiet AFTER INSERT ON billhook_document BEGIN SELECT 1; END",
        "CREATE VIEW looking AS SELECT number FROM billhook_document",
    ],
)
def test_verify_names_what_others_put_on_the_stores_tables(billhook, firm, statement) -> None:
    path = issued(billhook, firm)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(statement)
    before = path.read_bytes()

    ran = billhook(firm, "verify")

    assert ran.code == 1
    assert "BH528" in ran.err
    assert statement.split()[2] in ran.err
    assert path.read_bytes() == before


def test_verify_reads_the_closing_files_of_the_project(billhook, firm) -> None:
    path = issued(billhook, firm)
    assert billhook(firm, "seal").code == 0
    seal = next((firm / "closings").glob("*.json"))
    assert "1 closing file" in billhook(firm, "verify").err

    facts = json.loads(seal.read_text())
    facts["chains"]["INV"] = {"position": 2, "digest": "0" * 64}
    seal.write_text(json.dumps(facts))
    ran = billhook(firm, "verify")

    assert (ran.code, "BH526" in ran.err) == (1, True)
    assert path.exists()
