"""Rehearsals: a store whose transactions are undone, for dry runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress

import attrs

from billhook.kernel.errors import BillhookError
from billhook.store.protocol import Reading, Store, Writing


class _UndoError(BillhookError):
    """Undoes the transaction of a rehearsal."""


@attrs.frozen
class Rehearsal:
    """A store whose transactions are undone, to show what would happen."""

    store: Store

    def read(self) -> AbstractContextManager[Reading]:
        """Open a reading transaction."""
        return self.store.read()

    @contextmanager
    def write(self) -> Iterator[Writing]:
        """Open a writing transaction that is undone when the block ends."""
        with suppress(_UndoError), self.store.write() as writing:
            yield writing
            raise _UndoError

    def check(self) -> tuple[str, ...]:
        """Return what the database itself finds damaged."""
        return self.store.check()

    def close(self) -> None:
        """Give back every connection."""
        self.store.close()
