"""TOML syntax errors in plain words."""

from __future__ import annotations

import re
import unicodedata

import attrs

from billhook.sources.bad_value import quote

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[+-]?[0-9][^#\]}]*")
_DATELIKE = re.compile(r"[0-9]+([./-])[0-9]+\1[0-9]+\b.*")
_WORD = re.compile(r"\w[^,\]}#]*")
_NAME = re.compile(r"\s*\[{0,2}\s*([^=\]]*[^=\]\s])")
_VALUE = re.compile(r"[^=]*=\s*")
_ANSWERS = {"yes": "true", "no": "false", "on": "true", "off": "false"}


@attrs.frozen
class TomlMessage:
    """A mistake of form in words.

    Attributes:
        message: What is wrong.
        column: Where in the line, from 1.
        hint: What to do.
        width: How many columns to mark.
    """

    message: str
    column: int
    hint: str | None = None
    width: int = 1


def describe(message: str, line: str, column: int) -> TomlMessage:
    """Return the reader's message in words.

    Args:
        message: What the reader says.
        line: The line of the file.
        column: Where in it the reader stopped, from 1.
    """
    if message.startswith(("Cannot overwrite", "Cannot declare")):
        return _twice(line, column)
    if message in {"Illegal character '\\n'", 'Expected "\'"', "Unterminated string"}:
        hint = 'close it with ", or write a text of several lines between """ and """'
        return TomlMessage("a text does not end", column, hint)
    if message.startswith(("Invalid value", "Invalid date", "Expected newline")):
        return _no_value(message, line, column)
    hints = {
        "Expected '=' after a key": 'a line is a key, = and a value: name = "Acme"',
        "Unescaped '\\' in a string": "write \\\\, or put the text between ' and '",
        "Unclosed array": "close it with ]",
        "Unclosed inline table": "close it with }",
    }
    found = [hint for start, hint in hints.items() if message.startswith(start)]
    return TomlMessage(message[:1].lower() + message[1:], column, found[0] if found else None)


def _twice(line: str, column: int) -> TomlMessage:
    found = _NAME.match(line)
    if found is None:
        return TomlMessage("a key is set a second time", column)
    hint = "keep one of them; [[name]] begins an entry of a list, [name] a table"
    name = found[1]
    return TomlMessage(f"{quote(name)} is set a second time", found.start(1) + 1, hint, len(name))


def _no_value(message: str, line: str, column: int) -> TomlMessage:
    """Tell a value that is none from a good one with something behind it."""
    before = _VALUE.match(line)
    stopped = message.startswith("Expected newline")
    start = before.end() if stopped and before and before.end() < column else column - 1
    rest = line[start:].rstrip()
    for pattern, tell in ((_DAY, _day), (_NUMBER, _number), (_WORD, _word)):
        found = pattern.match(rest)
        if found:
            text = found[0].rstrip()
            what, hint = tell(text)
            return TomlMessage(what, start + 1, hint, len(text))
    if not rest:
        return TomlMessage("expected a value, got nothing", column)
    hint = "a value ends its line" if stopped else None
    if unicodedata.category(rest[0]) in {"Pi", "Pf", "Ps"} and not rest[0].isascii():
        hint = 'write straight quotes: "'
    return TomlMessage(f"expected a value, got {quote(rest)}", column, hint)


def _day(text: str) -> tuple[str, str | None]:
    return f"there is no day {quote(text)}", None


def _number(text: str) -> tuple[str, str | None]:
    if _DATELIKE.fullmatch(text):
        return f"expected a date (YYYY-MM-DD), got {quote(text)}", "write it like 2026-06-30"
    hint = "write the number alone, with digits and a point: 1250.50; a text is put in quotes"
    return f"expected a number, got {quote(text)}", hint


def _word(text: str) -> tuple[str, str | None]:
    answer = _ANSWERS.get(text.lower(), text.lower())
    hint = f"write {answer}" if answer in {"true", "false"} else "put a text in quotes"
    return f"expected a value, got {quote(text)}", hint
