from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

import billhook.cli
from billhook.cli import main
from billhook.cli.commands.help import known_codes
from billhook.plugins.loading import find_installed, load_named


def test_a_code_is_explained(billhook) -> None:
    ran = billhook("help", "bh103")

    assert ran.code == 0
    assert ran.out.startswith("BH103: Unknown key\n\n")


def test_a_plugins_code_is_explained_too(billhook) -> None:
    assert billhook("help", "TAX101").out.startswith("TAX101: ")


def test_an_unknown_code_is_a_usage_error(billhook) -> None:
    assert billhook("help", "BH999").code == 2


def test_help_of_a_command_is_that_of_the_command(billhook) -> None:
    assert billhook("help", "plugin", "info").out == billhook("plugin", "info", "--help").out
    assert billhook("help").out == billhook().out
    assert billhook("help", "nothing").code == 2


def test_codes_are_unique_titled_and_explained() -> None:
    codes = [*known_codes("BH"), *known_codes("X")]
    ids = [code.id for code in codes]

    assert len(ids) == len(set(ids))
    assert [code.id for code in codes if not (code.title and code.help.endswith("."))] == []
    assert {p.info.prefix for p in load_named(find_installed()).plugins} <= {
        i.rstrip("0123456789") for i in ids
    }


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_the_shells_script(billhook, shell) -> None:
    ran = billhook("completion", shell)

    assert ran.code == 0
    assert "_BILLHOOK_COMPLETE" in ran.out


def test_the_bash_script_is_valid(billhook) -> None:
    script = billhook("completion", "bash").out

    assert subprocess.run(["bash", "-n"], input=script, text=True, check=False).returncode == 0


def test_the_help_of_completion_has_a_line_for_each_shell(billhook) -> None:
    lines = billhook("completion", "--help").out.splitlines()

    assert [line.split()[0] for line in lines if "billhook completion" in line][1:] == [
        "bash:",
        "zsh:",
        "fish:",
    ]


def test_completion_completes(monkeypatch, capsys) -> None:
    monkeypatch.setenv("_BILLHOOK_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "billhook ex")
    monkeypatch.setenv("COMP_CWORD", "1")

    assert main([]) == 0
    assert capsys.readouterr().out == "plain,explain\n"


def test_text_or_json_is_one_option_for_all_commands() -> None:
    folder = Path(billhook.cli.__file__).parent
    with_it = [
        path.name
        for path in sorted(folder.glob("*.py"))
        if 'Choice(["text", "json"])' in path.read_text(encoding="utf-8")
    ]

    assert with_it == ["options.py"]
