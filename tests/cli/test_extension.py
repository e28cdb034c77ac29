"""Plugins' own commands."""

from __future__ import annotations

from pathlib import Path

import pytest

from billhook.cli.app import run

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
