"""What SQLite's own file may suffer from those who can write it: each is found, none is a crash."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from billhook.engine import Engine
from billhook.kernel.errors import StoreError
from store.conftest import Place
from store.filled import fill


def run(file: Place, statements: str) -> None:
    """Run statements on the store's file, past billhook."""
    with closing(sqlite3.connect(file.where)) as connection:
        connection.executescript(statements)


LIVING = (
    "DROP INDEX uq_billhook_claim_living;"
    " CREATE {} INDEX uq_billhook_claim_living ON billhook_claim (key)"
)


def rewritten(before: str, after: str) -> str:
    """Change how the table of documents is declared, as who owns the file can."""
    return (
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET"
        f" sql = replace(sql, '{before}', '{after}') WHERE name = 'billhook_document'"
    )


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("DROP TRIGGER billhook_claim_starts", "guard billhook_claim_starts is missing"),
        ("DROP INDEX ix_billhook_claim_document", "index ix_billhook_claim_document is missing"),
        (
            f"{LIVING.format('')} WHERE released_by = ''",
            "index uq_billhook_claim_living is not as it should be",
        ),
        (
            f"{LIVING.format('UNIQUE')} WHERE released_by = 'x'",
            "index uq_billhook_claim_living is not as it should be",
        ),
        (
            rewritten("UNIQUE (chain, position)", "UNIQUE (number, chain)"),
            "constraint uq_billhook_document_chain_position is not as it should be",
        ),
        (
            rewritten("CONSTRAINT ck_billhook_document_gross CHECK (net + tax = gross),", ""),
            "constraint ck_billhook_document_gross is missing",
        ),
    ],
)
def test_what_is_missing_is_found(file: Place, statement: str, finding: str) -> None:
    with closing(file.open()) as store:
        run(file, statement)
        assert store.check() == (finding,)


def test_a_changed_date_of_a_series_is_found(file: Place, sealing: Engine) -> None:
    with closing(file.open()) as store:
        fill(store, sealing)
        with closing(sqlite3.connect(file.where)) as other:
            query = "SELECT sql FROM sqlite_schema WHERE name = 'billhook_series_steps'"
            [guard] = other.execute(query).fetchone()
            other.executescript(
                "DROP TRIGGER billhook_series_steps;"
                f"UPDATE billhook_series SET date = '2026-01-01' WHERE series = 'INV'; {guard}"
            )
        assert store.check() == (
            "series INV 2026 ends with another date than its last document: 2026-01-01",
        )


def test_a_table_that_is_none_any_more_is_a_finding_not_a_crash(file: Place) -> None:
    with closing(file.open()) as store:
        run(
            file,
            "PRAGMA writable_schema = ON; UPDATE sqlite_schema"
            " SET type = CAST('table' AS BLOB) WHERE name = 'billhook_claim'",
        )
        assert store.check() == ("table billhook_claim is missing",)


def test_a_guard_that_lets_things_through_is_found(file: Place) -> None:
    with closing(file.open()) as store:
        run(
            file,
            "DROP TRIGGER billhook_document_no_update; CREATE TRIGGER"
            " billhook_document_no_update BEFORE UPDATE ON billhook_document WHEN 0"
            " BEGIN SELECT 1; END",
        )
        assert store.check() == ("guard billhook_document_no_update is not as it should be",)


def test_a_cut_tail_and_a_bumped_series_are_found(file: Place, sealing: Engine) -> None:
    with closing(file.open()) as store:
        fill(store, sealing)
        run(
            file,
            "DROP TRIGGER billhook_series_steps;"
            "UPDATE billhook_series SET last = last + 1 WHERE series = 'CRN';"
            "DROP TRIGGER billhook_document_no_delete;"
            "DELETE FROM billhook_document WHERE number = 'INV-2026-00003';",
        )
        assert store.check() == (
            "guard billhook_document_no_delete is missing",
            "guard billhook_series_steps is missing",
            "chain INV ends at 3, has 2 rows, the last of them is 2",
            "chain INV ends with another digest than its last row",
            "series CRN 2026 ends at 2, has 1 rows, the last of them is 1",
            "series INV 2026 ends at 3, has 2 rows, the last of them is 2",
        )


def test_a_damaged_file_is_a_finding_not_a_crash(file: Place, sealing: Engine) -> None:
    with closing(file.open()) as store:
        fill(store, sealing)
        with Path(file.where).open("r+b") as raw:
            raw.seek(4096)
            raw.write(b"\xff" * 8192)
        found = store.check()

        assert found
        assert all("damaged" in each or "integrity" in each for each in found)


def test_letters_that_are_none_in_the_schema_are_a_finding_too(file: Place) -> None:
    with closing(file.open()) as store:
        assert store.check() == ()
    data = Path(file.where).read_bytes()
    Path(file.where).write_bytes(
        data.replace(b"CREATE TABLE billhook_link", b"CREATE \xd4ABLE billhook_link")
    )

    with pytest.raises(StoreError, match="the database is damaged; nothing was read"):
        file.open()
