"""What lies ahead: jobs without a document, drafts in review, what was issued lately."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal

import attrs

from billhook.issuing.past import CORRECTIONS, REVERSED, VOIDED
from billhook.issuing.run import read_run, states
from billhook.issuing.sent import SENT
from billhook.store.protocol import Entry, Reading


@attrs.frozen(kw_only=True)
class Ahead:
    """What lies ahead.

    Attributes:
        unbilled: Jobs that no document was made of.
        runs: Jobs in each state, by run; only runs that have something left to do.
        unsent: Documents that were not sent, credited or voided.
        month: Net issued in the month less credits, by currency.
        documents: How many documents were issued in the month.
    """

    unbilled: tuple[str, ...] = ()
    runs: Mapping[str, Mapping[str, int]] = attrs.field(factory=dict)
    unsent: tuple[str, ...] = ()
    month: Mapping[str, Decimal] = attrs.field(factory=dict)
    documents: int = 0


DONE = frozenset({"issued", "dropped", "empty"})


def ahead(reading: Reading, jobs: Iterable[str], today: dt.date) -> Ahead:
    """Return what lies ahead.

    Args:
        reading: The store.
        jobs: Ids of the project's jobs.
        today: The day; its month is summed up.
    """
    entries = tuple(reading.entries())
    gone = {line.document for kind in (VOIDED, SENT) for line in reading.happenings(kind=kind)}
    void = {line.document for line in reading.happenings(kind=VOIDED)}
    billed = {e.job for e in entries if e.number not in void and _stands(reading, e)}
    month = [e for e in entries if e.date.replace(day=1) == today.replace(day=1)]
    counting = [entry for entry in month if entry.number not in void]
    return Ahead(
        unbilled=tuple(job for job in jobs if job not in billed),
        runs=dict(_runs(reading)),
        unsent=tuple(e.number for e in entries if e.number not in gone and _open(reading, e)),
        month=_sums(counting),
        documents=len(counting),
    )


def _stands(reading: Reading, entry: Entry) -> bool:
    """Whether a document bills its job's work: one taken back frees it, unless it is kept."""
    links = reading.links(entry.number)
    if any(link.source == entry.number and link.kind in CORRECTIONS for link in links):
        return False
    back = any(link.target == entry.number and link.kind == REVERSED for link in links)
    return not back or any(not claim.released_by for claim in reading.claims_of(entry.number))


def _open(reading: Reading, entry: Entry) -> bool:
    return not any(link.kind in CORRECTIONS for link in reading.links(entry.number))


def _runs(reading: Reading) -> Iterable[tuple[str, Mapping[str, int]]]:
    for row in reading.runs():
        left = {k: n for k, n in states(read_run(reading, row.run)).items() if k not in DONE}
        if left:
            yield row.run, left


def _sums(entries: Iterable[Entry]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for entry in entries:
        sign = -1 if entry.type_code == "381" else 1
        net = Decimal(sign * entry.net).scaleb(-entry.minor)
        sums[entry.currency] = sums.get(entry.currency, Decimal(0)) + net
    return dict(sorted(sums.items()))
