"""Formats of plugins, both ways: bytes to records, and documents to one stream and back."""

from __future__ import annotations

import datetime as dt
import struct
from decimal import Decimal
from pathlib import Path

import attrs
import pytest

from billhook.kernel.diagnostics import Findings
from billhook.plugins.documents import read_documents, write_documents
from billhook.sources.content import FileContent
from billhook.sources.declaration import Declaration
from billhook.sources.source import open_source
from billhook.testing import sample_engine, sample_job
from sources.plugins import meters

ENGINE = sample_engine(Path(meters.__file__))


def packed(*readings: tuple[str, dt.date, int], count: int | None = None) -> bytes:
    records = b"".join(
        meters.RECORD.pack(key.encode(), (day - meters.EPOCH).days, amount, 0)
        for key, day, amount in readings
    )
    number = len(readings) if count is None else count
    return meters.MAGIC + struct.pack(">I", number) + records


def drafted(tmp_path: Path, data: bytes, kind: str, name: str = "june.wmr", **declared):
    (tmp_path / name).write_bytes(data)
    declaration = Declaration(kind=kind, file=name, **declared)
    return ENGINE.draft(sample_job(sources=(open_source(declaration, tmp_path),)))


def test_a_plugin_bills_what_it_reads_of_a_binary_file(tmp_path) -> None:
    data = packed(("A1", dt.date(2026, 6, 1), 12_500), ("B2", dt.date(2026, 6, 2), 1_000))
    draft = drafted(tmp_path, data, meters.BINARY)

    # 12.5 m³ × 2.00 + 1 m³ × 2.00
    assert draft.invoice.totals.payable.value == Decimal("27.00")
    assert [record.key for record in draft.records] == ["meters.binary:A1", "meters.binary:B2"]
    assert [record.origin.path for record in draft.records] == ["record 1", "record 2"]


def test_what_a_plugin_parsed_is_checked_like_the_rows_of_the_core(tmp_path) -> None:
    day = dt.date(2026, 6, 1)
    early = packed(("A1", dt.date(2000, 1, 1), 1), ("A1", day, 1), ("A1", day, 2))
    found = drafted(tmp_path, early, meters.BINARY)

    assert [str(finding) for finding in found.findings] == [
        ("june.wmr: error[BH109]: key 'A1' is already that of june.wmr record 1  (record 2: key)"),
        ("june.wmr: error[BH109]: key 'A1' is already that of june.wmr record 1  (record 3: key)"),
    ]


def test_a_binary_file_that_is_cut_short_is_a_finding_with_its_place(tmp_path) -> None:
    cut = drafted(tmp_path, packed(("A1", dt.date(2026, 6, 1), 1), count=3), meters.BINARY)
    junk = drafted(tmp_path, b"junk", meters.BINARY)

    assert [str(finding) for finding in cut.errors] == [
        "june.wmr: error[WMR102]: expected 3 records, got 1  (record 2)"
    ]
    assert [finding.code for finding in junk.errors] == ["WMR101"]


def test_a_text_format_has_line_column_and_excerpt_of_each_value(tmp_path) -> None:
    text = b"A1/2026-06-01/12.5\nB2/2026-06-02/twelve\n"
    draft = drafted(tmp_path, text, meters.TEXT)

    (finding,) = draft.errors
    assert finding.render().splitlines()[:3] == [
        "june.wmr:2:15: error[BH106]: expected a number, got 'twelve'  (cubic_metres)",
        "    2 | B2/2026-06-02/twelve",
        "      |               ^",
    ]


def test_the_rules_of_the_source_hold_for_parsed_rows_too(tmp_path) -> None:
    text = b"A1/2026-06-01/12.5/done\nB2/2026-06-02/1,5 m3/\n"
    draft = drafted(
        tmp_path,
        text,
        meters.TEXT,
        skip={"note": ("done",)},
        decimal=",",
        units={"cubic_metres": "m3"},
    )

    # 1.5 m³ × 2.00
    assert draft.invoice.totals.payable.value == Decimal("3.00")
    assert [finding.code for finding in draft.findings] == ["BH151"]


def test_a_file_that_is_not_there_is_a_finding_of_the_core(tmp_path) -> None:
    declaration = Declaration(kind=meters.BINARY, file="gone.wmr")
    draft = ENGINE.draft(sample_job(sources=(open_source(declaration, tmp_path),)))

    assert [finding.code for finding in draft.errors] == ["BH100"]


# ── documents ────────────────────────────────────────────────────────────────


def bills(tmp_path: Path, count: int):
    day = dt.date(2026, 6, 1)
    for number in range(1, count + 1):
        draft = drafted(tmp_path, packed((f"K{number}", day, number * 1000)), meters.BINARY)
        yield attrs.evolve(draft.document, number=f"W-{number}")


def test_many_documents_go_into_one_stream_and_come_back_equal(tmp_path) -> None:
    documents = list(bills(tmp_path, 3))
    data = write_documents(ENGINE.hooks, "bundle", documents)
    content = FileContent("june.bundle", data, Findings())

    assert read_documents(ENGINE.hooks, "bundle", content) == tuple(documents)
    assert not content.findings
    assert write_documents(ENGINE.hooks, "bundle", documents) == data


def test_a_stream_that_is_cut_short_is_told_with_its_place(tmp_path) -> None:
    data = write_documents(ENGINE.hooks, "bundle", list(bills(tmp_path, 2)))
    content = FileContent("june.bundle", data[:-1], Findings())

    assert len(read_documents(ENGINE.hooks, "bundle", content)) == 1
    assert [finding.path for finding in content.findings] == ["document 2"]


def test_a_format_for_one_document_is_given_one(tmp_path) -> None:
    documents = list(bills(tmp_path, 2))

    assert write_documents(ENGINE.hooks, "alone", documents[:1])
    with pytest.raises(ValueError, match="has one document, got 2"):
        write_documents(ENGINE.hooks, "alone", documents)
    with pytest.raises(LookupError, match="written, and not read back"):
        read_documents(ENGINE.hooks, "alone", FileContent("x", b"", Findings()))
    with pytest.raises(LookupError, match="did you mean 'bundle'"):
        write_documents(ENGINE.hooks, "bundel", documents)
