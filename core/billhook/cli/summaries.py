"""Portraits of values that hooks give and take: in a line for people, as a tree for programs."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Mapping
from decimal import Decimal

import attrs

from billhook.archive.payload_types import Json
from billhook.explain.rule_text import show
from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.figure import Figure
from billhook.kernel.origin import Origin
from billhook.kernel.text import Label, counted
from billhook.model.adjustment import Adjustment
from billhook.model.charge import Charge, Rating
from billhook.model.document import Document, History
from billhook.model.invoice import Invoice
from billhook.model.job import Job
from billhook.model.record import Record, Records
from billhook.model.section import Section
from billhook.model.tax import Taxable, TaxRule

LONGEST = 100
"""Characters of a value that has no portrait of its own."""
FEW = 4


def brief(value: object) -> str:
    """Return a value in one line."""
    for kind, words in _BRIEF.items():
        if isinstance(value, kind):
            return words(value)
    if _is_source(value):
        return f"source {getattr(value, 'name', '')} of {getattr(value, 'kind', '')}"
    if isinstance(value, tuple | list):
        return _list(value)
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _is_source(value: object) -> bool:
    """Return whether a value keeps the protocol `billhook.model.source.Source`."""
    return all(hasattr(value, name) for name in ("kind", "findings", "records"))


def _list(values: tuple[object, ...] | list[object]) -> str:
    if not values:
        return "nothing"
    names = [str(getattr(each, "id", None) or brief(each)) for each in values[:FEW]]
    more = ", …" if len(values) > FEW else ""
    kinds = sorted({type(each).__name__.lower() for each in values})
    return f"{counted(len(values), ' or '.join(kinds))}: {', '.join(names)}{more}"


def _charge(charge: Charge) -> str:
    parts = [f"charge {charge.id}", show(charge.amount), str(charge.description)]
    return ", ".join(part for part in parts if part)


def _rating(rating: Rating) -> str:
    state = type(rating.state).__name__ if rating.state is not None else "no state"
    skipped = f"{len(rating.skipped)} skipped"
    return f"{_list(rating.charges)}; {skipped}; {state}"


def _adjustment(asked: Adjustment) -> str:
    return (
        f"adjustment {asked.id}, {asked.kind} {asked.stage}, {asked.label}: {brief(asked.amount)}"
    )


def _history(history: History) -> str:
    return f"history of {counted(len(history.documents), 'document')}"


def _invoice(invoice: Invoice) -> str:
    return f"invoice of {counted(len(invoice.lines), 'line')}, {show(invoice.totals.payable)}"


def _record(record: Record) -> str:
    return f"{type(record).__name__.lower()} {record.key}  [{record.origin}]"


def _tax_rule(rule: TaxRule) -> str:
    taxes = ", ".join(f"{each.name} {show(each.rate)}".strip() for each in rule.components)
    return f"tax rule, category {rule.category}: {taxes or rule.reason or 'no tax'}"


def _taxable(taxable: Taxable) -> str:
    return f"tax class {taxable.tax_class}, {show(taxable.base)}, {taxable.date}"


def _section(section: Section) -> str:
    blocks = ", ".join(type(block).__name__.lower() for block in section.blocks)
    return f"section {section.slot.name} {section.order}, {section.title or 'untitled'}: {blocks}"


_BRIEF: dict[type, Callable[..., str]] = {
    type(None): lambda _: "nothing",
    Figure: show,
    Label: str,
    Charge: _charge,
    Rating: _rating,
    Adjustment: _adjustment,
    History: _history,
    Invoice: _invoice,
    Taxable: _taxable,
    TaxRule: _tax_rule,
    Record: _record,
    Section: _section,
    Diagnostic: str,
    Job: lambda job: f"job {job.id}",
    Records: lambda records: counted(len(records), "record"),
    Document: lambda document: (
        f"document {document.number or 'draft'}: {_invoice(document.invoice)}"
    ),
}

_BY_NAME = (Job, History, Invoice, Document)
"""What every hook is given: named, because its own file or command shows it whole."""


def plain(value: object) -> Json:
    """Return a value as JSON; figures without the trace behind them."""
    if isinstance(value, _BY_NAME) or _is_source(value):
        return brief(value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, enum.Enum):
        return str(value.value)
    if isinstance(value, str | Decimal | Label | Origin | dt.date):
        return str(value)
    if isinstance(value, Figure):
        return {"value": str(value.value), "unit": value.unit, "op": value.op, "rule": value.rule}
    return _compose(value)


def _compose(value: object) -> Json:
    if attrs.has(type(value)):
        names = [field.name for field in attrs.fields(type(value))]  # type: ignore[arg-type]  # attrs.has narrows the class, not the value
        return {"type": type(value).__name__, **{n: plain(getattr(value, n)) for n in names}}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, frozenset | set):
        return [plain(item) for item in sorted(value, key=str)]
    if isinstance(value, tuple | list | Records):
        return [plain(item) for item in value]
    return str(value)
