"""Turns at writing: a lock file beside a SQLite database.

SQLite alone keeps writers apart; what it lacks is fairness: its waiters sleep ever longer and may
starve.  The lock file lets them in one after the other.  Should the file be removed, or locks not
work there, only the order is lost.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from billhook.errors import BusyError, StoreError

try:
    import fcntl
except ImportError:  # a system without flock: SQLite's own waiting has to do
    fcntl = None  # type: ignore[assignment]  # the module's absence is its value

_SHORTEST, _LONGEST = 0.0004, 0.004
"""Seconds between two looks at a lock that is held: shared by chance, so that nobody starves."""


@contextmanager
def turn(path: str, wait: timedelta) -> Iterator[None]:
    """Hold the lock file of a database.

    Args:
        path: The database.
        wait: How long to wait at most.

    Raises:
        BusyError: Others held it for longer than that.
        StoreError: The lock file cannot be made.
    """
    if fcntl is None:
        yield
        return
    handle = _opened(f"{path}.lock", path)
    try:
        _wait(handle, wait)
        yield
    finally:
        # explicitly: a forked child may hold a copy of the handle
        fcntl.flock(handle, fcntl.LOCK_UN)
        os.close(handle)


def _opened(name: str, database: str) -> int:
    try:
        return os.open(name, os.O_RDWR)
    except FileNotFoundError:
        pass
    except OSError as error:
        raise StoreError(f"the lock file cannot be opened: {error}") from error
    try:
        handle = os.open(name, os.O_RDWR | os.O_CREAT, 0o600)
        # who may write the database may take a turn
        os.fchmod(handle, Path(database).stat().st_mode & 0o666)
    except OSError as error:
        raise StoreError(f"the lock file cannot be made: {error}") from error
    return handle


def _wait(handle: int, wait: timedelta) -> None:
    end = time.monotonic() + wait.total_seconds()
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass
        else:
            return
        if time.monotonic() >= end:
            raise BusyError(f"other writers held the store for {wait.total_seconds():g} s")
        time.sleep(random.uniform(_SHORTEST, _LONGEST))  # noqa: S311 - no secret
