"""From types to JSON Schema (2020-12): what `billhook.sources.conversion` structures.

TOML's dates are texts in JSON's terms, which is how editors hand them to a schema.
"""

from __future__ import annotations

import datetime as dt
import enum
import types
from collections.abc import Collection, Iterable, Mapping, MutableMapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, TypeVar, Union, get_args, get_origin

import attrs

from billhook.archive.payload_types import Json
from billhook.kernel.origin import Origin
from billhook.kernel.text import Label, Period
from billhook.sources.ranges import Range
from billhook.sources.structure import fields
from billhook.sources.text_rules import ONE_OR_MORE
from billhook.tools.schema.prose import attribute_prose, summary

Schema = dict[str, Json]

_LISTS = (tuple, list, set, frozenset, Sequence, Collection, Iterable)
_TABLES = (dict, Mapping, MutableMapping)
_SCALARS: dict[object, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    Decimal: {"type": "number"},
    dt.date: {"type": "string", "format": "date"},
    dt.datetime: {"type": "string", "format": "date-time"},
    Path: {"type": "string"},
}
_BOUNDS = {
    "least": "minimum",
    "most": "maximum",
    "above": "exclusiveMinimum",
    "below": "exclusiveMaximum",
}


class Types:
    """Makes schemas of types; a class that is met on the way stands once, in `definitions`.

    Attributes:
        definitions: The classes' schemas by name.
    """

    def __init__(self) -> None:
        self.definitions: dict[str, Json] = {}
        self._names: dict[tuple[object, bool], str] = {}

    def table(self, cls: type, *, part: bool = False, left_out: Collection[str] = ()) -> Schema:
        """Return the schema of a class.

        Args:
            cls: An attrs class, or one with parameters.
            part: No key is required: another file has the rest.
            left_out: Keys that are not required here.
        """
        properties: dict[str, Json] = {}
        needed: list[Json] = []
        prose, kinds = attribute_prose(cls), attribute_types(cls)
        for field in fields(cls):
            if not field.init or is_origin(kinds[field.name]):
                continue
            made = self.of(kinds[field.name], part=part)
            properties[field.name] = made | _describe(prose.get(field.name, ""), field)
            if field.default is attrs.NOTHING and not part and field.name not in left_out:
                needed.append(field.name)
        table: Schema = {"type": "object", "description": summary(cls), "properties": properties}
        if needed:
            table["required"] = needed
        return table | {"additionalProperties": False}

    def of(self, kind: object, *, part: bool = False) -> Schema:
        """Return the schema of any type that a source can give."""
        plain = get_origin(kind) or kind
        if plain in _SCALARS:
            return dict(_SCALARS[plain])
        if plain is Literal or (isinstance(plain, type) and issubclass(plain, enum.Enum)):
            return {"enum": _words(kind)}
        if plain is Period:
            return {"anyOf": [{"type": "string"}, self._reference(Period, part=part)]}
        if isinstance(plain, type) and attrs.has(plain):
            return self._reference(kind, part=part)
        return self._compose(kind, plain, part=part)

    def _compose(self, kind: object, plain: object, *, part: bool) -> Schema:
        if plain is Annotated:
            return self._annotated_type_schema(kind, part=part)
        if plain in (Union, types.UnionType):
            return self._union(kind, part=part)
        if plain in _LISTS:
            return self._list(kind)
        if plain in _TABLES:
            inner = self.of(get_args(kind)[1], part=part)
            return {"type": "object", "additionalProperties": inner}
        return {}

    def _annotated_type_schema(self, kind: object, *, part: bool) -> Schema:
        inner, *marks = get_args(kind)
        made = self.of(inner, part=part)
        for mark in marks:
            if isinstance(mark, Range):
                made |= _bounds(mark)
        if ONE_OR_MORE in marks:
            return {"anyOf": [made["items"], made]}
        return made

    def _union(self, kind: object, *, part: bool) -> Schema:
        # TOML has no null: what may be None is left out.
        choices = [each for each in get_args(kind) if each not in (type(None), Label)]
        made: list[Json] = [self.of(each, part=part) for each in choices]
        return self.of(choices[0], part=part) if len(made) == 1 else {"anyOf": made}

    def _list(self, kind: object) -> Schema:
        # An array is given whole by one file, so nothing in it is another's part.
        items = get_args(kind)
        if get_origin(kind) is tuple and items[-1] is not Ellipsis:
            each: list[Json] = [self.of(item) for item in items]
            count = len(items)
            return {"type": "array", "prefixItems": each, "minItems": count, "maxItems": count}
        return {"type": "array", "items": self.of(items[0])}

    def _reference(self, kind: object, *, part: bool) -> Schema:
        key = (kind, part)
        if key not in self._names:
            name = self._name(kind, part=part)
            self._names[key] = name
            self.definitions[name] = {}  # a class within itself finds its name
            self.definitions[name] = self.table(kind, part=part)  # type: ignore[arg-type]  # an attrs class, see of
        return {"$ref": f"#/$defs/{self._names[key]}"}

    def _name(self, kind: object, *, part: bool) -> str:
        words = [
            getattr(each, "__name__", "") for each in (get_origin(kind) or kind, *get_args(kind))
        ]
        name = "-".join(words) + (".part" if part else "")
        taken, count = name, 1
        while taken in self.definitions:
            count += 1
            taken = f"{name}{count}"
        return taken


def attribute_types(cls: type) -> dict[str, object]:
    """Return the types of a class's attributes, parameters filled in."""
    plain = get_origin(cls) or cls
    attrs.resolve_types(plain)
    given: dict[object, object] = dict(
        zip(getattr(plain, "__parameters__", ()), get_args(cls), strict=False)
    )
    return {field.name: _resolve(field.type, given) for field in fields(cls)}


def _resolve(kind: object, given: Mapping[object, object]) -> object:
    return given.get(kind, kind) if isinstance(kind, TypeVar) else kind


def is_origin(kind: object) -> bool:
    """Return whether an attribute is a place, which the reader fills in."""
    return kind is Origin or Origin in get_args(kind)


def _words(kind: object) -> list[Json]:
    """Return what may stand for a choice: its words, and a number without quotes."""
    values = get_args(kind) or [member.value for member in kind]  # type: ignore[attr-defined]  # an Enum, see of
    words = list(dict.fromkeys(str(value) for value in values))
    return [*words, *(int(word) for word in words if word.isascii() and word.isdecimal())]


def _bounds(limit: Range) -> Schema:
    found = {key: getattr(limit, name) for name, key in _BOUNDS.items()}
    return {key: number for key, end in found.items() if (number := _number(end)) is not None}


def _number(value: object) -> int | None:
    """Return a whole number as JSON has it; other numbers would need a float, and stay out."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return int(value) if value == int(value) else None


def _describe(text: str, field: attrs.Attribute[object]) -> Schema:
    """Return what is said of an attribute: its prose, and its default."""
    said: Schema = {}
    default = plain_default(field)
    if isinstance(default, Decimal):
        text = f"{text} Default: {default}.".strip()
    elif default is not None:
        said["default"] = default
    return {"description": text, **said} if text else said


def plain_default(field: attrs.Attribute[object]) -> Json | Decimal:
    """Return a default as a file would have it; ``None`` where there is none to be said."""
    value: object = field.default
    factory = getattr(value, "factory", None)
    if value is attrs.NOTHING or getattr(value, "takes_self", False):
        return None
    if factory is not None:
        value = factory()
    if isinstance(value, enum.Enum):
        value = value.value
    if isinstance(value, Decimal):
        number = _number(value)
        return value if number is None else number
    if isinstance(value, bool | int | str):
        return value
    if isinstance(value, tuple | list) and all(isinstance(item, str) for item in value):
        return [str(item) for item in value]
    return {} if value == {} else None
