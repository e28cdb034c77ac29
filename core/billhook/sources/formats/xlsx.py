"""XLSX: the values of one sheet, after the archive has been found harmless.

Numbers of a workbook are binary doubles.  They become decimals here, and only here, by their
shortest form that means the same double: what was typed as 12.35 is 12.35.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import itertools
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from billhook.kernel.diagnostics import Findings
from billhook.kernel.origin import Origin
from billhook.sources import codes
from billhook.sources.declaration import Declaration
from billhook.sources.errors import BadValueError, Unread, quoted, suggestion
from billhook.sources.formats.zip_safety import inspect
from billhook.sources.header import read_header
from billhook.sources.limits import COLUMNS, ROWS, too_many_rows
from billhook.sources.location import KeyPath, Location, report
from billhook.sources.scalars import Grammar
from billhook.sources.table import SourceRow

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

Line = tuple[int, list[object]]
"""Number of a row, from 1, and the values of its cells."""


class _Cell(Protocol):
    @property
    def value(self) -> object: ...

    @property
    def data_type(self) -> str: ...


def read_xlsx(data: bytes, declaration: Declaration, findings: Findings) -> XlsxTable | None:
    """Return the table of a workbook's sheet, or nothing, after having said why.

    The first filled row is the header.  Empty rows are none; formulas count by the value that the
    spreadsheet program saved with them.

    Args:
        data: The file's bytes.
        declaration: Sheet, names of columns, signs of numbers in text cells.
        findings: Where to report.
    """
    place = Location(Origin(declaration.title))
    try:
        return _read(data, declaration, findings, formulas=inspect(data))
    except BadValueError as found:
        report(findings, found, place)
    except Warning as warned:
        # The program that called us has made an error of what openpyxl only remarks on.
        message = f"openpyxl warns of the workbook: {warned}"
        hint = 'ignore its warnings: warnings.filterwarnings("ignore", module="openpyxl")'
        report(findings, BadValueError(codes.SYNTAX, message, hint), place)
    except Exception:  # noqa: BLE001 -- openpyxl meets damaged files with errors of every type
        mistake = BadValueError(codes.SYNTAX, "the workbook is damaged")
        report(findings, mistake, place)
    return None


def _read(
    data: bytes, declaration: Declaration, findings: Findings, *, formulas: bool
) -> XlsxTable | None:
    sources = _opened(data, values=False) if formulas else contextlib.nullcontext()
    with _opened(data, values=True) as book, sources as source:
        title = _title(book, declaration.sheet)
        table = XlsxTable(declaration, title)
        table.read(_filled(book, source, title), findings)
    return table


@contextlib.contextmanager
def _opened(data: bytes, *, values: bool) -> Iterator[Workbook]:
    import openpyxl

    book = openpyxl.load_workbook(
        io.BytesIO(data), read_only=True, data_only=values, keep_links=False
    )
    try:
        yield book
    finally:
        book.close()


def _title(book: Workbook, wanted: str | None) -> str:
    titles = [sheet.title for sheet in book.worksheets]
    if not titles:
        raise BadValueError(codes.SHAPE, "the workbook has no sheet")
    if wanted is None:
        return titles[0]
    if wanted not in titles:
        hint = suggestion(wanted, titles)
        raise BadValueError(codes.SHAPE, f"the workbook has no sheet {quoted(wanted)}", hint)
    return wanted


def _filled(book: Workbook, source: Workbook | None, title: str) -> Iterator[Line]:
    """Yield the rows that are not empty; a formula without a value is not empty."""
    rows = _rows(book, title)
    unknown = itertools.repeat(frozenset[int]()) if source is None else _formulas(source, title)
    for number, (cells, formulas) in enumerate(zip(rows, unknown, strict=False), start=1):
        _measure(number, len(cells))
        values = [_value(cell, formula=index in formulas) for index, cell in enumerate(cells)]
        while values and values[-1] is None:
            values.pop()
        if values:
            yield number, values


def _measure(rows: int, columns: int) -> None:
    if rows > ROWS:
        raise too_many_rows()
    if columns > COLUMNS:
        raise BadValueError(
            codes.LIMIT,
            f"expected at most {COLUMNS:,} columns, got {columns:,} in row {rows}",
            "delete the empty columns to the right of the table",
        )


def _rows(book: Workbook, title: str) -> Iterator[Sequence[_Cell]]:
    sheet = book[title]
    sheet.reset_dimensions()
    return sheet.iter_rows()


def _formulas(source: Workbook, title: str) -> Iterator[frozenset[int]]:
    """Yield the indices of the cells with formulas of each row."""
    for cells in _rows(source, title):
        yield frozenset(index for index, cell in enumerate(cells) if cell.data_type == "f")


def _value(cell: _Cell, *, formula: bool) -> object:
    """Return a cell's value as the other readers would give it."""
    if cell.data_type == "e":
        return Unread(codes.FORMULA, f"the cell holds the error {cell.value}")
    # A formula that came to an empty text has the type "str"; without a value, "n".
    if cell.value is None and formula and cell.data_type == "n":
        return Unread(codes.FORMULA, "the cell holds a formula that was never calculated")
    return _plain(cell.value)


def _plain(value: object) -> object:
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value)
    if isinstance(value, dt.datetime):
        return value.date() if value.time() == dt.time() else value
    if isinstance(value, dt.time):
        return _clock(value.hour * 60 + value.minute, value.second)
    if isinstance(value, dt.timedelta):
        return _clock(*divmod(value // dt.timedelta(seconds=1), 60))
    return value


def _number(value: object) -> int | Decimal:
    number = Decimal(repr(value))
    return int(number) if number == number.to_integral_value() else number


def _clock(minutes: int, seconds: int) -> str:
    text = f"{minutes // 60}:{minutes % 60:02}"
    return f"{text}:{seconds:02}" if seconds else text


class XlsxTable:
    """The rows of a sheet; see `billhook.sources.table.Table`."""

    def __init__(self, declaration: Declaration, sheet: str) -> None:
        self.rows: list[SourceRow] = []
        self.header: list[str] = []
        self.grammar: Grammar = Grammar(
            decimal=declaration.decimal,
            group=declaration.group,
            dates=declaration.dates,
            quoted=True,
            bare=True,
            loose=True,
        )
        self._declaration = declaration
        self._name = declaration.title
        self._sheet = sheet
        self._header_row = 1

    def read(self, lines: Iterator[Line], findings: Findings) -> None:
        """Read header and rows, and report what is wrong with their form."""
        first = next(lines, None)
        if first is None:
            return
        self._header_row, cells = first
        names = ["" if cell is None else _heading(cell) for cell in cells]
        self.header = read_header(names, self._declaration, self._header_place, findings) or []
        if self.header:
            self.rows = [row for row in (self._row(*line, findings) for line in lines) if row]

    def _row(self, number: int, cells: Sequence[object], findings: Findings) -> SourceRow | None:
        if len(cells) > len(self.header):
            message = f"expected {len(self.header)} cells, as in the header, got {len(cells)}"
            report(
                findings, BadValueError(codes.SHAPE, message), self._point(number, len(self.header))
            )
            return None
        values = {
            name: cell for name, cell in zip(self.header, cells, strict=False) if cell is not None
        }
        origin = Origin(self._name, number, path=f"{self._sheet}!A{number}")
        return SourceRow(values, origin, self, number)

    def place(self, row: SourceRow, path: KeyPath) -> Location:
        """Return the place of a cell, or of the row."""
        if not path or path[0] not in self.header:
            name = f": {path[0]}" if path else ""
            return Location(row.origin, f"{row.origin.path}{name}")
        return self._point(row.number, self.header.index(str(path[0])), str(path[0]))

    def column(self, name: str | None) -> Location:
        """Return the place of a column in the header, or of the header."""
        index = self.header.index(name) if name in self.header else 0
        return self._header_place(index)

    def _header_place(self, index: int) -> Location:
        return self._point(self._header_row, index)

    def _point(self, row: int, index: int, name: str | None = None) -> Location:
        from openpyxl.utils import get_column_letter

        cell = f"{self._sheet}!{get_column_letter(index + 1)}{row}"
        path = f"{cell}: {name}" if name else cell
        return Location(Origin(self._name, row, index + 1, cell), path)


def _heading(cell: object) -> str:
    return cell if isinstance(cell, str) else str(cell)
