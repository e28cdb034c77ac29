"""Progress as money: the sum to date is rounded, the period follows by subtraction."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import attrs

from billhook.kernel.figure import PERCENT, Figure, given, greatest, least, percent_of, times, total
from billhook_construction.rating.previous import Baseline, PreviousApplication
from billhook_construction.rating.rounding import AmountGrid
from billhook_construction.rating.schedule import ContractItem
from billhook_construction.records import Progress

_WHOLE = Decimal(100)


@attrs.frozen(kw_only=True)
class ProgressStep:
    """One item in one application.

    Attributes:
        item: The row of the schedule.
        entry: What was reported; ``None`` leaves the item as it was.
        before: How far it had come.
        completed: Work completed to date.
        stored: Material stored now.
        quantity: Quantity completed to date, if that was measured.
    """

    item: ContractItem
    entry: Progress | None
    before: PreviousApplication
    completed: Figure
    stored: Figure
    quantity: Figure | None


def make_steps(
    items: tuple[ContractItem, ...],
    entries: Mapping[str, Progress],
    before: Baseline,
    grid: AmountGrid,
) -> tuple[ProgressStep, ...]:
    """Return the step of each item, reported or carried."""
    return tuple(_step(item, entries.get(item.item), before, grid) for item in items)


def _step(
    item: ContractItem, entry: Progress | None, before: Baseline, grid: AmountGrid
) -> ProgressStep:
    standing = before.of(item.item)
    if entry is None:
        return ProgressStep(
            item=item,
            entry=None,
            before=standing,
            completed=standing.completed,
            stored=standing.stored,
            quantity=standing.quantity,
        )
    return ProgressStep(
        item=item,
        entry=entry,
        before=standing,
        completed=_measure_completed(item, entry, standing, grid),
        stored=_measure_stored(entry, standing, grid),
        quantity=_quantity(item, entry, standing),
    )


def _measure_completed(
    item: ContractItem, entry: Progress, before: PreviousApplication, grid: AmountGrid
) -> Figure:
    if entry.percent is not None:
        return _by_percent(item, entry, entry.percent, grid)
    if entry.amount is not None:
        amount = given(entry.amount, grid.currency, "construction.work.amount", entry.origin)
        return grid.work(amount, "construction.work.to-date")
    if entry.this_period is not None:
        new = given(entry.this_period, grid.currency, "construction.work.period", entry.origin)
        new = grid.work(new, "construction.work.period-rounded")
        return total((before.completed, new), "construction.work.added")
    quantity = _quantity(item, entry, before)
    if entry.quantity is not None and quantity is not None and item.unit_price is not None:
        product = times(quantity, item.unit_price, "construction.work.measured")
        return grid.work(product, "construction.work.to-date")
    return before.completed


def _by_percent(item: ContractItem, entry: Progress, share: Decimal, grid: AmountGrid) -> Figure:
    rate = given(share, PERCENT, "construction.work.percent", entry.origin)
    exact = percent_of(item.value, rate, "construction.work.exact")
    # All of an item is all of it, also where rows are rounded to a coarser step.
    if share == _WHOLE:
        return grid.money(exact, "construction.work.to-date")
    return _within(grid.work(exact, "construction.work.to-date"), item.value)


def _within(work: Figure, value: Figure) -> Figure:
    """Return the work, or the item's value where a coarser step would round beyond it."""
    if abs(work.value) <= abs(value.value):
        return work
    choose = least if value.value > 0 else greatest
    return choose((work, value), "construction.work.within")


def _quantity(item: ContractItem, entry: Progress, before: PreviousApplication) -> Figure | None:
    if entry.quantity is not None:
        return given(entry.quantity, item.unit, "construction.work.quantity", entry.origin)
    return None if entry.measures else before.quantity


def _measure_stored(entry: Progress, before: PreviousApplication, grid: AmountGrid) -> Figure:
    if entry.stored is None:
        return before.stored
    value = given(entry.stored, grid.currency, "construction.stored.balance", entry.origin)
    return grid.money(value, "construction.stored.rounded")
