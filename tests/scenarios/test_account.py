"""An account over time: the history that commands take, gaps, months of nothing, openings."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

PROJECT = """
[project]
currency = "USD"
plugins = ["construction", "tax_table"]

[seller]
id = "larch"
name = "Larch & Sons"
address = { city = "Springfield", country = "US" }

[[tax_table.rates]]
category = "O"
reason = "Not taxed."

[construction]
contract = "C-1"
retainage_work = 10
"""

JOB = """
subject = "C-1"
date = {date}
{more}

[buyer]
id = "birch"
name = "Birch Estates"
address = {{ city = "Salem", country = "US" }}

[[sources]]
kind = "construction.schedule"
file = "../schedule.csv"

[[sources]]
kind = "construction.progress"
file = "../progress-{number}.csv"
"""


@pytest.fixture
def works(tmp_path) -> Path:
    """A contract of 100,000 with 10 % held, and no application yet."""
    root = tmp_path / "works"
    (root / "jobs").mkdir(parents=True)
    (root / "billhook.toml").write_text(PROJECT)
    (root / "schedule.csv").write_text("item,description,value\n1,Works,100000\n")
    return root


def application(works: Path, number: int, percent: int, more: str = "") -> str:
    """Write an application for a part of the works; return its path."""
    text = JOB.format(date=f"2026-{number:02}-28", number=number, more=more)
    (works / f"jobs/app-{number}.toml").write_text(text)
    (works / f"progress-{number}.csv").write_text(f"item,percent\n1,{percent}\n")
    return f"jobs/app-{number}.toml"


def issued(billhook, works, *paths: str) -> None:
    for path in paths:
        ran = billhook(works, "issue", path, "-y", "--format", "none")
        assert ran.code == 0, ran.err


def drafted(billhook, works, path: str, *options: str) -> Decimal:
    ran = billhook(works, "bill", path, "--format", "json", "-o", "-", *options)
    assert ran.code == 0, ran.err
    return Decimal(json.loads(ran.out)["document"]["invoice"]["totals"]["payable"]["value"])


def test_bill_explain_and_diff_go_on_from_what_was_issued(billhook, works) -> None:
    # 70,000 × 0.9 less 40,000 × 0.9
    first, second = application(works, 1, 40), application(works, 2, 70)
    issued(billhook, works, first)

    told = billhook(works, "explain", second, "--format", "json")
    compared = billhook(works, "diff", first, second, "--format", "json")

    assert drafted(billhook, works, second) == Decimal("27000.00")
    assert json.loads(told.out)["explanation"]["value"] == "27000.00"
    assert json.loads(compared.out)["before"] == "36000.00"
    assert json.loads(compared.out)["after"] == "27000.00"
    assert drafted(billhook, works, second, "--no-store") == Decimal("63000.00")


def test_a_draft_goes_on_from_a_bill_that_is_not_issued_yet(billhook, works) -> None:
    # issued 36,000; to come 60,000 × 0.9 - 36,000; then 90,000 × 0.9 - 54,000 = 27,000
    first = application(works, 1, 40)
    issued(billhook, works, first)
    application(works, 2, 60, 'follows = "app-1.toml"')
    third = application(works, 3, 90, 'follows = "app-2.toml"')

    assert drafted(billhook, works, third) == Decimal("27000.00")
    strict = billhook(works, "bill", third, "--store", "-n")
    assert (strict.code, "BH510" in strict.err) == (4, True)


def test_check_takes_the_history_and_is_silent_of_what_was_issued(billhook, works) -> None:
    first, second = application(works, 1, 40), application(works, 2, 30)
    issued(billhook, works, first)

    ran = billhook(works, "check", "--format", "json")
    without = billhook(works, "check", "--format", "json", "--no-store")

    found = json.loads(ran.out)["findings"]
    assert [each["file"] for each in found if each["code"] == "BH402"] == []
    assert any(each["file"] == "progress-2.csv" for each in found), (second, found)
    assert json.loads(without.out)["findings"] == []


def test_a_bill_that_would_come_before_an_earlier_job_is_told(billhook, works) -> None:
    issued(billhook, works, application(works, 1, 40))
    second, third = application(works, 2, 60), application(works, 3, 70)

    alone = billhook(works, "issue", third, "-n")
    both = billhook(works, "issue", second, third, "-n")

    assert "BH554" in alone.err
    assert second in alone.err
    assert "BH554" not in both.err


def test_a_month_of_nothing_is_no_gap_and_the_chain_goes_on(billhook, works) -> None:
    # (100,000 - 50,000) × 0.9
    issued(billhook, works, application(works, 1, 50))
    application(works, 2, 50)
    third = application(works, 3, 100)
    application(works, 4, 50, 'follows = "app-1.toml"')
    fifth = application(works, 5, 100, 'follows = "app-4.toml"')

    ran = billhook(works, "issue", third, "-n")

    assert "BH554" not in ran.err
    assert drafted(billhook, works, third) == Decimal("45000.00")
    assert drafted(billhook, works, fifth) == Decimal("45000.00")


def test_an_application_of_nothing_can_be_made_and_counts(billhook, works) -> None:
    # 0.00 for the second month, and the third is application 3
    issued(billhook, works, application(works, 1, 50), application(works, 2, 50, "nil = true"))
    third = application(works, 3, 100, 'title = "Application no. 3"')

    ran = billhook(works, "invoice", "list", "--format", "json")
    last = billhook(works, "issue", third, "-n")

    payable = [each["payable"] for each in json.loads(ran.out)["rows"]]
    assert payable == ["45000.00", "0.00"]
    assert "BH551" not in last.err
    assert billhook(works, "verify").code == 0


def test_a_title_that_counts_otherwise_is_told(billhook, works) -> None:
    issued(billhook, works, application(works, 1, 40))
    second = application(works, 2, 60, 'title = "Application no. 3"')

    assert "says 3, but the bill is number 2" in billhook(works, "issue", second, "-n").err


def test_application_seven_follows_six_that_were_billed_elsewhere(billhook, works) -> None:
    # elsewhere 60,000 were billed to date, 10 % held; 70,000 × 0.9 - 54,000 = 9,000
    opening = application(works, 6, 60, "[opening]\nbills = 6\nnet = 60000.00\nowed = 5000.00\n")
    text = (works / opening).read_text()
    table = "[opening]" + text.partition("[opening]")[2].partition("[buyer]")[0]
    (works / opening).write_text(text.replace(table, "") + table)
    seventh = application(works, 7, 70, 'title = "Application no. 7"')
    project = (works / "billhook.toml").read_text()
    (works / "billhook.toml").write_text(
        f'{project}\n[series.INV]\nbegin = 124\nbegin_in = "2026"\n'
    )
    issued(billhook, works, opening)

    last = billhook(works, "issue", seventh, "-y", "--format", "none")
    listed = json.loads(billhook(works, "invoice", "list", "--format", "json").out)["rows"]
    status = json.loads(billhook(works, "status", "--format", "json").out)

    assert (last.code, "BH551" in last.err) == (0, False)
    rows = [(each["number"], each["payable"], each["state"]) for each in listed]
    assert rows == [
        ("INV-2026-00124", "9000.00", "issued"),
        ("OPENING-00001", "54000.00", "opening"),
    ]
    assert status["unsent"] == ["INV-2026-00124"]
    assert "all sound" in billhook(works, "verify").out + billhook(works, "verify").err
    again = billhook(works, "issue", opening, "-n")
    assert "issued as OPENING-00001" in again.err


def test_an_event_that_cannot_be_honoured_is_refused_when_it_is_recorded(billhook, works) -> None:
    issued(billhook, works, application(works, 1, 40))
    event = ("event", "add", "C-1", "construction.Released", "--at", "2026-02-15")
    why = ("--reason", "half", "--by", "kim")

    assert billhook(works, *event, *why, "percent=500").code == 4
    assert billhook(works, *event, *why, "amount=4000.01").code == 4
    assert billhook(works, "event", "add", "C-2", *event[3:], *why, "percent=50").code == 4
    # 10 % of 40,000 are held; what is released is taken of what is left
    assert billhook(works, *event, *why, "amount=3000").code == 0
    assert billhook(works, *event, *why, "amount=1000.01").code == 4


def test_a_withdrawn_event_counts_no_more_and_stays_in_the_list(billhook, works) -> None:
    # with the release 4,000 more would be due: 70,000 - 3,000 held - 36,000
    issued(billhook, works, application(works, 1, 40))
    second = application(works, 2, 70)
    event = ("event", "add", "C-1", "construction.Released", "--at", "2026-02-15")
    added = billhook(works, *event, "--reason", "all of it", "percent=100")
    line = added.err.rpartition("line ")[2].split()[0]
    assert drafted(billhook, works, second) == Decimal("31000.00")

    ran = billhook(works, "event", "withdraw", line, "--reason", "a typing mistake")
    again = billhook(works, "event", "withdraw", line, "--reason", "a typing mistake")

    assert (ran.code, again.code) == (0, 4)
    assert drafted(billhook, works, second) == Decimal("27000.00")
    [row] = json.loads(billhook(works, "event", "list", "--format", "json").out)["rows"]
    assert row["withdrawn"] == "a typing mistake"
    assert billhook(works, "verify").code == 0


def test_an_event_that_a_document_counts_is_not_withdrawn(billhook, works) -> None:
    issued(billhook, works, application(works, 1, 40))
    event = ("event", "add", "C-1", "construction.Released", "--at", "2026-02-15")
    added = billhook(works, *event, "--reason", "half", "percent=50")
    line = added.err.rpartition("line ")[2].split()[0]
    issued(billhook, works, application(works, 2, 70))

    ran = billhook(works, "event", "withdraw", line, "--reason", "a typing mistake")

    assert (ran.code, "BH557" in ran.err) == (4, True)


def test_a_dry_run_renders_nothing(billhook, works, monkeypatch) -> None:
    def rendered(*_: object, **__: object) -> bytes:
        raise AssertionError("a page was made")

    monkeypatch.setattr("billhook.render.render", rendered)

    ran = billhook(works, "bill", application(works, 1, 40), "-n")

    assert (ran.code, "36,000.00" in ran.err) == (0, True)
