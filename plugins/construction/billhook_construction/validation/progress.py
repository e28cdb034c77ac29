"""Checks of an application's progress."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from billhook.kernel.diagnostics import Diagnostic, Severity, did_you_mean
from billhook.kernel.origin import Origin
from billhook_construction import codes
from billhook_construction.rating.progress import ProgressStep
from billhook_construction.rating.schedule import ContractItem, Schedule
from billhook_construction.rating.sheet import to_date_of
from billhook_construction.records import Progress

# ── the entries as they were given ───────────────────────────────────────────


def entry_faults(entries: Sequence[Progress], schedule: Schedule) -> Iterator[Diagnostic]:
    """Yield what is wrong with rows of progress, before any of it is worked out."""
    items = {item.item: item for item in schedule.items}
    first: dict[str, Progress] = {}
    for entry in entries:
        twin = first.setdefault(entry.item, entry)
        if twin is not entry:
            message = f"item {entry.item!r} has progress here and at {twin.origin}"
            hint = "progress is to date: keep only the correct row"
            yield Diagnostic(
                codes.PROGRESS_TWICE.id, message, origin=entry.origin, path="item", hint=hint
            )
        if entry.item not in items:
            yield _unknown(entry, schedule)
            continue
        yield from _measure(entry, items[entry.item])
        yield from _range(entry)


def _unknown(entry: Progress, schedule: Schedule) -> Diagnostic:
    order = schedule.waiting.get(entry.item)
    if order is not None:
        message = f"item {entry.item!r} belongs to change order {order!r}, which is not approved"
        return Diagnostic(
            codes.NOT_APPROVED.id,
            message,
            origin=entry.origin,
            path="item",
            hint="an approval counts from the application whose period includes its date",
        )
    return Diagnostic(
        codes.UNKNOWN_ITEM.id,
        f"item {entry.item!r} is not in the schedule",
        origin=entry.origin,
        path="item",
        hint=did_you_mean(entry.item, (item.item for item in schedule.items)),
    )


def _measure(entry: Progress, item: ContractItem) -> Iterator[Diagnostic]:
    given = entry.measures
    if len(given) > 1 or (not given and entry.stored is None):
        found = " and ".join(given) or "nothing"
        message = (
            f"item {entry.item!r}: expected one of percent, amount, quantity or this_period, "
            f"found {found}"
        )
        hint = "leave the others empty; stored may be given beside it or alone"
        yield Diagnostic(codes.MEASURE.id, message, origin=entry.origin, hint=hint)
    if entry.quantity is not None and item.unit_price is None:
        message = f"item {entry.item!r} is reported by quantity and has no unit price"
        hint = "report percent or amount, or give the item a unit_price in the schedule"
        yield Diagnostic(
            codes.NO_PRICE.id, message, origin=entry.origin, path="quantity", hint=hint
        )


def _range(entry: Progress) -> Iterator[Diagnostic]:
    if entry.percent is not None and not 0 <= entry.percent <= 100:  # noqa: PLR2004 - per hundred
        message = f"item {entry.item!r}: expected 0 to 100 percent, found {entry.percent}"
        hint = "it applies to the item's own value, to date; more work is a change order"
        yield Diagnostic(codes.PERCENT.id, message, origin=entry.origin, path="percent", hint=hint)
    if entry.stored is not None and entry.stored < 0:
        message = (
            f"item {entry.item!r}: expected stored material of 0 or more, found {entry.stored}"
        )
        hint = "give the balance stored now: 0 when all of it was built in"
        yield Diagnostic(
            codes.NEGATIVE_STORED.id, message, origin=entry.origin, path="stored", hint=hint
        )


# ── the steps as they were worked out ────────────────────────────────────────


def step_faults(steps: Sequence[ProgressStep]) -> Iterator[Diagnostic]:
    """Yield what is wrong with how far the items have come."""
    for step in steps:
        yield from _beyond(step)
        yield from _backwards(step)
        yield from _unsaid(step)
    yield from _report_carried(steps)


def _beyond(step: ProgressStep) -> Iterator[Diagnostic]:
    value, found = step.item.value, to_date_of(step)
    low, high = sorted((value.value, value.value * 0))
    if low <= found.value <= high:
        return
    measured = step.quantity is not None and found.value > high
    message = (
        f"item {step.item.item!r} would be billed to {found.value} {found.unit}, but its "
        f"scheduled value is {value.value}"
    )
    severity = Severity.WARNING if measured else Severity.ERROR
    hint = "correct the progress, or add a change order for the excess"
    if step.stored.value:
        hint = "material that was built in is no longer stored: give the balance in stored"
    yield Diagnostic(codes.BEYOND.id, message, severity, _place(step), _field(step), hint)


def _backwards(step: ProgressStep) -> Iterator[Diagnostic]:
    now, before = step.completed, step.before.completed
    deducts = step.item.value.value < 0
    falls = now.value > before.value if deducts else now.value < before.value
    if step.entry is None or step.entry.correction or not falls:
        return
    message = (
        f"item {step.item.item!r} falls from {before.value} to {now.value} {now.unit} of "
        "completed work"
    )
    yield Diagnostic(
        codes.BACKWARDS.id,
        message,
        origin=step.entry.origin,
        path=_field(step),
        hint="write correction = true if the earlier application was wrong",
    )


def _unsaid(step: ProgressStep) -> Iterator[Diagnostic]:
    entry = step.entry
    if entry is None or entry.stored is not None or not step.stored.value:
        return
    if step.completed.value == step.before.completed.value:
        return
    message = (
        f"item {step.item.item!r} progressed and still has {step.stored.value} "
        f"{step.stored.unit} of stored material from before"
    )
    hint = "give the balance in stored: 0 when all of it was built in"
    yield Diagnostic(
        codes.STORED_UNSAID.id, message, Severity.WARNING, entry.origin, "stored", hint
    )


def _report_carried(steps: Sequence[ProgressStep]) -> Iterator[Diagnostic]:
    names = [step.item.item for step in steps if step.entry is None and _in_work(step)]
    if names:
        message = f"no progress is given for items in progress: {', '.join(names)}"
        hint = "they are carried unchanged; add rows if work was done on them"
        yield Diagnostic(codes.CARRIED.id, message, Severity.INFO, hint=hint)


def _in_work(step: ProgressStep) -> bool:
    begun = bool(step.completed.value or step.stored.value)
    return begun and step.completed.value != step.item.value.value


def _field(step: ProgressStep) -> str | None:
    """Return the field that says how far the item has come."""
    if step.entry is None:
        return None
    return next(iter(step.entry.measures), "stored")


def _place(step: ProgressStep) -> Origin:
    return step.item.origin if step.entry is None else step.entry.origin
