"""Reading progress: an entry's identity is its item in one application."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import attrs

from billhook.model.job import Job
from billhook.model.owner import Owner
from billhook.model.record import Record
from billhook.model.source import Source
from billhook_construction.records import Progress

KIND = "construction.progress"


def read_progress(job: Job, source: Source) -> Iterator[Progress]:
    """Yield the entries of a source.

    The same words in two applications are two entries: "100 more" in May and in June.  So the key
    is made of contract, job and item, never of the content.
    """
    seen: Counter[str] = Counter()
    for entry in source.records(Progress):
        seen[entry.item] += 1
        count = seen[entry.item]
        suffix = "" if count == 1 else f"-{count}"
        yield attrs.evolve(entry, key=f"{KIND}:{job.subject}:{job.id}:{entry.item}{suffix}")


def find_owner(job: Job, record: Record) -> Owner | None:
    """Return the contract that an entry of progress belongs to: each sheet is of one contract."""
    if not isinstance(record, Progress):
        return None
    day = job.period.last if job.period else job.date
    return Owner(kind="construction.contract", subject=job.subject, customer=job.buyer.id, day=day)
