"""Locator: where in a source a value stands, and how to show it."""

from __future__ import annotations

import bisect
import re
import unicodedata
from collections.abc import Iterator
from typing import Protocol

import attrs

from billhook.kernel.diagnostics import Diagnostic, Findings, Severity
from billhook.kernel.origin import Origin
from billhook.sources.bad_value import BadValueError

KeyPath = tuple[str | int, ...]
"""Keys and indices from the root of a document to a value."""

WIDEST = 160
_BARE = re.compile(r"[\w-]+")


@attrs.frozen
class Location:
    """A place in a source.

    Attributes:
        origin: File, line and column.
        path: The place's name inside the source, as findings show it.
        excerpt: The line, fit for a terminal.
        width: How many columns to mark.
    """

    origin: Origin
    path: str | None = None
    excerpt: str | None = None
    width: int = 1


class Locator(Protocol):
    """Something that knows where its values stand."""

    def place(self, path: KeyPath) -> Location:
        """Return the place of a value, or of the nearest thing around it."""
        ...


def show_path(path: KeyPath) -> str:
    """Return a path as text: ``rates[2].per_hour``; odd keys are quoted and escaped."""
    return "".join(_steps(path)).removeprefix(".")


def _steps(path: KeyPath) -> Iterator[str]:
    for part in path:
        if isinstance(part, int):
            yield f"[{part}]"
        else:
            yield f".{part}" if _BARE.fullmatch(part) else f".{part[:WIDEST]!r}"


def excerpt(line: str, column: int, width: int = 1) -> str | None:
    """Return a line for a terminal, column for column, or nothing when it is too long to help."""
    if column + width > WIDEST:
        return None
    text = line.rstrip("\r\n")
    if len(text) > WIDEST:
        text = f"{text[: WIDEST - 1]}…"
    return text if text.isascii() and text.isprintable() else "".join(map(_visible, text))


def _visible(char: str) -> str:
    if char == "\t":
        return " "
    return "\ufffd" if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else char


class Lines:
    """The lines of a text, found by offset."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def at(self, offset: int) -> tuple[int, int]:
        """Return line and column, both from 1, of an offset."""
        line = bisect.bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def line(self, number: int) -> str:
        """Return a line by its number; empty when there is none."""
        if not 1 <= number <= len(self._starts):
            return ""
        end = self._starts[number] if number < len(self._starts) else len(self._text)
        return self._text[self._starts[number - 1] : end]


def point(name: str, lines: Lines, line: int, column: int, width: int = 1) -> Location:
    """Return the place of a line and column of a text."""
    shown = excerpt(lines.line(line), column, width)
    return Location(Origin(name, line, column), None, shown, width)


def report(
    findings: Findings, mistake: BadValueError, place: Location, severity: Severity = Severity.ERROR
) -> None:
    """Add a mistake, at its place, to the findings."""
    findings.add(
        Diagnostic(
            mistake.code,
            mistake.message,
            severity,
            place.origin,
            place.path,
            mistake.hint,
            place.excerpt,
            place.width,
        )
    )
