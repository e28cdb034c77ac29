"""Movements of the retainage, and the adjustments that are made of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import attrs

from billhook.kernel.figure import Figure, less, total
from billhook.model.adjustment import Adjustment, AdjustmentKind, LinePart, Stage
from billhook.model.charge import Charge
from billhook.model.job import Job
from billhook_construction.details import Withheld, WorkDetail
from billhook_construction.rating.previous import Baseline
from billhook_construction.rating.wording import words
from billhook_construction.settings import Contract
from billhook_construction.state import SheetRow

Pot = Literal["work", "stored"]
POTS: tuple[Pot, ...] = ("work", "stored")


def make_withheld(
    rows: Sequence[SheetRow],
    before: Baseline,
    held: Mapping[str, Figure],
    rates: Mapping[str, Figure],
) -> tuple[Withheld, ...]:
    """Return what is held more than before, or paid back, by tax class."""
    classes = sorted({row.tax_class for row in rows})
    if len(classes) == 1:
        moved = [_whole(pot, classes[0], before, held, rates) for pot in POTS]
    else:
        moved = [_of_class(pot, name, rows, before, rates) for pot in POTS for name in classes]
    parted = (_with_parts(each, rows, before) for each in moved)
    return tuple(each for each in parted if each.amount.value or each.parts)


def _with_parts(moved: Withheld, rows: Sequence[SheetRow], before: Baseline) -> Withheld:
    """Return a movement with the part of each row, if the rows come to it."""
    name = f"retained_{moved.of}"
    parts = []
    for row in rows:
        now, was = getattr(row, name), getattr(before.of(row.item), name)
        if row.tax_class == moved.tax_class and now.value != was.value:
            part = less(now, was, rule=f"construction.withheld.{moved.of}")
            parts.append(LinePart(f"item-{row.item}", part))
    unit = moved.amount.unit
    whole = total((part.amount for part in parts), f"construction.withheld.{moved.of}", unit)
    return attrs.evolve(moved, parts=tuple(parts)) if whole.value == moved.amount.value else moved


def _whole(
    pot: Pot,
    tax_class: str,
    before: Baseline,
    held: Mapping[str, Figure],
    rates: Mapping[str, Figure],
) -> Withheld:
    amount = less(held[pot], before.pots.held[pot], rule=f"construction.withheld.{pot}")
    return Withheld(of=pot, tax_class=tax_class, amount=amount, rate=rates[pot])


def _of_class(
    pot: Pot,
    tax_class: str,
    rows: Sequence[SheetRow],
    before: Baseline,
    rates: Mapping[str, Figure],
) -> Withheld:
    """Return the movement on the rows of one class, which all together make the whole."""
    mine = [row for row in rows if row.tax_class == tax_class]
    name = f"retained_{pot}"
    now = total((getattr(row, name) for row in mine), f"construction.withheld.{pot}-now")
    was = total(
        (getattr(before.of(row.item), name) for row in mine), f"construction.withheld.{pot}-before"
    )
    amount = less(now, was, rule=f"construction.withheld.{pot}")
    return Withheld(of=pot, tax_class=tax_class, amount=amount, rate=rates[pot])


def make_adjustments(job: Job, charges: Sequence[Charge]) -> Iterator[Adjustment]:
    """Yield the retainage that the charges carry."""
    found = [
        each
        for charge in charges
        if isinstance(charge.detail, WorkDetail)
        for each in charge.detail.withheld
    ]
    contract = job.settings(Contract)
    several = len({each.tax_class for each in found}) > 1
    billed = {charge.id for charge in charges}
    for each in found:
        suffix = f"-{each.tax_class}" if several else ""
        whole = all(part.line in billed for part in each.parts)
        yield _adjustment(each, contract, suffix, each.parts if whole else ())


def _adjustment(
    each: Withheld, contract: Contract, suffix: str, parts: tuple[LinePart, ...]
) -> Adjustment:
    net = contract.tax_on == "net_of_retainage"
    return Adjustment(
        id=f"retainage-{each.of}{suffix}",
        label=words(contract.wording).movement(each.of, each.rate.value, each.amount.value),
        stage=Stage.BEFORE_TAX if net else Stage.AFTER_TAX,
        kind=AdjustmentKind.WITHHELD,
        amount=each.amount,
        order=100 + POTS.index(each.of),
        tax_class=each.tax_class if net else None,
        bases=parts,
    )
