"""A small law office for the tests: people, rates, and short ways to write records down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

import billhook_legal.plugin as legal
from billhook.builtin import tax_table
from billhook.calculate.draft import Draft
from billhook.engine import Engine
from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.origin import Origin
from billhook.model.record import Record
from billhook.testing import sample_job
from billhook_legal.records import Expense, TimeEntry
from billhook_legal.settings import HourlyRate, LegalSettings, Timekeeper

D = Decimal
ENGINE = Engine([("legal", legal), ("tax_table", tax_table)])
PEOPLE = (
    Timekeeper(id="EH", name="Eleanor Hale", classification="PARTNR"),
    Timekeeper(id="PN", name="Priya Nair", classification="ASSOC"),
)
RATES = (
    HourlyRate(timekeeper="EH", per_hour=D("350.00")),
    HourlyRate(timekeeper="PN", per_hour=D(200)),
)
WORK = "Draft reply to the harbor master's notice"


def day(number: int) -> dt.date:
    return dt.date(2026, 6, number)


def entry(key: str = "1", minutes: object = 75, *, on: int = 3, by: str = "EH", **facts):
    time = {} if minutes is None else {"minutes": D(str(minutes))}
    facts = {"narrative": WORK, **time, **facts}
    line = int(key) if key.isdigit() else None
    return TimeEntry(key=key, origin=Origin("time.csv", line), date=day(on), timekeeper=by, **facts)


def expense(key: str = "x1", amount: object = "100.00", *, on: int = 3, **facts):
    cost = {} if amount is None else {"amount": D(str(amount))}
    facts = {"description": "Filing fee", **cost, **facts}
    return Expense(key=key, origin=Origin("expenses.csv"), date=day(on), **facts)


def job(*, currency: str = "USD", period=None, subject: str = "sample", **settings):
    settings = {"timekeepers": PEOPLE, "rates": RATES, **settings}
    pocket = LegalSettings(**settings)
    return sample_job(currency=currency, period=period, subject=subject, pockets=(pocket,))


def draft(records: Iterable[Record], **settings) -> Draft:
    return ENGINE.draft(job(**settings), tuple(records))


def bill(*records: Record, **settings):
    """Return the bill of records, which must be without errors."""
    made = draft(records, **settings)
    assert made.errors == (), [str(error) for error in made.errors]
    return made.invoice


def lines(invoice) -> dict[str, str]:
    return {line.id: str(line.amount.value) for line in invoice.lines}


def hours(invoice) -> dict[str, str]:
    return {line.id: str(line.quantity.value) for line in invoice.lines}


def codes(findings: Iterable[Diagnostic]) -> list[str]:
    return [finding.code for finding in findings]
