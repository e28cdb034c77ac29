"""The tables that every project and job may have, whatever their plugins."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

import attrs

from billhook.kernel.characters import MULTILINE
from billhook.kernel.text import Period
from billhook.model.invoice import Opening, Reference
from billhook.sources.declaration import Declaration
from billhook.sources.ranges import at_least

Late = Literal["leave", "bill"]
"""What becomes of work before the period of a bill."""


@attrs.frozen(kw_only=True)
class ProjectTable:
    """The table ``[project]`` of ``billhook.toml``: what jobs take when they say nothing else.

    Attributes:
        locale: Locale of documents.
        currency: ISO 4217 code.
        plugins: Plugins of the jobs, in the order they are asked.
        local: A local plugin: one Python file of your own.
        policy: How amounts are rounded, a name of `billhook.kernel.money.POLICIES`.
        prices_include_tax: Prices and rates include tax, which is taken out of them.
        tax_by_day: Each line is taxed as its class was on the line's own day.
        late: What becomes of work before a bill's period that no bill has: ``leave`` it, and
            `billhook check` speaks of it, or ``bill`` it with the period.
        begins: First day of the work that is billed here; what is older was billed elsewhere.
    """

    locale: str = "en_US"
    currency: str | None = None
    plugins: tuple[str, ...] = ()
    local: Path | None = None
    policy: str = "standard"
    prices_include_tax: bool = False
    tax_by_day: bool = False
    late: Late = "leave"
    begins: dt.date | None = None


@attrs.frozen(kw_only=True)
class PayerShare:
    """Part of a bill that one payer bears, by weight.

    Attributes:
        payer: Id of a customer.
        weight: The payer's weight; weights need not add up to anything.
    """

    payer: str
    weight: Annotated[Decimal, at_least(0)]


@attrs.frozen(kw_only=True)
class JobTable:
    """The keys of a job that are not tables of their own.

    Attributes:
        subject: What history is kept of: a contract, a case, an account.
        date: Invoice date.
        period: The days that are billed, ``2026-06`` or a table with first and last.
        tax_point: Tax point date, if not the invoice date.
        number: The document's number, when it is numbered by hand.
        follows: The earlier bill of the subject: a job, or its JSON.
        title: The printed title.
        type_code: Document type of UNTDID 1001.
        locale: Locale of this document.
        currency: Currency of this document.
        prices_in: Currency of the prices and rates, if not the project's.
        policy: Rounding policy of this document.
        plugins: Plugins of this job, instead of the project's.
        notes: Words to be printed.
        references: Orders, contracts, earlier documents.
        sources: Where the records are.
        corrected: Keys of records that were billed and corrected since: they are not billed again.
        separate: Keys of records that look like billed ones and are other work.
        prices_include_tax: Prices and rates include tax, which is taken out of them.
        tax_by_day: Each line is taxed as its class was on the line's own day.
        split: The payers who share the bill; a bill each.
        nil: Make a document also when there is nothing to bill.
        opening: What was billed elsewhere before: the job opens the account of its subject.
        late: What becomes of work before the period, if otherwise than for the project.
        each: What the job stands for, one bill for each: ``legal.matter``, ``freight.account``.
            Such a job has no ``subject``, and takes the buyer from the plugin's settings.
    """

    subject: str
    date: dt.date | None = None
    period: Period | None = None
    tax_point: dt.date | None = None
    number: str | None = None
    follows: Path | None = None
    title: str = ""
    type_code: str = "380"
    locale: str | None = None
    currency: str | None = None
    prices_in: str | None = None
    policy: str | None = None
    plugins: tuple[str, ...] | None = None
    notes: tuple[Annotated[str, MULTILINE], ...] = ()
    references: tuple[Reference, ...] = ()
    sources: tuple[Declaration, ...] = ()
    corrected: tuple[str, ...] = ()
    separate: tuple[str, ...] = ()
    prices_include_tax: bool | None = None
    tax_by_day: bool | None = None
    split: tuple[PayerShare, ...] = ()
    nil: bool = False
    opening: Opening | None = None
    late: Late | None = None
    each: str | None = None


PARTIES = ("buyer", "payer", "deliver_to")
"""Keys of a job that take a customer's id or a whole party."""

AGREED = (
    "locale", "currency", "prices_in", "policy", "title", "notes", "references", "split",
    "prices_include_tax", "tax_by_day", "late",
)  # fmt: skip
"""Keys of a job that may be agreed with a customer or for a subject, in whose file they stand."""

AGREED_TABLES = ("print", "terms", "exchange")
"""Tables that may stand there too, beside those of plugins."""

SHARED = ("seller", "print", "terms", "exchange")
"""Tables that a job lays over the project's."""

KEPT = ("store", "series", "roles", "approval", "archive", "books")
"""Tables of the project on issued documents and their books; a job has none of them."""
