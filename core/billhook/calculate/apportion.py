"""Apportionment: amounts divided over lines, exactly, and rounded for sets of lines.

Every amount on the whole bill is divided once, when the bill is assembled: a percentage by what
each line is taken of, a sum in proportion to the signed bases, so that a negative line bears a
negative part.  The parts are exact.  Tax classes, payers and credits are sets of lines, and a set
is rounded cumulatively: the rounded part of everything taken so far, less what was taken before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

import attrs

from billhook.kernel.figure import (
    PURE,
    Figure,
    given,
    percent_of,
    ratio,
    rounded,
    shares,
    times,
    total,
)
from billhook.kernel.money import EXACT, Mode, Rounding, allocate, find_currency, round_fraction
from billhook.model.adjustment import LinePart

PART = "core.part"
SUM = "core.part.sum"
SET = "core.part.set"

Bases = Mapping[str, Figure]
"""Base amounts by line id."""


def at_rate(rate: Figure, bases: Bases) -> tuple[LinePart, ...]:
    """Return the parts of a percentage: of each line the rate of its own base."""
    return tuple(
        LinePart(line, percent_of(base, rate, PART)) for line, base in bases.items() if base.value
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
    factor = ratio(amount, whole, "core.part.factor")
    return tuple(
        LinePart(line, times(base, factor, PART)) for line, base in bases.items() if base.value
    )


def by_parts(amount: Figure, parts: Iterable[LinePart]) -> tuple[LinePart, ...]:
    """Return the parts of an amount that is taken of something divided before."""
    return by_base(amount, sum_by_line(parts))


def weight_parts(parts: Iterable[LinePart], weights: Mapping[str, tuple[Figure, Figure]]) -> Bases:
    """Return the parts of one payer, whose weight on a line is the first of two of the second."""
    found: dict[str, Figure] = {}
    for part in parts:
        weight, whole = weights[part.line]
        if weight.value == whole.value:
            found[part.line] = part.amount
        elif weight.value:
            borne = ratio(weight, whole, "core.split.weight")
            found[part.line] = times(part.amount, borne, PART)
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
    return total(taken, SUM, unit)


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
    if taken.exact == every.exact and (taken.value or not whole.value):
        return whole
    step = rounding.grid(find_currency(whole.unit))
    for mode in (rounding.mode, Mode.FLOOR, Mode.CEILING):
        if _round(every, step, mode) == whole.value:
            return rounded(taken, step, SET, mode)
    if not every.value:
        return given(step * 0, whole.unit, "core.zero")
    scaled = times(taken, ratio(whole, every, "core.part.factor"), PART)
    return rounded(scaled, step, SET, rounding.mode)


def _round(figure: Figure, step: Decimal, mode: Mode) -> Decimal:
    return round_fraction(Fraction(figure.exact), step, mode)


# ── payers ───────────────────────────────────────────────────────────────────


@attrs.define
class Apportioner:
    """Deals amounts out to payers, and remembers who had more or less than the exact share.

    Each payer has the exact share rounded down or up.  The steps left over go to the largest
    remainders; where that would leave somebody a step or more from the exact share of the bill so
    far, to those who are furthest behind on it.  So nobody gains by many small amounts.

    Attributes:
        behind: How much each payer has had less than the exact shares so far.
    """

    behind: list[Fraction]

    def line(self, amount: Figure, weights: Sequence[Figure], rule: str) -> list[Figure]:
        """Return the parts of a line by the payers' weights."""
        step = find_currency(amount.unit).step
        values = [weight.exact for weight in weights]
        whole = sum((Fraction(value) for value in values), Fraction(0))
        exact = [Fraction(amount.value) * Fraction(value) / whole for value in values]
        dealt = self._dealt(amount, exact, step, 1)
        if dealt == allocate(amount.value, values, step):
            return shares(amount, weights, step, rule)
        fewest = [abs(each) // Fraction(step) * Fraction(step) for each in exact]
        favoured = [
            i
            for i, (each, least) in enumerate(zip(dealt, fewest, strict=True))
            if abs(Fraction(each)) > least
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
        step = rounding.grid(find_currency(whole.unit))
        dealt = self._dealt(whole, [Fraction(each.exact) for each in exact], step, sign)
        return [
            round_as(figure, value, step, rounding.mode, rule)
            for figure, value in zip(exact, dealt, strict=True)
        ]

    def _dealt(
        self, whole: Figure, exact: Sequence[Fraction], step: Decimal, sign: int
    ) -> list[Decimal]:
        steps = [divmod(each / Fraction(step), 1) for each in exact]
        units = int(Fraction(whole.value) / Fraction(step)) - sum(count for count, _ in steps)
        each, more = divmod(units, len(exact))
        remainders = [rest for _, rest in steps]
        owed = [
            rest + sign * behind / Fraction(step)
            for rest, behind in zip(remainders, self.behind, strict=True)
        ]
        for due in (remainders, owed):
            ranks = sorted((not remainders[i], -due[i], i) for i in range(len(exact)))
            favoured = {i for *_, i in ranks[:more]}
            dealt = [
                EXACT.multiply(Decimal(count + each + (i in favoured)), step)
                for i, (count, _) in enumerate(steps)
            ]
            behind = [
                before + sign * (own - Fraction(value))
                for before, own, value in zip(self.behind, exact, dealt, strict=True)
            ]
            if all(abs(value) < step for value in behind):
                break
        self.behind = behind
        return dealt


def round_as(figure: Figure, value: Decimal, step: Decimal, mode: Mode, rule: str) -> Figure:
    """Return a figure rounded to a value: as the policy says, or down, or up."""
    for each in (mode, Mode.FLOOR, Mode.CEILING):
        if _round(figure, step, each) == value:
            return rounded(figure, step, rule, each)
    low = rounded(figure, step, rule, Mode.FLOOR)
    rest = given(EXACT.subtract(value, low.value), figure.unit, "core.split.unit")
    return total((low, rest), rule)
