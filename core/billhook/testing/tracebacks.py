"""The tracebacks of plugins whose errors became findings: an author wants the line."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

_LOG = logging.getLogger("billhook")


class _Collecting(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.setFormatter(logging.Formatter("%(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one text."""
        self.texts.append(self.format(record))


@contextmanager
def tracebacks() -> Iterator[list[str]]:
    """Give a list that is filled with the tracebacks of what breaks in the block."""
    handler, level = _Collecting(), _LOG.level
    _LOG.addHandler(handler)
    _LOG.setLevel(logging.DEBUG)
    try:
        yield handler.texts
    finally:
        _LOG.removeHandler(handler)
        _LOG.setLevel(level)
