"""The bytes of a source for plugins that read a format of their own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property

import attrs

from billhook.kernel.diagnostics import Diagnostic, Findings, Severity
from billhook.kernel.origin import Origin
from billhook.sources.declaration import Declaration
from billhook.sources.encoding import decode
from billhook.sources.location import KeyPath, Lines, Location, point, show_path
from billhook.sources.row_rules import RowRules
from billhook.sources.scalars import Grammar
from billhook.sources.table import SourceRow


class Content:
    """The bytes of a file, and findings with their places in it.

    Attributes:
        name: The file's name, for origins.
        data: The bytes.
        findings: Where to report what is wrong with them.
    """

    def __init__(self, name: str, data: bytes, findings: Findings) -> None:
        self.name = name
        self.data = data
        self.findings = findings
        self._encoding = "utf-8"

    def text(self, encoding: str = "utf-8") -> str | None:
        """Return the bytes as text, or nothing, after having said where they are none (BH113)."""
        self._encoding = encoding
        return decode(self.data, encoding, self.name, self.findings)

    def origin(self, offset: int, path: str | None = None) -> Origin:
        """Return the place of a character of `text` as an origin, to the column."""
        return Origin(self.name, *self._lines.at(offset), path=path)

    def location(self, offset: int, width: int = 1, path: str | None = None) -> Location:
        """Return the place of a character of `text`, with its line for the reader.

        Args:
            offset: Index of the character.
            width: How many characters to mark.
            path: The name of the value inside the file.
        """
        place = point(self.name, self._lines, *self._lines.at(offset), width)
        return attrs.evolve(place, path=path)

    def report(
        self,
        code: str,
        message: str,
        location: Location | Origin | None = None,
        *,
        hint: str | None = None,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Report what is wrong, at its place.

        Args:
            code: A code of the plugin.
            message: What was found and what was expected.
            location: Where; a binary format gives an origin with a path, ``record 7``.
            hint: What to do.
            severity: ``ERROR`` stops the work.
        """
        found = location
        if not isinstance(found, Location):
            found = Location(found or Origin(self.name), found.path if found else None)
        self.findings.add(
            Diagnostic(
                code, message, severity, found.origin, found.path, hint, found.excerpt, found.width
            )
        )

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self.data.decode(self._encoding, "replace").removeprefix("\ufeff"))


@attrs.frozen(kw_only=True)
class ParsedRow:
    """A record as a plugin found it in the bytes of a source.

    Attributes:
        values: By attribute name; texts may stand for numbers, dates and truth values.
        origin: Where the record stands.
        places: Where values stand, by attribute name, if that is known better.
    """

    values: Mapping[str, object]
    origin: Origin
    places: Mapping[str, Location] = attrs.field(factory=dict)


class ParsedTable:
    """The rows that a plugin parsed; see `billhook.sources.table.SourceTable`."""

    header: Sequence[str] | None = None

    def __init__(self, rows: Iterable[ParsedRow], declaration: Declaration | None = None) -> None:
        self.grammar = Grammar(quoted=True, bare=True)
        self.rules: RowRules | None = None
        self.ignored: Collection[str] = ()
        if declaration is not None:
            self.grammar = Grammar.declared(declaration, bare=True)
            self.rules = RowRules(declaration)
            self.ignored = declaration.ignore
        self._places: dict[int, Mapping[str, Location]] = {}
        self._name = declaration.title if declaration else ""
        self.rows: list[SourceRow] = list(self._read(rows))

    def _read(self, rows: Iterable[ParsedRow]) -> Iterable[SourceRow]:
        for number, parsed in enumerate(rows, start=1):
            values = {name: value for name, value in parsed.values.items() if value is not None}
            if self.rules is not None:
                if not self.rules.wants(values, Location(parsed.origin)):
                    continue
                values = dict(self.rules.shape(values))
            self._places[number] = parsed.places
            yield SourceRow(values, parsed.origin, self, number)

    def own_name(self, name: str) -> str:
        """Return the attribute's name: a plugin has given them."""
        return name

    def place(self, row: SourceRow, path: KeyPath) -> Location:
        """Return the place of a value as the plugin gave it, or of the record."""
        known = self._places.get(row.number, {}).get(str(path[0])) if path else None
        if known is not None:
            return known
        inner = show_path(path) if path else None
        parts = [part for part in (row.origin.path, inner) if part]
        return Location(row.origin, ": ".join(parts) or None)

    def column(self, name: str | None) -> Location:
        """Return the file: rows have keys of their own."""
        del name
        return Location(Origin(self._name))
