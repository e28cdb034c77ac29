"""Somebody else's connection: no settings of ours, no SQLAlchemy."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Protocol

from store.conftest import Place


class Cursor(Protocol):
    rowcount: int

    def fetchall(self) -> list[tuple[object, ...]]: ...


class Foreign(Protocol):
    def execute(self, statement: str) -> Cursor: ...


@contextmanager
def foreign(place: Place) -> Iterator[Foreign]:
    """Open a raw connection in autocommit."""
    if place.kind == "sqlite":
        with closing(sqlite3.connect(place.where, isolation_level=None)) as raw:
            yield raw
        return
    import psycopg

    with psycopg.connect(place.where.replace("+psycopg", ""), autocommit=True) as connection:
        yield connection


def unguarded(raw: Foreign, place: Place, table: str) -> None:
    """Take away the guards that keep the rows of a table as they are."""
    for event in ("update", "delete"):
        on = f" ON {table}" if place.kind == "postgresql" else ""
        raw.execute(f"DROP TRIGGER {table}_no_{event}{on}")
