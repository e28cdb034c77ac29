"""The store of a project, opened for reading as its settings say."""

from __future__ import annotations

from billhook.project.store_settings import Keeping
from billhook.store.protocol import Store


def open_for_reading(keeping: Keeping) -> Store:
    """Open a store that is known to be there and the project's own.

    Raises:
        StoreError: It cannot be opened, or its schema is not this version's.
    """
    from billhook.store.database import open_store

    return open_store(keeping.address, readonly=True, wait=keeping.wait, journal=keeping.journal)
