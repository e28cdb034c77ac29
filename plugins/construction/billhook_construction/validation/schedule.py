"""Checks of a schedule: in itself, with its changes, and against the one before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from billhook.kernel.diagnostics import Diagnostic, did_you_mean
from billhook.kernel.figure import Figure, given, times, total
from billhook.kernel.money import find_currency
from billhook.model.job import Job
from billhook.model.record import Records
from billhook_construction import codes
from billhook_construction.rating.rounding import AmountGrid
from billhook_construction.rating.schedule import Schedule
from billhook_construction.records import ChangeOrder, ScheduleItem
from billhook_construction.settings import Contract
from billhook_construction.state import ConstructionState
from billhook_construction.validation.history import history_faults


def schedule_faults(
    job: Job,
    records: Records,
    contract: Contract,
    schedule: Schedule,
    earlier: ConstructionState | None,
) -> Iterator[Diagnostic]:
    """Yield what is wrong with the schedule of a job."""
    rows, orders = records.of(ScheduleItem), records.of(ChangeOrder)
    yield from _settings(job, contract, schedule)
    yield from _repeated_rows(rows)
    yield from _prices(rows, AmountGrid.of(job, contract))
    yield from _repeated_orders(orders)
    yield from _orders_of_rows(rows, orders)
    yield from _order_sums(orders, schedule)
    if earlier is not None:
        yield from history_faults(job, schedule, orders, earlier)


_TWICE = "give one of them another number, or remove it"
"""What to do about two rows or orders of one number."""


def no_schedule(job: Job) -> Diagnostic:
    """Return the finding of a job without a schedule."""
    message = "the job has no schedule of values"
    hint = 'add a source of kind = "construction.schedule"'
    return Diagnostic(codes.NO_SCHEDULE.id, message, origin=job.origin, hint=hint)


def _settings(job: Job, contract: Contract, schedule: Schedule) -> Iterator[Diagnostic]:
    step = find_currency(job.currency).step
    place = contract.origin or job.origin
    if contract.quantum is not None and contract.quantum % step:
        message = f"quantum is {contract.quantum}, expected a multiple of {step} {job.currency}"
        hint = f"write quantum = 1 for whole amounts, or leave it out for {step}"
        yield Diagnostic(
            codes.QUANTUM.id, message, origin=place, path="construction.quantum", hint=hint
        )
    agreed, found = contract.original_sum, schedule.original
    if agreed is not None and agreed != found.value:
        message = (
            f"the rows without a change order add up to {found.value} {found.unit}, but the "
            f"contract sum is {agreed}"
        )
        yield Diagnostic(
            codes.ORIGINAL_SUM.id,
            message,
            origin=place,
            path="construction.original_sum",
            hint="correct one of the two; what was agreed later is a change order",
        )


def _repeated_rows(rows: Sequence[ScheduleItem]) -> Iterator[Diagnostic]:
    first: dict[str, ScheduleItem] = {}
    for row in rows:
        twin = first.setdefault(row.item, row)
        if twin is not row:
            message = f"item {row.item!r} appears here and at {twin.origin}"
            yield Diagnostic(
                codes.ITEM_TWICE.id, message, origin=row.origin, path="item", hint=_TWICE
            )


def _prices(rows: Sequence[ScheduleItem], grid: AmountGrid) -> Iterator[Diagnostic]:
    for row in rows:
        if row.quantity is None or row.unit_price is None:
            if row.value is None:
                yield Diagnostic(
                    codes.NO_PRICE.id,
                    f"item {row.item!r} has neither a value nor quantity and unit price",
                    origin=row.origin,
                    path="value",
                    hint="give value, or both quantity and unit_price",
                )
            continue
        product = _product(row, grid)
        if row.value is not None and row.value != product.value:
            message = (
                f"item {row.item!r}: {row.quantity} × {row.unit_price} is {product.value}, "
                f"but the value is {row.value}"
            )
            hint = "leave value out, or correct one of the three"
            yield Diagnostic(
                codes.PRICE_MISMATCH.id, message, origin=row.origin, path="value", hint=hint
            )


def _product(row: ScheduleItem, grid: AmountGrid) -> Figure:
    quantity = given(row.quantity or 0, "ea", "construction.item.quantity")
    price = given(row.unit_price or 0, f"{grid.currency}/ea", "construction.item.price")
    return grid.money(
        times(quantity, price, "construction.item.measured"), "construction.item.value-rounded"
    )


def _repeated_orders(orders: Sequence[ChangeOrder]) -> Iterator[Diagnostic]:
    first: dict[str, ChangeOrder] = {}
    for order in orders:
        twin = first.setdefault(order.number, order)
        if twin is not order:
            message = f"change order {order.number!r} appears here and at {twin.origin}"
            yield Diagnostic(
                codes.ORDER_TWICE.id, message, origin=order.origin, path="number", hint=_TWICE
            )


def _orders_of_rows(
    rows: Sequence[ScheduleItem], orders: Sequence[ChangeOrder]
) -> Iterator[Diagnostic]:
    known = {order.number for order in orders}
    for row in rows:
        if row.change_order and row.change_order not in known:
            yield Diagnostic(
                codes.UNKNOWN_ORDER.id,
                f"item {row.item!r} belongs to change order {row.change_order!r}, which is unknown",
                origin=row.origin,
                path="change_order",
                hint=did_you_mean(row.change_order, known),
            )


def _order_sums(orders: Sequence[ChangeOrder], schedule: Schedule) -> Iterator[Diagnostic]:
    amounts = {c.number: c.amount for c in schedule.changes if c.application}
    for order in orders:
        if order.number not in amounts:
            continue
        agreed = amounts[order.number]
        values = [item.value for item in schedule.items if item.change_order == order.number]
        found = total(values, "construction.change.rows", agreed.unit)
        if found.value != agreed.value:
            message = (
                f"the rows of change order {order.number!r} add up to {found.value} "
                f"{found.unit}, but it was agreed at {agreed.value}"
            )
            hint = "the rows with its number in change_order must add up to its amount"
            yield Diagnostic(
                codes.ORDER_MISMATCH.id, message, origin=order.origin, path="amount", hint=hint
            )
