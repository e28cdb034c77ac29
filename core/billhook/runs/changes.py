"""Changes from one bill of a subject to the next, with their causes."""

from __future__ import annotations

import attrs

from billhook.compare.invoices import Comparison
from billhook.compare.periods import compare_successive
from billhook.model.document import Document


@attrs.frozen(kw_only=True)
class Changed:
    """A draft beside the bill before it.

    Attributes:
        subject: The subject.
        customer: Id of the buyer.
        before: Number or name of the bill before; empty when there is none.
        comparison: The differences by group; ``None`` when there is nothing to compare with.
        after: The draft.
    """

    subject: str
    customer: str
    before: str = ""
    comparison: Comparison | None = None
    after: Document


def change(after: Document, before: Document | None) -> Changed:
    """Return what changed from the bill before to a draft, by groups of lines."""
    invoice = after.invoice
    found = Changed(subject=invoice.subject, customer=invoice.buyer.id, after=after)
    if before is None or before.invoice.currency != invoice.currency:
        return found
    name = before.number or before.invoice.job
    return attrs.evolve(found, before=name, comparison=compare_successive(before.invoice, invoice))
