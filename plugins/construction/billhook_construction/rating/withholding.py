"""Movements of the retainage, and the adjustments that are made of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import attrs

from billhook.kernel.figure import Figure, less, total
from billhook.kernel.text import Label
from billhook.model.adjustment import Adjustment, AdjustmentKind, LinePart, Stage
from billhook.model.charge import Charge
from billhook.model.job import Job
from billhook_construction.details import Withheld, WorkDetail
from billhook_construction.rating.previous import RETAINAGE, SETTLES, Baseline
from billhook_construction.rating.wording import words
from billhook_construction.settings import Contract, TaxBase
from billhook_construction.state import SheetRow

Pot = Literal["work", "stored"]
POTS: tuple[Pot, ...] = ("work", "stored")


def make_withheld(
    rows: Sequence[SheetRow],
    before: Baseline,
    held: Mapping[str, Figure],
    rates: Mapping[str, Figure],
    tax_base: TaxBase,
) -> tuple[Withheld, ...]:
    """Return what is held more than before, or paid back, by tax class.

    When the contract's tax base changes, all that is held goes back as it was taxed, and what is
    held now is held anew: so every amount is taxed once.
    """
    found: list[Withheld] = []
    for pot in POTS:
        was = before.pots.held[pot]
        if tax_base == before.tax_base or not was.value:
            found.extend(_movements(pot, rows, before, (held[pot], was), rates[pot]))
            continue
        back = _movements(pot, rows, before, (None, was), rates[pot])
        found.extend(attrs.evolve(each, settles=before.tax_base) for each in back)
        found.extend(_movements(pot, rows, before, (held[pot], None), rates[pot]))
    return tuple(each for each in found if each.amount.value or each.parts)


def _movements(
    pot: Pot,
    rows: Sequence[SheetRow],
    before: Baseline,
    whole: tuple[Figure | None, Figure | None],
    rate: Figure,
) -> Iterator[Withheld]:
    """Yield the movement of each tax class, from the second of ``whole`` to the first.

    ``None`` is nothing: all goes back, or is held anew.
    """
    nothing = before.nothing.retained_work
    now, was = (nothing if amount is None else amount for amount in whole)
    classes = sorted({row.tax_class for row in rows})
    for tax_class in classes:
        mine = [row for row in rows if row.tax_class == tax_class]
        moves = [_move(pot, row, before, whole) for row in mine]
        rule = f"construction.withheld.{pot}"
        if len(classes) == 1:
            amount = less(now, was, rule=rule)
        else:
            current = total((each[0] for each in moves), f"{rule}-now")
            previous = total((each[1] for each in moves), f"{rule}-before")
            amount = less(current, previous, rule=rule)
        parts = [
            LinePart(f"item-{row.item}", less(*move, rule=rule))
            for row, move in zip(mine, moves, strict=True)
            if move[0].value != move[1].value
        ]
        sum_of_parts = total((part.amount for part in parts), rule, amount.unit)
        fits = sum_of_parts.value == amount.value
        yield Withheld(
            of=pot,
            tax_class=tax_class,
            amount=amount,
            rate=rate,
            parts=tuple(parts) if fits else (),
        )


def _move(
    pot: Pot, row: SheetRow, before: Baseline, whole: tuple[Figure | None, Figure | None]
) -> tuple[Figure, Figure]:
    """Return what is held of a row now, and what was held."""
    name, nothing = f"retained_{pot}", before.nothing.retained_work
    now = nothing if whole[0] is None else getattr(row, name)
    return now, nothing if whole[1] is None else getattr(before.of(row.item), name)


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
    net = (each.settles or contract.tax_on) == "net_of_retainage"
    return Adjustment(
        id=f"{SETTLES if each.settles else RETAINAGE}{each.of}{suffix}",
        label=_label(each, contract),
        stage=Stage.BEFORE_TAX if net else Stage.AFTER_TAX,
        kind=AdjustmentKind.WITHHELD,
        amount=each.amount,
        order=100 + POTS.index(each.of),
        tax_class=each.tax_class if net else None,
        bases=parts,
    )


def _label(each: Withheld, contract: Contract) -> Label:
    """Return the label of a movement; under steps or a cap no single rate is true of it."""
    said = words(contract.wording)
    if contract.retainage is not None and each.amount.value > 0:
        return said.work if each.of == "work" else said.stored
    return said.movement(each.of, each.rate.value, each.amount.value)
