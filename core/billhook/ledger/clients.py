"""One client at a day, on one card: balance, open items, last bills, disputes, promises, funds."""

from __future__ import annotations

import datetime as dt

import attrs

from billhook.ledger.disputes import (
    DisputeStatus,
    PromiseStatus,
    dispute_statuses,
    promise_statuses,
)
from billhook.ledger.funds import Fund, fund_balances
from billhook.ledger.journal import BILL, CREDIT, Ledger, Receivable
from billhook.ledger.open_items import OpenItem, open_items
from billhook.ledger.receipts import ReceiptStatus, receipt_statuses

LAST = 5
"""So many of the last bills and receipts stand on a card."""


@attrs.frozen(kw_only=True)
class ClientCard:
    """A client's balance, items and history at the end of a day.

    Attributes:
        customer: Its id.
        day: The day.
        balances: What it owes by currency, in minor units.
        items: Its open items.
        bills: Its last bills, newest first.
        receipts: Its last receipts, newest first.
        unallocated: Receipts with money on account.
        disputes: Its open disputes.
        promises: Its promises that are active or broken.
        funds: What is held for it.
    """

    customer: str
    day: dt.date
    balances: tuple[tuple[str, int], ...]
    items: tuple[OpenItem, ...]
    bills: tuple[Receivable, ...]
    receipts: tuple[ReceiptStatus, ...]
    unallocated: tuple[ReceiptStatus, ...]
    disputes: tuple[DisputeStatus, ...]
    promises: tuple[PromiseStatus, ...]
    funds: tuple[tuple[Fund, int], ...]


def client_card(ledger: Ledger, customer: str, day: dt.date) -> ClientCard:
    """Return what is known of a client at the end of a day."""
    sums: dict[str, int] = {}
    for each in ledger.movements:
        if each.customer == customer and each.day <= day:
            sums[each.currency] = sums.get(each.currency, 0) + each.units
    bills = [
        each
        for each in ledger.items.values()
        if each.customer == customer and each.kind == BILL and each.day <= day
    ]
    receipts = [s for s in receipt_statuses(ledger, day) if s.receipt.customer == customer]
    promises = promise_statuses(ledger, day, customer=customer)
    held = fund_balances(ledger, day).items()
    return ClientCard(
        customer=customer,
        day=day,
        balances=tuple(sorted(sums.items())),
        items=tuple(open_items(ledger, day, customer=customer)),
        bills=tuple(sorted(bills, key=lambda each: each.day)[: -LAST - 1 : -1]),
        receipts=tuple(receipts[: -LAST - 1 : -1]),
        unallocated=tuple(each for each in receipts if each.on_account),
        disputes=tuple(
            d for d in dispute_statuses(ledger, day, customer=customer) if not d.outcome
        ),
        promises=tuple(each for each in promises if each.state != "kept"),
        funds=tuple((fund, units) for fund, units in held if fund.customer == customer),
    )


def customers_of(ledger: Ledger) -> list[str]:
    """Return every client with a document or a receipt, sorted."""
    return sorted({each.customer for each in ledger.movements if each.kind != CREDIT})
