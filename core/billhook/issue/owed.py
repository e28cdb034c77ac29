"""The receivable of a document: who owes how much when, and what is withheld until later.

It stands in the log beside the sealed document, so that open items need not read the documents.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import attrs

from billhook.issue.seal import minor_units
from billhook.kernel.figure import total
from billhook.model.adjustment import AdjustmentKind
from billhook.model.invoice import Invoice


@attrs.frozen(kw_only=True)
class Owed:
    """The receivable of a document; amounts in minor units.

    Attributes:
        customer: Id of the payer, else of the buyer.
        currency: ISO 4217 code.
        date: Invoice date.
        payable: What is to be paid; of a credit note, what it takes back.
        parts: Due dates with what is due then; they add up to ``payable``.
        withheld: Earned and kept back until later; below zero when released.
        condition: The label under which it was withheld.
    """

    customer: str
    currency: str
    date: dt.date
    payable: int
    parts: tuple[tuple[dt.date, int], ...]
    withheld: int = 0
    condition: str = ""


def owed_of(invoice: Invoice) -> Owed:
    """Return the receivable of a bill."""
    totals, terms = invoice.totals, invoice.terms
    kept = total((totals.held, totals.withheld), "core.owed.withheld", invoice.currency)
    labels = [each.label for each in invoice.adjustments if each.kind is AdjustmentKind.WITHHELD]
    payable = minor_units(totals.payable)
    parts = tuple((each.due, minor_units(each.amount)) for each in terms.instalments)
    return Owed(
        customer=(invoice.payer or invoice.buyer).id,
        currency=invoice.currency,
        date=invoice.date,
        payable=payable,
        parts=parts or ((terms.due, payable),),
        withheld=minor_units(kept),
        condition=", ".join(dict.fromkeys(map(str, labels))),
    )


def to_facts(owed: Owed) -> dict[str, Any]:
    """Return a receivable as JSON values, without what is empty."""
    facts: dict[str, Any] = {
        "customer": owed.customer,
        "currency": owed.currency,
        "date": owed.date.isoformat(),
        "payable": owed.payable,
        "due": [[due.isoformat(), units] for due, units in owed.parts],
    }
    if owed.withheld:
        facts |= {"withheld": owed.withheld, "condition": owed.condition}
    return facts


def from_facts(facts: Mapping[str, Any]) -> Owed:
    """Return a receivable from its JSON values."""
    return Owed(
        customer=facts["customer"],
        currency=facts["currency"],
        date=dt.date.fromisoformat(facts["date"]),
        payable=facts["payable"],
        parts=tuple((dt.date.fromisoformat(due), units) for due, units in facts["due"]),
        withheld=facts.get("withheld", 0),
        condition=facts.get("condition", ""),
    )
