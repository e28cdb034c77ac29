"""From steps to charges: one for each item that moved, and the retainage they carry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

from billhook.kernel.figure import Figure, less, times, total
from billhook.kernel.text import Text, labels
from billhook.model.charge import Charge, Skip
from billhook.model.job import Job
from billhook_construction.details import Withheld, WorkDetail
from billhook_construction.rating.progress import ProgressStep
from billhook_construction.rating.sheet import percent_of
from billhook_construction.records import Progress
from billhook_construction.state import SheetRow

_ = labels("billhook_construction")


def make_charges(
    job: Job,
    steps: Sequence[ProgressStep],
    rows: Sequence[SheetRow],
    withheld: tuple[Withheld, ...],
) -> tuple[Charge, ...]:
    """Return the charges; the first carries what is withheld on the whole bill."""
    charges = [
        _charge(job, step, row, step.entry)
        for step, row in zip(steps, rows, strict=True)
        if step.entry is not None and _moved(step, row)
    ]
    if not charges and withheld:
        charges = [_release_only(job, withheld[0].tax_class)]
    if charges and isinstance(charges[0].detail, WorkDetail):
        detail = attrs.evolve(charges[0].detail, withheld=withheld)
        charges[0] = attrs.evolve(charges[0], detail=detail)
    return tuple(charges)


def make_skips(steps: Iterable[ProgressStep], rows: Iterable[SheetRow]) -> tuple[Skip, ...]:
    """Return the entries that change nothing."""
    reason = _("no change since the application before")
    return tuple(
        Skip(step.entry.key, reason, step.entry.origin, own=True)
        for step, row in zip(steps, rows, strict=True)
        if step.entry is not None and not _moved(step, row)
    )


def _moved(step: ProgressStep, row: SheetRow) -> bool:
    return bool(row.current.value) or step.stored.value != step.before.stored.value


def _charge(job: Job, step: ProgressStep, row: SheetRow, entry: Progress) -> Charge:
    before = total((step.before.completed, step.before.stored), "construction.row.before")
    amount = less(row.to_date, before, rule="construction.charge.amount")
    quantity = _quantity(step, amount)
    return Charge(
        id=f"item-{row.item}",
        description=row.description,
        amount=amount,
        quantity=quantity,
        unit_price=step.item.unit_price if quantity is not None else None,
        period=job.period,
        tax_class=row.tax_class,
        tags=step.item.tags,
        group=group_of(row),
        sources=(entry.key,),
        detail=_detail(step, row, entry),
    )


def group_of(row: SheetRow) -> Text:
    """Return the heading that a row stands under."""
    return _("Change orders") if row.change_order else row.group


def _detail(step: ProgressStep, row: SheetRow, entry: Progress) -> WorkDetail:
    return WorkDetail(
        item=row.item,
        percent=percent_of(row.completed, row.value),
        work=row.current,
        stored=less(step.stored, step.before.stored, rule="construction.stored.change"),
        note=entry.note,
    )


def _quantity(step: ProgressStep, amount: Figure) -> Figure | None:
    """Return the period's quantity, where quantity × price gives the amount to the cent."""
    now, before, price = step.quantity, step.before.quantity, step.item.unit_price
    if now is None or price is None or step.entry is None or step.entry.quantity is None:
        return None
    if before is None and step.before.completed.value:
        return None
    period = now if before is None else less(now, before, rule="construction.work.quantity-period")
    product = times(period, price, "construction.charge.measured")
    return period if product.value == amount.value else None


def _release_only(job: Job, tax_class: str) -> Charge:
    zero = job.zero("construction.nothing")
    return Charge(
        id="no-work",
        description=_("No work in this period"),
        amount=zero,
        period=job.period,
        tax_class=tax_class,
        tags=frozenset({"work"}),
        detail=WorkDetail(work=zero, stored=zero),
    )
