"""A plugin in one file that bills hours at one rate; change it as you like."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated

import attrs

from billhook import (
    Charge,
    Job,
    Origin,
    Owner,
    PluginInfo,
    Rating,
    Record,
    Records,
    given,
    hookimpl,
    times,
)
from billhook.sources.ranges import above


@attrs.frozen(kw_only=True)
class Rates:
    """The table ``[billfile]``."""

    per_hour: Annotated[Decimal, above(0)]
    origin: Origin | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class Work(Record):
    """A row of hours."""

    date: dt.date
    hours: Annotated[Decimal, above(0)]
    text: str


@hookimpl
def billhook_plugin() -> PluginInfo:
    """Say who this is."""
    return PluginInfo(
        name="billfile",
        title="Hours at one rate",
        version="1",
        settings=Rates,
        records={"hours": Work},
    )


@hookimpl
def billhook_owner(job: Job, record: Record) -> Owner | None:
    """Say whose a row is, and of which day: each job has rows of its own."""
    if not isinstance(record, Work):
        return None
    return Owner(kind="billfile.job", subject=job.subject, customer=job.buyer.id, day=record.date)


@hookimpl
def billhook_rate(job: Job, records: Records) -> Rating:
    """Charge each row: hours × rate."""
    return Rating(charges=tuple(_charges(job, records)))


def _charges(job: Job, records: Records) -> Iterator[Charge]:
    rates = job.settings(Rates)
    price = given(rates.per_hour, f"{job.currency}/h", "billfile.rate", rates.origin)
    for work in records.of(Work):
        hours = given(work.hours, "h", "billfile.hours", work.origin)
        yield Charge(
            id=f"work-{work.key}",
            description=work.text,
            date=work.date,
            quantity=hours,
            unit_price=price,
            amount=times(hours, price, "billfile.fee"),
            sources=(work.key,),
        )
