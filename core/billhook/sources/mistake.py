"""A mistake in one value, on its way to becoming a finding."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

import attrs

from billhook.diagnostics import Code

SHOWN = 40


class Mistake(ValueError):
    """What is wrong with a value; the reader adds the place.

    A plugin's attrs validators may raise it too, to give a code of their own; a plain
    ``ValueError`` becomes BH114.

    Attributes:
        code: The code's id.
        message: What was found and what was expected.
        hint: What to do.
        name: The attribute at fault, when a validator of a whole record knows it.
    """

    def __init__(
        self, code: Code, message: str, hint: str | None = None, *, name: str | None = None
    ) -> None:
        super().__init__(message)
        self.code = code.id
        self.message = message
        self.hint = hint
        self.name = name


@attrs.frozen
class Unread:
    """Stands in a tree of values for one that could not be read, until its place is known."""

    code: Code
    message: str
    hint: str | None = None

    def mistake(self) -> Mistake:
        """Return the mistake to raise where the value is wanted."""
        return Mistake(self.code, self.message, self.hint)


def quoted(text: str) -> str:
    """Return a text in quotes, escaped and cut to a readable length."""
    return repr(text) if len(text) <= SHOWN else f"{text[:SHOWN]!r}…"


def shown(value: object) -> str:
    """Return a value as a message names it."""
    match value:
        case str():
            return f"the text {quoted(value)}"
        case bool():
            return "true" if value else "false"
        case int() | Decimal():
            return _digits(value)
        case dt.date() | dt.time():
            return value.isoformat()
        case None:
            return "nothing"
        case Mapping():
            return "a table"
        case list() | tuple():
            return "an array"
        case _:
            return f"a value of type {type(value).__name__}"


def _digits(value: int | Decimal) -> str:
    if isinstance(value, int) and value.bit_length() > 200:
        return "a huge number"
    text = str(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
