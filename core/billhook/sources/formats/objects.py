"""Rows of Python objects, as an ERP hands them over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from billhook.kernel.diagnostics import Findings
from billhook.kernel.origin import Origin
from billhook.sources import codes
from billhook.sources.bad_value import BadValueError, show_value
from billhook.sources.location import KeyPath, Location, report, show_path
from billhook.sources.scalars import OBJECTS
from billhook.sources.source_table import SourceRow


class ObjectTable:
    """The rows of mappings; see `billhook.sources.source_table.SourceTable`."""

    header = None
    grammar = OBJECTS
    ignored: tuple[str, ...] = ()
    rules = None

    def __init__(
        self, name: str, mappings: Iterable[Mapping[str, object]], findings: Findings
    ) -> None:
        self._name = name
        self.rows: list[SourceRow] = []
        for number, item in enumerate(mappings, start=1):
            self._add(number, item, findings)

    def _add(self, number: int, item: object, findings: Findings) -> None:
        origin = Origin(self._name, path=f"row {number}")
        if isinstance(item, Mapping):
            values = {str(key): value for key, value in item.items() if value is not None}
            if isinstance(key := values.get("key"), int) and not isinstance(key, bool):
                values["key"] = str(key)  # the row's number in a database
            self.rows.append(SourceRow(values, origin, self, number))
        else:
            mistake = BadValueError(codes.SHAPE, f"expected a mapping, got {show_value(item)}")
            report(findings, mistake, Location(origin, origin.path))

    def place(self, row: SourceRow, path: KeyPath) -> Location:
        """Return the number of the row, with the key."""
        name = f"{row.origin.path}: {show_path(path)}" if path else row.origin.path
        return Location(row.origin, name)

    def own_name(self, name: str) -> str:
        """Return the attribute's name: mappings have no other."""
        return name

    def column(self, name: str | None) -> Location:
        """Return the source's name; mappings have keys of their own."""
        del name
        return Location(Origin(self._name))
