"""Bills hours at one price: a plugin of billhook to start from."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import attrs

from billhook import (
    Charge,
    Job,
    Owner,
    PluginInfo,
    Rating,
    Record,
    Records,
    given,
    hookimpl,
    times,
)


@attrs.frozen(kw_only=True)
class Settings:
    """The table ``[acme]`` of a project or job."""

    per_hour: Decimal


@attrs.frozen(kw_only=True)
class Work(Record):
    """One row of a source of the kind ``acme.work``."""

    date: dt.date
    hours: Decimal
    text: str


@hookimpl
def billhook_plugin() -> PluginInfo:
    """Say who this is."""
    return PluginInfo(
        name="acme",
        title="Hours at one price",
        version="0.1.0",
        settings=Settings,
        records={"acme.work": Work},
    )


@hookimpl
def billhook_owner(job: Job, record: Record) -> Owner | None:
    """Say whose a row is, and of which day: each job has rows of its own."""
    if not isinstance(record, Work):
        return None
    return Owner(kind="acme.job", subject=job.subject, customer=job.buyer.id, day=record.date)


@hookimpl
def billhook_rate(job: Job, records: Records) -> Rating:
    """Charge each row: hours × price."""
    per_hour = job.settings(Settings).per_hour
    return Rating(charges=tuple(_charge(work, per_hour, job) for work in records.of(Work)))


def _charge(work: Work, per_hour: Decimal, job: Job) -> Charge:
    hours = given(work.hours, "h", "acme.hours", work.origin)
    price = given(per_hour, f"{job.currency}/h", "acme.price")
    return Charge(
        id=work.key.replace("acme.work:", "work-"),
        description=work.text,
        date=work.date,
        quantity=hours,
        unit_price=price,
        amount=times(hours, price, "acme.fee"),
        sources=(work.key,),
    )
