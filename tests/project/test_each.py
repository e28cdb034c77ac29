"""Jobs for many: one file for every matter, client or account of a month."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from billhook import Period, load_project
from billhook.cli import main
from billhook.project.each import member_path, split_member
from billhook.sources import file_reading
from billhook.sources.bad_value import BadValueError
from billhook.sources.parsing import parse_period

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
increment = 6
matters = [
    { id = "M1", client = "alder" },
    { id = "M2", client = "birch", locale = "de_DE" },
    { id = "M3", client = "birch" },
]
rates = [{ per_hour = 300 }]
"""
MONTH = """
each = "legal.matter"

[[sources]]
kind = "legal.time"
file = "../time.csv"
"""
CUSTOMER = 'name = "{}"\naddress = {{ city = "Salem", country = "US" }}\n'
HEAD = "key,date,timekeeper,matter,minutes,narrative\n"
ROWS = (
    "1,2026-06-03,AR,M1,60,Call",
    "2,2026-06-04,AR,M2,31,Draft",
    "3,2026-05-29,AR,M2,60,Came in late",
)


@pytest.fixture
def firm(tmp_path: Path) -> Path:
    write = {
        "billhook.toml": PROJECT,
        "jobs/month.toml": MONTH,
        "customers/alder.toml": CUSTOMER.format("Alder"),
        "customers/birch.toml": CUSTOMER.format("Birch"),
        "time.csv": HEAD + "".join(f"{row}\n" for row in ROWS),
    }
    for name, text in write.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.fixture
def billhook(
    firm: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    monkeypatch.setenv("BILLHOOK_USER", "kim")
    monkeypatch.setenv("BILLHOOK_NOW", "2026-07-01T09:00:00Z")
    monkeypatch.delenv("BILLHOOK_STORE", raising=False)
    monkeypatch.chdir(firm)

    def run(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(list(words))
        return code, *capsys.readouterr()

    return run


def edit(firm: Path, name: str, before: str, after: str) -> None:
    text = (firm / name).read_text()
    assert before in text
    (firm / name).write_text(text.replace(before, after))


def rows(billhook, *words: str) -> dict[str, tuple[str, str]]:
    listed = json.loads(billhook(*words, "-f", "json")[1])["rows"]
    return {row["subject"] or row["job"]: (row["state"], row["payable"]) for row in listed}


def test_the_run_of_a_month_drafts_each_matter_and_says_why_one_has_no_bill(billhook) -> None:
    # 60 minutes at 300; 31 minutes are 36 in units of six: 180.00; M3 has nothing
    assert rows(billhook, "run", "new", "2026-06") == {
        "M1": ("draft", "300.00"),
        "M2": ("draft", "180.00"),
        "month@M3": ("empty", "0"),
    }
    notes = json.loads(billhook("run", "show", "2026-06", "-f", "json")[1])["rows"]
    assert "nothing to bill" in notes[2]["note"]


def test_two_months_are_billed_from_one_file_and_what_is_late_by_the_rule(billhook, firm) -> None:
    assert billhook("run", "new", "2026-06")[0] == 0
    assert billhook("run", "issue", "2026-06", "-y", "--format", "none")[0] == 0
    with (firm / "time.csv").open("a") as file:
        file.write("4,2026-07-02,AR,M1,30,July\n")

    assert rows(billhook, "run", "new", "2026-07")["month@M2"] == ("empty", "0")
    edit(firm, "billhook.toml", "[project]", '[project]\nlate = "bill"')
    # the late hour of May comes with July: 300.00
    assert rows(billhook, "run", "new", "2026-07") == {
        "M1": ("draft", "150.00"),
        "M2": ("draft", "300.00"),
        "month@M3": ("empty", "0"),
    }


def test_a_run_gone_on_with_has_the_date_and_period_of_its_name(billhook) -> None:
    billhook("run", "new", "2026-06")
    assert billhook("run", "issue", "2026-06", "-y", "--format", "none")[0] == 0

    listed = json.loads(billhook("invoice", "list", "-f", "json")[1])["rows"]

    assert {row["date"] for row in listed} == {"2026-06-30"}
    assert billhook("run", "issue", "2026-06", "-y", "--format", "none")[0] == 0
    assert len(json.loads(billhook("invoice", "list", "-f", "json")[1])["rows"]) == 2


def test_one_bill_for_each_client_has_all_matters_of_the_client(billhook, firm) -> None:
    edit(firm, "jobs/month.toml", "legal.matter", "legal.client")
    with (firm / "time.csv").open("a") as file:
        file.write("4,2026-06-05,AR,M3,60,Another matter of Birch\n")

    # Birch: 180.00 of M2 and 300.00 of M3
    assert rows(billhook, "run", "new", "2026-06") == {
        "alder": ("draft", "300.00"),
        "birch": ("draft", "480.00"),
    }


def test_the_terms_of_a_customer_stand_over_the_projects_for_every_job(firm) -> None:
    with (firm / "customers" / "birch.toml").open("a") as file:
        file.write("[terms]\nnet_days = 10\n[legal]\nincrement = 15\ndiscount = { percent = 10 }\n")
    project = load_project(firm)
    project.assumed_period = Period(dt.date(2026, 6, 1), dt.date(2026, 6, 30))
    bills = {path.stem: project.job(path) for path in project.jobs()}

    (birch,) = bills["month@M2"].drafts()

    # 31 minutes are 45 in quarters of an hour: 225.00, less 10 % is 202.50
    assert birch.invoice.totals.payable.value == Decimal("202.50")
    assert birch.invoice.terms.due == dt.date(2026, 7, 10)
    assert bills["month@M2"].job.locale == "de_DE"
    assert bills["month@M1"].job.locale == "en_US"
    (alder,) = bills["month@M1"].drafts()
    assert alder.invoice.totals.payable.value == Decimal("300.00")


def test_a_wrong_term_of_a_customer_is_found_in_the_customers_file(billhook, firm) -> None:
    with (firm / "customers" / "birch.toml").open("a") as file:
        file.write("[legal]\nincremnt = 15\n")

    code, out, _ = billhook("check")

    assert code == 1
    assert "customers/birch.toml:4" in out


def test_a_matter_without_a_client_is_found_by_check(billhook, firm) -> None:
    with (firm / "time.csv").open("a") as file:
        file.write("4,2026-06-05,AR,M9,60,Nobody knows this matter\n")

    code, out, _ = billhook("check")

    assert (code, "time.csv:5: warning[BH558]" in out) == (0, True)


def test_commands_take_the_job_of_one_subject_by_its_path(billhook) -> None:
    words = ("--format", "none", "-y", "--period", "2026-06", "--date", "2026-06-30")

    assert "180.00" in billhook("bill", "jobs/month@M2.toml", "-n", "--period", "2026-06")[2]
    assert billhook("issue", "jobs/month@M2.toml", *words)[0] == 0
    assert "1 record" in billhook("unbilled")[1] or billhook("unbilled")[0] == 0
    assert billhook("verify")[0] == 0
    assert billhook("replay", "INV-2026-00001")[0] == 0


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("each", 'subject = "M1"\neach', "BH180"),
        ("each", 'number = "7"\neach', "BH180"),
        ("legal.matter", "legal.matters", "BH181"),
    ],
)
def test_a_job_for_many_that_cannot_be_is_refused_once(billhook, firm, before, after, code) -> None:
    edit(firm, "jobs/month.toml", before, after)

    done, out, _ = billhook("check")

    assert done == 1
    assert out.count(f"error[{code}]") == 1


def test_a_subject_that_is_not_of_the_job_is_refused(firm) -> None:
    loaded = load_project(firm).job(firm / "jobs" / "month@M8.toml", date=dt.date(2026, 6, 30))

    assert "BH183" in {each.code for each in loaded.errors}


def test_the_job_itself_is_not_the_job_of_one(firm) -> None:
    loaded = load_project(firm).job(firm / "jobs" / "month.toml", date=dt.date(2026, 6, 30))

    assert "BH182" in {each.code for each in loaded.errors}


@pytest.mark.parametrize("subject", ["M-1", "2026/114", "a@b", "100 %", "Müller", ".."])
def test_any_subject_may_stand_in_a_path(subject: str, tmp_path: Path) -> None:
    path = member_path(tmp_path / "month.toml", subject)

    assert path.parent == tmp_path
    assert split_member(path) == (tmp_path / "month.toml", subject)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-Q2", (2026, 4, 1), (2026, 6, 30)),
        ("2026-W01", (2025, 12, 29), (2026, 1, 4)),
        ("2026-W23..2026-W26", (2026, 6, 1), (2026, 6, 28)),
        ("2026-01..2026-02", (2026, 1, 1), (2026, 2, 28)),
    ],
)
def test_a_period_is_a_quarter_or_weeks(text, first, last) -> None:
    assert parse_period(text) == Period(dt.date(*first), dt.date(*last))


def test_a_week_that_the_year_does_not_have_is_refused() -> None:
    with pytest.raises(BadValueError):
        parse_period("2026-W54")


def test_a_file_is_read_once_for_all_jobs_of_a_project(
    firm: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = (firm / "jobs" / "month.toml").read_text()
    for number in range(20):
        text = job.replace('each = "legal.matter"', 'subject = "M1"\nbuyer = "alder"')
        (firm / "jobs" / f"job-{number}.toml").write_text(text)
    read: list[str] = []
    parse = file_reading.parse_table

    def counted(data, declaration, *rest):
        read.append(declaration.file)
        return parse(data, declaration, *rest)

    monkeypatch.setattr(file_reading, "parse_table", counted)
    project = load_project(firm)
    jobs = [project.job(path, date=dt.date(2026, 6, 30)) for path in project.jobs()]

    assert len([job.drafts() for job in jobs]) == 20 + 3
    assert read == ["../time.csv"]
