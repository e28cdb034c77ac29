"""Cells: a table's column looked at as a whole, and written cell by cell.

A column of amounts in the document's currency is printed without a sign, quantities of a unit have
the same number of decimals in a column, and a number knows where its decimal point stands, or where
its unit begins, so that every renderer sets straight columns.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from billhook.i18n.direction import Align, IsolateKind
from billhook.kernel.currencies import MINOR_UNITS
from billhook.kernel.figure import MOST_DECIMALS, PERCENT, PURE, Figure
from billhook.kernel.text import Label, Period
from billhook.model.section import Cell, Column
from billhook.render.document.localized_text import Wording


class FormattedCell(NamedTuple):
    """A cell as it is read.

    Attributes:
        text: The text.
        axis: Where the decimal point or, without one, what follows the last digit stands in a
            number; ``None`` in any other text, and where digits are mixed with letters from
            right to left.
        kind: What it is.
    """

    text: str
    axis: int | None = None
    kind: Literal["words", "number", "date"] = "words"


EMPTY = FormattedCell("")


class ColumnFormat:
    """A column, looked at as a whole and then written cell by cell.

    Attributes:
        point: The decimal sign of the locale.
        align: How the column is aligned.
        of_one_rate: Whether its rates are all for one unit, which is then not said in each cell.
        decimals: Decimals of the finest value of each unit.
        measured: Whether it has quantities with units, which begin below each other.
        is_carried: Whether its running sum is carried from page to page.
    """

    def __init__(
        self, wording: Wording, currency: str, column: Column, cells: tuple[Cell, ...]
    ) -> None:
        self.wording = wording
        self.point: str = wording.point
        self.currency = currency
        self.cells = cells
        self._kinds: set[type] = set(map(type, cells))
        figures = self._figures()
        units = {unit for unit, _ in figures}
        self.align: Align = _align(column, self._kinds)
        self.of_one_rate: bool = len({unit for unit in units if "/" in unit}) == 1
        self.decimals: dict[str, int] = _decimals_by_unit([*figures, *self._bare()])
        self.measured: bool = any(
            unit not in (PURE, PERCENT) and not _is_money(unit) for unit in units
        )
        self.is_carried: bool = column.carry and units == {currency}

    def _figures(self) -> set[tuple[str, Decimal]]:
        """Return the column's figures, equal ones once."""
        if Figure not in self._kinds:
            return set()
        return {(each.unit, each.value) for each in self.cells if type(each) is Figure}

    def _bare(self) -> Iterator[tuple[str, Decimal]]:
        if any(issubclass(kind, Decimal) for kind in self._kinds):
            yield from ((PURE, cell) for cell in self.cells if isinstance(cell, Decimal))

    def written(self) -> list[FormattedCell]:
        """Return the column's cells as they are read; equal figures and dates are written once."""
        if self._kinds == {Figure}:
            return self._format_repeated(
                [(c.unit, c.value) for c in self.cells if type(c) is Figure]
            )
        if self._kinds == {dt.date}:
            return self._format_repeated(self.cells)
        if self.wording.rtl:
            return [self.write(cell) for cell in self.cells]
        # Plain words among words from left to right stand as they are.
        return [
            FormattedCell(cell) if type(cell) is str and cell.isascii() else self.write(cell)
            for cell in self.cells
        ]

    def _format_repeated(self, keys: Sequence[Hashable]) -> list[FormattedCell]:
        """Return cells of which many may be equal, told by their keys."""
        firsts = dict(zip(keys, self.cells, strict=True))
        made = {key: self.write(cell) for key, cell in firsts.items()}
        return [made[key] for key in keys]

    def write(self, cell: Cell) -> FormattedCell:
        """Return a cell as it is read."""
        if isinstance(cell, str):
            return FormattedCell(self.wording.words(cell)) if cell else EMPTY
        if cell is None:
            return EMPTY
        if isinstance(cell, Label):
            return FormattedCell(self.wording.text(cell))
        if isinstance(cell, (dt.date, Period)):
            return FormattedCell(self.wording.cell(cell), kind="date")
        if isinstance(cell, Figure):
            return self._figure(cell)
        return self._align_on_point(self._number(cell), "" if self.measured else self.point)

    def _figure(self, figure: Figure) -> FormattedCell:
        """Return a figure as it is read; rates and quantities are met on bill after bill."""
        unit, value, decimals = figure.unit, figure.value, self.decimals.get(figure.unit)
        # What is written of it depends on nothing else.
        key = (
            self.wording.locale,
            self.currency,
            unit,
            value,
            decimals,
            self.of_one_rate,
            self.measured,
        )
        found = _WRITTEN.get(key)
        if found is None:
            if len(_WRITTEN) >= _KEPT:
                _WRITTEN.clear()
            # Quantities of several units end below each other, and their units begin there; what
            # is money has its decimal points in a line.
            point = "" if self.measured and not _is_money(unit) else self.point
            found = _WRITTEN[key] = self._align_on_point(self._number(figure), point)
        return found

    def sum(self, value: Decimal) -> FormattedCell:
        """Return a carried sum as it is read."""
        return self._align_on_point(self._money(value), self.point)

    def _align_on_point(self, text: str, point: str) -> FormattedCell:
        isolated = self.wording.isolate(text, IsolateKind.FORMATTED)
        return FormattedCell(isolated, axis_of(text, point) if isolated == text else None, "number")

    def _number(self, cell: Figure | Decimal | int) -> str:
        if not isinstance(cell, Figure):
            return self.wording.numbers.quantity(Decimal(cell), self.decimals.get(PURE, 0))
        money, slash, per = cell.unit.partition("/")
        if money == self.currency:
            return self._rate(cell.value, per) if slash else self._money(cell.value)
        if money in MINOR_UNITS:
            return self.wording.numbers.figure(cell)
        return self._percent(cell.value) if cell.unit == PERCENT else self._quantity(cell)

    def _quantity(self, cell: Figure) -> str:
        numbers, decimals = self.wording.numbers, self.decimals.get(cell.unit, 0)
        if cell.unit == PURE:
            return numbers.quantity(cell.value, decimals)
        return numbers.unit(cell.value, cell.unit, decimals)

    def _money(self, value: Decimal) -> str:
        minor = MINOR_UNITS[self.currency]
        if is_finer(value, minor):
            return self.wording.numbers.quantity(value, minor)
        return self.wording.numbers.amount(value, self.currency, symbol=False)

    def _percent(self, value: Decimal) -> str:
        """Return a percentage with as many decimals as the finest of the column."""
        number = self.wording.numbers.quantity(value, self.decimals.get(PERCENT, 0))
        return self.wording.numbers.percent(Decimal(1)).replace("1", number)

    def _rate(self, value: Decimal, per: str) -> str:
        price = self.wording.numbers.quantity(value, MINOR_UNITS[self.currency])
        return price if self.of_one_rate else self.wording.numbers.per(price, per)


_WRITTEN: dict[tuple[object, ...], FormattedCell] = {}
"""Figures as they were written, by all that it depends on."""
_KEPT = 20_000


def decimals_of(value: Decimal) -> int:
    """Return how many decimals a value needs."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def is_finer(value: Decimal, decimals: int) -> bool:
    """Return whether a value needs more decimals than so many."""
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and -exponent > decimals and decimals_of(value) > decimals


def axis_of(text: str, point: str) -> int | None:
    """Return where a written number's decimals, or what follows its digits, begin.

    Args:
        text: The number with its signs and units.
        point: The decimal sign of its locale; empty for the end of the digits.
    """
    digits = _DIGITS.search(text)
    if digits is None:
        return None
    found = text.find(point, digits.start(), digits.end() - 1) if point else -1
    if found >= 0:
        return found
    number = _FIRST_NUMBER.search(text)
    return number.end() if number else None


_DIGITS = re.compile(r"[0-9](?:.*[0-9])?", re.DOTALL)
_FIRST_NUMBER = re.compile(r"[0-9](?:[^0-9]?[0-9])*")
"""A blank or a sign between two digits groups them."""


def _decimals_by_unit(values: Iterable[tuple[str, Decimal]]) -> dict[str, int]:
    """Return how many decimals the finest value of each unit has; money has its own."""
    found: dict[str, int] = {}
    for unit, value in values:
        if not _is_money(unit):
            found[unit] = min(MOST_DECIMALS, max(decimals_of(value), found.get(unit, 0)))
    return found


def _is_money(unit: str) -> bool:
    return unit.partition("/")[0] in MINOR_UNITS


def _align(column: Column, kinds: Iterable[type]) -> Align:
    if column.align != "auto":
        return _NAMED[column.align]
    numeric = any(issubclass(kind, Figure | Decimal | int) for kind in kinds)
    return "end" if numeric else "start"


_NAMED: dict[str, Align] = {"left": "start", "right": "end", "center": "center"}
