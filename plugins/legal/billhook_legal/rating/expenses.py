"""Expenses: at cost, or with the markup that was agreed."""

from __future__ import annotations

import attrs

from billhook.kernel.figure import (
    PERCENT,
    PURE,
    Figure,
    given,
    negative,
    percent_of,
    rounded_money,
    times,
    total,
)
from billhook.kernel.text import Label, Text, labels
from billhook.model.charge import Charge
from billhook_legal.details import ExpenseDetail
from billhook_legal.rating.engagement import Engagement
from billhook_legal.rating.grouping import expense_group
from billhook_legal.records import Expense, short_key
from billhook_legal.settings import Markup

_ = labels("billhook_legal")

EXPENSE_TAG = frozenset({"expense"})


def expense_charge(expense: Expense, engagement: Engagement) -> Charge:
    """Return the charge of an expense."""
    currency = expense.currency or engagement.job.currency
    charge = Charge(
        id=f"expense-{short_key(expense)}",
        description=expense.description,
        amount=_cost(expense, currency),
        quantity=_quantity(expense),
        unit_price=_unit_price(expense, currency),
        date=expense.date,
        tax_class=expense.tax_class or engagement.settings.expense_tax_class,
        tags=EXPENSE_TAG,
        group=expense_group(expense, engagement),
        sources=(expense.key,),
        detail=_detail(expense, engagement),
    )
    return _adjust(charge, expense, engagement)


def _detail(expense: Expense, engagement: Engagement) -> ExpenseDetail:
    return ExpenseDetail(
        matter=engagement.matter_of(expense),
        code=expense.code,
        kind=expense.kind,
        vendor=expense.vendor,
        receipt=expense.receipt,
        billable=expense.billable,
    )


def _cost(expense: Expense, currency: str) -> Figure:
    quantity, price = _quantity(expense), _unit_price(expense, currency)
    if quantity is not None and price is not None:
        return times(quantity, price, "legal.expense.cost")
    if expense.amount is None:
        raise ValueError(f"expense {expense.key!r} has no cost")
    return given(expense.amount, currency, "legal.expense.amount", expense.origin)


def _quantity(expense: Expense) -> Figure | None:
    if expense.quantity is None:
        return None
    return given(expense.quantity, expense.unit or PURE, "legal.expense.quantity", expense.origin)


def _unit_price(expense: Expense, currency: str) -> Figure | None:
    if expense.unit_price is None:
        return None
    unit = f"{currency}/{expense.unit}" if expense.unit else currency
    return given(expense.unit_price, unit, "legal.expense.unit-price", expense.origin)


def _adjust(charge: Charge, expense: Expense, engagement: Engagement) -> Charge:
    policy = engagement.job.policy.line
    cost = rounded_money(charge.amount, policy, "legal.expense.rounded")
    if expense.billable == "no-charge":
        off = negative(cost, "legal.expense.no-charge")
        return _with(charge, cost, off, expense.reason)
    markup = engagement.settings.markup
    if markup is None or expense.kind not in markup.kinds or not markup.percent:
        return charge
    rate = given(markup.percent, PERCENT, "legal.expense.markup-rate", markup.origin)
    raw = percent_of(cost, rate, "legal.expense.markup")
    added = rounded_money(raw, policy, "legal.expense.markup-rounded")
    return _with(charge, cost, added, _marked_up(markup))


def _with(charge: Charge, cost: Figure, adjustment: Figure, reason: Text) -> Charge:
    return attrs.evolve(
        charge,
        amount=total((cost, adjustment), "legal.expense.charged"),
        gross=cost,
        adjustment=adjustment,
        adjustment_reason=reason,
    )


def _marked_up(markup: Markup) -> Label:
    return _("Markup of {percent}% ({agreed})", percent=markup.percent, agreed=markup.agreed)
