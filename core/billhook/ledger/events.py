"""Entries of the log that receivables are made of, and how they are recorded.

Each is a line of the audit log of the core's own kind, with its facts as canonical JSON.  Amounts
are whole numbers of the currency's minor unit.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from billhook.issue.actor import Actor, audit_entry
from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.errors import RefusedError
from billhook.kernel.money import find_currency
from billhook.ledger import codes
from billhook.store.protocol import AuditEntry, Writing

RECEIPT = "receipt"
ALLOCATION = "allocation"
UNALLOCATION = "unallocation"
REFUND = "refund"
WRITE_OFF = "write-off"
REVERSAL = "reversal"
FEE = "fee"
DISPUTE = "dispute"
RESOLUTION = "dispute resolved"
PROMISE = "promise"
FUND_DEPOSIT = "fund deposit"
FUND_DRAWDOWN = "fund drawdown"
FUND_REFUND = "fund refund"
BANK_LINE = "bank line"

LETTERS: Mapping[str, str] = {
    RECEIPT: "R",
    ALLOCATION: "A",
    UNALLOCATION: "U",
    REFUND: "B",
    WRITE_OFF: "W",
    REVERSAL: "X",
    FEE: "F",
    DISPUTE: "D",
    RESOLUTION: "E",
    PROMISE: "P",
    FUND_DEPOSIT: "T",
    FUND_DRAWDOWN: "V",
    FUND_REFUND: "Z",
    BANK_LINE: "L",
}
"""The letter that an entry's id begins with, before its place in the log."""

Facts = Mapping[str, Any]


def receipt_thread(id_: str) -> str:
    """Return the log's subject of everything that is recorded of a receipt."""
    return f"receipt:{id_}"


def set_off_thread(id_: str) -> str:
    """Return the log's subject of what a bill in credit settles."""
    return f"set-off:{id_}"


def fund_thread(id_: str) -> str:
    """Return the log's subject of a fund's movements."""
    return f"fund:{id_}"


def facts_of(line: AuditEntry) -> dict[str, Any]:
    """Return the facts of an entry."""
    facts: dict[str, Any] = json.loads(line.payload)
    return facts


def record(
    writing: Writing,
    kind: str,
    actor: Actor,
    facts: Facts,
    *,
    day: dt.date,
    document: str = "",
    subject: str = "",
    id_: str = "",
) -> str:
    """Append an entry to the log and return its id.

    Args:
        writing: The transaction; the caller has checked the entry in it.
        kind: Kind of the entry.
        actor: Who records it, when and why.
        facts: Its facts.
        day: The day it takes effect.
        document: The bill or fee that it is about.
        subject: The thread that it belongs to.
        id_: Its id; empty takes the kind's letter and the place in the log.
    """
    own = id_ or f"{LETTERS[kind]}{writing.log_head().position + 1}"
    payload = json.dumps(
        {"id": own, **facts}, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    writing.append(
        audit_entry(kind, actor, document=document, subject=subject, at=day, payload=payload)
    )
    return own


def recorded_before(
    lines: Iterable[AuditEntry], kind: str, key: str, facts: Facts | None = None
) -> str | None:
    """Return the id of the entry that a key recorded before, or ``None``.

    Args:
        lines: The thread's lines.
        kind: Kind of the entry.
        key: The key; nothing was recorded under an empty one.
        facts: What must be the same.

    Raises:
        RefusedError: BH702: it was recorded with other facts.
    """
    for line in lines if key else ():
        known = facts_of(line) if line.kind == kind else {}
        if known.get("key") == key:
            if any(known.get(name) != value for name, value in (facts or {}).items()):
                message = f"key {key!r} was already used for {known['id']}, with other values"
                raise refused(
                    codes.ENTRY_KEY.id, message, hint="use another key, or see billhook audit log"
                )
            return str(known["id"])
    return None


def given_facts(**facts: object) -> dict[str, object]:
    """Return the facts that say something."""
    return {name: value for name, value in facts.items() if value}


def refused(code: str, message: str, hint: str | None = None) -> RefusedError:
    """Return a refusal with one finding."""
    return RefusedError([Diagnostic(code, message, hint=hint)])


# ── amounts ──────────────────────────────────────────────────────────────────


def units_of(amount: Decimal, currency: str, what: str, *, zero: bool = False) -> int:
    """Return an amount in minor units.

    Raises:
        RefusedError: BH705: it is not above zero, or finer than the currency.
    """
    try:
        minor = find_currency(currency).minor
    except ValueError as error:
        raise refused(codes.AMOUNT.id, str(error), hint="give its code, such as USD") from None
    if not amount.is_finite() or amount < 0 or (amount == 0 and not zero):
        message = f"{what} must be above zero, got {amount}"
        raise refused(codes.AMOUNT.id, message, hint="money given back is a refund or a reversal")
    units = amount.scaleb(minor)
    if units != units.to_integral_value():
        message = f"{what} of {amount} is finer than {currency}, which has {minor} decimals"
        raise refused(codes.AMOUNT.id, message, hint="give the amount as it was paid")
    return int(units)


def amount_of(units: int, currency: str) -> Decimal:
    """Return minor units as an amount."""
    return Decimal(units).scaleb(-find_currency(currency).minor)


def shown(units: int, currency: str) -> str:
    """Return minor units as they stand in messages: ``1,200.00 EUR``."""
    return f"{amount_of(units, currency):,} {currency}"
