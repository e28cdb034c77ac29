"""Receipts: money that came in, went back, was written off, or bounced.

A receipt is always wholly explained: what is allocated, on account, refunded, written off and lost
or gained by exchange comes to its amount, on every day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import attrs

from billhook.issue.actor import Actor, require_reason
from billhook.issue.roles import OPEN, Roles
from billhook.kernel.figure import given
from billhook.ledger import codes, events
from billhook.ledger.events import given_facts, record, refused, shown, units_of
from billhook.ledger.journal import Ledger, Receipt, least_from, read_items
from billhook.ledger.open_items import require_day
from billhook.store.protocol import Store, Writing


@attrs.frozen(kw_only=True)
class Incoming:
    """Money to be recorded as received.

    Attributes:
        customer: Whose account it is credited to.
        amount: What was paid.
        currency: ISO 4217 code.
        day: The day it was received.
        method: ``transfer``, ``card``, ``cheque``, ``cash``.
        reference: What the payer or the bank says of it.
        fee: What a bank or processor kept of it: so much less arrived.
        key: Id of the receipt, given so that the same money is recorded once; empty makes one.
    """

    customer: str
    amount: Decimal
    currency: str
    day: dt.date
    method: str = ""
    reference: str = ""
    fee: Decimal = Decimal(0)
    key: str = ""


def add_receipt(store: Store, money: Incoming, actor: Actor, *, roles: Roles = OPEN) -> str:
    """Record money that came in, all of it on account, and return the receipt's id.

    Raises:
        RefusedError: BH702 the key recorded other money, BH705 no such amount, BH508 not allowed.
    """
    roles.check(actor, "record")
    with store.write() as writing:
        return add_receipt_in(writing, money, actor)


def add_receipt_in(writing: Writing, money: Incoming, actor: Actor) -> str:
    """Record money inside a transaction of the caller's."""
    units = units_of(money.amount, money.currency, "the amount")
    fee = units_of(money.fee, money.currency, "the fee", zero=True)
    if fee >= units:
        raise refused(
            codes.AMOUNT.id, f"a fee of {money.fee} leaves nothing of the {money.amount} received"
        )
    facts: dict[str, Any] = {
        "customer": money.customer,
        "currency": money.currency,
        "units": units,
        **given_facts(method=money.method, reference=money.reference, fee=fee),
    }
    known = read_items(writing, (), [money.key]) if money.key else Ledger()
    if money.key in known.entries:
        line, before = known.entries[money.key].line, known.entries[money.key].facts
        if (line.at, dict(before)) != (money.day, {"id": money.key, **facts}):
            message = f"key {money.key!r} was already used for another receipt"
            raise refused(
                codes.ENTRY_KEY.id, message, hint="use another key; see billhook payment list"
            )
        return money.key
    id_ = money.key or f"R{writing.log_head().position + 1}"
    thread = events.receipt_thread(id_)
    record(writing, events.RECEIPT, actor, facts, day=money.day, subject=thread, id_=id_)
    return id_


# ── what becomes of it ───────────────────────────────────────────────────────


@attrs.frozen(kw_only=True)
class ReceiptStatus:
    """A receipt's use until the end of a day, in minor units.

    Attributes:
        receipt: The receipt.
        amount: What was received; nothing once it is reversed.
        allocated: What settles bills and fees, at the exchange rate where there is one.
        on_account: What is not allocated yet.
        refunded: What went back.
        written_off: What was kept, with a reason.
        difference: What was gained by exchange, above zero, or lost.
        reversed_on: The day it bounced, or ``None``.
    """

    receipt: Receipt
    amount: int
    allocated: int
    on_account: int
    refunded: int
    written_off: int
    difference: int
    reversed_on: dt.date | None = None

    @property
    def explained(self) -> bool:
        """True if the parts add up to the amount."""
        parts = self.allocated + self.on_account + self.refunded
        return parts + self.written_off + self.difference == self.amount


def receipt_statuses(ledger: Ledger, day: dt.date) -> Iterator[ReceiptStatus]:
    """Yield what became of each receipt until the end of a day, in the order of the log."""
    on_account = ledger.unallocated(day)
    sums: dict[str, dict[str, int]] = {}
    for entry in ledger.of_kind(events.ALLOCATION, events.REFUND, events.WRITE_OFF):
        receipt = entry.facts.get("receipt", "")
        if receipt and entry.counts(day):
            own = sums.setdefault(receipt, {})
            own[entry.kind] = own.get(entry.kind, 0) + entry.facts["units"]
            own["difference"] = own.get("difference", 0) + entry.facts.get("difference", 0)
    for receipt in ledger.receipts.values():
        known = ledger.entries[receipt.id]
        if receipt.day <= day:
            own = sums.get(receipt.id, {})
            difference = own.get("difference", 0)
            yield ReceiptStatus(
                receipt=receipt,
                amount=receipt.units if known.counts(day) else 0,
                allocated=own.get(events.ALLOCATION, 0) - difference,
                on_account=on_account.get(receipt.id, 0),
                refunded=own.get(events.REFUND, 0),
                written_off=own.get(events.WRITE_OFF, 0),
                difference=difference,
                reversed_on=None if known.counts(day) else known.undone,
            )


def receipt_of(ledger: Ledger, id_: str) -> Receipt:
    """Return a receipt that was not reversed.

    Raises:
        RefusedError: BH701 there is none, BH708 it was reversed.
    """
    receipt = ledger.receipts.get(id_)
    if receipt is None:
        raise refused(
            codes.NO_RECEIPT.id, f"there is no receipt {id_!r}", hint="see billhook payment list"
        )
    if ledger.entries[id_].undone is not None:
        raise refused(
            codes.ALREADY_REVERSED.id, f"receipt {id_} was reversed on {ledger.entries[id_].undone}"
        )
    return receipt


def require_left(ledger: Ledger, receipt: Receipt, units: int, day: dt.date) -> None:
    """Refuse to take more from a receipt than is on account from a day on.

    Raises:
        RefusedError: BH703, BH707 before the receipt.
    """
    require_day(day, f"receipt {receipt.id}", receipt.day)
    left = left_from(ledger, receipt.id, day)
    if units > left:
        message = (
            f"{shown(units, receipt.currency)} is more than the {shown(left, receipt.currency)} "
            f"on account of receipt {receipt.id} from {day} on"
        )
        raise refused(
            codes.RECEIPT_EXCEEDED.id, message, hint="take an allocation back first, or use less"
        )


def left_from(ledger: Ledger, receipt: str, day: dt.date) -> int:
    """Return the least that is on account of a receipt from a day on."""
    moves = (each for each in ledger.movements if each.receipt == receipt and not each.item)
    return least_from([attrs.evolve(each, units=-each.units) for each in moves], day)


def refund(
    store: Store,
    receipt_id: str,
    amount: Decimal,
    actor: Actor,
    *,
    day: dt.date,
    method: str = "",
    reference: str = "",
    key: str = "",
    roles: Roles = OPEN,
) -> str:
    """Record that money on account went back to the client; return the refund's id.

    Raises:
        RefusedError: BH701 no such receipt, BH703 more than is on account, BH507 no reason, BH508
            not allowed, or more than the person's limit.
    """
    require_reason(actor, "a refund")
    with store.write() as writing:
        ledger = read_items(writing, (), [receipt_id])
        receipt = receipt_of(ledger, receipt_id)
        units = units_of(amount, receipt.currency, "the refund")
        roles.check(actor, "correct", [given(amount, receipt.currency, "core.ledger.refund")])
        thread = events.receipt_thread(receipt_id)
        lines = writing.audit_entries(subject=thread)
        if done := events.recorded_before(lines, events.REFUND, key, {"units": units}):
            return done
        require_left(ledger, receipt, units, day)
        facts = {
            **facts_from(receipt, units),
            **given_facts(method=method, reference=reference, key=key),
        }
        return record(writing, events.REFUND, actor, facts, day=day, subject=thread)


def facts_from(receipt: Receipt, units: int) -> dict[str, Any]:
    """Return the facts of an entry that takes money from a receipt."""
    return {
        "receipt": receipt.id,
        "customer": receipt.customer,
        "currency": receipt.currency,
        "units": units,
    }
