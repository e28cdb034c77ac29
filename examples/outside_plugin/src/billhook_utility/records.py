"""Records: what meter readers, customers and estimates say a register stood at."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

import attrs
from billhook import Record, at_least

READ = "utility.read"
"""The kind of a source of reads."""

ReadKind = Literal["actual", "estimated", "customer"]
ReadEvent = Literal["read", "installed", "removed"]


@attrs.frozen(kw_only=True)
class Read(Record):
    """What one register of a meter stood at, at the end of a day (kind ``utility.read``).

    Attributes:
        date: The day; the use of that day is in the value.
        meter: The meter's number.
        value: The figures on the register, before any multiplier.
        register: Id of the register; a meter with one register may leave it out.
        kind: ``actual`` was read by us, ``customer`` was told by the customer, ``estimated`` was
            worked out and is corrected by the next read that is not.
        event: ``installed`` begins a meter, ``removed`` ends it.
    """

    date: dt.date
    meter: str
    value: Annotated[Decimal, at_least(0)]
    register: str = ""
    kind: ReadKind = "actual"
    event: ReadEvent = "read"
