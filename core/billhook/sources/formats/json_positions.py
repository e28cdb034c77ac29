"""Positions of the values of a JSON document.

It may assume that the text is valid, because Python's reader has accepted it.
"""

from __future__ import annotations

import json
import re

from billhook.sources.document import ScanError
from billhook.sources.location import KeyPath, Lines

_TOKEN = re.compile(r'[ \t\r\n]*("(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+)')


def positions(text: str) -> dict[KeyPath, tuple[int, int]]:
    """Return line and column, both from 1, of every key and array item.

    Args:
        text: A valid JSON document.
    """
    found, _ = _scan(text)
    lines = Lines(text)
    return {path: lines.at(offset) for path, offset in found.items()}


def duplicates(text: str) -> list[tuple[KeyPath, tuple[int, int]]]:
    """Return the keys that stand twice in one object, each at its second place."""
    _, doubled = _scan(text)
    lines = Lines(text)
    return [(path, lines.at(offset)) for path, offset in doubled]


def _scan(text: str) -> tuple[dict[KeyPath, int], list[tuple[KeyPath, int]]]:
    """Walk over the tokens with a stack of open containers; an object's key is the next path."""
    found: dict[KeyPath, int] = {}
    doubled: list[tuple[KeyPath, int]] = []
    stack: list[tuple[KeyPath, str]] = []
    path: KeyPath = ()
    key_next = False
    for token, offset in _tokens(text):
        kind = token[0]
        if kind in "}]":
            path, _ = stack.pop()
        elif kind == "," and stack:
            path, key_next = _next(path, stack[-1])
        elif kind == ":":
            key_next = False
        elif key_next:
            key = json.loads(token) if "\\" in token else token[1:-1]
            path = (*stack[-1][0], key)
            if path in found:
                doubled.append((path, offset))
            found[path] = offset
        else:
            if path and isinstance(path[-1], int):
                found[path] = offset
            if kind in "{[":
                stack.append((path, kind))
                path, key_next = (path, True) if kind == "{" else ((*path, 0), False)
    return found, doubled


def _next(path: KeyPath, container: tuple[KeyPath, str]) -> tuple[KeyPath, bool]:
    parent, kind = container
    if kind == "{":
        return parent, True
    last = path[-1]
    if not isinstance(last, int):
        raise ScanError("the scanner was given a text that is no JSON")
    return (*parent, last + 1), False


def _tokens(text: str) -> list[tuple[str, int]]:
    return [(found[1], found.start(1)) for found in _TOKEN.finditer(text)]
