"""Write-offs, fees, and undoing what was recorded."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import attrs

from billhook.issue.actor import Actor, require_reason
from billhook.issue.roles import OPEN, Roles
from billhook.kernel.figure import given
from billhook.ledger import codes, events
from billhook.ledger.allocation import living_allocations, take_back
from billhook.ledger.events import amount_of, given_facts, record, refused, units_of
from billhook.ledger.journal import FEE_KINDS, Ledger, LedgerEntry, Receipt, Receivable, read_items
from billhook.ledger.open_items import item_of, open_from, require_day, require_open
from billhook.ledger.receipts import facts_from, left_from, receipt_of, require_left
from billhook.ledger.reduction import divide_reduction
from billhook.store.protocol import Reading, Store


def write_off(
    store: Store,
    id_: str,
    actor: Actor,
    *,
    day: dt.date,
    amount: Decimal | None = None,
    keep_tax: bool = False,
    key: str = "",
    roles: Roles = OPEN,
) -> str:
    """Write off what is open of a bill or fee, or keep what is on account of a receipt.

    Args:
        store: Where documents are kept.
        id_: Number of a bill, id of a fee, or id of a receipt.
        actor: Who does so, when and why.
        day: The day it takes effect.
        amount: How much; ``None`` is all.
        keep_tax: The tax of the bill stays as it is; else it is corrected class by class.
        key: The same key records once.
        roles: Who may do what.

    Returns:
        The write-off's id.

    Raises:
        RefusedError: BH710 no such item, BH703 or BH704 more than is left, BH507 no reason, BH508
            not allowed, or more than the person's limit.
    """
    require_reason(actor, "a write-off")
    with store.write() as writing:
        ledger = read_items(writing, [id_], [id_])
        lines = [each.line for each in ledger.of_kind(events.WRITE_OFF)]
        if done := events.recorded_before(lines, events.WRITE_OFF, key):
            return done
        if id_ in ledger.receipts:
            facts = _of_receipt(ledger, receipt_of(ledger, id_), amount, day)
            document, thread = "", events.receipt_thread(id_)
        else:
            item = item_of(ledger, id_)
            facts = _of_item(writing, ledger, item, amount, day, keep_tax=keep_tax)
            document, thread = id_, ""
        currency = facts["currency"]
        worth = given(amount_of(facts["units"], currency), currency, "core.ledger.write-off")
        roles.check(actor, "correct", [worth])
        facts |= given_facts(key=key)
        return record(
            writing, events.WRITE_OFF, actor, facts, day=day, document=document, subject=thread
        )


def _of_receipt(
    ledger: Ledger, receipt: Receipt, amount: Decimal | None, day: dt.date
) -> dict[str, Any]:
    left = amount_of(left_from(ledger, receipt.id, day), receipt.currency)
    units = units_of(left if amount is None else amount, receipt.currency, "the write-off")
    require_left(ledger, receipt, units, day)
    return facts_from(receipt, units)


def _of_item(
    reading: Reading,
    ledger: Ledger,
    item: Receivable,
    amount: Decimal | None,
    day: dt.date,
    *,
    keep_tax: bool,
) -> dict[str, Any]:
    require_day(day, item.id, item.day)
    left = amount_of(open_from(ledger, item.id, day), item.currency)
    units = units_of(left if amount is None else amount, item.currency, "the write-off")
    require_open(ledger, item, units, day)
    parts = [] if keep_tax else divide_reduction(reading, ledger, item, units)
    return {
        "customer": item.customer,
        "currency": item.currency,
        "units": units,
        **given_facts(parts=parts),
    }


# ── fees ─────────────────────────────────────────────────────────────────────


@attrs.frozen(kw_only=True)
class FeeCharge:
    """A fee to be charged to a client's account, without a document.

    Attributes:
        customer: Who owes it.
        kind: ``costs``, ``interest``, or ``opening`` for a balance brought from elsewhere.
        amount: How much.
        currency: ISO 4217 code.
        day: Its date.
        due: When it is due; ``None`` is at once.
        of: The bill that it is about.
        subject: The contract, case or account that it is about.
        label: What it is for.
        key: Id of the fee, given so that the same fee is recorded once; empty makes one.
    """

    customer: str
    kind: str
    amount: Decimal
    currency: str
    day: dt.date
    due: dt.date | None = None
    of: str = ""
    subject: str = ""
    label: str = ""
    key: str = ""


def charge_fee(store: Store, fee: FeeCharge, actor: Actor, *, roles: Roles = OPEN) -> str:
    """Record a fee as an open item of its own, and return its id.

    Raises:
        RefusedError: BH702 the key recorded another item, BH705 no such amount, BH508 not allowed.
    """
    roles.check(actor, "record")
    if fee.kind not in FEE_KINDS:
        raise ValueError(f"expected a kind of {', '.join(FEE_KINDS)}, got {fee.kind!r}")
    facts: dict[str, Any] = {
        "customer": fee.customer,
        "kind": fee.kind,
        "currency": fee.currency,
        "units": units_of(fee.amount, fee.currency, "the fee"),
        "due": (fee.due or fee.day).isoformat(),
        **given_facts(of=fee.of, about=fee.subject, label=fee.label),
    }
    with store.write() as writing:
        known = read_items(writing, [fee.key]) if fee.key else Ledger()
        if fee.key in known.items:
            entry = known.entries.get(fee.key)
            if entry is None or (entry.day, entry.facts) != (fee.day, {"id": fee.key, **facts}):
                raise refused(
                    codes.ENTRY_KEY.id, f"key {fee.key!r} was already used for another item"
                )
            return fee.key
        id_ = fee.key or f"F{writing.log_head().position + 1}"
        return record(writing, events.FEE, actor, facts, day=fee.day, document=id_, id_=id_)


# ── undoing ──────────────────────────────────────────────────────────────────

REVERSIBLE = (events.RECEIPT, events.REFUND, events.WRITE_OFF, events.FEE)


def reverse(store: Store, id_: str, actor: Actor, *, day: dt.date, roles: Roles = OPEN) -> str:
    """Undo a receipt that bounced, a refund that came back, a write-off or a fee.

    What a bounced receipt settled is open again, with the discounts that went with it.

    Raises:
        RefusedError: BH713 no such entry, BH707 before its day, BH708 undone already, BH507 no
            reason, BH508 not allowed.
    """
    require_reason(actor, "a reversal")
    roles.check(actor, "correct")
    with store.write() as writing:
        entry = _reversible(writing, id_)
        if entry.undone is not None:
            hint = "record it again if it is valid after all"
            raise refused(
                codes.ALREADY_REVERSED.id, f"{id_} was reversed on {entry.undone}", hint=hint
            )
        require_day(day, id_, entry.day)
        if entry.kind == events.RECEIPT:
            for each in living_allocations(read_items(writing, (), [id_]), id_):
                take_back(writing, each, actor, day)
        return record(
            writing,
            events.REVERSAL,
            actor,
            {"of": id_},
            day=day,
            document=entry.line.document,
            subject=entry.line.subject,
        )


def _reversible(reading: Reading, id_: str) -> LedgerEntry:
    """Return the entry of an id, with what undid it."""
    known = read_items(reading, [id_], [id_]).entries.get(id_)
    if known is not None and known.kind in REVERSIBLE:
        return known
    for kind in (events.REFUND, events.WRITE_OFF):
        for line in reading.audit_entries(kind=kind):
            facts = events.facts_of(line)
            if facts["id"] == id_:
                receipt = facts.get("receipt", "")
                return read_items(reading, [line.document], [receipt]).entries[id_]
    message = f"there is no receipt, refund, write-off or fee {id_!r}"
    raise refused(codes.NO_ENTRY.id, message, hint="billhook audit log shows the ids")
