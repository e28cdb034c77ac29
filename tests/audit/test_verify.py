from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from billhook.audit.verify import Verified, verify
from billhook.credit.note import Correction
from billhook.credit.service import credit
from billhook.issue.anchors import anchors, close
from billhook.issue.archived_files import record_files
from billhook.issue.request import issue_requests
from billhook.store.database import open_store
from billhook.store.sql.triggers import PREFIX
from issue.desk import actor, desk_engine, item, order

ENGINE = desk_engine()
FILE = "2026/INV-2026-00001.pdf"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with three documents, one of them credited by a line, and a file."""
    path = tmp_path_factory.mktemp("sound") / "billhook.db"
    store = open_store(path, create=True)
    for name in ("a", "b", "c"):
        items = [item(f"x:{name}1", "60.00"), item(f"x:{name}2", "40.00", "reduced")]
        issue_requests(store, [order(ENGINE, items, id=name, subject=name)], actor())
    correction = Correction(lines=("b1",), release=True)
    credit(ENGINE, store, "INV-2026-00002", correction, actor(reason="broken"))
    record_files(store, "INV-2026-00001", {FILE: b"a page"}, actor())
    archive = path.parent / FILE
    archive.parent.mkdir()
    archive.write_bytes(b"a page")
    store.close()
    return path


def verified(path: Path, **options: object) -> Verified:
    store = open_store(path, create=True)
    try:
        return verify(store, ENGINE.plugins, archive=path.parent, **options)
    finally:
        store.close()


def tampered(sound: Path, folder: Path, *statements: str, parameters: tuple = ()) -> Path:
    """Return a copy of the database, changed behind the back of its guards."""
    copy = folder / "billhook.db"
    with closing(sqlite3.connect(sound)) as whole:
        copy.unlink(missing_ok=True)
        whole.execute("VACUUM INTO ?", (str(copy),))
    (folder / "2026").mkdir(exist_ok=True)
    (folder / FILE).write_bytes(b"a page")
    with closing(sqlite3.connect(copy, isolation_level=None)) as raw:
        made = raw.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in made:
            assert name.startswith(PREFIX)
            raw.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            raw.execute(statement, parameters if "?" in statement else ())
        for _, sql in made:
            raw.execute(sql)
    return copy


def test_a_sound_store_is_sound(sound, tmp_path) -> None:
    found = verified(tampered(sound, tmp_path))

    assert found.findings == ()
    assert (found.documents, found.files) == (4, 1)


TEXTS = {
    "billhook_document": (
        "number", "type_code", "series", "period", "chain", "key", "job", "subject", "customer",
        "date", "issued_at", "currency", "previous", "digest",
    ),
    "billhook_happening": (
        "kind", "subject", "document", "at", "recorded_at", "by", "reason", "payload", "previous",
        "digest",
    ),
    "billhook_claim": ("key", "document", "content", "released_by"),
    "billhook_link": ("source", "target", "kind"),
    "billhook_file_proof": ("document", "name", "sha256"),
    "billhook_chain": ("digest",),
}  # fmt: skip
INTEGERS = {
    "billhook_document": ("sequence", "position", "minor"),
    "billhook_happening": ("position",),
    "billhook_series": ("last",),
    "billhook_chain": ("position",),
    "billhook_file_proof": ("size",),
}
COLUMNS = [(table, column, "text") for table, names in TEXTS.items() for column in names] + [
    (table, column, "integer") for table, names in INTEGERS.items() for column in names
]


@pytest.mark.parametrize(("table", "column", "kind"), COLUMNS)
def test_a_change_of_any_column_is_found(sound, tmp_path, table, column, kind) -> None:
    row = f"(SELECT min(rowid) FROM {table})"
    changed = f"\"{column}\" || 'x'" if kind == "text" else f'"{column}" + 7'
    if column == "minor":
        changed = "3"
    statement = f'UPDATE {table} SET "{column}" = {changed} WHERE rowid = {row}'
    path = tampered(sound, tmp_path, statement)

    assert verified(path).findings != ()


@pytest.mark.parametrize("column", ["net", "tax", "gross", "payable"])
def test_a_change_of_an_amount_beside_the_sealed_bytes_is_found(sound, tmp_path, column) -> None:
    # The database asks for net + tax = gross, so two of them move together.
    other = {"net": "gross", "tax": "gross", "gross": "net", "payable": "payable"}[column]
    moved = {column, other}
    sets = ", ".join(f"{name} = {name} + 1" for name in sorted(moved))
    path = tampered(
        sound, tmp_path, f"UPDATE billhook_document SET {sets} WHERE number = 'INV-2026-00001'"
    )

    found = verified(path).findings

    assert {finding.code for finding in found} == {"BH521"}


def payload(sound: Path) -> bytes:
    with closing(sqlite3.connect(sound)) as raw:
        query = "SELECT payload FROM billhook_document WHERE number = 'INV-2026-00002'"
        return bytes(raw.execute(query).fetchone()[0])


@pytest.mark.parametrize("part", range(24))
def test_a_changed_byte_of_the_sealed_content_is_found(sound, tmp_path, part) -> None:
    data = bytearray(payload(sound))
    place = (len(data) - 1) * part // 23
    data[place] ^= 1
    statement = "UPDATE billhook_document SET payload = ? WHERE number = 'INV-2026-00002'"
    path = tampered(sound, tmp_path, statement, parameters=(bytes(data),))

    found = verified(path).findings

    assert found[0].code == "BH520"
    assert "INV-2026-00002" in found[0].message


BACK = (
    "UPDATE billhook_chain SET position = 2, digest ="
    " (SELECT digest FROM {table} position = 2) WHERE chain = '{chain}'"
)
CUT = (
    "DELETE FROM billhook_claim WHERE document = 'INV-2026-00003'",
    "DELETE FROM billhook_document WHERE number = 'INV-2026-00003'",
    "UPDATE billhook_series SET last = 2 WHERE series = 'INV'",
    BACK.format(chain="INV", table="billhook_document WHERE chain = 'INV' AND"),
    "DELETE FROM billhook_file_proof",
    "DELETE FROM billhook_link",
    "DELETE FROM billhook_claim WHERE document LIKE 'CRN%'",
    "UPDATE billhook_claim SET released_by = ''",
    "DELETE FROM billhook_document WHERE series = 'CRN'",
    "UPDATE billhook_series SET last = 0 WHERE series = 'CRN'",
    "DELETE FROM billhook_chain WHERE chain = 'CRN'",
    "DELETE FROM billhook_happening WHERE position > 2",
    BACK.format(chain="#log", table="billhook_happening WHERE"),
)
"""A clean cut of everything after the second document, with all that points to it."""


def test_a_cut_tail_is_found_against_a_closing_file_and_only_so(sound, tmp_path) -> None:
    store = open_store(tampered(sound, tmp_path), create=True)
    data = close(store, actor())
    store.close()
    path = tampered(sound, tmp_path, *CUT)

    # the file of a document that was cut off is left without an owner, which verify names by itself
    assert [each.code for each in verified(path).findings] == ["BH577"]
    (tmp_path / FILE).unlink()
    assert verified(path).findings == ()
    found = verified(path, anchors=anchors("closing.json", data)).findings
    assert {finding.code for finding in found} == {"BH526"}


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM billhook_document WHERE number = 'INV-2026-00003'",
        "DELETE FROM billhook_claim WHERE key = 'x:a1'",
        "DELETE FROM billhook_link",
        "DELETE FROM billhook_file_proof",
        "DELETE FROM billhook_happening WHERE position = 3",
        "UPDATE billhook_claim SET released_by = 'nobody' WHERE key = 'x:a1'",
        "INSERT INTO billhook_claim VALUES ('x:new', 'INV-2026-00001', '{}', '')",
        "INSERT INTO billhook_claim VALUES ('x:new', 'INV-2026-00099', '{}', '')",
        "INSERT INTO billhook_fiscal_seal VALUES (1, 'INV-2026-00001', 'made', 'up')",
        "INSERT INTO billhook_link VALUES ('INV-2026-00001', 'INV-2026-00003', 'credits')",
    ],
)
def test_rows_that_are_missing_or_surplus_are_found(sound, tmp_path, statement) -> None:
    assert verified(tampered(sound, tmp_path, statement)).findings != ()


def test_an_archived_file_that_was_changed_or_is_missing_is_found(sound, tmp_path) -> None:
    path = tampered(sound, tmp_path)
    file = tmp_path / FILE

    file.write_bytes(b"a pagf")
    changed = verified(path).findings
    file.unlink()
    missing = verified(path).findings

    assert [f.code for f in (*changed, *missing)] == ["BH525", "BH525"]


def test_verifying_as_of_a_day_leaves_later_documents_unopened(sound, tmp_path) -> None:
    import datetime as dt

    path = tampered(sound, tmp_path)

    found = verified(path, as_of=dt.date(2026, 6, 29))

    assert (found.documents, found.findings) == (0, ())


def test_a_file_that_is_no_closing_file_is_refused() -> None:
    with pytest.raises(ValueError, match="is not a closing file"):
        anchors("x.json", b"{}")
