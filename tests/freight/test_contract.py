from __future__ import annotations

import datetime as dt
from pathlib import Path

from billhook import Period
from billhook.testing import Case, PluginContract
from billhook_freight import plugin as freight
from freight.samples import items, job, key500, one, shipment


class TestContract(PluginContract):
    plugin = freight
    errors = Path(__file__).parents[1] / "errors" / "freight"

    def cases(self):
        yield Case(name="one shipment", job=job(), records=(key500(), one("70", "4700")))
        yield Case(
            name="a week",
            job=job(period=Period(dt.date(2026, 6, 1), dt.date(2026, 6, 7))),
            records=(
                key500(),
                one("70", "100", "1", accessorials=("LFT", "DET:3", "HAZ")),
                one("70", "4700", "2", reference="PO 77"),
                shipment("3", pickup=dt.date(2026, 6, 3)),
                *items(("70", "1200"), ("100", "700"), number="3"),
                one("77.5", "250", "4", account="OTHER"),
                one("70", "250", "5", delivered=None),
            ),
        )

    def steps(self):
        early = (one("70", "4700", "1"), one("100", "62.5", "2", accessorials=("LFT",)))
        late = (shipment("3"), *items(("70", "1200"), ("100", "700"), number="3"))
        yield (
            (
                Case(name="the first days", job=job(), records=(key500(), *early)),
                Case(name="the last days", job=job(), records=(key500(), *late)),
            ),
            Case(name="the week", job=job(), records=(key500(), *late, *early)),
        )
