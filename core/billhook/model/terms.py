"""When and how a bill is paid: the agreement, and what it means for one bill."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import attrs

from billhook.kernel.figure import Figure

WHOLE = Decimal(100)
LONGEST = 3650
"""Days: nobody agrees to be paid later than in ten years."""
LAST_DAY = 31


def _check_days(name: str, days: int) -> None:
    if not 0 <= days <= LONGEST:
        raise ValueError(f"expected {name} from 0 to {LONGEST}, got {days}")


@attrs.frozen(kw_only=True)
class EarlyPayment:
    """A discount for paying early, as agreed: 2 % within 10 days."""

    percent: Decimal
    days: int

    def __attrs_post_init__(self) -> None:
        _check_days("days", self.days)
        if not 0 < self.percent < WHOLE:
            raise ValueError(f"expected a discount above 0 and below 100, got {self.percent}")


@attrs.frozen(kw_only=True)
class Portioning:
    """One instalment, as agreed.

    Attributes:
        percent: Part of the payable amount, or of what fixed amounts leave of it; without percent
            and amount, in the last place only, it is the rest.
        amount: Or a fixed amount, in the bill's currency.
        days: Days after the invoice date.
        date: Or the day itself.

    Raises:
        ValueError: It has both percent and amount or both days and date, or neither day, or one of
            them is out of range.
    """

    percent: Decimal | None = None
    amount: Decimal | None = None
    days: int | None = None
    date: dt.date | None = None

    def __attrs_post_init__(self) -> None:
        if (self.days is None) is (self.date is None):
            raise ValueError("expected days or date of an instalment, one of them")
        if self.percent is not None and self.amount is not None:
            raise ValueError("expected percent or amount of an instalment, not both")
        if self.amount is not None and self.amount <= 0:
            raise ValueError(f"expected an instalment above 0, got {self.amount}")
        _check_days("days", self.days or 0)
        if self.percent is not None and not 0 < self.percent < WHOLE:
            raise ValueError(f"expected an instalment above 0 and below 100, got {self.percent}")


def _is_said(part: Portioning) -> bool:
    return part.percent is not None or part.amount is not None


@attrs.frozen(kw_only=True)
class Agreement:
    """The agreed terms of payment.

    Attributes:
        net_days: Days after the invoice date; 0 is due on receipt.
        end_of_month: Count from the end of the invoice's month instead.
        day_of_month: Move the due date on to this day (1 to 31, 31 meaning the last).
        discounts: Early-payment discounts.
        instalments: Part payments; none means one sum.
        text: Further words, printed as they are (BT-20).

    Raises:
        ValueError: Days are below nothing or beyond ten years, there is no such day of a month,
            or instalments do not end in a remainder or exceed the whole.
    """

    net_days: int = 30
    end_of_month: bool = False
    day_of_month: int | None = None
    discounts: tuple[EarlyPayment, ...] = ()
    instalments: tuple[Portioning, ...] = ()
    text: str = ""

    def __attrs_post_init__(self) -> None:
        _check_days("net_days", self.net_days)
        if self.day_of_month is not None and not 1 <= self.day_of_month <= LAST_DAY:
            raise ValueError(f"expected day_of_month from 1 to 31, got {self.day_of_month}")
        self._check_instalments()

    def _check_instalments(self) -> None:
        if not self.instalments:
            return
        *parts, last = self.instalments
        if _is_said(last) or not all(map(_is_said, parts)):
            raise ValueError(
                "the last instalment, and only that, leaves out percent and amount: it is the rest"
            )
        if sum((part.percent or Decimal(0) for part in parts), Decimal(0)) >= WHOLE:
            raise ValueError("the instalments before the last add up to 100 percent or more")


@attrs.frozen(kw_only=True)
class Discount:
    """An early-payment discount on one bill: pay ``payable`` by ``until``."""

    until: dt.date
    rate: Figure
    amount: Figure
    payable: Figure


@attrs.frozen(kw_only=True)
class Instalment:
    """A part payment of one bill."""

    due: dt.date
    amount: Figure


@attrs.frozen(kw_only=True)
class Terms:
    """The terms of one bill.

    Attributes:
        due: The last day to pay in time (BT-9).
        net_days: As agreed.
        discounts: Early-payment discounts, in money.
        instalments: Part payments; they add up to the payable amount.
        text: Further words (BT-20).
    """

    due: dt.date
    net_days: int
    discounts: tuple[Discount, ...] = ()
    instalments: tuple[Instalment, ...] = ()
    text: str = ""
