"""How much a store holds."""

from __future__ import annotations

from billhook.store.protocol import Stats, Store


def stats(store: Store) -> Stats:
    """Return counts of rows and bytes of a store."""
    with store.read() as reading:
        return reading.stats()
