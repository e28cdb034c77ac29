"""Adjustments worked out: in the order of their data, on running totals, over tax classes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

import attrs

from billhook.calculate.lines import by_class, tagged
from billhook.kernel.figure import (
    Figure,
    given,
    greatest,
    least,
    less,
    percent,
    rounded_money,
    shares,
    total,
)
from billhook.kernel.money import Policy, currency
from billhook.model.adjustment import (
    ADDS,
    Adjustment,
    Applied,
    Of,
    Percent,
    Portion,
    Stage,
    UpTo,
)
from billhook.model.invoice import Line


@attrs.frozen
class Staged:
    """The adjustments of one stage, and what the stage came to."""

    applied: tuple[Applied, ...]
    running: Figure


def work_out(
    asked: Iterable[Adjustment], stage: Stage, lines: Sequence[Line], start: Figure, policy: Policy
) -> Staged:
    """Work out a stage's adjustments by ``order`` and ``id``, from ``start`` on."""
    running, done = start, []
    for adjustment in sorted(asked, key=lambda a: (a.order, a.id)):
        if adjustment.stage is stage:
            applied = _apply(adjustment, lines, running, policy)
            running = _moved(running, applied)
            done.append(applied)
    return Staged(tuple(done), running)


def signed(applied: Applied, amount: Figure) -> Figure:
    """Return an amount of an adjustment with the sign it has in the payable total."""
    return amount if applied.kind in ADDS else negated(amount)


def negated(amount: Figure) -> Figure:
    """Return the amount with the other sign."""
    return less(given(amount.value * 0, amount.unit, "core.zero"), amount, rule="core.negative")


def _moved(running: Figure, applied: Applied) -> Figure:
    if applied.kind in ADDS:
        return total((running, applied.amount), "core.running")
    return less(running, applied.amount, rule="core.running")


def _apply(
    adjustment: Adjustment, lines: Sequence[Line], running: Figure, policy: Policy
) -> Applied:
    base, rate, raw = _raw(adjustment, lines, running)
    amount = rounded_money(raw, policy.line, "core.adjustment.amount")
    return Applied(
        id=adjustment.id,
        label=adjustment.label,
        stage=adjustment.stage,
        kind=adjustment.kind,
        amount=amount,
        base=base,
        rate=rate,
        portions=_portions(adjustment, lines, amount),
        code=adjustment.code,
    )


def _raw(
    adjustment: Adjustment, lines: Sequence[Line], running: Figure
) -> tuple[Figure | None, Figure | None, Figure]:
    asked = adjustment.amount
    if isinstance(asked, Percent):
        base = running if asked.of is Of.RUNNING else _charged(lines, asked.tags, running.unit)
        return base, asked.rate, percent(base, asked.rate, "core.adjustment.percent")
    if isinstance(asked, UpTo):
        room = greatest((running, given(0, running.unit, "core.zero")), "core.adjustment.room")
        return None, None, least((asked.fund, room), "core.adjustment.up-to")
    return None, None, asked


def _charged(lines: Sequence[Line], tags: frozenset[str], unit: str) -> Figure:
    return total((line.amount for line in tagged(lines, tags)), "core.adjustment.base", unit)


def _portions(adjustment: Adjustment, lines: Sequence[Line], amount: Figure) -> tuple[Portion, ...]:
    if adjustment.stage is not Stage.BEFORE_TAX:
        return ()
    if adjustment.tax_class is not None:
        return (Portion(adjustment.tax_class, amount),)
    weights = _weights(adjustment, lines, amount.unit)
    if len(weights) == 1:
        return (Portion(next(iter(weights)), amount),)
    parts = shares(
        amount, list(weights.values()), currency(amount.unit).step, "core.adjustment.portion"
    )
    return tuple(Portion(name, part) for name, part in zip(weights, parts, strict=True))


def _weights(adjustment: Adjustment, lines: Sequence[Line], unit: str) -> dict[str, Figure]:
    """Return the positive net amount of each class that the adjustment is taken of."""
    asked = adjustment.amount
    tags = asked.tags if isinstance(asked, Percent) else frozenset[str]()
    sums = {
        name: total((line.amount for line in members), "core.adjustment.class", unit)
        for name, members in by_class(tagged(lines, tags) or lines).items()
    }
    positive = {name: figure for name, figure in sums.items() if figure.value > 0}
    if positive:
        return positive
    return {next(iter(sums), "standard"): given(Decimal(1), "1", "core.adjustment.class")}
