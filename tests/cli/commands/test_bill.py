from __future__ import annotations

import io
import json
import os
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest

LEGAL = Path(__file__).parents[3] / "examples" / "legal" / "jobs" / "june@2026-0114.toml"

FAILING = """\
subject = "acme"
buyer = "nobody"
date = 2026-06-30
"""

REFUSING = """

@hookimpl
def billhook_check(job, draft):
    from billhook import Diagnostic

    if job.id == "first":
        yield Diagnostic("OWN101", "the boss says no")
"""

EXPORTING = """

@hookimpl
def billhook_exporters():
    from billhook import Diagnostic, Exporter

    def accepts(document):
        if document.number is None:
            yield Diagnostic("OWN201", "a list takes numbered bills only")

    def write(documents, stream):
        for document in documents:
            for line in document.invoice.lines:
                stream.write(f"{line.id};{line.amount.value}\\n".encode())

    yield Exporter(
        key="list", title="List", media_type="text/plain", suffix=".lst",
        accepts=accepts, write=write
    )
"""


def extend(firm: Path, text: str) -> None:
    plugin = firm / "billfile.py"
    plugin.write_text(plugin.read_text() + text)


def number(firm: Path, value: str, job: str = "first") -> None:
    path = firm / "jobs" / f"{job}.toml"
    path.write_text(f'number = "{value}"\n{path.read_text()}')


def second(firm: Path) -> Path:
    path = firm / "jobs" / "second.toml"
    path.write_text((firm / "jobs" / "first.toml").read_text())
    return path


# ── what is written, and where ───────────────────────────────────────────────


def test_paths_go_to_standard_output_and_talk_to_standard_error(billhook, firm) -> None:
    ran = billhook("bill", "-f", "json,text")

    assert ran.code == 0
    assert ran.out.splitlines() == [
        str(Path("out", "first.json")),
        str(Path("out", "first.txt")),
    ]
    assert ran.err == "first: 3 lines, 690.00 USD\n"
    assert (firm / "out" / "first.txt").read_text(encoding="utf-8")


def test_json_has_a_schema_and_amounts_as_texts(billhook, firm) -> None:
    billhook("bill", "--format", "json")

    tree = json.loads((firm / "out" / "first.json").read_bytes())
    assert tree["schema"] == "billhook.invoice/1"
    assert tree["document"]["invoice"]["totals"]["payable"]["value"] == "690.00"


def test_a_numbered_bill_is_written_under_its_number_made_safe(billhook, firm) -> None:
    number(firm, "2026/031")

    (path,) = billhook("bill", "-f", "json").out.splitlines()

    assert path.startswith(str(Path("out", "2026_031~")))
    assert json.loads((firm / path).read_bytes())["document"]["number"] == "2026/031"


def test_the_folder_can_be_named_and_is_made(billhook, firm, tmp_path) -> None:
    ran = billhook("bill", firm, "-f", "json", "-o", tmp_path / "a b" / "c", cwd=tmp_path)

    assert ran.out.splitlines() == [str(Path("a b", "c", "first.json"))]


def test_the_same_job_gives_the_same_bytes_from_anywhere(billhook, firm, tmp_path) -> None:
    billhook("bill", "-f", "json")
    here = (firm / "out" / "first.json").read_bytes()
    billhook("bill", firm / "jobs" / "first.toml", "-f", "json", cwd=tmp_path)

    assert (firm / "out" / "first.json").read_bytes() == here


def test_a_bill_can_go_to_standard_output(billhook) -> None:
    ran = billhook("bill", "jobs/first.toml", "-f", "json", "-o", "-")

    assert json.loads(ran.out)["schema"] == "billhook.invoice/1"
    assert ran.err == "first: 3 lines, 690.00 USD\n"


def test_standard_output_takes_one_job_in_one_format(billhook, firm) -> None:
    assert billhook("bill", "jobs/first.toml", "-f", "json,text", "-o", "-").code == 2
    second(firm)
    assert billhook("bill", "-f", "json", "-o", "-").code == 2


def test_records_can_come_from_standard_input(
    billhook, firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = firm / "jobs" / "first.toml"
    job.write_text(job.read_text().replace('"../records/hours.csv"', '"-"\nformat = "csv"'))
    data = (firm / "records" / "hours.csv").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    ran = billhook("bill", job, "-f", "json", "-o", "-")

    assert '"file": "standard input"' in ran.out
    assert ran.code == 0


def test_a_dry_run_writes_nothing(billhook, firm) -> None:
    ran = billhook("bill", "-n", "-f", "json")

    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "first: 3 lines, 690.00 USD\ndry run: nothing was written\n"
    assert not (firm / "out").exists()


def test_a_dry_run_says_what_it_leaves_out_and_why(billhook) -> None:
    ran = billhook("bill", "-n", LEGAL)

    # of the matter's own 53 records the bill has 51 lines
    assert ran.err.splitlines()[1:] == [
        (
            "left out: marked as not billable (1 record); 2026-07-01 is outside the period billed "
            "(1 record)"
        ),
        "dry run: nothing was written",
    ]


def test_a_bill_of_nothing_says_why(billhook) -> None:
    ran = billhook("bill", LEGAL, "--period", "2025-03", "-f", "json")

    assert ran.out == ""
    assert "is outside the period billed" in ran.err
    assert re.search(r"; other reasons \(\d+ records\)\n", ran.err)


def test_quiet_leaves_the_paths(billhook) -> None:
    ran = billhook("bill", "-q", "-f", "json")

    assert (ran.out, ran.err) == (f"{Path('out', 'first.json')!s}\n", "")


REMARKING = """

@hookimpl
def billhook_check(job):
    from billhook import Diagnostic, Severity

    yield Diagnostic("MINE1", "all is well", Severity.INFO)
    yield Diagnostic("MINE2", "this needs eyes", Severity.WARNING)
"""


@pytest.mark.parametrize("verb", [("bill", "-f", "json"), ("plugin", "trace")])
def test_quiet_leaves_remarks_out_and_warnings_in(billhook, firm, verb) -> None:
    plugin = firm / "billfile.py"
    plugin.write_text(plugin.read_text() + REMARKING)

    loud = billhook(*verb, "jobs/first.toml")
    quiet = billhook(*verb, "jobs/first.toml", "-q")

    assert ("all is well" in loud.err, "this needs eyes" in loud.err) == (True, True)
    assert ("all is well" in quiet.err, "this needs eyes" in quiet.err) == (False, True)


def test_date_and_period_can_be_given(billhook, firm) -> None:
    billhook("bill", "-f", "json", "--date", "2026-07-02", "--period", "2026-06")

    invoice = json.loads((firm / "out" / "first.json").read_bytes())["document"]["invoice"]
    assert invoice["date"] == "2026-07-02"
    assert invoice["period"] == {"first": "2026-06-01", "last": "2026-06-30"}


@pytest.mark.parametrize("words", [["--date", "30.6.2026"], ["--period", "June"]])
def test_a_date_that_is_none_is_a_usage_error(billhook, words) -> None:
    assert billhook("bill", *words).code == 2


def test_a_period_that_is_none_says_how_one_is_written(billhook) -> None:
    ran = billhook("bill", "--period", "2026")

    words = "write a month (2026-06), a quarter (2026-Q2), a week (2026-W23), or first and last day"
    assert f"{words} (2026-06-01..2026-06-15)" in ran.err


def test_a_folder_that_cannot_be_is_said_without_the_systems_numbers(billhook, firm) -> None:
    (firm / "out").write_text("a file, where the folder should be")

    ran = billhook("bill")

    assert ran.code == 6
    assert ran.err.startswith(f"error: {Path('out')}: file exists\n")


def test_a_full_disk_is_said_by_the_name_of_the_bill(billhook, firm) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "billhook", "bill", "-f", "html"],
        cwd=firm,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)),
        check=False,
    )

    assert ran.returncode == 6
    assert ran.stderr.startswith("error: out/first.html: file too large\n")
    assert [*(firm / "out").iterdir()] == []


# ── formats ──────────────────────────────────────────────────────────────────


def test_every_built_in_format_is_written(billhook, firm) -> None:
    ran = billhook("bill", "-f", "pdf,html,text,json")

    assert ran.code == 0, ran.err
    starts = {path.suffix: path.read_bytes()[:5] for path in (firm / "out").iterdir()}
    assert sorted(starts) == [".html", ".json", ".pdf", ".txt"]
    assert starts[".pdf"] == b"%PDF-"


def test_a_plugins_format_is_one_of_the_formats(billhook, firm) -> None:
    extend(firm, EXPORTING)
    number(firm, "7")

    ran = billhook("bill", "-f", "list")

    assert ran.code == 0
    # 1.5 h, 4 h and 0.25 h at 120 USD/h
    expected = "work-hours:1;180.00\nwork-hours:2;480.00\nwork-hours:3;30.00\n"
    assert (firm / "out" / "7.lst").read_text() == expected


def test_a_format_says_why_it_does_not_take_a_bill_and_nothing_is_written(billhook, firm) -> None:
    extend(firm, EXPORTING)

    ran = billhook("bill", "-f", "json,list")

    assert ran.code == 4
    assert "error[OWN201]: a list takes numbered bills only" in ran.err
    assert not (firm / "out").exists()


def test_an_unknown_format_is_a_usage_error_with_a_hint(billhook) -> None:
    ran = billhook("bill", "-f", "jsn")

    assert (ran.code, "did you mean 'json'?" in ran.err) == (2, True)


# ── failing ──────────────────────────────────────────────────────────────────


def test_a_job_that_fails_does_not_stop_the_others(billhook, firm) -> None:
    (firm / "jobs" / "broken.toml").write_text(FAILING)
    second(firm)

    ran = billhook("bill", "-f", "json")

    assert ran.code == 5
    assert ran.out.splitlines() == [
        str(Path("out", "first.json")),
        str(Path("out", "second.json")),
    ]
    assert "jobs/broken.toml:2:1: error[BH121]" in ran.err.replace(os.sep, "/")
    assert f"{Path('jobs', 'broken.toml')!s}: not billed" in ran.err
    assert "2 bills: 1,380.00 USD" in ran.err
    assert "1 job not billed" in ran.err


def test_an_invalid_job_alone_writes_nothing(billhook, firm) -> None:
    (firm / "jobs" / "first.toml").write_text(FAILING)

    ran = billhook("bill", "-f", "json")

    assert (ran.code, ran.out) == (3, "")
    assert not (firm / "out").exists()


def test_a_bill_that_a_plugin_refuses_has_an_exit_code_of_its_own(billhook, firm) -> None:
    extend(firm, REFUSING)

    ran = billhook("bill", "-f", "json")

    assert ran.code == 4
    assert "error[OWN101]: the boss says no" in ran.err


def test_a_job_with_nothing_to_bill_is_no_failure_but_no_bill(billhook, firm) -> None:
    (firm / "records" / "hours.csv").write_text("key,date,hours,text\n")

    ran = billhook("bill", "-f", "json")

    assert (ran.code, ran.out) == (1, "")
    assert "nothing to bill" in ran.err


def test_two_jobs_of_one_number_are_not_written_over_each_other(billhook, firm) -> None:
    number(firm, "7")
    second(firm)

    ran = billhook("bill", "-f", "json")

    assert ran.code == 5
    assert ran.out.splitlines() == [str(Path("out", "7.json"))]
    assert "error[BH133]: 7.json is already the bill of jobs/first.toml" in ran.err


def test_a_folder_that_cannot_be_written_is_an_outside_failure(billhook, firm) -> None:
    (firm / "out").write_text("a file where the folder should be")

    ran = billhook("bill", "-f", "json")

    assert ran.code == 6
    assert "Traceback" not in ran.err


def test_nothing_named_is_nothing_to_do(billhook) -> None:
    assert billhook("bill", "-f", ",").code == 2


# ── several payers ───────────────────────────────────────────────────────────


def test_a_split_bill_is_a_file_for_each_payer(billhook, split) -> None:
    ran = billhook("bill", "-f", "json")

    assert ran.out.splitlines() == [
        str(Path("out", "first-north.json")),
        str(Path("out", "first-south.json")),
    ]
    # 690.00 USD in parts of 60 and 40 percent
    assert ran.err == (
        "first: 3 lines, 414.00 USD\nfirst: 3 lines, 276.00 USD\n2 bills: 690.00 USD\n"
    )


def test_the_bills_of_a_numbered_split_job_have_numbers_of_their_own(billhook, split) -> None:
    number(split, "7")

    ran = billhook("bill", "-f", "json")

    assert ran.out.splitlines() == [str(Path("out", f"7-{part}.json")) for part in (1, 2)]


@pytest.mark.parametrize(
    ("wrong", "code"), [("[project\n", "BH105"), ('[print]\nlogo = "none.png"\n', "BH602")]
)
def test_what_is_wrong_for_all_jobs_is_said_once(billhook, firm, wrong, code) -> None:
    first = firm / "jobs" / "first.toml"
    (firm / "jobs" / "second.toml").write_text(first.read_text())
    marker = firm / "billhook.toml"
    marker.write_text(f"{marker.read_text()}\n{wrong}")

    ran = billhook("bill")

    assert ran.code in {3, 4}
    assert ran.err.count(code) == 1
    assert "jobs/first.toml: not billed\n" in ran.err
    assert "jobs/second.toml: not billed\n2 jobs not billed\n" in ran.err
