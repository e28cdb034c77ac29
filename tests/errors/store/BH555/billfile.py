"""A billfile with a kind of event."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import attrs

from billhook import Charge, Event, PluginInfo, Rating, Record, given, hookimpl


@attrs.frozen(kw_only=True)
class Rates:
    per_hour: Decimal


@attrs.frozen(kw_only=True)
class Work(Record):
    date: dt.date
    hours: Decimal
    text: str


@attrs.frozen(kw_only=True)
class Agreed(Event):
    """A rate that was agreed."""

    per_hour: Decimal


@hookimpl
def billhook_plugin():
    return PluginInfo(name="billfile", settings=Rates, records={"hours": Work}, events=(Agreed,))


@hookimpl
def billhook_rate(job, records):
    charges = tuple(
        Charge(
            id=work.key,
            description=work.text,
            amount=given(work.hours * 120, job.currency, "billfile.amount"),
            sources=(work.key,),
        )
        for work in records.of(Work)
    )
    return Rating(charges=charges)
