"""The words of a bill: the core's labels, in the wording that catalogues translate.

Renderers and plugins take a term from here, so that a thing has one name on every document.
A comment that begins with NOTE goes to the translators.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from billhook.kernel.figure import Figure
from billhook.kernel.text import Label, labels

_: Final = labels("billhook")

# ── kinds of documents ───────────────────────────────────────────────────────

INVOICE: Final = _("Invoice")
DRAFT_INVOICE: Final = _("Draft invoice")
CREDIT_NOTE: Final = _("Credit note")
# NOTE: A list of the open items of a customer's account.
STATEMENT: Final = _("Statement")
# NOTE: A contractor's request for payment of work completed so far.
APPLICATION_FOR_PAYMENT: Final = _("Application for payment")
PRO_FORMA: Final = _("Pro forma")
# NOTE: Stamp on a duplicate of a document.
COPY: Final = _("Copy")
# NOTE: Stamp on a document that is not final.
DRAFT: Final = _("Draft")
# NOTE: Stamp on a cancelled document.
VOID: Final = _("Void")

# ── heads of documents ───────────────────────────────────────────────────────

INVOICE_NUMBER: Final = _("Invoice number")
ORIGINAL_INVOICE: Final = _("Original invoice")
DATE: Final = _("Date")
INVOICE_DATE: Final = _("Invoice date")
DUE_DATE: Final = _("Due date")
# NOTE: The days from ... to ... that a line or document is about.
PERIOD: Final = _("Period")
BILLING_PERIOD: Final = _("Billing period")
REFERENCE: Final = _("Reference")
YOUR_REFERENCE: Final = _("Your reference")
OUR_REFERENCE: Final = _("Our reference")
PURCHASE_ORDER: Final = _("Purchase order")
CONTRACT: Final = _("Contract")
PROJECT: Final = _("Project")

# ── parties ──────────────────────────────────────────────────────────────────

CUSTOMER: Final = _("Customer")
CUSTOMER_NUMBER: Final = _("Customer number")
# NOTE: Heading over the address of the one who is billed.
BILL_TO: Final = _("Bill to")
# NOTE: Heading over the address of the one who bills.
FROM: Final = _("From")
SELLER: Final = _("Seller")
BUYER: Final = _("Buyer")
# NOTE: Heading over the address that goods are delivered to.
SHIP_TO: Final = _("Ship to")
# NOTE: Any tax identification number of a party, not the VAT number.
TAX_NUMBER: Final = _("Tax number")
VAT_NUMBER: Final = _("VAT number")
# NOTE: Number in the commercial or company register.
COMPANY_NUMBER: Final = _("Company number")
PHONE: Final = _("Phone")
EMAIL: Final = _("Email")
WEBSITE: Final = _("Website")

# ── lines ────────────────────────────────────────────────────────────────────

# NOTE: Number of a line of the bill: "Line 3".
LINE: Final = _("Line")
# NOTE: A position of the bill.
ITEM: Final = _("Item")
DESCRIPTION: Final = _("Description")
QUANTITY: Final = _("Quantity")
# NOTE: Unit of measure.
UNIT: Final = _("Unit")
UNIT_PRICE: Final = _("Unit price")
PRICE: Final = _("Price")
# NOTE: Price per unit of time or weight, not a percentage.
RATE: Final = _("Rate")
AMOUNT: Final = _("Amount")
HOURS: Final = _("Hours")
# NOTE: Stands below a table in which, for example, 0.1667, 0.1667 and 0.1667 hours make 0.5.
ROUNDED_QUANTITIES: Final = _("Quantities are rounded one by one, the total as a whole.")
DISCOUNT: Final = _("Discount")
SERVICES: Final = _("Services")
# NOTE: Remuneration for professional work.
FEES: Final = _("Fees")
# NOTE: Costs paid for the customer and passed on.
EXPENSES: Final = _("Expenses")
# NOTE: Mark on a line that costs nothing.
NO_CHARGE: Final = _("No charge")
# NOTE: Mark on a line whose price is part of another.
INCLUDED: Final = _("Included")
NOT_BILLED: Final = _("Not billed")
REASON: Final = _("Reason")
ADJUSTMENTS: Final = _("Adjustments")
# NOTE: Deductions from the price.
ALLOWANCES: Final = _("Allowances")
SURCHARGES: Final = _("Surcharges")

# ── totals ───────────────────────────────────────────────────────────────────

SUBTOTAL: Final = _("Subtotal")
# NOTE: At the foot of a page: the sum so far, to be continued overleaf.
CARRIED_FORWARD: Final = _("Carried forward")
# NOTE: At the head of a page: the sum of the pages before.
BROUGHT_FORWARD: Final = _("Brought forward")
NET_TOTAL: Final = _("Net total")
TOTAL: Final = _("Total")
TAX: Final = _("Tax")
TAXES: Final = _("Taxes")
TAX_RATE: Final = _("Tax rate")
# NOTE: The amount that tax is calculated on.
TAXABLE_AMOUNT: Final = _("Taxable amount")
TAX_AMOUNT: Final = _("Tax amount")
TOTAL_INCLUDING_TAX: Final = _("Total including tax")
# NOTE: A part of the bill that the customer keeps back and pays later or to the authority.
AMOUNT_WITHHELD: Final = _("Amount withheld")
AMOUNT_ALREADY_PAID: Final = _("Amount already paid")
ROUNDING: Final = _("Rounding")
AMOUNT_DUE: Final = _("Amount due")
REVERSE_CHARGE: Final = _("Reverse charge")
EXEMPT_FROM_TAX: Final = _("Exempt from tax")
# NOTE: Outside the scope of tax, which is not the same as exempt from it.
NOT_SUBJECT_TO_TAX: Final = _("Not subject to tax")

# ── payment ──────────────────────────────────────────────────────────────────

PAYMENT_TERMS: Final = _("Payment terms")
PAYMENT_DETAILS: Final = _("Payment details")
BANK: Final = _("Bank")
ACCOUNT_NUMBER: Final = _("Account number")
IBAN: Final = _("IBAN")
BIC: Final = _("BIC")
ACCOUNT_HOLDER: Final = _("Account holder")
PAYMENT_REFERENCE: Final = _("Payment reference")
DUE_ON_RECEIPT: Final = _("Due on receipt")
# NOTE: One of several part payments.
INSTALMENT: Final = _("Instalment")

# ── the rest of a document ───────────────────────────────────────────────────

# NOTE: Remarks on a document.
NOTES: Final = _("Notes")
# NOTE: Terms and conditions.
TERMS: Final = _("Terms")
SIGNATURE: Final = _("Signature")
# NOTE: Name of a person, beside a signature.
NAME: Final = _("Name")
# NOTE: Before a person's signature.
SIGNED: Final = _("Signed")
# NOTE: On a table that goes on from the page before.
CONTINUED: Final = _("Continued")
SUMMARY: Final = _("Summary")
DETAILS: Final = _("Details")
EXPLANATION: Final = _("Explanation")
EXPLANATION_OF_CHARGES: Final = _("Explanation of charges")
HOW_IT_WAS_WORKED_OUT: Final = _("How this amount was worked out")
# NOTE: Where a figure comes from: a file, a system.
SOURCE: Final = _("Source")
# NOTE: The rule that an amount was calculated by.
RULE: Final = _("Rule")

# ── sentences ────────────────────────────────────────────────────────────────


def please_pay_by(date: dt.date) -> Label:
    """Return the request to pay by a day."""
    return _("Please pay by {date}", date=date)


def payable_within(days: int) -> Label:
    """Return the time allowed for payment."""
    # PLURAL by the number of days.
    return _("Payable within {days} days", days=days)


def early_payment(percent: Figure, date: dt.date) -> Label:
    """Return the offer of a discount; ``percent`` is a figure of unit ``%``."""
    return _("{percent} discount if paid by {date}", percent=percent, date=date)


def page_of(page: int, pages: int) -> Label:
    """Return the number of a page."""
    return _("Page {page} of {pages}", page=page, pages=pages)


def seal(digits: str) -> Label:
    """Return the first digits of a document's digest, for the foot of its pages."""
    # NOTE: Digits that prove that a document is as it was issued: "Seal 3f2a9c41d0b7…".
    return _("Seal {digits}", digits=f"{digits}…")


def total_for(name: str | Label) -> Label:
    """Return the head of a subtotal."""
    # NOTE: {name} is a group of lines, in the nominative: "Total for Phase 2".
    return _("Total for {name}", name=name)
