"""Tax by table: dated rates from the project file, none of them our own.

```toml
[[tax_table.rates]]
class = "standard"
name = "VAT"
percent = 19
since = 2024-01-01
```
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

import attrs

from billhook.kernel.countries import check_country
from billhook.kernel.diagnostics import Code, Diagnostic
from billhook.kernel.figure import PERCENT, given
from billhook.kernel.origin import Origin
from billhook.kernel.text import Dated, in_force, overlaps
from billhook.model.document import History
from billhook.model.invoice import Invoice
from billhook.model.job import Job
from billhook.model.tax import Category, Taxable, TaxComponent, TaxRule
from billhook.plugins.info import PluginInfo, hookimpl

_UNTAXED = frozenset(["Z", "E", "AE", "K", "G", "O"])


@attrs.frozen(kw_only=True)
class TaxRate:
    """A dated rate of a class of charges.

    Attributes:
        tax_class: The class that charges bear.
        name: As printed: ``VAT``, ``State sales tax``; several names on one class are several
            taxes, in the order of the table.
        percent: The rate; left out when no tax is charged.
        category: VAT category code of EN 16931; left out: S with a rate, else E.
        reason: Why no tax is charged.
        reason_code: The same as a VATEX code.
        compound: Taken of the base plus the taxes before it.
        withheld: The buyer keeps it and pays the authority.
        country: Only for buyers in this country.
        since: First day in force.
        until: First day no longer in force.
        origin: Where the rate stands.

    Raises:
        ValueError: The country is none, the rate is below nothing or one of a category without
            tax, or ends before it begins.
    """

    tax_class: str = "standard"
    name: str = ""
    percent: Decimal | None = None
    category: Literal["S", "Z", "E", "AE", "K", "G", "O", "L", "M"] | None = None
    reason: str = ""
    reason_code: str | None = None
    compound: bool = False
    withheld: bool = False
    country: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    origin: Origin | None = attrs.field(default=None, eq=False)

    def __attrs_post_init__(self) -> None:
        if self.country is not None:
            check_country(self.country)
        if self.percent and self.category in _UNTAXED and not self.withheld:
            message = f"category {self.category} bears no tax, got {self.percent} percent"
            raise ValueError(message)
        if self.percent is not None and self.category == "O" and not self.withheld:
            raise ValueError("category O has no rate, not even 0: leave percent out")
        if self.percent is not None and self.percent < 0:
            raise ValueError(f"expected a percent of 0 or more, got {self.percent}")
        if self.since is not None and self.until is not None and self.until <= self.since:
            raise ValueError(f"the rate ends ({self.until}) before it begins ({self.since})")


@attrs.frozen(kw_only=True)
class TaxTable:
    """The table of rates."""

    rates: tuple[TaxRate, ...] = ()


CODES = (
    Code(
        "TAX101",
        "tax rates of one class overlap",
        "On one day a tax has one rate. End the earlier rate with `until`.",
    ),
    Code(
        "TAX102",
        "no reason why tax is not charged",
        "EN 16931 (BR-E-10 and its sisters) asks for a reason when no tax is charged.",
    ),
)


@hookimpl
def billhook_plugin() -> PluginInfo:
    """Say who this is."""
    return PluginInfo(
        name="tax_table",
        title="Tax by a table of dated rates",
        version="1",
        prefix="TAX",
        settings=TaxTable,
        codes=CODES,
    )


@hookimpl
def billhook_tax(job: Job, taxable: Taxable) -> TaxRule | None:
    """Name the rates in force on the tax point."""
    rates = [rate for rate in _of_class(job.settings(TaxTable), taxable) if _covers(rate, taxable)]
    if not rates:
        return None
    first = rates[0]
    components = tuple(_component(rate) for rate in rates if rate.percent is not None)
    return TaxRule(
        components=components,
        category=Category(first.category or ("S" if components else "E")),
        reason=first.reason,
        reason_code=first.reason_code,
    )


@hookimpl
def billhook_check(
    job: Job,
    draft: Invoice,
    history: History,  # noqa: ARG001 - the hook's whole signature
) -> Iterable[Diagnostic]:
    """Find overlapping rates, and missing reasons."""
    yield from _overlapping(job)
    for tax in draft.taxes:
        exempt = tax.category in {Category.EXEMPT, Category.REVERSE_CHARGE, Category.OUTSIDE}
        if exempt and not tax.reason:
            message = f"tax class {', '.join(tax.classes)} is not taxed and no reason is given"
            yield Diagnostic("TAX102", message, origin=job.origin, hint="add reason = …")


def _of_class(table: TaxTable, taxable: Taxable) -> list[TaxRate]:
    country = taxable.buyer.address.country
    rates = [rate for rate in table.rates if rate.tax_class == taxable.tax_class]
    special = [rate for rate in rates if rate.country == country]
    return special or [rate for rate in rates if rate.country is None]


def _covers(rate: TaxRate, taxable: Taxable) -> bool:
    return bool(in_force([_to_dated(rate)], taxable.date))


def _to_dated(rate: TaxRate) -> Dated[TaxRate]:
    return Dated(rate, rate.since, rate.until)


def _component(rate: TaxRate) -> TaxComponent:
    figure = given(rate.percent or Decimal(0), PERCENT, "core.tax.rate", rate.origin)
    return TaxComponent(name=rate.name, rate=figure, compound=rate.compound, withheld=rate.withheld)


def _overlapping(job: Job) -> Iterable[Diagnostic]:
    groups: dict[tuple[str, str, str | None], list[Dated[TaxRate]]] = {}
    for rate in job.settings(TaxTable).rates:
        key = (rate.tax_class, rate.name, rate.country)
        groups.setdefault(key, []).append(_to_dated(rate))
    for (tax_class, name, _), rates in groups.items():
        for one, two in overlaps(rates):
            message = (
                f"rates of {name or tax_class!r} overlap: one ends {one.until or 'never'}, "
                f"the next begins {two.since or 'always before'}"
            )
            yield Diagnostic("TAX101", message, origin=two.value.origin or job.origin)
