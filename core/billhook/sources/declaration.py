"""The declaration of a source: which file, and how it is written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Literal

import attrs

from billhook.sources import codes
from billhook.sources.encoding import Encoding
from billhook.sources.errors import BadValueError
from billhook.sources.parsing import DateForm

Format = Literal["csv", "tsv", "json", "jsonl", "ndjson", "xlsx", "toml"]
FORMATS: tuple[Format, ...] = ("csv", "tsv", "json", "jsonl", "ndjson", "xlsx", "toml")
STANDARD_INPUT = "-"
ALL = "*"


@attrs.frozen(kw_only=True)
class Declaration:
    """How a job names a source; nothing of it is ever guessed from the content.

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
        sheet: The sheet of a workbook; ``None`` takes the first.
        table: Where the rows are in a TOML or JSON document.
        key: The attributes whose values make a row's key, instead of a column of keys or of all
            the values.
        reach: How far a key reaches: the same key is the same work in the whole ``project``, in
            all files of the same ``source``, or in the same ``file`` only.
        source: The name of the system that counts the keys: ``clio``, ``site office``.
        columns: The file's own names of columns or keys, by attribute name.
        ignore: Columns to leave out; ``*`` leaves out all that are not known.

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
    columns: Mapping[str, str] = attrs.field(factory=dict)
    ignore: tuple[str, ...] = ()

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

    @property
    def title(self) -> str:
        """What findings call the source."""
        if self.name:
            return self.name
        return "standard input" if self.file == STANDARD_INPUT else self.file

    @property
    def within(self) -> str:
        """What a key is unique in, as it stands before the key; empty for the project.

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


def _delimits(sign: str) -> bool:
    return len(sign) == 1 and sign.isascii() and not sign.isalnum() and sign not in "\"'.+- \r\n"
