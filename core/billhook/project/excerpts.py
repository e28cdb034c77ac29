"""Excerpts: the line behind a plugin's finding, and in it the field that its path names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import attrs

from billhook.kernel.diagnostics import Diagnostic, Findings
from billhook.kernel.origin import Origin
from billhook.model.source import Source
from billhook.sources.file_reading import read_bytes
from billhook.sources.location import Lines, Location, point
from billhook.sources.source import TableSource
from billhook.sources.source_table import SourceRow

_TOKEN = re.compile(r"\[\[?[^\]]*\]\]?|[\w.-]+")


class Excerpts:
    """Finds what stands at the place of a finding; files are read when they are asked for.

    Args:
        sources: The sources of the job, which know the places of their fields.
        folder: The project's folder; names in findings are relative to it.
    """

    def __init__(self, sources: Iterable[Source], folder: Path) -> None:
        self._tables = {each.name: each for each in sources if isinstance(each, TableSource)}
        self._folder = folder
        self._rows = cache(self._rows_of)
        self._lines = cache(self._lines_of)

    def shown(self, finding: Diagnostic) -> Diagnostic:
        """Return a finding with its excerpt, and with its column if the path names a field."""
        origin = finding.origin
        if finding.excerpt is not None or origin is None or origin.line is None:
            return finding
        row = self._rows(origin.file).get(origin.line) if origin.file in self._tables else None
        place = _in_row(row, finding.path) if row else self._in_file(origin)
        if place is None or place.excerpt is None:
            return finding
        exact = origin if origin.column or not place.origin.column else place.origin
        return attrs.evolve(finding, origin=exact, excerpt=place.excerpt, width=place.width)

    def _rows_of(self, name: str) -> Mapping[int, SourceRow]:
        return {row.origin.line: row for row in self._tables[name].rows() if row.origin.line}

    def _in_file(self, origin: Origin) -> Location | None:
        lines = self._lines(origin.file)
        if lines is None or origin.line is None:
            return None
        column = origin.column or 1
        token = _TOKEN.match(lines.line(origin.line), column - 1)
        place = point(origin.file, lines, origin.line, column, len(token[0]) if token else 1)
        return attrs.evolve(place, origin=origin)

    def _lines_of(self, name: str) -> Lines | None:
        path = self._folder / name
        data = read_bytes(path, name, Findings()) if path.is_file() else None
        try:
            return None if data is None else Lines(data.decode())
        except UnicodeDecodeError:
            return None


def _in_row(row: SourceRow, path: str | None) -> Location:
    if path is not None and path in row.values:
        return row.place((path,))
    return row.place(())
