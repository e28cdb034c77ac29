"""Ranges as part of a type: ``Annotated[Decimal, above(0)]``.

They belong into the type, not into an attrs validator, because a validator runs only when all
other values are good, and cannot say which key is at fault.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import attrs

from billhook.sources import codes
from billhook.sources.bad_value import BadValueError, show_value

Ordered = int | Decimal | dt.date


@attrs.frozen(kw_only=True)
class Range:
    """Range of a number or date; a missing end is open.

    Attributes:
        least: Smallest value allowed.
        most: Greatest value allowed.
        above: The value must be greater than this.
        below: The value must be less than this.
    """

    least: Ordered | None = None
    most: Ordered | None = None
    above: Ordered | None = None
    below: Ordered | None = None

    def check(self, value: Ordered) -> None:
        """Check a value.

        Raises:
            BadValueError: It is out of range (BH115).
        """
        if not self._holds(value):
            raise BadValueError(codes.RANGE, f"expected {self}, got {show_value(value)}")

    def _holds(self, value: Ordered) -> bool:
        return (
            (self.least is None or not _less(value, self.least))
            and (self.most is None or not _less(self.most, value))
            and (self.above is None or _less(self.above, value))
            and (self.below is None or _less(value, self.below))
        )

    def __str__(self) -> str:
        words = {
            "at least": self.least,
            "at most": self.most,
            "above": self.above,
            "below": self.below,
        }
        return " and ".join(f"{word} {end}" for word, end in words.items() if end is not None)


def _less(one: Ordered, two: Ordered) -> bool:
    if isinstance(one, dt.date) or isinstance(two, dt.date):
        return isinstance(one, dt.date) and isinstance(two, dt.date) and one < two
    return one < two


def above(end: Ordered) -> Range:
    """Return the range of values greater than ``end``."""
    return Range(above=end)


def below(end: Ordered) -> Range:
    """Return the range of values less than ``end``."""
    return Range(below=end)


def at_least(end: Ordered) -> Range:
    """Return the range from ``end`` on, ``end`` included."""
    return Range(least=end)


def at_most(end: Ordered) -> Range:
    """Return the range up to ``end``, ``end`` included."""
    return Range(most=end)


def between(least: Ordered, most: Ordered) -> Range:
    """Return the range between two values, both included."""
    return Range(least=least, most=most)
