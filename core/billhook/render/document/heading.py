"""The heading of a bill: number, dates and references; what is said of seller and recipient."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from billhook.i18n import captions
from billhook.kernel.text import Label, Text, labels
from billhook.model.document import Document
from billhook.model.invoice import Invoice, Reference
from billhook.model.party import Identifier, Party
from billhook.model.section import Cell, Pairs
from billhook.render.document.composition import NamedParty

_: Final = labels("billhook")

_REFERENCES = {
    "preceding": captions.ORIGINAL_INVOICE,
    "order": captions.PURCHASE_ORDER,
    "contract": captions.CONTRACT,
    "project": captions.PROJECT,
    # NOTE: Number of the note that goods were delivered with.
    "despatch": _("Delivery note"),
}

_VAT_SCHEMES = frozenset(("VAT", "vat", "9930"))


def meta_pairs(document: Document) -> Pairs:
    """Return number, dates, period and references."""
    return Pairs(tuple(_meta(document)))


def _meta(document: Document) -> Iterator[tuple[Text, Cell]]:
    invoice = document.invoice
    if document.number:
        yield captions.INVOICE_NUMBER if _is_invoice(invoice) else _("Number"), document.number
    yield captions.INVOICE_DATE if _is_invoice(invoice) else captions.DATE, invoice.date
    if invoice.tax_point and invoice.tax_point != invoice.date:
        # NOTE: The day that decides the tax rate (German: Leistungsdatum).
        yield _("Tax point"), invoice.tax_point
    if is_owed(invoice) and not invoice.terms.instalments:
        yield captions.DUE_DATE, invoice.terms.due
    if invoice.period:
        yield captions.BILLING_PERIOD, invoice.period
    if invoice.buyer.reference:
        yield captions.YOUR_REFERENCE, invoice.buyer.reference
    yield from map(_reference, invoice.references)


def _is_invoice(invoice: Invoice) -> bool:
    return not invoice.title and invoice.type_code == "380"


def _reference(reference: Reference) -> tuple[Text, Cell]:
    label = reference.label or _REFERENCES.get(reference.kind, captions.REFERENCE)
    if reference.date is None:
        return label, reference.number
    return label, _("{number} of {date}", number=reference.number, date=reference.date)


def seller_facts(seller: Party) -> Pairs:
    """Return telephone, e-mail, website, register and tax numbers of the seller."""
    contact = seller.contact
    facts: tuple[tuple[Text, str], ...] = (
        (captions.PHONE, contact.phone if contact else ""),
        (captions.EMAIL, contact.email if contact else ""),
        (captions.WEBSITE, seller.website),
    )
    return Pairs((*((label, text) for label, text in facts if text), *_numbers(seller)))


def recipient_facts(recipient: Party) -> Pairs:
    """Return the recipient's register and tax numbers."""
    return Pairs(tuple(_numbers(recipient)))


def _numbers(party: Party) -> Iterator[tuple[Text, Cell]]:
    if party.legal_id:
        yield captions.COMPANY_NUMBER, party.legal_id.value
    for each in party.tax_ids:
        yield _scheme(each), each.value


def _scheme(identifier: Identifier) -> Text:
    scheme = identifier.scheme
    if scheme in _VAT_SCHEMES:
        return captions.VAT_NUMBER
    return scheme if scheme and scheme.isalpha() else captions.TAX_NUMBER


def recipient_of(invoice: Invoice) -> Party:
    """Return whom the bill is sent to: the payer, else the buyer."""
    return invoice.payer or invoice.buyer


def other_parties(invoice: Invoice) -> tuple[NamedParty, ...]:
    """Return the parties beside seller and recipient."""
    found = []
    if invoice.payer and invoice.payer.id != invoice.buyer.id:
        found.append(NamedParty(captions.CUSTOMER, invoice.buyer))
    if invoice.deliver_to:
        found.append(NamedParty(captions.SHIP_TO, invoice.deliver_to))
    return tuple(found)


TITLES: dict[str, Label] = {
    "211": captions.APPLICATION_FOR_PAYMENT,
    "325": captions.PRO_FORMA,
    "326": _("Partial invoice"),
    "380": captions.INVOICE,
    "381": captions.CREDIT_NOTE,
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
        return captions.DRAFT_INVOICE
    return TITLES.get(invoice.type_code, captions.INVOICE)
