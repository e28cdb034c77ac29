"""A small office that issues bills through the real service, with a plugin of ten lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

import attrs

from billhook import (
    Charge,
    Document,
    Draft,
    Engine,
    History,
    Origin,
    PluginInfo,
    Rating,
    Record,
    Records,
    Seal,
    given,
    hookimpl,
)
from billhook.builtin import tax_table
from billhook.issue.issue import Actor, issue, issue_in
from billhook.issue.numbering import INVOICES, NumberSeries
from billhook.store.protocol import DocumentLink, Store, Writing
from billhook.testing import Inline, sample_job

DAY = dt.date(2026, 6, 30)
NOON = dt.datetime(2026, 6, 30, 12, tzinfo=dt.UTC)
ACT = Actor(by="kim", at=NOON)


@attrs.frozen(kw_only=True)
class Task(Record):
    amount: Decimal = Decimal("10.00")


@hookimpl
def billhook_plugin() -> PluginInfo:
    return PluginInfo(name="office", title="Office", version="1", seal_scheme="count")


@hookimpl
def billhook_rate(records: Records) -> Rating:
    return Rating(charges=tuple(_charge(task) for task in records.of(Task)))


@hookimpl
def billhook_seal(document: Document, previous: dict[str, str]) -> Seal:
    return Seal("count", str(int(previous.get("count", "0")) + 1))


def _charge(task: Task) -> Charge:
    amount = given(task.amount, "USD", "office.amount", task.origin)
    return Charge(id=task.key, description=task.key, amount=amount, sources=(task.key,))


def office(*, sealed: bool = False) -> Engine:
    """Return an engine; with ``sealed`` it seals each document with a running number."""
    hooks: dict[str, object] = {"billhook_rate": billhook_rate}
    if sealed:
        hooks |= {"billhook_plugin": billhook_plugin, "billhook_seal": billhook_seal}
    return Engine([("office", Inline(**hooks)), ("tax_table", tax_table)])


def tasks(name: str, lines: int = 1) -> list[Task]:
    return [
        Task(key=f"{name}-{n}", origin=Origin("tasks.csv", n), amount=Decimal(n).scaleb(-1))
        for n in range(1, lines + 1)
    ]


def draft(
    engine: Engine, name: str, *, lines: int = 1, day: dt.date = DAY, subject: str = "work"
) -> Draft:
    """Return a bill over the tasks of a name."""
    job = sample_job(id=name, subject=subject, date=day)
    return engine.draft(job, tasks(name, lines), History())


def bill(
    engine: Engine,
    store: Store,
    name: str,
    *,
    series: NumberSeries = INVOICES,
    lines: int = 1,
    day: dt.date = DAY,
    links: Iterable[DocumentLink] = (),
) -> Document:
    """Issue a bill over the tasks of a name, under the name as its key."""
    made = draft(engine, name, lines=lines, day=day)
    return issue(engine, store, made, series=series, actor=ACT, key=name, links=links).document


def bill_in(
    engine: Engine, writing: Writing, name: str, *, series: NumberSeries = INVOICES, lines: int = 1
) -> Document:
    """Issue a bill inside a transaction."""
    made = draft(engine, name, lines=lines)
    return issue_in(writing, engine, made, series=series, actor=ACT, key=name)
