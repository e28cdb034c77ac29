"""The description of a plugin: what it declares, as a tree for programs and as lines for people."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from billhook import __provisional__
from billhook.archive.payload_types import Json
from billhook.plugins.info import PluginInfo
from billhook.plugins.loading import Plugin
from billhook.sources.structure import BY_READER
from billhook.tools.schema.types import Types
from billhook.tools.schema.words import in_words

SCHEMA = "billhook.plugin/1"
Tree = dict[str, Json]


def describe(plugin: Plugin) -> Tree:
    """Return what a plugin declares."""
    info = plugin.info
    return {
        "schema": SCHEMA,
        "name": info.name,
        "title": info.title,
        "version": info.version,
        "distribution": plugin.distribution,
        "api": info.api,
        "hooks": dict(sorted(_hooks(plugin.module))),
        "sources": {kind: attributes(record) for kind, record in info.records.items()},
        "settings": attributes(info.settings) if info.settings else [],
        "keeps": dict(_list_payload_types(info)),
        "formats": _formats(plugin),
        "codes": {code.id: code.title for code in info.codes},
    }


def _hooks(module: object) -> Iterator[tuple[str, Json]]:
    for name, value in vars(module).items():
        if name.startswith("billhook_") and hasattr(value, "billhook_impl"):
            said = (inspect.getdoc(value) or "").partition("\n\n")[0].replace("\n", " ")
            yield name, f"{said} (provisional)" if name in __provisional__ else said


def hooks_of(plugin: Plugin) -> list[str]:
    """Return the names of the hooks that a plugin implements."""
    return sorted(name for name, _ in _hooks(plugin.module))


def _list_payload_types(info: PluginInfo) -> Iterator[tuple[str, Json]]:
    """Yield the classes that go into documents and logs, by what they are."""
    pockets = {"state": (info.state,) if info.state else (), "details": info.details}
    for what, classes in {**pockets, "events": info.events}.items():
        if classes:
            yield what, [each.__name__ for each in classes]


def _formats(plugin: Plugin) -> Json:
    """Return the formats that a plugin writes: what ``--format`` takes, and what each is."""
    from billhook.engine import Engine

    return {
        each.key: each.title for each in Engine([(plugin.name, plugin.module)]).hooks.exporters()
    }


def attributes(kind: type) -> list[Json]:
    """Return the keys or columns of a class: name, type, whether required, default, meaning."""
    table = Types().table(kind, left_out=BY_READER)
    properties, needed = table["properties"], table.get("required", [])
    found: list[Json] = []
    for name, schema in properties.items() if isinstance(properties, dict) else ():
        facts = schema if isinstance(schema, dict) else {}
        found.append(
            {
                "name": name,
                "type": in_words(facts),
                "required": isinstance(needed, list) and name in needed,
                "default": facts.get("default"),
                "description": facts.get("description", ""),
            }
        )
    return found


# ── for people ───────────────────────────────────────────────────────────────


def lines(tree: Tree) -> Iterator[str]:
    """Yield a description line by line."""
    yield f"{click.style(str(tree['name']), bold=True)} {tree['version']}  {tree['title']}"
    if tree["distribution"]:
        yield f"from {tree['distribution']}"
    yield f"written for hooks {tree['api']}"
    for key in ("hooks", "sources", "settings", "keeps", "formats", "codes"):
        if tree[key]:
            yield ""
            yield click.style(f"{key}:", bold=True)
            yield from (f"  {line}" for line in _items(key, tree[key]))


def _items(key: str, value: Json) -> Iterator[str]:
    if isinstance(value, list):
        yield from _columns(value)
    elif isinstance(value, dict) and key == "sources":
        for kind, columns in value.items():
            yield f"{kind}  {', '.join(_brackets(columns))}"
            yield from (f"  {line}" for line in _columns(columns))
    elif isinstance(value, dict):
        width = max(map(len, value))
        for word, item in value.items():
            text = ", ".join(map(str, item)) if isinstance(item, list) else str(item)
            yield f"{word:{width}}  {text}".rstrip()


def _brackets(columns: Json) -> Iterator[str]:
    """Yield names of columns; those that may be left out in brackets."""
    for column in columns if isinstance(columns, list) else ():
        if isinstance(column, dict):
            yield str(column["name"]) if column["required"] else f"[{column['name']}]"


def _columns(columns: Json) -> Iterator[str]:
    from billhook.cli.terminal_table import table

    listed = columns if isinstance(columns, list) else []
    rows = [_row(each) for each in listed if isinstance(each, dict)]
    if rows:
        yield from table(("name", "type", "default", ""), rows).splitlines()


def _row(column: Tree) -> tuple[str, str, str, str]:
    default = "required" if column["required"] else _format_default(column["default"])
    return str(column["name"]), str(column["type"]), default, str(column["description"])


def _format_default(default: Json) -> str:
    if isinstance(default, bool):
        return "true" if default else "false"
    return "" if default in (None, "", [], {}) else str(default)
