"""``billhook plugin``: what is installed, what it does, and whether it keeps its promises."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import attrs
import click

from billhook.cli.command import Command, Lazy, LazyGroup
from billhook.cli.console import Console
from billhook.cli.exits import Exit
from billhook.errors import InputError
from billhook.loading import Plugin, load_file, load_named
from billhook.sources.structure import names

LIST_SCHEMA = "billhook.plugins/1"
INFO_SCHEMA = "billhook.plugin/1"

COMMANDS = {
    "list": Lazy("billhook.cli.plugin:list_", "List the installed plugins."),
    "info": Lazy("billhook.cli.plugin:info", "Describe a plugin."),
    "test": Lazy("billhook.cli.contract:test", "Test a plugin's promises."),
}

_FORMAT = click.option(
    "-f",
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people or for programs.",
)


@click.group(cls=LazyGroup, lazy=COMMANDS)
def plugin() -> None:
    """List, describe and test plugins."""


@click.command("list", cls=Command)
@_FORMAT
@click.pass_obj
def list_(console: Console, /, format_: str) -> Exit:
    """List the installed plugins, without loading any."""
    from billhook.loading import installed

    points = sorted(installed().items())
    rows = [(name, *_distribution(point.dist)) for name, point in points]
    if format_ == "json":
        plugins = [dict(zip(("name", "distribution", "version"), r, strict=True)) for r in rows]
        console.write(json.dumps({"schema": LIST_SCHEMA, "plugins": plugins}, indent=2))
    else:
        from billhook.cli.table import table

        console.write(table(("name", "distribution", "version"), rows))
    return Exit.OK


def _distribution(found: object) -> tuple[str, str]:
    return str(getattr(found, "name", "")), str(getattr(found, "version", ""))


@click.command(cls=Command)
@click.argument("name")
@_FORMAT
@click.pass_obj
def info(console: Console, /, name: str, format_: str) -> Exit:
    """Describe a plugin: hooks, kinds of sources, settings, codes.

    NAME is an installed plugin or a local plugin file.
    """
    tree = _described(one_plugin(name))
    if format_ == "json":
        console.write(json.dumps({"schema": INFO_SCHEMA, **tree}, ensure_ascii=False, indent=2))
    else:
        console.write("\n".join(_lines(tree)))
    return Exit.OK


def one_plugin(name: str) -> Plugin:
    """Return an installed plugin by name, or a local one by its file.

    Raises:
        InputError: It is not there, or cannot be loaded.
    """
    local = name.endswith(".py")
    loaded = load_file(Path(name)) if local else load_named([name])
    if loaded.findings:
        raise InputError(loaded.findings)
    return loaded.plugins[0]


def _described(plugin_: Plugin) -> dict[str, object]:
    facts = plugin_.info
    return {
        "name": facts.name,
        "title": facts.title,
        "version": facts.version,
        "distribution": plugin_.distribution,
        "hooks": sorted(_hooks(plugin_.module)),
        "sources": {kind: _attributes(record) for kind, record in facts.records.items()},
        "settings": _attributes(facts.settings) if facts.settings else [],
        "codes": {code.id: code.title for code in facts.codes},
    }


def _hooks(module: object) -> Iterator[str]:
    for name, value in vars(module).items():
        if name.startswith("billhook_") and hasattr(value, "billhook_impl"):
            yield name


def _attributes(kind: type) -> list[str]:
    """Return the keys of a class; those that may be left out in brackets."""
    needed = {f.name for f in attrs.fields(kind) if f.default is attrs.NOTHING}
    needed -= {"key", "origin"}
    return [name if name in needed else f"[{name}]" for name in names(kind) if name != "origin"]


def _lines(tree: dict[str, object]) -> Iterator[str]:
    yield f"{click.style(str(tree['name']), bold=True)} {tree['version']}  {tree['title']}"
    if tree["distribution"]:
        yield f"from {tree['distribution']}"
    for key in ("hooks", "sources", "settings", "codes"):
        value = tree[key]
        if value:
            yield ""
            yield click.style(f"{key}:", bold=True)
            yield from (f"  {line}" for line in _items(value))


def _items(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            text = ", ".join(item) if isinstance(item, list) else item
            yield f"{key}  {text}"
    elif isinstance(value, list):
        yield from map(str, value)
