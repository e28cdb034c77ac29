"""The write lock of a SQLite database: a lock file beside it.

SQLite alone keeps writers apart; what it lacks is fairness: its waiters sleep ever longer and may
starve.  The lock file lets them in about in the order they came, for the kernel keeps the queue.
Should the file be removed, or the system have no such locks, only the order is lost.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from billhook.kernel.errors import BusyError, StoreError

HAS_LOCKS = sys.platform != "win32"
"""Whether the system has such locks; where it has none, SQLite's own waiting has to do."""

if sys.platform != "win32":
    import fcntl


@contextmanager
def write_lock(path: str, wait: timedelta) -> Iterator[None]:
    """Hold the lock file of a database.

    Args:
        path: The database.
        wait: How long to wait at most.

    Raises:
        BusyError: Others held it for longer than that.
        StoreError: The lock file cannot be made.
    """
    if not HAS_LOCKS:
        yield
        return
    handle = _open_lock_file(f"{path}.lock", path)
    if not _free(handle) and not _granted(handle, wait):
        waited = f"{wait.total_seconds():g} s"
        raise BusyError(f"other writers held the store for {waited}; nothing was saved")
    try:
        yield
    finally:
        _let_go(handle)


def _open_lock_file(name: str, database: str) -> int:
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


def _free(handle: int) -> bool:
    """Take the lock if nobody has it."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _let_go(handle: int) -> None:
    # unlocked before it is closed: a forked child may hold a copy of the handle
    fcntl.flock(handle, fcntl.LOCK_UN)
    os.close(handle)


def _granted(handle: int, wait: timedelta) -> bool:
    """Return whether the turn comes in time; if not, the handle is no longer the caller's.

    Who does not wait at all leaves nobody behind in the queue.
    """
    if wait > timedelta(0):
        return _Waiter(handle).granted(wait)
    os.close(handle)
    return False


class _Waiter:
    """A thread that stands in the kernel's queue, which knows no time limit, for the caller.

    If the caller leaves, the thread stays until its turn comes, and gives it back at once.
    It has a `threading.Thread` and is none: Python's own has names like these for itself.
    """

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._called = threading.Event()
        self._mutex = threading.Lock()
        self._left = False

    def _queue(self) -> None:
        """Wait for the turn, and give it back if nobody wants it any more."""
        fcntl.flock(self._handle, fcntl.LOCK_EX)
        with self._mutex:
            self._called.set()
            if self._left:
                _let_go(self._handle)

    def granted(self, wait: timedelta) -> bool:
        """Return whether the turn came in time; if not, the thread owns the handle."""
        threading.Thread(target=self._queue, name="billhook-write-lock", daemon=True).start()
        try:
            self._called.wait(wait.total_seconds())
        except BaseException:  # the user interrupts
            if self._came():
                _let_go(self._handle)
            raise
        return self._came()

    def _came(self) -> bool:
        with self._mutex:
            self._left = not self._called.is_set()
            return not self._left
