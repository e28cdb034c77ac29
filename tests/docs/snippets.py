"""Pieces of TOML on a page: every key in them must be a key that billhook knows."""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping

import attrs
import tomli

from billhook.builtin.tax_table import TaxTable
from billhook.model.exchange import Exchange
from billhook.model.party import Party
from billhook.model.terms import Agreement
from billhook.project.books_settings import BooksTable
from billhook.project.print_settings import PrintSettings
from billhook.project.store_settings import (
    ApprovalTable,
    ArchiveTable,
    RolesTable,
    SeriesTable,
    StoreTable,
)
from billhook.project.tables import JobTable, ProjectTable
from billhook_construction.settings import Contract
from billhook_freight.settings import FreightSettings
from billhook_legal.settings import LegalSettings

TABLES: Mapping[str, object] = {
    "project": ProjectTable,
    "seller": Party,
    "buyer": Party,
    "payer": Party,
    "deliver_to": Party,
    "terms": Agreement,
    "exchange": Exchange,
    "print": PrintSettings,
    "store": StoreTable,
    "series": dict[str, SeriesTable],
    "roles": RolesTable,
    "approval": ApprovalTable,
    "archive": ArchiveTable,
    "books": BooksTable,
    "tax_table": TaxTable,
    "legal": LegalSettings,
    "construction": Contract,
    "freight": FreightSettings,
}
OTHERS = frozenset({"tool", "build-system", "billfile"})
"""Tables that are Python's, or of a page's own local plugin."""


def unknown_keys(text: str) -> list[str]:
    """Return the keys of a piece of ``billhook.toml`` or of a job that billhook does not know."""
    values = {key: value for key, value in tomli.loads(text).items() if key not in OTHERS}
    job = {key: value for key, value in values.items() if key not in TABLES}
    found = [*_strange(job, JobTable, "")]
    for key in values.keys() & TABLES.keys():
        found.extend(_strange(values[key], TABLES[key], f"{key}."))
    return sorted(found)


def _strange(value: object, kind: object, path: str) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _strange(each, kind, path)
    elif isinstance(value, dict) and isinstance(kind, type) and attrs.has(kind):
        hints = typing.get_type_hints(kind, include_extras=True)
        for key, item in value.items():
            if key in hints:
                yield from _strange(item, _inner(hints[key]), f"{path}{key}.")
            else:
                yield path + key
    elif isinstance(value, dict) and typing.get_origin(kind) is dict:
        for item in value.values():
            yield from _strange(item, typing.get_args(kind)[1], path)


def _inner(hint: object) -> object:
    """Return the class inside arrays and choices."""
    inside = [each for each in map(_inner, typing.get_args(hint)) if attrs.has(_class(each))]
    return inside[0] if inside else hint


def _class(kind: object) -> type:
    return kind if isinstance(kind, type) else object
