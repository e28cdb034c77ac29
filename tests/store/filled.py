"""A store with a row at least in each table, and one of each kind of claim."""

from __future__ import annotations

from decimal import Decimal

import attrs

from billhook.engine import Engine
from billhook.issue.history import REVERSED
from billhook.issue.issue import issue
from billhook.issue.numbering import CREDITS, INVOICES
from billhook.store.protocol import AuditEntry, Count, DocumentLink, FileProof, RunRow, Store
from store.office import ACT, DAY, NOON, bill, draft

FIRST, SECOND, AGAIN, CREDIT = (
    "INV-2026-00001",
    "INV-2026-00002",
    "INV-2026-00003",
    "CRN-2026-00001",
)


def fill(store: Store, sealing: Engine) -> None:
    """Issue two bills, take one back whole, bill its tasks again, and note this and that."""
    bill(sealing, store, "a", lines=3)
    bill(sealing, store, "b")
    bill(sealing, store, "c", series=CREDITS, links=[DocumentLink("", FIRST, REVERSED)])
    with store.write() as writing:
        writing.release(FIRST, CREDIT)
        three = Decimal(3)
        step = Count(key="task:a", document=FIRST, by=FIRST, unit="h", value=three)
        writing.count([step, attrs.evolve(step, by=CREDIT, value=-three)])
        writing.add_file(FileProof(document=SECOND, name="b.pdf", sha256="ab" * 32, size=1234))
        writing.append(
            AuditEntry(
                kind="printed",
                document=SECOND,
                at=DAY,
                recorded_at=NOON,
                by="kim",
                reason="it's \u00fc",
                payload='{"copies":2}',
            )
        )
        run = writing.put_run(RunRow(run="june", state="draft"))
        writing.put_run(RunRow(run="june", job="a", state="draft", payload='{"x":1}'))
        writing.put_run(attrs.evolve(run, state="issued"))
    again = draft(sealing, "a", lines=3)
    issue(sealing, store, again, series=INVOICES, actor=ACT, key="again")
