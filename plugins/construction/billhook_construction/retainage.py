"""Retainage: of the sum to date, rounded once, and divided among the rows to the cent."""

from __future__ import annotations

from collections.abc import Sequence

from billhook.figure import (
    Figure,
    given,
    greatest,
    less,
    percent,
    ratio,
    rounded,
    shares,
    times,
    total,
)
from billhook.money import Mode, currency
from billhook_construction.grid import Grid

EXACT_ROW = "construction.retainage.row-exact"


def held(base: Figure, rate: Figure, released: Figure, grid: Grid, rule: str) -> Figure:
    """Return what is held of the sum ``base`` to date, less what was released."""
    required = grid.money(percent(base, rate, f"{rule}-exact"), f"{rule}-required")
    if not released.value:
        return required
    left = less(required, released, rule=f"{rule}-left")
    return greatest((left, grid.zero("construction.nothing")), rule)


def divide(whole: Figure, rate: Figure, bases: Sequence[Figure]) -> list[Figure]:
    """Return the part of each row of what is held: column by column it adds up to ``whole``.

    Largest remainder on the signed exact values: each row gets its exact value rounded down to
    the currency, and the units that are left go to the largest remainders, ties to the row above.
    A row that takes away work has a negative part.
    """
    zero = given(whole.value * 0, whole.unit, "construction.nothing")
    exact = {
        place: percent(base, rate, EXACT_ROW) for place, base in enumerate(bases) if base.value
    }
    if not whole.value or not exact:
        return [zero] * len(bases)
    exact = _scaled(exact, whole)
    parts = _floors_and_rest(exact, whole)
    return [parts.get(place, zero) for place in range(len(bases))]


def _scaled(exact: dict[int, Figure], whole: Figure) -> dict[int, Figure]:
    """Return the exact values in proportion, when ``whole`` is no longer their sum."""
    required = total(exact.values(), "construction.retainage.rows-exact")
    if abs(required.value - whole.value) < currency(whole.unit).step:
        return exact
    factor = ratio(whole, required, "construction.retainage.kept")
    return {place: times(value, factor, EXACT_ROW) for place, value in exact.items()}


def _floors_and_rest(exact: dict[int, Figure], whole: Figure) -> dict[int, Figure]:
    step = currency(whole.unit).step
    floors = {
        place: rounded(value, step, "construction.retainage.row-down", Mode.FLOOR)
        for place, value in exact.items()
    }
    rest = less(whole, *floors.values(), rule="construction.retainage.rest")
    if not rest.value:
        return floors
    remainders = [
        less(exact[place], floor, rule="construction.retainage.remainder")
        for place, floor in floors.items()
    ]
    extra = shares(rest, remainders, step, "construction.retainage.rest-part")
    return {
        place: total((floor, part), "construction.retainage.row")
        for (place, floor), part in zip(floors.items(), extra, strict=True)
    }
