"""Postings: each document and entry as balanced debits and credits, on accrual or cash basis.

Accounts are roles; a mapping gives them the names of a chart of accounts.  An undone entry is
posted again with the signs turned, on the day it is undone, so exported periods stay as they are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

import attrs

from billhook.issue.seal import minor_units, unseal
from billhook.kernel.money import round_fraction
from billhook.ledger import events
from billhook.ledger.journal import CREDIT, Ledger, LedgerEntry, Movement
from billhook.model.invoice import Invoice
from billhook.store.protocol import Reading

RECEIVABLE = "receivable"
WITHHELD = "withheld"
DEPOSITS = "deposits"
TAX_WITHHELD = "tax withheld"
ROUNDING = "rounding"
REVENUE = "revenue"
TAX = "tax"
BANK = "bank"
BANK_FEES = "bank fees"
UNALLOCATED = "unallocated"
DISCOUNTS = "discounts"
WRITE_OFFS = "write-offs"
KEPT = "overpayments kept"
EXCHANGE = "exchange"
TRUST_BANK = "trust bank"
TRUST = "trust"

Leg = tuple[str, str, int]
"""Role of the account, currency, and minor units: a debit is above zero."""


@attrs.frozen(kw_only=True)
class Posting:
    """One side of an entry in the books.

    Attributes:
        day: The day it is posted.
        position: Place of its entry in the log.
        kind: Kind of the entry.
        id: Number of the document, or id of the entry.
        customer: The client.
        account: Role of the account.
        currency: ISO 4217 code.
        units: Minor units; a debit is above zero.
    """

    day: dt.date
    position: int
    kind: str
    id: str
    customer: str
    account: str
    currency: str
    units: int


def accrual_postings(reading: Reading, ledger: Ledger) -> list[Posting]:
    """Return the postings of a ledger on accrual basis, by day and place in the log.

    The legs of each entry come to nothing in each currency.
    """
    found: list[Posting] = []
    for moved in _documents(ledger):
        sign = -1 if moved.kind == CREDIT else 1
        legs = _bill_legs(_invoice(reading, moved.id), sign)
        found += _posted(legs, moved)
        if moved.id in ledger.voided:
            day = ledger.voided[moved.id]
            void = attrs.evolve(moved, day=day, kind="void", position=_void_place(ledger, moved))
            found += _posted(_turned(legs), void)
    for entry in ledger.entries.values():
        legs = _entry_legs(entry)
        found += _posted(legs, _head(entry))
        if entry.undone is not None:
            found += _posted(_turned(legs), _undoing(entry, entry.undone))
    return sorted(found, key=lambda each: (each.day, each.position))


def _documents(ledger: Ledger) -> Iterator[Movement]:
    return (each for each in ledger.movements if each.kind in {"bill", CREDIT})


def _void_place(ledger: Ledger, moved: Movement) -> int:
    voids = (e for e in ledger.movements if e.kind == "void" and e.item == moved.item)
    return next((each.position for each in voids), moved.position)


def _invoice(reading: Reading, number: str) -> Invoice:
    entry = reading.entry(number)
    if entry is None:
        raise LookupError(f"the log knows {number}, the store does not")
    return unseal(entry, ()).invoice


def _bill_legs(invoice: Invoice, sign: int) -> list[Leg]:
    """Return the legs of a bill: what is owed, withheld and settled against revenue and tax."""
    totals, unit = invoice.totals, invoice.currency
    held, withheld = minor_units(totals.held), minor_units(totals.withheld)
    amounts = {
        RECEIVABLE: minor_units(totals.payable),
        WITHHELD: held + withheld,
        DEPOSITS: minor_units(totals.settled),
        TAX_WITHHELD: minor_units(totals.tax_withheld),
        ROUNDING: -minor_units(totals.rounding),
        REVENUE: -minor_units(totals.net) - held,
        TAX: -minor_units(totals.tax),
    }
    return [(account, unit, sign * units) for account, units in amounts.items()]


def _entry_legs(entry: LedgerEntry) -> list[Leg]:
    """Return the legs of an entry of the log; of one that moves no money, none."""
    facts = entry.facts
    unit, units = facts.get("currency", ""), facts.get("units", 0)
    match entry.kind:
        case events.RECEIPT:
            fee = facts.get("fee", 0)
            legs = [(BANK, unit, units - fee), (BANK_FEES, unit, fee), (UNALLOCATED, unit, -units)]
        case events.ALLOCATION:
            legs = _allocation_legs(entry)
        case events.REFUND:
            legs = [(UNALLOCATED, unit, units), (BANK, unit, -units)]
        case events.WRITE_OFF if facts.get("receipt"):
            legs = [(UNALLOCATED, unit, units), (KEPT, unit, -units)]
        case events.WRITE_OFF:
            tax = _tax(entry)
            legs = [(WRITE_OFFS, unit, units - tax), (TAX, unit, tax), (RECEIVABLE, unit, -units)]
        case events.FEE:
            legs = [(RECEIVABLE, unit, units), (facts["kind"], unit, -units)]
        case events.FUND_DEPOSIT | events.FUND_DRAWDOWN | events.FUND_REFUND:
            legs = _fund_legs(entry)
        case _:
            legs = []
    return legs


def _allocation_legs(entry: LedgerEntry) -> list[Leg]:
    facts = entry.facts
    unit, units, own = facts["currency"], facts["units"], facts["item_currency"]
    discount, shortfall = facts.get("discount", 0), facts.get("shortfall", 0)
    settles, tax = facts["settles"], _tax(entry)
    source = RECEIVABLE if facts.get("source") else UNALLOCATED
    legs = [(source, unit, units), (RECEIVABLE, own, -settles - discount - shortfall)]
    if unit != own:
        legs += [(EXCHANGE, unit, -units), (EXCHANGE, own, settles)]
    # the tax of both is one amount: it goes off the discount first, then off the shortfall
    of_discount = min(tax, discount)
    return [
        *legs,
        (DISCOUNTS, own, discount - of_discount),
        (WRITE_OFFS, own, shortfall - (tax - of_discount)),
        (TAX, own, tax),
    ]


def _fund_legs(entry: LedgerEntry) -> list[Leg]:
    facts = entry.facts
    unit, units = facts["currency"], facts["units"]
    trust = facts["fund"] == "trust"
    bank, owed = (TRUST_BANK, TRUST) if trust else (BANK, DEPOSITS)
    if entry.kind == events.FUND_DEPOSIT:
        return [(bank, unit, units), (owed, unit, -units)]
    if entry.kind == events.FUND_REFUND:
        return [(owed, unit, units), (bank, unit, -units)]
    settled = [(owed, unit, units), (RECEIVABLE, unit, -units)]
    moved = [(BANK, unit, units), (TRUST_BANK, unit, -units)] if trust else []
    return [*settled, *moved]


def _tax(entry: LedgerEntry) -> int:
    return sum(int(part[-1]) for part in entry.facts.get("parts", ()) if part[0] == "tax")


# ── cash basis ───────────────────────────────────────────────────────────────


def cash_postings(reading: Reading, ledger: Ledger) -> list[Posting]:
    """Return the postings of a ledger on cash basis: revenue and tax as bills are paid.

    The tax of what was paid so far is rounded as a whole, so parts come to the tax of the bill.
    """
    found: list[Posting] = []
    paid: dict[str, int] = {}
    taxes: dict[str, tuple[int, int]] = {}
    for head, entry, sign in _in_order(ledger):
        legs = [
            leg
            for leg in _entry_legs(entry)
            if leg[0] not in {RECEIVABLE, DISCOUNTS, WRITE_OFFS, TAX, *_FEES}
        ]
        if entry.kind in {events.ALLOCATION, events.FUND_DRAWDOWN}:
            legs += list(_earned(reading, ledger, entry, sign, paid, taxes))
        turned = [(account, unit, sign * units) for account, unit, units in legs]
        found += _posted(turned, head)
    return found


_FEES = frozenset({"costs", "interest", "opening"})


def _in_order(ledger: Ledger) -> list[tuple[Movement, LedgerEntry, int]]:
    """Return entries and their undoing in the order of postings; reversals turn the sign."""
    found = []
    for entry in ledger.entries.values():
        found.append((_head(entry), entry, 1))
        if entry.undone is not None:
            found.append((_undoing(entry, entry.undone), entry, -1))
    return sorted(found, key=lambda each: (each[0].day, each[0].position, each[2] < 0))


def _earned(
    reading: Reading,
    ledger: Ledger,
    entry: LedgerEntry,
    sign: int,
    paid: dict[str, int],
    taxes: dict[str, tuple[int, int]],
) -> Iterator[Leg]:
    """Yield revenue and tax of what an entry pays of a bill, or of a fee."""
    facts = entry.facts
    moves = [(entry.line.document, facts.get("settles", facts["units"]))]
    if facts.get("source"):
        moves.append((facts["source"], -facts["settles"]))
    for item, settled in moves:
        known = ledger.items[item]
        if known.kind != "bill":
            yield known.kind, known.currency, -settled
            continue
        if item not in taxes:
            totals = _invoice(reading, item).totals
            taxes[item] = (minor_units(totals.tax), minor_units(totals.gross))
        before = paid.get(item, 0)
        paid[item] = before + sign * settled
        tax = sign * (_part(paid[item], taxes[item]) - _part(before, taxes[item]))
        yield REVENUE, known.currency, tax - settled
        yield TAX, known.currency, -tax


def _part(units: int, of: tuple[int, int]) -> int:
    tax, gross = of
    return int(round_fraction(Fraction(units * tax, gross), Decimal(1))) if gross else 0


# ── entries ──────────────────────────────────────────────────────────────────


def _head(entry: LedgerEntry) -> Movement:
    line, facts = entry.line, entry.facts
    customer, unit = facts.get("customer", ""), facts.get("currency", "")
    return Movement(line.position, line.at, line.kind, facts["id"], customer, unit, 0)


def _undoing(entry: LedgerEntry, day: dt.date) -> Movement:
    return attrs.evolve(_head(entry), day=day, kind=f"{entry.kind} undone")


def _turned(legs: Iterable[Leg]) -> list[Leg]:
    return [(account, unit, -units) for account, unit, units in legs]


def _posted(legs: Iterable[Leg], head: Movement) -> list[Posting]:
    return [
        Posting(
            day=head.day,
            position=head.position,
            kind=head.kind,
            id=head.id,
            customer=head.customer,
            account=account,
            currency=unit,
            units=units,
        )
        for account, unit, units in legs
        if units
    ]
