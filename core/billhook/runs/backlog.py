"""Open work for `billhook status`: unbilled jobs, runs in review, unsent documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

import attrs

from billhook.issue.delivery import SENT
from billhook.issue.history import CORRECTIONS, REVERSED, VOIDED, links_of
from billhook.issue.numbering import OPENINGS
from billhook.store.protocol import Columns, DocumentLink, Reading


@attrs.frozen(kw_only=True)
class OpenWork:
    """Open work of a project.

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


Links = Mapping[str, Iterable[DocumentLink]]

DONE = frozenset({"issued", "dropped", "empty"})


def ahead(reading: Reading, jobs: Iterable[str], today: dt.date) -> OpenWork:
    """Return what lies ahead.

    Args:
        reading: The store.
        jobs: Ids of the project's jobs.
        today: The day; what is dated in its month is summed up.
    """
    void, sent = (
        {line.document for line in reading.audit_entries(kind=kind)} for kind in (VOIDED, SENT)
    )
    counting = [entry for entry in reading.columns() if entry.number not in void]
    links = links_of(reading)
    held = reading.holders()
    billed = {e.job for e in counting if _stands(e, links.get(e.number, ()), held)}
    bills = [e for e in counting if e.series != OPENINGS.id]
    month = [e for e in bills if e.date.replace(day=1) == today.replace(day=1)]
    return OpenWork(
        unbilled=tuple(job for job in jobs if job not in billed),
        runs=dict(_runs(reading)),
        unsent=tuple(
            e.number for e in bills if e.number not in sent and _to_send(e.number, links, sent)
        ),
        month=_sums(month),
        documents=len(month),
    )


def _stands(entry: Columns, links: Iterable[DocumentLink], held: Collection[str]) -> bool:
    """Return whether a document still bills its job's work: a full credit frees it, unless kept."""
    if any(link.source == entry.number and link.kind in CORRECTIONS for link in links):
        return False
    return not _back(entry.number, links) or entry.number in held


def _back(number: str, links: Iterable[DocumentLink]) -> bool:
    """Return whether a document was voided or credited in full."""
    return any(link.target == number and link.kind == REVERSED for link in links)


def _to_send(number: str, links: Links, sent: Collection[str]) -> bool:
    """Return whether a document is to be sent to the buyer.

    A bill that was taken back before it was sent stays in the house, and its credit notes with it.
    """
    own = links.get(number, ())
    if _back(number, own):
        return False
    return all(
        link.target in sent or not _back(link.target, links.get(link.target, ()))
        for link in own
        if link.source == number and link.kind in CORRECTIONS
    )


def _runs(reading: Reading) -> Iterable[tuple[str, Mapping[str, int]]]:
    for run, states in reading.run_states().items():
        left = {state: count for state, count in states.items() if state not in DONE}
        if left:
            yield run, left


def _sums(entries: Iterable[Columns]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for entry in entries:
        sign = -1 if entry.type_code == "381" else 1
        net = Decimal(sign * entry.net).scaleb(-entry.minor)
        sums[entry.currency] = sums.get(entry.currency, Decimal(0)) + net
    return dict(sorted(sums.items()))
