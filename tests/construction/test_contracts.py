"""A contractor's month: one job for every contract, from sheets of one contract or of several."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from billhook.cli import main

PROJECT = """
[project]
currency = "USD"
plugins = ["construction", "tax_table"]

[seller]
id = "marsh"
name = "Marsh Building"
address = { city = "Salem", country = "US" }

[[tax_table.rates]]
category = "O"
reason = "Not taxed."

[construction]
retainage_work = 10
tax_on = "gross"
contracts = [
    { id = "C-1", customer = "library", project = "Library" },
    { id = "C-2", customer = "school", locale = "es_US" },
    { id = "C-3", customer = "school" },
]
"""
SHARED = """
each = "construction.contract"

[[sources]]
kind = "construction.schedule"
file = "../schedule.csv"

[[sources]]
kind = "construction.progress"
file = "../progress.csv"
"""
FOLDERS = """
each = "construction.contract"

[[sources]]
kind = "construction.schedule"
file = "../{subject}/schedule.csv"

[[sources]]
kind = "construction.progress"
file = "../{subject}/progress-{period}.csv"
"""
CUSTOMER = 'name = "{}"\naddress = {{ city = "Salem", country = "US" }}\n'
SCHEDULE = {"C-1": "1,Walls,10000\n2,Roof,5000\n", "C-2": "1,Hall,8000\n", "C-3": "1,Yard,700\n"}


def write(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).write_text(text)


def progress(root: Path, *rows: str) -> None:
    write(root, "progress.csv", "contract,item,percent\n" + "".join(f"{row}\n" for row in rows))


@pytest.fixture
def builder(tmp_path: Path) -> Path:
    write(tmp_path, "billhook.toml", PROJECT)
    write(tmp_path, "jobs/month.toml", SHARED)
    for name in ("library", "school"):
        write(tmp_path, f"customers/{name}.toml", CUSTOMER.format(name.title()))
    rows = (f"{c},{row}\n" for c, rows in SCHEDULE.items() for row in rows.splitlines())
    write(tmp_path, "schedule.csv", "contract,item,description,value\n" + "".join(rows))
    progress(tmp_path, "C-1,1,50", "C-2,1,25")
    return tmp_path


@pytest.fixture
def billhook(
    builder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    monkeypatch.setenv("BILLHOOK_USER", "kim")
    monkeypatch.setenv("BILLHOOK_NOW", "2026-07-01T09:00:00Z")
    monkeypatch.delenv("BILLHOOK_STORE", raising=False)
    monkeypatch.chdir(builder)

    def run(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(list(words))
        return code, *capsys.readouterr()

    return run


def rows(billhook, *words: str) -> dict[str, tuple[str, str]]:
    listed = json.loads(billhook(*words, "-f", "json")[1])["rows"]
    return {row["subject"] or row["job"]: (row["state"], row["payable"]) for row in listed}


def issue(billhook, run: str) -> None:
    code, _, err = billhook("run", "issue", run, "-y", "--format", "none")
    assert code == 0, err


def test_a_month_of_all_contracts_comes_from_one_job_and_one_sheet(billhook) -> None:
    # 10,000 × 50 % and 8,000 × 25 %, each less 10 % retainage
    assert rows(billhook, "run", "new", "2026-05") == {
        "C-1": ("draft", "4500.00"),
        "C-2": ("draft", "1800.00"),
        "month@C-3": ("empty", "0"),
    }


def test_the_next_month_follows_from_the_same_sheet_brought_up_to_date(billhook, builder) -> None:
    rows(billhook, "run", "new", "2026-05")
    issue(billhook, "2026-05")
    progress(builder, "C-1,1,80", "C-1,2,10", "C-2,1,25", "C-3,1,100")

    # C-1: 30 % of 10,000 and 10 % of 5,000; C-2 did not move; C-3: 700; less 10 %
    assert rows(billhook, "run", "new", "2026-06") == {
        "C-1": ("draft", "3150.00"),
        "month@C-2": ("empty", "0"),
        "C-3": ("draft", "630.00"),
    }
    issue(billhook, "2026-06")
    assert billhook("verify")[0] == 0
    # that of June as it was issued; that of May has other progress now, which is told
    assert billhook("replay", "INV-2026-00003")[0] == 0
    assert [row[0] for row in rows(billhook, "run", "new", "2026-06").values()] == [
        "issued",
        "empty",
        "issued",
    ]


def test_each_contract_has_terms_of_its_own(billhook, builder) -> None:
    terms = '[construction]\nretainage_work = 5\nproject = "School hall"\n'
    write(builder, "subjects/C-2.toml", terms)

    # 2,000 less 5 %
    assert rows(billhook, "run", "new", "2026-05")["C-2"] == ("draft", "1900.00")
    out = billhook("bill", "jobs/month@C-2.toml", "--period", "2026-05", "-f", "text", "-o", "-")[1]
    assert "School hall" in out
    assert "Retención" in out or "retención" in out


def test_sheets_of_each_contract_lie_in_its_folder_one_for_each_month(billhook, builder) -> None:
    write(builder, "jobs/month.toml", FOLDERS)
    for contract, schedule in SCHEDULE.items():
        write(builder, f"{contract}/schedule.csv", "item,description,value\n" + schedule)
    write(builder, "C-1/progress-2026-05.csv", "item,percent\n1,50\n")
    write(builder, "C-1/progress-2026-06.csv", "item,percent\n1,80\n")
    write(builder, "C-2/progress-2026-06.csv", "item,percent\n1,25\n")

    assert rows(billhook, "run", "new", "2026-05") == {
        "C-1": ("draft", "4500.00"),
        "month@C-2": ("empty", "0"),
        "month@C-3": ("empty", "0"),
    }
    issue(billhook, "2026-05")
    assert rows(billhook, "run", "new", "2026-06") == {
        "C-1": ("draft", "2700.00"),
        "C-2": ("draft", "1800.00"),
        "month@C-3": ("empty", "0"),
    }
    out = billhook("check", "jobs/month@C-3.toml")[1]
    assert "there is no" not in out  # who looks for work takes the newest file there is
    shown = billhook("bill", "-n", "jobs/month@C-3.toml", "--period", "2026-05")[2]
    assert "info[BH343]: there is no C-3/progress-2026-05.csv" in shown
    left = json.loads(billhook("unbilled", "-f", "json")[1])["rows"]
    # the sheets of June, before retainage: 30 % of 10,000 and 25 % of 8,000
    assert {row["subject"]: row["value"] for row in left} == {"C-1": "3000.00", "C-2": "2000.00"}


def test_progress_of_a_contract_that_nobody_knows_is_found_by_check(billhook, builder) -> None:
    progress(builder, "C-1,1,50", "C-11,1,20")

    code, out, _ = billhook("check")

    assert (code, out.count("warning[BH558]")) == (0, 1)
    assert "progress.csv:3" in out
    assert "no job bills contract 'C-11'" in out


def test_a_job_for_one_contract_takes_its_rows_from_a_sheet_of_all(billhook, builder) -> None:
    one = SHARED.replace('each = "construction.contract"', 'subject = "C-2"\nbuyer = "school"')
    write(builder, "jobs/month.toml", one + "\n")

    out = billhook("bill", "-n", "--date", "2026-05-31", "--period", "2026-05")[2]

    assert "1,800.00 USD" in out
    assert "of contract C-1 (1 record)" in out


def test_a_file_named_by_the_period_needs_one(billhook, builder) -> None:
    write(builder, "jobs/month.toml", FOLDERS)
    write(builder, "C-1/schedule.csv", "item,description,value\n" + SCHEDULE["C-1"])

    code, _, err = billhook("bill", "-n", "jobs/month@C-1.toml", "--date", "2026-05-31")

    assert code == 3
    assert "jobs/month.toml:10:1: error[BH342]" in err
