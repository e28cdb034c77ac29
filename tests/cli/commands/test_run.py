from __future__ import annotations

import json
from pathlib import Path

import pytest

OFFICE = """
[roles]
biller = ["kim"]
reviewer = ["ruth"]
approver = ["lee", "kim"]

[approval]
limit = { USD = 500 }
"""


@pytest.fixture
def office(firm: Path) -> Path:
    """Two jobs, one of them over the limit of 500.00."""
    settings = firm / "billhook.toml"
    settings.write_text(settings.read_text() + OFFICE)
    job = (firm / "jobs/first.toml").read_text()
    small = job.replace('subject = "acme"', 'subject = "small"').replace("hours.csv", "small.csv")
    (firm / "jobs/small.toml").write_text(small)
    (firm / "records/small.csv").write_text("key,date,hours,text\ns1,2026-06-09,1,A call\n")
    return firm


def rows(ran) -> list[dict[str, object]]:
    return json.loads(ran.out)["rows"]


def test_a_run_from_draft_to_documents(billhook, office) -> None:
    drafted = billhook(office, "run", "new", "june")
    written = billhook(
        office, "run", "review", "june", "first", "write-down", "2", "60",
        "--reason", "half an hour too much", "--by", "ruth",
    )  # fmt: skip
    alone = billhook(office, "run", "issue", "june", "-y", "--format", "none")
    same = billhook(office, "run", "approve", "june", "first")
    approved = billhook(office, "run", "approve", "june", "first", "--by", "lee")
    issued = billhook(office, "run", "issue", "june", "-y", "--format", "none")
    again = billhook(office, "run", "issue", "june", "-y", "--format", "none")

    assert (drafted.code, written.code) == (0, 0)
    assert alone.code == 5
    assert alone.out == "INV-2026-00001\n"  # small, 120.00
    assert "1 job failed: first" in alone.err
    assert (same.code, approved.code) == (4, 0)
    assert (issued.code, issued.out) == (0, "INV-2026-00002\n")
    assert "issued 1 document: 630.00 USD" in issued.err
    assert (again.code, again.out) == (0, "")
    assert "nothing left to issue" in again.err
    shown = rows(billhook(office, "run", "show", "june", "--format", "json"))
    assert [(row["job"], row["state"], row["documents"]) for row in shown] == [
        ("first", "issued", ["INV-2026-00002"]),
        ("small", "issued", ["INV-2026-00001"]),
    ]
    assert billhook(office, "verify").code == 0
    assert billhook(office, "replay", "--all").code == 0


def test_a_held_job_waits_for_its_release(billhook, office) -> None:
    billhook(office, "run", "new", "june")
    billhook(office, "run", "review", "june", "small", "hold", "--reason", "asked", "--by", "ruth")

    waiting = billhook(office, "run", "issue", "june", "-y", "--format", "none")
    listed = rows(billhook(office, "run", "list", "--format", "json"))

    assert "small: is held" in waiting.err
    assert waiting.code == 5
    assert listed[0]["states"] == "1 draft, 1 held"
    billhook(office, "run", "review", "june", "small", "release", "--by", "ruth")
    assert billhook(office, "run", "issue", "june", "-y", "--format", "none").out == (
        "INV-2026-00001\n"
    )


def test_a_run_is_compared_with_the_last_bills_and_with_another_run(billhook, office) -> None:
    billhook(office, "run", "new", "june", "jobs/small.toml")
    billhook(office, "run", "issue", "june", "-y", "--format", "none")
    records = office / "records/small.csv"
    records.write_text("key,date,hours,text\ns2,2026-07-09,2.5,A call\n")
    billhook(office, "run", "new", "july", "jobs/small.toml", "--date", "2026-07-31")

    found = billhook(office, "run", "diff", "july", "--format", "json")
    against = billhook(office, "run", "diff", "july", "--against", "june", "--details")

    assert found.code == 1
    [row] = rows(found)
    # 1.5 h more at 120.00.
    assert (row["last"], row["now"], row["change"]) == ("120.00", "300.00", "+180.00")
    assert row["why"] == "A call +1.5 h = +180.00"
    assert "A call +1.5 h = +180.00" in against.out
    assert "against small" in against.err


def test_a_job_that_cannot_be_drafted_is_noted(billhook, office) -> None:
    (office / "records/small.csv").write_text("key,date,hours,text\ns1,2026-06-09,none,A call\n")

    drafted = billhook(office, "run", "new", "june")

    assert drafted.code == 5
    assert "run june: 1 draft, 1 failed" in drafted.err
    shown = billhook(office, "run", "show", "june", "small")
    assert "expected a number, got" in shown.err


@pytest.mark.parametrize(
    "words",
    [
        ("show", "none"),
        ("review", "june", "none", "drop", "--reason", "x", "--by", "ruth"),
        ("review", "june", "small", "release", "--by", "ruth"),
        ("review", "june", "small", "hold", "--by", "ruth"),
        ("review", "june", "small", "hold", "--reason", "x", "--by", "otto"),
        ("review", "june", "small", "write-down", "s1", "500", "--reason", "x", "--by", "ruth"),
        ("issue", "june"),
    ],
)
def test_refusals_exit_with_4_and_change_nothing(billhook, office, words) -> None:
    billhook(office, "run", "new", "june")
    before = billhook(office, "run", "show", "june", "--format", "json").out

    assert billhook(office, "run", *words).code == 4
    assert billhook(office, "run", "show", "june", "--format", "json").out == before


def test_going_on_with_a_run_writes_the_files_that_a_kill_left_out(billhook, office) -> None:
    billhook(office, "run", "new", "june")
    billhook(office, "run", "approve", "june", "--by", "lee")
    # as after a kill between the commit and the files
    billhook(office, "run", "issue", "june", "-y", "--format", "none")

    again = billhook(office, "run", "issue", "june", "-y", "--format", "json")
    third = billhook(office, "run", "issue", "june", "-y", "--format", "json")

    assert again.out == "archive/2026/INV-2026-00001.json\narchive/2026/INV-2026-00002.json\n"
    assert (again.code, third.code, third.out) == (0, 0, "")
    assert billhook(office, "verify").code == 0


def test_a_run_names_jobs_that_could_not_be_printed_and_issues_the_others(billhook, office) -> None:
    small = office / "jobs" / "small.toml"
    small.write_text(f'{small.read_text()}\n[print]\nlogo = "logo.png"\n')
    billhook(office, "run", "new", "june")
    billhook(office, "run", "approve", "june", "--by", "lee")

    ran = billhook(office, "run", "issue", "june", "-y")
    small.write_text(small.read_text().replace('logo = "logo.png"', ""))
    again = billhook(office, "run", "issue", "june", "-y")

    assert (ran.code, "error[BH602]" in ran.err) == (5, True)
    assert "1 job failed: small" in ran.err
    assert "issued 1 document" in ran.err
    assert (again.code, "issued 1 document" in again.err) == (0, True)
