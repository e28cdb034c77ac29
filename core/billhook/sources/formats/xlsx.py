"""XLSX: the values of one sheet, after the archive has been found harmless.

Numbers of a workbook are binary doubles.  They become decimals here, and only here: by their
shortest form that means the same double, to 15 significant digits, which is as far as spreadsheet
programs go themselves.  What was typed as 12.35 is 12.35, and the sum of 0.1 and 0.2 is 0.3.  A
cell that shows a percentage is what it shows: 50, not 0.5.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import itertools
from collections.abc import Collection, Iterator, Sequence
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Protocol, cast

from billhook.kernel.diagnostics import Findings, Severity
from billhook.kernel.origin import Origin
from billhook.sources import codes
from billhook.sources.bad_value import BadValueError, Unread, quote, suggestion
from billhook.sources.declaration import Declaration
from billhook.sources.formats.sheet_layout import SheetLayout, read_layout, shows_percent
from billhook.sources.formats.zip_safety import inspect
from billhook.sources.limits import COLUMNS, ROWS, too_many_rows
from billhook.sources.location import Location, report
from billhook.sources.tabular import TabularTable

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_DIGITS = Context(prec=15)
"""Significant digits of a workbook's numbers."""

Line = tuple[int, list[object]]
"""Number of a row, from 1, and the values of its cells."""


class _Cell(Protocol):
    @property
    def value(self) -> object: ...

    @property
    def data_type(self) -> str: ...

    @property
    def number_format(self) -> str | None: ...


def read_xlsx(
    data: bytes, declaration: Declaration, findings: Findings, attributes: Collection[str] = ()
) -> TabularTable | None:
    """Return the table of a workbook's sheet, or nothing, after having said why.

    Empty rows are none; formulas count by the value that the spreadsheet program saved with them.

    Args:
        data: The file's bytes.
        declaration: Sheet, names of columns, signs of numbers in text cells.
        findings: Where to report.
        attributes: Those of the records, for a preset.
    """
    place = Location(Origin(declaration.title))
    try:
        return _read(data, declaration, findings, attributes, formulas=inspect(data))
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
    data: bytes,
    declaration: Declaration,
    findings: Findings,
    attributes: Collection[str],
    *,
    formulas: bool,
) -> TabularTable | None:
    sources = _open_workbook(data, values=False) if formulas else contextlib.nullcontext()
    with _open_workbook(data, values=True) as book, sources as source:
        title = _title(book, declaration, findings)
        grid = _Sheet(declaration.title, title, read_layout(data, title))
        table = TabularTable(declaration, grid, loose=True)
        table.read(_read_rows(book, source, title), attributes, findings)
    return table


@contextlib.contextmanager
def _open_workbook(data: bytes, *, values: bool) -> Iterator[Workbook]:
    import openpyxl

    book = openpyxl.load_workbook(
        io.BytesIO(data), read_only=True, data_only=values, keep_links=False
    )
    try:
        yield book
    finally:
        book.close()


def _title(book: Workbook, declaration: Declaration, findings: Findings) -> str:
    """Return the name of the sheet to read: the declared one, or the first that can be seen."""
    wanted = declaration.sheet
    titles = [sheet.title for sheet in book.worksheets]
    if not titles:
        raise BadValueError(codes.SHAPE, "the workbook has no sheet")
    if wanted is not None and wanted not in titles:
        hint = suggestion(wanted, titles)
        raise BadValueError(codes.SHAPE, f"the workbook has no sheet {quote(wanted)}", hint)
    hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    if wanted is None:
        wanted = next((title for title in titles if title not in hidden), titles[0])
    _report_hidden(wanted, hidden, declaration, findings)
    return wanted


def _report_hidden(
    title: str, hidden: Sequence[str], declaration: Declaration, findings: Findings
) -> None:
    place = Location(Origin(declaration.title))
    if title in hidden and declaration.hidden != "read":
        message = f"the sheet {quote(title)}, which is read, is hidden"
        hint = 'hidden = "read" reads what is hidden without a warning'
        report(findings, BadValueError(codes.HIDDEN, message, hint), place, Severity.WARNING)
    others = ", ".join(quote(each) for each in hidden if each != title)
    if others:
        message = f"the workbook has hidden sheets that are not read: {others}"
        report(findings, BadValueError(codes.HIDDEN, message), place, Severity.INFO)


def _read_rows(book: Workbook, source: Workbook | None, title: str) -> Iterator[Line]:
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
    return cast("Iterator[Sequence[_Cell]]", sheet.iter_rows())


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
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value, percent=shows_percent(cell.number_format or ""))
    return _plain(value)


def _plain(value: object) -> object:
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, dt.datetime):
        return value.date() if value.time() == dt.time() else value
    if isinstance(value, dt.time):
        return _clock(value.hour * 60 + value.minute, value.second)
    if isinstance(value, dt.timedelta):
        return _clock(*divmod(value // dt.timedelta(seconds=1), 60))
    return value


def _number(value: object, *, percent: bool) -> int | Decimal:
    number = _DIGITS.create_decimal(repr(value))
    if percent:
        number = number.scaleb(2, _DIGITS)
    if number == number.to_integral_value():
        return int(number)
    return Decimal(f"{number.normalize(_DIGITS):f}")


def _clock(minutes: int, seconds: int) -> str:
    text = f"{minutes // 60}:{minutes % 60:02}"
    return f"{text}:{seconds:02}" if seconds else text


class _Sheet:
    """The cells of a sheet; see `billhook.sources.tabular.Grid`."""

    cells = "cells"

    def __init__(self, name: str, title: str, layout: SheetLayout) -> None:
        self._name = name
        self._title = title
        self._layout = layout
        self.hidden: Collection[int] = layout.hidden

    def header_fault(self, cells: Sequence[object]) -> BadValueError | None:
        """Return nothing: cells need no delimiter."""
        del cells
        return None

    def merged_span(self, row: int) -> Sequence[tuple[int, int]]:
        """Return first and last column of the merged cells of a row."""
        return self._layout.merged.get(row, ())

    def origin(self, row: int) -> Origin:
        """Return the origin of the record in a row."""
        return Origin(self._name, row, path=f"{self._title}!A{row}")

    def point(self, row: int, column: int | None, name: str | None = None) -> Location:
        """Return the place of a cell, or of a row."""
        from openpyxl.utils import get_column_letter

        origin = self.origin(row)
        if column is None:
            return Location(origin, f"{origin.path}: {name}" if name else origin.path)
        cell = f"{self._title}!{get_column_letter(column + 1)}{row}"
        path = f"{cell}: {name}" if name else cell
        return Location(Origin(self._name, row, column + 1, cell), path)
