from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def broken(firm: Path) -> Path:
    """A project with a mistake in each of its files."""
    shutil.copytree(HERE / "broken", firm, dirs_exist_ok=True)
    return firm


def test_a_project_without_mistakes_is_quiet(billhook) -> None:
    ran = billhook("check")

    assert (ran.code, ran.out, ran.err) == (0, "", "1 job checked: nothing found\n")


def test_everything_wrong_with_a_project_is_said_at_once(billhook, firm, golden) -> None:
    broken(firm)

    ran = billhook("check")

    golden.check(HERE / "broken.expected.txt", ran.out)
    assert ran.code == 1


def test_the_same_is_found_from_any_folder_with_paths_from_there(billhook, firm, tmp_path) -> None:
    broken(firm)
    here, there = billhook("check"), billhook("check", "my firm", cwd=tmp_path)

    assert [line for line in there.out.splitlines() if "[BH" in line] == [
        f"my firm/{line}" for line in here.out.splitlines() if "[BH" in line
    ]


def test_findings_as_json_have_a_schema_and_places(billhook, firm) -> None:
    broken(firm)

    tree = json.loads(billhook("check", "--format", "json").out)

    assert tree["schema"] == "billhook.findings/1"
    assert tree["errors"] == len([f for f in tree["findings"] if f["severity"] == "error"]) > 0
    assert {
        "code": "BH121",
        "severity": "error",
        "message": "there is no customer 'acne'",
        "file": "jobs/third.toml",
        "line": 2,
        "column": 1,
        "path": "buyer",
        "hint": "did you mean 'acme'?",
    } in tree["findings"]


def test_without_findings_json_is_still_json(billhook) -> None:
    tree = json.loads(billhook("check", "-f", "json").out)

    assert tree == {"schema": "billhook.findings/1", "errors": 0, "warnings": 0, "findings": []}


def test_findings_for_a_code_host_are_one_line_each(billhook, firm) -> None:
    broken(firm)

    lines = billhook("check", "-f", "github").out.splitlines()

    assert (
        "::error file=jobs/third.toml,line=2,col=1,title=BH121::"
        "there is no customer 'acne' (did you mean 'acme'?)"
    ) in lines
    assert all(line.startswith("::") for line in lines)


def test_signs_that_would_end_an_annotation_are_escaped(billhook, firm) -> None:
    (firm / "jobs" / "a,b.toml").write_text("x = 1\n")

    assert "file=jobs/a%2Cb.toml" in billhook("check", "-f", "github").out


def test_one_job_can_be_checked_alone(billhook, firm) -> None:
    (firm / "jobs" / "second.toml").write_text("x")

    ran = billhook("check", "jobs/first.toml")

    assert ran.code == 0


def test_a_file_of_records_means_the_jobs_that_read_it(billhook, firm) -> None:
    (firm / "records" / "hours.csv").write_text("key,date,hours,text\n1,2026-06-02,x,Planning\n")

    ran = billhook("check", "records/hours.csv")

    assert ran.code == 1
    assert "records/hours.csv:2:14: error[BH106]" in ran.out


def test_a_file_that_no_job_reads_is_a_usage_error(billhook, firm) -> None:
    (firm / "other.csv").write_text("a\n")

    assert billhook("check", "other.csv").code == 2


def test_a_path_that_is_not_there_is_a_usage_error(billhook) -> None:
    ran = billhook("check", "nowhere")

    assert ran.code == 2
    assert "there is no file or folder 'nowhere'" in ran.err


def test_a_folder_of_projects_checks_each(billhook, firm, tmp_path) -> None:
    shutil.copytree(firm, tmp_path / "other")
    broken(firm)

    ran = billhook("check", tmp_path, cwd=tmp_path)

    assert ran.code == 1
    assert ran.err.startswith("4 jobs checked")


def test_where_there_is_no_project_init_is_named(billhook, tmp_path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()

    for words in (["check"], ["check", "."], ["bill"]):
        ran = billhook(*words, cwd=empty)
        assert (ran.code, "billhook init" in ran.err) == (2, True)


def test_a_project_without_jobs_is_a_warning(billhook, firm) -> None:
    shutil.rmtree(firm / "jobs")

    ran = billhook("check")

    assert (ran.code, "warning[BH132]" in ran.out) == (0, True)


def test_warnings_can_count_as_errors(billhook, firm) -> None:
    (firm / "records" / "hours.csv").write_text("key,date,hours,text\n")

    assert billhook("check").code == 0
    assert billhook("check", "--strict").code == 1


def test_a_customer_alone_can_be_checked(billhook, firm) -> None:
    (firm / "customers" / "acme.toml").write_text("name = 1\n")

    ran = billhook("check", "customers/acme.toml")

    assert ran.code == 1
    assert "customers/acme.toml:1:1" in ran.out


def test_a_finding_of_the_project_is_said_once_for_all_jobs(billhook, firm) -> None:
    (firm / "jobs" / "second.toml").write_text((firm / "jobs" / "first.toml").read_text())
    text = (firm / "billhook.toml").read_text().replace("net_days = 30", "net_days = true")
    (firm / "billhook.toml").write_text(text)

    ran = billhook("check")

    assert ran.out.count("error[") == 1


def test_a_plugin_that_breaks_is_a_finding_and_debug_shows_where(billhook, firm) -> None:
    text = (firm / "billfile.py").read_text().replace("hours = given(", "hours = 1 / 0, given(")
    (firm / "billfile.py").write_text(text)

    ran = billhook("check")

    assert ran.code == 1
    assert "plugin 'billfile' failed in billhook_rate: ZeroDivisionError: division by z" in ran.out
    assert "Traceback" not in ran.err


def test_two_jobs_with_one_number_are_found_before_they_are_billed(billhook, firm) -> None:
    first = firm / "jobs" / "first.toml"
    first.write_text(f'number = "7"\n{first.read_text()}')
    (firm / "jobs" / "second.toml").write_text(first.read_text())

    ran = billhook("check")

    assert ran.code == 1
    number = "error[BH133]: '7' is already the number of jobs/first.toml  (number)"
    assert ran.out.startswith(f"jobs/second.toml:1:1: {number}\n")


# ── what printing needs ──────────────────────────────────────────────────────


def looks(firm, table: str, **files: bytes) -> None:
    marker = firm / "billhook.toml"
    marker.write_text(f"{marker.read_text()}\n[print]\n{table}\n")
    for name, data in files.items():
        (firm / name).write_bytes(data)


@pytest.mark.parametrize(
    ("table", "files", "expected"),
    [
        (
            'logo = "logo.png"',
            {},
            "error[BH602]: the logo 'logo.png' cannot be read: no such file or directory",
        ),
        (
            'logo = "logo"',
            {"logo": b"GIF89a"},
            "BH602]: the logo 'logo' cannot be used: the picture is neither PNG, JPEG nor SVG",
        ),
        (
            'logo = "logo"',
            {"logo": b"\x89PNG\r\n\x1a\n cut off"},
            "BH602]: the logo 'logo' cannot be used: the picture is damaged: its end is missing",
        ),
        (
            'fonts = ["one"]',
            {"one": b"no font"},
            "error[BH605]: the font 'one' cannot be used: not a TrueType or OpenType file",
        ),
        (
            'theme_file = "ours.toml"',
            {},
            "error[BH603]: the theme 'ours.toml' cannot be read: no such file or directory",
        ),
    ],
)
def test_what_a_page_lacks_is_found_at_its_key_before_anything_is_printed(
    billhook, firm, table, files, expected
) -> None:
    looks(firm, table, **files)
    number = len((firm / "billhook.toml").read_text().splitlines())

    checked = billhook("check")
    billed = billhook("bill")

    place = f"billhook.toml:{number}:"
    assert (checked.code, billed.code) == (1, 4)
    assert (expected in checked.out, expected in billed.err) == (True, True)
    assert (checked.out.startswith(place), billed.err.startswith(place)) == (True, True)
    assert f" | {table}\n" in checked.out
    assert not (firm / "out").exists()


def test_a_character_that_no_font_has_is_found_at_its_record(billhook, firm) -> None:
    records = firm / "records" / "hours.csv"
    records.write_text(records.read_text().replace("Workshop", "会議"))

    ran = billhook("check")

    assert ran.code == 1
    assert "records/hours.csv:3" in ran.out
    assert "error[BH601]: no font has '会議' (U+4F1A, U+8B70) of '会議'" in ran.out


def test_bills_that_are_never_printed_need_no_fonts(billhook, firm) -> None:
    marker = firm / "billhook.toml"
    marker.write_text(marker.read_text().replace("en_US", "ja_JP"))

    printed, unprinted = billhook("check"), billhook("check", "--no-print")

    assert (printed.code, unprinted.code) == (1, 0)
    assert printed.out.count("BH601") == 1


def test_a_plugin_that_breaks_when_it_shows_a_bill_is_a_finding(billhook, firm) -> None:
    plugin = firm / "billfile.py"
    plugin.write_text(
        f"{plugin.read_text()}\n\n@hookimpl\ndef billhook_sections(document):\n    1 / 0\n"
    )

    ran = billhook("check")

    assert (ran.code, "error[BH209]" in ran.out, "billfile.py" in ran.out) == (1, True, True)


def test_a_number_given_twice_is_found_at_its_key(billhook, firm) -> None:
    first = firm / "jobs" / "first.toml"
    first.write_text(f'number = "A-1"\n{first.read_text()}')
    (firm / "jobs" / "second.toml").write_text(f"# again\n{first.read_text()}")

    ran = billhook("check")

    assert "jobs/second.toml:2:1: error[BH133]: 'A-1' is already the number of" in ran.out


def test_a_folder_of_projects_is_checked_from_inside_as_from_outside(billhook, firm) -> None:
    shutil.copytree(firm, firm.parent / "all" / "one")
    shutil.copytree(firm, firm.parent / "all" / "two")

    inside = billhook("check", cwd=firm.parent / "all")
    outside = billhook("check", "all", cwd=firm.parent)

    assert (inside.code, inside.err) == (0, "2 jobs checked: nothing found\n")
    assert inside == outside
