"""``billhook init``: a project that bills something at once."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

import click

from billhook.cli.command import Command
from billhook.cli.commands.trust import trust_written
from billhook.cli.console import Console
from billhook.cli.exits import Exit
from billhook.cli.report import shown
from billhook.cli.shell_completion import complete_trades
from billhook.kernel.diagnostics import did_you_mean
from billhook.project import MARKER
from billhook.sources.atomic_write import write_tree
from billhook.tools.scaffold import Files, demos, plain, skeleton

SOME = 3
"""As many files as a refusal names."""


@click.command(cls=Command)
@click.argument("folder", default=".", type=click.Path(file_okay=False))
@click.option(
    "--industry",
    metavar="NAME",
    help="Set up for one trade: the name of a plugin.",
    shell_complete=complete_trades,
)
@click.option("--demo", is_flag=True, help="Copy the examples of all trades, one folder each.")
@click.pass_obj
def init(console: Console, /, folder: str, industry: str | None, demo: bool) -> Exit:  # noqa: FBT001 - click's signature
    """Create a project in FOLDER, by default here.

    Without options it is a small project with a plugin of its own, in one file, that bills hours.

    Exit code 4: files are there already; nothing is written.
    """
    if demo and industry:
        raise click.UsageError("--demo includes all trades; leave --industry out")
    root = Path(folder)
    files = _demo_files() if demo else _project_files(industry)
    taken = [path for path in files if (root / path).exists()]
    if taken:
        console.warn(_refusal([shown(root / each) for each in taken]))
        return Exit.REFUSED
    write_tree(root, files, last=lambda path: path.name == MARKER)
    trust_written(console, root, (path for path in files if path.suffix == ".py"))
    for path in files:
        console.write(shown(root / path))
    _say_next(console, root, files)
    return Exit.OK


def _refusal(taken: list[str]) -> str:
    more = f" and {len(taken) - SOME} more" if len(taken) > SOME else ""
    there = f"{', '.join(taken[:SOME])}{more}"
    return f"nothing was written: {there} would be overwritten; name another folder"


def _demo_files() -> Files:
    found = demos()
    if not found:
        raise click.UsageError("this installation has no examples")
    return {
        Path(name) / path: data for name, files in found.items() for path, data in files.items()
    }


def _project_files(industry: str | None) -> Files:
    if industry is None:
        return plain()
    examples = demos()
    if industry in examples:
        return examples[industry]
    return _skeleton(industry, known=[*examples])


def _skeleton(name: str, known: list[str]) -> Files:
    from billhook.cli.commands.plugin import one_plugin
    from billhook.plugins.loading import find_installed

    if name not in find_installed():
        hint = did_you_mean(name, {*known, *find_installed()}) or ""
        raise click.UsageError(f"there is no plugin {name!r}; {hint}")
    return skeleton(one_plugin(name))


def _say_next(console: Console, root: Path, files: Files) -> None:
    for project in _projects(root, files):
        where = "" if project == Path() else f" {shlex.quote(shown(project))}"
        console.say(f"next: billhook check{where} && billhook bill{where}")


def _projects(root: Path, files: Files) -> Iterator[Path]:
    return (root / path.parent for path in files if path.name == MARKER)
