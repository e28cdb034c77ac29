"""Retainage: of the sum to date, rounded once, and divided among the rows to the cent."""

from __future__ import annotations

from collections.abc import Sequence

from billhook.kernel.figure import (
    Figure,
    banded,
    given,
    greatest,
    less,
    percent_of,
    ratio,
    rounded,
    times,
    total,
)
from billhook.kernel.money import EXACT, Mode, find_currency
from billhook_construction.rating.rounding import AmountGrid

ROW = "construction.retainage.row-exact"


def held(base: Figure, rate: Figure, released: Figure, grid: AmountGrid, rule: str) -> Figure:
    """Return what is held of the sum ``base`` to date, less what was released."""
    required = grid.money(percent_of(base, rate, f"{rule}-exact"), f"{rule}-required")
    return less_released(required, released, grid, rule)


def less_released(required: Figure, released: Figure, grid: AmountGrid, rule: str) -> Figure:
    """Return what is held of what is to be held: what was released is not held again."""
    if not released.value:
        return required
    left = less(required, released, rule=f"{rule}-left")
    return greatest((left, grid.zero("construction.nothing")), rule)


def divide(whole: Figure, rate: Figure, bases: Sequence[Figure]) -> list[Figure]:
    """Return the part of each row of what is held at one rate."""
    exact = {place: percent_of(base, rate, ROW) for place, base in enumerate(bases) if base.value}
    return divide_exact(exact, whole, len(bases))


def divide_exact(exact: dict[int, Figure], whole: Figure, count: int) -> list[Figure]:
    """Return the part of each row of what is held: column by column it adds up to ``whole``.

    Largest remainder on the signed exact values: each row gets its exact value rounded down to
    the currency, and the units that are left go to the largest remainders, ties to the row above.
    A row that takes away work has a negative part.
    """
    zero = given(whole.value * 0, whole.unit, "construction.nothing")
    if not exact:
        return [zero] * count
    required = total(exact.values(), "construction.retainage.rows-exact")
    if abs(required.value - whole.value) >= find_currency(whole.unit).step:
        if not whole.value:  # all was released; rows that only cancel each other have their parts
            return [zero] * count
        exact = _scale(exact, whole, required)
    parts = dict(zip(exact, share_out(list(exact.values()), whole), strict=True))
    return [parts.get(place, zero) for place in range(count)]


def _scale(exact: dict[int, Figure], whole: Figure, required: Figure) -> dict[int, Figure]:
    """Return the exact values in proportion, as ``whole`` is no longer their sum."""
    factor = ratio(whole, required, "construction.retainage.kept")
    return {place: times(value, factor, ROW) for place, value in exact.items()}


def share_out(exact: Sequence[Figure], whole: Figure) -> list[Figure]:
    """Round each value down, and give a unit more to those that lost most by it.

    A table of shares would be right too, but each of its figures holds all the others: the trace
    of a long schedule would grow with the square of its rows.
    """
    step = find_currency(whole.unit).step
    floors = [
        rounded(value, step, "construction.retainage.row-down", Mode.FLOOR) for value in exact
    ]
    lost = [
        less(value, floor, rule="construction.retainage.remainder")
        for value, floor in zip(exact, floors, strict=True)
    ]
    rest = less(whole, *floors, rule="construction.retainage.rest")
    units = int(EXACT.divide(rest.value, step))
    raised = sorted(range(len(lost)), key=lambda place: (-lost[place].value, place))[:units]
    unit = given(step, whole.unit, "construction.retainage.unit")
    for place in raised:
        extra = banded(
            lost[place], unit, lost[raised[-1]].value, None, "construction.retainage.row-extra"
        )
        floors[place] = total((floors[place], extra), "construction.retainage.row")
    return floors
