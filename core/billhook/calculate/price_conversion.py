"""Conversion: what is rated in another currency comes into the job's by a dated rate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import overload

import attrs

from billhook.kernel.currencies import MINOR_UNITS
from billhook.kernel.figure import Figure, given, less, rounded, rounded_money, times, total
from billhook.model.adjustment import Adjustment, Excess, Shortfall, UpTo
from billhook.model.charge import Charge, Rating, is_too_fine
from billhook.model.exchange import ExchangeRate
from billhook.model.job import Job

PRICE_STEP = Decimal("0.000001")
"""Grid of a converted unit price that has more decimals than can be printed."""


def in_price_currency(job: Job) -> Job:
    """Return the job as plugins rate it: its currency is that of the prices."""
    return attrs.evolve(job, currency=job.prices_in) if job.prices_in else job


def convert_ratings(job: Job, ratings: Sequence[Rating]) -> tuple[Rating, ...]:
    """Return ratings in the job's currency, as far as there are rates for it."""
    return tuple(
        attrs.evolve(rating, charges=tuple(_charge(job, each) for each in rating.charges))
        for rating in ratings
    )


def convert_adjustments(job: Job, adjustments: Sequence[Adjustment]) -> tuple[Adjustment, ...]:
    """Return adjustments in the job's currency; percentages stay as they are."""
    return tuple(_adjustment(job, each) for each in adjustments)


def missing_rate(job: Job, unit: str) -> str:
    """Return what to do where an amount could not be converted."""
    return (
        f"name a rate from {unit} into {job.currency} for that day in [[exchange.rates]], "
        f'or write prices_in = "{job.currency}" if the prices are already in {job.currency}'
    )


def _charge(job: Job, charge: Charge) -> Charge:
    day = charge.date or (charge.period.last if charge.period else job.date)
    amount = _convert(job, charge.amount, day)
    if amount is charge.amount:
        return charge
    price = _convert(job, charge.unit_price, day)
    if price is not None and is_too_fine(price):
        price = rounded(price, PRICE_STEP, "core.exchange.price")
    charge = attrs.evolve(charge, amount=amount, unit_price=price)
    return charge if charge.gross is None else _convert_changes(job, charge, day)


def _convert_changes(job: Job, charge: Charge, day: dt.date) -> Charge:
    """Return a charge with its price changes; they add up as they are printed."""
    line = job.policy.line
    amount = rounded_money(charge.amount, line, "core.line.amount")
    changes = tuple(
        attrs.evolve(
            each,
            amount=rounded_money(_convert(job, each.amount, day), line, "core.line.adjustment"),
        )
        for each in charge.adjustments
    )
    if changes:
        whole = total((each.amount for each in changes), "core.line.adjustment")
        gross = less(amount, whole, rule="core.line.gross")
    else:
        gross = rounded_money(
            _convert(job, charge.gross or charge.amount, day), line, "core.line.gross"
        )
        whole = less(amount, gross, rule="core.line.adjustment")
    return attrs.evolve(
        charge,
        amount=amount,
        gross=gross,
        adjustment=None if charge.adjustment is None else whole,
        adjustments=changes,
    )


def _adjustment(job: Job, adjustment: Adjustment) -> Adjustment:
    asked = adjustment.amount
    if isinstance(asked, UpTo):
        asked = UpTo(_convert(job, asked.fund, job.date))
    elif isinstance(asked, Figure):
        asked = _convert(job, asked, job.date)
    elif isinstance(asked, Excess | Shortfall):
        asked = attrs.evolve(asked, limit=_convert(job, asked.limit, job.date))
    return attrs.evolve(
        adjustment,
        amount=asked,
        at_least=_convert(job, adjustment.at_least, job.date),
        at_most=_convert(job, adjustment.at_most, job.date),
    )


@overload
def _convert(job: Job, figure: Figure, day: dt.date) -> Figure: ...
@overload
def _convert(job: Job, figure: None, day: dt.date) -> None: ...
@overload
def _convert(job: Job, figure: Figure | None, day: dt.date) -> Figure | None: ...
def _convert(job: Job, figure: Figure | None, day: dt.date) -> Figure | None:
    """Return an amount or price in the job's currency; without one rate, as it is."""
    if figure is None:
        return None
    money = figure.unit.partition("/")[0]
    if money == job.currency or money not in MINOR_UNITS:
        return figure
    found = [each for each in job.exchange if _fits(each, money, job.currency, day)]
    if len(found) != 1:
        return figure
    return times(figure, _rate(found[0], day), "core.exchange")


def _fits(rate: ExchangeRate, money: str, into: str, day: dt.date) -> bool:
    return rate.currency == money and rate.into == into and rate.covers(day)


def _rate(rate: ExchangeRate, day: dt.date) -> Figure:
    unit = f"{rate.into}/{rate.currency}"
    return given(
        rate.rate,
        unit,
        "core.exchange.rate",
        rate.origin,
        day=day.isoformat(),
        source=rate.source,
    )
