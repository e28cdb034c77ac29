"""Unbilled work: what becomes of each record, in one trade after the other and over two bills."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from billhook import Actor, load_project, memory_store
from billhook.cli import main
from billhook.issue.put_aside import put_aside, take_up
from billhook.issue.request import issue_requests
from billhook.issue.roles import Roles
from billhook.kernel.errors import RefusedError
from billhook.project.drafting import Drafting
from billhook.project.unbilled import draft_all, find_forgotten, find_work

EXAMPLES = Path(__file__).parents[2] / "examples"
KIM = Actor(
    by="kim", at=dt.datetime(2026, 7, 31, 9, tzinfo=dt.UTC), reason="the client disputes it"
)

PROJECT = """
[project]
currency = "USD"
plugins = ["legal", "tax_table"]

[seller]
id = "larch"
name = "Larch & Sons"
address = { city = "Springfield", country = "US" }

[[tax_table.rates]]
category = "O"
reason = "Not taxed."

[legal]
matters = [{ id = "M1", client = "alder" }, { id = "M2", client = "birch" }]
rates = [{ per_hour = 300 }]
"""
JOB = """
subject = "M1"
buyer = "alder"
date = 2026-07-31
period = "2026-07"

[[sources]]
kind = "legal.time"
file = "../time.csv"
"""
CUSTOMER = 'name = "{}"\naddress = {{ city = "Salem", country = "US" }}\n'
HEAD = "key,date,timekeeper,matter,minutes,billable,narrative\n"


@pytest.fixture
def firm(tmp_path: Path) -> Path:
    """A law firm with two clients and one job, and no row of time yet."""
    write = {
        "billhook.toml": PROJECT,
        "jobs/m1.toml": JOB,
        "customers/alder.toml": CUSTOMER.format("Alder"),
        "customers/birch.toml": CUSTOMER.format("Birch"),
        "time.csv": HEAD,
    }
    for name, text in write.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def add(firm: Path, *rows: str) -> None:
    with (firm / "time.csv").open("a") as file:
        file.writelines(f"{row}\n" for row in rows)


def work(firm: Path, store=None):
    """Return the records by the last part of their key."""
    project = load_project(firm)
    if store is None:
        items = find_work(project, draft_all(project))
    else:
        with store.read() as reading:
            drafts = draft_all(project, reading)
            items = find_work(project, drafts, reading, consumed=True)
    return {item.record.key.rpartition(":")[2]: item for item in items}


def faults(firm: Path, store=None) -> list[tuple[str, str]]:
    found = find_forgotten(load_project(firm), work(firm, store).values())
    return [(each.code, str(each.origin)) for each in found]


def issue(firm: Path, store, name: str = "m1") -> None:
    project = load_project(firm)
    with store.read() as reading:
        prepared = Drafting(project, reading).prepare(firm / "jobs" / f"{name}.toml")
    assert prepared.request is not None
    issue_requests(store, [prepared.request], KIM)


def test_each_record_is_unbilled_with_the_value_that_its_job_would_bill(firm: Path) -> None:
    add(firm, "1,2026-07-03,AR,M1,30,,Call", "2,2026-07-04,AR,M1,60,,Draft")

    found = work(firm)

    # 300 an hour: half an hour and a whole one
    assert {key: (i.state, i.value, i.job, i.customer) for key, i in found.items()} == {
        "1": ("unbilled", Decimal("150.00"), "m1", "alder"),
        "2": ("unbilled", Decimal("300.00"), "m1", "alder"),
    }
    assert faults(firm) == []


def test_what_was_issued_is_billed_and_a_second_entry_of_the_month_is_not(firm: Path) -> None:
    store = memory_store()
    add(firm, "1,2026-07-03,AR,M1,30,,Call")
    issue(firm, store)
    add(firm, "2,2026-07-09,AR,M1,60,,Draft")

    found = work(firm, store)

    assert (found["1"].state, found["1"].document) == ("billed", "INV-2026-00001")
    assert (found["2"].state, found["2"].value) == ("unbilled", Decimal("300.00"))
    assert faults(firm, store) == []


@pytest.mark.parametrize("issued", [False, True])
def test_an_entry_before_the_period_is_late_until_the_project_bills_what_is_late(
    firm: Path,
    issued: bool,
) -> None:
    store = memory_store()
    add(firm, "1,2026-07-03,AR,M1,30,,Call", "2,2026-05-29,AR,M1,60,,Draft")
    if issued:
        issue(firm, store)

    assert faults(firm, store) == [("BH559", "time.csv:3")]
    text = (firm / "billhook.toml").read_text()
    (firm / "billhook.toml").write_text(text.replace("[project]", '[project]\nlate = "bill"'))
    assert faults(firm, store) == []
    assert (work(firm, store)["2"].job, work(firm, store)["2"].value) == ("m1", Decimal("300.00"))


def test_an_entry_after_the_period_waits_for_the_next_job(firm: Path) -> None:
    add(firm, "1,2026-08-03,AR,M1,30,,Call")

    assert work(firm)["1"].state == "unbilled"
    assert faults(firm) == []


@pytest.mark.parametrize("matter", ["M2", "m1", "M-1"])
def test_a_matter_without_a_job_or_misspelt_is_found_at_its_first_row(
    firm: Path, matter: str
) -> None:
    add(firm, "1,2026-07-03,AR,M1,30,,Call")
    add(firm, *(f"{n},2026-07-0{n},AR,{matter},60,,Draft" for n in (4, 5)))

    assert faults(firm) == [("BH558", "time.csv:3")]


def test_a_row_without_a_matter_belongs_to_nobody_when_the_job_bills_two(firm: Path) -> None:
    job = firm / "jobs" / "m1.toml"
    job.write_text(job.read_text() + '[legal]\nbill = ["M1", "M2"]\n')
    add(firm, "1,2026-07-03,AR,M1,30,,Call", "2,2026-07-04,AR,,60,,Draft")

    broken = work(firm)["2"]

    assert (broken.subject, broken.state, broken.value) == ("", "unbilled", None)


def test_time_that_is_not_billable_is_nobodys_care(firm: Path) -> None:
    add(firm, "1,2026-07-03,AR,M1,30,no,Lunch", "2,2026-05-03,AR,M2,30,no,Lunch")

    assert {item.state for item in work(firm).values()} == {"excluded"}
    assert faults(firm) == []


def test_work_before_the_project_begins_was_billed_elsewhere(firm: Path) -> None:
    text = (firm / "billhook.toml").read_text()
    (firm / "billhook.toml").write_text(text.replace("[project]", "[project]\nbegins = 2026-07-01"))
    add(firm, "1,2026-06-30,AR,M1,30,,Call", "2,2026-06-30,AR,M2,30,,Call")

    assert {item.state for item in work(firm).values()} == {"elsewhere"}
    assert faults(firm) == []


def test_work_put_aside_is_not_billed_until_it_is_taken_up(firm: Path) -> None:
    store = memory_store()
    add(firm, "1,2026-07-03,AR,M1,30,,Call", "2,2026-07-04,AR,M1,60,,Draft")
    put_aside(store, [work(firm, store)["1"].work], KIM)

    aside = work(firm, store)["1"]
    assert (aside.state, str(aside.reason)) == ("aside", "put aside by kim: the client disputes it")
    issue(firm, store)
    assert {key: item.state for key, item in work(firm, store).items()} == {
        "1": "aside",
        "2": "billed",
    }

    take_up(store, [aside.work], KIM)
    issue(firm, store)
    assert {item.document for item in work(firm, store).values()} == {
        "INV-2026-00001",
        "INV-2026-00002",
    }
    with store.read() as reading:
        kinds = [line.kind for line in reading.audit_entries() if line.kind.startswith("work.")]
    assert kinds == ["work.aside", "work.taken-up"]


def test_a_key_made_of_values_is_put_aside_for_its_own_subject_alone(firm: Path) -> None:
    store = memory_store()
    (firm / "time.csv").write_text("date,timekeeper,minutes,narrative\n2026-07-03,AR,30,Call\n")
    job = (firm / "jobs" / "m1.toml").read_text()
    (firm / "other.csv").write_text((firm / "time.csv").read_text())
    other = job.replace("M1", "M2").replace("alder", "birch").replace("time.csv", "other.csv")
    (firm / "jobs" / "m2.toml").write_text(other)
    project = load_project(firm)
    with store.read() as reading:
        items = find_work(project, draft_all(project, reading), reading)
    put_aside(store, [item.work for item in items if item.subject == "M1"], KIM)

    with store.read() as reading:
        items = find_work(project, draft_all(load_project(firm), reading), reading)

    assert {item.subject: item.state for item in items} == {"M1": "aside", "M2": "unbilled"}


@pytest.mark.parametrize("fault", ["billed", "twice", "no reason", "not allowed", "not aside"])
def test_putting_aside_is_refused_for(firm: Path, fault: str) -> None:
    store = memory_store()
    add(firm, "1,2026-07-03,AR,M1,30,,Call")
    one = [work(firm)["1"].work]
    act, roles = KIM, Roles()
    if fault == "billed":
        issue(firm, store)
    elif fault == "twice":
        put_aside(store, one, KIM)
    elif fault == "no reason":
        act = Actor(by="kim", at=KIM.at)
    elif fault == "not allowed":
        roles = Roles(auditor=frozenset({"kim"}))

    code = {"no reason": "BH507", "not allowed": "BH508"}.get(fault, "BH560")
    with pytest.raises(RefusedError) as refused:
        (take_up if fault == "not aside" else put_aside)(store, one, act, roles=roles)
    assert [each.code for each in refused.value.findings] == [code]


def test_a_correction_frees_work_and_it_is_unbilled_again(firm: Path, billhook) -> None:
    add(firm, "1,2026-07-03,AR,M1,30,,Call")
    assert billhook(firm, "issue", "-y", "--format", "none")[0] == 0
    number = json.loads(billhook(firm, "invoice", "list", "-f", "json")[1])["rows"][0]["number"]
    rebill = ("--rebill", "--reason", "wrong", "-y", "--format", "none", "--date", "2026-08-01")

    assert json.loads(billhook(firm, "status", "-f", "json")[1])["work"]["records"] == 0
    assert billhook(firm, "credit", number, *rebill)[0] == 0
    assert json.loads(billhook(firm, "status", "-f", "json")[1])["work"] == {
        "records": 1,
        "value": {"USD": "150.00"},
        "oldest": "2026-07-03",
        "forgotten": 0,
        "aside": 0,
    }


def test_work_in_the_draft_of_a_run_says_so(firm: Path, billhook) -> None:
    add(firm, "1,2026-07-03,AR,M1,30,,Call")
    assert billhook(firm, "run", "new", "july")[0] == 0

    rows = json.loads(billhook(firm, "unbilled", "-g", "record", "-f", "json")[1])["rows"]

    assert [(row["state"], row["run"], row["value"]) for row in rows] == [
        ("draft", "july", "150.00")
    ]


def test_the_command_lists_by_subject_client_and_age(firm: Path, billhook) -> None:
    add(firm, "1,2026-07-03,AR,M1,30,,Call", "2,2026-05-01,AR,M2,60,,Draft")

    by_age = list(
        csv.DictReader(io.StringIO(billhook(firm, "unbilled", "-g", "age", "-f", "csv")[1]))
    )
    by_client = json.loads(billhook(firm, "unbilled", "-g", "client", "-f", "json")[1])["rows"]

    # on 1 August 2026 the entry of 3 July is 29 days old and that of 1 May 92
    assert [(row["bracket"], row["records"]) for row in by_age] == [
        ("0 to 30 days", "1"),
        ("over 90 days", "1"),
    ]
    assert [(row["customer"], row["oldest"]) for row in by_client] == [
        ("alder", "2026-07-03"),
        ("birch", "2026-05-01"),
    ]


def test_the_command_puts_aside_all_work_of_a_subject_and_takes_it_up(firm: Path, billhook) -> None:
    add(firm, "1,2026-07-03,AR,M2,30,,Call", "2,2026-07-04,AR,M2,60,,Draft")
    words = ("--subject", "M2", "--reason", "pro bono")

    assert "BH558" in billhook(firm, "check")[1]
    assert billhook(firm, "unbilled", "aside", *words)[0] == 0
    assert "BH558" not in billhook(firm, "check")[1]
    log = billhook(firm, "audit", "log", "-f", "json")[1]
    assert log.count("pro bono") == 2
    assert billhook(firm, "unbilled", "take-up", "legal.time:1", *words[2:])[0] == 0
    assert "1 record" in billhook(firm, "check")[1]


@pytest.mark.parametrize("trade", ["legal", "freight", "construction"])
def test_nothing_of_the_examples_is_forgotten(trade: str) -> None:
    items = work(EXAMPLES / trade).values()

    assert [item for item in items if item.fault] == []
    assert [item for item in items if item.state not in {"unbilled", "elsewhere", "excluded"}] == []


def test_the_week_of_the_freight_example_forgets_nobody_whose_job_is_there(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / "freight", tmp_path / "carrier")
    (tmp_path / "carrier" / "jobs" / "kaufbeuren-kw25.toml").unlink()

    # five shipments of account 10060, the first of them in row 14
    assert faults(tmp_path / "carrier") == [("BH558", "records/sendungen-2026-kw25.csv:14")]


@pytest.fixture
def billhook(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    monkeypatch.setenv("BILLHOOK_USER", "kim")
    monkeypatch.setenv("BILLHOOK_NOW", "2026-08-01T09:00:00Z")
    monkeypatch.delenv("BILLHOOK_STORE", raising=False)

    def run(folder: Path, *words: str) -> tuple[int, str]:
        monkeypatch.chdir(folder)
        capsys.readouterr()
        code = main(list(words))
        return code, capsys.readouterr().out

    return run
