"""Checks of a schedule against the application before: changes after the fact."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from billhook.kernel.diagnostics import Diagnostic, Severity
from billhook.kernel.origin import Origin
from billhook.model.job import Job
from billhook_construction import codes
from billhook_construction.rating.schedule import Schedule
from billhook_construction.records import ChangeOrder
from billhook_construction.state import ChangeRow, ConstructionState


def history_faults(
    job: Job, schedule: Schedule, orders: Sequence[ChangeOrder], earlier: ConstructionState
) -> Iterator[Diagnostic]:
    """Yield what no longer fits the application before."""
    if earlier.summary.original.unit != schedule.currency:
        yield _other_currency(job, schedule, earlier)
        return
    yield from _missing_rows(job, schedule, earlier)
    yield from _changed_orders(job, schedule, orders, earlier)
    yield from _changed_sum(job, schedule, earlier)
    yield from _moved_values(schedule, earlier)


def _other_currency(job: Job, schedule: Schedule, earlier: ConstructionState) -> Diagnostic:
    was = earlier.summary.original.unit
    message = f"application {earlier.application} is in {was}, the job in {schedule.currency}"
    hint = f'write currency = "{was}", or start another contract'
    return Diagnostic(
        codes.OTHER_CURRENCY.id, message, origin=job.origin, path="currency", hint=hint
    )


def _missing_rows(job: Job, schedule: Schedule, earlier: ConstructionState) -> Iterator[Diagnostic]:
    present = {item.item for item in schedule.items}
    for row in earlier.rows:
        if row.item not in present:
            message = (
                f"item {row.item!r} of application {earlier.application} is no longer in "
                "the schedule"
            )
            hint = "restore the row; omitted work is a change order that deducts"
            yield Diagnostic(codes.CHANGED_SUM.id, message, origin=job.origin, hint=hint)


def _changed_orders(
    job: Job, schedule: Schedule, orders: Sequence[ChangeOrder], earlier: ConstructionState
) -> Iterator[Diagnostic]:
    now = {change.number: change for change in schedule.changes if change.application}
    places = {order.number: order.origin for order in orders}
    for was in earlier.changes:
        if was.application:
            place = places.get(was.number, job.origin)
            yield from _changed_order(was, now.get(was.number), place, earlier)


def _changed_order(
    was: ChangeRow, found: ChangeRow | None, place: Origin | None, earlier: ConstructionState
) -> Iterator[Diagnostic]:
    if found is None:
        message = (
            f"change order {was.number!r} counted in application {was.application} and is "
            "no longer approved"
        )
        hint = "leave it approved, and reverse it with a change order of its own"
        yield Diagnostic(codes.CHANGED_SUM.id, message, origin=place, hint=hint)
    elif found.amount.value != was.amount.value:
        message = (
            f"change order {was.number!r} is {found.amount.value} {found.amount.unit}, in "
            f"application {earlier.application} it was {was.amount.value}"
        )
        hint = "restore its amount, and write the difference as a change order of its own"
        yield Diagnostic(codes.CHANGED_SUM.id, message, origin=place, path="amount", hint=hint)


def _changed_sum(job: Job, schedule: Schedule, earlier: ConstructionState) -> Iterator[Diagnostic]:
    was, now = earlier.summary.original, schedule.original
    if was.value != now.value:
        message = (
            f"the rows without a change order add up to {now.value} {now.unit}, in "
            f"application {earlier.application} they added up to {was.value}"
        )
        hint = "restore the rows as they were billed, and write a change order for the difference"
        yield Diagnostic(codes.CHANGED_SUM.id, message, origin=job.origin, hint=hint)


def _moved_values(schedule: Schedule, earlier: ConstructionState) -> Iterator[Diagnostic]:
    """Yield each row with another value; beside a changed sum they say where it changed."""
    before = {row.item: row.value for row in earlier.rows}
    for item in schedule.items:
        was = before.get(item.item)
        if was is None and not item.change_order:
            message = (
                f"item {item.item!r}, {item.value.value} {item.value.unit}, was not in the "
                f"schedule of application {earlier.application}"
            )
        elif was is not None and was.value != item.value.value:
            message = (
                f"item {item.item!r} is {item.value.value} {item.value.unit}, in application "
                f"{earlier.application} it was {was.value}"
            )
        else:
            continue
        hint = "this is right only if the parties agreed on a new breakdown of the same sum"
        yield Diagnostic(
            codes.MOVED_VALUE.id, message, Severity.WARNING, item.origin, "value", hint
        )
