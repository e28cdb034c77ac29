"""Journal entries for QuickBooks Desktop (IIF) and Xero (CSV)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from billhook.ledger.books.one_currency import take_currency
from billhook.ledger.books.transactions import Transaction
from billhook.ledger.events import amount_of

_IIF_FIELDS = ("TRNSTYPE", "DATE", "ACCNT", "NAME", "AMOUNT", "DOCNUM", "MEMO")
_XERO_FIELDS = ("*Narration", "*Date", "Description", "*AccountCode", "*TaxRate", "*Amount")


def write_iif(entries: Sequence[Transaction], currency: str | None = None) -> bytes:
    """Return general journal entries in the Intuit Interchange Format.

    The first amount of an entry is its ``TRNS`` row, the others are ``SPL`` rows; amounts of an
    entry add up to nothing, a debit being above zero.

    Raises:
        RefusedError: BH792: several currencies.
    """
    _, kept = take_currency(entries, currency, "QuickBooks")
    rows: list[Sequence[str]] = [("!TRNS", *_IIF_FIELDS), ("!SPL", *_IIF_FIELDS), ("!ENDTRNS",)]
    for entry in kept:
        for place, each in enumerate(entry.amounts):
            rows.append(
                (
                    "SPL" if place else "TRNS",
                    "GENERAL JOURNAL",
                    f"{entry.day:%m/%d/%Y}",
                    each.account,
                    entry.client,
                    str(amount_of(each.units, each.currency)),
                    entry.id,
                    f"{entry.kind} {entry.id}",
                )
            )
        rows.append(("ENDTRNS",))
    return _separate(rows, "\t")


def write_xero(
    entries: Sequence[Transaction], currency: str | None = None, tax_rate: str = "Tax Exempt"
) -> bytes:
    """Return manual journals for the import of Xero.

    Rows with one narration and date are one journal.  Tax is posted as an amount of its own, so
    that every row bears a tax rate of nothing.

    Args:
        entries: The transactions.
        currency: The currency of the organisation.
        tax_rate: Name that the organisation has for no tax: ``Tax Exempt``, ``No VAT``.

    Raises:
        RefusedError: BH792: several currencies.
    """
    _, kept = take_currency(entries, currency, "Xero")
    rows: list[Sequence[str]] = [_XERO_FIELDS]
    for entry in kept:
        for each in entry.amounts:
            amount = str(amount_of(each.units, each.currency))
            narration, day = f"{entry.kind} {entry.id}", f"{entry.day:%d/%m/%Y}"
            rows.append((narration, day, entry.client, each.account, tax_rate, amount))
    return _separate(rows, ",")


def _separate(rows: Iterable[Sequence[str]], delimiter: str) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode()
