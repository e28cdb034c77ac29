"""Disks that are full: what is said, and that nothing of the bills before is lost."""

from __future__ import annotations

import resource
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import attrs

from billhook.audit.verify import verify
from billhook.kernel.errors import StoreError
from billhook.store.database import open_store
from billhook.store.sql.sql_store import SqlStore
from store.office import bill, office

ROOM = 60_000
"""Bytes that are left when the writer begins."""

MOST = 2000
"""Bills after which a disk that should be full is not."""


@attrs.frozen(kw_only=True)
class Found:
    """What was acknowledged before the disk was full, what of it is gone, and what was said."""

    bills: int
    lost: int
    damage: int
    said: str

    @property
    def sound(self) -> bool:
        """Whether the disk was full, and nothing was lost or damaged by it."""
        return bool(self.said and self.bills) and not (self.lost or self.damage)


def run(way: str) -> Found | None:
    """Issue until the disk is full, make room, and issue again; ``None`` if it cannot be tried."""
    with tempfile.TemporaryDirectory() as folder:
        return WAYS[way](Path(folder))


def _limited(folder: Path) -> Found:
    with closing(open_store(folder / "billhook.db", create=True)) as store:
        size = (folder / "billhook.db").stat().st_size + ROOM
        return _fill(store, _file_size(size))


@contextmanager
def _file_size(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def _mounted(folder: Path) -> Found | None:
    with (
        tempfile.TemporaryDirectory() as empty,
        closing(open_store(Path(empty) / "x.db", create=True)),
    ):
        size = (Path(empty) / "x.db").stat().st_size + 2 * ROOM
    options = f"size={size}"
    mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        return None
    try:
        with closing(open_store(folder / "billhook.db", create=True)) as store:
            return _fill(store, _then(["mount", "-o", "remount,size=64m", str(folder)]))
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@contextmanager
def _then(command: list[str]) -> Iterator[None]:
    yield
    subprocess.run(command, check=True)


def _fill(store: SqlStore, full: AbstractContextManager[None]) -> Found:
    """Issue while the disk is small, and once more afterwards."""
    engine = office()
    told: list[str] = []
    said = ""
    with full:
        try:
            while len(told) < MOST:
                told.append(bill(engine, store, str(len(told))).digest)
        except StoreError as error:
            said = str(error)
    told.append(bill(engine, store, "afterwards").digest)
    with store.read() as reading:
        kept = {entry.digest for entry in reading.entries()}
    return Found(
        bills=len(told),
        lost=len(set(told) - kept) + len(kept) - len(told),
        damage=len(store.check()) + len(verify(store, engine.plugins).findings),
        said=said,
    )


WAYS: dict[str, Callable[[Path], Found | None]] = {
    "a limit on the size of files": _limited,
    "a small file system": _mounted,
}
