"""Entries of the reference: classes, functions and keys of files, as Markdown."""

from __future__ import annotations

import enum
import inspect
import typing
from collections.abc import Iterable, Iterator, Sequence
from types import FunctionType

import attrs
import docstring

MADE = "<!-- Made by scripts/reference.py; do not edit. -->\n"


def page(title: str, *parts: str) -> str:
    """Return a page."""
    return "\n".join([MADE, f"# {title}\n", *parts])


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table."""
    lines = [
        head,
        ["---"] * len(head),
        *([cell.replace("|", "\\|") for cell in row] for row in rows),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def summary(thing: object) -> str:
    """Return the first sentence of a docstring, on one line."""
    return docstring.in_line((inspect.getdoc(thing) or "").split("\n\n")[0])


def class_entry(kind: type) -> str:
    """Return the entry of a class: its words, attributes and methods."""
    told = docstring.read(kind)
    parts = [f"### {kind.__name__}\n", told.text + "\n"]
    if attrs.has(kind):
        parts.append(_attributes(kind))
    elif hasattr(kind, "__members__"):
        values = (f"`{name}` (`{value.value}`)" for name, value in kind.__members__.items())
        parts.append(f"Values: {', '.join(values)}.\n")
    else:
        parts.append(_described(told, "Attributes"))
    parts.extend(_described(told, each) for each in ("Args", "Raises"))
    if methods := list(_methods(kind)):
        parts.append("\n".join(["Methods and properties:\n", *methods]) + "\n")
    return "\n".join(part for part in parts if part)


def _attributes(kind: type) -> str:
    meanings = _meanings(kind)
    rows = [
        (
            f"`{field.name}`",
            f"`{_annotation(kind, field.name)}`",
            _default(field),
            meanings.get(field.name, ""),
        )
        for field in attrs.fields(kind)
    ]
    return table(("attribute", "type", "default", "meaning"), rows) if rows else ""


def _meanings(kind: type, told_by: type = object) -> dict[str, str]:
    """Return what the attributes mean, inherited ones too."""
    told: dict[str, str] = {}
    for each in (told_by, *reversed(kind.__mro__)):
        told.update(docstring.read(each).entries("Attributes") if attrs.has(each) else {})
    return told


def _annotation(kind: type, name: str) -> str:
    for each in kind.__mro__:
        if name in vars(each).get("__annotations__", {}):
            return str(each.__annotations__[name])
    return ""


def _default(field: attrs.Attribute[object]) -> str:
    if field.default is attrs.NOTHING:
        return "required"
    return "its own" if hasattr(field.default, "factory") else f"`{_shown(field.default)}`"


def _shown(value: object) -> str:
    if isinstance(value, FunctionType):
        return "nothing"
    if isinstance(value, enum.Enum):
        return f"{type(value).__name__}.{value.name}"
    if attrs.has(type(value)) and hasattr(value, "id"):
        return str(value.id)
    return "()" if value == () else repr(value) if isinstance(value, str) else str(value)


def _described(told: docstring.Docstring, section: str) -> str:
    entries = told.entries(section)
    if not entries:
        return ""
    lines = [f"* `{name}`: {text}" for name, text in entries.items()]
    return "\n".join([f"{section}:\n", *lines]) + "\n"


def _methods(kind: type) -> Iterator[str]:
    for name, thing in vars(kind).items():
        function = thing.__func__ if isinstance(thing, classmethod | staticmethod) else thing
        if name.startswith("_") or not (
            inspect.isfunction(function) or isinstance(thing, property)
        ):
            continue
        inner = thing.fget if isinstance(thing, property) else function
        if inner is None or inner.__doc__ is None:
            continue
        called = "" if isinstance(thing, property) else docstring.signature(inner)
        yield f"* `{name}{called}`: {summary(inner)}"


# ── functions ────────────────────────────────────────────────────────────────


def function_entry(name: str, function: object) -> str:
    """Return the entry of a function: its signature, words, arguments and exceptions."""
    told = docstring.read(function)
    called = f"```python\n{name}{docstring.signature(function)}\n```\n"
    parts = [f"### {name}\n", called, told.text + "\n"]
    parts.extend(_described(told, section) for section in ("Args", "Raises"))
    return "\n".join(part for part in parts if part)


# ── keys of files ────────────────────────────────────────────────────────────


def keys_entry(kind: type) -> str:
    """Return the entry of a class that is read from files."""
    return f"### {kind.__name__}\n\n{docstring.read(kind).text}\n\n{keys(kind)}"


def keys(kind: type, *, tabular: bool = False, told_by: type = object) -> str:
    """Return the keys of a class that is read from files; ``told_by`` tells what they mean."""
    told = _meanings(kind, told_by)
    hints = typing.get_type_hints(kind, include_extras=True)
    rows = [
        (
            f"`{field.name}`",
            docstring.words(hints[field.name], link),
            _left_out(field, tabular=tabular),
            told.get(field.name, ""),
        )
        for field in attrs.fields(kind)
        if field.name != "origin"
    ]
    return table(("key", "value", "left out", "meaning"), rows)


def theme_table(part: attrs.AttrsInstance) -> str:
    """Return the keys of a theme, or of one of its tables, with their values."""
    told = _meanings(type(part))
    hints = typing.get_type_hints(type(part))
    values = {field.name: getattr(part, field.name) for field in attrs.fields(type(part))}
    rows = [
        (
            f"`{name}`",
            docstring.words(hints[name], link),
            f"`{str(value).lower() if isinstance(value, bool) else value}`",
            told.get(name, ""),
        )
        for name, value in values.items()
        if name != "name" and not attrs.has(type(value))
    ]
    return table(("key", "value", "in classic", "meaning"), rows)


def _left_out(field: attrs.Attribute[object], *, tabular: bool) -> str:
    return "made of the content" if tabular and field.name == "key" else docstring.default(field)


HEADINGS = {"Declaration": "sources"}
"""Headings of classes that are not called by their own name."""


def link(kind: type) -> str:
    """Return a link to a class on the same page; a class without attributes of files is named."""
    if kind.__name__ == "Label":
        return "text"
    if attrs.has(kind):
        heading = HEADINGS.get(kind.__name__, kind.__name__.lower())
        return f"[{kind.__name__}](#{heading})"
    return "a number" if kind is object else kind.__name__
