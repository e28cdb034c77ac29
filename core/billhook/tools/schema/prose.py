"""Descriptions for editors and terminals, taken from the docstrings of classes and attributes."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import get_origin

_ENTRY = re.compile(r"    (\w+): (.*)")
_SECTION = re.compile(r"[A-Z][a-z]+:$")


def summary(cls: type) -> str:
    """Return the first sentence of a class's docstring."""
    return _plain(_documentation(cls).partition("\n\n")[0])


def attribute_prose(cls: type) -> dict[str, str]:
    """Return what docstrings say of each attribute, those of the classes above included."""
    found: dict[str, str] = {}
    for each in reversed((get_origin(cls) or cls).__mro__):
        found.update(_entries(_documentation(each)))
    return found


def _documentation(cls: type) -> str:
    return inspect.cleandoc((get_origin(cls) or cls).__doc__ or "")


def _entries(text: str) -> Iterator[tuple[str, str]]:
    name, lines = "", list[str]()
    for line in _section(text, "Attributes:"):
        entry = _ENTRY.match(line)
        if entry is None:
            lines.append(line.strip())
            continue
        if name:
            yield name, _plain(" ".join(lines))
        name, lines = entry[1], [entry[2]]
    if name:
        yield name, _plain(" ".join(lines))


def _section(text: str, title: str) -> Iterator[str]:
    inside = False
    for line in text.splitlines():
        if _SECTION.match(line):
            inside = line == title
        elif inside and line.strip():
            yield line


def _plain(text: str) -> str:
    return " ".join(text.replace("``", "`").split())
