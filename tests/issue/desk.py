"""A desk to bill at: an engine of lines with prices, a store, and somebody who acts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

import attrs

from billhook.builtin import tax_table
from billhook.builtin.tax_table import TaxRate, TaxTable
from billhook.engine import Engine
from billhook.issue.actor import Actor
from billhook.issue.request import IssueRequest
from billhook.kernel.figure import given
from billhook.kernel.origin import Origin
from billhook.model.adjustment import Adjustment
from billhook.model.charge import Charge, Rating
from billhook.model.job import Job
from billhook.model.record import Record
from billhook.plugins.info import PluginInfo, hookimpl
from billhook.testing.samples import Inline, sample_job

NOON = dt.datetime(2026, 6, 30, 12, tzinfo=dt.UTC)


@attrs.frozen(kw_only=True)
class Item(Record):
    """Something with a price."""

    amount: Decimal
    tax_class: str = "standard"
    text: str = ""


@attrs.frozen(kw_only=True)
class Extras:
    """Settings of the test's plugin: adjustments of the whole bill, and who pays."""

    adjustments: tuple[Adjustment, ...] = ()
    shares: tuple[object, ...] = ()


def item(key: str, amount: str, tax_class: str = "standard", text: str = "") -> Item:
    return Item(
        key=key,
        origin=Origin("items.csv", 2),
        amount=Decimal(amount),
        tax_class=tax_class,
        text=text,
    )


def priced() -> Inline:
    @hookimpl
    def billhook_plugin():
        return PluginInfo(name="priced", settings=Extras, records={"priced.item": Item})

    @hookimpl
    def billhook_rate(job, records):
        return Rating(
            charges=tuple(
                Charge(
                    id=record.key.rpartition(":")[2],
                    description=record.text or f"item {record.key}",
                    amount=given(record.amount, job.currency, "test.price", record.origin),
                    tax_class=record.tax_class,
                    sources=(record.key,),
                )
                for record in records.of(Item)
            )
        )

    @hookimpl
    def billhook_adjust(job):
        return job.settings(Extras).adjustments

    @hookimpl
    def billhook_split(job):
        return job.settings(Extras).shares or None

    return Inline(
        billhook_plugin=billhook_plugin,
        billhook_rate=billhook_rate,
        billhook_adjust=billhook_adjust,
        billhook_split=billhook_split,
    )


def desk_engine() -> Engine:
    return Engine([("priced", priced()), ("tax_table", tax_table)])


TAXES = TaxTable(
    rates=(
        TaxRate(tax_class="standard", name="VAT", percent=Decimal(20)),
        TaxRate(tax_class="reduced", name="VAT", percent=Decimal("5.5")),
        TaxRate(tax_class="double", name="GST", percent=Decimal(5)),
        TaxRate(tax_class="double", name="PST", percent=Decimal("9.975"), compound=True),
        TaxRate(tax_class="exempt", category="E", reason="Exempt"),
    )
)


def actor(by: str = "kim", reason: str = "", minutes: int = 0) -> Actor:
    return Actor(by=by, at=NOON + dt.timedelta(minutes=minutes), reason=reason)


def job(**changes: object) -> Job:
    pockets = (changes.pop("extras", Extras()), TAXES)
    changes.setdefault("plugins", ("priced", "tax_table"))
    return sample_job(pockets=pockets, **changes)


def order(
    engine: Engine, items: Iterable[Item], *, key: str = "", **changes: object
) -> IssueRequest:
    return IssueRequest(engine=engine, job=job(**changes), records=tuple(items), key=key)
