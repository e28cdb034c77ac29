"""Tables of cells, CSV and XLSX alike: a header, and rows under it."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Sequence
from typing import Protocol

from billhook.kernel.diagnostics import Findings, Severity
from billhook.kernel.origin import Origin
from billhook.sources import codes
from billhook.sources.bad_value import BadValueError, quote
from billhook.sources.declaration import NAMELESS, Declaration
from billhook.sources.header import (
    SEARCHED_ROWS,
    Cells,
    Header,
    find_header,
    ignores_nameless,
    nameless,
    read_header,
)
from billhook.sources.location import KeyPath, Location, report
from billhook.sources.presets import apply_preset
from billhook.sources.row_rules import SHOWN_ROWS, RowRules, looks_like_total
from billhook.sources.scalars import Grammar
from billhook.sources.source_table import SourceRow

HIDDEN_ROW = "hidden in the workbook"


class Grid(Protocol):
    """A file of rows and cells that knows where they stand."""

    cells: str
    """Word for a cell in messages."""

    hidden: Collection[int]
    """Numbers of the rows that are hidden."""

    def point(self, row: int, column: int | None, name: str | None = None) -> Location:
        """Return the place of a cell by row as the file counts and column from 0, or of a row."""
        ...

    def origin(self, row: int) -> Origin:
        """Return the origin of the record in a row."""
        ...

    def merged_span(self, row: int) -> Sequence[tuple[int, int]]:
        """Return first and last column, from 0, of the merged cells of a row."""
        ...

    def header_fault(self, cells: Sequence[object]) -> BadValueError | None:
        """Return what the format finds wrong with the cells of a header."""
        ...


class TabularTable:
    """The rows of a table of cells; see `billhook.sources.source_table.SourceTable`.

    Attributes:
        names: The file's own names of columns; empty for a column without one.
        head: The first filled rows, where a header was looked for.
        nameless: What is wrong with columns that hold something and have no name; it is reported
            once the header is known to be one.
    """

    def __init__(self, declaration: Declaration, grid: Grid, *, loose: bool = False) -> None:
        self.rows: list[SourceRow] = []
        self.header: list[str] = []
        self.names: Sequence[str] = ()
        self.head: Sequence[Cells] = ()
        self.nameless: list[tuple[BadValueError, Location]] = []
        self._rules = RowRules(declaration)
        self.grammar: Grammar = Grammar.from_declaration(declaration, bare=True, loose=loose)
        self._declaration = declaration
        self._grid = grid
        self._header_row = 1
        self._columns: dict[str, int] = {}

    def read(self, rows: Iterator[Cells], attributes: Collection[str], findings: Findings) -> None:
        """Read header and rows, and report what is wrong with their form.

        Args:
            rows: The rows that are not empty.
            attributes: Those of the records, for a preset.
            findings: Where to report.
        """
        searched = max(SEARCHED_ROWS, self._declaration.header_row + self._declaration.header_rows)
        self.head = tuple(itertools.islice(rows, searched))
        if not self.head:
            return
        header = self._find(findings)
        if header is None or not self._apply(header, attributes, findings):
            return
        behind = itertools.chain(self.head[header.rest :], rows)
        self.rows = list(self._good(behind, findings))
        self._rules.report_left_out(findings)

    def _find(self, findings: Findings) -> Header | None:
        try:
            header = find_header(self.head, self._declaration, self._grid.merged_span)
        except BadValueError as mistake:
            report(findings, mistake, self._grid.point(self._declaration.header_row, None))
            return None
        self._header_row = header.row
        fault = self._grid.header_fault(self.head[header.rest - 1][1])
        if fault is not None:
            report(findings, fault, self._header_place(0))
            return None
        return header

    def _apply(self, header: Header, attributes: Collection[str], findings: Findings) -> bool:
        """Read the header with the source's rules for it; return whether rows can be read."""
        self.names = header.names
        here = self._grid.point(header.row, 0)
        try:
            self._declaration = apply_preset(self._declaration, header.names, attributes)
        except BadValueError as mistake:
            report(findings, mistake, here)
            return False
        self._rules = RowRules(self._declaration)
        self.grammar = Grammar.from_declaration(
            self._declaration, bare=True, loose=self.grammar.loose
        )
        names = read_header(header.names, self._declaration, self._header_place, findings)
        if names is None or not self._rules.check_columns({*header.names}, here, findings):
            return False
        self.header = [name for name in names if name != NAMELESS]
        self._columns = {name: index for index, name in enumerate(names) if name != NAMELESS}
        return bool(self._columns)

    def _good(self, rows: Iterator[Cells], findings: Findings) -> Iterator[SourceRow]:
        names = self.names
        hidden: list[int] = []
        empty = (
            []
            if ignores_nameless(self._declaration)
            else [index for index, name in enumerate(names) if not name]
        )
        named = [(index, name) for index, name in enumerate(names) if name]
        text = self._grid.cells == "fields"
        skips_hidden = self._declaration.hidden == "skip"
        for number, cells in rows:
            last = len(cells)
            wide = last > len(names)
            # Half of a text with an unquoted delimiter may look like a reason to leave a row out.
            if wide and text and self._is_wide(number, cells, findings):
                continue
            raw = {
                name: cell
                for index, name in named
                if index < last and (cell := cells[index]) is not None and cell != ""
            }
            reason = self._rules.reason_against(raw)
            if reason is None and skips_hidden and number in self._grid.hidden:
                reason = HIDDEN_ROW
            if reason is not None:
                self._rules.leave_out(reason, Location(self._grid.origin(number)))
                continue
            if last < len(names) and self._is_short(number, cells, findings):
                continue
            if wide and not text and self._is_wide(number, cells, findings):
                continue
            if number in self._grid.hidden:
                hidden.append(number)
            if empty and any(index < last and cells[index] for index in empty):
                index = next(index for index in empty if index < last and cells[index])
                mistake = nameless(names, f"row {number}")
                self.nameless.append((mistake, self._header_place(index)))
                empty = []
            row = SourceRow(self._rules.shape(raw), self._grid.origin(number), self, number)
            self._warn_of_total(row, findings)
            yield row
        if hidden and self._declaration.hidden == "warn":
            self._warn_of_hidden(hidden, findings)

    def _warn_of_hidden(self, rows: Sequence[int], findings: Findings) -> None:
        named = ", ".join(map(str, rows[:SHOWN_ROWS])) + (", …" if len(rows) > SHOWN_ROWS else "")
        what = (
            f"row {named} is hidden, and is read"
            if len(rows) == 1
            else (f"{len(rows):,} hidden rows are read: {named}")
        )
        hint = 'hidden = "skip" leaves them out, hidden = "read" reads them without a warning'
        place = Location(self._grid.origin(rows[0]))
        report(findings, BadValueError(codes.HIDDEN, what, hint), place, Severity.WARNING)

    def _is_wide(self, number: int, cells: Sequence[object], findings: Findings) -> bool:
        """Report a row with cells beyond the header, unless these are empty."""
        width = len(self.names)
        if not any(cell is not None and cell != "" for cell in cells[width:]):
            return False
        if ignores_nameless(self._declaration):
            # In a text file the surplus may be half of a text with an unquoted delimiter.
            return (
                False
                if self._grid.cells == "cells"
                else self._report_shape(number, cells, findings)
            )
        return self._report_shape(number, cells, findings)

    def _is_short(self, number: int, cells: Sequence[object], findings: Findings) -> bool:
        """Report a row of a text file with fewer fields than the header."""
        named = max(self._columns.values()) + 1
        if self._grid.cells == "cells" or len(cells) >= named:
            return False
        return self._report_shape(number, cells, findings)

    def _report_shape(self, number: int, cells: Sequence[object], findings: Findings) -> bool:
        width, what = len(self.names), self._grid.cells
        message = f"expected {width} {what}, as in the header, got {len(cells)}"
        hint, column = None, None
        if what == "cells":
            hint = 'name the column, or leave out columns without a name with ignore = [""]'
            column = width
        elif len(cells) > width:
            hint = "put a text that contains the delimiter in quotes"
        place = self._grid.point(number, 0 if column is None else column)
        report(findings, BadValueError(codes.SHAPE, message, hint), place)
        return True

    def _warn_of_total(self, row: SourceRow, findings: Findings) -> None:
        name = looks_like_total(row.values)
        if name is None:
            return
        column = self.own_name(name)
        message = f"the row reads like a total: {quote(str(row.values[name]))}"
        hint = f'leave such rows out: skip = {{ "{column}" = ["{row.values[name]}"] }}'
        mistake = BadValueError(codes.TOTAL, message, hint)
        report(findings, mistake, row.place((name,)), Severity.WARNING)

    def own_name(self, name: str) -> str:
        """Return the file's own name of an attribute's column."""
        return self._declaration.columns.get(name, name)

    @property
    def rules(self) -> RowRules:
        """The rules that the source and its preset declare."""
        return self._rules

    @property
    def is_declared(self) -> bool:
        """Return whether the source says which columns the file has."""
        return bool(self._declaration.columns or self._declaration.preset)

    @property
    def ignored(self) -> Collection[str]:
        """The columns to leave out, those of a preset included."""
        return self._declaration.ignore

    def place(self, row: SourceRow, path: KeyPath) -> Location:
        """Return the place of a cell, or of the row."""
        if not path or path[0] not in self._columns:
            return self._grid.point(row.number, None, str(path[0]) if path else None)
        name = str(path[0])
        return self._grid.point(row.number, self._columns[name], name)

    def column(self, name: str | None) -> Location:
        """Return the place of a column in the header, or of the header."""
        if name is None or name not in self._columns:
            return self._header_place(0)
        return self._grid.point(self._header_row, self._columns[name], name)

    def _header_place(self, index: int) -> Location:
        return self._grid.point(self._header_row, index)
