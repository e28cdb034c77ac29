"""Credits by lines: the bill is divided over its lines, and the credit takes the chosen parts.

Every portion of an adjustment, every tax, every adjustment after tax and the cash rounding is
divided over **all** lines of the bill by largest remainder, always in the same way, so credits of
different lines never overlap, and those of all lines together come to the bill, cell by cell.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import cached_property

import attrs

from billhook.calculate.adjustments import negated
from billhook.credit.balance import Group, cash, groups
from billhook.kernel.figure import PURE, Figure, given, greatest, share, total
from billhook.kernel.money import currency
from billhook.model.adjustment import Applied, Portion, Stage
from billhook.model.invoice import Invoice, Line
from billhook.model.tax import TaxLine

RULE = "core.credit.part"


@attrs.frozen
class Parts:
    """What a credit takes back.

    Attributes:
        lines: The lines.
        adjustments: The adjustments' parts.
        taxes: The tax breakdown's.
        cash: The part of the cash rounding.
    """

    lines: tuple[Line, ...]
    adjustments: tuple[Applied, ...]
    taxes: tuple[TaxLine, ...]
    cash: Figure


def parts_of_lines(invoice: Invoice, chosen: Collection[str]) -> Parts:
    """Return the parts of a bill that fall on some of its lines.

    Args:
        invoice: The bill.
        chosen: Ids of the lines.
    """
    return _Division(invoice, frozenset(chosen)).parts()


@attrs.define(slots=False)
class _Division:
    """The division of one bill."""

    invoice: Invoice
    chosen: frozenset[str]

    def parts(self) -> Parts:
        lines = tuple(line for line in self.invoice.lines if line.id in self.chosen)
        applied = tuple(self._adjustments())
        half = attrs.evolve(self.invoice, lines=lines, adjustments=applied)
        taxes = tuple(row for group in groups(self.invoice) for row in self._rows(group, half))
        return Parts(lines, applied, taxes, self._part(cash(self.invoice)))

    @cached_property
    def _weights(self) -> dict[str, Figure]:
        """The weight of each line: its amount without sign."""
        return {line.id: _magnitude(line.amount) for line in self.invoice.lines}

    def _part(self, whole: Figure, classes: Collection[str] | None = None) -> Figure:
        """Return the chosen lines' part of an amount that falls on some tax classes, or on all."""
        every = self.invoice.lines
        lines = [line for line in every if classes is None or line.tax_class in classes] or every
        indexes = [place for place, line in enumerate(lines) if line.id in self.chosen]
        step = currency(whole.unit).step
        if not indexes:
            return given(step * 0, whole.unit, "core.zero")
        if len(indexes) == len(lines):
            return whole
        return share(whole, self._weighed(lines), indexes, step, RULE)

    def _weighed(self, lines: Sequence[Line]) -> list[Figure]:
        weights = [self._weights[line.id] for line in lines]
        if any(weight.value for weight in weights):
            return weights
        return [given(1, PURE, "core.credit.equal")] * len(lines)

    def _adjustments(self) -> Iterator[Applied]:
        for applied in self.invoice.adjustments:
            part = self._adjustment(applied)
            if part.amount.value or part.portions:
                yield part

    def _adjustment(self, applied: Applied) -> Applied:
        if applied.stage is Stage.AFTER_TAX:
            return attrs.evolve(applied, amount=self._part(applied.amount), base=None)
        portions = tuple(
            Portion(each.tax_class, self._part(each.amount, (each.tax_class,)))
            for each in applied.portions
        )
        kept = tuple(each for each in portions if each.amount.value)
        amount = total((each.amount for each in kept), RULE, self.invoice.currency)
        return attrs.evolve(applied, amount=amount, portions=kept, base=None)

    def _rows(self, group: Group, half: Invoice) -> Iterator[TaxLine]:
        """Yield the group's rows; none when nothing of it falls on the chosen lines."""
        base = total(group.base_parts(half), "core.tax.base", half.currency)
        amounts = [self._part(row.amount, group.classes) for row in group.rows]
        touched = any(line.tax_class in group.classes for line in half.lines)
        if touched or base.value or any(amount.value for amount in amounts):
            whole = total(group.base_parts(self.invoice), "core.tax.base", half.currency)
            yield from rebased(group, whole, base, amounts)


def rebased(
    group: Group, whole: Figure, base: Figure, amounts: Sequence[Figure]
) -> Iterator[TaxLine]:
    """Yield a group's rows with other bases and amounts; a tax on tax keeps being one.

    Args:
        group: The rows of the bill.
        whole: The group's base on the bill.
        base: The new base.
        amounts: The new taxes, one for each row.
    """
    for place, row in enumerate(group.rows):
        taxed = base
        if row.base.value != whole.value:
            taxed = total((base, *amounts[:place]), "core.tax.compound")
        yield attrs.evolve(row, base=taxed, amount=amounts[place])


def _magnitude(amount: Figure) -> Figure:
    if amount.value >= 0:
        return amount
    return greatest((amount, negated(amount)), "core.credit.weight")
