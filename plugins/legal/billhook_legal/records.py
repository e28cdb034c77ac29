"""Records: time entries and expenses, as the firm's own system keeps them."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Annotated, Literal

import attrs

from billhook.kernel.money import find_currency
from billhook.model.record import ADDED, Record
from billhook.sources.ranges import at_least

Billable = Literal["yes", "no", "no-charge"]
"""Billed; left out of the bill; or shown on the bill with its value, and charged at nothing."""

DURATION = re.compile(r"(\d{1,4}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
"""Hours, minutes and perhaps seconds: ``1:15``, ``0:07:30``."""


@attrs.frozen(kw_only=True)
class TimeEntry(Record):
    """Time that one person worked on one matter on one day (kind ``legal.time``).

    The time is given once: as minutes, as decimal hours, or as a duration.

    Attributes:
        date: The day of the work; rates are looked up for it.
        timekeeper: Id of who worked.
        narrative: What was done, as the client will read it.
        matter: Id of the matter; may be left out when the job bills one matter.
        minutes: The time worked in minutes.
        hours: The time worked in decimal hours.
        duration: The time worked as ``H:MM`` or ``H:MM:SS``.
        task: UTBMS task code.
        activity: UTBMS activity code.
        billable: ``yes``, ``no``, or ``no-charge``.
        written_down_to: Minutes to charge instead of those billed; the rest is shown as an
            adjustment.
        write_down: Or an amount to take off the fee.
        reason: Why it is written down or not charged; a write-down needs one.
        rate: Hourly rate for this entry alone.
        rate_reason: Why it has a rate of its own, as the client will read it; such a rate needs
            one.

    Raises:
        ValueError: The time is given not once, a duration cannot be read, or a write-down or a
            rate contradicts the rest or has no reason.
    """

    date: dt.date
    timekeeper: str
    narrative: str
    matter: str = ""
    minutes: Annotated[Decimal, at_least(0)] | None = None
    hours: Annotated[Decimal, at_least(0)] | None = None
    duration: str = ""
    task: str = ""
    activity: str = ""
    billable: Billable = "yes"
    written_down_to: Annotated[Decimal, at_least(0)] | None = None
    write_down: Annotated[Decimal, at_least(0)] | None = None
    reason: str = ""
    rate: Annotated[Decimal, at_least(0)] | None = None
    rate_reason: str = ""

    def __attrs_post_init__(self) -> None:
        self._check_time()
        self._check_write_down()
        if self.rate is not None and not self.rate_reason:
            raise ValueError("a rate of its own needs a rate_reason")

    def _check_time(self) -> None:
        given = {"minutes": self.minutes, "hours": self.hours, "duration": self.duration or None}
        named = [name for name, value in given.items() if value is not None]
        if len(named) != 1:
            found = " and ".join(named) or "none"
            raise ValueError(f"expected one of minutes, hours and duration, got {found}")
        if self.duration and not DURATION.fullmatch(self.duration):
            raise ValueError(f"expected a duration like 1:15 or 1:15:30, got {self.duration!r}")

    def _check_write_down(self) -> None:
        if self.written_down_to is None and self.write_down is None:
            return
        if self.written_down_to is not None and self.write_down is not None:
            raise ValueError("expected written_down_to or write_down, got both")
        if self.billable != "yes":
            raise ValueError(f"time that is {self.billable!r} cannot be written down as well")
        if not self.reason:
            raise ValueError("a write-down needs a reason")


@attrs.frozen(kw_only=True)
class Expense(Record):
    """Money laid out on a matter, or the use of the firm's own means (kind ``legal.expense``).

    The cost is given once: as an amount, or as a quantity with a unit price.

    Attributes:
        date: The day of the expense.
        description: What it was, as the client will read it.
        matter: Id of the matter; may be left out when the job bills one matter.
        amount: The cost; negative for a refund that is passed on.
        quantity: Or how much: pages, miles.
        unit_price: And the price of one.
        unit: Unit of the quantity, such as ``mi``; left out when things are simply counted.
        code: UTBMS expense code.
        kind: ``hard`` was paid to a third party, ``soft`` is the firm's own.
        vendor: Whom it was paid to.
        receipt: Number or place of the receipt.
        billable: ``yes``, ``no``, or ``no-charge``.
        reason: Why it is not charged.
        tax_class: Tax class, if not that of the settings.
        currency: ISO 4217 code of the cost, if it is not that of the prices; it is converted by
            the exchange rate of the day of the expense.

    Raises:
        ValueError: The cost is given not once, or the currency is none.
    """

    date: dt.date
    description: str
    matter: str = ""
    amount: Decimal | None = None
    quantity: Decimal | None = None
    unit_price: Annotated[Decimal, at_least(0)] | None = None
    unit: str = ""
    code: str = ""
    kind: Literal["hard", "soft"] = "hard"
    vendor: str = ""
    receipt: str = ""
    billable: Billable = "yes"
    reason: str = ""
    tax_class: str = ""
    currency: str = attrs.field(default="", metadata={ADDED: True})

    def __attrs_post_init__(self) -> None:
        if self.currency:
            find_currency(self.currency)
        counted = (self.quantity is not None, self.unit_price is not None)
        if any(counted) and (self.amount is not None or not all(counted)):
            raise ValueError("expected amount, or quantity with unit_price, and not both")
        if not any(counted) and self.amount is None:
            raise ValueError("expected amount, or quantity with unit_price, got none")


Work = TimeEntry | Expense
"""What this plugin bills."""

TIME = "legal.time"
EXPENSE = "legal.expense"


def short_key(record: Work) -> str:
    """Return a record's own part of its key, without the kind of its source."""
    kind = TIME if isinstance(record, TimeEntry) else EXPENSE
    return record.key.removeprefix(f"{kind}:")
