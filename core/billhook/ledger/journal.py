"""The ledger: the log folded into receivables, receipts, and movements of clients' accounts.

A movement changes what a client owes: above zero more, below zero less.  It belongs to an item (a
bill or a fee), or to a receipt, whose money not yet allocated stands against the account.  A
balance at a day is the sum of the movements until then; there is no other.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import attrs

from billhook.issue.history import CORRECTIONS, ISSUED, VOIDED
from billhook.issue.owed import Owed, from_facts, owed_of
from billhook.issue.seal import unseal
from billhook.ledger import events
from billhook.store.protocol import AuditEntry, Reading

BILL = "bill"
CREDIT = "credit"
COSTS, INTEREST, OPENING = "costs", "interest", "opening"
FEE_KINDS = (COSTS, INTEREST, OPENING)
"""Items without a document: costs of a reminder, interest, a balance brought from elsewhere."""


@attrs.frozen(kw_only=True)
class Receivable:
    """An item of a client's account: a bill, or a fee.

    Attributes:
        id: Number of the document, or id of the fee.
        kind: ``bill``, ``credit``, or a kind of fee.
        customer: Who owes it.
        subject: The contract, case or account it is about.
        currency: ISO 4217 code.
        day: Invoice date.
        units: The amount, in minor units.
        parts: Due dates with what is due then.
        withheld: Kept back until later, no part of ``units``.
        condition: What it is kept back as.
        of: The bill that a fee is about.
        label: What a fee is for.
    """

    id: str
    kind: str
    customer: str
    subject: str
    currency: str
    day: dt.date
    units: int
    parts: tuple[tuple[dt.date, int], ...]
    withheld: int = 0
    condition: str = ""
    of: str = ""
    label: str = ""


@attrs.frozen(kw_only=True)
class Receipt:
    """Money that came in.

    Attributes:
        id: Its id.
        customer: Whose account it is credited to.
        currency: ISO 4217 code.
        units: What was paid, in minor units; less ``fee`` it is what arrived.
        day: The day it was received.
        method: ``transfer``, ``card``, ``cheque``, ``cash``.
        reference: What the payer or the bank says of it.
        fee: What a bank or processor kept of it.
        by: Who recorded it.
    """

    id: str
    customer: str
    currency: str
    units: int
    day: dt.date
    method: str = ""
    reference: str = ""
    fee: int = 0
    by: str = ""


@attrs.frozen
class Movement:
    """A change of what a client owes.

    Attributes:
        position: Place of its entry in the log.
        day: The day it takes effect.
        kind: Kind of the entry, or ``bill``, ``credit``, ``void``.
        id: Id of the entry, or number of the document.
        customer: Whose account.
        currency: ISO 4217 code.
        units: Minor units; above zero more is owed.
        item: The bill or fee it belongs to, or empty.
        receipt: The receipt it belongs to, or empty.
    """

    position: int
    day: dt.date
    kind: str
    id: str
    customer: str
    currency: str
    units: int
    item: str = ""
    receipt: str = ""


@attrs.frozen
class LedgerEntry:
    """An entry of the log with its facts and its movements.

    Attributes:
        line: The line of the log.
        facts: Its facts.
        movements: What it changes.
        undone: The day from which it counts no more, or ``None``.
    """

    line: AuditEntry
    facts: Mapping[str, Any]
    movements: tuple[Movement, ...] = ()
    undone: dt.date | None = None

    @property
    def kind(self) -> str:
        """Kind of the entry."""
        return self.line.kind

    @property
    def day(self) -> dt.date:
        """The day it takes effect."""
        return self.line.at

    def counts(self, day: dt.date) -> bool:
        """Return whether it is in effect at the end of a day."""
        return self.line.at <= day and (self.undone is None or self.undone > day)


@attrs.define
class Ledger:
    """Receivables, receipts and movements, in the order of the log.

    Attributes:
        items: Bills and fees by id.
        receipts: Receipts by id.
        movements: Changes of what clients owe.
        withheld: Changes of what is withheld until later, by item.
        entries: Entries of receivables by id; of documents only those that are void.
        voided: The day from which a document counts no more.
    """

    items: dict[str, Receivable] = attrs.field(factory=dict)
    receipts: dict[str, Receipt] = attrs.field(factory=dict)
    movements: list[Movement] = attrs.field(factory=list)
    withheld: list[Movement] = attrs.field(factory=list)
    entries: dict[str, LedgerEntry] = attrs.field(factory=dict)
    voided: dict[str, dt.date] = attrs.field(factory=dict)

    def of_kind(self, *kinds: str) -> list[LedgerEntry]:
        """Return the entries of some kinds, in the order of the log."""
        return [each for each in self.entries.values() if each.kind in kinds]

    def balances(self, day: dt.date, *, customer: str | None = None) -> dict[str, int]:
        """Return the balance of each item at the end of a day."""
        sums: dict[str, int] = {}
        for each in self.movements:
            mine = customer is None or each.customer == customer
            if mine and each.item and each.day <= day:
                sums[each.item] = sums.get(each.item, 0) + each.units
        return sums

    def unallocated(self, day: dt.date, *, customer: str | None = None) -> dict[str, int]:
        """Return what is on account of each receipt at the end of a day."""
        sums: dict[str, int] = {}
        for each in self.movements:
            mine = each.receipt and not each.item and each.day <= day
            if mine and customer in {None, each.customer}:
                sums[each.receipt] = sums.get(each.receipt, 0) - each.units
        return sums


def control_totals(ledger: Ledger, day: dt.date) -> dict[str, int]:
    """Return what all clients owe at the end of a day, by currency: the control account."""
    sums: dict[str, int] = {}
    for each in ledger.movements:
        if each.day <= day:
            sums[each.currency] = sums.get(each.currency, 0) + each.units
    return sums


def least_from(movements: Iterable[Movement], day: dt.date) -> int:
    """Return the least balance from the end of a day on, for checks of entries dated back."""
    later = sorted((each for each in movements if each.day > day), key=lambda each: each.day)
    balance = least = sum(each.units for each in movements if each.day <= day)
    for place, each in enumerate(later):
        balance += each.units
        if place + 1 == len(later) or later[place + 1].day > each.day:
            least = min(least, balance)
    return least


# ── reading ──────────────────────────────────────────────────────────────────


def read_ledger(reading: Reading) -> Ledger:
    """Return the whole ledger of a store."""
    lines: list[AuditEntry] = []
    for kind in (ISSUED, VOIDED, *events.LETTERS):
        lines.extend(reading.audit_entries(kind=kind))
    lines.sort(key=lambda line: line.position)
    return fold(lines, reading)


def read_items(reading: Reading, ids: Iterable[str], receipts: Iterable[str] = ()) -> Ledger:
    """Return the part of the ledger that some items and receipts are made of."""
    lines: dict[int, AuditEntry] = {}
    for id_ in dict.fromkeys(ids):
        _add(lines, reading.audit_entries(document=id_))
        _add(lines, reading.audit_entries(subject=events.set_off_thread(id_)))
        for link in reading.links(id_):
            if link.target == id_ and link.kind in CORRECTIONS:
                _add(lines, reading.audit_entries(document=link.source, kind=ISSUED))
    for receipt in dict.fromkeys(receipts):
        _add(lines, reading.audit_entries(subject=events.receipt_thread(receipt)))
    return fold((lines[place] for place in sorted(lines)), reading)


def _add(lines: dict[int, AuditEntry], found: Iterable[AuditEntry]) -> None:
    lines.update((line.position, line) for line in found)


def fold(lines: Iterable[AuditEntry], reading: Reading) -> Ledger:
    """Return the ledger that lines of the log, in their order, make."""
    folding = _Fold(reading)
    for line in lines:
        step = folding.steps.get(line.kind)
        if step is not None:
            step(line, json.loads(line.payload))
    return folding.ledger


class _Fold:
    """One pass over the log."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self.ledger = Ledger()
        self._of: dict[str, list[Movement]] = {}
        self._held: dict[str, Movement] = {}
        self.steps: dict[str, Callable[[AuditEntry, dict[str, Any]], None]] = {
            ISSUED: self._apply_issue,
            VOIDED: self._apply_void,
            events.RECEIPT: self._receipt,
            events.ALLOCATION: self._entry,
            events.UNALLOCATION: self._undoing,
            events.REFUND: self._entry,
            events.WRITE_OFF: self._entry,
            events.REVERSAL: self._undoing,
            events.FEE: self._fee,
            events.DISPUTE: self._entry,
            events.RESOLUTION: self._undoing,
            events.PROMISE: self._entry,
            events.FUND_DEPOSIT: self._entry,
            events.FUND_DRAWDOWN: self._entry,
            events.FUND_REFUND: self._entry,
        }

    # ── documents ────────────────────────────────────────────────────────────

    def _apply_issue(self, line: AuditEntry, facts: dict[str, Any]) -> None:
        owed = self._receivable_of(line, facts)
        target = next((to for to, kind in facts.get("links", ()) if kind in CORRECTIONS), "")
        sign = -1 if target else 1
        number, item = line.document, target or line.document
        if not target:
            self.ledger.items[number] = Receivable(
                id=number,
                kind=BILL,
                customer=owed.customer,
                subject=line.subject,
                currency=owed.currency,
                day=owed.date,
                units=owed.payable,
                parts=owed.parts,
                withheld=owed.withheld,
                condition=owed.condition,
            )
        moved = Movement(
            line.position,
            owed.date,
            CREDIT if target else BILL,
            number,
            owed.customer,
            owed.currency,
            sign * owed.payable,
            item,
        )
        self.ledger.movements.append(moved)
        self._of[number] = [moved]
        if owed.withheld:
            self._held[number] = attrs.evolve(moved, units=sign * owed.withheld)
            self.ledger.withheld.append(self._held[number])

    def _receivable_of(self, line: AuditEntry, facts: Mapping[str, Any]) -> Owed:
        """Return a document's receivable, from the document where the log has none yet."""
        if "owed" in facts:
            return from_facts(facts["owed"])
        entry = self._reading.entry(line.document)
        if entry is None:
            raise LookupError(f"the log knows {line.document}, the store does not")
        return owed_of(unseal(entry, ()).invoice)

    def _apply_void(self, line: AuditEntry, facts: dict[str, Any]) -> None:
        del facts
        number = line.document
        issued = self._of.get(number, [])
        self._undo(issued, line, "void", number)
        self.ledger.voided[number] = max([line.at, *(each.day for each in issued)])
        held = self._held.get(number)
        if held is not None:
            self.ledger.withheld.append(_negative(held, line, "void", number))

    # ── money ────────────────────────────────────────────────────────────────

    def _receipt(self, line: AuditEntry, facts: dict[str, Any]) -> None:
        self.ledger.receipts[facts["id"]] = Receipt(
            id=facts["id"],
            customer=facts["customer"],
            currency=facts["currency"],
            units=facts["units"],
            day=line.at,
            method=facts.get("method", ""),
            reference=facts.get("reference", ""),
            fee=facts.get("fee", 0),
            by=line.by,
        )
        self._entry(line, facts)

    def _fee(self, line: AuditEntry, facts: dict[str, Any]) -> None:
        due = dt.date.fromisoformat(facts["due"])
        self.ledger.items[facts["id"]] = Receivable(
            id=facts["id"],
            kind=facts["kind"],
            customer=facts["customer"],
            subject=facts.get("about", ""),
            currency=facts["currency"],
            day=line.at,
            units=facts["units"],
            parts=((due, facts["units"]),),
            of=facts.get("of", ""),
            label=facts.get("label", ""),
        )
        self._entry(line, facts)

    def _entry(self, line: AuditEntry, facts: dict[str, Any]) -> None:
        moves = tuple(_movements(line, facts))
        self._of[facts["id"]] = list(moves)
        self.ledger.movements.extend(moves)
        self.ledger.entries[facts["id"]] = LedgerEntry(line, facts, moves)

    def _undoing(self, line: AuditEntry, facts: dict[str, Any]) -> None:
        of = facts["of"]
        self.ledger.entries[facts["id"]] = LedgerEntry(line, facts)
        self._undo(self._of.get(of, []), line, line.kind, facts["id"])
        known = self.ledger.entries.get(of)
        if known is not None:
            day = max(line.at, known.line.at)
            self.ledger.entries[of] = attrs.evolve(known, undone=day)

    def _undo(self, moves: Iterable[Movement], line: AuditEntry, kind: str, id_: str) -> None:
        self.ledger.movements.extend(_negative(each, line, kind, id_) for each in moves)


def _negative(moved: Movement, line: AuditEntry, kind: str, id_: str) -> Movement:
    """Return what takes a movement back, on the day of the line and never before the movement."""
    return attrs.evolve(
        moved,
        position=line.position,
        day=max(line.at, moved.day),
        kind=kind,
        id=id_,
        units=-moved.units,
    )


def _movements(line: AuditEntry, facts: Mapping[str, Any]) -> Iterator[Movement]:
    """Yield what an entry of the log changes."""

    def move(units: int, item: str = "", receipt: str = "", currency: str = "") -> Movement:
        return Movement(
            line.position,
            line.at,
            line.kind,
            facts["id"],
            facts["customer"],
            currency or facts["currency"],
            units,
            item,
            receipt,
        )

    units = facts.get("units", 0)
    match line.kind:
        case events.RECEIPT:
            yield move(-units, receipt=facts["id"])
        case events.ALLOCATION:
            yield move(units, item=facts.get("source", ""), receipt=facts.get("receipt", ""))
            taken = facts["settles"] + facts.get("discount", 0) + facts.get("shortfall", 0)
            yield attrs.evolve(
                move(-taken, item=line.document, currency=facts["item_currency"]),
                customer=facts.get("owed_by", facts["customer"]),
            )
        case events.REFUND:
            yield move(units, receipt=facts["receipt"])
        case events.WRITE_OFF if facts.get("receipt"):
            yield move(units, receipt=facts["receipt"])
        case events.WRITE_OFF | events.FUND_DRAWDOWN:
            yield move(-units, item=line.document)
        case events.FEE:
            yield move(units, item=facts["id"])
        case _:
            return
