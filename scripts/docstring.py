"""Docstrings and types in words, for the pages that `reference.py` makes."""

from __future__ import annotations

import datetime as dt
import enum
import inspect
import re
import textwrap
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import attrs

from billhook.sources.ranges import Range

SECTION = re.compile(r"^(Args|Attributes|Raises|Returns|Yields):$", re.MULTILINE)
ENTRY = re.compile(r"^(\w[\w.]*): (.*)$")
PLAIN: Mapping[object, str] = {
    str: "text",
    int: "whole number",
    Decimal: "number",
    float: "number",
    bool: "true or false",
    dt.date: "date",
    Path: "file",
}
STARS: Mapping[object, str] = {
    inspect.Parameter.VAR_POSITIONAL: "*",
    inspect.Parameter.VAR_KEYWORD: "**",
}


@attrs.frozen
class Docstring:
    """A docstring in parts.

    Attributes:
        text: What stands before the first section, as Markdown.
        sections: The entries of each section by name, as Markdown.
    """

    text: str
    sections: Mapping[str, Mapping[str, str]]

    def entries(self, section: str) -> Mapping[str, str]:
        """Return the entries of a section; none when there is no such section."""
        return self.sections.get(section, {})


def read(thing: object) -> Docstring:
    """Return the docstring of a class or function in parts."""
    text, *rest = SECTION.split(inspect.getdoc(thing) or "")
    pairs = zip(rest[::2], rest[1::2], strict=True)
    return Docstring(markdown(text), {name: dict(_entries(body)) for name, body in pairs})


def _entries(body: str) -> Iterator[tuple[str, str]]:
    name, lines = "", list[str]()
    for line in textwrap.dedent(body.strip("\n")).splitlines():
        found = ENTRY.match(line)
        if found:
            if name:
                yield name, in_line(" ".join(lines))
            name, lines = found[1], [found[2]]
        else:
            lines.append(line.strip())
    if name:
        yield name, in_line(" ".join(lines))


def markdown(text: str) -> str:
    """Return a docstring's text as Markdown, one sentence per line."""
    parts = []
    for paragraph in re.sub(r"``([^`]+)``", r"`\1`", text.strip()).split("\n\n"):
        joined = " ".join(paragraph.split())
        parts.append(re.sub(r"(?<=[a-z)`\]]\.) +(?=[A-Z`])", "\n", joined))
    return "\n\n".join(parts)


def in_line(text: str) -> str:
    """Return a docstring's text as one line of Markdown."""
    return " ".join(markdown(text).split())


# ── types, for those who write files ─────────────────────────────────────────


def words(kind: object, link: typing.Callable[[type], str] = lambda kind: kind.__name__) -> str:
    """Return what a value of a file must be, in words; ``link`` names other classes."""
    if kind in PLAIN:
        return PLAIN[kind]
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        return _ranged(arguments[0], arguments[1:], link)
    if origin is typing.Literal or isinstance(kind, enum.EnumType):
        values = tuple(kind) if isinstance(kind, enum.EnumType) else arguments
        return " or ".join(f'`"{value}"`' for value in values)
    if origin in (types.UnionType, typing.Union):
        kinds = [words(each, link) for each in arguments if each is not type(None)]
        return " or ".join(dict.fromkeys(kinds))
    if isinstance(origin, type):
        return _several(origin, arguments, link)
    return link(kind) if isinstance(kind, type) else str(kind)


def _several(origin: type, items: Sequence[object], link: typing.Callable[[type], str]) -> str:
    if issubclass(origin, Mapping):
        return f"table of {words(items[1], link)}"
    return f"array of {words(items[0], link)}"


def _ranged(kind: object, notes: Sequence[object], link: typing.Callable[[type], str]) -> str:
    ranges = [str(note) for note in notes if isinstance(note, Range)]
    return " ".join([words(kind, link), *ranges])


def default(field: attrs.Attribute[object]) -> str:
    """Return what a key is when it is left out."""
    value = field.default
    if value is attrs.NOTHING:
        return "**required**"
    if hasattr(value, "factory"):
        value = value.factory()
    if value is None or value in ("", (), {}, frozenset()):
        return "–"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, str):
        return f'`"{value}"`'
    return f"`{value}`" if isinstance(value, int | Decimal) else "its own defaults"


def signature(function: object, *, drop: Sequence[str] = ("self", "cls")) -> str:
    """Return a function's arguments and result, as they are written."""
    found = inspect.signature(function)  # type: ignore[arg-type]  # the caller gives functions
    kept = [each for each in found.parameters.values() if each.name not in drop]
    result = f" -> {_written(found.return_annotation)}" if found.return_annotation else ""
    return f"({', '.join(_arguments(kept))}){result}"


def _arguments(parameters: Sequence[inspect.Parameter]) -> Iterator[str]:
    named = False
    for each in parameters:
        stars = STARS.get(each.kind, "")
        if each.kind is each.KEYWORD_ONLY and not named:
            yield "*"
        named = named or each.kind in {each.KEYWORD_ONLY, each.VAR_POSITIONAL}
        default_ = "" if each.default is each.empty else f" = {_value(each.default)}"
        yield f"{stars}{each.name}: {_written(each.annotation)}{default_}"


def _value(value: object) -> str:
    if isinstance(value, enum.Enum):
        return f"{type(value).__name__}.{value.name}"
    if isinstance(value, str):
        return repr(value)
    if attrs.has(type(value)):
        return f"{type(value).__name__}(…)"
    return getattr(value, "__name__", "") or str(value)


def _written(annotation: object) -> str:
    return annotation if isinstance(annotation, str) else getattr(annotation, "__name__", "")
