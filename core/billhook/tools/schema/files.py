"""The files: project, job, customer and terms, and the table of a plugin's settings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from billhook.archive.payload_types import Json
from billhook.kernel.currencies import MINOR_UNITS
from billhook.kernel.money import POLICIES
from billhook.model.exchange import Exchange
from billhook.model.party import Party
from billhook.model.terms import Agreement
from billhook.plugins.loading import Plugin
from billhook.project.books_settings import BooksTable
from billhook.project.print_settings import PrintSettings
from billhook.project.store_settings import (
    ApprovalTable,
    ArchiveTable,
    RolesTable,
    SeriesTable,
    StoreTable,
)
from billhook.project.tables import AGREED, AGREED_TABLES, PARTIES, JobTable, ProjectTable
from billhook.tools.schema.prose import summary
from billhook.tools.schema.types import Schema, Types

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_SHARED: dict[str, type] = {
    "seller": Party,
    "print": PrintSettings,
    "terms": Agreement,
    "exchange": Exchange,
}
"""The tables that a job lays over the project's, see `billhook.project.tables.SHARED`."""

_KEPT: dict[str, type] = {
    "store": StoreTable,
    "roles": RolesTable,
    "approval": ApprovalTable,
    "archive": ArchiveTable,
    "books": BooksTable,
}
"""The tables of issued documents, see `billhook.project.tables.KEPT`."""

_PARTY_WORDS = {
    "buyer": "Whom the bill is for: a customer's id, or a table.",
    "payer": "Who pays, if not the buyer: a customer's id, or a table.",
    "deliver_to": "Where the goods went: a customer's id, or a table.",
}


def project_schema(plugins: Sequence[Plugin]) -> Schema:
    """Return the schema of ``billhook.toml``.

    Args:
        plugins: Those whose tables and names may be in it.
    """
    types = Types()
    project = types.table(ProjectTable)
    _choose(project, plugins)
    properties: dict[str, Json] = {"project": project}
    properties |= {key: types.table(kind, part=True) for key, kind in _SHARED.items()}
    properties |= {key: types.table(kind) for key, kind in _KEPT.items()}
    series: Schema = {"type": "object", "additionalProperties": types.table(SeriesTable)}
    properties["series"] = {"description": "Number series, by id.", **series}
    properties |= _pockets(types, plugins)
    table: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return _whole("A project of billhook: billhook.toml", table, types)


def job_schema(plugins: Sequence[Plugin]) -> Schema:
    """Return the schema of a job.

    Args:
        plugins: Those whose tables, names and kinds of sources may be in it.
    """
    types = Types()
    table = types.table(JobTable)
    properties = _properties(table)
    properties |= _parties(types)
    properties |= {key: types.table(kind, part=True) for key, kind in _SHARED.items()}
    properties |= _pockets(types, plugins)
    del table["required"]
    table["if"] = {"not": {"required": ["each"]}}
    table["then"] = {"required": ["subject", "buyer"]}
    _choose(table, plugins)
    _offer_kinds(types, plugins)
    return _whole("A job of billhook: what to bill, to whom", table, types)


def customer_schema(plugins: Sequence[Plugin]) -> Schema:
    """Return the schema of a customer: a file of the folder ``customers``.

    Args:
        plugins: Those whose tables may be in it.
    """
    types = Types()
    table = types.table(Party, left_out=("id",))
    terms = {key: each for key, each in _terms(types, plugins).items() if key != "buyer"}
    table["properties"] = terms | _properties(table)
    return _whole("A customer", table, types)


def subject_schema(plugins: Sequence[Plugin]) -> Schema:
    """Return the schema of the terms of a subject: a file of the folder ``subjects``.

    Args:
        plugins: Those whose tables may be in it.
    """
    types = Types()
    properties = _terms(types, plugins)
    table: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return _whole("The terms of an account, a contract or the like", table, types)


def settings_schema(plugin: Plugin) -> Schema:
    """Return the schema of a plugin's table.

    Raises:
        ValueError: The plugin has no settings.
    """
    if plugin.info.settings is None:
        raise ValueError(f"plugin {plugin.name!r} takes no settings")
    types = Types()
    return _whole(f"The table [{plugin.name}]", types.table(plugin.info.settings), types)


def _terms(types: Types, plugins: Sequence[Plugin]) -> dict[str, Json]:
    """Return what may be agreed with a customer or for a subject."""
    job = types.table(JobTable)
    _choose(job, plugins)
    terms = {key: each for key, each in _properties(job).items() if key in AGREED}
    terms |= _parties(types)
    terms |= {key: types.table(_SHARED[key], part=True) for key in AGREED_TABLES}
    return terms | _pockets(types, plugins)


def _parties(types: Types) -> dict[str, Json]:
    inline = types.table(Party, left_out=("id",))
    return {
        key: {"description": _PARTY_WORDS[key], "anyOf": [{"type": "string"}, inline]}
        for key in PARTIES
    }


def _whole(title: str, table: Schema, types: Types) -> Schema:
    head: Schema = {"$schema": DIALECT, "title": title}
    definitions: Schema = {"$defs": types.definitions} if types.definitions else {}
    return {**head, **table, **definitions}


def _pockets(types: Types, plugins: Iterable[Plugin]) -> dict[str, Json]:
    return {
        plugin.name: types.table(plugin.info.settings, part=True)
        | {"description": plugin.info.title or summary(plugin.info.settings)}
        for plugin in plugins
        if plugin.info.settings is not None
    }


def _choose(table: Schema, plugins: Iterable[Plugin]) -> None:
    """Name what currency, policy and plugins may be."""
    properties = _properties(table)
    words: dict[str, Iterable[str]] = {"currency": sorted(MINOR_UNITS), "policy": POLICIES}
    for key, choices in words.items():
        chosen = _table(properties[key])
        del chosen["type"]
        properties[key] = {**chosen, "enum": list(choices)}
    _table(properties["plugins"])["items"] = {"enum": [plugin.name for plugin in plugins]}


def _offer_kinds(types: Types, plugins: Iterable[Plugin]) -> None:
    """Offer the kinds of sources; a plugin's own reader may know more."""
    kinds: list[Json] = [kind for plugin in plugins for kind in plugin.info.records]
    kind = _properties(_table(types.definitions["Declaration"]))["kind"]
    offered: list[Json] = [{"enum": kinds}, {"type": "string"}]
    if kinds:
        _table(kind)["anyOf"] = offered


def _properties(table: Schema) -> dict[str, Json]:
    return _table(table["properties"])


def _table(value: Json) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise TypeError(f"expected a table, got {type(value).__name__}")
    return value
