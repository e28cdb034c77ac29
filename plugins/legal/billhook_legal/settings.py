"""Settings: who works, for which matters, at which rates, and how time becomes hours."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

import attrs

from billhook.kernel.money import find_currency
from billhook.kernel.origin import Origin
from billhook.kernel.text import Dated
from billhook.sources.ranges import above, at_least, between

TaskSet = Literal[
    "litigation", "counseling", "project", "bankruptcy", "ediscovery", "patent", "trademark"
]
"""A set of UTBMS task codes; each matter has one."""

Direction = Literal["up", "nearest", "down"]
Scope = Literal["entry", "timekeeper-matter-day", "timekeeper-day"]
Grouping = Literal["kind", "matter", "timekeeper", "date", "task"]


@attrs.frozen(kw_only=True)
class Timekeeper:
    """A person whose time is billed.

    Attributes:
        id: The short id in time records, often the initials; printed beside each entry.
        name: The name as printed.
        classification: The class that rates are agreed by, preferably a code of LEDES:
            ``PARTNR``, ``OFCOUN``, ``ASSOC``, ``PARALG``.
        title: How the class is printed; empty takes the LEDES name of the class.
        origin: Where it is set.
    """

    id: str
    name: str
    classification: str = ""
    title: str = ""
    origin: Origin | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class Matter:
    """A matter.

    Attributes:
        id: The firm's number of the matter, as in the records.
        name: What it is called in print.
        client: Id of the client; empty takes the settings' client.
        reference: The client's own number of the matter, printed beside ours.
        locale: Locale of its bills, when a job stands for every matter; empty takes the client's.
        task_set: The UTBMS tasks that its entries are coded with; ``None`` leaves the choice open
            and asks for no code.
        origin: Where it is set.
    """

    id: str
    name: str = ""
    client: str = ""
    reference: str = ""
    locale: str = ""
    task_set: TaskSet | None = None
    origin: Origin | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class HourlyRate:
    """An hourly rate, agreed for some work from one day to another.

    What a rate names decides how special it is.  A rate of a matter goes before one of the
    client, and that before one of neither; among these an activity goes before a task, a task
    before a timekeeper, a timekeeper before a class, and a class before a rate for everyone.

    Attributes:
        per_hour: The rate.
        matter: Only for this matter.
        client: Only for this client's matters.
        timekeeper: Only for this timekeeper.
        classification: Only for timekeepers of this class.
        activity: Only for this UTBMS activity, such as travel.
        task: Only for this UTBMS task.
        since: First day of work that it applies to; left out: always before.
        until: First day of work that it no longer applies to; left out: open.
        reason: Why it was agreed, for the explanation.
        currency: ISO 4217 code, if it is not that of the prices; fees are converted by the
            exchange rate of the day of the work.
        origin: Where it is set.

    Raises:
        ValueError: It names both matter and client, or more than one of timekeeper,
            classification, activity and task, or ends before it begins.
    """

    per_hour: Annotated[Decimal, at_least(0)]
    matter: str = ""
    client: str = ""
    timekeeper: str = ""
    classification: str = ""
    activity: str = ""
    task: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    reason: str = ""
    currency: str = ""
    origin: Origin | None = attrs.field(default=None, eq=False)

    def __attrs_post_init__(self) -> None:
        if self.currency:
            find_currency(self.currency)
        if self.matter and self.client:
            raise ValueError("a rate names a matter or a client; a matter has its client already")
        named = (self.timekeeper, self.classification, self.activity, self.task)
        if sum(1 for each in named if each) > 1:
            raise ValueError(
                "a rate names one of timekeeper, classification, activity and task, not several"
            )
        if self.since is not None and self.until is not None and self.until <= self.since:
            raise ValueError(f"the rate ends ({self.until}) before it begins ({self.since})")

    @property
    def dated(self) -> Dated[HourlyRate]:
        """The rate with its days in force."""
        return Dated(self, self.since, self.until)


@attrs.frozen(kw_only=True)
class FeeDiscount:
    """A percentage off the fees; expenses are not touched.

    Attributes:
        percent: Per hundred of the fees after write-downs.
        label: What it is called in print; empty says "Discount on fees".
        origin: Where it is set.
    """

    percent: Annotated[Decimal, between(0, 100)]
    label: str = ""
    origin: Origin | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class Markup:
    """A percentage added to expenses; it needs an agreement, which is printed beside it.

    Attributes:
        percent: Per hundred of the cost.
        agreed: The agreement: "engagement letter of 3 November 2025, section 4".
        kinds: The expenses it is added to: in-house (``soft``), third-party (``hard``), or both.
        origin: Where it is set.
    """

    percent: Annotated[Decimal, at_least(0)]
    agreed: str
    kinds: tuple[Literal["hard", "soft"], ...] = ("soft",)
    origin: Origin | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class LegalSettings:
    """The table ``[legal]``.

    Attributes:
        bill: The matters of this bill; empty takes the job's subject.
        client: Id of the client, for rates; empty takes the job's buyer.
        matters: The matters there are.
        timekeepers: The people there are.
        rates: The hourly rates, each with its days in force.
        increment: Smallest unit of time in minutes; 0 bills time as recorded.
        direction: Which way time between two units goes; ``nearest`` takes halves up.
        minimum: The fewest units for any time at all.
        scope: What is rounded: each entry, or the sum of a timekeeper's day, on one matter or on
            all; a day's units are then divided among its entries by largest remainder.
        discount: A percentage off the fees.
        markup: A percentage on expenses.
        fee_tax_class: Tax class of fees.
        expense_tax_class: Tax class of expenses that name none.
        group: How lines are put together under subtotals.
        charts: Print a chart of hours by week and timekeeper.
        tasks: Print a summary of fees by task.
        long_day: Hours of one timekeeper on one day from which to warn.
        receipt_from: Amount from which a third-party expense needs a receipt; left out: never.
        origin: Where the table is.

    Raises:
        ValueError: A minimum is set for time that is billed as recorded.
    """

    bill: tuple[str, ...] = ()
    client: str = ""
    matters: tuple[Matter, ...] = ()
    timekeepers: tuple[Timekeeper, ...] = ()
    rates: tuple[HourlyRate, ...] = ()
    increment: Annotated[Decimal, at_least(0)] = Decimal(6)
    direction: Direction = "up"
    minimum: Annotated[int, at_least(0)] = 0
    scope: Scope = "entry"
    discount: FeeDiscount | None = None
    markup: Markup | None = None
    fee_tax_class: str = "standard"
    expense_tax_class: str = "standard"
    group: Grouping = "kind"
    charts: bool = False
    tasks: bool = False
    long_day: Annotated[Decimal, above(0)] = Decimal(16)
    receipt_from: Annotated[Decimal, above(0)] | None = None
    origin: Origin | None = attrs.field(default=None, eq=False)

    def __attrs_post_init__(self) -> None:
        if self.minimum and not self.increment:
            raise ValueError("minimum counts increments, and increment is 0")
