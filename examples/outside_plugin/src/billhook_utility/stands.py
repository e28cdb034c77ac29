"""Stands: what a register stood at on a day, from a read or from the bill before."""

from __future__ import annotations

import datetime as dt

import attrs
from billhook import Figure, given

from billhook_utility.account import Place
from billhook_utility.records import Read, ReadEvent, ReadKind


@attrs.frozen(kw_only=True)
class Stand:
    """What a register stood at, at the end of a day.

    Attributes:
        point: Id of the point.
        meter: Number of the meter.
        register: Id of the register.
        date: The day.
        value: The figures on the register.
        kind: Read, told by the customer, or estimated.
        event: Whether the meter began or ended here.
        key: Key of the read; empty when an earlier bill has claimed it.
    """

    point: str
    meter: str
    register: str = ""
    date: dt.date
    value: Figure
    kind: ReadKind
    event: ReadEvent = "read"
    key: str = ""


def stand_of(read: Read, place: Place) -> Stand:
    """Return a read as a stand."""
    rule = f"utility.read.{read.kind}"
    value = given(read.value, place.register.unit, rule, read.origin, date=str(read.date))
    return Stand(
        point=place.point.id,
        meter=read.meter,
        register=read.register,
        date=read.date,
        value=value,
        kind=read.kind,
        event=read.event,
        key=read.key,
    )
