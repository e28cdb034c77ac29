"""The declaration of a source: which file, and how it is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import PurePath
from typing import Annotated, Literal

import attrs

from billhook.sources import codes
from billhook.sources.bad_value import BadValueError, suggestion
from billhook.sources.encoding import Encoding
from billhook.sources.parsing import FRACTION_DIGITS, DateForm
from billhook.sources.ranges import at_least, between
from billhook.sources.text_rules import ONE_OR_MORE

Format = Literal["csv", "tsv", "json", "jsonl", "ndjson", "xlsx", "toml"]
FORMATS: tuple[Format, ...] = ("csv", "tsv", "json", "jsonl", "ndjson", "xlsx", "toml")
STANDARD_INPUT = "-"
ALL = "*"
NAMELESS = ""
HEADER_ROWS = 5
"""Rows that a header may span."""

ClockUnit = Literal["hours", "minutes"]
Words = Annotated[tuple[str, ...], ONE_OR_MORE]


@attrs.frozen(kw_only=True)
class Declaration:
    """Declaration of a source in a job; nothing is ever guessed from the content.

    Attributes:
        kind: What is in it, in its plugin's words: ``legal.time``.
        file: The file, relative to the declaring file's folder; ``-`` is standard input.
        name: What findings call it; empty takes ``file``.
        format: The format; ``None`` takes the file's suffix.
        encoding: Of text formats.
        delimiter: Between fields of CSV; ``None`` is a comma, in .tsv a tab.
        decimal: The decimal sign of numbers in text.
        group: The sign between groups of digits in text.
        dates: The form of dates in text.
        sheet: The sheet of a workbook; ``None`` takes the first that is not hidden.
        table: Where the rows are in a TOML or JSON document.
        key: The attributes whose values make a row's key, instead of a column of keys or of all
            the values.
        reach: How far a key reaches: the same key is the same work in the whole ``project``, in
            all files of the same ``source``, or in the same ``file`` only.
        source: The name of the system that counts the keys: ``clio``, ``site office``.
        preset: The program that wrote the file: ``toggl``, ``clockify``, ``harvest``, ``kimai``,
            ``clio`` or ``timewarrior``.  It gives columns and rules; those declared here win.
        columns: The file's own names of columns or keys, by attribute name.  A line break in a
            header counts as a blank.
        ignore: Columns to leave out; ``*`` leaves out all that are not known, an empty text those
            without a name.
        header_row: Number of the header's row, or of its first, as the file counts them; ``0`` is
            the first filled row, or the first one that has all declared columns.
        header_rows: Rows of the header; the names of a column are joined by a blank.
        rows_with: Columns that every row to be billed has filled; section titles, subtotals and
            totals, which have not, are left out.
        only: Words by column; rows with other words, or none, are left out.  ``*`` stands for
            any text, in capitals or not.
        skip: Words by column; rows with one of them are left out.
        values: What words of the file stand for, by attribute name: ``Ja = "yes"``; an empty text
            stands for an empty cell.
        constants: Values that all rows have, by attribute name.
        join: Columns whose texts are put together with a blank between, by attribute name.
        spans: Columns of begin and end, by the attribute that takes the time between as
            ``H:MM:SS``.
        units: A sign that stands at a number and is dropped, by attribute name: ``$``, ``%``,
            ``kg``.
        clock: Attributes whose times, ``1:30``, are read as a number of ``hours`` or ``minutes``.
        decimals: To how many decimals numbers are rounded, half up, by attribute name; computed
            numbers of a workbook are rounded to 9.
        fold_lines: Line breaks in texts become blanks.
        cut_times: Where a day is meant, a point in time counts as its day.
        timezone: Time zone of points in time without an offset, ``Europe/Berlin``; and of the days
            that ``cut_times`` takes.
        hidden: Whether hidden rows of a workbook are read; ``warn`` reads and reports them.

    Raises:
        ValueError: The signs contradict each other, or a column is declared twice.
    """

    kind: str
    file: str
    name: str = ""
    format: Format | None = None
    encoding: Encoding = "utf-8"
    delimiter: str | None = None
    decimal: Literal[".", ","] = "."
    group: Literal["", ".", ",", " ", "'", "’"] = ""
    dates: DateForm = "YYYY-MM-DD"
    sheet: str | None = None
    table: str | None = None
    key: tuple[str, ...] = ()
    reach: Literal["project", "source", "file"] = "project"
    source: str = ""
    preset: str | None = None
    columns: Mapping[str, str] = attrs.field(factory=dict)
    ignore: tuple[str, ...] = ()
    header_row: Annotated[int, at_least(0)] = 0
    header_rows: Annotated[int, between(1, HEADER_ROWS)] = 1
    rows_with: Words = ()
    only: Mapping[str, Words] = attrs.field(factory=dict)
    skip: Mapping[str, Words] = attrs.field(factory=dict)
    values: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict)
    constants: Mapping[str, str] = attrs.field(factory=dict)
    join: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    spans: Mapping[str, tuple[str, str]] = attrs.field(factory=dict)
    units: Mapping[str, str] = attrs.field(factory=dict)
    clock: Mapping[str, ClockUnit] = attrs.field(factory=dict)
    decimals: Mapping[str, Annotated[int, between(0, FRACTION_DIGITS)]] = attrs.field(factory=dict)
    fold_lines: bool = False
    cut_times: bool = False
    timezone: str | None = None
    hidden: Literal["warn", "read", "skip"] = "warn"

    def __attrs_post_init__(self) -> None:
        if self.decimal == self.group:
            raise ValueError(f"decimal and group are both {self.decimal!r}")
        if (self.reach == "source") != bool(self.source):
            raise ValueError('reach = "source" goes with the name of the source, and only then')
        if self.delimiter is not None and not _delimits(self.delimiter):
            message = f"{self.delimiter!r} cannot delimit fields; use , ; | or a tab"
            raise BadValueError(codes.CONFLICT, message, name="delimiter")
        if len(set(self.columns.values())) != len(self.columns):
            raise ValueError("two attributes are declared to be the same column")
        made = [*self.columns, *self.constants, *self.join, *self.spans]
        twice = sorted(name for name in made if made.count(name) > 1)
        if twice:
            raise ValueError(f"{twice[0]!r} is declared twice: as a column, constant, join or span")
        if self.timezone is not None:
            find_zone(self.timezone)

    @property
    def title(self) -> str:
        """Name of the source in findings."""
        if self.name:
            return self.name
        return "standard input" if self.file == STANDARD_INPUT else self.file

    @property
    def within(self) -> str:
        """Scope in which a key is unique, as the key's prefix; empty for the project.

        A file is named by its path without the steps up, which is the same from every job.
        """
        if self.reach == "project":
            return ""
        path = "/".join(part for part in PurePath(self.file).parts if part not in {"..", "/"})
        return self.source if self.reach == "source" and self.source else path

    @property
    def written(self) -> str:
        """The format, declared or by suffix; may be unknown."""
        return self.format or PurePath(self.file).suffix.removeprefix(".").lower()

    @property
    def attributes(self) -> Mapping[str, str]:
        """The attribute names, by the file's own names of columns."""
        return {column: attribute for attribute, column in self.columns.items()}


def find_zone(name: str) -> dt.tzinfo:
    """Return a time zone by its name in the IANA database.

    Raises:
        BadValueError: There is none of that name (BH116).
    """
    import zoneinfo

    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        hint = suggestion(name, zoneinfo.available_timezones())
        message = f"there is no time zone {name!r}"
        raise BadValueError(codes.CHOICE, message, hint, name="timezone") from None


def _delimits(sign: str) -> bool:
    return len(sign) == 1 and sign.isascii() and not sign.isalnum() and sign not in "\"'.+- \r\n"
