"""What lies ahead: jobs without a document, drafts in review, what was issued lately."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

import attrs

from billhook.issue.delivery import SENT
from billhook.issue.history import CORRECTIONS, REVERSED, VOIDED
from billhook.runs.run import read_run, states
from billhook.store.protocol import DocumentLink, Entry, Reading


@attrs.frozen(kw_only=True)
class Ahead:
    """What lies ahead.

    Attributes:
        unbilled: Jobs that no document was made of.
        runs: Jobs in each state, by run; only runs that have something left to do.
        unsent: Documents that the buyer should have and that were not sent.
        month: Net of the documents dated in the month less credits, by currency.
        documents: How many documents are dated in the month.
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
        today: The day; what is dated in its month is summed up.
    """
    entries = tuple(reading.entries())
    void, sent = (
        {line.document for line in reading.audit_entries(kind=kind)} for kind in (VOIDED, SENT)
    )
    counting = [entry for entry in entries if entry.number not in void]
    links = {entry.number: reading.links(entry.number) for entry in counting}
    billed = {e.job for e in counting if _stands(reading, e, links[e.number])}
    month = [e for e in counting if e.date.replace(day=1) == today.replace(day=1)]
    return Ahead(
        unbilled=tuple(job for job in jobs if job not in billed),
        runs=dict(_runs(reading)),
        unsent=tuple(
            e.number for e in counting if e.number not in sent and _to_send(e.number, links, sent)
        ),
        month=_sums(month),
        documents=len(month),
    )


Links = Mapping[str, Iterable[DocumentLink]]


def _stands(reading: Reading, entry: Entry, links: Iterable[DocumentLink]) -> bool:
    """Whether a document bills its job's work: one taken back frees it, unless it is kept."""
    if any(link.source == entry.number and link.kind in CORRECTIONS for link in links):
        return False
    return not _back(entry.number, links) or any(
        not claim.released_by for claim in reading.claims_of(entry.number)
    )


def _back(number: str, links: Iterable[DocumentLink]) -> bool:
    """Whether a document was taken back whole."""
    return any(link.target == number and link.kind == REVERSED for link in links)


def _to_send(number: str, links: Links, sent: Collection[str]) -> bool:
    """Whether the buyer should have a document.

    A bill that was taken back before it was sent stays in the house, and its credit notes with it.
    """
    if _back(number, links[number]):
        return False
    return all(
        link.target in sent or not _back(link.target, links.get(link.target, ()))
        for link in links[number]
        if link.source == number and link.kind in CORRECTIONS
    )


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
