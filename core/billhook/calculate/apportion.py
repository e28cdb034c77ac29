"""Apportionment: amounts divided over lines, exactly, and rounded for sets of lines.

Every amount on the whole bill is divided once, when the bill is assembled: a percentage by what
each line is taken of, a sum in proportion to the signed bases, so that a negative line bears a
negative part.  The parts are exact.  Tax classes, payers and credits are sets of lines, and a set
is rounded cumulatively: the rounded part of everything taken so far, less what was taken before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import attrs

from billhook.kernel.figure import (
    PURE,
    Figure,
    given,
    percent,
    ratio,
    rounded,
    shares,
    times,
    total,
)
from billhook.kernel.money import EXACT, QUOTIENT, Mode, Rounding, allocate, currency, round_to
from billhook.model.adjustment import LinePart

PART = "core.part"
SUM = "core.part.sum"
SET = "core.part.set"

SETTLED = Decimal(1).scaleb(-40)
"""Sums of quotients that don't end are looked at to so many decimals: three thirds are one."""

Bases = Mapping[str, Figure]
"""What of each line, by id, an amount is taken of."""


def at_rate(rate: Figure, bases: Bases) -> tuple[LinePart, ...]:
    """Return the parts of a percentage: of each line the rate of its own base."""
    return tuple(
        LinePart(line, percent(base, rate, PART)) for line, base in bases.items() if base.value
    )


def by_base(amount: Figure, bases: Bases) -> tuple[LinePart, ...]:
    """Return the parts of a sum, in proportion to signed bases; equal if they come to nothing."""
    if not amount.value or not bases:
        return ()
    if len(bases) == 1:
        return (LinePart(next(iter(bases)), amount),)
    whole = total(bases.values(), "core.part.bases")
    if not whole.value:
        count = given(len(bases), PURE, "core.part.equal")
        return tuple(LinePart(line, ratio(amount, count, PART)) for line in bases)
    return tuple(
        LinePart(line, _proportional(amount, base, whole))
        for line, base in bases.items()
        if base.value
    )


def by_parts(amount: Figure, parts: Iterable[LinePart]) -> tuple[LinePart, ...]:
    """Return the parts of an amount that is taken of something divided before."""
    return by_base(amount, sum_by_line(parts))


def weighted(parts: Iterable[LinePart], weights: Mapping[str, tuple[Figure, Figure]]) -> Bases:
    """Return the parts of one payer, whose weight on a line is the first of two of the second."""
    found: dict[str, Figure] = {}
    for part in parts:
        weight, whole = weights[part.line]
        if weight.value == whole.value:
            found[part.line] = part.amount
        elif weight.value:
            found[part.line] = _proportional(part.amount, weight, whole)
    return found


def sum_by_line(parts: Iterable[LinePart]) -> dict[str, Figure]:
    """Return the parts by line, those of one line added up."""
    found: dict[str, list[Figure]] = {}
    for part in parts:
        found.setdefault(part.line, []).append(part.amount)
    return {
        line: amounts[0] if len(amounts) == 1 else total(amounts, SUM)
        for line, amounts in found.items()
    }


def sum_parts(parts: Iterable[LinePart], unit: str, lines: Iterable[str] | None = None) -> Figure:
    """Return the exact sum of parts: of all lines, or of some."""
    chosen = None if lines is None else frozenset(lines)
    taken = (part.amount for part in parts if chosen is None or part.line in chosen)
    return settled(total(taken, SUM, unit))


def settled(figure: Figure) -> Figure:
    """Return a figure with at most 40 decimals."""
    exponent = figure.value.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -40:  # noqa: PLR2004 - see SETTLED
        return figure
    return rounded(figure, SETTLED, "core.part.settled", Mode.HALF_EVEN)


def round_set(whole: Figure, every: Figure, taken: Figure, rounding: Rounding) -> Figure:
    """Return the rounded part of ``whole`` that a set of lines bears.

    Rounded as the policy says; where that does not take all lines to the whole, because the whole
    is itself the part of a larger set, down or up, whichever does.  So nothing taken is nothing,
    everything taken is the whole, and each set is within one step of its exact part.

    Args:
        whole: The amount of all lines, on the grid.
        every: The exact sum of all parts.
        taken: The exact sum of the parts that are taken.
        rounding: How the policy rounds.
    """
    if taken.value == every.value and (taken.value or not whole.value):
        return whole
    step = rounding.grid(currency(whole.unit))
    for mode in (rounding.mode, Mode.FLOOR, Mode.CEILING):
        if round_to(every.value, step, mode) == whole.value:
            return rounded(taken, step, SET, mode)
    if not every.value:
        return given(step * 0, whole.unit, "core.zero")
    return rounded(settled(_proportional(whole, taken, every)), step, SET, rounding.mode)


def _proportional(amount: Figure, base: Figure, whole: Figure) -> Figure:
    product = times(amount, base, "core.part.product", amount.unit)
    return ratio(product, whole, PART, amount.unit)


# ── payers ───────────────────────────────────────────────────────────────────


@attrs.define
class Dealer:
    """Deals amounts out to payers, and remembers who had more or less than the exact share.

    Each payer has the exact share rounded down or up.  The steps left over go to the largest
    remainders; where that would leave somebody a step or more from the exact share of the bill so
    far, to those who are furthest behind on it.  So nobody gains by many small amounts.

    Attributes:
        behind: How much each payer has had less than the exact shares so far.
    """

    behind: list[Decimal]

    def line(self, amount: Figure, weights: Sequence[Figure], rule: str) -> list[Figure]:
        """Return the parts of a line by the payers' weights."""
        step = currency(amount.unit).step
        values = [weight.value for weight in weights]
        whole = _sum(values)
        exact = [QUOTIENT.divide(EXACT.multiply(amount.value, value), whole) for value in values]
        dealt = self._dealt(amount.value, exact, step, 1)
        if dealt == allocate(amount.value, values, step):
            return shares(amount, weights, step, rule)
        fewest = [_steps(each.copy_abs(), step)[0] for each in exact]
        favoured = [
            i for i, each in enumerate(dealt) if _steps(each.copy_abs(), step)[0] > fewest[i]
        ]
        return shares(amount, weights, step, rule, favoured)

    def amounts(
        self, whole: Figure, exact: Sequence[Figure], rounding: Rounding, rule: str, sign: int
    ) -> list[Figure]:
        """Return the parts of an amount by its exact parts.

        Args:
            whole: The amount, on the grid.
            exact: The exact part of each payer.
            rounding: How the policy rounds it.
            rule: Id of the rule.
            sign: -1 of what makes the bill smaller.
        """
        step = rounding.grid(currency(whole.unit))
        dealt = self._dealt(whole.value, [each.value for each in exact], step, sign)
        return [
            round_as(figure, value, step, rounding.mode, rule)
            for figure, value in zip(exact, dealt, strict=True)
        ]

    def _dealt(
        self, whole: Decimal, exact: Sequence[Decimal], step: Decimal, sign: int
    ) -> list[Decimal]:
        steps = [_steps(each, step) for each in exact]
        units = int(EXACT.divide(whole, step)) - sum(count for count, _ in steps)
        each, more = divmod(units, len(exact))
        owed = [
            EXACT.add(EXACT.multiply(rest, step), _signed(behind, sign))
            for (_, rest), behind in zip(steps, self.behind, strict=True)
        ]
        for due in ([rest for _, rest in steps], owed):
            ranks = [
                (not rest, own.copy_negate(), i)
                for i, (own, (_, rest)) in enumerate(zip(due, steps, strict=True))
            ]
            favoured = frozenset(i for *_, i in sorted(ranks)[:more])
            dealt = [
                EXACT.multiply(Decimal(count + each + (i in favoured)), step)
                for i, (count, _) in enumerate(steps)
            ]
            behind = [
                EXACT.add(before, _signed(EXACT.subtract(own, value), sign))
                for before, own, value in zip(self.behind, exact, dealt, strict=True)
            ]
            if all(value.copy_abs() < step for value in behind):
                break
        self.behind = [round_to(value, SETTLED) for value in behind]
        return dealt


def _steps(value: Decimal, step: Decimal) -> tuple[int, Decimal]:
    """Return the whole steps in a value, and what is left in parts of a step."""
    steps = round_to(QUOTIENT.divide(value, step), SETTLED)
    count = int(round_to(steps, Decimal(1), Mode.FLOOR))
    return count, EXACT.subtract(steps, Decimal(count))


def round_as(figure: Figure, value: Decimal, step: Decimal, mode: Mode, rule: str) -> Figure:
    """Return a figure rounded to a value: as the policy says, or down, or up."""
    exact = settled(figure)
    for each in (mode, Mode.FLOOR, Mode.CEILING):
        if round_to(exact.value, step, each) == value:
            return rounded(exact, step, rule, each)
    low = rounded(exact, step, rule, Mode.FLOOR)
    rest = given(EXACT.subtract(value, low.value), figure.unit, "core.split.unit")
    return total((low, rest), rule)


def _signed(value: Decimal, sign: int) -> Decimal:
    return value if sign > 0 else value.copy_negate()


def _sum(values: Iterable[Decimal]) -> Decimal:
    found = Decimal(0)
    for value in values:
        found = EXACT.add(found, value)
    return found
