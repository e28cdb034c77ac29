"""A source of records as the hooks see it; ring 2 reads the files."""

from __future__ import annotations

from typing import Protocol, TypeVar

from billhook.kernel.diagnostics import Findings
from billhook.model.record import Record

R = TypeVar("R", bound=Record)


class Source(Protocol):
    """One source of a job.

    Attributes:
        name: The file's name, or the system's.
        kind: What is in it, in its plugin's words: ``legal.time``, ``freight.shipments``.
        findings: Where to report what is wrong with it.
    """

    name: str
    kind: str
    findings: Findings

    def records(self, record_type: type[R]) -> tuple[R, ...]:
        """Return every good row as a record; the bad ones are reported to ``findings``."""
        ...
