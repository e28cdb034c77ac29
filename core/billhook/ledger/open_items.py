"""Open items at a day: what is open of each bill and fee, when it is due, what is in dispute."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import attrs

from billhook.ledger import codes, events
from billhook.ledger.events import refused, shown
from billhook.ledger.journal import Ledger, Receivable, least_from


@attrs.frozen(kw_only=True)
class OpenItem:
    """An item's open amount at the end of a day, in minor units.

    Attributes:
        item: The bill or fee.
        units: What is open; below zero when more was paid or credited than billed.
        parts: What of it is due when: payments fill the earliest due date first.
        disputed: How much of it is in dispute.
        withheld: Kept back until later, no part of ``units``.
    """

    item: Receivable
    units: int
    parts: tuple[tuple[dt.date, int], ...]
    disputed: int = 0
    withheld: int = 0

    @property
    def due(self) -> dt.date:
        """The earliest day on which something of it is due."""
        return self.parts[0][0]


def open_items(ledger: Ledger, day: dt.date, *, customer: str | None = None) -> list[OpenItem]:
    """Return the items of which something is open or withheld, by due date and id.

    Args:
        ledger: The ledger.
        day: The end of this day.
        customer: Only what this client owes.
    """
    found = [
        OpenItem(item=item, units=units, parts=parts, disputed=disputed, withheld=withheld)
        for item, units, parts, disputed, withheld in open_amounts(ledger, day, customer=customer)
    ]
    return sorted(found, key=lambda each: (each.due, each.item.id))


Parts = tuple[tuple[dt.date, int], ...]


def open_amounts(
    ledger: Ledger, day: dt.date, *, customer: str | None = None
) -> Iterator[tuple[Receivable, int, Parts, int, int]]:
    """Yield the same unsorted, as item, units, parts, what is disputed and what is withheld."""
    balances = ledger.balances(day, customer=customer)
    withheld: dict[str, int] = {}
    for each in ledger.withheld:
        if each.day <= day and customer in {None, each.customer}:
            withheld[each.item] = withheld.get(each.item, 0) + each.units
    disputed = disputed_amounts(ledger, day)
    for id_ in balances.keys() | withheld.keys():
        units, kept = balances.get(id_, 0), withheld.get(id_, 0)
        item = ledger.items.get(id_)
        if item is not None and (units or kept):
            in_dispute = max(0, min(disputed.get(id_, 0), units))
            yield item, units, due_parts(item.parts, units), in_dispute, kept


def due_parts(parts: Sequence[tuple[dt.date, int]], units: int) -> tuple[tuple[dt.date, int], ...]:
    """Return what is due when of an open amount: what was paid filled the earliest part first."""
    if len(parts) == 1 or units <= 0:
        return ((parts[0][0], units),)
    left: list[tuple[dt.date, int]] = []
    for due, whole in reversed(parts):
        taken = min(units, whole)
        if taken:
            left.append((due, taken))
        units -= taken
    if units:
        left.append((parts[0][0], units))
    return tuple(reversed(left))


def disputed_amounts(ledger: Ledger, day: dt.date) -> dict[str, int]:
    """Return what is in dispute of each item at the end of a day."""
    sums: dict[str, int] = {}
    for entry in ledger.of_kind(events.DISPUTE):
        if entry.counts(day):
            sums[entry.line.document] = sums.get(entry.line.document, 0) + entry.facts["units"]
    return sums


# ── one item ─────────────────────────────────────────────────────────────────


def item_of(ledger: Ledger, id_: str) -> Receivable:
    """Return an item that takes payments.

    Raises:
        RefusedError: BH710.
    """
    item = ledger.items.get(id_)
    if item is None or (id_ in ledger.entries and ledger.entries[id_].undone is not None):
        message = f"{id_!r} is not a bill or fee that can be paid"
        raise refused(
            codes.NOT_PAYABLE.id, message, hint="billhook aging --items lists what is open"
        )
    if id_ in ledger.voided:
        message = f"{id_} is void since {ledger.voided[id_]}, and takes no payment"
        raise refused(
            codes.NOT_PAYABLE.id, message, hint="leave the money on account, or pay another bill"
        )
    return item


def require_day(day: dt.date, about: str, own: dt.date) -> None:
    """Refuse an entry that is dated before what it is about.

    Raises:
        RefusedError: BH707.
    """
    if day < own:
        message = f"{day} is before {about} of {own}"
        raise refused(codes.ENTRY_DATE.id, message, hint=f"give {own}, or a later day")


def open_from(ledger: Ledger, item: str, day: dt.date) -> int:
    """Return the least that is open of an item from a day on."""
    return least_from([each for each in ledger.movements if each.item == item], day)


def require_open(ledger: Ledger, item: Receivable, units: int, day: dt.date) -> None:
    """Refuse to settle more of an item than is open from a day on.

    Raises:
        RefusedError: BH704.
    """
    left = open_from(ledger, item.id, day)
    if units > left:
        message = (
            f"{shown(units, item.currency)} is more than the {shown(left, item.currency)} "
            f"open on {item.id} from {day} on"
        )
        raise refused(
            codes.OPEN_EXCEEDED.id, message, hint="leave the rest on account, or take another bill"
        )


def items_by_age(items: Sequence[OpenItem]) -> Iterator[OpenItem]:
    """Yield items of which something is due or will be, by due date, date and id."""
    owed = (each for each in items if each.units > 0)
    yield from sorted(owed, key=lambda each: (each.due, each.item.day, each.item.id))
