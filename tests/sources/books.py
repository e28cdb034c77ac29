"""Workbooks and sources for the tests of the readers."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterable
from decimal import Decimal

import attrs
import openpyxl
from openpyxl.workbook import Workbook

from billhook.model.record import Record
from billhook.sources.declaration import Declaration
from billhook.sources.source import FileSource, open_source


@attrs.frozen(kw_only=True)
class Entry(Record):
    """Hours of one person, with everything that a rule may touch."""

    date: dt.date
    who: str = ""
    hours: Decimal | None = None
    percent: Decimal | None = None
    amount: Decimal | None = None
    billable: bool = True
    note: str = ""
    at: dt.datetime | None = None


def book(*rows: Iterable[object], change: Callable[[Workbook], None] | None = None) -> bytes:
    """Return a workbook of one sheet."""
    made = openpyxl.Workbook()
    made.active.title = "Work"
    for row in rows:
        made.active.append(list(row))
    if change:
        change(made)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def source(data: bytes | str, **declared: object) -> FileSource:
    """Return a source of bytes: of a workbook, or of a CSV file when it is a text."""
    format_ = "csv" if isinstance(data, str) else "xlsx"
    declared = {"format": format_, **declared}
    raw = data.encode() if isinstance(data, str) else data
    declaration = Declaration(kind="demo.time", file="-", name="t", **declared)
    return open_source(declaration, stdin=io.BytesIO(raw))


def said(found: FileSource) -> list[str]:
    """Return the findings of a source, each on one line."""
    return [str(finding) for finding in found.findings]
