"""Header of a table: its rows, and the names of its columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import attrs

from billhook.kernel.diagnostics import Findings
from billhook.sources import codes
from billhook.sources.bad_value import BadValueError, quote, suggestion
from billhook.sources.declaration import ALL, NAMELESS, Declaration
from billhook.sources.limits import COLUMNS
from billhook.sources.location import Location, report
from billhook.sources.presets import PRESETS
from billhook.sources.row_rules import fold
from billhook.sources.text_rules import clean_text

Locate = Callable[[int], Location]
"""The place of a column by its index from 0."""

Cells = tuple[int, Sequence[object]]
"""Number of a row, as the file counts, and its cells."""

SEARCHED_ROWS = 100
"""Filled rows in which a header with the declared columns is looked for."""


@attrs.frozen
class Header:
    """A header that was found.

    Attributes:
        row: Number of its last row, whose cells are the places of the columns.
        names: The file's own names, on one line each; empty for a column without one.
        rest: Index of the first row behind it.
    """

    row: int
    names: Sequence[str]
    rest: int


Merged = Callable[[int], Sequence[tuple[int, int]]]
"""First and last column of the merged cells of a row."""


def find_header(
    rows: Sequence[Cells], declaration: Declaration, merged: Merged = lambda _: ()
) -> Header:
    """Return the header among the first filled rows.

    It stands in the declared row; else it is the first row that has all declared columns, or those
    of the preset; else the first.

    Args:
        rows: The first filled rows, at least one.
        declaration: Says where the header is, or which columns it has.
        merged: Which cells of an upper row stand over several columns.

    Raises:
        BadValueError: The declared row is empty (BH111).
    """
    if declaration.header_row:
        for index, (number, _) in enumerate(rows):
            if number == declaration.header_row:
                return _join_rows(rows, index, declaration.header_rows, merged)
        message = f"row {declaration.header_row}, where the header is declared to be, is empty"
        raise BadValueError(codes.HEADER, message, "header_row counts as the file does, from 1")
    signatures = _signatures(declaration)
    for index in range(len(rows) if signatures else 0):
        found = _join_rows(rows, index, declaration.header_rows, merged)
        if any(signature <= {*found.names} for signature in signatures):
            return found
    return _join_rows(rows, 0, declaration.header_rows, merged)


def _signatures(declaration: Declaration) -> list[frozenset[str]]:
    """Return the sets of columns of which one must be in the header."""
    own = frozenset(map(fold, declaration.columns.values()))
    if declaration.preset is None:
        return [own] if own else []
    forms = [each for each in PRESETS if each.name == declaration.preset]
    return [own | frozenset(each.signature) for each in forms]


def _join_rows(rows: Sequence[Cells], index: int, count: int, merged: Merged) -> Header:
    """Return the header of several rows: the names of each column, from the top down."""
    first = rows[index][0]
    upper = [row for row in rows[index : index + count] if row[0] < first + count]
    if count > 1:
        upper = [(number, _spread(cells, merged(number))) for number, cells in upper]
    width = max(len(cells) for _, cells in upper)
    parts: list[list[str]] = [[] for _ in range(width)]
    for _, cells in upper:
        for column, cell in enumerate(cells):
            text = fold("" if cell is None else str(cell))
            if text:
                parts[column].append(text)
    return Header(upper[-1][0], [" ".join(part) for part in parts], index + len(upper))


def _spread(cells: Sequence[object], merged: Sequence[tuple[int, int]]) -> Sequence[object]:
    """Return the cells of a row with what stands over several columns in each of them."""
    filled = list(cells)
    for first, last in merged:
        filled += [None] * (last + 1 - len(filled))
        for column in range(first + 1, min(last, COLUMNS) + 1):
            filled[column] = filled[first]
    return filled


def read_header(
    names: Sequence[str], declaration: Declaration, place: Locate, findings: Findings
) -> list[str] | None:
    """Return the attribute name of each column, or nothing, after having said why.

    Args:
        names: The header's names; empty for a column without one.
        declaration: May declare other names of columns.
        place: The place of a column.
        findings: Where to report.
    """
    mistakes = [*_find_undeclared(names, declaration), *_faults(names)]
    for index, mistake in mistakes:
        report(findings, mistake, place(index))
    if mistakes:
        return None
    attributes = {fold(column): name for column, name in declaration.attributes.items()}
    return [attributes.get(name, name) for name in names]


def nameless(names: Sequence[str], where: str) -> BadValueError:
    """Return the mistake of a column that holds something and has no name.

    Args:
        names: The names of the columns.
        where: The row that holds something there.
    """
    empty = sum(not name for name in names)
    message = "a column has no name" if empty <= 1 else f"{empty} columns have no name"
    hint = (
        f"{where} holds something there: name the column in the header, "
        f'or leave it out with ignore = ["{NAMELESS}"]'
    )
    return BadValueError(codes.HEADER, message, hint)


def _faults(names: Sequence[str]) -> list[tuple[int, BadValueError]]:
    if len(names) > COLUMNS:
        return [(0, BadValueError(codes.LIMIT, f"expected at most {COLUMNS:,} columns"))]
    found = []
    for index, name in enumerate(names):
        mistake = _fault(name, names[:index]) if name else None
        if mistake:
            found.append((index, mistake))
    return found


def _fault(name: str, before: Sequence[str]) -> BadValueError | None:
    if name in before:
        return BadValueError(codes.HEADER, f"column {quote(name)} appears twice in the header")
    try:
        clean_text(name)
    except BadValueError as mistake:
        return mistake
    return None


def _find_undeclared(
    names: Sequence[str], declaration: Declaration
) -> list[tuple[int, BadValueError]]:
    known = {name for name in names if name}
    return [
        (
            0,
            BadValueError(
                codes.HEADER,
                f"no column {quote(column)}, which is declared to be {attribute!r}",
                suggestion(column, known),
            ),
        )
        for attribute, column in declaration.columns.items()
        if fold(column) not in known
    ]


def ignores_nameless(declaration: Declaration) -> bool:
    """Return whether columns without a name are left out, whatever they hold."""
    return bool({ALL, NAMELESS} & {*declaration.ignore})
