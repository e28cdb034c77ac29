"""Shells complete plugins, jobs and formats."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest
from click.shell_completion import ShellComplete

from billhook.cli.app import root
from billhook.plugins.loading import find_installed


@pytest.fixture
def offered(monkeypatch, firm):
    """Return what is offered for the last word, in a project's folder."""

    def complete(*words: str) -> list[str]:
        monkeypatch.chdir(firm)
        shell = ShellComplete(root, {}, "billhook", "_BILLHOOK_COMPLETE")
        found = shell.get_completions(list(words[:-1]), words[-1])
        return [f"<{item.type}>" if item.type != "plain" else item.value for item in found]

    return complete


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["plugin", "info", "l"], ["legal"]),
        (["plugin", "test", "t"], ["tax_table"]),
        (["plugin", "info", "./bill"], ["<file>"]),
        (["init", "--industry", "f"], ["freight"]),
        (["schema", "c"], ["construction", "customer"]),
        (["bill", "jobs/"], ["jobs/first.toml"]),
        (["explain", ""], ["jobs/first.toml"]),
        (["diff", "jobs/first.toml", "j"], ["jobs/first.toml"]),
        (["check", "records/"], ["<file>"]),
        (["plugin", "trace", "j"], ["jobs/first.toml"]),
        (["bill", "-f", "p"], ["pdf"]),
        (["bill", "-f", "pdf,h"], ["pdf,html"]),
        (["bill", "-f", "pdf,p"], []),
        (["expl"], ["explain"]),
    ],
)
def test_words_are_completed(offered, words, expected):
    assert offered(*words) == expected


def test_all_installed_plugins_are_offered(offered):
    assert offered("plugin", "info", "") == sorted(find_installed())


def test_the_way_through_a_shell(firm):
    done = subprocess.run(
        [sys.executable, "-m", "billhook"],
        cwd=firm,
        env={
            **os.environ,
            "_BILLHOOK_COMPLETE": "bash_complete",
            "COMP_WORDS": "billhook plugin info leg",
            "COMP_CWORD": "3",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.split() == ["plain,legal"]


def test_fish_keeps_words_with_commas(billhook):
    script = billhook("completion", "fish").out

    assert 'string split --max 1 "," $completion' in script
    assert 'string split "," ' not in script


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
def test_fish_completes_the_last_of_several_formats(tmp_path):
    program = tmp_path / "billhook"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m billhook "$@"\n')
    program.chmod(0o755)
    code = 'billhook completion fish | source; complete -C "billhook bill --format pdf,ht"'
    path = f"{tmp_path}:{os.environ['PATH']}"
    done = subprocess.run(
        ["fish", "--no-config", "-c", code],
        env={**os.environ, "PATH": path, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.split() == ["pdf,html"]
