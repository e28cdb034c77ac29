"""Issued documents go into one file, in the core's format or a plugin's, and are read back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from billhook.project import load_project
from billhook.project.bundles import read_bundle, write_bundle

BUNDLE = '''

from billhook.archive.reader import load
from billhook.archive.writer import dump
from billhook import Diagnostic, Exporter, Origin


def write(documents, stream):
    """Write each document with its length in front."""
    for document in documents:
        data = dump(document, ())
        stream.write(b"%d:" % len(data) + data)


def read(content):
    """Read them back; one that is cut short is reported."""
    offset = number = 0
    while offset < len(content.data):
        number += 1
        head, _, rest = content.data[offset:].partition(b":")
        length, offset = int(head), offset + len(head) + 1
        if len(rest) < length:
            where = Origin(content.name, path=f"document {number}")
            content.report("NET101", f"expected {length} bytes, got {len(rest)}", where)
            return
        yield load(rest[:length], ())
        offset += length


def accepts(document):
    if document.invoice.subject == "secret":
        yield Diagnostic("NET102", "the subject is secret")


@hookimpl
def billhook_exporters():
    """Offer net strings of bills, and one bill alone."""
    facts = {"media_type": "application/octet-stream", "write": write, "accepts": accepts}
    yield Exporter(key="net", title="Net strings", suffix=".net", many=True, read=read, **facts)
    yield Exporter(key="alone", title="One bill", suffix=".one", **facts)
'''


@pytest.fixture
def issued(billhook, firm: Path) -> Path:
    """The firm with a plugin that writes and reads net strings, and three documents."""
    plugin = firm / "billfile.py"
    plugin.write_text(plugin.read_text() + BUNDLE)
    job = (firm / "jobs/first.toml").read_text()
    assert billhook(firm, "issue", "-y", "--format", "none").code == 0
    for number, month in ((2, "07"), (3, "08")):
        sheet = f"key,date,hours,text\nk{number},2026-{month}-02,{number},Work\n"
        (firm / f"records/{month}.csv").write_text(sheet)
        changed = job.replace("hours.csv", f"{month}.csv").replace("2026-06-30", f"2026-{month}-28")
        assert changed != job
        (firm / f"jobs/m{month}.toml").write_text(changed)
        ran = billhook(firm, "issue", f"jobs/m{month}.toml", "-y", "--format", "none")
        assert ran.code == 0, ran.err
    return firm


def rows(ran) -> dict[str, str]:
    return {row["number"]: row["here"] for row in json.loads(ran.out)["rows"]}


@pytest.mark.parametrize(("format_", "name"), [("jsonl", "all.jsonl"), ("net", "all.net")])
def test_all_documents_go_into_one_file_and_come_back_the_same(
    billhook, issued, format_, name
) -> None:
    ran = billhook(issued, "invoice", "export", "--all", "--format", format_, "-o", name)

    assert (ran.code, ran.out) == (0, f"{name}\n")
    assert f"exported 3 documents as {format_}" in ran.err
    back = billhook(issued, "invoice", "read", name, "--format", "json")
    assert back.code == 0
    assert rows(back) == dict.fromkeys(
        ("INV-2026-00001", "INV-2026-00002", "INV-2026-00003"), "same"
    )


def test_numbers_a_period_and_a_customer_choose_what_is_exported(billhook, issued) -> None:
    def chosen(*words: str) -> list[str]:
        ran = billhook(issued, "invoice", "export", *words, "-o", "-")
        return [json.loads(line)["document"]["number"] for line in ran.out.splitlines()]

    assert chosen("00003", "INV-2026-00001") == ["INV-2026-00003", "INV-2026-00001"]
    assert chosen("--period", "2026-07") == ["INV-2026-00002"]
    assert chosen("--since", "2026-07-01", "--customer", "acme") == [
        "INV-2026-00002",
        "INV-2026-00003",
    ]
    assert chosen("--customer", "nobody") == []


def test_the_documents_of_a_run_are_exported(billhook, firm) -> None:
    assert billhook(firm, "run", "new", "june").code == 0
    assert billhook(firm, "run", "approve", "june").code == 0
    assert billhook(firm, "run", "issue", "june", "-y", "--format", "none").code == 0

    ran = billhook(firm, "invoice", "export", "--run", "june", "-o", "-")
    assert json.loads(ran.out)["document"]["number"] == "INV-2026-00001"
    none = billhook(firm, "invoice", "export", "--run", "june", "--customer", "x", "-o", "-")
    assert (none.code, none.out) == (1, "")


def test_void_documents_are_left_out_unless_they_are_named(billhook, issued) -> None:
    assert (
        billhook(issued, "void", "INV-2026-00003", "--reason", "twice", "-y", "--release").code == 0
    )

    ran = billhook(issued, "invoice", "export", "--all", "-o", "x.jsonl")
    assert "left out: 1 void document" in ran.err
    assert len((issued / "x.jsonl").read_text().splitlines()) == 2
    assert billhook(issued, "invoice", "export", "00003", "-o", "y.jsonl").code == 0
    assert len((issued / "y.jsonl").read_text().splitlines()) == 1


def test_what_cannot_be_exported_is_refused_and_no_file_is_written(billhook, issued) -> None:
    none = billhook(issued, "invoice", "export", "-o", "x")
    alone = billhook(issued, "invoice", "export", "--all", "-f", "alone", "-o", "x")
    both = billhook(issued, "invoice", "export", "00001", "--all", "-o", "x")
    typo = billhook(issued, "invoice", "export", "--all", "-f", "nett", "-o", "x")

    assert (none.code, alone.code, both.code, typo.code) == (2, 2, 2, 2)
    assert "which documents?" in none.err
    assert "not both" in both.err
    assert "has one document, got 3" in alone.err
    assert "did you mean 'net'?" in typo.err
    assert not (issued / "x").exists()


def test_a_format_that_does_not_accept_a_document_names_it(billhook, issued) -> None:
    job = (issued / "jobs/m08.toml").read_text()
    (issued / "jobs/s.toml").write_text(
        job.replace("08.csv", "s.csv").replace('subject = "acme"', 'subject = "secret"')
    )
    (issued / "records/s.csv").write_text("key,date,hours,text\ns1,2026-08-03,1,Work\n")
    assert billhook(issued, "issue", "jobs/s.toml", "-y", "--format", "none").code == 0

    ran = billhook(issued, "invoice", "export", "--all", "-f", "net", "-o", "x.net")

    assert ran.code == 4
    assert "error[NET102]: INV-2026-00004: the subject is secret" in ran.err
    assert not (issued / "x.net").exists()


def test_a_file_that_is_damaged_or_changed_is_told(billhook, issued) -> None:
    billhook(issued, "invoice", "export", "--all", "-f", "net", "-o", "all.net")
    whole = (issued / "all.net").read_bytes()
    (issued / "cut.net").write_bytes(whole[:-1])
    billhook(issued, "invoice", "export", "--all", "-o", "all.jsonl")
    lines = (issued / "all.jsonl").read_text().splitlines()
    lines[1] = lines[1].replace('"currency":"USD"', '"currency":"EUR"', 1)
    lines[2] = lines[2][:100]
    (issued / "bad.jsonl").write_text("\n".join(lines))

    cut = billhook(issued, "invoice", "read", "cut.net", "--format", "json")
    bad = billhook(issued, "invoice", "read", "bad.jsonl", "--format", "json")
    gone = billhook(issued, "invoice", "read", "gone.jsonl")
    other = billhook(issued, "invoice", "read", "all.net", "--as", "alone")

    assert cut.code == 3
    assert "cut.net: error[NET101]" in cut.err
    assert len(rows(cut)) == 2
    assert bad.code == 3
    assert "bad.jsonl:3:" in bad.err
    assert rows(bad) == {"INV-2026-00001": "same", "INV-2026-00002": "different"}
    assert gone.code == 3
    assert "there is no such file" in gone.err
    assert other.code == 2
    assert "there is no format 'alone' that billhook reads" in other.err


def test_a_document_of_a_bundle_is_written_as_json_and_explained(billhook, issued) -> None:
    billhook(issued, "invoice", "export", "--all", "-f", "net", "-o", "all.net")

    assert billhook(issued, "invoice", "read", "all.net", "-o", "in").code == 0
    ran = billhook(issued, "explain", "in/INV-2026-00002.json")
    assert ran.code == 0, ran.err


def test_a_program_writes_and_reads_bundles(billhook, issued) -> None:
    del billhook
    project = load_project(issued)
    path = issued / "all.jsonl"
    drafts = [document for job in project.jobs() for document in project.job(job).documents()]
    path.write_bytes(write_bundle(project, drafts, "jsonl"))

    back = read_bundle(project, path)
    assert back.findings == ()
    assert back.documents == tuple(drafts)
