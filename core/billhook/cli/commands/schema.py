"""``billhook schema``: JSON Schemas, so that editors complete and check the files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from billhook.cli.command import Command
from billhook.cli.console import Console
from billhook.cli.exits import Exit
from billhook.cli.local_plugins import open_project
from billhook.cli.report import shown, to_text
from billhook.cli.shell_completion import complete_schemas
from billhook.plugins.loading import Plugin, find_installed, load_named
from billhook.project import MARKER, Project
from billhook.sources.atomic_write import write_whole
from billhook.tools.schema import (
    customer_schema,
    job_schema,
    project_schema,
    settings_schema,
    subject_schema,
)
from billhook.tools.schema.types import Schema

FOLDER = "schemas"
EDITOR = ".taplo.toml"
RULES = {
    "project": f"**/{MARKER}",
    "job": "**/jobs/*.toml",
    "customer": "**/customers/*.toml",
    "subject": "**/subjects/*.toml",
}
"""Which schema is for which files."""

_HEAD = "# Tells editors which schema is for which file; made by `billhook schema --write`.\n"


@click.command(cls=Command)
@click.argument("name", default="project", shell_complete=complete_schemas)
@click.option("--write", is_flag=True, help="Write all of them into the project, for editors.")
@click.pass_obj
def schema(console: Console, /, name: str, write: bool) -> Exit:  # noqa: FBT001 - click's signature
    """Print the JSON Schema of a file, so that editors complete and check it.

    NAME is project (billhook.toml), job, customer, subject, or a plugin, whose table it is then.
    Tables and words of all installed plugins are in it, and those of the project's own plugin.

    With --write the schemas go into the project's folder schemas, and a file .taplo.toml tells
    Even Better TOML and Taplo which is for what.  Do it again when a plugin changes.
    """
    project = open_project(Path())
    if write:
        _write(project, console)
        return Exit.OK
    console.write(_text(_schema(name, project, console)))
    return Exit.OK


def _schema(name: str, project: Project, console: Console) -> Schema:
    if name == "customer":
        return customer_schema(_plugins(project, console))
    if name == "subject":
        return subject_schema(_plugins(project, console))
    if name == "project":
        return project_schema(_plugins(project, console))
    if name == "job":
        return job_schema(_plugins(project, console))
    return _settings(name, project)


def _settings(name: str, project: Project) -> Schema:
    from billhook.cli.commands.plugin import one_plugin

    local = project.table.local
    plugin = one_plugin(str(local) if local is not None and local.stem == name else name)
    if plugin.info.settings is None:
        raise click.UsageError(f"plugin {name!r} takes no settings")
    return settings_schema(plugin)


def _plugins(project: Project, console: Console) -> Sequence[Plugin]:
    """Return the installed plugins and the project's own; a broken one is said and left out."""
    loaded = load_named(sorted(find_installed()))
    own = project.engine(())
    for finding in (*loaded.findings, *own.findings):
        console.warn(to_text([finding]))
    names = {plugin.name for plugin in loaded.plugins}
    return (*loaded.plugins, *(plugin for plugin in own.plugins if plugin.name not in names))


def _text(schema: Schema) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=2)


# ── for editors ──────────────────────────────────────────────────────────────


def _write(project: Project, console: Console) -> None:
    if not project.exists:
        raise click.UsageError("there is no project here; billhook init creates one")
    folder = project.folder / FOLDER
    folder.mkdir(exist_ok=True)
    for name in RULES:
        path = folder / f"{name}.json"
        write_whole(path, (_text(_schema(name, project, console)) + "\n").encode())
        console.write(shown(path))
    _write_rules(project.folder / EDITOR, console)


def _write_rules(path: Path, console: Console) -> None:
    text = _HEAD + "".join(_rules())
    if path.exists() and not path.read_text(encoding="utf-8").startswith(_HEAD):
        console.say(f"{shown(path)} is your own file and was not changed; add these rules to it:")
        console.say(text)
        return
    write_whole(path, text.encode())
    console.write(shown(path))


def _rules() -> Iterator[str]:
    for name, files in RULES.items():
        yield f'\n[[rule]]\ninclude = ["{files}"]\n\n'
        yield f'[rule.schema]\nenabled = true\npath = "{FOLDER}/{name}.json"\n'
