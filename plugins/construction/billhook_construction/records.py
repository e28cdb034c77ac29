"""Records of a construction bill: the schedule, its change orders, and the progress."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal

import attrs

from billhook.model.record import ADDED, LookupRecord, Record
from billhook_construction.settings import Rate

Status = Literal["draft", "pending", "approved", "rejected"]
Pot = Literal["all", "work", "stored"]
"""Which retainage: on work, on stored material, or both."""


@attrs.frozen(kw_only=True)
class ScheduleItem(LookupRecord):
    """One row of the schedule of values.

    Attributes:
        item: Item number, the same in every application of the contract.
        description: The work.
        value: Scheduled value; left out, it is ``quantity`` × ``unit_price``.
        group: Trade or section; rows of one group stand together.
        unit: Unit of ``quantity``: ``m3``, ``ea``.
        quantity: Scheduled quantity of a measured item.
        unit_price: Price of one unit of a measured item.
        change_order: Number of the change order that the row belongs to.
        tax_class: The class that the tax is looked up by.
        tags: Further tags of its charges.
        retainage: Percent held of this row, where it is not the contract's: 0 for a row that is
            free of retainage.
        contract: Number of its contract, in a file of several contracts; empty, the job's.
    """

    item: str
    description: str
    value: Decimal | None = None
    group: str = ""
    unit: str = ""
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    change_order: str = ""
    tax_class: str = "standard"
    tags: tuple[str, ...] = ()
    retainage: Rate | None = None
    contract: str = attrs.field(default="", metadata={ADDED: True})


@attrs.frozen(kw_only=True)
class ChangeOrder(LookupRecord):
    """An agreed change of the contract, or one that is still talked about.

    Attributes:
        number: Its number, ``CO-1``.
        status: Only an approved one counts.
        amount: What it adds to the contract sum; negative for a deduction.
        date: Day of its approval: it counts from the application whose period reaches this day.
        description: What changes.
        tax_class: Of its row, when it has none of its own in the schedule.
        contract: Number of its contract, in a file of several contracts; empty, the job's.
    """

    number: str
    status: Status
    amount: Decimal
    date: dt.date | None = None
    description: str = ""
    tax_class: str = "standard"
    contract: str = attrs.field(default="", metadata={ADDED: True})


@attrs.frozen(kw_only=True)
class Progress(Record):
    """The progress of one item, to date.

    One of ``percent``, ``amount``, ``quantity`` (all to date) and ``this_period`` says the work;
    none leaves the work as it was.

    Attributes:
        item: Item number.
        percent: Completed to date, 0 to 100, without stored material.
        amount: Completed to date, in money.
        quantity: Completed to date, in the item's unit.
        this_period: Completed since the application before, in money.
        stored: Value of the material stored now: a balance, not a delivery; left out, it is as
            it was.
        correction: The work goes backwards on purpose.
        note: Words for the reader, printed below the row.
        contract: Number of its contract, in a file of several contracts; empty, the job's.
    """

    item: str
    percent: Decimal | None = None
    amount: Decimal | None = None
    quantity: Decimal | None = None
    this_period: Decimal | None = None
    stored: Decimal | None = None
    correction: bool = False
    note: str = ""
    contract: str = attrs.field(default="", metadata={ADDED: True})

    @property
    def measures(self) -> tuple[str, ...]:
        """The names of the measures of work that are given."""
        names = ("percent", "amount", "quantity", "this_period")
        return tuple(name for name in names if getattr(self, name) is not None)


@attrs.frozen(kw_only=True)
class CertifiedRow(LookupRecord):
    """One row of a certificate, for projects that keep certificates in a file.

    Attributes:
        application: Number of the application that was certified.
        date: Day of the certificate.
        item: An item that was certified otherwise than applied for; empty on a row that only
            gives ``due``.
        completed: Work certified to date; left out, as applied for.
        stored: Stored material certified; left out, as applied for.
        due: The payment certified, before tax.  With rows of items the rows are checked against
            it; alone it is a lump sum, and what was cut is spread over the items of the
            application in proportion to what it bills for them.
        contract: Number of its contract, in a file of several contracts; empty, the job's.
    """

    application: int
    date: dt.date
    item: str = ""
    completed: Decimal | None = None
    stored: Decimal | None = None
    due: Decimal | None = None
    contract: str = attrs.field(default="", metadata={ADDED: True})


@attrs.frozen(kw_only=True)
class Release(LookupRecord):
    """A release of retainage, for projects that keep releases in a file.

    Attributes:
        date: The day it takes effect.
        percent: Part of what is held on that day; left out together with ``amount``, all of it.
        amount: Or a sum.
        of: Which retainage.
        reason: Why.
        contract: Number of its contract, in a file of several contracts; empty, the job's.
    """

    date: dt.date
    percent: Decimal | None = None
    amount: Decimal | None = None
    of: Pot = "all"
    reason: str = ""
    contract: str = attrs.field(default="", metadata={ADDED: True})
