"""Words and dates: labels to be translated when drawn, periods, values with effective dates."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Generic, TypeVar

import attrs

T = TypeVar("T")

NBSP = "\u00a0"
"""The no-break space."""


@attrs.frozen
class Label:
    """A text in English that is translated when it is drawn.

    Attributes:
        domain: The catalogue, named like the import package that owns it.
        msgid: The English text; ``{name}`` marks a parameter.
        params: Values of the parameters; numbers and dates are formatted in the reader's locale.
    """

    domain: str
    msgid: str
    params: tuple[tuple[str, str | int | Decimal | dt.date | Label], ...] = ()

    def __str__(self) -> str:
        return fill(self.msgid, {name: str(value) for name, value in self.params})


Text = Label | str
"""A label to be translated, or the user's own words, which are not."""


def fill(template: str, values: Mapping[str, str]) -> str:
    """Return a template with each ``{name}`` replaced once; unknown names stay as they are.

    Never ``str.format``: a template may be the user's own words.
    """
    return _NAME.sub(lambda found: values.get(found[1], found[0]), template)


_NAME = re.compile(r"\{([a-z_][a-z0-9_]*)\}", re.ASCII)


def labels(domain: str) -> Callable[..., Label]:
    """Return the function ``_`` of a package: ``_("Page {page}", page=3)``."""

    def label(msgid: str, **params: str | int | Decimal | dt.date | Label) -> Label:
        return Label(domain, msgid, tuple(sorted(params.items())))

    return label


@attrs.frozen
class Period:
    """Days from the first to the last, both included (EN 16931, BT-73 and BT-74)."""

    first: dt.date
    last: dt.date

    def __attrs_post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"the period ends ({self.last}) before it begins ({self.first})")

    def __contains__(self, day: dt.date) -> bool:
        return self.first <= day <= self.last

    def __str__(self) -> str:
        return f"{self.first}..{self.last}"


@attrs.frozen
class Dated(Generic[T]):
    """A value in force from a day on, until the day before ``until``.

    Attributes:
        value: What is in force.
        since: First day in force; ``None`` is "always before".
        until: First day no longer in force; ``None`` is "open".
    """

    value: T
    since: dt.date | None = None
    until: dt.date | None = None

    def covers(self, day: dt.date) -> bool:
        """Return whether the value is in force on ``day``: since ≤ day < until."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day < self.until
        )


def in_force(entries: Iterable[Dated[T]], day: dt.date) -> list[Dated[T]]:
    """Return the entries in force on a day: none is a gap, more than one an overlap."""
    return [entry for entry in entries if entry.covers(day)]


def overlaps(entries: Iterable[Dated[T]]) -> list[tuple[Dated[T], Dated[T]]]:
    """Return each entry that begins while an earlier one is in force, after the longest of them."""
    found: list[tuple[Dated[T], Dated[T]]] = []
    longest: Dated[T] | None = None
    for entry in sorted(entries, key=lambda e: e.since or dt.date.min):
        if longest is not None and (entry.since is None or entry.since < _end(longest)):
            found.append((longest, entry))
        if longest is None or _end(entry) > _end(longest):
            longest = entry
    return found


def _end(entry: Dated[T]) -> dt.date:
    return entry.until or dt.date.max


def counted(count: int, word: str) -> str:
    """Return ``1 job`` or ``2 jobs``."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
