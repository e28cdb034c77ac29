"""``billhook plugin``: what is installed, what it does, and whether it keeps its promises."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from billhook.cli.command import Command, Lazy, LazyGroup
from billhook.cli.console import Console
from billhook.cli.exits import Exit
from billhook.cli.local_plugins import approval
from billhook.cli.options import text_or_json
from billhook.cli.shell_completion import complete_plugins
from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.errors import InputError
from billhook.plugins.loading import Plugin, load_file, load_named

LIST_SCHEMA = "billhook.plugins/1"

COMMANDS = {
    "new": Lazy("billhook.cli.commands.scaffold:new", "Write a plugin to start from."),
    "list": Lazy("billhook.cli.commands.plugin:list_", "List the installed plugins."),
    "info": Lazy("billhook.cli.commands.plugin:info", "Describe a plugin."),
    "test": Lazy("billhook.cli.commands.contract:test", "Run the contract tests on a plugin."),
    "trace": Lazy("billhook.cli.commands.trace:trace", "Show every hook call of a bill."),
    "catalogs": Lazy(
        "billhook.cli.commands.catalogs:catalogs", "Maintain a plugin's translations."
    ),
}

Row = tuple[str, ...]


@click.group(cls=LazyGroup, lazy=COMMANDS)
def plugin() -> None:
    """Create, list, describe, test, trace and translate plugins."""


@click.command("list", cls=Command)
@click.option("-l", "--long", is_flag=True, help="Load each plugin and show what it does.")
@text_or_json()
@click.pass_obj
def list_(console: Console, /, long: bool, format_: str) -> Exit:  # noqa: FBT001 - click's signature
    """List the installed plugins, without loading any.

    With --long each is loaded and its hooks, kinds of sources and codes are named.

    Exit code 1: a plugin cannot be loaded.
    """
    from billhook.plugins.loading import find_installed

    points = sorted(find_installed().items())
    rows: list[Row] = [(name, *_distribution(point.dist)) for name, point in points]
    heads: tuple[str, ...] = ("name", "distribution", "version")
    findings: tuple[Diagnostic, ...] = ()
    if long:
        loaded = load_named(name for name, _ in points)
        rows, findings = _add_descriptions(rows, loaded.plugins), loaded.findings
        heads = (*heads, "api", "hooks", "sources", "codes")
    _write_list(console, heads, rows, format_)
    if findings:
        from billhook.cli.report import to_text

        console.warn(to_text(findings))
    return Exit.FINDINGS if findings else Exit.OK


def _add_descriptions(rows: Sequence[Row], plugins: Sequence[Plugin]) -> list[Row]:
    from billhook.cli.plugin_description import hooks_of

    facts = {
        plugin.name: (
            str(plugin.info.api),
            ", ".join(hook.removeprefix("billhook_") for hook in hooks_of(plugin)),
            ", ".join(plugin.info.records),
            _codes(plugin),
        )
        for plugin in plugins
    }
    return [(*row, *facts.get(row[0], ("", "cannot be loaded", "", ""))) for row in rows]


def _codes(plugin: Plugin) -> str:
    ids = sorted(code.id for code in plugin.info.codes)
    return f"{ids[0]} to {ids[-1]}" if len(ids) > 1 else "".join(ids)


def _write_list(console: Console, heads: Sequence[str], rows: Sequence[Row], format_: str) -> None:
    if format_ == "json":
        plugins = [dict(zip(heads, row, strict=True)) for row in rows]
        console.write(json.dumps({"schema": LIST_SCHEMA, "plugins": plugins}, indent=2))
    else:
        from billhook.cli.terminal_table import table

        console.write(table(heads, rows))


def _distribution(found: object) -> tuple[str, str]:
    return str(getattr(found, "name", "")), str(getattr(found, "version", ""))


@click.command(cls=Command)
@click.argument("name", shell_complete=complete_plugins)
@text_or_json()
@click.pass_obj
def info(console: Console, /, name: str, format_: str) -> Exit:
    """Describe a plugin: hooks, columns of its sources, settings with types and defaults, codes.

    NAME is an installed plugin or a local plugin file.
    """
    from billhook.cli.plugin_description import describe, lines

    tree = describe(one_plugin(name))
    if format_ == "json":
        console.write(json.dumps(tree, ensure_ascii=False, indent=2))
    else:
        console.write("\n".join(lines(tree)))
    return Exit.OK


def one_plugin(name: str) -> Plugin:
    """Return an installed plugin by name, or a local one by its file.

    Raises:
        InputError: It is not there, or cannot be loaded.
    """
    local = name.endswith(".py")
    loaded = load_file(Path(name), approval()) if local else load_named([name])
    if loaded.findings:
        raise InputError(loaded.findings)
    return loaded.plugins[0]
