"""The header of a table: the names of its columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from billhook.kernel.diagnostics import Findings
from billhook.sources import codes
from billhook.sources.declaration import Declaration
from billhook.sources.errors import BadValueError, quoted, suggestion
from billhook.sources.limits import COLUMNS
from billhook.sources.location import Location, report
from billhook.sources.text_rules import clean_text

Locate = Callable[[int], Location]
"""The place of a column by its index from 0."""


def read_header(
    cells: Sequence[str], declaration: Declaration, place: Locate, findings: Findings
) -> list[str] | None:
    """Return the attribute name of each column, or nothing, after having said why.

    Args:
        cells: The header's cells.
        declaration: May declare other names of columns.
        place: The place of a column.
        findings: Where to report.
    """
    mistakes = [*_undeclared(cells, declaration), *_faults(cells)]
    for index, mistake in mistakes:
        report(findings, mistake, place(index))
    if mistakes:
        return None
    attributes = declaration.attributes
    return [attributes.get(cell, cell) for cell in cells]


def _faults(cells: Sequence[str]) -> list[tuple[int, BadValueError]]:
    if len(cells) > COLUMNS:
        return [(0, BadValueError(codes.LIMIT, f"expected at most {COLUMNS:,} columns"))]
    found = _nameless(cells)
    for index, cell in enumerate(cells):
        mistake = _fault(cell, cells[:index]) if cell else None
        if mistake:
            found.append((index, mistake))
    return sorted(found, key=lambda fault: fault[0])


def _nameless(cells: Sequence[str]) -> list[tuple[int, BadValueError]]:
    empty = [index for index, cell in enumerate(cells) if not cell]
    if not empty:
        return []
    message = "a column has no name" if len(empty) == 1 else f"{len(empty)} columns have no name"
    hint = "the first line names the columns: name them all, or remove those without"
    return [(empty[0], BadValueError(codes.HEADER, message, hint))]


def _fault(cell: str, before: Sequence[str]) -> BadValueError | None:
    if cell in before:
        return BadValueError(codes.HEADER, f"column {quoted(cell)} stands twice in the header")
    try:
        clean_text(cell)
    except BadValueError as mistake:
        return mistake
    return None


def _undeclared(cells: Sequence[str], declaration: Declaration) -> list[tuple[int, BadValueError]]:
    return [
        (
            0,
            BadValueError(
                codes.HEADER,
                f"no column {quoted(column)}, which is declared to be {attribute!r}",
                suggestion(column, [cell for cell in cells if cell]),
            ),
        )
        for attribute, column in declaration.columns.items()
        if column not in cells
    ]
