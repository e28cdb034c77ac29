"""Ageing: what clients owe at a day, by how long it is due, and that it is the control total.

Each amount stands in one column: a bucket of days, what is in dispute, or money not allocated yet.
The columns of a currency add up to the control account on every day.  What is withheld until later
is no part of that, and has a column of its own.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import attrs

from billhook.kernel.money import find_currency, round_fraction
from billhook.ledger import codes
from billhook.ledger.events import refused
from billhook.ledger.journal import Ledger
from billhook.ledger.open_items import OpenItem, Parts, open_amounts
from billhook.model.exchange import ExchangeRate

Basis = Literal["due", "invoice"]
By = Literal["customer", "subject", "currency"]


@attrs.frozen
class Buckets:
    """The columns of an ageing: the last day of each but the last, which has no end.

    ``(0, 30, 60, 90)`` is what is not due yet, 1–30, 31–60, 61–90 days, and over 90.

    Raises:
        ValueError: The bounds do not rise, or there are none.
    """

    bounds: tuple[int, ...] = (0, 30, 60, 90)

    def __attrs_post_init__(self) -> None:
        rising = all(a < b for a, b in zip(self.bounds, self.bounds[1:], strict=False))
        if not self.bounds or not rising:
            raise ValueError(
                f"expected ascending numbers of days, such as 0, 30, 60, got {self.bounds}"
            )

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns: ``current``, ``1-30``, ``over 30``."""
        first, *others = self.bounds
        start = "current" if first == 0 else f"to {first}"
        pairs = zip(self.bounds, others, strict=False)
        between = tuple(f"{low + 1}-{high}" for low, high in pairs)
        return (start, *between, f"over {self.bounds[-1]}")

    def place(self, days: int) -> int:
        """Return the column of an age in days."""
        return bisect_left(self.bounds, days)


@attrs.frozen(kw_only=True)
class AgeingRow:
    """A row of an ageing, in minor units.

    Attributes:
        key: Client or subject; empty in the total of a currency.
        currency: ISO 4217 code.
        amounts: What is in each bucket.
        disputed: What is in dispute, in no bucket.
        unallocated: Money not allocated yet, below zero.
        withheld: Kept back until later, no part of the total.
    """

    key: str
    currency: str
    amounts: tuple[int, ...]
    disputed: int = 0
    unallocated: int = 0
    withheld: int = 0

    @property
    def total(self) -> int:
        """The amount owed: the buckets and the disputed part, less money not allocated."""
        return sum(self.amounts) + self.disputed + self.unallocated


@attrs.frozen(kw_only=True)
class Ageing:
    """Receivables at the end of a day, by age.

    Attributes:
        day: The day.
        basis: Counted from the due date or the invoice date.
        buckets: The columns.
        rows: By key and currency.
        totals: One for each currency.
    """

    day: dt.date
    basis: Basis
    buckets: Buckets
    rows: tuple[AgeingRow, ...]
    totals: tuple[AgeingRow, ...]


def ageing(
    ledger: Ledger,
    day: dt.date,
    *,
    by: By = "customer",
    basis: Basis = "due",
    buckets: Buckets | None = None,
    customer: str | None = None,
    subject: str | None = None,
    currency: str | None = None,
) -> Ageing:
    """Return the ageing of a ledger at the end of a day.

    Args:
        ledger: The ledger.
        day: The day.
        by: What a row stands for.
        basis: From which date the days are counted.
        buckets: The columns.
        customer: Only this client.
        subject: Only this contract, case or account; money not allocated belongs to none.
        currency: Only this currency.
    """
    chosen = buckets or Buckets()
    sums: dict[tuple[str, str], list[int]] = {}
    width = len(chosen.names)
    for item, _, parts, disputed, withheld in open_amounts(ledger, day, customer=customer):
        if (subject is None or item.subject == subject) and (
            currency is None or item.currency == currency
        ):
            key = "" if by == "currency" else getattr(item, by)
            row = sums.setdefault((key, item.currency), [0] * (width + 3))
            row[width] += disputed
            row[width + 2] += withheld
            _spread(parts, disputed, item.day if basis == "invoice" else None, day, chosen, row)
    if subject is None:
        _subtract_unallocated(ledger, day, customer, currency, by, sums, width)
    rows = [_row(key, unit, row) for (key, unit), row in sorted(sums.items())]
    totals = {unit: [0] * (width + 3) for unit in sorted({unit for _, unit in sums})}
    for (_, unit), row in sums.items():
        totals[unit] = [a + b for a, b in zip(totals[unit], row, strict=True)]
    return Ageing(
        day=day,
        basis=basis,
        buckets=chosen,
        rows=tuple(rows),
        totals=tuple(_row("", unit, row) for unit, row in totals.items()),
    )


def _spread(
    parts: Parts,
    disputed: int,
    issued: dt.date | None,
    day: dt.date,
    buckets: Buckets,
    row: list[int],
) -> None:
    """Put an item's parts into their columns; what is in dispute is taken of the oldest.

    Args:
        parts: What is due when.
        disputed: How much is in dispute.
        issued: The date from which days count; ``None`` is each part's due date.
        day: The day of the ageing.
        buckets: The columns.
        row: The sums.
    """
    for due, units in parts:
        taken = min(disputed, units) if disputed > 0 else 0
        disputed -= taken
        row[buckets.place((day - (issued or due)).days)] += units - taken


def _subtract_unallocated(
    ledger: Ledger,
    day: dt.date,
    customer: str | None,
    currency: str | None,
    by: By,
    sums: dict[tuple[str, str], list[int]],
    width: int,
) -> None:
    for id_, units in ledger.unallocated(day, customer=customer).items():
        receipt = ledger.receipts[id_]
        if units and currency in {None, receipt.currency}:
            key = receipt.customer if by == "customer" else ""
            row = sums.setdefault((key, receipt.currency), [0] * (width + 3))
            row[width + 1] -= units


def _row(key: str, unit: str, sums: Sequence[int]) -> AgeingRow:
    *amounts, disputed, unallocated, withheld = sums
    return AgeingRow(
        key=key,
        currency=unit,
        amounts=tuple(amounts),
        disputed=disputed,
        unallocated=unallocated,
        withheld=withheld,
    )


# ── in one currency ──────────────────────────────────────────────────────────


def convert(found: Ageing, target: str, rates: Sequence[ExchangeRate]) -> Ageing:
    """Return an ageing in one currency, by the newest rate of each that is in force on its day.

    Each column is converted and rounded by itself, and totals are sums of what is shown.

    Raises:
        RefusedError: BH706: a currency has no rate on the day.
    """
    merged: dict[str, list[int]] = {}
    for row in found.rows:
        rate = _rate(row.currency, target, rates, found.day)
        columns = (*row.amounts, row.disputed, row.unallocated, row.withheld)
        own = merged.setdefault(row.key, [0] * len(columns))
        for place, units in enumerate(columns):
            own[place] += _convert(units, row.currency, target, rate)
    rows = tuple(_row(key, target, sums) for key, sums in sorted(merged.items()))
    totals = [sum(column) for column in zip(*merged.values(), strict=True)]
    total = (_row("", target, totals),) if merged else ()
    return attrs.evolve(found, rows=rows, totals=total)


def _rate(unit: str, target: str, rates: Sequence[ExchangeRate], day: dt.date) -> Decimal:
    if unit == target:
        return Decimal(1)
    known = [each for each in rates if (each.currency, each.into) == (unit, target)]
    known = [each for each in known if each.covers(day)]
    if not known:
        message = f"there is no rate from {unit} to {target} on {day}"
        raise refused(codes.EXCHANGE_RATE.id, message, hint=f"give one: --rate {unit}=1.05@{day}")
    return max(known, key=lambda each: each.since or dt.date.min).rate


def _convert(units: int, unit: str, target: str, rate: Decimal) -> int:
    shift = find_currency(target).minor - find_currency(unit).minor
    worth = Fraction(units) * Fraction(rate) * Fraction(10) ** shift
    return int(round_fraction(worth, Decimal(1)))


def overdue(found: Sequence[OpenItem], day: dt.date) -> Iterator[tuple[OpenItem, int]]:
    """Yield the items of which something is overdue and not in dispute, and how much."""
    for each in found:
        late = sum(units for due, units in each.parts if due < day)
        if late > each.disputed:
            yield each, late - each.disputed
