"""``billhook plugin test``: the contract tests, run on a plugin with jobs of one's own."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from billhook.cli.command import Command
from billhook.cli.console import Console
from billhook.cli.exits import Exit
from billhook.cli.plugin import one_plugin
from billhook.cli.targets import targets
from billhook.diagnostics import Findings
from billhook.errors import InputError

if TYPE_CHECKING:
    from billhook.testing.case import Case

TEST = '''\
"""Made by `billhook plugin test`."""

from pathlib import Path

from billhook.cli.contract import cases
from billhook.testing.contract import PluginContract


CASES = tuple(cases({jobs!r}))


class TestContract(PluginContract):
    plugin = {plugin}

    def cases(self):
        return CASES
'''


@click.command(cls=Command)
@click.argument("name")
@click.argument("jobs", nargs=-1, type=click.Path(exists=True))
@click.pass_obj
def test(console: Console, /, name: str, jobs: tuple[str, ...]) -> Exit:
    """Test a plugin's promises: the contract that every plugin must keep.

    NAME is an installed plugin or a local plugin file.  JOBS are jobs or projects that it can work
    out without errors; without any, only its declarations are tested.

    Exit code 1: a promise is broken.
    """
    if importlib.util.find_spec("pytest") is None:
        raise click.UsageError("the contract tests need pytest: pip install pytest")
    one_plugin(name)
    paths = [str(path) for target in targets(jobs) for path in target.jobs] if jobs else []
    if not paths:
        console.say("no jobs were given: only what the plugin declares is tested")
    return Exit.OK if _run(name, paths, console) == 0 else Exit.FINDINGS


def _run(name: str, paths: Sequence[str], console: Console) -> int:
    plugin = f"Path({str(Path(name).absolute())!r})" if name.endswith(".py") else repr(name)
    with tempfile.TemporaryDirectory(prefix="billhook-") as folder:
        file = Path(folder) / "test_contract.py"
        file.write_text(TEST.format(plugin=plugin, jobs=list(paths)), encoding="utf-8")
        words = ["-q", "-p", "no:cacheprovider", "--rootdir", folder, str(file)]
        done = subprocess.run(  # noqa: S603 - our own interpreter and our own file
            [sys.executable, "-m", "pytest", *words],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
    console.write(done.stdout.rstrip())
    if done.stderr:
        console.warn(done.stderr.rstrip())
    return done.returncode


def cases(paths: Sequence[str]) -> Iterator[Case]:
    """Yield jobs with their records, for the contract tests.

    Raises:
        InputError: A job has errors.
    """
    from billhook.testing.case import Case

    for target in targets(paths) if paths else ():
        for path in target.jobs:
            loaded = target.project.job(path)
            findings = Findings(loaded.findings)
            if loaded.job is None:
                raise InputError(findings)
            records = tuple(loaded.engine.read(loaded.job, findings))
            if findings.errors:
                raise InputError(findings)
            yield Case(name=loaded.id, job=loaded.job, records=records, history=loaded.history)
