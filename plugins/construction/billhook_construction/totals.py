"""Sums of columns of the sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from billhook.figure import Figure, total
from billhook_construction.state import SheetRow

Money = Literal["value", "previous", "current", "stored", "to_date", "balance", "retained"]
"""The columns of money."""

MONEY: tuple[Money, ...] = (
    "value",
    "previous",
    "current",
    "stored",
    "to_date",
    "balance",
    "retained",
)


def sum_of(rows: Sequence[SheetRow], column: Money) -> Figure:
    """Return the sum of a column over some rows, at least one."""
    return total((getattr(row, column) for row in rows), f"construction.column.{column}")
