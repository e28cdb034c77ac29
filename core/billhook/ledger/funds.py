"""Funds: money held for a client, in trust or as a deposit, apart from what is owed.

A fund is of one kind, client, subject and currency.  It never goes below zero on any day, nor at
any place in the order of postings; the money of other clients does not help.  It settles only bills
that were issued, and what has not cleared is not there yet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Literal

import attrs

from billhook.issue.actor import Actor, require_reason
from billhook.issue.roles import OPEN, Roles
from billhook.ledger import codes, events
from billhook.ledger.events import amount_of, given_facts, record, refused, shown, units_of
from billhook.ledger.journal import (
    BILL,
    Ledger,
    LedgerEntry,
    Movement,
    fold,
    least_from,
    read_items,
)
from billhook.ledger.open_items import item_of, open_from, require_open
from billhook.store.protocol import Reading, Store, Writing

FundKind = Literal["trust", "operating"]
"""Money of the client, or a deposit that is the house's own and owed."""

KINDS: tuple[FundKind, ...] = ("trust", "operating")


@attrs.frozen(kw_only=True)
class Fund:
    """A ledger of money held.

    Attributes:
        kind: In trust, or a deposit on the house's own account.
        customer: Whose money it is.
        subject: The subject it is for; empty for the client as a whole.
        currency: ISO 4217 code.
    """

    kind: FundKind
    customer: str
    subject: str = ""
    currency: str

    @property
    def id(self) -> str:
        """Its id in the log."""
        return f"{self.kind}/{self.customer}/{self.subject}/{self.currency}"


@attrs.frozen(kw_only=True)
class FundMovement:
    """A movement of a fund.

    Attributes:
        id: Id of its entry.
        position: Place in the log.
        fund: The fund.
        kind: Kind of the entry.
        day: The day it is posted.
        cleared: The day it cleared; of a deposit it can be used from then on.
        units: Minor units, above zero into the fund.
        item: The bill that it settles, or empty.
        reference: What the bank says of it.
    """

    id: str
    position: int
    fund: Fund
    kind: str
    day: dt.date
    cleared: dt.date | None
    units: int
    item: str = ""
    reference: str = ""


def fund_movements(ledger: Ledger, day: dt.date) -> list[FundMovement]:
    """Return the movements of all funds until the end of a day, in the order of postings."""
    found = [
        _movement(entry)
        for entry in ledger.of_kind(events.FUND_DEPOSIT, events.FUND_DRAWDOWN, events.FUND_REFUND)
    ]
    return sorted((m for m in found if m.day <= day), key=lambda m: (m.day, m.position))


def _movement(entry: LedgerEntry) -> FundMovement:
    facts, line = entry.facts, entry.line
    into = entry.kind == events.FUND_DEPOSIT
    cleared = facts.get("cleared")
    return FundMovement(
        id=facts["id"],
        position=line.position,
        fund=Fund(
            kind=facts["fund"],
            customer=facts["customer"],
            subject=facts.get("subject", ""),
            currency=facts["currency"],
        ),
        kind=entry.kind,
        day=line.at,
        cleared=dt.date.fromisoformat(cleared) if cleared else None,
        units=facts["units"] if into else -facts["units"],
        item=line.document,
        reference=facts.get("reference", ""),
    )


def fund_balances(ledger: Ledger, day: dt.date) -> dict[Fund, int]:
    """Return what each fund holds at the end of a day, in minor units."""
    sums: dict[Fund, int] = {}
    for each in fund_movements(ledger, day):
        sums[each.fund] = sums.get(each.fund, 0) + each.units
    return sums


# ── doing ────────────────────────────────────────────────────────────────────


def deposit(
    store: Store,
    fund: Fund,
    amount: Decimal,
    actor: Actor,
    *,
    day: dt.date,
    cleared: dt.date | None = None,
    reference: str = "",
    key: str = "",
    roles: Roles = OPEN,
) -> str:
    """Record money that a client entrusts, and return the deposit's id.

    Args:
        store: Where documents are kept.
        fund: The fund.
        amount: How much.
        actor: Who records it.
        day: The day it came.
        cleared: The day from which it can be used; ``None`` is the same day.
        reference: What the bank says of it.
        key: The same key records once.
        roles: Who may do what.

    Raises:
        RefusedError: BH705 no such amount, BH707 cleared before it came, BH508 not allowed.
    """
    roles.check(actor, "record")
    if cleared is not None and cleared < day:
        raise refused(
            codes.ENTRY_DATE.id, f"money that came on {day} cannot have cleared on {cleared}"
        )
    units = units_of(amount, fund.currency, "the deposit")
    usable = (cleared or day).isoformat()
    facts = {**_facts(fund, units), "cleared": usable, **given_facts(reference=reference, key=key)}
    thread = events.fund_thread(fund.id)
    with store.write() as writing:
        lines = writing.audit_entries(subject=thread)
        if done := events.recorded_before(lines, events.FUND_DEPOSIT, key, {"units": units}):
            return done
        return record(writing, events.FUND_DEPOSIT, actor, facts, day=day, subject=thread)


def draw_down(
    store: Store,
    fund: Fund,
    item: str,
    actor: Actor,
    *,
    day: dt.date,
    amount: Decimal | None = None,
    notice: int = 0,
    reference: str = "",
    key: str = "",
    roles: Roles = OPEN,
) -> str:
    """Settle a bill that was issued from a fund, and return the drawdown's id.

    Args:
        store: Where documents are kept.
        fund: The fund; the bill is of its client, and of its subject if it has one.
        item: Number of the bill.
        actor: Who does so and when.
        day: The day it is posted.
        amount: How much; ``None`` is as much as is open and there.
        notice: Days that must pass between the bill's date and the drawdown.
        reference: What the bank says of it.
        key: The same key records once.
        roles: Who may do what.

    Raises:
        RefusedError: BH704 more than is open, BH707 too early, BH710 no bill of this fund, BH715
            more than is there, BH508 not allowed.
    """
    roles.check(actor, "record")
    thread = events.fund_thread(fund.id)
    with store.write() as writing:
        lines = writing.audit_entries(subject=thread)
        if done := events.recorded_before(lines, events.FUND_DRAWDOWN, key):
            return done
        ledger = read_items(writing, [item])
        bill = item_of(ledger, item)
        if bill.kind != BILL or (bill.customer, bill.currency) != (fund.customer, fund.currency):
            raise refused(
                codes.NOT_PAYABLE.id, f"{item} is not a bill to {fund.customer} in {fund.currency}"
            )
        if fund.subject and bill.subject != fund.subject:
            raise refused(
                codes.NOT_PAYABLE.id, f"{item} is about {bill.subject!r}, the fund {fund.subject!r}"
            )
        if day < (first := bill.day + dt.timedelta(days=notice)):
            raise refused(codes.ENTRY_DATE.id, f"{item} of {bill.day} can be drawn from {first} on")
        left = min(open_from(ledger, item, day), available(writing, fund, day))
        money = amount_of(left, fund.currency) if amount is None else amount
        if amount is None and left <= 0:
            raise refused(
                codes.FUND_EXCEEDED.id, f"there is no money for {item}, or nothing is open on it"
            )
        units = units_of(money, fund.currency, "the drawdown")
        require_open(ledger, bill, units, day)
        _require(writing, fund, units, day)
        facts = {**_facts(fund, units), **given_facts(reference=reference, key=key)}
        return record(
            writing, events.FUND_DRAWDOWN, actor, facts, day=day, document=item, subject=thread
        )


def refund_deposit(
    store: Store,
    fund: Fund,
    amount: Decimal,
    actor: Actor,
    *,
    day: dt.date,
    reference: str = "",
    key: str = "",
    roles: Roles = OPEN,
) -> str:
    """Record that money of a fund went back to the client, and return the refund's id.

    Raises:
        RefusedError: BH715 more than is there, BH507 no reason, BH508 not allowed.
    """
    require_reason(actor, "a refund")
    roles.check(actor, "record")
    units = units_of(amount, fund.currency, "the refund")
    thread = events.fund_thread(fund.id)
    with store.write() as writing:
        lines = writing.audit_entries(subject=thread)
        if done := events.recorded_before(lines, events.FUND_REFUND, key, {"units": units}):
            return done
        _require(writing, fund, units, day)
        facts = {**_facts(fund, units), **given_facts(reference=reference, key=key)}
        return record(writing, events.FUND_REFUND, actor, facts, day=day, subject=thread)


def _facts(fund: Fund, units: int) -> dict[str, object]:
    return {
        "fund": fund.kind,
        "customer": fund.customer,
        "currency": fund.currency,
        "units": units,
        **given_facts(subject=fund.subject),
    }


def available(reading: Reading, fund: Fund, day: dt.date) -> int:
    """Return the least that is there and has cleared, from a day on, in minor units."""
    lines = reading.audit_entries(subject=events.fund_thread(fund.id))
    moves = fund_movements(fold(lines, reading), dt.date.max)
    return least_from([_usable(each) for each in moves if each.fund == fund], day)


def _usable(each: FundMovement) -> Movement:
    day = max(each.day, each.cleared) if each.cleared and each.units > 0 else each.day
    unit = each.fund.currency
    return Movement(each.position, day, each.kind, each.id, each.fund.customer, unit, each.units)


def _require(writing: Writing, fund: Fund, units: int, day: dt.date) -> None:
    there = available(writing, fund, day)
    if units > there:
        message = (
            f"{shown(units, fund.currency)} is more than the {shown(there, fund.currency)} of "
            f"{fund.customer} {fund.subject}".rstrip()
            + f" in {fund.kind} from {day} on"
        )
        raise refused(
            codes.FUND_EXCEEDED.id,
            message,
            hint="request a deposit; other clients' money cannot be used",
        )


def replenishment(balance: Decimal, minimum: Decimal, target: Decimal | None = None) -> Decimal:
    """Return what to ask for so that a fund is full again; nothing while it has the minimum.

    Args:
        balance: What it holds.
        minimum: Below it, it is filled again.
        target: Up to this; ``None`` is the minimum.
    """
    if balance >= minimum:
        return Decimal(0)
    return (minimum if target is None else max(minimum, target)) - balance


# ── three-way reconciliation ─────────────────────────────────────────────────


@attrs.frozen(kw_only=True)
class BankLine:
    """A line of a bank statement: above zero is money in."""

    day: dt.date
    amount: Decimal
    reference: str = ""


@attrs.frozen(kw_only=True)
class Reconciliation:
    """Bank, book and the sum of the ledgers, in minor units.

    Attributes:
        day: The day.
        currency: ISO 4217 code.
        bank: The balance of the bank's statement.
        in_transit: Deposits that the bank does not have yet.
        outstanding: Payments that the bank has not made yet.
        book: What the book has.
        ledgers: What each client's ledger has.
        unexplained: Lines of the bank that the book does not have.
    """

    day: dt.date
    currency: str
    bank: int
    in_transit: tuple[FundMovement, ...]
    outstanding: tuple[FundMovement, ...]
    book: int
    ledgers: tuple[tuple[Fund, int], ...]
    unexplained: tuple[BankLine, ...]

    @property
    def adjusted(self) -> int:
        """The bank's balance with what is on its way."""
        moves = (*self.in_transit, *self.outstanding)
        return self.bank + sum(each.units for each in moves)

    @property
    def difference(self) -> int:
        """Adjusted bank balance minus the book balance."""
        return self.adjusted - self.book

    @property
    def agrees(self) -> bool:
        """True if bank, book and ledgers are equal, and nothing is unexplained."""
        ledgers = sum(units for _, units in self.ledgers)
        return self.adjusted == self.book == ledgers and not self.unexplained


def reconcile(
    ledger: Ledger,
    day: dt.date,
    bank: Decimal,
    currency: str,
    *,
    lines: Sequence[BankLine] | None = None,
    kind: FundKind = "trust",
) -> Reconciliation:
    """Compare a bank statement with the book and the sum of the clients' ledgers.

    Args:
        ledger: The ledger.
        day: The end of this day.
        bank: The balance of the bank's statement.
        currency: Of the bank account.
        lines: All lines of the account until the day; without them, deposits that have not cleared
            count as in transit.
        kind: Which funds the bank account holds.
    """
    moves = [
        each
        for each in fund_movements(ledger, day)
        if (each.fund.kind, each.fund.currency) == (kind, currency)
    ]
    if lines is None:
        open_ = [each for each in moves if each.cleared is not None and each.cleared > day]
        unexplained: list[BankLine] = []
    else:
        open_, unexplained = _match(moves, [line for line in lines if line.day <= day])
    ledgers: dict[Fund, int] = {}
    for each in moves:
        ledgers[each.fund] = ledgers.get(each.fund, 0) + each.units
    negative = bank < 0
    units = units_of(abs(bank), currency, "the bank's balance", zero=True)
    return Reconciliation(
        day=day,
        currency=currency,
        bank=-units if negative else units,
        in_transit=tuple(each for each in open_ if each.units > 0),
        outstanding=tuple(each for each in open_ if each.units < 0),
        book=sum(each.units for each in moves),
        ledgers=tuple(sorted(ledgers.items(), key=lambda pair: pair[0].id)),
        unexplained=tuple(unexplained),
    )


def _match(
    moves: Iterable[FundMovement], lines: list[BankLine]
) -> tuple[list[FundMovement], list[BankLine]]:
    """Return the movements and the bank's lines that have no counterpart, nearest dates first."""
    left, open_ = list(lines), []
    for each in moves:
        amount = amount_of(each.units, each.fund.currency)
        known = [line for line in left if line.amount == amount]
        named = [line for line in known if each.reference and line.reference == each.reference]
        if found := min(named or known, key=lambda line: abs(line.day - each.day), default=None):
            left.remove(found)
        else:
            open_.append(each)
    return open_, left


def ledger_lines(ledger: Ledger, fund: Fund, day: dt.date) -> Iterator[tuple[FundMovement, int]]:
    """Yield the movements of a fund until a day, each with the balance after it."""
    balance = 0
    for each in fund_movements(ledger, day):
        if each.fund == fund:
            balance += each.units
            yield each, balance
