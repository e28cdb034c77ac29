"""Ready-made parties, jobs, engines and histories, to be changed by keyword."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs

from billhook.builtin import tax_table
from billhook.builtin.tax_table import TaxRate, TaxTable
from billhook.engine import Engine
from billhook.kernel.errors import InputError, RefusedError
from billhook.model.document import History
from billhook.model.job import Job
from billhook.model.party import Address, Party
from billhook.model.record import Record
from billhook.plugins.loading import Plugin, load_file, load_named, load_object


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
    return TaxTable(rates=(TaxRate(category="O", reason="Not subject to tax"),))


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


def sample_engine(*plugins: str | Path | ModuleType | Inline) -> Engine:
    """Return an engine with plugins and the tax table.

    Args:
        plugins: Names of installed plugins, paths of local files, modules, or an `Inline`.
    """
    loaded = [load_plugin(each) for each in plugins]
    return Engine([*((each.name, each.module) for each in loaded), ("tax_table", tax_table)])


def load_plugin(named_as: str | Path | ModuleType | Inline) -> Plugin:
    """Return a plugin by its name, its file, or its module; what is wrong with it is raised.

    Raises:
        InputError: It is not there, or cannot be loaded.
    """
    if isinstance(named_as, str):
        loaded = load_named([named_as])
    elif isinstance(named_as, Path):
        loaded = load_file(named_as)
    else:
        name = getattr(named_as, "__name__", "inline").rpartition(".")[2]
        loaded = load_object(name, named_as)
    if loaded.findings:
        raise InputError(loaded.findings)
    return loaded.plugins[0]


def sample_history(engine: Engine, job: Job, *steps: Iterable[Record]) -> History:
    """Return the history of a job whose records were billed in steps, each on top of the last.

    Raises:
        RefusedError: A step has errors.
    """
    history = History()
    for step in steps:
        draft = engine.draft(job, step, history)
        if draft.errors:
            raise RefusedError(draft.errors)
        history = History((*history.documents, draft.document))
    return history
