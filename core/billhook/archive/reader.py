"""Reading archived documents: figures first, then the typed model around them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

import cattrs

from billhook.archive.payload_types import SCHEMA, ArchiveError, Json, Pockets, Sealed
from billhook.kernel.figure import Figure
from billhook.kernel.origin import Origin
from billhook.kernel.text import Label, Text
from billhook.model.document import Document
from billhook.plugins.loading import Plugin

T = TypeVar("T")


def load(data: bytes, plugins: Iterable[Plugin]) -> Document:
    """Return the document that bytes hold.

    Raises:
        ArchiveError: They are no document, or of a form that this version does not read.
    """
    return from_tree(parse(data), Pockets(plugins))


def parse(data: bytes) -> Json:
    """Return the JSON values that bytes hold; floats are refused."""
    try:
        tree: Json = json.loads(data, parse_float=_no_float, parse_constant=_no_float)
    except (ValueError, RecursionError) as error:
        raise ArchiveError(f"this is not a document of billhook: {error}") from error
    return tree


def from_tree(tree: Json, pockets: Pockets) -> Document:
    """Return the document of plain JSON values."""
    if not isinstance(tree, dict) or tree.get("schema") != SCHEMA:
        found = tree.get("schema") if isinstance(tree, dict) else type(tree).__name__
        raise ArchiveError(f"expected a document of schema {SCHEMA!r}, found {found!r}")
    return Reader(pockets).document(tree)


def _no_float(text: str) -> Json:
    raise ArchiveError(f"the number {text} is not a string: a document holds no floats")


class Reader:
    """Reads one document; its figures are shared as they were when it was written."""

    def __init__(self, pockets: Pockets) -> None:
        self._pockets = pockets
        self._figures: list[Figure] = []

    def document(self, tree: Mapping[str, Json]) -> Document:
        """Return the document of a parsed file."""
        try:
            for node in _list(tree.get("trace", [])):
                self._figures.append(self._figure(_table(node)))
            return self.structure(tree.get("document"), Document)
        except ArchiveError:
            raise
        except Exception as error:
            raise ArchiveError(f"the document is damaged: {error}") from error

    def structure(self, value: Json, kind: type[T]) -> T:
        """Return a value of a class; figures are looked up in the document's trace."""
        return _converter().structure(self._ready(value), kind)

    def _ready(self, value: Json) -> Any:
        """Return JSON values with figures and pockets in their places."""
        if isinstance(value, list):
            return [self._ready(item) for item in value]
        if not isinstance(value, dict):
            return value
        keys = value.keys()
        if keys == _FIGURE:
            return self._figures[int(str(value["trace"]))]
        if keys == _POCKET:
            return self._pocket(str(value["type"]), value["data"])
        return {key: self._ready(item) for key, item in value.items()}

    def _pocket(self, name: str, data: Json) -> object:
        kind = self._pockets.types.get(name)
        if kind is None:
            return Sealed(name, data)
        return self.structure(data, kind)

    def _figure(self, node: Mapping[str, Json]) -> Figure:
        origin = node.get("origin")
        return Figure(
            Decimal(str(node["value"])),
            str(node["unit"]),
            str(node["op"]),
            str(node["rule"]),
            tuple(self._figures[int(str(place))] for place in _list(node.get("inputs", []))),
            tuple(sorted((k, str(v)) for k, v in _table(node.get("params", {})).items())),
            None if origin is None else _converter().structure(origin, Origin),
        )


_FIGURE = {"value", "unit", "trace"}
_POCKET = {"type", "data"}


def _list(value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise ArchiveError(f"expected a list, found {type(value).__name__}")
    return value


def _table(value: Json) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise ArchiveError(f"expected a table, found {type(value).__name__}")
    return value


@lru_cache(maxsize=1)
def _converter() -> cattrs.Converter:
    converter = cattrs.Converter(detailed_validation=False, forbid_extra_keys=True)
    converter.register_structure_hook(Decimal, lambda value, _: Decimal(str(value)))
    converter.register_structure_hook(dt.date, lambda value, _: dt.date.fromisoformat(value))
    converter.register_structure_hook(
        dt.datetime, lambda value, _: dt.datetime.fromisoformat(value)
    )
    converter.register_structure_hook(Figure, lambda value, _: value)
    converter.register_structure_hook(Label, lambda value, _: _label(value))
    converter.register_structure_hook_func(
        lambda kind: kind == Text,
        lambda value, _: value if isinstance(value, str) else _label(value),
    )
    converter.register_structure_hook_func(lambda kind: kind is object, lambda value, _: value)
    return converter


def _label(table: Mapping[str, Any]) -> Label:
    params = table.get("params", {})
    return Label(
        table["domain"],
        table["msgid"],
        tuple(sorted((name, _param(value)) for name, value in params.items())),
    )


def _param(value: Any) -> str | int | Decimal | dt.date | Label:
    if isinstance(value, dict):
        if "decimal" in value:
            return Decimal(value["decimal"])
        if "date" in value:
            return dt.date.fromisoformat(value["date"])
        return _label(value)
    return value if isinstance(value, int) else str(value)
