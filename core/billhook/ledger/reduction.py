"""Reductions of a bill and their tax: a discount or write-off, divided class by class.

All reductions of a bill are divided cumulatively: each takes the rounded part of all so far, less
what those before it took, so that together they correct the tax as one would.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from billhook.credit.balance import Cell, CreditedDocument, groups, tax_cell
from billhook.issue.history import CORRECTIONS
from billhook.issue.seal import unseal
from billhook.kernel.money import EXACT, allocate
from billhook.ledger import codes, events
from billhook.ledger.events import refused
from billhook.ledger.journal import BILL, Ledger, Receivable
from billhook.store.protocol import Reading

Part = list[Any]
"""A cell of the bill and what falls on it, in minor units: ``["base", "standard", 200]``."""


def divide_reduction(reading: Reading, ledger: Ledger, item: Receivable, units: int) -> list[Part]:
    """Return the parts of a reduction of a bill: what falls on each base and each tax.

    Args:
        reading: The store.
        ledger: The ledger of the item, with its earlier reductions.
        item: The bill, or a fee, which has no tax.
        units: The reduction, in minor units.

    Raises:
        RefusedError: BH712: what is left of the bill has amounts of both signs.
    """
    if item.kind != BILL:
        return []
    earlier = list(_earlier(ledger, item))
    taken: dict[Cell, int] = {}
    for *cell, part in earlier:
        taken[tuple(cell)] = taken.get(tuple(cell), 0) + part
    before = sum(taken.values())
    weights = _remaining_bases(reading, item)
    if any(weight < 0 for weight in weights.values()) or not any(weights.values()):
        message = f"what is left of {item.id} cannot be divided over its tax classes"
        raise refused(
            codes.INDIVISIBLE.id, message, hint="credit it by lines: billhook credit --lines"
        )
    shares = allocate(Decimal(before + units), list(weights.values()), Decimal(1))
    return [
        [*cell, int(share) - taken.get(cell, 0)]
        for cell, share in zip(weights, shares, strict=True)
        if int(share) != taken.get(cell, 0)
    ]


def _earlier(ledger: Ledger, item: Receivable) -> Iterator[Part]:
    """Yield the parts of reductions of the bill that count."""
    for entry in ledger.of_kind(events.ALLOCATION, events.WRITE_OFF):
        if entry.line.document == item.id and entry.undone is None:
            yield from entry.facts.get("parts", ())


def _remaining_bases(reading: Reading, item: Receivable) -> dict[Cell, Decimal]:
    """Return what its credits left of each base and each charged tax of a bill."""
    entry = reading.entry(item.id)
    if entry is None:
        raise LookupError(f"the log knows {item.id}, the store does not")
    notes = [
        unseal(note, ())
        for link in reading.links(item.id)
        if link.target == item.id and link.kind in CORRECTIONS
        if (note := reading.entry(link.source)) is not None
    ]
    billed = CreditedDocument(unseal(entry, ()), tuple(notes))
    whole, credited = billed.whole, billed.credited
    bases = [("base", group.name) for group in groups(billed.invoice)]
    taxes = [tax_cell(row) for row in billed.invoice.taxes if not row.withheld]
    return {
        cell: EXACT.subtract(whole[cell], credited.get(cell, Decimal(0)))
        for cell in (*bases, *taxes)
    }
