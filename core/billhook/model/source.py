"""A source of records as the hooks see it; `billhook.sources` reads the files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol, TypeVar

import attrs

from billhook.kernel.diagnostics import Findings, Severity
from billhook.kernel.origin import Origin
from billhook.model.record import Record

R = TypeVar("R", bound=Record)


@attrs.frozen(kw_only=True)
class ParsedRow:
    """A record as a plugin found it in the bytes of a source.

    Attributes:
        values: By attribute name; texts may stand for numbers, dates and truth values.
        origin: Where the record stands.
        places: Where its values stand, by attribute name, as far as that is known better.
    """

    values: Mapping[str, object]
    origin: Origin
    places: Mapping[str, Origin] = attrs.field(factory=dict)


class SourceContent(Protocol):
    """The bytes of a file, for a plugin that reads a format of its own.

    Attributes:
        name: The file's name, for origins.
        data: The bytes.
        findings: Where what is wrong with them is reported.
    """

    name: str
    data: bytes
    findings: Findings

    def text(self, encoding: str = "utf-8") -> str | None:
        """Return the bytes as text, or nothing, after having said where they are none."""
        ...

    def origin(self, offset: int, path: str | None = None) -> Origin:
        """Return the place of a character of `text` as an origin, to the column."""
        ...

    def report(
        self,
        code: str,
        message: str,
        origin: Origin | None = None,
        *,
        hint: str | None = None,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Report what is wrong, with the line at its place when the file has lines."""
        ...


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

    def content(self) -> SourceContent | None:
        """Return the bytes of the source, whatever its format, or nothing, after a finding."""
        ...

    def records_of(self, rows: Iterable[ParsedRow], record_type: type[R]) -> tuple[R, ...]:
        """Return rows that a plugin parsed as records, checked as the core checks its own."""
        ...
