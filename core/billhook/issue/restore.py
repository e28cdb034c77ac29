"""Restoring a store from a backup: a log entry, and lost numbers that stay unused."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping

import attrs

from billhook.issue import codes
from billhook.issue.actor import Actor, audit_entry
from billhook.issue.numbering import NumberSeries
from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.errors import RefusedError
from billhook.store.digests import LOG_CHAIN
from billhook.store.protocol import Reading, Store

RESTORED = "restored"
"""Kind of the audit entry that records that a backup was put in the store's place."""


@attrs.frozen(kw_only=True)
class LostNumbers:
    """Numbers that were given, and that a store which was put back knows nothing of.

    Attributes:
        series: Their series.
        period: Their period.
        first: The first of them.
        last: The last of them.
    """

    series: str
    period: str
    first: int
    last: int

    def __str__(self) -> str:
        return f"{' '.join(filter(None, (self.series, self.period)))} {self.first}–{self.last}"


def record_restore(store: Store, actor: Actor, *, source: str, lost: Iterable[LostNumbers]) -> None:
    """Record in the log that a backup is in use from now on.

    Args:
        store: The store that was put back.
        actor: Who did it, when and why.
        source: Name of the backup.
        lost: Numbers that were given since it was made.
    """
    with store.write() as writing:
        chains = (*writing.chains(), LOG_CHAIN)
        facts = {
            "from": source,
            "kept": {chain: writing.head(chain).position for chain in chains},
            "lost": [attrs.asdict(each) for each in lost],
        }
        payload = json.dumps(facts, sort_keys=True, ensure_ascii=False)
        writing.append(audit_entry(RESTORED, actor, payload=payload))


def kept_heads(reading: Reading) -> Mapping[str, int]:
    """Return how far each chain went in the backup that was put back last, by chain.

    What stood after it is lost, and known to be.  A chain that the backup did not have is not
    among them; without any restoring nothing is.
    """
    found: dict[str, int] = {}
    for line in reading.audit_entries(kind=RESTORED):
        found.update({chain: int(end) for chain, end in json.loads(line.payload)["kept"].items()})
    return found


def require_unlost(reading: Reading, series: NumberSeries, date: dt.date) -> None:
    """Refuse to number in a series whose last numbers were lost: they may be with clients.

    Raises:
        RefusedError: BH575.
    """
    for line in reading.audit_entries(kind=RESTORED):
        for facts in json.loads(line.payload)["lost"]:
            lost = LostNumbers(**facts)
            if (lost.series, lost.period) == (series.id, series.period(date)):
                message = f"numbers {lost} were assigned before a backup was restored"
                hint = "they are not assigned again: use another series (--series), see [series]"
                raise RefusedError([Diagnostic(codes.NUMBERS_LOST.id, message, hint=hint)])
