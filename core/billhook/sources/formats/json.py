"""JSON and JSON Lines: values by Python's reader, with decimals kept and doubles refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal

from billhook.kernel.diagnostics import Findings
from billhook.kernel.origin import Origin
from billhook.sources import codes
from billhook.sources.bad_value import BadValueError, Unread, quote
from billhook.sources.document import LocatedDocument, Positions, too_deep
from billhook.sources.encoding import decode
from billhook.sources.formats import json_positions
from billhook.sources.limits import (
    DOCUMENT_BYTES,
    FILE_BYTES,
    ROWS,
    nesting_error,
    too_large,
    too_many_rows,
)
from billhook.sources.location import KeyPath, Lines, Location, point, report, show_path
from billhook.sources.parsing import parse_decimal


def read_json(
    data: bytes, name: str, findings: Findings, encoding: str = "utf-8"
) -> LocatedDocument | None:
    """Return a JSON document, or nothing, after having said why.

    Numbers with a point become `Decimal`; exponents, ``NaN`` and ``Infinity`` are refused where
    they are used.

    Args:
        data: The file's bytes.
        name: The file's name, for findings.
        findings: Where to report.
        encoding: The declared encoding.
    """
    if len(data) > DOCUMENT_BYTES:
        report(findings, too_large(len(data), DOCUMENT_BYTES), Location(Origin(name)))
        return None
    text = decode(data, encoding, name, findings)
    if text is None:
        return None
    try:
        root = _load(text)
    except _JsonError as error:
        _report(findings, error, Lines(text), name)
        return None
    return LocatedDocument(name, root, text, json_positions.positions)


def read_json_lines(
    data: bytes, name: str, findings: Findings, encoding: str = "utf-8"
) -> LocatedDocument | None:
    """Return a document whose root is the array of the lines' values; empty lines are none.

    Lines with mistakes are reported and left out.

    Args:
        data: The file's bytes.
        name: The file's name, for findings.
        findings: Where to report.
        encoding: The declared encoding.
    """
    if len(data) > FILE_BYTES:
        report(findings, too_large(len(data), FILE_BYTES), Location(Origin(name)))
        return None
    text = decode(data, encoding, name, findings)
    if text is None:
        return None
    numbered = list(_filled_lines(text))
    if len(numbered) > ROWS:
        report(findings, too_many_rows(), Location(Origin(name)))
        return None
    return _read_lines(text, numbered, name, findings)


def _filled_lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip(" \t\r"):
            yield number, line


def _read_lines(
    text: str, numbered: list[tuple[int, str]], name: str, findings: Findings
) -> LocatedDocument:
    good: list[tuple[int, str]] = []
    root: list[object] = []
    lines = Lines(text)
    for number, line in numbered:
        try:
            root.append(_load(line))
        except _JsonError as error:
            _report(findings, error, lines, name, number)
        else:
            good.append((number, line))
    return LocatedDocument(name, root, text, lambda _: _line_positions(good))


def _line_positions(numbered: list[tuple[int, str]]) -> Positions:
    found: dict[KeyPath, tuple[int, int]] = {}
    for index, (number, line) in enumerate(numbered):
        found[index,] = (number, 1)
        for path, (_, column) in json_positions.positions(line).items():
            found[index, *path] = (number, column)
    return found


class _JsonError(ValueError):
    """A text that is no JSON for us, with the places of what is wrong."""

    def __init__(self, *mistakes: tuple[BadValueError, tuple[int, int] | None, str | None]) -> None:
        super().__init__()
        self.mistakes = mistakes


def _load(text: str) -> object:
    try:
        root = json.loads(
            text,
            parse_float=_number,
            parse_int=_integer,
            parse_constant=_number,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as error:
        place = alike(error)
        message = f"{place.msg[:1].lower()}{place.msg[1:]}"
        raise _JsonError(
            (BadValueError(codes.SYNTAX, message), (place.lineno, place.colno), None)
        ) from None
    except RecursionError:
        raise _JsonError((nesting_error(), None, None)) from None
    except _DuplicateError:
        raise _JsonError(*_duplicates(text)) from None
    if too_deep(root):
        raise _JsonError((nesting_error(), None, None))
    return root


def alike(error: json.JSONDecodeError) -> json.JSONDecodeError:
    """Return what is wrong as every Python says it: until 3.13 none knew of a surplus comma."""
    ended = _ENDS.get((error.msg, error.doc[error.pos : error.pos + 1]))
    before = error.doc[: error.pos].rstrip()
    if ended is None or not before.endswith(","):
        return error
    message = f"Illegal trailing comma before end of {ended}"
    return json.JSONDecodeError(message, error.doc, len(before) - 1)


_ENDS = {
    ("Expecting property name enclosed in double quotes", "}"): "object",
    ("Expecting value", "]"): "array",
}


class _DuplicateError(ValueError):
    """An object has a key twice."""


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise _DuplicateError
    return values


def _duplicates(text: str) -> Iterator[tuple[BadValueError, tuple[int, int], str]]:
    for path, position in json_positions.duplicates(text):
        key = path[-1]
        message = f"key {quote(str(key))} appears twice in one object"
        yield BadValueError(codes.DUPLICATE, message), position, show_path(path)


def _report(
    findings: Findings, error: _JsonError, lines: Lines, name: str, number: int | None = None
) -> None:
    """Report what is wrong with a document, or with the line of that number."""
    for mistake, position, path in error.mistakes:
        line, column = position or (1, 1)
        line += number - 1 if number else 0
        place = point(name, lines, line, column)
        if position is None and number is None:
            place = Location(Origin(name))
        report(findings, mistake, Location(place.origin, path, place.excerpt))


def _integer(text: str) -> int | Unread:
    value = _number(text)
    return int(value) if isinstance(value, Decimal) else value


def _number(text: str) -> Decimal | Unread:
    try:
        return parse_decimal(text)
    except BadValueError:
        return Unread(
            codes.NUMBER,
            f"expected a plain number, got {quote(text)[1:-1]}",
            "write the number with digits and a point only, or as a text in quotes",
        )
