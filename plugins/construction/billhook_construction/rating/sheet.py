"""The schedule sheet and the summary, worked out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from billhook.kernel.figure import (
    PERCENT,
    PURE,
    Figure,
    given,
    less,
    ratio,
    rounded,
    times,
    total,
)
from billhook.kernel.money import Mode
from billhook_construction.rating.progress import ProgressStep
from billhook_construction.rating.schedule import Schedule
from billhook_construction.state import SheetRow, Summary

HUNDREDTH = Decimal("0.01")
_ALL = Decimal(100)


def make_rows(
    steps: Sequence[ProgressStep], parts: Mapping[str, Sequence[Figure]]
) -> tuple[SheetRow, ...]:
    """Return the rows of the sheet with their parts of what is held."""
    return tuple(map(_row, steps, parts["work"], parts["stored"]))


def _row(step: ProgressStep, retained_work: Figure, retained_stored: Figure) -> SheetRow:
    item, to_date = step.item, to_date_of(step)
    return SheetRow(
        item=item.item,
        description=item.description,
        group=item.group,
        change_order=item.change_order,
        tax_class=item.tax_class,
        value=item.value,
        previous=step.before.completed,
        current=less(step.completed, step.before.completed, rule="construction.work.this-period"),
        completed=step.completed,
        stored=step.stored,
        to_date=to_date,
        percent=percent_of(to_date, item.value),
        balance=less(item.value, to_date, rule="construction.row.balance"),
        quantity=step.quantity,
        retained_work=retained_work,
        retained_stored=retained_stored,
        retained=total((retained_work, retained_stored), "construction.retainage.row-both"),
        rate=item.retainage,
    )


def to_date_of(step: ProgressStep) -> Figure:
    """Return what is completed and stored of an item."""
    return total((step.completed, step.stored), "construction.row.to-date")


def percent_of(part: Figure, whole: Figure) -> Figure | None:
    """Return ``part`` in percent of ``whole``, to two decimals; 100 only when it is all."""
    if not whole.value:
        return None
    hundredfold = times(
        part, given(_ALL, PURE, "construction.percent.hundred"), "construction.percent.of"
    )
    exact = ratio(hundredfold, whole, "construction.percent.exact", PERCENT)
    nearest = rounded(exact, HUNDREDTH, "construction.percent.rounded")
    if nearest.value == _ALL and part.value != whole.value:
        return rounded(exact, HUNDREDTH, "construction.percent.not-all", _towards_less(exact))
    return nearest


def _towards_less(exact: Figure) -> Mode:
    return Mode.DOWN if exact.value < _ALL else Mode.UP


def make_summary(
    schedule: Schedule, sums: Mapping[str, Figure], held: Mapping[str, Figure], previous: Figure
) -> Summary:
    """Return the summary of an application."""
    to_date = total((sums["work"], sums["stored"]), "construction.sum.to-date")
    retained = total((held["work"], held["stored"]), "construction.sum.retained")
    earned = less(to_date, retained, rule="construction.sum.earned")
    return Summary(
        original=schedule.original,
        changes=schedule.net_change,
        contract_sum=schedule.contract_sum,
        work=sums["work"],
        stored=sums["stored"],
        to_date=to_date,
        retained_work=held["work"],
        retained_stored=held["stored"],
        retained=retained,
        earned=earned,
        previous_certificates=previous,
        due=less(earned, previous, rule="construction.sum.due"),
        balance=less(schedule.contract_sum, earned, rule="construction.sum.balance"),
    )
