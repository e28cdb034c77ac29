"""Where test databases stand: in memory where there is room, for a real disk is only slow."""

from __future__ import annotations

import shutil
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108 - folders in it are made with random names
_ROOM = 2**30


def memory() -> Path | None:
    """Return a folder in memory, if the system has one with room."""
    roomy = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free >= _ROOM
    return _MEMORY if roomy else None
