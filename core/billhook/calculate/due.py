"""Payment terms of a bill: due date, early-payment discounts, instalments."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal

from billhook.kernel import codes
from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.figure import PERCENT, Figure, given, less, percent_of, rounded_money, shares
from billhook.kernel.money import EXACT, Policy, find_currency, round_to
from billhook.model.invoice import Invoice
from billhook.model.job import Job
from billhook.model.terms import Agreement, Discount, EarlyPayment, Instalment, Portioning, Terms


def to_terms(agreement: Agreement, date: dt.date, payable: Figure, policy: Policy) -> Terms:
    """Return what an agreement means for a bill of ``payable`` on ``date``."""
    instalments = _instalments(agreement, date, payable, policy)
    due = instalments[-1].due if instalments else due_date(agreement, date)
    return Terms(
        due=due,
        net_days=agreement.net_days,
        discounts=tuple(_discount(each, date, payable, policy) for each in agreement.discounts),
        instalments=instalments,
        text=agreement.text,
    )


def check_instalments(job: Job, invoice: Invoice) -> Iterator[Diagnostic]:
    """Find instalments that the bill cannot have: beyond what is payable, or before its date."""
    payable, parts = invoice.totals.payable, invoice.terms.instalments
    fixed = any(part.amount is not None for part in job.terms.instalments)
    if fixed and any(part.amount.value < 0 for part in parts):
        message = f"the fixed instalments add up to more than the {payable.value} payable"
        yield Diagnostic(
            codes.INSTALMENTS.id, message, origin=job.origin, hint="change terms.instalments"
        )
    for part in parts:
        if part.due < invoice.date:
            message = f"an instalment is due on {part.due}, before the bill of {invoice.date}"
            yield Diagnostic(
                codes.INSTALMENTS.id, message, origin=job.origin, hint="change terms.instalments"
            )


def due_date(agreement: Agreement, date: dt.date) -> dt.date:
    """Return the last day to pay in time."""
    start = _month_end(date) if agreement.end_of_month else date
    due = start + dt.timedelta(days=agreement.net_days)
    if agreement.day_of_month is None:
        return due
    return _on_day(due, agreement.day_of_month)


def _on_day(earliest: dt.date, day: int) -> dt.date:
    last = _month_end(earliest)
    wanted = last.replace(day=min(day, last.day))
    if wanted >= earliest:
        return wanted
    following = _month_end(last + dt.timedelta(days=1))
    return following.replace(day=min(day, following.day))


def _month_end(date: dt.date) -> dt.date:
    return date.replace(day=calendar.monthrange(date.year, date.month)[1])


def _discount(agreed: EarlyPayment, date: dt.date, payable: Figure, policy: Policy) -> Discount:
    rate = given(agreed.percent, PERCENT, "core.terms.discount-rate")
    raw = percent_of(payable, rate, "core.terms.discount")
    amount = rounded_money(raw, policy.line, "core.terms.discount-amount")
    early = less(payable, amount, rule="core.terms.discounted")
    if policy.cash is not None:
        early = rounded_money(
            less(payable, raw, rule="core.terms.discounted"), policy.cash, "core.terms.discounted"
        )
        amount = less(payable, early, rule="core.terms.discount-amount")
    return Discount(
        until=date + dt.timedelta(days=agreed.days),
        rate=rate,
        amount=amount,
        payable=early,
    )


def _instalments(
    agreement: Agreement, date: dt.date, payable: Figure, policy: Policy
) -> tuple[Instalment, ...]:
    if not agreement.instalments:
        return ()
    unit, parts = payable.unit, agreement.instalments
    fixed = [_round_fixed(each.amount, unit, policy) for each in parts if each.amount is not None]
    left = less(payable, *fixed, rule="core.terms.left") if fixed else payable
    divided = iter(shares(left, _weights(parts), _coin(left, policy), "core.terms.instalment"))
    amounts = iter(fixed)
    return tuple(
        Instalment(
            due=part.date or date + dt.timedelta(days=part.days or 0),
            amount=next(divided if part.amount is None else amounts),
        )
        for part in parts
    )


def _round_fixed(amount: Decimal, unit: str, policy: Policy) -> Figure:
    return rounded_money(given(amount, unit, "core.terms.fixed"), policy.line, "core.terms.fixed")


def _weights(parts: Iterable[Portioning]) -> list[Figure]:
    """Return the percentages of the parts that have no fixed amount, the rest last."""
    *percents, _ = (part.percent or Decimal(0) for part in parts if part.amount is None)
    rest = Decimal(100)
    for each in percents:
        rest = EXACT.subtract(rest, each)
    return [given(value, PERCENT, "core.terms.portion") for value in (*percents, rest)]


def _coin(payable: Figure, policy: Policy) -> Decimal:
    """Return the smallest amount that can be paid: in cash, where the bill is rounded to it."""
    step = find_currency(payable.unit).step
    if policy.cash is None:
        return step
    coin = policy.cash.grid(find_currency(payable.unit))
    return coin if round_to(payable.value, coin) == payable.value else step
