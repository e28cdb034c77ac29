"""Errors in single values, before a reader adds the place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal

import attrs

from billhook.kernel.characters import SHOWN, quote
from billhook.kernel.diagnostics import Code, did_you_mean

__all__ = ["SHOWN", "BadValueError", "Unread", "quote", "show_value", "suggestion"]


class BadValueError(ValueError):
    """Error in a value; the reader adds the place.

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
        self.code: str = code.id
        self.message = message
        self.hint = hint
        self.name = name


@attrs.frozen
class Unread:
    """Stands in a tree of values for one that could not be read, until its place is known."""

    code: Code
    message: str
    hint: str | None = None

    @classmethod
    def of(cls, error: BadValueError) -> Unread:
        """Return what stands for a value that is wrong in this way."""
        return cls(Code(error.code, "", ""), error.message, error.hint)

    def mistake(self) -> BadValueError:
        """Return the mistake to raise where the value is wanted."""
        return BadValueError(self.code, self.message, self.hint)


def suggestion(word: str, known: Iterable[str]) -> str | None:
    """Return what was probably meant, among names that may be a user's and unfit to be shown."""
    return did_you_mean(word, [name for name in known if name.isprintable()])


def show_value(value: object) -> str:
    """Return a value as a message names it."""
    if isinstance(value, str):
        return f"the text {quote(value)}"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | Decimal):
        return _digits(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return _container(value)


def _container(value: object) -> str:
    words = {type(None): "nothing", list: "an array", tuple: "an array"}
    if isinstance(value, Mapping):
        return "a table"
    return words.get(type(value), f"a value of type {type(value).__name__}")


def _digits(value: int | Decimal) -> str:
    if isinstance(value, int) and abs(value) >= 10**SHOWN:
        # Python refuses to write out integers of thousands of digits.
        return "a huge number"
    text = str(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
