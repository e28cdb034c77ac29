"""Credits by amount: a sum, divided over what is left of each group of tax classes.

The sum includes tax.  It is divided over the groups by what is left of their gross, and within a
group over what is left of the base and of each tax, by largest remainder.  A credit of all that is
left also takes what is left of adjustments after tax and of the cash rounding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Final

import attrs

from billhook.credit.balance import ZERO, Billed, Cell, Group, cash, groups
from billhook.credit.by_lines import Parts, rebased
from billhook.kernel.figure import Figure, given, less, share, shares, total
from billhook.kernel.money import currency
from billhook.kernel.origin import Origin
from billhook.kernel.text import labels
from billhook.model.adjustment import Applied, Stage
from billhook.model.invoice import Line
from billhook.model.tax import TaxLine

_: Final = labels("billhook")

PART = "core.credit.part"
LEFT = "core.credit.left"
BEFORE = "core.credit.before"


class Unfit(ValueError):  # noqa: N818 - a reason, not an error of the program
    """The amount cannot be taken off this bill; the message says why."""


def left_gross(billed: Billed) -> Figure:
    """Return what is left of a document's gross total."""
    return _Remainder(billed).gross


def parts_of_amount(billed: Billed, amount: Figure) -> Parts:
    """Return the parts of a bill that a credit of ``amount``, tax included, takes back.

    Raises:
        Unfit: It is more than what is left, or what is left has amounts of both signs.
    """
    remainder = _Remainder(billed)
    if amount.value <= ZERO:
        raise Unfit(f"a sum to be credited is above zero, got {amount.value} {amount.unit}")
    if amount.value > remainder.gross.value:
        raise Unfit(
            f"{amount.value} is more than the {remainder.gross.value} {amount.unit} that are left"
        )
    return remainder.parts(amount)


def parts_left(billed: Billed) -> Parts:
    """Return all that is left of a bill.

    Raises:
        Unfit: What is left has amounts of both signs.
    """
    remainder = _Remainder(billed)
    return remainder.parts(remainder.gross)


@attrs.frozen
class _Left:
    """What is left of a group: its base, and each of its taxes."""

    group: Group
    base: Figure
    taxes: tuple[Figure, ...]

    @cached_property
    def charged(self) -> list[Figure]:
        """The base and the taxes that the buyer pays to the seller."""
        rows = zip(self.group.rows, self.taxes, strict=True)
        return [self.base, *(tax for row, tax in rows if not row.withheld)]

    @cached_property
    def gross(self) -> Figure:
        return total(self.charged, LEFT)


@attrs.define(slots=False)
class _Remainder:
    """What is left of one bill."""

    billed: Billed

    @cached_property
    def _lefts(self) -> list[_Left]:
        invoice = self.billed.invoice
        return [
            _Left(
                group,
                self._left(
                    total(group.base_parts(invoice), "core.tax.base", invoice.currency),
                    ("base", group.name),
                ),
                tuple(
                    self._left(row.amount, ("tax", group.name, str(place)))
                    for place, row in enumerate(group.rows)
                ),
            )
            for group in groups(invoice)
        ]

    @cached_property
    def gross(self) -> Figure:
        return total((left.gross for left in self._lefts), LEFT, self.billed.invoice.currency)

    @cached_property
    def _credited(self) -> dict[Cell, Decimal]:
        return dict(self.billed.credited)

    def _left(self, whole: Figure, cell: Cell) -> Figure:
        taken = self._credited.get(cell, ZERO)
        if not taken:
            return whole
        numbers = ", ".join(credit.number or "" for credit in self.billed.credits)
        return less(whole, given(taken, whole.unit, BEFORE, Origin(numbers)), rule=LEFT)

    def parts(self, amount: Figure) -> Parts:
        lefts = [left for left in self._lefts if any(each.value for each in left.charged)]
        if any(each.value < 0 for left in lefts for each in left.charged):
            raise Unfit("what is left has amounts of both signs, which a sum cannot be divided by")
        sums = _divided(amount, [left.gross for left in lefts])
        pairs = [_shared(left, sum_) for left, sum_ in zip(lefts, sums, strict=True)]
        taken = [
            (left.group, base, taxes) for left, (base, taxes) in zip(lefts, pairs, strict=True)
        ]
        whole = amount.value == self.gross.value
        step = currency(amount.unit).step
        return Parts(
            tuple(self._lines(taken)),
            tuple(self._later()) if whole else (),
            tuple(row for group, base, taxes in taken for row in _rows(group, base, taxes, self)),
            self._left(cash(self.billed.invoice), ("cash",))
            if whole
            else given(step * 0, amount.unit, "core.zero"),
        )

    def base_of(self, group: Group) -> Figure:
        """Return a group's base on the bill."""
        invoice = self.billed.invoice
        return total(group.base_parts(invoice), "core.tax.base", invoice.currency)

    def _lines(self, taken: Sequence[tuple[Group, Figure, list[Figure]]]) -> Iterator[Line]:
        number = self.billed.document.number or ""
        known = {line.id for line in self.billed.invoice.lines}
        for place, (group, base, _taxes) in enumerate(taken, 1):
            id_ = f"credited-{place}"
            while id_ in known:
                id_ += "-"
            yield Line(
                id=id_,
                description=_("Credit on {number}", number=number),
                amount=base,
                tax_class=group.classes[0],
            )

    def _later(self) -> Iterator[Applied]:
        for applied in self.billed.invoice.adjustments:
            if applied.stage is Stage.AFTER_TAX:
                amount = self._left(applied.amount, ("after", applied.id))
                if amount.value:
                    yield attrs.evolve(applied, amount=amount, base=None)


def _divided(amount: Figure, weights: Sequence[Figure]) -> list[Figure]:
    return shares(amount, weights, currency(amount.unit).step, PART) if weights else []


def _shared(left: _Left, amount: Figure) -> tuple[Figure, list[Figure]]:
    """Return the base and the taxes of a group in a part of its gross."""
    base, *charged = _divided(amount, left.charged)
    taxes, charges = [], iter(charged)
    for row, tax in zip(left.group.rows, left.taxes, strict=True):
        taxes.append(_like(tax, amount, left.gross) if row.withheld else next(charges))
    return base, taxes


def _like(tax: Figure, amount: Figure, whole: Figure) -> Figure:
    """Return the part of a withheld tax that ``amount`` is of ``whole``."""
    rest = less(whole, amount, rule=LEFT)
    return share(tax, (amount, rest), 0, currency(tax.unit).step, PART)


def _rows(
    group: Group, base: Figure, taxes: Sequence[Figure], remainder: _Remainder
) -> Iterator[TaxLine]:
    yield from rebased(group, remainder.base_of(group), base, taxes)
