from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from billhook.store.database import open_store
from billhook.store.memory import memory_store
from billhook.store.protocol import Store


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store of each kind."""
    made = (
        memory_store()
        if request.param == "memory"
        else open_store(tmp_path / "billhook.db", create=True)
    )
    yield made
    made.close()
