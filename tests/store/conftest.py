from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import attrs
import pytest

from billhook.engine import Engine
from billhook.store.database import open_store
from billhook.store.memory import MemoryStore
from billhook.store.protocol import Store
from billhook.store.sql.sql_store import SqlStore
from store import server
from store.office import office
from store.scratch import memory

DATABASES = ["sqlite", "postgresql"]


@attrs.frozen
class Place:
    """Where a store can be opened, several times over."""

    kind: str
    where: str

    def open(self, **options: object) -> SqlStore:
        return open_store(self.where, **{"create": True, "wait": timedelta(seconds=5), **options})


@contextmanager
def placed(request: pytest.FixtureRequest, folder: Path) -> Iterator[Place]:
    """Make a place for a store in the database that the fixture was asked for."""
    if request.param == "sqlite":
        yield Place("sqlite", str(folder / "billhook.db"))
        return
    running = request.getfixturevalue("postgresql")
    with running.database() as url:
        yield Place("postgresql", url.render_as_string())


@pytest.fixture(scope="session")
def postgresql() -> Iterator[server.Server]:
    """A server of this run's own."""
    if server.programs() is None:
        reason = "no PostgreSQL server programs: apt-get install postgresql"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with server.running(memory()) as running:
        yield running


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for the databases of a test."""
    with tempfile.TemporaryDirectory(dir=memory()) as made:
        yield Path(made)


@pytest.fixture(params=DATABASES)
def place(request: pytest.FixtureRequest, folder: Path) -> Iterator[Place]:
    """A fresh place for a store in each database."""
    with placed(request, folder / "store") as made:
        yield made


@pytest.fixture(params=["memory", *DATABASES])
def store(request: pytest.FixtureRequest, folder: Path) -> Iterator[Store]:
    """An empty store of each kind."""
    if request.param == "memory":
        yield MemoryStore()
        return
    with placed(request, folder) as place:
        made = place.open()
        yield made
        made.close()


@pytest.fixture
def file(folder: Path) -> Place:
    """A fresh place for a store on SQLite."""
    return Place("sqlite", str(folder / "store" / "billhook.db"))


@pytest.fixture
def database(postgresql: server.Server) -> Iterator[Place]:
    """A fresh place for a store on PostgreSQL."""
    with postgresql.database() as url:
        yield Place("postgresql", url.render_as_string())


@pytest.fixture(scope="session")
def engine() -> Engine:
    return office()


@pytest.fixture(scope="session")
def sealing() -> Engine:
    return office(sealed=True)
