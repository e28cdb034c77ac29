"""Guards of a transaction: what may stand at the end of a chain, and when it may be kept."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import attrs

from billhook.kernel.errors import ConflictError, StoreError
from billhook.kernel.money import EXACT
from billhook.store.digests import LOG_CHAIN, document_digest
from billhook.store.protocol import Count, DocumentLink, Entry, Head


@attrs.frozen
class Last:
    """The last number of a series, and its date; 0 before the first."""

    sequence: int
    date: dt.date | None = None

    def allows(self, date: dt.date) -> bool:
        """Return whether a document of a date may follow."""
        return self.date is None or self.date <= date


NONE = Last(0)


def misfit(entry: Entry, head: Head, last: Last, links: Iterable[DocumentLink]) -> str:
    """Return why a document cannot stand at the end of its chain and series, or nothing."""
    if entry.chain == LOG_CHAIN:
        return f"no chain may be named {LOG_CHAIN}"
    if (entry.position, entry.previous) != (head.position + 1, head.digest):
        return f"chain {entry.chain} has moved on; {entry.number} does not fit"
    if entry.digest != document_digest(entry.previous, entry.payload):
        return f"the digest of {entry.number} is not that of its payload"
    if entry.sequence != last.sequence + 1 or not last.allows(entry.date):
        return f"{entry.number} is not the next of series {entry.series}"
    if any(link.source != entry.number for link in links):
        return f"a link that is added with {entry.number} does not start there"
    return ""


def next_step(step: Count, last: Count | None) -> Count | None:
    """Return a step of an accumulator after the last one; ``None`` if their units differ."""
    if last is None:
        return attrs.evolve(step, position=1, total=step.value)
    if last.unit != step.unit:
        return None
    whole = EXACT.add(last.total, step.value)
    return attrs.evolve(step, position=last.position + 1, total=whole)


class TransactionGuard:
    """Remembers a refusal: a transaction whose caller passed over it is not kept."""

    def __init__(self) -> None:
        self._refusal = ""

    def refused(self, message: str) -> ConflictError:
        """Note a refusal and return it, to be raised."""
        self._refusal = message
        return ConflictError(message)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Forget what was noted since, when the block raises."""
        before = self._refusal
        try:
            yield
        except BaseException:
            self._refusal = before
            raise

    def settle(self) -> None:
        """Refuse to keep a transaction that has half a step in it.

        Raises:
            ConflictError: A step was refused, and the caller went on.
        """
        if self._refusal:
            raise ConflictError(f"nothing was saved, because a step was refused: {self._refusal}")


class OnePerThread:
    """Refuses a transaction inside a transaction of the same thread and store."""

    def __init__(self) -> None:
        self._local = threading.local()

    @contextmanager
    def enter(self) -> Iterator[None]:
        """Hold the thread's only place.

        Raises:
            StoreError: This thread has a transaction of the store open.
        """
        if getattr(self._local, "busy", False):
            raise StoreError("this thread has a transaction of the store open; end it first")
        self._local.busy = True
        try:
            yield
        finally:
            self._local.busy = False
