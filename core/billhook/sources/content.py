"""The bytes of a source for plugins that read a format of their own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import attrs

from billhook.kernel.diagnostics import Diagnostic, Findings, Severity
from billhook.kernel.origin import Origin
from billhook.model.source import ParsedRow
from billhook.sources.declaration import Declaration
from billhook.sources.encoding import decode
from billhook.sources.location import KeyPath, Lines, Location, excerpt, show_path
from billhook.sources.row_rules import RowRules
from billhook.sources.scalars import Grammar
from billhook.sources.source_table import SourceRow


class FileContent:
    """The bytes of a file; a `billhook.model.source.SourceContent`.

    Attributes:
        name: The file's name, for origins.
        data: The bytes.
        findings: Where what is wrong with them is reported.
    """

    def __init__(self, name: str, data: bytes, findings: Findings) -> None:
        self.name = name
        self.data = data
        self.findings = findings
        self._text: str | None = None

    def text(self, encoding: str = "utf-8") -> str | None:
        """Return the bytes as text, or nothing, after having said where they are none (BH113)."""
        self._text = decode(self.data, encoding, self.name, self.findings)
        return self._text

    def origin(self, offset: int, path: str | None = None) -> Origin:
        """Return the place of a character of `text` as an origin, to the column."""
        return Origin(self.name, *self._lines.at(offset), path=path)

    def location(self, origin: Origin, path: str | None = None) -> Location:
        """Return an origin as a place that shows its line, when the bytes were read as text."""
        shown = None
        if self._text is not None and origin.line is not None:
            shown = excerpt(self._lines.line(origin.line), origin.column or 1)
        return Location(origin, path or origin.path, shown)

    def report(
        self,
        code: str,
        message: str,
        origin: Origin | None = None,
        *,
        hint: str | None = None,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Report what is wrong, with the line at its place when the bytes were read as text.

        Args:
            code: A code of the plugin.
            message: What was found and what was expected.
            origin: Where; a binary format gives an origin with a path, ``record 7``.
            hint: What to do.
            severity: ``ERROR`` stops the work.
        """
        found = self.location(origin or Origin(self.name))
        self.findings.add(
            Diagnostic(code, message, severity, found.origin, found.path, hint, found.excerpt)
        )

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self._text or "")


class ParsedTable:
    """The rows that a plugin parsed; see `billhook.sources.source_table.SourceTable`."""

    header: Sequence[str] | None = None

    def __init__(
        self,
        rows: Iterable[ParsedRow],
        declaration: Declaration | None = None,
        content: FileContent | None = None,
    ) -> None:
        self.grammar: Grammar = Grammar(quoted=True, bare=True)
        self.rules: RowRules | None = None
        self.ignored: Collection[str] = ()
        if declaration is not None:
            self.grammar = Grammar.from_declaration(declaration, bare=True)
            self.rules = RowRules(declaration)
            self.ignored = declaration.ignore
        self._content = content
        self._places: dict[int, Mapping[str, Origin]] = {}
        self._name = declaration.title if declaration else ""
        self.rows: list[SourceRow] = list(self._read(rows))

    def _read(self, rows: Iterable[ParsedRow]) -> Iterator[SourceRow]:
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
        inner = show_path(path) if path else None
        known = self._places.get(row.number, {}).get(str(path[0])) if path else None
        parts = [part for part in (row.origin.path, inner) if part]
        name = (known.path if known else None) or ": ".join(parts) or None
        origin = known or row.origin
        if self._content is None:
            return Location(origin, name)
        return attrs.evolve(self._content.location(origin), path=name)

    def column(self, name: str | None) -> Location:
        """Return the file: rows have keys of their own."""
        del name
        return Location(Origin(self._name))
