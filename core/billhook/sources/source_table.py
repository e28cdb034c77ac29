"""Rows: what every table is made of, whatever its format."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

import attrs

from billhook.kernel.origin import Origin
from billhook.sources.location import KeyPath, Location
from billhook.sources.row_rules import RowRules
from billhook.sources.scalars import Grammar


class SourceTable(Protocol):
    """Rows of one source, and where their values stand."""

    @property
    def rows(self) -> Sequence[SourceRow]:
        """The good rows, in order."""
        ...

    @property
    def header(self) -> Sequence[str] | None:
        """The columns, by attribute name; ``None`` when each row has keys of its own."""
        ...

    @property
    def grammar(self) -> Grammar:
        """Grammar of the values."""
        ...

    @property
    def ignored(self) -> Collection[str]:
        """The columns to leave out, those of a preset included."""
        ...

    @property
    def rules(self) -> RowRules | None:
        """The rules that its source declares."""
        ...

    def own_name(self, name: str) -> str:
        """Return the file's own name of an attribute's column."""
        ...

    def place(self, row: SourceRow, path: KeyPath) -> Location:
        """Return the place of a value of a row, or of the row."""
        ...

    def column(self, name: str | None) -> Location:
        """Return the place of a column in the header, or of the header."""
        ...


@attrs.frozen(eq=False)
class SourceRow:
    """One row.

    Attributes:
        values: What is in it, by attribute name; empty cells are left out.  In CSV all are text.
            A value that could not be read is a `billhook.sources.bad_value.Unread`.
        origin: Where it stands.
        table: The table it belongs to, which knows where each value stands.
        number: Its number in the file, in the file's own count: a line, a row, an index.
    """

    values: Mapping[str, object]
    origin: Origin
    table: SourceTable = attrs.field(repr=False)
    number: int

    def place(self, path: KeyPath) -> Location:
        """Return the place of a value of this row; ``()`` is the row."""
        return self.table.place(self, path)

    def at(self, name: str) -> Origin:
        """Return where one value stands, to the column."""
        return self.place((name,)).origin
