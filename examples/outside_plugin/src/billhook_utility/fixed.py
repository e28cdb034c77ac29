"""Fixed amounts: so much for each day, month, year or bill."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import attrs
from billhook import Figure, given, ratio, rounded, times, total

from billhook_utility.account import count_of_days, day_count
from billhook_utility.tariffs import Fixed

DAYS_OF_A_YEAR = 365
SHOWN = Decimal("0.0001")


@attrs.frozen(kw_only=True)
class Due:
    """What a fixed amount comes to on some days.

    Attributes:
        amount: The amount, not rounded.
        quantity: The days or months, fit for print.
        price: The amount of one of them; ``None`` when the quantity is not what it is for.
    """

    amount: Figure
    quantity: Figure | None = None
    price: Figure | None = None


def due(fixed: Fixed, first: dt.date, last: dt.date, whole: int, currency: str) -> Due:
    """Return what a fixed amount comes to from the first to the last day, both included.

    Args:
        fixed: The amount.
        first: First day.
        last: Last day.
        whole: Days of the whole bill, among which an amount for a bill is divided.
        currency: The currency.
    """
    count = count_of_days(first, last)
    if fixed.per == "day":
        price = given(fixed.amount, f"{currency}/d", "utility.fixed.day", fixed.origin)
        days = given(count, "d", "utility.days")
        return Due(amount=times(days, price, "utility.fixed"), quantity=days, price=price)
    if fixed.per == "month":
        return _by_month(fixed, first, last, currency)
    days_of = DAYS_OF_A_YEAR if fixed.per == "year" else whole
    amount = given(fixed.amount, currency, f"utility.fixed.{fixed.per}", fixed.origin)
    if fixed.per == "bill" and count == whole:
        return Due(amount=amount)
    longer = times(amount, day_count(count), "utility.fixed.days-times")
    part = ratio(longer, day_count(days_of, f"utility.days.{fixed.per}"), "utility.fixed", currency)
    return Due(amount=part, quantity=given(count, "d", "utility.days"))


def _by_month(fixed: Fixed, first: dt.date, last: dt.date, currency: str) -> Due:
    price = given(fixed.amount, f"{currency}/mo", "utility.fixed.month", fixed.origin)
    months = total(_months(first, last), "utility.months", "mo")
    shown = rounded(months, SHOWN, "utility.months.shown")
    exact = shown.value == months.value
    return Due(
        amount=times(months, price, "utility.fixed"),
        quantity=months if exact else shown,
        price=price,
    )


def _months(first: dt.date, last: dt.date) -> Iterator[Figure]:
    """Yield whole months as one figure, and each part of a month by its days."""
    whole = 0
    day = first
    while day <= last:
        length = calendar.monthrange(day.year, day.month)[1]
        end = min(last, day.replace(day=length))
        count = count_of_days(day, end)
        if count == length:
            whole += 1
        else:
            yield _part(count, length)
        day = end + dt.timedelta(days=1)
    if whole:
        yield given(whole, "mo", "utility.months.whole")


def _part(count: int, length: int) -> Figure:
    days = day_count(count)
    month = day_count(length, "utility.days.month")
    return ratio(days, month, "utility.months.part", "mo")
