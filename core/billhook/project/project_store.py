"""The store of a project, opened as its settings say."""

from __future__ import annotations

from pathlib import Path

from billhook.project.store_settings import Keeping
from billhook.store.protocol import Store


def keeps_documents(keeping: Keeping) -> bool:
    """Return whether the store is there; a server's is taken to be."""
    return "://" in keeping.where or Path(keeping.where).exists()


def open_kept(keeping: Keeping) -> Store:
    """Open the store; a file that is not there is made.

    Raises:
        StoreError: It cannot be opened, or its schema is not this version's.
    """
    from billhook.store.database import open_store

    return open_store(keeping.where, wait=keeping.wait, journal=keeping.journal)
