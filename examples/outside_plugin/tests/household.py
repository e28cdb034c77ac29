"""A household for the tests: short ways to write tariffs, meters and reads down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from billhook import Document, Draft, Engine, History, Job, Origin, Period
from billhook.testing import sample_job

from billhook_utility.records import Read
from billhook_utility.settings import Meter, Point, Register, UtilitySettings
from billhook_utility.tariffs import Price, Tariff

D = Decimal
ENGINE = Engine.discover("utility", "tax_table")


def day(text: str) -> dt.date:
    """Return a day of 2026, ``3-31``, or of any year."""
    parts = [int(part) for part in text.split("-")]
    return dt.date(*parts) if len(parts) == 3 else dt.date(2026, *parts)


def read(on: str, value: object, meter: str = "M", **facts) -> Read:
    key = f"{meter}-{facts.get('register', '')}-{on}-{facts.get('kind', '')}"
    facts = {"date": day(on), "meter": meter, "value": D(str(value)), **facts}
    return Read(key=key, origin=Origin("reads.csv"), **facts)


def register(**facts) -> Register:
    return Register(**{"unit": "m3", "dials": 5, **facts})


def point(*registers: Register, service: str = "water", meters=()) -> Point:
    own = (Meter(id="M", registers=registers or (register(),)), *meters)
    return Point(id="sample", service=service, tariff="T", meters=own)


def tariff(price: object = 2, **facts) -> Tariff:
    prices = facts.pop("prices", None) or (Price(per_unit=D(str(price))),)
    return Tariff(**{"name": "T", "unit": "m3", "prices": tuple(prices), **facts})


def job(*tariffs: Tariff, points=None, days: str = "1-1..3-31", **settings) -> Job:
    currency = settings.pop("currency", "GBP")
    first, last = (day(part) for part in days.split(".."))
    pocket = UtilitySettings(
        points=tuple(points or (point(),)), tariffs=tariffs or (tariff(),), **settings
    )
    return sample_job(currency=currency, date=last, period=Period(first, last), pockets=(pocket,))


def draft(made: Job, *reads: Read, after: Iterable[Draft] = ()) -> Draft:
    """Work out a bill, perhaps after others."""
    documents = tuple(Document(invoice=each.invoice) for each in after)
    return ENGINE.draft(made, reads, History(documents))


def bill(made: Job, *reads: Read, after: Iterable[Draft] = ()):
    """Return the invoice of reads, which must be without errors.

    A bill below nothing is refused, because it should be a credit note; its sums hold all the same.
    """
    worked_out = draft(made, *reads, after=after)
    assert [str(error) for error in worked_out.errors if error.code != "BH403"] == []
    return worked_out.invoice


def lines(invoice) -> dict[str, str]:
    """Return the amounts by line, without the point's name."""
    return {line.id.removeprefix("sample-"): str(line.amount.value) for line in invoice.lines}


def quantities(invoice) -> dict[str, str]:
    return {
        line.id.removeprefix("sample-"): str(line.quantity.value)
        for line in invoice.lines
        if line.quantity is not None
    }


def codes(worked_out: Draft) -> list[str]:
    return [finding.code for finding in worked_out.findings]
