"""CSV: strict, with the declared delimiter, and with the line and column of every field."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Sequence

from billhook.kernel.diagnostics import Findings
from billhook.kernel.origin import Origin
from billhook.sources import codes
from billhook.sources.bad_value import BadValueError
from billhook.sources.declaration import Declaration
from billhook.sources.encoding import decode
from billhook.sources.limits import ROWS, too_many_rows
from billhook.sources.location import Location, excerpt, report
from billhook.sources.tabular import TabularTable

_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_QUOTE = '"'


def read_csv(
    data: bytes, declaration: Declaration, findings: Findings, attributes: Collection[str] = ()
) -> TabularTable | None:
    """Return the table of a CSV file, or nothing, after having said why.

    Blanks around a field are dropped; an empty field, and a line of nothing but delimiters, is
    none.

    Args:
        data: The file's bytes.
        declaration: Delimiter, encoding, signs and names of columns.
        findings: Where to report.
        attributes: Those of the records, for a preset.
    """
    text = decode(data, declaration.encoding, declaration.title, findings)
    if text is None:
        return None
    grid = _CsvGrid(declaration, list(io.StringIO(text, newline="")))
    table = TabularTable(declaration, grid)
    if grid.is_allowed(findings):
        table.read(grid.records(findings), attributes, findings)
    return table


class _CsvGrid:
    """The lines of a CSV file; see `billhook.sources.tabular.Grid`."""

    cells = "fields"
    hidden: Collection[int] = ()

    def __init__(self, declaration: Declaration, lines: list[str]) -> None:
        self._name = declaration.title
        self._lines = lines
        self._delimiter = declaration.delimiter or ("\t" if declaration.written == "tsv" else ",")

    def is_allowed(self, findings: Findings) -> bool:
        """Report what no CSV file may have; return whether there is nothing of it."""
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
                report(findings, mistake, self._at(number, line.index("\0") + 1))
                return False
        return True

    def records(self, findings: Findings) -> Iterator[tuple[int, list[str]]]:
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
            report(findings, _syntax(error), self._at(line, 1))

    def header_fault(self, cells: Sequence[object]) -> BadValueError | None:
        """Return that the header has one column, when another delimiter is in it."""
        for sign, name in _DELIMITERS.items() if len(cells) == 1 else ():
            if sign in str(cells[0]):
                return BadValueError(
                    codes.HEADER,
                    f"the header has one column, but {name} in it",
                    f"if {name} divide the fields, declare delimiter = {_toml(sign)}",
                )
        return None

    def merged_span(self, row: int) -> Sequence[tuple[int, int]]:
        """Return nothing: a text file has no merged cells."""
        del row
        return ()

    def origin(self, row: int) -> Origin:
        """Return the origin of a record: its first line."""
        return Origin(self._name, row)

    def point(self, row: int, column: int | None, name: str | None = None) -> Location:
        """Return the place of a field, or of a record."""
        if column is None:
            return Location(self.origin(row), name, self._at(row, 1).excerpt)
        for at, (line, start, width) in enumerate(_field_starts(self._lines, row, self._delimiter)):
            if at == column:
                found = self._at(line, start + 1, width)
                return Location(found.origin, name, found.excerpt, found.width)
        return self._at(row, 1)

    def _at(self, line: int, column: int, width: int = 1) -> Location:
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
