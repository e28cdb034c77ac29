"""Transactions: the postings of each entry together, under the names of a chart of accounts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import groupby

import attrs

from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.errors import RefusedError
from billhook.ledger import codes
from billhook.ledger.books.accounts import Accounts, key_of
from billhook.ledger.postings import Posting


@attrs.frozen
class AccountAmount:
    """An amount on an account.

    Attributes:
        account: Its name in the chart of accounts.
        currency: ISO 4217 code.
        units: Minor units; a debit is above zero.
    """

    account: str
    currency: str
    units: int


@attrs.frozen(kw_only=True)
class Transaction:
    """The postings of a document or entry; they come to nothing in each currency.

    Attributes:
        day: The day it is posted.
        kind: ``bill``, ``credit``, ``receipt``, ``allocation undone``, …
        id: Number of the document, or id of the entry.
        client: The client, or nothing.
        amounts: One for each account and currency.
    """

    day: dt.date
    kind: str
    id: str
    client: str
    amounts: tuple[AccountAmount, ...]


def transactions(postings: Iterable[Posting], accounts: Accounts) -> tuple[Transaction, ...]:
    """Return the transactions of postings, by day and place in the log.

    Args:
        postings: Postings of one basis.
        accounts: Names of the accounts.

    Raises:
        RefusedError: BH790: accounts are missing, all of them at once.
        ValueError: An entry does not balance.
    """
    found: list[Transaction] = []
    missing: dict[str, str] = {}
    ordered = sorted(postings, key=_place)
    for (day, _, kind, id_), group in groupby(ordered, key=_place):
        sums: dict[tuple[str, str], int] = {}
        client = ""
        for each in group:
            account = accounts.find(each)
            if account is None:
                missing.setdefault(key_of(each.account), id_)
                continue
            client = each.customer
            place = (account, each.currency)
            sums[place] = sums.get(place, 0) + each.units
        amounts = tuple(AccountAmount(*place, units) for place, units in sums.items() if units)
        if amounts:
            made = Transaction(day=day, kind=kind, id=id_, client=client, amounts=amounts)
            found.append(made)
    if missing:
        raise RefusedError([_no_account(key, id_) for key, id_ in missing.items()])
    for transaction in found:
        _require_balance(transaction)
    return tuple(found)


def _place(posting: Posting) -> tuple[dt.date, int, str, str]:
    return posting.day, posting.position, posting.kind, posting.id


def _no_account(key: str, id_: str) -> Diagnostic:
    message = f"no account for {key.replace('_', ' ')!r}, needed for {id_}"
    return Diagnostic(codes.BOOKS_ACCOUNTS.id, message, hint=f'set {key} = "…" in [books.accounts]')


def _require_balance(transaction: Transaction) -> None:
    sums: dict[str, int] = {}
    for each in transaction.amounts:
        sums[each.currency] = sums.get(each.currency, 0) + each.units
    if any(sums.values()):
        raise ValueError(f"{transaction.kind} {transaction.id} does not balance: {sums}")
