"""Age many open items: how long it takes from a ledger in memory.

Usage: python benchmarks/ageing.py [ITEMS]    20,000 by default, 1,000,000 to see it large
"""

from __future__ import annotations

import datetime as dt
import sys
import time

from billhook.ledger.ageing import ageing
from billhook.ledger.journal import Ledger, Movement, Receivable, control_totals

DAY = dt.date(2026, 6, 30)


def ledger_of(count: int) -> Ledger:
    """Return a ledger of bills over a year to a thousand clients, a third of them paid in part."""
    ledger = Ledger()
    for place in range(count):
        day, client = DAY - dt.timedelta(days=place % 365), f"client-{place % 1000}"
        id_, units = f"INV-{place}", 100 + place % 100_000
        due = ((day + dt.timedelta(days=30), units),)
        ledger.items[id_] = Receivable(
            id=id_,
            kind="bill",
            customer=client,
            subject=client,
            currency="EUR",
            day=day,
            units=units,
            parts=due,
        )
        ledger.movements.append(Movement(place, day, "bill", id_, client, "EUR", units, id_))
        if place % 3 == 0:
            paid = Movement(place, day, "allocation", id_, client, "EUR", -50, id_)
            ledger.movements.append(paid)
    return ledger


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    ledger = ledger_of(count)
    start = time.perf_counter()
    found = ageing(ledger, DAY)
    taken = time.perf_counter() - start
    [total] = found.totals
    assert total.total == control_totals(ledger, DAY)["EUR"]  # noqa: S101 - what it is about
    print(
        f"{count:,} items in {taken:.2f} s, {len(found.rows):,} rows, total {total.total / 100:,}"
    )


if __name__ == "__main__":
    main()
