from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from billhook.store.database import open_store


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text() + text)


def test_issue_writes_recorded_files_and_a_second_run_bills_nothing(billhook, firm) -> None:
    first = billhook(firm, "issue", "-y", "--format", "json,text")
    second = billhook(firm, "issue", "-y")

    assert first.code == 0
    assert first.out == "archive/2026/INV-2026-00001.json\narchive/2026/INV-2026-00001.txt\n"
    assert "issued 1 document: 690.00 USD" in first.err
    assert (second.code, second.out) == (0, "")
    assert "there is nothing left to bill, it was issued as INV-2026-00001" in second.err
    assert "first: 3 records billed on INV-2026-00001" in second.err
    found = billhook(firm, "verify")
    assert (found.code, found.out) == (0, "")
    assert "1 document, 2 lines of the log" in found.err
    assert "2 files, 0 closing files: all sound" in found.err


def test_nobody_to_ask_is_a_refusal_and_nothing_is_issued(billhook, firm) -> None:
    asked = billhook(firm, "issue")

    assert asked.code == 4
    assert "INV-2026-00001, the first in a new store at billhook.db?" in asked.err
    assert "[BH516]" in asked.err
    assert billhook(firm, "invoice", "list").out == ""


def test_a_dry_run_makes_no_store(billhook, firm) -> None:
    shown = billhook(firm, "issue", "-n")

    assert shown.code == 0
    assert "INV-2026-00001: first, 3 lines, 690.00 USD" in shown.err
    assert not (firm / "billhook.db").exists()
    assert not (firm / "archive").exists()


def test_a_mistake_in_one_job_issues_none(billhook, firm) -> None:
    text = (firm / "jobs/first.toml").read_text()
    (firm / "jobs/second.toml").write_text(text.replace('"acme"\ndate', '"nobody"\ndate'))

    refused = billhook(firm, "issue", "-y")

    assert refused.code == 3
    assert "[BH121]" in refused.err
    assert billhook(firm, "invoice", "list").out == ""


def test_issuing_before_the_last_date_of_the_series_is_refused(billhook, firm) -> None:
    billhook(firm, "issue", "-y", "--format", "none")
    append(firm / "records/hours.csv", "4,2026-06-10,1,Late\n")

    late = billhook(firm, "issue", "-y", "--date", "2026-06-29")

    assert late.code == 4
    assert "series INV has a document of 2026-06-30" in late.err
    assert "date it 2026-06-30 or later" in late.err


def test_somebody_else_writing_is_busy_after_the_bounded_wait(billhook, firm) -> None:
    append(firm / "billhook.toml", "\n[store]\nwait = 0\n")
    billhook(firm, "issue", "-y", "--format", "none")
    append(firm / "records/hours.csv", "4,2026-06-10,1,Late\n")
    store = open_store(firm / "billhook.db", create=True)

    with store.write():
        busy = billhook(firm, "issue", "-y")
    store.close()

    assert busy.code == 7
    assert "hint: try again" in busy.err
    assert billhook(firm, "issue", "-y", "--format", "none").out == "INV-2026-00002\n"


def test_an_edited_source_changes_no_issued_amount_and_is_told(billhook, firm) -> None:
    billhook(firm, "issue", "-y", "--format", "none")
    edit(firm / "records/hours.csv", "Workshop", "Workshop of a day")
    edit(firm / "billhook.toml", "per_hour = 120", "per_hour = 150")

    again = billhook(firm, "issue", "-y")
    checked = billhook(firm, "check", "--store")
    replayed = billhook(firm, "replay", "--all")

    assert "with other values: text Workshop → Workshop of a day" in again.err
    assert "[BH503]" in checked.out + checked.err
    assert "the total changes from 690.00 to 862.50 USD: rate 172.50" in (checked.out + checked.err)
    assert replayed.code == 1
    assert "amount due changes by +172.50: rate +172.50" in replayed.err
    listed = json.loads(billhook(firm, "invoice", "list", "--format", "json").out)
    assert [row["payable"] for row in listed["rows"]] == ["690.00"]


def test_the_project_says_how_numbers_look_and_where_things_are(billhook, firm) -> None:
    append(
        firm / "billhook.toml",
        '\n[store]\npath = "kept/books.db"\n[archive]\npath = "kept/files"\n'
        '[series.INV]\ntemplate = "R{yy}-{month:02}-{seq:03}"\nreset = "month"\n',
    )
    (firm / "kept").mkdir()

    done = billhook(firm, "issue", "-y", "--format", "json")

    assert done.out == "kept/files/2026/R26-06-001.json\n"
    assert (firm / "kept/books.db").exists()


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ('[series.INV]\ntemplate = "{year}"', "BH135"),
        ('[series.CRN]\ntemplate = "INV-{year}-{seq:05}"', "BH135"),
        ("[series.INV]\nreset = 'week'", "BH116"),
        ("[store]\nurl = 'sqlite:///a.db'\npath = 'b.db'", "BH114"),
        ("[roles]\nboss = ['kim']", "BH103"),
        ("[approval]\nlimit = { DOLLAR = 5 }", "BH122"),
    ],
)
def test_settings_that_are_wrong_are_findings(billhook, firm, table, code) -> None:
    append(firm / "billhook.toml", f"\n{table}\n")

    refused = billhook(firm, "issue", "-y")

    assert refused.code == 3
    assert f"[{code}]" in refused.err
    assert f"[{code}]" in billhook(firm, "check").out


def test_the_same_key_issues_once(billhook, firm) -> None:
    billhook(firm, "issue", "-y", "--key", "june", "--format", "none")

    again = billhook(firm, "issue", "-y", "--key", "june")

    assert again.code == 0
    assert "first: issued before under this key: INV-2026-00001" in again.err


def test_a_role_is_asked_for_before_anything_happens(billhook, firm) -> None:
    append(firm / "billhook.toml", '\n[roles]\nbiller = ["lee"]\n')

    refused = billhook(firm, "issue", "-y")
    allowed = billhook(firm, "issue", "-y", "--by", "lee", "--format", "none")

    assert refused.code == 4
    assert "kim may not issue; it takes the role biller or approver" in refused.err
    assert allowed.out == "INV-2026-00001\n"
    rows = json.loads(billhook(firm, "audit", "log", "--format", "json").out)["rows"]
    assert [(row["what"], row["by"]) for row in rows] == [("issued", "lee")]


def test_files_that_cannot_be_written_leave_the_document_issued(billhook, firm) -> None:
    (firm / "archive").write_text("a file where a folder should be")

    partly = billhook(firm, "issue", "-y", "--format", "json")

    assert partly.code == 5
    assert "INV-2026-00001 is issued, its files are not written" in partly.err
    (firm / "archive").unlink()
    assert billhook(firm, "invoice", "pdf", "1", "--format", "json").out == (
        "archive/2026/INV-2026-00001.json\n"
    )
    assert billhook(firm, "verify").code == 0


def test_rendering_again_gives_the_same_bytes(billhook, firm) -> None:
    billhook(firm, "issue", "-y")
    before = (firm / "archive/2026/INV-2026-00001.pdf").read_bytes()

    again = billhook(firm, "invoice", "pdf", "INV-2026-00001", "-o", "copies")
    edit(firm / "billhook.toml", "Your Company", "Another Company")
    renamed = billhook(firm, "invoice", "pdf", "INV-2026-00001", "-o", "renamed")

    assert (again.code, renamed.code) == (0, 0)
    assert (firm / "copies/INV-2026-00001.pdf").read_bytes() == before
    assert (firm / "renamed/INV-2026-00001.pdf").read_bytes() == before


def test_a_file_that_would_look_otherwise_is_told_and_not_replaced(billhook, firm) -> None:
    billhook(firm, "issue", "-y", "--format", "pdf")
    path = firm / "archive/2026/INV-2026-00001.pdf"
    before = path.read_bytes()
    append(firm / "billhook.toml", '\n[print]\ncolour = "#ff0000"\n')

    again = billhook(firm, "invoice", "pdf", "1")

    assert again.code == 1
    assert "[BH525]" in again.err
    assert path.read_bytes() == before


def test_verify_names_a_changed_database_and_a_changed_file(billhook, firm) -> None:
    billhook(firm, "issue", "-y", "--format", "json")
    file = firm / "archive/2026/INV-2026-00001.json"
    file.write_bytes(file.read_bytes().replace(b"690", b"960"))
    with closing(sqlite3.connect(firm / "billhook.db", isolation_level=None)) as raw:
        query = "SELECT sql FROM sqlite_schema WHERE name = 'billhook_document_no_update'"
        [guard] = raw.execute(query).fetchone()
        raw.execute("DROP TRIGGER billhook_document_no_update")
        raw.execute("UPDATE billhook_document SET customer = 'other'")
        raw.execute(guard)

    found = billhook(firm, "verify")
    tree = json.loads(billhook(firm, "verify", "--format", "json").out)

    assert found.code == 1
    assert "column customer says other, sealed is acme" in found.err
    assert [each["code"] for each in tree["findings"]] == ["BH521", "BH525"]
    assert (tree["schema"], tree["documents"]) == ("billhook.verified/1", 1)


def test_a_closing_file_anchors_the_chain(billhook, firm) -> None:
    billhook(firm, "issue", "-y", "--format", "none")

    sealed = billhook(firm, "seal")
    found = billhook(firm, "verify", "--anchor", "closings")

    assert sealed.out == "closings/closing-2026-07-01T090000Z.json\n"
    tree = json.loads((firm / sealed.out.strip()).read_text())
    assert tree["chains"]["INV"]["position"] == 1
    assert (found.code, "1 closing file: all sound" in found.err) == (0, True)
    before = billhook(firm, "verify", "--anchor", "closings", "--as-of", "2026-06-30")
    assert "0 closing files: all sound" in before.err


def test_backups_statistics_and_copies(billhook, firm) -> None:
    billhook(firm, "issue", "-y", "--format", "none")

    made = billhook(firm, "backup")
    again = billhook(firm, "backup", made.out.strip())
    copied = billhook(firm, "db", "copy", "copy.db")
    stats = json.loads(billhook(firm, "db", "stats", "--format", "json").out)

    assert made.out == "backups/billhook-2026-07-01T090000Z.db\n"
    assert again.code == 4
    assert copied.code == 0
    assert {row["what"]: row["count"] for row in stats["rows"]}["documents"] == 1
    assert billhook(firm, "db", "migrate").code == 0


def test_status_says_what_to_do_next(billhook, firm) -> None:
    before = billhook(firm, "status")
    billhook(firm, "issue", "-y", "--format", "none", "--date", "2026-07-01")
    after = json.loads(billhook(firm, "status", "--format", "json").out)

    assert "unbilled jobs       1: first" in before.out
    assert "next: billhook issue JOB" in before.err
    assert after["unbilled"] == []
    assert after["unsent"] == ["INV-2026-00001"]
    assert after["month"] == {"USD": "690.00"}


def test_a_list_is_safe_for_a_spreadsheet(billhook, firm) -> None:
    edit(firm / "jobs/first.toml", 'subject = "acme"', 'subject = "=1+1"')
    billhook(firm, "issue", "-y", "--format", "none")

    rows = billhook(firm, "invoice", "list", "--format", "csv").out.splitlines()

    assert "'=1+1" in rows[1]
    assert rows[1].endswith("690.00,0.00,690.00,690.00,USD,issued")


def test_a_copy_is_marked_and_stays_out_of_the_archive(billhook, firm) -> None:
    billhook(firm, "issue", "-y", "--format", "text")
    path = firm / "archive/2026/INV-2026-00001.txt"
    before = path.read_bytes()

    nowhere = billhook(firm, "invoice", "pdf", "1", "--copy", "-f", "text")
    made = billhook(firm, "invoice", "pdf", "1", "--copy", "-f", "text", "-o", "copies")

    assert (nowhere.code, made.code) == (2, 0)
    assert "name a folder with -o" in nowhere.err
    assert path.read_bytes() == before
    assert b"Copy" in (firm / "copies/INV-2026-00001.txt").read_bytes()
    assert b"Copy" not in before
    assert billhook(firm, "verify").code == 0


def test_another_file_of_the_name_is_kept_and_named(billhook, firm) -> None:
    # without a store of its own, a project with archived bills has lost one
    assert billhook(firm, "db", "init").code == 0
    path = firm / "archive/2026/INV-2026-00001.json"
    path.parent.mkdir(parents=True)
    path.write_text("other")

    ran = billhook(firm, "issue", "-y", "--format", "json")

    assert ran.code == 5
    assert "INV-2026-00001.json: exists with other content" in ran.err
    assert path.read_text() == "other"


def test_a_number_that_means_two_documents_asks_for_more_of_it(billhook, firm) -> None:
    billhook(firm, "issue", "-y", "--format", "none")
    billhook(
        firm, "credit", "1", "--amount", "1", "--keep", "--reason", "x", "-y", "--format", "none"
    )

    ran = billhook(firm, "invoice", "show", "1")

    assert ran.code == 4
    assert "'1' is the number of 2 documents: INV-2026-00001, CRN-2026-00001" in ran.err
    assert "hint: type more of the number" in ran.err


def test_a_backup_overwrites_nothing_and_says_what_to_do(billhook, firm) -> None:
    billhook(firm, "issue", "-y", "--format", "none")
    (firm / "taken.db").write_text("mine")

    refused = billhook(firm, "backup", "taken.db")

    assert refused.code == 4
    assert "name another file" in refused.err
    assert (firm / "taken.db").read_text() == "mine"


def test_a_bill_that_could_not_be_printed_gets_no_number(billhook, firm) -> None:
    marker = firm / "billhook.toml"
    marker.write_text(f'{marker.read_text()}\n[print]\nlogo = "logo.png"\n')

    refused = billhook(firm, "issue", "-y")
    rehearsed = billhook(firm, "issue", "-n")
    without = billhook(firm, "issue", "-y", "-f", "json")

    assert (refused.code, refused.out, rehearsed.code) == (4, "", 4)
    assert "billhook.toml:" in refused.err
    assert "error[BH602]" in refused.err
    assert (without.code, "INV-2026-00001" in without.out) == (0, True)
