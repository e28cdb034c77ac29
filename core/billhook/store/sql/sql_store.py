"""The store in a SQL database: one transaction per block, one writer at a time."""

from __future__ import annotations

import enum
import os
import weakref
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from billhook.kernel.errors import StoreError
from billhook.store.sql.transaction import SqlTransaction
from billhook.store.transaction_guard import OnePerThread

BEGIN = "billhook_begin"
"""Execution option: the statement that begins a transaction on SQLite."""

BARE: Mapping[str, object] = {BEGIN: ""}


class Phase(enum.Enum):
    """The phase of a transaction in which the database refused."""

    READING = "nothing was read"
    WRITING = "nothing was saved"
    COMMITTING = "whether it was saved is not known: try again with the same key"


class Side(Protocol):
    """The differences between the databases."""

    reading: Mapping[str, object]
    """Execution options of a connection that reads."""

    writing: Mapping[str, object]
    """Execution options of a connection that writes."""

    def write_lock(self) -> AbstractContextManager[None]:
        """Wait for the turn to write, outside the transaction."""
        ...

    def require(self, connection: Connection) -> None:
        """Refuse a connection whose commits could be lost."""
        ...

    def join(self, connection: Connection) -> None:
        """Make sure that somebody's connection is inside a transaction."""
        ...

    def hold(self, connection: Connection) -> None:
        """Take the turn to write, inside the transaction."""
        ...

    def size(self, connection: Connection) -> int:
        """Return how many bytes the database takes."""
        ...

    def damage(self, connection: Connection) -> Iterator[str]:
        """Yield what the database finds damaged, guards included."""
        ...

    def failure(self, error: DBAPIError, phase: Phase) -> StoreError:
        """Return what an error of the database means."""
        ...


class SqlStore:
    """A store of its own connections; made by `billhook.store.database.open_store`."""

    def __init__(self, engine: Engine, side: Side, *, readonly: bool = False) -> None:
        self.engine = engine
        self.side = side
        self.readonly = readonly
        self._alone = OnePerThread()
        self._process = os.getpid()
        weakref.finalize(self, _forget, engine, self._process)

    @contextmanager
    def read(self) -> Iterator[SqlTransaction]:
        """Open a reading transaction: one consistent view."""
        with self.reading() as connection:
            yield SqlTransaction(connection, self.side.size)

    @contextmanager
    def write(self) -> Iterator[SqlTransaction]:
        """Open a writing transaction: kept when the block ends, undone when it raises."""
        with self.writing() as connection:
            self.side.hold(connection)
            writing = SqlTransaction(connection, self.side.size)
            yield writing
            writing.settle()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a connection inside a reading transaction."""
        with (
            self._alone.enter(),
            self._failures(Phase.READING),
            self.connect(self.side.reading) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a connection inside a writing transaction."""
        if self.readonly:
            raise StoreError("the store was opened for reading only")
        with (
            self._alone.enter(),
            self.side.write_lock(),
            self._failures(Phase.WRITING) as progress,
            self.connect(self.side.writing) as connection,
            connection.begin(),
        ):
            yield connection
            progress.phase = Phase.COMMITTING

    @contextmanager
    def bare(self) -> Iterator[Connection]:
        """Open a connection outside any transaction."""
        with self._alone.enter(), self._failures(Phase.WRITING), self.connect(BARE) as connection:
            yield connection

    def check(self) -> tuple[str, ...]:
        """Return what the database itself finds damaged; nothing when it is sound."""
        # what a kept connection has in memory would hide what the disk has by now
        self.engine.dispose()
        try:
            with self.reading() as connection:
                return tuple(self.side.damage(connection))
        except StoreError as error:
            return (str(error),)

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()

    def connect(self, options: Mapping[str, object]) -> Connection:
        """Return a connection with execution options; after a fork none is inherited."""
        if self._process != os.getpid():
            self.engine.dispose(close=False)
            self._process = os.getpid()
        return self.engine.connect().execution_options(**options)

    @contextmanager
    def _failures(self, phase: Phase) -> Iterator[_Progress]:
        progress = _Progress(phase)
        try:
            yield progress
        except DBAPIError as error:
            raise self.side.failure(error, progress.phase) from error
        except UnicodeDecodeError as error:
            # SQLite's own message about a broken schema quotes the broken text
            raise StoreError(
                f"the database is damaged; {progress.phase.value} ({error})"
            ) from error


def _forget(engine: Engine, process: int) -> None:
    """Close what a store that nobody closed has open; what a fork inherited is not its own."""
    engine.dispose(close=os.getpid() == process)


class _Progress:
    """Remembers how far a transaction has come."""

    def __init__(self, phase: Phase) -> None:
        self.phase = phase


class JoinedStore:
    """A store inside a transaction of the caller's; made by `billhook.store.database.joined`.

    It never commits and never rolls back more than its own part.
    """

    def __init__(self, connection: Connection, side: Side) -> None:
        self._c = connection
        self._side = side
        self._alone = OnePerThread()

    @contextmanager
    def read(self) -> Iterator[SqlTransaction]:
        """Read inside the caller's transaction."""
        with self._alone.enter(), self._failures(Phase.READING):
            yield SqlTransaction(self._c, self._side.size)

    @contextmanager
    def write(self) -> Iterator[SqlTransaction]:
        """Write inside the caller's transaction; an exception undoes this part only."""
        with self._alone.enter(), self._failures(Phase.WRITING):
            self._side.join(self._c)
            with self._c.begin_nested():
                self._side.hold(self._c)
                writing = SqlTransaction(self._c, self._side.size)
                yield writing
                writing.settle()

    def check(self) -> tuple[str, ...]:
        """Return what the database itself finds damaged."""
        try:
            with self._alone.enter(), self._failures(Phase.READING):
                return tuple(self._side.damage(self._c))
        except StoreError as error:
            return (str(error),)

    def close(self) -> None:
        """Give back nothing: the connection is the caller's."""

    @contextmanager
    def _failures(self, phase: Phase) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise self._side.failure(error, phase) from error
