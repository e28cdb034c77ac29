"""The heading of a bill: number, dates and references; what is said of seller and recipient."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from billhook.i18n import terms
from billhook.kernel.text import Text, labels
from billhook.model.document import Document
from billhook.model.invoice import Invoice, Reference
from billhook.model.party import Identifier, Party
from billhook.model.section import Cell, Pairs
from billhook.render.composition import Named
from billhook.render.titles import is_owed

_: Final = labels("billhook")

_REFERENCES = {
    "preceding": terms.ORIGINAL_INVOICE,
    "order": terms.PURCHASE_ORDER,
    "contract": terms.CONTRACT,
    "project": terms.PROJECT,
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
        yield terms.INVOICE_NUMBER if _is_invoice(invoice) else _("Number"), document.number
    yield terms.INVOICE_DATE if _is_invoice(invoice) else terms.DATE, invoice.date
    if invoice.tax_point and invoice.tax_point != invoice.date:
        # NOTE: The day that decides the tax rate (German: Leistungsdatum).
        yield _("Tax point"), invoice.tax_point
    if is_owed(invoice) and not invoice.terms.instalments:
        yield terms.DUE_DATE, invoice.terms.due
    if invoice.period:
        yield terms.BILLING_PERIOD, invoice.period
    if invoice.buyer.reference:
        yield terms.YOUR_REFERENCE, invoice.buyer.reference
    yield from map(_reference, invoice.references)


def _is_invoice(invoice: Invoice) -> bool:
    return not invoice.title and invoice.type_code == "380"


def _reference(reference: Reference) -> tuple[Text, Cell]:
    label = reference.label or _REFERENCES.get(reference.kind, terms.REFERENCE)
    if reference.date is None:
        return label, reference.number
    return label, _("{number} of {date}", number=reference.number, date=reference.date)


def seller_facts(seller: Party) -> Pairs:
    """Return telephone, e-mail, website, register and tax numbers of the seller."""
    contact = seller.contact
    facts: tuple[tuple[Text, str], ...] = (
        (terms.PHONE, contact.phone if contact else ""),
        (terms.EMAIL, contact.email if contact else ""),
        (terms.WEBSITE, seller.website),
    )
    return Pairs((*((label, text) for label, text in facts if text), *_numbers(seller)))


def recipient_facts(recipient: Party) -> Pairs:
    """Return the recipient's register and tax numbers."""
    return Pairs(tuple(_numbers(recipient)))


def _numbers(party: Party) -> Iterator[tuple[Text, Cell]]:
    if party.legal_id:
        yield terms.COMPANY_NUMBER, party.legal_id.value
    for each in party.tax_ids:
        yield _scheme(each), each.value


def _scheme(identifier: Identifier) -> Text:
    scheme = identifier.scheme
    if scheme in _VAT_SCHEMES:
        return terms.VAT_NUMBER
    return scheme if scheme and scheme.isalpha() else terms.TAX_NUMBER


def recipient_of(invoice: Invoice) -> Party:
    """Return whom the bill is sent to: the payer, else the buyer."""
    return invoice.payer or invoice.buyer


def other_parties(invoice: Invoice) -> tuple[Named, ...]:
    """Return the parties beside seller and recipient."""
    found = []
    if invoice.payer and invoice.payer.id != invoice.buyer.id:
        found.append(Named(terms.CUSTOMER, invoice.buyer))
    if invoice.deliver_to:
        found.append(Named(terms.SHIP_TO, invoice.deliver_to))
    return tuple(found)
