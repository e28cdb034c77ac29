"""Plugins' own commands."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from billhook.cli.app import root, run

PLUGIN = """
import click
from billhook import hookimpl

@hookimpl
def billhook_commands(cli, app):
    @cli.group("acme")
    def acme():
        "Commands of Acme."

    @acme.command()
    @click.argument("code", default="")
    def look(code):
        "Look at something."
        app.write("data")
        if code:
            app.findings.error(code, "something is wrong", hint="mend it")
        else:
            app.findings.warning("ACM102", "something is odd")
"""


@pytest.fixture
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed plugin with commands."""
    (tmp_path / "acme_plugin.py").write_text(PLUGIN)
    info = tmp_path / "acme-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[billhook]\nacme = acme_plugin\n")
    monkeypatch.syspath_prepend(tmp_path)


@pytest.mark.usefixtures("acme")
def test_a_plugins_command_runs_and_its_warning_is_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["acme", "look"]) == 0
    shown = capsys.readouterr()

    assert (shown.out, "warning[ACM102]: something is odd" in shown.err) == ("data\n", True)


@pytest.mark.usefixtures("acme")
def test_an_error_that_a_plugins_command_found_is_its_exit_code(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["acme", "look", "ACM101"]) == 1
    assert "error[ACM101]: something is wrong" in capsys.readouterr().err


@pytest.mark.usefixtures("acme")
def test_a_plugins_group_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["acme", "--help"]) == 0
    assert "Look at something." in capsys.readouterr().out


@pytest.mark.usefixtures("acme")
def test_a_plugins_group_stands_in_the_help_of_billhook(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["--help"]) == 0
    plugins = capsys.readouterr().out.partition("Plugins:\n")[2]

    assert "acme  Commands of Acme." in plugins


@pytest.mark.usefixtures("acme")
def test_a_plugins_group_is_completed_and_guessed(capsys: pytest.CaptureFixture[str]) -> None:
    completion = ShellComplete(root, {}, "billhook", "_BILLHOOK_COMPLETE")
    found = [item.value for item in completion.get_completions([], "ac")]

    assert found == ["acme"]
    assert run(["acne"]) == 2
    assert "Did you mean 'acme'?" in capsys.readouterr().err


@pytest.mark.usefixtures("acme")
def test_a_plugin_that_cannot_be_loaded_leaves_the_help_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, "acme_plugin", raising=False)
    (tmp_path / "acme_plugin.py").write_text("1 / 0  # billhook_commands")

    assert run(["--help"]) == 0
    assert "Cannot be loaded; see billhook plugin info acme." in capsys.readouterr().out
