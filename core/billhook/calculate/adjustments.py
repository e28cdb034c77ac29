"""Calculation of adjustments, and their apportionment to lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import attrs

from billhook.calculate.apportion import (
    SUM,
    Bases,
    at_rate,
    by_base,
    round_set,
    sum_by_line,
    sum_parts,
)
from billhook.calculate.lines import by_class, select_tagged
from billhook.kernel.figure import (
    Figure,
    given,
    greatest,
    least,
    less,
    negative,
    percent_of,
    ratio,
    rounded,
    rounded_money,
    times,
    total,
)
from billhook.kernel.money import EXACT, Policy, find_currency
from billhook.model.adjustment import (
    ADDS,
    Adjustment,
    AdjustmentKind,
    Applied,
    Excess,
    LinePart,
    Percentage,
    PercentBase,
    Portion,
    Shortfall,
    Stage,
    UpTo,
)
from billhook.model.charge import Charge
from billhook.model.invoice import Line

PRICE = frozenset({AdjustmentKind.ALLOWANCE, AdjustmentKind.SURCHARGE})
"""The kinds that change the price of what they apply to."""


@attrs.frozen
class Move:
    """An adjustment or tax that what the bill comes to has moved by.

    Attributes:
        amount: The amount, with its sign in the total.
        parts: Its exact parts by line, with the same sign.
        order: The adjustment's order; ``None`` of what every later stage follows.
        price: Whether it changed the price of what it applies to.
    """

    amount: Figure
    parts: Mapping[str, Figure]
    order: int | None = None
    price: bool = False


@attrs.frozen
class Stand:
    """Running totals of a bill.

    Attributes:
        lines: The lines.
        running: The sum, on the grid.
        exact: The same by line, exact.
        moves: The adjustments and taxes so far.
    """

    lines: Sequence[Line]
    running: Figure
    exact: Mapping[str, Figure]
    moves: tuple[Move, ...] = ()


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
            stand = _advance(stand, applied, adjustment.order)
            done.append(applied)
    moves = tuple(attrs.evolve(move, order=None) for move in stand.moves)
    return Staged(tuple(done), attrs.evolve(stand, moves=moves))


def charges_alone(asked: Iterable[Adjustment], unit: str, policy: Policy) -> tuple[Charge, ...]:
    """Return the surcharges that stand alone as the charges of a bill that has no other."""
    nothing = Stand((), total((), "core.total.lines", unit), {})
    found = []
    for adjustment in sorted(asked, key=lambda a: (a.order, a.id)):
        _, _, raw = _raw(adjustment, (), nothing, policy)
        amount = _limit(adjustment, raw)
        if amount.value:
            found.append(_alone(adjustment, amount, policy))
    return tuple(found)


def _alone(adjustment: Adjustment, amount: Figure, policy: Policy) -> Charge:
    rounded_amount = rounded_money(amount, policy.line, "core.adjustment.amount")
    return Charge(
        id=adjustment.id,
        description=adjustment.label,
        amount=amount,
        tax_class=adjustment.tax_class or "standard",
        claims=adjustment.claims,
        counts=dict.fromkeys(adjustment.counts, rounded_amount),
    )


def stand_with(lines: Sequence[Line], start: Figure, applied: Iterable[Applied]) -> Stand:
    """Return what lines come to with the adjustments before tax."""
    stand = Stand(lines, start, {line.id: line.amount for line in lines})
    for each in applied:
        stand = _advance(stand, each, 0)
    return attrs.evolve(stand, moves=tuple(attrs.evolve(m, order=None) for m in stand.moves))


def with_tax(stand: Stand, amount: Figure, parts: Mapping[str, Figure]) -> Stand:
    """Return a stand whose lines have come to more by a tax; ``running`` has it already."""
    exact = add_parts(stand.exact, parts, "core.running")
    return attrs.evolve(stand, exact=exact, moves=(*stand.moves, Move(amount, parts)))


def with_sign(applied: Applied, amount: Figure) -> Figure:
    """Return an amount of an adjustment with the sign it has in the payable total."""
    return amount if applied.kind in ADDS else negate(amount)


def negate(amount: Figure) -> Figure:
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


def count_like(count: Figure, whole: Figure, part: Figure) -> Figure:
    """Return what a part of an amount counts, where the whole counts itself or its negative."""
    if count.value == whole.value:
        return part
    if EXACT.add(count.value, whole.value) == 0:
        return negative(part, "core.count")
    if not whole.value:
        return count
    # what is counted includes tax, the amount does not
    exact = times(count, ratio(part, whole, "core.part.factor"), "core.count")
    return rounded(exact, find_currency(count.unit).step, "core.count")


def _advance(stand: Stand, applied: Applied, order: int) -> Stand:
    if applied.kind in ADDS:
        running = total((stand.running, applied.amount), "core.running")
    else:
        running = less(stand.running, applied.amount, rule="core.running")
    parts = signed_parts(applied)
    exact = add_parts(stand.exact, parts, "core.running")
    move = Move(with_sign(applied, applied.amount), parts, order, applied.kind in PRICE)
    return Stand(stand.lines, running, exact, (*stand.moves, move))


def _apply(adjustment: Adjustment, stand: Stand, policy: Policy) -> Applied:
    lines = _lines_of(adjustment, stand.lines)
    base, rate, asked = _raw(adjustment, lines, stand, policy)
    raw = _limit(adjustment, asked)
    if raw is not asked:
        base = rate = None  # the rate of the base is another amount
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
    counted = dict.fromkeys(adjustment.counts, with_sign(applied, amount))
    portions = _portions(adjustment, applied, stand.lines, policy)
    return attrs.evolve(applied, portions=portions, counts=counted, claims=adjustment.claims)


def _lines_of(adjustment: Adjustment, lines: Sequence[Line]) -> list[Line]:
    """Return the lines that an adjustment applies to."""
    asked = adjustment.amount
    named = {*adjustment.lines, *(base.line for base in adjustment.bases)}
    if named:
        lines = [line for line in lines if line.id in named]
    if isinstance(asked, Percentage | Excess | Shortfall):
        return select_tagged(lines, asked.tags)
    if adjustment.tax_class is None or named:
        return list(lines)
    return [line for line in lines if line.tax_class == adjustment.tax_class] or list(lines)


def _raw(
    adjustment: Adjustment, lines: Sequence[Line], stand: Stand, policy: Policy
) -> tuple[Figure | None, Figure | None, Figure]:
    asked, unit = adjustment.amount, stand.running.unit
    if isinstance(asked, Percentage):
        if adjustment.bases:
            base = total((part.amount for part in adjustment.bases), "core.adjustment.base", unit)
        elif asked.of is PercentBase.RUNNING:
            base = _running(lines, asked.before, stand, policy)
        else:
            base = _price(adjustment.stage, lines, stand, policy)
        return base, asked.rate, percent_of(base, asked.rate, "core.adjustment.percent")
    if isinstance(asked, Figure):
        return None, None, asked
    nothing = given(stand.running.value * 0, unit, "core.zero")
    if isinstance(asked, UpTo):
        room = greatest((stand.running, nothing), "core.adjustment.room")
        return None, None, least((asked.fund, room), "core.adjustment.up-to")
    base = _running(lines, asked.before, stand, policy)
    if isinstance(asked, Shortfall):
        missing = less(asked.limit, base, rule="core.adjustment.missing")
        return None, None, greatest((missing, nothing), "core.adjustment.shortfall")
    limit = asked.limit if asked.limit.value >= 0 else nothing
    over = less(base, limit, rule="core.adjustment.over")
    return None, None, greatest((over, nothing), "core.adjustment.excess")


def _limit(adjustment: Adjustment, raw: Figure) -> Figure:
    """Return an amount within what it comes to at least and at most."""
    low, high = adjustment.at_least, adjustment.at_most
    if low is not None and raw.exact < low.exact:
        return greatest((raw, low), "core.adjustment.at-least")
    if high is not None and raw.exact > high.exact:
        return least((raw, high), "core.adjustment.at-most")
    return raw


def _price(stage: Stage, lines: Sequence[Line], stand: Stand, policy: Policy) -> Figure:
    """Return what lines come to; after tax, with what was taken off them and put on them."""
    charged = total((line.amount for line in lines), "core.adjustment.base", stand.running.unit)
    if stage is Stage.BEFORE_TAX:
        return charged
    prices = [move for move in stand.moves if move.price]
    return _with_moves(charged, lines, prices, policy, "core.adjustment.price")


def _running(lines: Sequence[Line], before: int | None, stand: Stand, policy: Policy) -> Figure:
    """Return what lines have come to with the adjustments before an order."""
    whole = len(lines) == len(stand.lines)
    if whole and before is None:
        return stand.running
    moves = _moves_before(stand, before)
    charged = total((line.amount for line in lines), "core.adjustment.base", stand.running.unit)
    if whole:
        changes = [move.amount for move in moves if move.amount.value]
        return total((charged, *changes), "core.adjustment.running") if changes else charged
    return _with_moves(charged, lines, moves, policy, "core.adjustment.running")


def _moves_before(stand: Stand, before: int | None) -> list[Move]:
    if before is None:
        return list(stand.moves)
    return [move for move in stand.moves if move.order is None or move.order < before]


def _with_moves(
    charged: Figure, lines: Sequence[Line], moves: Iterable[Move], policy: Policy, rule: str
) -> Figure:
    """Return what lines come to with the rounded parts that they have of some moves."""
    changes = []
    for move in moves:
        every = total(move.parts.values(), SUM, charged.unit)
        own = (move.parts[line.id] for line in lines if line.id in move.parts)
        taken = total(own, SUM, charged.unit)
        if taken.value:
            changes.append(round_set(move.amount, every, taken, policy.line))
    return total((charged, *changes), rule) if changes else charged


def _divide(
    adjustment: Adjustment, raw: Figure, lines: Sequence[Line], stand: Stand
) -> tuple[LinePart, ...]:
    asked = adjustment.amount
    if adjustment.bases:
        bases: Bases = sum_by_line(adjustment.bases)
        if sum_parts(adjustment.bases, raw.unit).value == raw.value:
            return adjustment.bases
    elif isinstance(asked, Percentage) and asked.of is PercentBase.CHARGES:
        prices = [move for move in stand.moves if move.price]
        bases = _exact(lines, prices if adjustment.stage is Stage.AFTER_TAX else ())
    elif isinstance(asked, Percentage | Excess | Shortfall):
        # a minimum that no charge of its tags is there for is borne by the bill
        bases = _exact(lines or stand.lines, _moves_before(stand, asked.before))
    elif adjustment.stage is Stage.BEFORE_TAX:
        bases = _exact(lines, ())
    else:
        bases = {line.id: stand.exact[line.id] for line in lines}
    if isinstance(asked, Percentage):
        parts = at_rate(asked.rate, bases)
        if sum_parts(parts, raw.unit).value == raw.value:
            return parts
    return by_base(raw, bases)


def _exact(lines: Sequence[Line], moves: Iterable[Move]) -> Bases:
    """Return what each line comes to with some moves, exactly."""
    exact: Bases = {line.id: line.amount for line in lines}
    for move in moves:
        exact = add_parts(exact, move.parts, "core.adjustment.price")
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
