"""Documents as canonical JSON and back: amounts are strings, each figure of the trace stands once.

The form is ``billhook.invoice/1``.  Keys are sorted, text is UTF-8, there are no floats, and what
is empty is left out, so that the same document always gives the same bytes.  A figure appears as
``{"value": "455.00", "unit": "USD", "trace": 17}``; ``trace`` is its place in the document's list
of figures, where inputs stand before what was made of them.  Plugins' typed pockets carry their
class's name, and one whose plugin is absent is kept as it is.
"""

from __future__ import annotations

import datetime as dt
import enum
import io
import json
import typing
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import lru_cache

import attrs

from billhook.archive.payload_types import SCHEMA, ArchiveError, Json, Pockets, Sealed
from billhook.kernel.figure import Figure, graph
from billhook.kernel.text import Label
from billhook.model.document import Document
from billhook.model.record import Event
from billhook.model.validators import SPARSE
from billhook.plugins.loading import Plugin


class _UnkeptError(ValueError):
    """A value has no place in a document; the message is its type."""


def dump(document: Document, plugins: Iterable[Plugin], *, indent: int | None = None) -> bytes:
    """Return a document as JSON; without ``indent`` in its one canonical form."""
    return to_bytes(to_tree(document, Pockets(plugins)), indent=indent)


def to_tree(document: Document, pockets: Pockets) -> dict[str, Json]:
    """Return a document as plain JSON values."""
    writer = _Writer(pockets)
    content = writer.attributes(document)
    return {"schema": SCHEMA, "document": content, "trace": writer.trace()}


def event_to_bytes(event: Event, pockets: Pockets) -> bytes:
    """Return an event in its one canonical form; its class's name is kept beside it.

    Raises:
        ArchiveError: It holds figures, whose trace an event has no place for.
    """
    writer = _Writer(pockets)
    facts = writer.attributes(event)
    if writer.trace():
        raise ArchiveError("an event holds plain values, no figures")
    return to_bytes(facts)


def to_bytes(tree: Json, *, indent: int | None = None) -> bytes:
    """Return JSON values as bytes, keys sorted."""
    if indent:
        out = io.StringIO()
        _write_indented(tree, "\n", " " * indent, out.write)
        out.write("\n")
        return out.getvalue().encode()
    text = json.dumps(tree, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def _write_indented(value: Json, line: str, step: str, write: Callable[[str], object]) -> None:
    """Write JSON values as `json.dumps` does with an indent, which keeps a text for every sign."""
    if not isinstance(value, dict | list) or not value:
        write(_scalar(value))
        return
    inner, comma = line + step, ""
    write("{" if isinstance(value, dict) else "[")
    pairs = (
        ((f"{_name(key)}: ", value[key]) for key in sorted(value))
        if isinstance(value, dict)
        else (("", item) for item in value)
    )
    for name, item in pairs:
        if isinstance(item, dict | list):
            write(f"{comma}{inner}{name}")
            _write_indented(item, inner, step, write)
        else:
            write(f"{comma}{inner}{name}{_scalar(item)}")
        comma = ","
    write(f"{line}{'}' if isinstance(value, dict) else ']'}")


def _scalar(value: Json) -> str:
    if isinstance(value, str):
        return json.encoder.encode_basestring(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value) if isinstance(value, int) else json.dumps(value)


_name = lru_cache(maxsize=4096)(json.encoder.encode_basestring)
"""Names of attributes are few."""


class _Writer:
    """Encodes values and collects their figures, each once."""

    def __init__(self, pockets: Pockets) -> None:
        self._pockets = pockets
        self._places: dict[int, int] = {}
        self._nodes: list[Figure] = []

    def attributes(self, value: attrs.AttrsInstance) -> dict[str, Json]:
        """Return an attrs object as a table, without what is empty."""
        table: dict[str, Json] = {}
        for field in attrs.fields(type(value)):
            content = getattr(value, field.name)
            if field.default is not attrs.NOTHING and _empty(content):
                continue
            if SPARSE in field.metadata and not content:
                continue
            pocket = field.name in _pocket_fields(type(value))
            try:
                table[field.name] = self._pocket(content) if pocket else self._value(content)
            except _UnkeptError as error:
                where = f"{type(value).__name__}.{field.name}"
                raise ArchiveError(f"cannot be archived: {where} is a {error}") from None
        return table

    def trace(self) -> list[Json]:
        """Return every figure seen, inputs first."""
        return [self._node(figure) for figure in self._nodes]

    def _pocket(self, value: object) -> Json:
        if isinstance(value, Sealed):
            return {"type": value.type, "data": value.data}
        if not attrs.has(type(value)):
            raise ArchiveError(f"a pocket holds {type(value).__name__}, expected an attrs class")
        return {"type": self._pockets.name(value), "data": self.attributes(value)}  # type: ignore[arg-type]  # attrs.has narrows the class, not the value

    def _value(self, value: object) -> Json:  # noqa: PLR0911 - one line for each kind of value
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, enum.Enum):
            return str(value.value)
        if isinstance(value, str | int):
            return value
        if isinstance(value, Figure):
            return {"value": str(value.value), "unit": value.unit, "trace": self._place(value)}
        if isinstance(value, Label):
            return self._label(value)
        if attrs.has(type(value)):
            return self.attributes(value)  # type: ignore[arg-type]  # as in _pocket
        return self._plain(value)

    def _plain(self, value: object) -> Json:
        if isinstance(value, Decimal):
            return str(value)
        if isinstance(value, dt.date):
            return value.isoformat()
        if isinstance(value, frozenset):
            return [self._value(item) for item in sorted(value)]
        if isinstance(value, tuple | list):
            return [self._value(item) for item in value]
        if isinstance(value, Mapping):
            return {str(key): self._value(item) for key, item in value.items()}
        raise _UnkeptError(type(value).__name__)

    def _label(self, label: Label) -> Json:
        params: Json = {name: _param(self, value) for name, value in label.params}
        table: dict[str, Json] = {"domain": label.domain, "msgid": label.msgid}
        return table | {"params": params} if label.params else table

    def _place(self, figure: Figure) -> int:
        if id(figure) not in self._places:
            for node in graph(figure):
                if id(node) not in self._places:
                    self._places[id(node)] = len(self._nodes)
                    self._nodes.append(node)
        return self._places[id(figure)]

    def _node(self, figure: Figure) -> Json:
        node: dict[str, Json] = {
            "value": str(figure.value),
            "unit": figure.unit,
            "op": figure.op,
            "rule": figure.rule,
        }
        if figure.inputs:
            node["inputs"] = [self._places[id(source)] for source in figure.inputs]
        if figure.params:
            node["params"] = dict(figure.params)
        if figure.origin is not None:
            node["origin"] = self.attributes(figure.origin)
        return node


@lru_cache(maxsize=256)
def _pocket_fields(kind: type[attrs.AttrsInstance]) -> frozenset[str]:
    """Return the fields that hold a plugin's own class: those annotated ``object``."""
    hints = typing.get_type_hints(kind)
    return frozenset(name for name, hint in hints.items() if hint in (object, object | None))


def _param(writer: _Writer, value: object) -> Json:
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    return writer._value(value)  # noqa: SLF001 - the same module's own writer


def _empty(value: object) -> bool:
    return value is None or value in ("", (), frozenset())
