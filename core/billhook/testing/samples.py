"""Ready-made parties and jobs, to be changed with `attrs.evolve` or by keyword."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs

from billhook.builtin.tax_table import Rate, TaxTable
from billhook.model.job import Job
from billhook.model.party import Address, Party


class Inline:
    """A plugin made of functions: ``Inline(billhook_rate=rate)``."""

    def __init__(self, **hooks: object) -> None:
        self.__dict__.update(hooks)


def sample_party(id_: str = "acme", country: str = "US") -> Party:
    """Return a party with an address."""
    address = Address(
        lines=("1 Main Street",), city="Springfield", postcode="01101", country=country
    )
    return Party(id=id_, name=id_.title(), address=address)


def untaxed() -> TaxTable:
    """Return a tax table that charges nothing, and says why."""
    return TaxTable(rates=(Rate(category="O", reason="Not subject to tax"),))


def sample_job(**changes: Any) -> Job:
    """Return a job of one seller and one buyer, untaxed, with the given fields changed."""
    job = Job(
        id="sample",
        subject="sample",
        seller=sample_party("seller"),
        buyer=sample_party("buyer"),
        currency="USD",
        date=dt.date(2026, 6, 30),
        pockets=(untaxed(),),
    )
    pockets = tuple(changes.pop("pockets", ()))
    kept = tuple(p for p in job.pockets if not any(isinstance(q, type(p)) for q in pockets))
    return attrs.evolve(job, pockets=(*pockets, *kept), **changes)
