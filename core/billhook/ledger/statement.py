"""Statements of account: opening balance, movements, closing balance, and what is open.

One statement is of one client and currency.  Allocations move money within an account and are no
movement of it; a discount or shortfall that came with one is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import attrs

from billhook.ledger import events
from billhook.ledger.ageing import Ageing, Buckets, ageing
from billhook.ledger.journal import Ledger, Movement
from billhook.ledger.open_items import OpenItem, open_items

DISCOUNT = "discount"
"""What an allocation takes off beyond the money."""


@attrs.frozen(kw_only=True)
class StatementLine:
    """A movement of the account, in minor units.

    Attributes:
        day: The day it took effect.
        kind: ``bill``, ``credit``, ``void``, ``receipt``, ``discount``, … .
        id: Number of the document, or id of the entry.
        item: The bill that it is about, or empty.
        units: Above zero more is owed.
        balance: What is owed after it.
    """

    day: dt.date
    kind: str
    id: str
    item: str
    units: int
    balance: int


@attrs.frozen(kw_only=True)
class AccountStatement:
    """A statement of a client's account in one currency, in minor units.

    Attributes:
        customer: The client.
        currency: ISO 4217 code.
        first: The first day.
        last: The last day.
        opening: What was owed before the first day.
        lines: What changed it.
        closing: What is owed at the end of the last day.
        items: What is open then.
        unallocated: Money not allocated then.
        ageing: What is open by age.
    """

    customer: str
    currency: str
    first: dt.date
    last: dt.date
    opening: int
    lines: tuple[StatementLine, ...]
    closing: int
    items: tuple[OpenItem, ...]
    unallocated: int
    ageing: Ageing

    @property
    def empty(self) -> bool:
        """True if nothing is owed and nothing moved."""
        return not (self.opening or self.lines or self.closing or self.items)


def statements(
    ledger: Ledger,
    customer: str,
    first: dt.date,
    last: dt.date,
    *,
    buckets: Buckets | None = None,
) -> list[AccountStatement]:
    """Return the statements of a client, one for each currency of the account.

    Raises:
        ValueError: The period ends before it begins.
    """
    if last < first:
        raise ValueError(f"the period ends on {last}, before it begins on {first}")
    mine = [each for each in ledger.movements if each.customer == customer and each.day <= last]
    return [
        _statement(ledger, customer, unit, first, last, mine, buckets)
        for unit in sorted({each.currency for each in mine})
    ]


def _statement(
    ledger: Ledger,
    customer: str,
    unit: str,
    first: dt.date,
    last: dt.date,
    moves: list[Movement],
    buckets: Buckets | None,
) -> AccountStatement:
    own = [each for each in moves if each.currency == unit]
    opening = sum(each.units for each in own if each.day < first)
    lines = tuple(_lines(own, first, opening))
    items = [e for e in open_items(ledger, last, customer=customer) if e.item.currency == unit]
    left = ledger.unallocated(last, customer=customer)
    return AccountStatement(
        customer=customer,
        currency=unit,
        first=first,
        last=last,
        opening=opening,
        lines=lines,
        closing=lines[-1].balance if lines else opening,
        items=tuple(items),
        unallocated=sum(u for id_, u in left.items() if ledger.receipts[id_].currency == unit),
        ageing=ageing(ledger, last, buckets=buckets, customer=customer, currency=unit),
    )


def _lines(moves: list[Movement], first: dt.date, opening: int) -> Iterator[StatementLine]:
    """Yield what changed the account from a day on: the movements of an entry together."""
    groups: dict[tuple[dt.date, int], list[Movement]] = {}
    for each in moves:
        if each.day >= first:
            groups.setdefault((each.day, each.position), []).append(each)
    balance = opening
    for (day, _), group in sorted(groups.items()):
        units = sum(each.units for each in group)
        if units:
            balance += units
            item = next((each.item for each in group if each.item), "")
            kind = _kind(group)
            yield StatementLine(
                day=day, kind=kind, id=group[0].id, item=item, units=units, balance=balance
            )


def _kind(group: list[Movement]) -> str:
    """Return the kind of a line; within an account an allocation changes it by its discount."""
    kind = group[0].kind
    inside = kind in {events.ALLOCATION, events.UNALLOCATION} and len(group) > 1
    return DISCOUNT if inside else kind
