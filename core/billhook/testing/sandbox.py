"""A sandbox for compute hooks: inside it, files and network are refused."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_closed: ContextVar[bool] = ContextVar("billhook_sandbox_closed", default=False)
_installed: list[bool] = []


class SandboxError(RuntimeError):
    """A compute hook reached outside."""


@contextmanager
def sandbox() -> Iterator[None]:
    """Refuse every opened file, started process and socket while the block runs."""
    if not _installed:
        sys.addaudithook(_watch)
        _installed.append(True)
    token = _closed.set(True)
    try:
        yield
    finally:
        _closed.reset(token)


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    outside = event in {"open", "os.listdir", "os.system"} or event.startswith(
        ("socket.", "subprocess.", "sqlite3.")
    )
    if outside and _closed.get():
        raise SandboxError(f"a compute hook must not reach outside: {event} {arguments[:1]}")
