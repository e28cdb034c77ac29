"""The outside plugin on built wheels: what billhook promises to authors it does not know."""

from __future__ import annotations

import shlex

import pytest

from docs.pages import typed
from outside.conftest import PLUGIN

pytestmark = pytest.mark.slow


def test_the_wheels_are_what_is_tested(stranger) -> None:
    done = stranger.run("billhook", "plugin", "list")

    assert "utility" in done.stdout
    assert stranger.package.is_relative_to(stranger.python.parents[1])
    assert not (stranger.folder / "src").exists()


def test_the_wheel_has_rules_catalogues_and_the_mark_of_types(stranger) -> None:
    files = {p.relative_to(stranger.package).as_posix() for p in stranger.package.rglob("*")}
    catalogues = {f"locale/{each}/LC_MESSAGES/billhook_utility.po" for each in ("de", "es", "fr")}

    assert {"rules.toml", "py.typed"} | catalogues <= files


def test_its_own_tests_pass(stranger) -> None:
    done = stranger.run("pytest", "-q", "-p", "no:cacheprovider")

    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout


def test_its_example_is_billed_printed_and_explained(stranger) -> None:
    billed = stranger.run("billhook", "bill", "-f", "pdf,html,json", "-o", "out", "example")
    words = ("example/jobs/quarter-2.toml", "--line", "mill-water-use-2")
    explained = stranger.run("billhook", "explain", *words)
    files = {path.name for path in (stranger.folder / "out").iterdir()}

    assert billed.returncode == 0, billed.stderr
    assert files == {f"SH-2026-{n}.{kind}" for n in (1, 2, 3) for kind in ("pdf", "html", "json")}
    assert "what the meter moved by, past its highest figure" in explained.stdout


def test_its_commands_are_found_by_name(stranger) -> None:
    listed = stranger.run("billhook", "utility", "reads", "example/jobs/quarter-1.toml")
    guessed = stranger.run("billhook", "utility", "estimate", "example/jobs/quarter-1.toml")

    assert "G-2208     2026-03-31  8563" in listed.stdout
    assert guessed.stdout == "date,meter,register,value,kind\n"


def test_every_command_of_its_readme_works(stranger) -> None:
    commands = typed(PLUGIN / "README.md", "billhook")
    codes = {line: stranger.run(*shlex.split(line)).returncode for line in commands}

    assert len(commands) == 4
    assert codes == dict.fromkeys(commands, 0)


def test_the_contract_runs_on_it_from_the_command_line(stranger) -> None:
    done = stranger.run("billhook", "plugin", "test", "utility", "example/jobs/quarter-1.toml")

    assert done.returncode == 0, done.stdout + done.stderr
