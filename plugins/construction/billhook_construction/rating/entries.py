"""Reading progress: an entry's identity is its item in one application."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import attrs

from billhook.model.job import Job
from billhook.model.source import Source
from billhook_construction.records import Progress

KIND = "construction.progress"


def read_progress(job: Job, source: Source) -> Iterator[Progress]:
    """Yield the entries of a source.

    The same words in two applications are two entries: "100 more" in May and in June.  So the key
    is made of contract, job and item, never of the content.  A job for many has the same name
    each month, so its entries have the last day of the period instead.
    """
    bill = str(job.period.last if job.period else job.date) if job.each else job.id
    seen: Counter[tuple[str, str]] = Counter()
    for entry in source.records(Progress):
        contract = entry.contract or job.subject
        seen[contract, entry.item] += 1
        count = seen[contract, entry.item]
        suffix = "" if count == 1 else f"-{count}"
        yield attrs.evolve(entry, key=f"{KIND}:{contract}:{bill}:{entry.item}{suffix}")
