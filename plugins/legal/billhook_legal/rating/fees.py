"""Fees: hours times rate, with what was written down or not charged."""

from __future__ import annotations

import attrs

from billhook.kernel.diagnostics import Diagnostic, Severity
from billhook.kernel.figure import Figure, given, less, negative, ratio, rounded_money, times, total
from billhook.kernel.money import Rounding
from billhook.kernel.text import Text, labels
from billhook.model.charge import Charge
from billhook_legal.details import TimeDetail
from billhook_legal.rating.duration import MINUTES_PER_HOUR, worked
from billhook_legal.rating.engagement import Engagement
from billhook_legal.rating.grouping import fee_group
from billhook_legal.rating.hours import counts_of, ends, hours_of, shown
from billhook_legal.records import TimeEntry, short_key

_ = labels("billhook_legal")

FEE = frozenset({"fee"})
"""The tag of fee lines; a discount on fees goes by it."""


@attrs.frozen(kw_only=True)
class Fee:
    """The fee for a time entry.

    Attributes:
        amount: What is charged.
        gross: The fee before the entry's own adjustment, if it has one.
        adjustment: What is taken off, negative.
        reason: Why.
    """

    amount: Figure
    gross: Figure | None = None
    adjustment: Figure | None = None
    reason: Text = ""


def fee_charge(entry: TimeEntry, minutes: Figure, rate: Figure, engagement: Engagement) -> Charge:
    """Return the charge of an entry.

    Args:
        entry: The entry.
        minutes: The minutes to bill.
        rate: The hourly rate.
        engagement: The job with its settings.
    """
    fee = _fee(entry, minutes, rate, engagement.job.policy.line)
    return Charge(
        id=f"time-{short_key(entry)}",
        description=entry.narrative,
        amount=fee.amount,
        quantity=shown(hours_of(minutes), minutes),
        unit_price=rate,
        gross=fee.gross,
        adjustment=fee.adjustment,
        adjustment_reason=fee.reason,
        date=entry.date,
        tax_class=engagement.settings.fee_tax_class,
        tags=FEE,
        group=fee_group(entry, engagement),
        sources=(entry.key,),
        counts=counts_of(entry, minutes, engagement),
        detail=_detail(entry, engagement),
    )


def excess(entry: TimeEntry, minutes: Figure, charge: Charge) -> Diagnostic | None:
    """Return an error when an entry is written down by more than there is."""
    if entry.written_down_to is not None and entry.written_down_to > minutes.value:
        message = (
            f"written down to {entry.written_down_to} minutes, "
            f"but only {minutes.value} minutes are billed"
        )
    elif entry.write_down is not None and charge.gross and charge.amount.value < 0:
        message = f"written down by {entry.write_down}, but the fee is only {charge.gross.value}"
    else:
        return None
    hint = "write down at most what is billed"
    return Diagnostic("LGL103", message, Severity.ERROR, entry.origin, hint=hint)


def _detail(entry: TimeEntry, engagement: Engagement) -> TimeDetail:
    return TimeDetail(
        timekeeper=entry.timekeeper,
        matter=engagement.matter_of(entry),
        worked=worked(entry),
        task=entry.task,
        activity=entry.activity,
        billable=entry.billable,
        rate_reason=entry.rate_reason if entry.rate is not None else "",
    )


def _fee(entry: TimeEntry, minutes: Figure, rate: Figure, rounding: Rounding) -> Fee:
    value = _value(minutes, rate)
    adjusted = (
        entry.billable == "no-charge"
        or entry.written_down_to is not None
        or entry.write_down is not None
    )
    if not adjusted:
        return Fee(amount=value)
    gross = rounded_money(value, rounding, "legal.fee.rounded")
    adjustment = _adjustment(entry, gross, rate, rounding)
    return Fee(
        amount=total((gross, adjustment), "legal.fee.charged"),
        gross=gross,
        adjustment=adjustment,
        reason=_reason(entry),
    )


def _value(minutes: Figure, rate: Figure) -> Figure:
    """Return minutes × rate, by the hour where the hours end, else exactly by the minute."""
    hours = hours_of(minutes)
    if ends(hours, minutes):
        return times(hours, rate, "legal.fee")
    currency = rate.unit.removesuffix("/h")
    product = times(minutes, rate, "legal.fee.minutes", unit=f"{currency}·min/h")
    return ratio(product, MINUTES_PER_HOUR, "legal.fee.by-minute", unit=currency)


def _adjustment(entry: TimeEntry, gross: Figure, rate: Figure, rounding: Rounding) -> Figure:
    if entry.billable == "no-charge":
        return negative(gross, "legal.fee.no-charge")
    if entry.written_down_to is not None:
        rule = "legal.minutes.written-down"
        minutes = given(entry.written_down_to, "min", rule, entry.origin, reason=entry.reason)
        net = rounded_money(_value(minutes, rate), rounding, "legal.fee.rounded")
        return less(net, gross, rule="legal.fee.write-down")
    rule = "legal.fee.write-down-asked"
    asked = given(entry.write_down or 0, gross.unit, rule, entry.origin, reason=entry.reason)
    off = rounded_money(asked, rounding, "legal.fee.rounded")
    return negative(off, "legal.fee.write-down")


def _reason(entry: TimeEntry) -> Text:
    if entry.billable == "no-charge":
        return entry.reason
    return _("Written down ({reason})", reason=entry.reason)
