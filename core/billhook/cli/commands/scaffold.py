"""``billhook plugin new``: a plugin to start from, that bills something at once."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from billhook.cli.command import Command
from billhook.cli.commands.trust import trust_written
from billhook.cli.console import Console
from billhook.cli.exits import Exit
from billhook.cli.local_plugins import open_project
from billhook.cli.report import shown
from billhook.plugins.loading import find_installed
from billhook.sources.atomic_write import write_tree, write_whole
from billhook.tools.scaffold import Files
from billhook.tools.scaffold.author import SETTINGS, plugin_file, plugin_project, wrong_name
from billhook.tools.scaffold.naming import NotNamedError, name_local

LOCAL = "billfile"
"""Name of a local plugin when none is given."""


@click.command(cls=Command)
@click.argument("name", required=False)
@click.argument("folder", required=False, metavar="[DIR]", type=click.Path(file_okay=False))
@click.option("--local", is_flag=True, help="One file in a project, instead of a package.")
@click.pass_obj
def new(console: Console, /, name: str | None, folder: str | None, local: bool) -> Exit:  # noqa: FBT001 - click's signature
    """Write a plugin to start from: NAME is what jobs will call it.

    Without --local it is a Python project in DIR (billhook-NAME) that can be installed, with an
    example and tests.  With --local it is one file, NAME.py (billfile.py), beside the billhook.toml
    of DIR, which then names it.

    Exit code 4: nothing is written, because files are there already, or the project has a local
    plugin.
    """
    if not name and not local:
        raise click.UsageError("give the plugin a name")
    name = LOCAL if name is None else name
    _check_name(name)
    if local:
        return _local(console, name, Path(folder or "."))
    return _project(console, name, Path(folder or f"billhook-{name.replace('_', '-')}"))


def _check_name(name: str) -> None:
    from billhook.cli.app import COMMANDS

    fault = wrong_name(name)
    if fault is not None:
        raise click.UsageError(fault)
    if name in COMMANDS:
        raise click.UsageError(f"{name!r} is a command; a plugin's own are called by its name")
    if name in find_installed():
        raise click.UsageError(f"a plugin {name!r} is installed already")


def _project(console: Console, name: str, root: Path) -> Exit:
    files = plugin_project(name)
    if _refused(console, root, files):
        return Exit.REFUSED
    _write(console, root, files)
    where = shlex.quote(shown(root))
    console.say(f"next: cd {where} && pip install --editable '.[test]' && pytest")
    console.say("then: billhook bill example/june.toml --output out")
    return Exit.OK


def _local(console: Console, name: str, folder: Path) -> Exit:
    project = open_project(folder)
    if not project.exists:
        raise click.UsageError(f"{shown(folder)} is not in a project; billhook init creates one")
    files = {Path(f"{name}.py"): plugin_file(name)}
    if _refused(console, project.folder, files):
        return Exit.REFUSED
    try:
        changed = name_local(project.path.read_bytes(), name, SETTINGS)
    except NotNamedError as error:
        console.warn(f"nothing was written: {shown(project.path)} {error}")
        return Exit.REFUSED
    _write(console, project.folder, files)
    write_whole(project.path, changed)
    trust_written(console, project.folder, files)
    console.write(shown(project.path))
    console.say(f'next: a source of kind = "{name}.work" in a job, with date, hours and text')
    return Exit.OK


def _refused(console: Console, root: Path, files: Files) -> bool:
    taken = [path for path in files if (root / path).exists()]
    if taken:
        console.warn(f"nothing was written: {', '.join(shown(root / each) for each in taken[:3])}")
        console.warn("these files already exist")
    return bool(taken)


def _write(console: Console, root: Path, files: Files) -> None:
    write_tree(root, files)
    for path in files:
        console.write(shown(root / path))
