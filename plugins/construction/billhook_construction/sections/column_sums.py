"""Sums of columns of the sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from billhook.kernel.figure import Figure, total
from billhook_construction.state import SheetRow

Money = Literal["value", "previous", "current", "stored", "to_date", "balance", "retained"]
"""The columns of money."""


def comparable(rows: Sequence[SheetRow]) -> bool:
    """Return whether rows together have a percentage that says something.

    Additions that are done beside a deduction that is not come to more than all, or to less than
    nothing, though no row is beyond its value.
    """
    values = [row.value.value for row in rows]
    value, to_date = sum_of(rows, "value").value, sum_of(rows, "to_date").value
    low, high = sorted((value, value * 0))
    return min(values) >= 0 or max(values) <= 0 or low <= to_date <= high


def sum_of(rows: Sequence[SheetRow], column: Money) -> Figure:
    """Return the sum of a column over some rows, at least one."""
    return total((getattr(row, column) for row in rows), f"construction.column.{column}")
