"""Comparing two bills: what changed, by how much, and why: rate, quantity, new, gone, tax."""

from __future__ import annotations

import enum
import functools
from collections.abc import Iterable, Iterator
from decimal import Decimal

import attrs

from billhook.kernel.money import EXACT, find_currency, round_to
from billhook.kernel.text import Text
from billhook.model.invoice import Invoice, Line


class Cause(enum.StrEnum):
    """Cause of a difference."""

    NEW = "new"
    GONE = "gone"
    QUANTITY = "quantity"
    RATE = "rate"
    WRITE_DOWN = "write-down"
    OTHER = "other"
    ADJUSTMENT = "adjustment"
    TAX = "tax"
    ROUNDING = "rounding"


@attrs.frozen
class Effect:
    """The part of a difference that one cause has.

    Attributes:
        cause: The cause.
        amount: What it moved the amount by.
        before: The rate, quantity or amount before; ``None`` when there was none.
        after: The same after.
        unit: Unit of ``before`` and ``after``.
    """

    cause: Cause
    amount: Decimal
    before: Decimal | None = None
    after: Decimal | None = None
    unit: str = ""


@attrs.frozen
class Change:
    """One line, adjustment or tax that differs.

    Attributes:
        id: What changed: ``lines.<id>``, ``adjustments.<id>``, ``taxes.<name>``.
        description: In words.
        before: Amount before.
        after: Amount after.
        effects: Causes; their amounts add up to the difference.
        lines_before: Lines that it stands for before; 0 for what is no line.
        lines_after: The same after.
    """

    id: str
    description: Text
    before: Decimal
    after: Decimal
    effects: tuple[Effect, ...]
    lines_before: int = 0
    lines_after: int = 0

    @property
    def difference(self) -> Decimal:
        """After minus before."""
        return EXACT.subtract(self.after, self.before)


@attrs.frozen
class Comparison:
    """Two bills side by side.

    Attributes:
        currency: Of both bills.
        before: Payable before.
        after: Payable after.
        changes: What differs; the effects of all of them add up to the difference in payable.
    """

    currency: str
    before: Decimal
    after: Decimal
    changes: tuple[Change, ...]

    @property
    def difference(self) -> Decimal:
        """After minus before."""
        return EXACT.subtract(self.after, self.before)

    def causes(self) -> dict[Cause, Decimal]:
        """Return what each cause moved the payable amount by."""
        sums: dict[Cause, Decimal] = {}
        for change in self.changes:
            for effect in change.effects:
                so_far = sums.get(effect.cause, Decimal(0))
                sums[effect.cause] = EXACT.add(so_far, effect.amount)
        return sums


def compare(before: Invoice, after: Invoice) -> Comparison:
    """Compare two bills of one currency, line by line by their ids.

    Raises:
        ValueError: The bills are in different currencies.
    """
    if before.currency != after.currency:
        raise ValueError(f"cannot compare {before.currency} with {after.currency}")
    changes = (*_lines(before, after), *_adjustments(before, after), *_rest(before, after))
    return Comparison(
        before.currency,
        before.totals.payable.value,
        after.totals.payable.value,
        tuple(change for change in changes if change.effects),
    )


def _lines(before: Invoice, after: Invoice) -> Iterator[Change]:
    old = {line.id: line for line in before.lines}
    new = {line.id: line for line in after.lines}
    step = find_currency(after.currency).step
    for id_ in _both(old, new):
        one, two = old.get(id_), new.get(id_)
        line = two or old[id_]
        zero = step * 0
        yield Change(
            f"lines.{id_}",
            line.description,
            one.amount.value if one else zero,
            two.amount.value if two else zero,
            tuple(_effects(one, two, step)),
            int(one is not None),
            int(two is not None),
        )


def _both(old: Iterable[str], new: Iterable[str]) -> Iterator[str]:
    return iter(dict.fromkeys((*new, *old)))


def _effects(one: Line | None, two: Line | None, step: Decimal) -> Iterator[Effect]:
    if one is None or two is None:
        if two is not None:
            yield Effect(Cause.NEW, two.amount.value)
        elif one is not None:
            yield Effect(Cause.GONE, EXACT.minus(one.amount.value))
        return
    left = EXACT.subtract(two.amount.value, one.amount.value)
    for effect in _factors(one, two, step):
        left = EXACT.subtract(left, effect.amount)
        yield effect
    if left:
        yield Effect(Cause.OTHER, left, one.amount.value, two.amount.value, two.amount.unit)


def _factors(one: Line, two: Line, step: Decimal) -> Iterator[Effect]:
    """Yield the effect of quantity at the old rate, of rate at the new quantity, of write-downs."""
    if one.quantity and two.quantity and one.unit_price and two.unit_price:
        q1, q2, p1, p2 = (
            each.value for each in (one.quantity, two.quantity, one.unit_price, two.unit_price)
        )
        if q1 != q2:
            moved = round_to(EXACT.multiply(EXACT.subtract(q2, q1), p1), step)
            yield Effect(Cause.QUANTITY, moved, q1, q2, two.quantity.unit)
        if p1 != p2:
            moved = round_to(EXACT.multiply(EXACT.subtract(p2, p1), q2), step)
            yield Effect(Cause.RATE, moved, p1, p2, two.unit_price.unit)
    d1, d2 = (each.adjustment.value if each.adjustment else Decimal(0) for each in (one, two))
    if d1 != d2:
        yield Effect(Cause.WRITE_DOWN, EXACT.subtract(d2, d1), d1, d2, two.amount.unit)


def _adjustments(before: Invoice, after: Invoice) -> Iterator[Change]:
    from billhook.calculate.adjustments import with_sign

    old = {each.id: each for each in before.adjustments}
    new = {each.id: each for each in after.adjustments}
    zero = find_currency(after.currency).step * 0
    for id_ in _both(old, new):
        one, two = old.get(id_), new.get(id_)
        was = with_sign(one, one.amount).value if one else zero
        now = with_sign(two, two.amount).value if two else zero
        moved = EXACT.subtract(now, was)
        effects = (Effect(Cause.ADJUSTMENT, moved, was, now, after.currency),) if moved else ()
        yield Change(f"adjustments.{id_}", (two or old[id_]).label, was, now, effects)


def _rest(before: Invoice, after: Invoice) -> Iterator[Change]:
    tax = [EXACT.subtract(b.totals.tax.value, b.totals.tax_withheld.value) for b in (before, after)]
    plugins = [
        functools.reduce(
            EXACT.add, (a.amount.value for a in b.adjustments if a.kind == "rounding"), Decimal(0)
        )
        for b in (before, after)
    ]
    cash = [
        EXACT.subtract(bill.totals.rounding.value, asked)
        for bill, asked in zip((before, after), plugins, strict=True)
    ]
    for id_, cause, (was, now) in (("tax", Cause.TAX, tax), ("rounding", Cause.ROUNDING, cash)):
        moved = EXACT.subtract(now, was)
        effects = (Effect(cause, moved, was, now, after.currency),) if moved else ()
        yield Change(f"totals.{id_}", id_, was, now, effects)
