"""Checks of a bill's tax: the days of supply, and categories that exclude each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from billhook.calculate.tax_days import Ask, day_of, taxable
from billhook.kernel import codes
from billhook.kernel.diagnostics import Diagnostic, Severity
from billhook.model.invoice import Invoice, Line
from billhook.model.job import Job
from billhook.model.tax import Category, TaxRule


def check_tax(job: Job, invoice: Invoice, ask: Ask) -> Iterator[Diagnostic]:
    """Yield what is doubtful or wrong with the tax of a bill."""
    yield from _find_mixed(job, invoice)
    if job.tax_point is None and not job.tax_by_day:
        yield from _find_changed(job, invoice, ask)


def _find_mixed(job: Job, invoice: Invoice) -> Iterator[Diagnostic]:
    """Find what is outside the scope of tax beside what is not (EN 16931, BR-O-11 to BR-O-14)."""
    found = {tax.category: tax for tax in invoice.taxes if not tax.withheld}
    outside = found.pop(Category.OUTSIDE, None)
    if outside is None or not found:
        return
    message = (
        f"tax class {', '.join(outside.classes)} is outside the scope of tax (O), but the "
        f"bill also has category {', '.join(sorted(found))}"
    )
    hint = (
        "bill it separately, or give it a category that may stand beside the others: E, Z, AE, K, G"
    )
    yield Diagnostic(codes.MIXED_OUTSIDE_SCOPE.id, message, origin=job.origin, hint=hint)


def _find_changed(job: Job, invoice: Invoice, ask: Ask) -> Iterator[Diagnostic]:
    """Find lines whose day of supply has another tax than the day of the bill."""
    days: dict[tuple[str, dt.date], Line] = {}
    for line in invoice.lines:
        if (day := day_of(line)) is not None and day != job.date:
            days.setdefault((line.tax_class, day), line)
    told: set[str] = set()
    for (name, day), line in sorted(days.items(), key=lambda item: item[0]):
        now, then = (ask(job, taxable(job, line, date)) for date in (job.date, day))
        if now is None or then is None or _describe(now) == _describe(then) or name in told:
            continue
        told.add(name)
        message = (
            f"tax class {name!r} was taxed {_describe(then)} on {day}, the day of "
            f"{line.id!r}, but is taxed {_describe(now)} on {job.date}, the date of the bill"
        )
        hint = (
            "bill the days separately, give those rows a tax class of their own, or set "
            "tax_point if one day applies to the whole bill"
        )
        yield Diagnostic(codes.TAX_CHANGED.id, message, Severity.WARNING, job.origin, hint=hint)


def _describe(rule: TaxRule) -> str:
    rates = [f"{each.name} {each.rate.value} %" for each in rule.components]
    return " and ".join(rates) or f"as category {Category(rule.category)}"
