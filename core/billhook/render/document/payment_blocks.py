"""Terms of payment and where to pay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from billhook.i18n import captions
from billhook.kernel.text import Text, labels
from billhook.model.document import Document
from billhook.model.invoice import Invoice
from billhook.model.party import Account
from billhook.model.section import Block, Cell, Column, Note, Pairs, Table, TableRow
from billhook.render.document.heading import is_owed

_: Final = labels("billhook")

_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")


def terms_blocks(invoice: Invoice) -> Iterator[Block]:
    """Yield when to pay: the day, discounts for paying early, instalments, further words."""
    if is_owed(invoice):
        yield from _days(invoice)
    if invoice.terms.text:
        yield Note(invoice.terms.text)


def _days(invoice: Invoice) -> Iterator[Block]:
    agreed = invoice.terms
    if agreed.instalments:
        yield _instalments(invoice)
    elif agreed.due <= invoice.date:
        yield Note(captions.DUE_ON_RECEIPT)
    else:
        yield Note(captions.please_pay_by(agreed.due))
    if agreed.discounts:
        yield _discounts(invoice)


def _instalments(invoice: Invoice) -> Table:
    columns = (
        Column(captions.INSTALMENT),
        Column(captions.DUE_DATE, width=1),
        Column(captions.AMOUNT, align="right"),
    )
    rows = enumerate(invoice.terms.instalments, 1)
    return Table(
        columns, tuple(TableRow((str(place), part.due, part.amount)) for place, part in rows)
    )


def _discounts(invoice: Invoice) -> Table:
    columns = (
        Column(captions.DISCOUNT, width=1),
        Column(captions.AMOUNT, align="right"),
        Column(captions.AMOUNT_DUE, align="right"),
    )
    rows = (
        TableRow((captions.early_payment(each.rate, each.until), each.amount, each.payable))
        for each in invoice.terms.discounts
    )
    return Table(columns, tuple(rows))


def payment_blocks(document: Document) -> Iterator[Pairs]:
    """Yield the accounts to pay to, the first with the reference to give."""
    if not is_owed(document.invoice):
        return
    country = document.invoice.seller.address.country
    for place, account in enumerate(document.invoice.seller.accounts):
        items = list(_account(account, country))
        if place == 0 and document.number:
            items.append((captions.PAYMENT_REFERENCE, document.number))
        yield Pairs(tuple(items))


_ROUTING = {"GB": _("Sort code"), "IE": _("Sort code"), "DE": _("Bank code"), "AT": _("Bank code")}


def _account(account: Account, country: str) -> Iterator[tuple[Text, Cell]]:
    plain = account.number.replace(" ", "").upper()
    iban = _IBAN.fullmatch(plain) is not None
    fours = " ".join(plain[start : start + 4] for start in range(0, len(plain), 4))
    facts: tuple[tuple[Text, str], ...] = (
        (captions.ACCOUNT_HOLDER, account.name),
        (captions.BANK, account.bank),
        (_ROUTING.get(country, _("Routing number")), account.routing),
        (captions.IBAN if iban else captions.ACCOUNT_NUMBER, fours if iban else account.number),
        (captions.BIC, account.bic),
    )
    return ((label, text) for label, text in facts if text)
