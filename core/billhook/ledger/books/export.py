"""Export of the books: the postings of some days in the file of a bookkeeping program."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import attrs

from billhook.ledger import codes
from billhook.ledger.books.accounts import ACCOUNT_NAMES, Accounts
from billhook.ledger.books.datev import DatevClient, write_datev
from billhook.ledger.books.journal_import import write_iif, write_xero
from billhook.ledger.books.plain_text import write_beancount, write_ledger
from billhook.ledger.books.transactions import Transaction, transactions
from billhook.ledger.events import refused
from billhook.ledger.journal import read_ledger
from billhook.ledger.postings import accrual_postings, cash_postings
from billhook.store.protocol import Reading

BooksFormat = Literal["beancount", "hledger", "ledger", "iif", "xero", "datev"]
Basis = Literal["accrual", "cash"]

_NUMBERED = frozenset({"xero", "datev"})


@attrs.frozen(kw_only=True)
class BooksSettings:
    """Settings of the books of a firm.

    Attributes:
        basis: Whether revenue and tax are posted as they are billed or as they are paid.
        currency: The currency of formats that have one; left out, the only one there is.
        accounts: Names of the accounts.
        datev: Whose books they are; needed for DATEV.
        xero_tax_rate: Name of the tax rate of nothing in Xero.
        opens: Whether a journal of beancount opens its accounts.
    """

    basis: Basis = "accrual"
    currency: str | None = None
    accounts: Accounts = attrs.field(factory=Accounts)
    datev: DatevClient | None = None
    xero_tax_rate: str = "Tax Exempt"
    opens: bool = True


@attrs.frozen
class BooksFile:
    """An exported file.

    Attributes:
        data: Its bytes.
        entries: The transactions in it, in any currency.
    """

    data: bytes
    entries: tuple[Transaction, ...]


def export_books(
    reading: Reading,
    settings: BooksSettings,
    format_: BooksFormat,
    *,
    first: dt.date | None = None,
    last: dt.date,
) -> BooksFile:
    """Return the postings of some days in the form of a bookkeeping program.

    The same documents and entries give the same bytes.  Nothing is calculated anew: the amounts
    are those of the documents and of the ledger.

    Args:
        reading: The store.
        settings: Accounts, basis and currency.
        format_: The program.
        first: First day; left out, the day of the first posting.
        last: Last day.

    Raises:
        RefusedError: BH790 to BH794: the books do not suit the program, see `write_datev`,
            `write_beancount` and their neighbours.
    """
    ledger = read_ledger(reading)
    make = accrual_postings if settings.basis == "accrual" else cash_postings
    found = [
        each
        for each in make(reading, ledger)
        if (first is None or first <= each.day) and each.day <= last
    ]
    named = settings.accounts
    if format_ in _NUMBERED and named.defaults is ACCOUNT_NAMES:
        named = attrs.evolve(named, defaults={})
    entries = transactions(found, named)
    return BooksFile(_write(entries, settings, format_, first, last), entries)


def _write(
    entries: tuple[Transaction, ...],
    settings: BooksSettings,
    format_: BooksFormat,
    first: dt.date | None,
    last: dt.date,
) -> bytes:
    currency = settings.currency
    match format_:
        case "beancount":
            return write_beancount(entries, opens=settings.opens)
        case "hledger" | "ledger":
            return write_ledger(entries)
        case "iif":
            return write_iif(entries, currency)
        case "xero":
            return write_xero(entries, currency, settings.xero_tax_rate)
        case "datev":
            if settings.datev is None:
                hint = "[books.datev] with consultant and client, the numbers of the tax adviser"
                raise refused(codes.DATEV_SETUP.id, "DATEV asks whose books they are", hint)
            begin = first or (entries[0].day if entries else last)
            return write_datev(entries, settings.datev, currency, first=begin, last=last)
