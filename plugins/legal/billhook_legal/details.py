"""Details: what a bill keeps of each line, and of the engagement, for print and for export."""

from __future__ import annotations

import attrs

from billhook.kernel.figure import Figure
from billhook_legal.records import Billable
from billhook_legal.settings import Matter, Timekeeper


@attrs.frozen(kw_only=True)
class TimeDetail:
    """Facts of a time entry, stored with its fee line.

    Attributes:
        timekeeper: Id of who worked.
        matter: Id of the matter.
        worked: The time worked, before rounding, as recorded.
        task: UTBMS task code.
        activity: UTBMS activity code.
        billable: ``yes`` or ``no-charge``.
        rate_reason: Why it has a rate of its own.
    """

    timekeeper: str
    matter: str
    worked: Figure
    task: str = ""
    activity: str = ""
    billable: Billable = "yes"
    rate_reason: str = ""


@attrs.frozen(kw_only=True)
class ExpenseDetail:
    """Facts of an expense record, stored with its line.

    Attributes:
        matter: Id of the matter.
        code: UTBMS expense code.
        kind: ``hard`` or ``soft``.
        vendor: Whom it was paid to.
        receipt: Number or place of the receipt.
        billable: ``yes`` or ``no-charge``.
    """

    matter: str
    code: str = ""
    kind: str = "hard"
    vendor: str = ""
    receipt: str = ""
    billable: Billable = "yes"


@attrs.frozen(kw_only=True)
class LegalState:
    """The engagement's state stored in a bill: names as they were, and what is printed.

    Attributes:
        matters: The matters billed.
        timekeepers: The people on the bill.
        charts: Print the chart of hours.
        tasks: Print the summary by task.
    """

    matters: tuple[Matter, ...] = ()
    timekeepers: tuple[Timekeeper, ...] = ()
    charts: bool = False
    tasks: bool = False
