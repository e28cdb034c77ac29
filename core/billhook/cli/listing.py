"""Lists for people and for programs: a table, JSON with a schema, or CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence

from billhook.cli.console import Console

Row = Mapping[str, object]

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def write_list(
    console: Console,
    rows: Sequence[Row],
    format_: str,
    *,
    schema: str,
    heads: Sequence[str],
    right: Sequence[str] = (),
) -> None:
    """Write rows as a table, JSON or CSV to standard output.

    Args:
        console: Where to.
        rows: The rows; amounts are texts, so nothing is rounded on the way.
        format_: ``table``, ``json`` or ``csv``.
        schema: Name of the JSON's form.
        heads: The columns, keys of the rows.
        right: The columns that are aligned to the right.
    """
    if format_ == "json":
        tree = {"schema": schema, "rows": [_plain(row, heads) for row in rows]}
        console.write(json.dumps(tree, ensure_ascii=False, indent=2))
    elif format_ == "csv":
        console.write(_csv(rows, heads))
    elif rows:
        from billhook.cli.terminal_table import table

        cells = [[_text(row.get(head)) for head in heads] for row in rows]
        console.write(table(heads, cells, [i for i, head in enumerate(heads) if head in right]))


def _plain(row: Row, heads: Sequence[str]) -> dict[str, object]:
    return {head: _value(row.get(head)) for head in heads}


def _value(value: object) -> object:
    return value if value is None or isinstance(value, bool | int | list | dict) else str(value)


def _text(value: object) -> str:
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _csv(rows: Sequence[Row], heads: Sequence[str]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heads)
    for row in rows:
        writer.writerow([_harmless(_text(row.get(head))) for head in heads])
    return out.getvalue().rstrip("\n")


def _harmless(text: str) -> str:
    """Return a text that a spreadsheet takes for no formula; numbers stay numbers."""
    number = text.lstrip("-").replace(".", "", 1).isdigit() and text.isascii()
    return text if number or not text.startswith(_FORMULA) else f"'{text}"
