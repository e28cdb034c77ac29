"""``billhook plugin test``: the contract tests, run on a plugin with jobs of one's own."""

from __future__ import annotations

import importlib.util
import inspect
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import click

from billhook.cli.command import Command
from billhook.cli.commands.plugin import one_plugin
from billhook.cli.console import Console
from billhook.cli.exits import Exit
from billhook.cli.shell_completion import complete_jobs, complete_plugins
from billhook.cli.targets import targets
from billhook.kernel.diagnostics import Findings
from billhook.kernel.errors import InputError
from billhook.plugins.loading import Plugin, find_installed

if TYPE_CHECKING:
    from billhook.testing.case import Case
    from billhook.testing.contract import PluginContract

TEST = '''\
"""Made by `billhook plugin test`."""

from pathlib import Path

from billhook.cli.commands.contract import cases, contract_in
from billhook.testing.contract import PluginContract


OWN = contract_in({file!r})
CASES = tuple(cases({jobs!r}))


class TestContract(OWN or PluginContract):
    plugin = {plugin}
    beside = OWN.beside if OWN else {beside}
    errors = OWN.errors if OWN else None

    def cases(self):
        yield from super().cases() if OWN else ()
        yield from CASES
'''


@click.command(cls=Command)
@click.argument("name", shell_complete=complete_plugins)
@click.argument("jobs", nargs=-1, type=click.Path(exists=True), shell_complete=complete_jobs)
@click.option(
    "--job",
    "more",
    multiple=True,
    type=click.Path(exists=True),
    shell_complete=complete_jobs,
    help="The same as JOBS; may be repeated.",
)
@click.option(
    "--cases",
    "file",
    type=click.Path(exists=True, dir_okay=False),
    help="Test file of the plugin: the cases of the PluginContract in it.",
)
@click.pass_obj
def test(
    console: Console,
    /,
    name: str,
    jobs: tuple[str, ...],
    more: tuple[str, ...],
    file: str | None,
) -> Exit:
    """Run the contract tests that every plugin must pass.

    NAME is an installed plugin or a local plugin file.  JOBS are jobs or projects that it can work
    out without errors, together with the other plugins that they name; without any, and without
    --cases, only its declarations are tested.

    Exit code 1: a test failed.
    """
    if importlib.util.find_spec("pytest") is None:
        raise click.UsageError("the contract tests need pytest: pip install pytest")
    one_plugin(name)
    if file is not None:
        contract_in(file)
    jobs = (*jobs, *more)
    paths = [str(path) for target in targets(jobs) for path in target.jobs] if jobs else []
    if not paths and file is None:
        console.say("no jobs were given: only what the plugin declares is tested")
    return Exit.OK if _run(name, paths, file, console) == 0 else Exit.FINDINGS


def _run(name: str, paths: Sequence[str], file: str | None, console: Console) -> int:
    own = None if file is None else str(Path(file).absolute())
    with tempfile.TemporaryDirectory(prefix="billhook-") as folder:
        made = Path(folder) / "test_contract.py"
        text = TEST.format(
            plugin=_to_literal(name), beside=_tuple(others(name, paths)), jobs=list(paths), file=own
        )
        made.write_text(text, encoding="utf-8")
        words = ["-q", "-rs", "-p", "no:cacheprovider", "--rootdir", folder, str(made)]
        done = subprocess.run(  # noqa: S603 - our own interpreter and our own file
            [sys.executable, "-P", "-m", "pytest", *words],  # -P: no module of this folder
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
    console.write(done.stdout.rstrip())
    if done.stderr:
        console.warn(done.stderr.rstrip())
    return done.returncode


def _to_literal(name: str) -> str:
    """Return the Python for a plugin's name, or for its file's path."""
    return f"Path({str(Path(name).absolute())!r})" if name.endswith(".py") else repr(name)


def _tuple(names: Sequence[str]) -> str:
    return f"({''.join(f'{_to_literal(name)}, ' for name in names)})"


def others(name: str, paths: Sequence[str]) -> list[str]:
    """Return the plugins of jobs that are not the tested one: names, and paths of local files."""
    tested = one_plugin(name).name
    found: dict[str, None] = {}
    for target in targets(paths) if paths else ():
        for path in target.jobs:
            for each in target.project.job(path).engine.plugins:
                if each.name not in {tested, "tax_table"}:
                    found[_place(each)] = None
    return list(found)


def _place(plugin: Plugin) -> str:
    """Return what a plugin is loaded by: its name, or its file when it is a local one."""
    if plugin.name not in find_installed() and isinstance(plugin.module, ModuleType):
        return inspect.getfile(plugin.module)
    return plugin.name


def contract_in(file: str | None) -> type[PluginContract] | None:
    """Return the contract class of a plugin's test file, whose cases are to be used.

    Raises:
        click.UsageError: The file cannot be run, or has not exactly one.
    """
    from billhook.testing.contract import PluginContract

    if file is None:
        return None
    module = _module(Path(file))
    found = [
        each
        for each in vars(module).values()
        if isinstance(each, type)
        and issubclass(each, PluginContract)
        and each.__module__ == module.__name__
    ]
    if len(found) != 1:
        message = f"{file!r} has {len(found)} subclasses of PluginContract, expected 1"
        raise click.UsageError(message)
    return found[0]


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"billhook_cases_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise click.UsageError(f"{str(path)!r} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    sys.path.insert(0, str(path.absolute().parent))
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise click.UsageError(f"{str(path)!r} cannot be run: {error}") from error
    finally:
        sys.path.pop(0)
    return module


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
