"""Dividing a bill among payers: every line and adjustment by largest remainder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import attrs

from billhook.kernel.figure import Figure, shares, total
from billhook.kernel.money import currency
from billhook.model.adjustment import Adjustment, Applied, Percent, Portion, Share, UpTo
from billhook.model.invoice import Line
from billhook.model.party import Party

RULE = "core.split"
FINEST = Decimal("0.000000001")
"""Grid of what a payer's line counts: finer than any unit that is counted."""


@attrs.frozen
class Part:
    """What falls on one payer; ``payer`` is ``None`` when the bill is whole."""

    payer: Party | None
    lines: tuple[Line, ...]
    before: tuple[Applied, ...]
    later: tuple[Adjustment, ...]


def split(
    lines: tuple[Line, ...],
    before: tuple[Applied, ...],
    later: Sequence[Adjustment],
    shares_: Sequence[Share] | None,
) -> Iterator[Part]:
    """Yield each payer's part; the parts of every amount add up to it exactly.

    Adjustments after tax that are percentages are taken of each payer's own bill; the others
    are divided like the lines as a whole.
    """
    if not shares_:
        yield Part(None, lines, before, tuple(later))
        return
    columns = [_line_parts(line, shares_) for line in lines]
    nets = [total((column[i].amount for column in columns), RULE) for i in range(len(shares_))]
    weights = _bearing(nets) or [each.weight for each in shares_]
    for i, share in enumerate(shares_):
        yield Part(
            share.payer,
            tuple(column[i] for column in columns),
            tuple(_applied_part(each, weights, i) for each in before),
            tuple(_later_part(each, weights, i) for each in later),
        )


def _bearing(nets: list[Figure]) -> list[Figure]:
    """Return what the payers bear of the lines, as weights; nothing if it can be none."""
    values = [net.value for net in nets]
    return nets if min(values) >= 0 and any(values) else []


def _line_parts(line: Line, payers: Sequence[Share]) -> list[Line]:
    weights = [payer.of(line.id) for payer in payers]
    parts = _divide(line.amount, weights)
    counts = {key: shares(whole, weights, FINEST, RULE) for key, whole in line.counts.items()}
    return [
        attrs.evolve(
            line,
            amount=part,
            gross=line.amount,
            adjustment=None,
            counts={key: own[place] for key, own in counts.items()},
        )
        for place, part in enumerate(parts)
    ]


def _applied_part(applied: Applied, weights: Sequence[Figure], i: int) -> Applied:
    portions = tuple(
        Portion(portion.tax_class, _divide(portion.amount, weights)[i])
        for portion in applied.portions
    )
    amount = total((portion.amount for portion in portions), RULE, applied.amount.unit)
    return attrs.evolve(applied, amount=amount, portions=portions, base=None)


def _later_part(adjustment: Adjustment, weights: Sequence[Figure], i: int) -> Adjustment:
    asked = adjustment.amount
    if isinstance(asked, Percent):
        return adjustment
    if isinstance(asked, UpTo):
        return attrs.evolve(adjustment, amount=UpTo(_divide(asked.fund, weights)[i]))
    return attrs.evolve(adjustment, amount=_divide(asked, weights)[i])


def _divide(amount: Figure, weights: Sequence[Figure]) -> list[Figure]:
    return shares(amount, weights, currency(amount.unit).step, RULE)
