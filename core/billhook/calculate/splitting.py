"""Splitting a bill among payers; their bills add up to the whole in every line, tax and total."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

import attrs

from billhook.calculate.adjustments import count_like, parts_of_class
from billhook.calculate.apportion import Apportioner, sum_parts, weight_parts
from billhook.calculate.lines import sum_lines
from billhook.calculate.tax import base_on, class_parts
from billhook.calculate.totals import before_cash, to_totals
from billhook.kernel.figure import Figure, given, percent_of, shares, total
from billhook.kernel.money import Policy, TaxLevel
from billhook.model.adjustment import ADDS, Applied, LinePart, Portion, Share, Stage
from billhook.model.invoice import Line, Totals
from billhook.model.party import Party
from billhook.model.tax import TaxLine

RULE = "core.split"
FINEST = Decimal("0.000000001")
"""Grid of what a payer's line counts: finer than any unit that is counted."""


@attrs.frozen(kw_only=True)
class PayerBill:
    """A bill worked out; ``payer`` is ``None`` when it is whole."""

    payer: Party | None = None
    lines: tuple[Line, ...]
    adjustments: tuple[Applied, ...]
    taxes: tuple[TaxLine, ...]
    totals: Totals


def split(whole: PayerBill, payers: Sequence[Share] | None, policy: Policy) -> Sequence[PayerBill]:
    """Return each payer's part; the parts of every amount add up to it exactly.

    Each payer bears the exact part of every amount that falls on the payer's lines, rounded down
    or up; who is behind on the bill so far has the turn.
    """
    if not payers:
        return (whole,)
    return _Split(whole, payers, policy, Apportioner([Fraction(0)] * len(payers))).parts()


Column = tuple[Applied, ...]
_Weights = Mapping[str, tuple[Figure, Figure]]


@attrs.frozen
class _Split:
    """The division of one bill."""

    whole: PayerBill
    payers: Sequence[Share]
    policy: Policy
    dealer: Apportioner

    def parts(self) -> tuple[PayerBill, ...]:
        lines = list(zip(*(self._line(line) for line in self.whole.lines), strict=True))
        shares = [
            {line.id: self._weight(line, payer) for line in self.whole.lines}
            for payer in self.payers
        ]
        before = self._adjustments(Stage.BEFORE_TAX, shares)
        taxes = self._taxes(lines, before, shares)
        after = self._adjustments(Stage.AFTER_TAX, shares)
        applied = [(*early, *late) for early, late in zip(before, after, strict=True)]
        totals = self._totals(lines, applied, taxes)
        return tuple(
            PayerBill(
                payer=payer.payer,
                lines=tuple(lines[i]),
                adjustments=applied[i],
                taxes=taxes[i],
                totals=totals[i],
            )
            for i, payer in enumerate(self.payers)
        )

    def _line(self, line: Line) -> list[Line]:
        weights = [payer.of(line.id) for payer in self.payers]
        counts = {key: shares(whole, weights, FINEST, RULE) for key, whole in line.counts.items()}
        return [
            attrs.evolve(
                line,
                amount=part,
                gross=line.amount,
                adjustment=None,
                adjustments=(),
                counts={key: own[place] for key, own in counts.items()},
            )
            for place, part in enumerate(self.dealer.line(line.amount, weights, RULE))
        ]

    def _weight(self, line: Line, payer: Share) -> tuple[Figure, Figure]:
        weights = [each.of(line.id) for each in self.payers]
        return payer.of(line.id), total(weights, "core.split.weights")

    def _adjustments(self, stage: Stage, shares: Sequence[_Weights]) -> list[Column]:
        columns = [
            self._split_adjustment(each, shares)
            for each in self.whole.adjustments
            if each.stage is stage
        ]
        return [tuple(column[i] for column in columns) for i in range(len(self.payers))]

    def _split_adjustment(self, applied: Applied, shares: Sequence[_Weights]) -> list[Applied]:
        parts = [_parts(applied.parts, each) for each in shares]
        if not applied.portions:
            dealt = self._deal(applied, applied.amount, parts)
            return [
                _part_of(applied, attrs.evolve(applied, amount=amount, parts=own, base=None))
                for amount, own in zip(dealt, parts, strict=True)
            ]
        portions: list[list[Portion]] = [[] for _ in self.payers]
        for portion in applied.portions:
            name = portion.tax_class
            mine = [
                parts_of_class(attrs.evolve(applied, parts=own), self.whole.lines, name)
                for own in parts
            ]
            dealt = self._deal(applied, portion.amount, mine)
            for own_portions, amount in zip(portions, dealt, strict=True):
                own_portions.append(Portion(name, amount))
        return [
            _part_of(
                applied,
                attrs.evolve(
                    applied,
                    amount=total((each.amount for each in own), RULE),
                    portions=tuple(own),
                    parts=mine,
                    base=None,
                ),
            )
            for own, mine in zip(portions, parts, strict=True)
        ]

    def _deal(
        self, applied: Applied, whole: Figure, parts: Sequence[Sequence[LinePart]]
    ) -> list[Figure]:
        exact = [sum_parts(own, whole.unit) for own in parts]
        sign = 1 if applied.kind in ADDS else -1
        return self.dealer.amounts(whole, exact, self.policy.line, RULE, sign)

    def _taxes(
        self,
        lines: Sequence[Sequence[Line]],
        before: Sequence[Column],
        shares: Sequence[_Weights],
    ) -> list[tuple[TaxLine, ...]]:
        found: list[list[TaxLine]] = [[] for _ in self.payers]
        bases = [class_parts(*each) for each in zip(lines, before, strict=True)]
        for row in self.whole.taxes:
            taxed = [
                base_on(own, row, row.classes, parts, self.policy)
                for own, parts in zip(found, bases, strict=True)
            ]
            parts = [_parts(row.parts, each) for each in shares]
            amounts = self._tax(row, taxed, parts)
            for i, own in enumerate(found):
                own.append(attrs.evolve(row, base=taxed[i], amount=amounts[i], parts=parts[i]))
        return [tuple(own) for own in found]

    def _tax(
        self, row: TaxLine, bases: Sequence[Figure], parts: Sequence[Sequence[LinePart]]
    ) -> list[Figure]:
        if row.rate is None:
            return [row.amount] * len(bases)
        if row.included or self.policy.tax_level is TaxLevel.LINE:
            exact = [sum_parts(own, row.amount.unit) for own in parts]
        else:
            exact = [percent_of(base, row.rate, "core.tax") for base in bases]
        sign = -1 if row.withheld else 1
        return self.dealer.amounts(row.amount, exact, self.policy.tax, "core.tax.amount", sign)

    def _totals(
        self,
        lines: Sequence[Sequence[Line]],
        applied: Sequence[Column],
        taxes: Sequence[Sequence[TaxLine]],
    ) -> list[Totals]:
        zero = given(self.whole.totals.lines.value * 0, self.whole.totals.lines.unit, "core.zero")
        sums = [sum_lines(own, zero) for own in lines]
        exact = [
            to_totals(*each, attrs.evolve(self.policy, cash=None))
            for each in zip(sums, applied, taxes, strict=True)
        ]
        if self.policy.cash is None:
            return exact
        due = [before_cash(*each) for each in zip(exact, applied, strict=True)]
        cash = self.policy.cash
        payable = self.dealer.amounts(self.whole.totals.payable, due, cash, "core.total.cash", 1)
        return [
            to_totals(sums[i], applied[i], taxes[i], self.policy, payable[i])
            for i in range(len(self.payers))
        ]


def _part_of(whole: Applied, part: Applied) -> Applied:
    """Return a payer's part of an adjustment with what it counts."""
    counts = {
        key: count_like(count, whole.amount, part.amount) for key, count in whole.counts.items()
    }
    return attrs.evolve(part, counts=counts) if counts else part


def _parts(parts: Sequence[LinePart], weights: _Weights) -> tuple[LinePart, ...]:
    return tuple(LinePart(line, amount) for line, amount in weight_parts(parts, weights).items())
