"""Schemas in a few words, for people: ``number above 0``, ``'up' or 'down'``, ``tables``."""

from __future__ import annotations

from collections.abc import Mapping

from billhook.archive.payload_types import Json

FEW = 6
"""More choices than this are counted."""

_TYPES = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "table",
    "array": "array",
}
_FORMATS = {"date": "date", "date-time": "date and time"}
_BOUNDS = {
    "minimum": "from {}",
    "exclusiveMinimum": "above {}",
    "maximum": "up to {}",
    "exclusiveMaximum": "below {}",
}


def in_words(schema: Json) -> str:
    """Return what a schema asks for."""
    if not isinstance(schema, dict):
        return "anything"
    if "$ref" in schema:
        return "table"
    if "enum" in schema:
        return _choices(schema["enum"])
    if "anyOf" in schema:
        each = schema["anyOf"]
        return " or ".join(map(in_words, each)) if isinstance(each, list) else "anything"
    if schema.get("type") == "array":
        return _array(schema)
    return " ".join([_kind(schema), *_bounds(schema)])


def _kind(schema: Mapping[str, Json]) -> str:
    format_ = _FORMATS.get(str(schema.get("format")))
    return format_ or _TYPES.get(str(schema.get("type")), "anything")


def _bounds(schema: Mapping[str, Json]) -> list[str]:
    return [text.format(schema[key]) for key, text in _BOUNDS.items() if key in schema]


def _array(schema: Mapping[str, Json]) -> str:
    if "items" not in schema:
        return f"array of {schema.get('minItems')}"
    inner = in_words(schema["items"])
    return "tables" if inner == "table" else f"array of {inner}"


def _choices(choices: Json) -> str:
    words = [repr(word) for word in choices] if isinstance(choices, list) else []
    if len(words) > FEW:
        return f"one of {len(words)} words"
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else "".join(words)
