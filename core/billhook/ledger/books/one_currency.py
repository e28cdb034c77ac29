"""Transactions of one currency, for the files of programs that keep a company in one."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from billhook.ledger import codes
from billhook.ledger.books.transactions import Transaction
from billhook.ledger.events import refused


def take_currency(
    entries: Sequence[Transaction], currency: str | None, program: str
) -> tuple[str, tuple[Transaction, ...]]:
    """Return the currency of a file, and the transactions with their amounts in it.

    Args:
        entries: Transactions in any currency.
        currency: The one that is wanted; left out, the only one that there is.
        program: The program that the file is for.

    Raises:
        RefusedError: BH792: there are several, and none is wanted.
    """
    known = sorted({each.currency for entry in entries for each in entry.amounts})
    if currency is None and len(known) > 1:
        message = f"{program} keeps one currency in a file, and there is {' and '.join(known)}"
        raise refused(
            codes.BOOKS_CURRENCY.id, message, f"export one after another: --currency {known[0]}"
        )
    wanted = currency or (known[0] if known else "")
    kept = [
        attrs.evolve(entry, amounts=amounts)
        for entry in entries
        if (amounts := tuple(each for each in entry.amounts if each.currency == wanted))
    ]
    return wanted, tuple(kept)
