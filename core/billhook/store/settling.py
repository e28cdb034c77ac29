"""What a writing transaction owes before it may be kept."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from billhook.errors import ConflictError, StoreError
from billhook.store.digests import LOG_CHAIN, document_digest
from billhook.store.protocol import Entry, Head, Link

Place = tuple[str, str, int]


def misfit(entry: Entry, head: Head, links: Iterable[Link]) -> str:
    """Return why a document cannot stand at the end of its chain, or nothing."""
    if entry.chain == LOG_CHAIN:
        return f"no chain may be named {LOG_CHAIN}"
    if (entry.position, entry.previous) != (head.position + 1, head.digest):
        return f"chain {entry.chain} has moved on; {entry.number} does not fit"
    if entry.digest != document_digest(entry.previous, entry.payload):
        return f"the digest of {entry.number} is not that of its payload"
    if any(link.source != entry.number for link in links):
        return f"a link that is added with {entry.number} does not start there"
    return ""


class Settlement:
    """Follows a writing transaction: every number taken gets its document, no refusal is lost."""

    def __init__(self) -> None:
        self._owed: frozenset[Place] = frozenset()
        self._refusal = ""

    def took(self, series: str, period: str, sequence: int) -> None:
        """Note that a number was taken."""
        self._owed |= {(series, period, sequence)}

    def added(self, entry: Entry) -> None:
        """Note that a document was added."""
        self._owed -= {(entry.series, entry.period, entry.sequence)}

    def refused(self, message: str) -> ConflictError:
        """Note a refusal and return it, to be raised."""
        self._refusal = message
        return ConflictError(message)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Forget what was noted since, when the block raises."""
        before = (self._owed, self._refusal)
        try:
            yield
        except BaseException:
            self._owed, self._refusal = before
            raise

    def settle(self) -> None:
        """Refuse to keep a transaction that would leave a gap or half a step.

        Raises:
            ConflictError: A step was refused, and the caller went on.
            StoreError: A number was taken, and no document of it was added.
        """
        if self._refusal:
            raise ConflictError(f"nothing was kept, for a step was refused: {self._refusal}")
        if self._owed:
            series, period, sequence = min(self._owed)
            place = f"{series} {period}".strip()
            raise StoreError(f"nothing was kept: number {sequence} of {place} has no document")


class OnePerThread:
    """Refuses a transaction inside a transaction of the same thread and store."""

    def __init__(self) -> None:
        self._local = threading.local()

    @contextmanager
    def turn(self) -> Iterator[None]:
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
