"""``billhook plugin new``: names, files, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

import billhook
from billhook.tools.scaffold.author import LONGEST, plugin_project, wrong_name
from billhook.tools.scaffold.naming import NotNamedError, name_local

# ── names ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["lessons", "day_rates", "a", "route66", "x" * LONGEST])
def test_a_plain_word_is_a_name(name):
    assert wrong_name(name) is None


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Café Bar", "'cafe_bar' would do"),
        ("day-rates", "'day_rates' would do"),
        ("_x", "'x' would do"),
        ("x__y", "'x_y' would do"),
        ("2024", "is not a valid name"),
        ("", "is not a valid name"),
        ("../up", "'up' would do"),
        ("日本", "is not a valid name"),
        ("x" * (LONGEST + 1), "is longer than"),
        ("class", "means something else already"),
        ("seller", "means something else already"),
        ("sources", "means something else already"),
        ("core", "means something else already"),
        ("project", "means something else already"),
    ],
)
def test_what_is_no_name_is_told_with_what_would_be(name, hint):
    assert hint in str(wrong_name(name))


@given(st.text(max_size=50))
def test_whatever_is_a_name_is_a_word_of_python_and_of_toml(name):
    if wrong_name(name) is None:
        assert name.isidentifier()
        assert tomli.loads(f"[{name}]\nx = 1\n") == {name: {"x": 1}}


# ── files ────────────────────────────────────────────────────────────────────


def test_the_project_has_eight_files_and_no_word_of_the_template():
    files = plugin_project("lessons")

    assert sorted(path.as_posix() for path in files) == [
        ".gitignore",
        "README.md",
        "billhook_lessons.py",
        "example/june.toml",
        "example/work.csv",
        "pyproject.toml",
        "tests/golden/june/expected.txt",
        "tests/test_lessons.py",
    ]
    assert not any(b"acme" in data for data in files.values())


def test_the_plugin_is_short():
    text = plugin_project("lessons")[Path("billhook_lessons.py")].decode()
    body = text.partition("@attrs")[2].splitlines()
    code = [line for line in body if line.strip() and not line.strip().startswith(('"""', "@"))]

    assert len(code) <= 34


def test_the_project_asks_for_this_billhook_or_later():
    project = tomli.loads(plugin_project("lessons")[Path("pyproject.toml")].decode())["project"]
    major, minor, *_ = billhook.__version__.split(".")

    assert project["dependencies"] == [f"billhook>={major}.{minor}"]


def test_it_is_written_into_a_folder_of_its_own(run_cli, tmp_path):
    ran = run_cli("plugin", "new", "day_rates")

    assert ran.ok
    assert (tmp_path / "billhook-day-rates" / "billhook_day_rates.py").is_file()
    assert "billhook-day-rates/pyproject.toml" in ran.out.split()


def test_nothing_is_overwritten(run_cli, tmp_path):
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "README.md").write_text("mine")

    ran = run_cli("plugin", "new", "lessons", "here")

    assert (ran.code, "nothing was written" in ran.err) == (4, True)
    assert [path.name for path in (tmp_path / "here").iterdir()] == ["README.md"]
    assert (tmp_path / "here" / "README.md").read_text() == "mine"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["Lessons"], "'lessons' would do"),
        (["legal"], "is installed already"),
        (["explain"], "is a command"),
        ([], "give the plugin a name"),
        ([""], "give the plugin a name"),
        (["", "--local"], "is not a valid name"),
        (["lessons", "--local"], "is not in a project"),
    ],
)
def test_what_cannot_be_is_a_wrong_use(run_cli, words, expected):
    ran = run_cli("plugin", "new", *words)

    assert (ran.code, expected in ran.err) == (2, True)


# ── local ────────────────────────────────────────────────────────────────────


def without_plugin(firm: Path) -> None:
    text = (firm / "billhook.toml").read_text()
    head, _, _ = text.partition("\n[billfile]")
    (firm / "billhook.toml").write_text(head.replace('local = "billfile.py"\n', ""))
    (firm / "billfile.py").unlink()


def test_a_local_plugin_is_named_by_the_project_and_bills_at_once(run_cli, firm):
    without_plugin(firm)
    ran = run_cli("plugin", "new", "--local")
    job = firm / "jobs" / "first.toml"
    job.write_text(job.read_text().replace('"hours"', '"billfile.work"'))
    bill = run_cli("bill", "--dry-run")

    assert ran.out.split() == ["billfile.py", "billhook.toml"]
    # (1.5 + 4 + 0.25) h × 120
    assert "3 lines, 690.00 USD" in bill.err


def test_a_project_keeps_the_local_plugin_it_has(run_cli, firm):
    before = (firm / "billhook.toml").read_bytes()
    ran = run_cli("plugin", "new", "other", "--local")

    assert ran.code == 4
    assert "billhook.toml names 'billfile.py' already; a project has one" in ran.err
    assert (firm / "billhook.toml").read_bytes() == before
    assert not (firm / "other.py").exists()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[project]\na = 1\n", '[project]\nlocal = "x.py"\na = 1\n\n[x]\np = 1\n'),
        ("[project] # mine\n", '[project] # mine\nlocal = "x.py"\n\n[x]\np = 1\n'),
        ("", '[project]\nlocal = "x.py"\n\n[x]\np = 1\n'),
        ("[a]\n[ project ]", '[a]\n[ project ]\nlocal = "x.py"\n\n[x]\np = 1\n'),
        ("[project]\r\na = 1\r\n", '[project]\r\nlocal = "x.py"\r\na = 1\r\n\r\n[x]\r\np = 1\r\n'),
        ("# first\n[a]\n", '[project]\nlocal = "x.py"\n\n# first\n[a]\n\n[x]\np = 1\n'),
    ],
)
def test_the_project_file_is_left_as_it_is_but_for_the_name(before, after):
    assert name_local(before.encode(), "x", "p = 1") == after.encode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[project]\nlocal = "y.py"\n', "names 'y.py' already"),
        ("[x]\n", r"has a table \[x\] already"),
        ("project.a = 1\n", "is written unusually"),
        ('a = """\n[project]\n"""\n', "is written unusually"),
        ("[project", "cannot be read"),
        ("\xff", "cannot be read"),
    ],
)
def test_a_project_file_that_is_not_understood_is_not_changed(text, expected):
    with pytest.raises(NotNamedError, match=expected):
        name_local(text.encode("latin-1"), "x", "p = 1")
