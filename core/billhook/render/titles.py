"""Titles: what a document is called, by its type of UNTDID 1001."""

from __future__ import annotations

from typing import Final

from billhook.i18n import terms
from billhook.kernel.text import Label, Text, labels
from billhook.model.document import Document
from billhook.model.invoice import Invoice

_: Final = labels("billhook")

TITLES: dict[str, Label] = {
    "211": terms.APPLICATION_FOR_PAYMENT,
    "325": terms.PRO_FORMA,
    "326": _("Partial invoice"),
    "380": terms.INVOICE,
    "381": terms.CREDIT_NOTE,
    "383": _("Debit note"),
    "384": _("Corrected invoice"),
    "386": _("Prepayment invoice"),
    "389": _("Self-billed invoice"),
    # NOTE: One of several bills on work that is not finished (German: Abschlagsrechnung).
    "875": _("Interim invoice"),
    # NOTE: Closes a part of the work for good (German: Teilschlussrechnung).
    "876": _("Partial final invoice"),
    # NOTE: Closes the work and counts the interim bills in (German: Schlussrechnung).
    "877": _("Final invoice"),
}
"""The printed title by type code; a type that is not here is an invoice."""


CREDIT = "381"
"""Type of a credit note: what it comes to is given, not asked for."""


def is_owed(invoice: Invoice) -> bool:
    """Return whether the recipient has something to pay."""
    return invoice.type_code != CREDIT and invoice.totals.payable.value > 0


def title_of(document: Document) -> Text:
    """Return a document's title: the bill's own, else its type's; a draft invoice says so."""
    invoice = document.invoice
    if invoice.title:
        return invoice.title
    if document.number is None and invoice.type_code == "380":
        return terms.DRAFT_INVOICE
    return TITLES.get(invoice.type_code, terms.INVOICE)
