"""A billfile whose next bill depends on the last."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import attrs

from billhook import Charge, PluginInfo, Rating, Record, given, hookimpl


@attrs.frozen(kw_only=True)
class Rates:
    per_hour: Decimal


@attrs.frozen(kw_only=True)
class Work(Record):
    date: dt.date
    hours: Decimal
    text: str


@attrs.frozen(kw_only=True)
class Count:
    """How many bills there were."""

    bills: int


@hookimpl
def billhook_plugin():
    return PluginInfo(name="billfile", settings=Rates, records={"hours": Work}, state=Count)


@hookimpl
def billhook_rate(job, records, history):
    before = history.state(Count)
    charges = tuple(
        Charge(
            id=work.key,
            description=work.text,
            amount=given(work.hours * 120, job.currency, "billfile.amount"),
            sources=(work.key,),
        )
        for work in records.of(Work)
    )
    return Rating(charges=charges, state=Count(bills=(before.bills if before else 0) + 1))
