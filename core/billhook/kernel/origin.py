"""Origins: the file, line and column of a fact; the last step of every explanation."""

from __future__ import annotations

import attrs


@attrs.frozen
class Origin:
    """A place in a source.

    Attributes:
        file: Name of the source as the user wrote it, or a system's name such as ``erp``.
        line: Line of the file, from 1; ``None`` when the source has no lines.
        column: Column of the line, from 1.
        path: Key path inside the source (``rates[2].per_hour``, ``Sheet1!B7``).
    """

    file: str
    line: int | None = None
    column: int | None = None
    path: str | None = None

    def __str__(self) -> str:
        place = [self.file, *(str(n) for n in (self.line, self.column) if n is not None)]
        return ":".join(place)
