"""Postings: each document and entry as balanced debits and credits, on accrual or cash basis.

Accounts are roles; `billhook.ledger.books` gives them the names of a chart of accounts.  An undone
entry is posted again with the signs turned, on the day it is undone, so exported periods stay as
they are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

import attrs

from billhook.credit.balance import Cell, groups, tax_cell
from billhook.issue.seal import minor_units, unseal
from billhook.kernel.money import round_fraction
from billhook.ledger import events
from billhook.ledger.journal import CREDIT, Ledger, LedgerEntry, Movement
from billhook.model.adjustment import AdjustmentKind
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

Leg = tuple[str, str, int, str]
"""Role of the account, currency, minor units (a debit is above zero), and detail of the role."""


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
        detail: Of tax, its name and rate: ``VAT 20``; of revenue, discounts and write-offs, the
            tax classes.  Empty where the entry does not say.
    """

    day: dt.date
    position: int
    kind: str
    id: str
    customer: str
    account: str
    currency: str
    units: int
    detail: str = ""


def accrual_postings(reading: Reading, ledger: Ledger) -> list[Posting]:
    """Return the postings of a ledger on accrual basis, by day and place in the log.

    The legs of each entry come to nothing in each currency.
    """
    found: list[Posting] = []
    for moved in _documents(ledger):
        sign = -1 if moved.kind == CREDIT else 1
        legs = _bill_legs(_invoice(reading, moved.id), sign)
        found += _post(legs, moved)
        if moved.id in ledger.voided:
            day = ledger.voided[moved.id]
            void = attrs.evolve(moved, day=day, kind="void", position=_void_place(ledger, moved))
            found += _post(_reverse(legs), void)
    for entry in ledger.entries.values():
        legs = _entry_legs(entry)
        found += _post(legs, _head(entry))
        if entry.undone is not None:
            found += _post(_reverse(legs), _undoing(entry, entry.undone))
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
    owed = {
        RECEIVABLE: minor_units(totals.payable),
        WITHHELD: held + withheld,
        DEPOSITS: minor_units(totals.settled),
        TAX_WITHHELD: minor_units(totals.tax_withheld),
        ROUNDING: -minor_units(totals.rounding),
    }
    legs = [(account, units, "") for account, units in owed.items()]
    legs += _split(REVENUE, _revenue(invoice), minor_units(totals.net) + held)
    legs += _split(TAX, _taxes(invoice), minor_units(totals.tax))
    return [(account, unit, sign * units, detail) for account, units, detail in legs]


def _split(account: str, details: dict[str, int], whole: int) -> list[tuple[str, int, str]]:
    """Return the credits of an account by detail; what no detail has bears none."""
    rest = whole - sum(details.values())
    return [(account, -units, detail) for detail, units in {**details, "": rest}.items()]


def _net(invoice: Invoice) -> dict[str, int]:
    """Return the net amount of each group of tax classes."""
    return {group.name: minor_units(group.base(invoice)) for group in groups(invoice)}


def _revenue(invoice: Invoice) -> dict[str, int]:
    """Return the revenue of each group of tax classes: its net, and what is withheld before tax."""
    found = _net(invoice)
    for group in groups(invoice):
        found[group.name] += sum(
            minor_units(portion.amount)
            for applied in invoice.adjustments
            if applied.kind is AdjustmentKind.WITHHELD
            for portion in applied.portions
            if portion.tax_class in group.classes
        )
    return found


def _taxes(invoice: Invoice) -> dict[str, int]:
    """Return the tax charged by name and rate."""
    found: dict[str, int] = {}
    for row in invoice.taxes:
        if not row.withheld:
            detail = _tax_name(tax_cell(row))
            found[detail] = found.get(detail, 0) + minor_units(row.amount)
    return found


def _tax_name(cell: Cell) -> str:
    """Return the name and rate of a tax: ``VAT 20``; of a row without tax, nothing."""
    _, _, _, name, rate, _ = cell
    return f"{name} {Decimal(rate).normalize():f}".strip() if rate and Decimal(rate) else ""


def _entry_legs(entry: LedgerEntry) -> list[Leg]:
    """Return the legs of an entry of the log; of one that moves no money, none."""
    facts = entry.facts
    unit, units = facts.get("currency", ""), facts.get("units", 0)
    match entry.kind:
        case events.RECEIPT:
            fee = facts.get("fee", 0)
            moves = {BANK: units - fee, BANK_FEES: fee, UNALLOCATED: -units}
        case events.ALLOCATION:
            return _allocation_legs(entry)
        case events.REFUND:
            moves = {UNALLOCATED: units, BANK: -units}
        case events.WRITE_OFF if facts.get("receipt"):
            moves = {UNALLOCATED: units, KEPT: -units}
        case events.WRITE_OFF:
            lost = _reduction_legs(entry, unit, 0, units)
            return [*lost, (RECEIVABLE, unit, -units, "")]
        case events.FEE:
            moves = {RECEIVABLE: units, facts["kind"]: -units}
        case events.FUND_DEPOSIT | events.FUND_DRAWDOWN | events.FUND_REFUND:
            moves = _fund_moves(entry)
        case _:
            moves = {}
    return [(account, unit, moved, "") for account, moved in moves.items()]


def _allocation_legs(entry: LedgerEntry) -> list[Leg]:
    facts = entry.facts
    unit, units, own = facts["currency"], facts["units"], facts["item_currency"]
    discount, shortfall = facts.get("discount", 0), facts.get("shortfall", 0)
    settles = facts["settles"]
    source = RECEIVABLE if facts.get("source") else UNALLOCATED
    legs = [(source, unit, units, ""), (RECEIVABLE, own, -settles - discount - shortfall, "")]
    if unit != own:
        legs += [(EXCHANGE, unit, -units, ""), (EXCHANGE, own, settles, "")]
    return legs + _reduction_legs(entry, own, discount, shortfall)


def _reduction_legs(entry: LedgerEntry, unit: str, discount: int, lost: int) -> list[Leg]:
    """Return the legs of what is discounted and lost, with the tax that is corrected for both.

    The tax of both is one amount: it goes off the discount first, then off what is lost.  So does
    what falls on each group of tax classes.
    """
    bases: dict[str, int] = {}
    taxes: dict[str, int] = {}
    for *cell, units in entry.facts.get("parts", ()):
        into, detail = (bases, cell[1]) if cell[0] == "base" else (taxes, _tax_name(tuple(cell)))
        into[detail] = into.get(detail, 0) + units
    tax = sum(taxes.values())
    bases[""] = bases.get("", 0) + discount + lost - tax - sum(bases.values())
    left = discount - min(tax, discount)
    legs: list[Leg] = [(TAX, unit, units, detail) for detail, units in taxes.items()]
    for detail, units in bases.items():
        discounted = min(left, units)
        left -= discounted
        legs += [
            (DISCOUNTS, unit, discounted, detail),
            (WRITE_OFFS, unit, units - discounted, detail),
        ]
    return legs


def _fund_moves(entry: LedgerEntry) -> dict[str, int]:
    units = entry.facts["units"]
    trust = entry.facts["fund"] == "trust"
    bank, owed = (TRUST_BANK, TRUST) if trust else (BANK, DEPOSITS)
    if entry.kind == events.FUND_DEPOSIT:
        return {bank: units, owed: -units}
    if entry.kind == events.FUND_REFUND:
        return {owed: units, bank: -units}
    moved = {BANK: units, TRUST_BANK: -units} if trust else {}
    return {owed: units, RECEIVABLE: -units, **moved}


# ── cash basis ───────────────────────────────────────────────────────────────


def cash_postings(reading: Reading, ledger: Ledger) -> list[Posting]:
    """Return the postings of a ledger on cash basis: revenue and tax as bills are paid.

    The tax of what was paid so far is rounded as a whole, so parts come to the tax of the bill.
    """
    found: list[Posting] = []
    earnings: dict[str, _Earnings] = {}
    for head, entry, sign in _in_order(ledger):
        legs = [
            leg
            for leg in _entry_legs(entry)
            if leg[0] not in {RECEIVABLE, DISCOUNTS, WRITE_OFFS, TAX, *_FEES}
        ]
        if entry.kind in {events.ALLOCATION, events.FUND_DRAWDOWN}:
            legs += _earn(reading, ledger, entry, sign, earnings)
        found += _post([_times(sign, leg) for leg in legs], head)
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


@attrs.define
class _Earnings:
    """Revenue and tax of a bill as it is paid: each the rounded part of all that was paid so far.

    Attributes:
        weights: Revenue and tax of the whole bill, by account and detail.
        paid: Minor units paid so far.
    """

    weights: dict[tuple[str, str], int]
    paid: int = 0

    def earn(self, units: int) -> dict[tuple[str, str], int]:
        """Return what a payment, or one taken back, makes of each account and detail."""
        before = self._parts(self.paid)
        self.paid += units
        after = self._parts(self.paid)
        return {name: after[name] - before[name] for name in after}

    def _parts(self, paid: int) -> dict[tuple[str, str], int]:
        """Divide what was paid; the largest part of the bill takes what rounding leaves."""
        gross = sum(self.weights.values())
        if not gross:
            return {(REVENUE, ""): paid}
        exact = {name: Fraction(paid * weight, gross) for name, weight in self.weights.items()}
        parts = {name: int(round_fraction(part, Decimal(1))) for name, part in exact.items()}
        largest = max(self.weights, key=lambda name: abs(self.weights[name]))
        parts[largest] += paid - sum(parts.values())
        return {(REVENUE, ""): 0, **parts}


def _earn(
    reading: Reading, ledger: Ledger, entry: LedgerEntry, sign: int, earnings: dict[str, _Earnings]
) -> Iterator[Leg]:
    """Yield revenue and tax of what an entry pays of a bill, or of a fee."""
    facts = entry.facts
    moves = [(entry.line.document, facts.get("settles", facts["units"]))]
    if facts.get("source"):
        moves.append((facts["source"], -facts["settles"]))
    for item, settled in moves:
        known = ledger.items[item]
        if known.kind != "bill":
            yield known.kind, known.currency, -settled, ""
            continue
        if item not in earnings:
            invoice = _invoice(reading, item)
            revenue = {(REVENUE, detail): units for detail, units in _net(invoice).items()}
            taxes = {(TAX, detail): units for detail, units in _taxes(invoice).items()}
            earnings[item] = _Earnings({**revenue, **taxes})
        for (account, detail), units in earnings[item].earn(sign * settled).items():
            yield account, known.currency, -sign * units, detail


# ── entries ──────────────────────────────────────────────────────────────────


def _head(entry: LedgerEntry) -> Movement:
    line, facts = entry.line, entry.facts
    customer, unit = facts.get("customer", ""), facts.get("currency", "")
    return Movement(line.position, line.at, line.kind, facts["id"], customer, unit, 0)


def _undoing(entry: LedgerEntry, day: dt.date) -> Movement:
    return attrs.evolve(_head(entry), day=day, kind=f"{entry.kind} undone")


def _reverse(legs: Iterable[Leg]) -> list[Leg]:
    return [_times(-1, leg) for leg in legs]


def _times(sign: int, leg: Leg) -> Leg:
    account, unit, units, detail = leg
    return account, unit, sign * units, detail


def _post(legs: Iterable[Leg], head: Movement) -> list[Posting]:
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
            detail=detail,
        )
        for account, unit, units, detail in legs
        if units
    ]
