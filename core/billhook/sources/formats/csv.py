"""CSV: strict, with the declared delimiter, and with the line and column of every field."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from billhook.kernel.diagnostics import Findings
from billhook.kernel.origin import Origin
from billhook.sources import codes
from billhook.sources.declaration import Declaration
from billhook.sources.encoding import decode
from billhook.sources.errors import BadValueError
from billhook.sources.header import read_header
from billhook.sources.limits import ROWS, too_many_rows
from billhook.sources.location import KeyPath, Location, excerpt, report
from billhook.sources.scalars import Grammar
from billhook.sources.table import SourceRow

_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_QUOTE = '"'


def read_csv(data: bytes, declaration: Declaration, findings: Findings) -> CsvTable | None:
    """Return the table of a CSV file, or nothing, after having said why.

    The first filled line is the header.  Blanks around a field are dropped; an empty field, and a
    line of nothing but delimiters, is none.

    Args:
        data: The file's bytes.
        declaration: Delimiter, encoding, signs and names of columns.
        findings: Where to report.
    """
    text = decode(data, declaration.encoding, declaration.title, findings)
    if text is None:
        return None
    table = CsvTable(declaration, list(io.StringIO(text, newline="")))
    table.read(findings)
    return table


class CsvTable:
    """The rows of a CSV file; see `billhook.sources.table.Table`."""

    def __init__(self, declaration: Declaration, lines: list[str]) -> None:
        self.rows: list[SourceRow] = []
        self.header: list[str] = []
        self.grammar: Grammar = Grammar(
            decimal=declaration.decimal,
            group=declaration.group,
            dates=declaration.dates,
            quoted=True,
            bare=True,
        )
        self._declaration = declaration
        self._name = declaration.title
        self._lines = lines
        self._header_line = 1
        self._delimiter = declaration.delimiter or ("\t" if declaration.written == "tsv" else ",")

    def read(self, findings: Findings) -> None:
        """Read header and rows, and report what is wrong with their form."""
        if not self._allowed(findings):
            return
        records = self._records(findings)
        first = next(records, None)
        if first is None:
            return
        self._header_line, cells = first
        if self._other_delimiter(cells, findings):
            return
        self.header = read_header(cells, self._declaration, self._header_place, findings) or []
        if self.header:
            self.rows = list(self._rows(records, findings))

    def _allowed(self, findings: Findings) -> bool:
        if len(self._lines) > ROWS:
            report(findings, too_many_rows(), Location(Origin(self._name)))
            return False
        for number, line in enumerate(self._lines, start=1):
            if "\0" in line:
                mistake = BadValueError(
                    codes.CHARACTER,
                    "the character U+0000 is not allowed",
                    "the file is damaged, or no text in the declared encoding",
                )
                report(findings, mistake, self._point(number, line.index("\0") + 1))
                return False
        return True

    def _records(self, findings: Findings) -> Iterator[tuple[int, list[str]]]:
        """Yield each record that is not empty with its first line."""
        reader = csv.reader(self._lines, delimiter=self._delimiter, strict=True)
        line = 1
        try:
            for fields in reader:
                cells = [field.strip() for field in fields]
                if any(cells):
                    yield line, cells
                line = reader.line_num + 1
        except csv.Error as error:
            report(findings, _syntax(error), self._point(line, 1))

    def _other_delimiter(self, cells: list[str], findings: Findings) -> bool:
        if len(cells) > 1:
            return False
        for sign, name in _DELIMITERS.items():
            if sign in cells[0]:
                mistake = BadValueError(
                    codes.HEADER,
                    f"the header has one column, but {name} in it",
                    f"if {name} divide the fields, declare delimiter = {_toml(sign)}",
                )
                report(findings, mistake, self._point(self._header_line, 1))
                return True
        return False

    def _rows(
        self, records: Iterator[tuple[int, list[str]]], findings: Findings
    ) -> Iterator[SourceRow]:
        width = len(self.header)
        for line, cells in records:
            if len(cells) != width:
                report(findings, _ragged(width, len(cells)), self._point(line, 1))
                continue
            values = {name: cell for name, cell in zip(self.header, cells, strict=True) if cell}
            yield SourceRow(values, Origin(self._name, line), self, line)

    def place(self, row: SourceRow, path: KeyPath) -> Location:
        """Return the place of a field, or of the row."""
        if not path or path[0] not in self.header:
            found = self._point(row.number, 1)
            return Location(row.origin, str(path[0]) if path else None, found.excerpt)
        return self._field(row.number, self.header.index(str(path[0])), str(path[0]))

    def column(self, name: str | None) -> Location:
        """Return the place of a column in the header, or of the header."""
        if name is None or name not in self.header:
            return self._point(self._header_line, 1)
        return self._field(self._header_line, self.header.index(name), name)

    def _header_place(self, index: int) -> Location:
        return self._field(self._header_line, index, None)

    def _field(self, first_line: int, index: int, name: str | None) -> Location:
        starts = _field_starts(self._lines, first_line, self._delimiter)
        for at, (line, start, width) in enumerate(starts):
            if at == index:
                found = self._point(line, start + 1, width)
                return Location(found.origin, name, found.excerpt, found.width)
        return self._point(first_line, 1)

    def _point(self, line: int, column: int, width: int = 1) -> Location:
        text = self._lines[line - 1] if line <= len(self._lines) else ""
        shown = excerpt(text, column, width)
        return Location(Origin(self._name, line, column), None, shown, width)


def _syntax(error: csv.Error) -> BadValueError:
    message = str(error)
    if "end of data" in message:
        return BadValueError(
            codes.SYNTAX,
            "a quoted field of this record is never closed",
            'a quote inside a quoted field is written twice: ""',
        )
    if "field larger" in message:
        return BadValueError(codes.LIMIT, "a field is too long, or a quoted field is never closed")
    return BadValueError(
        codes.SYNTAX,
        "a quoted field of this record goes on after its closing quote",
        'a quote inside a quoted field is written twice: ""',
    )


def _ragged(wanted: int, found: int) -> BadValueError:
    hint = "put a text that contains the delimiter in quotes" if found > wanted else None
    return BadValueError(
        codes.SHAPE, f"expected {wanted} fields, as in the header, got {found}", hint
    )


def _toml(sign: str) -> str:
    return '"\\t"' if sign == "\t" else f'"{sign}"'


def _field_starts(
    lines: Sequence[str], first: int, delimiter: str
) -> Iterator[tuple[int, int, int]]:
    """Yield line from 1, column from 0 and width on that line of each field of a record."""
    start, quoted, closed = (first, 0), False, (0, 0)
    for line in range(first, len(lines) + 1):
        text = lines[line - 1].rstrip("\r\n")
        for column, char in enumerate(text):
            if char == _QUOTE:
                here = (line, column)
                if quoted:
                    quoted, closed = False, here
                else:
                    # A quote opens a field, or was the first of two inside a quoted field.
                    quoted = here == start or closed == (line, column - 1)
            elif char == delimiter and not quoted:
                yield (*start, _width(start, line, column, lines))
                start = (line, column + 1)
        if not quoted:
            yield (*start, _width(start, line, len(text), lines))
            return


def _width(start: tuple[int, int], line: int, column: int, lines: Sequence[str]) -> int:
    end = column if line == start[0] else len(lines[start[0] - 1].rstrip("\r\n"))
    return max(1, end - start[1])
