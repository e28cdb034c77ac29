"""Adjustments worked out: in the order of their data, and divided over the lines they are of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import attrs

from billhook.calculate.apportion import (
    Bases,
    at_rate,
    by_base,
    round_set,
    sum_by_line,
    sum_parts,
)
from billhook.calculate.lines import by_class, tagged
from billhook.kernel.figure import (
    Figure,
    given,
    greatest,
    least,
    less,
    negative,
    percent_of,
    rounded_money,
    total,
)
from billhook.kernel.money import Policy
from billhook.model.adjustment import (
    ADDS,
    Adjustment,
    AdjustmentKind,
    Applied,
    LinePart,
    Percentage,
    PercentBase,
    Portion,
    Stage,
    UpTo,
)
from billhook.model.invoice import Line

PRICE = frozenset({AdjustmentKind.ALLOWANCE, AdjustmentKind.SURCHARGE})
"""The kinds that change the price of what they are taken of."""


@attrs.frozen
class Stand:
    """What a bill has come to so far.

    Attributes:
        lines: The lines.
        running: The sum, on the grid.
        exact: The same by line, exact.
        prices: The adjustments before tax that changed prices.
    """

    lines: Sequence[Line]
    running: Figure
    exact: Mapping[str, Figure]
    prices: tuple[Applied, ...] = ()


@attrs.frozen
class Staged:
    """The adjustments of one stage, and what the bill has come to with them."""

    applied: tuple[Applied, ...]
    stand: Stand


def work_out(asked: Iterable[Adjustment], stage: Stage, stand: Stand, policy: Policy) -> Staged:
    """Work out a stage's adjustments by ``order`` and ``id``, from ``stand`` on."""
    done = []
    for adjustment in sorted(asked, key=lambda a: (a.order, a.id)):
        if adjustment.stage is stage:
            applied = _apply(adjustment, stand, policy)
            stand = _moved(stand, applied)
            done.append(applied)
    return Staged(tuple(done), stand)


def signed(applied: Applied, amount: Figure) -> Figure:
    """Return an amount of an adjustment with the sign it has in the payable total."""
    return amount if applied.kind in ADDS else negated(amount)


def negated(amount: Figure) -> Figure:
    """Return the amount with the other sign."""
    return less(given(amount.value * 0, amount.unit, "core.zero"), amount, rule="core.negative")


def signed_parts(applied: Applied) -> dict[str, Figure]:
    """Return an adjustment's exact parts by line, with the sign they have in the total."""
    if applied.kind in ADDS:
        return sum_by_line(applied.parts)
    return {
        line: negative(amount, "core.negative")
        for line, amount in sum_by_line(applied.parts).items()
    }


def class_of(applied: Applied, line: Line) -> str:
    """Return the tax class that an adjustment's part on a line belongs to."""
    classes = [portion.tax_class for portion in applied.portions]
    return classes[0] if len(classes) == 1 else line.tax_class


def parts_of_class(applied: Applied, lines: Iterable[Line], tax_class: str) -> list[LinePart]:
    """Return the parts of an adjustment that make up its portion of a class."""
    members = {line.id for line in lines if class_of(applied, line) == tax_class}
    return [part for part in applied.parts if part.line in members]


def add_parts(exact: Mapping[str, Figure], moved: Mapping[str, Figure], rule: str) -> Bases:
    """Return exact amounts by line with further parts added."""
    return {
        line: total((amount, moved[line]), rule) if line in moved else amount
        for line, amount in exact.items()
    }


def _moved(stand: Stand, applied: Applied) -> Stand:
    if applied.kind in ADDS:
        running = total((stand.running, applied.amount), "core.running")
    else:
        running = less(stand.running, applied.amount, rule="core.running")
    exact = add_parts(stand.exact, signed_parts(applied), "core.running")
    price = (applied,) if applied.kind in PRICE else ()
    return Stand(stand.lines, running, exact, (*stand.prices, *price))


def _apply(adjustment: Adjustment, stand: Stand, policy: Policy) -> Applied:
    lines = _lines_of(adjustment, stand.lines)
    base, rate, raw = _raw(adjustment, lines, stand, policy)
    amount = rounded_money(raw, policy.line, "core.adjustment.amount")
    parts = _divide(adjustment, raw, lines, stand)
    applied = Applied(
        id=adjustment.id,
        label=adjustment.label,
        stage=adjustment.stage,
        kind=adjustment.kind,
        amount=amount,
        base=base,
        rate=rate,
        code=adjustment.code,
        parts=parts,
    )
    return attrs.evolve(applied, portions=_portions(adjustment, applied, stand.lines, policy))


def _lines_of(adjustment: Adjustment, lines: Sequence[Line]) -> list[Line]:
    """Return the lines that an adjustment is taken of."""
    asked = adjustment.amount
    named = {*adjustment.lines, *(base.line for base in adjustment.bases)}
    if named:
        lines = [line for line in lines if line.id in named]
    if isinstance(asked, Percentage):
        return tagged(lines, asked.tags if asked.of is PercentBase.CHARGES else frozenset())
    if adjustment.tax_class is None or named:
        return list(lines)
    return [line for line in lines if line.tax_class == adjustment.tax_class] or list(lines)


def _raw(
    adjustment: Adjustment, lines: Sequence[Line], stand: Stand, policy: Policy
) -> tuple[Figure | None, Figure | None, Figure]:
    asked, unit = adjustment.amount, stand.running.unit
    if isinstance(asked, Percentage):
        if asked.of is PercentBase.RUNNING:
            base = stand.running
        elif adjustment.bases:
            base = total((part.amount for part in adjustment.bases), "core.adjustment.base", unit)
        else:
            base = _price(adjustment.stage, lines, stand, policy)
        return base, asked.rate, percent_of(base, asked.rate, "core.adjustment.percent")
    if isinstance(asked, UpTo):
        room = greatest((stand.running, given(0, unit, "core.zero")), "core.adjustment.room")
        return None, None, least((asked.fund, room), "core.adjustment.up-to")
    return None, None, asked


def _price(stage: Stage, lines: Sequence[Line], stand: Stand, policy: Policy) -> Figure:
    """Return what lines come to; after tax, with what was taken off them and put on them."""
    unit = stand.running.unit
    charged = total((line.amount for line in lines), "core.adjustment.base", unit)
    if stage is Stage.BEFORE_TAX:
        return charged
    ids = [line.id for line in lines]
    changes = []
    for applied in stand.prices:
        every, taken = sum_parts(applied.parts, unit), sum_parts(applied.parts, unit, ids)
        if taken.value:
            part = round_set(applied.amount, every, taken, policy.line)
            changes.append(signed(applied, part))
    if not changes:
        return charged
    return total((charged, *changes), "core.adjustment.price")


def _divide(
    adjustment: Adjustment, raw: Figure, lines: Sequence[Line], stand: Stand
) -> tuple[LinePart, ...]:
    asked = adjustment.amount
    if adjustment.bases:
        bases: Bases = sum_by_line(adjustment.bases)
        if sum_parts(adjustment.bases, raw.unit).value == raw.value:
            return adjustment.bases
    elif isinstance(asked, Percentage) and asked.of is PercentBase.CHARGES:
        bases = _exact_prices(adjustment.stage, lines, stand)
    elif adjustment.stage is Stage.BEFORE_TAX and not isinstance(asked, Percentage):
        bases = {line.id: line.amount for line in lines}
    else:
        bases = {line.id: stand.exact[line.id] for line in lines}
    if isinstance(asked, Percentage):
        parts = at_rate(asked.rate, bases)
        if sum_parts(parts, raw.unit).value == raw.value:
            return parts
    return by_base(raw, bases)


def _exact_prices(stage: Stage, lines: Sequence[Line], stand: Stand) -> Bases:
    exact: Bases = {line.id: line.amount for line in lines}
    for applied in stand.prices if stage is Stage.AFTER_TAX else ():
        exact = add_parts(exact, signed_parts(applied), "core.adjustment.price")
    return exact


def _portions(
    adjustment: Adjustment, applied: Applied, lines: Sequence[Line], policy: Policy
) -> tuple[Portion, ...]:
    """Return the amount by tax class: classes are sets of lines, rounded cumulatively."""
    amount = applied.amount
    if adjustment.stage is not Stage.BEFORE_TAX:
        return ()
    if adjustment.tax_class is not None:
        return (Portion(adjustment.tax_class, amount),)
    borne = {part.line for part in applied.parts}
    classes = by_class(line for line in lines if line.id in borne)
    if len(classes) <= 1:
        return (Portion(next(iter(classes or by_class(lines)), "standard"), amount),)
    every = sum_parts(applied.parts, amount.unit)
    found, taken = [], [given(amount.value * 0, amount.unit, "core.zero")]
    ids: list[str] = []
    for name, members in classes.items():
        ids += [line.id for line in members]
        to_here = sum_parts(applied.parts, amount.unit, ids)
        taken.append(round_set(amount, every, to_here, policy.line))
        found.append(Portion(name, less(taken[-1], taken[-2], rule="core.part.portion")))
    return tuple(found)
