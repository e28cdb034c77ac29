"""Sources of records: a file, standard input, or rows of Python objects."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from pathlib import Path, PurePath, PurePosixPath
from typing import BinaryIO, TypeVar, cast

import attrs

from billhook.kernel.diagnostics import Diagnostic, Findings, Severity
from billhook.kernel.origin import Origin
from billhook.model.record import Record
from billhook.sources import codes
from billhook.sources.declaration import ALL, Declaration
from billhook.sources.errors import BadValueError, quoted
from billhook.sources.limits import FAULTY_ROWS, too_many_faults
from billhook.sources.location import Location, report
from billhook.sources.record_key import RecordKeys, joined_key
from billhook.sources.structure import (
    Located,
    attempt,
    missing,
    names,
    reading_order,
    required,
    unknown,
)
from billhook.sources.table import SourceRow, SourceTable

T = TypeVar("T")
R = TypeVar("R", bound=Record)
_KEY, _ORIGIN = "key", "origin"
SOME = 3
"""As many cells show that a line is no header."""


def open_source(
    declaration: Declaration, root: Path | None = None, stdin: BinaryIO | None = None
) -> FileSource:
    """Return the source of a declaration; the file is read when its rows are asked for.

    Args:
        declaration: The file and how it is written.
        root: The folder that relative files are relative to.
        stdin: Standard input, for a source whose file is ``-``.
    """
    return FileSource(declaration, root, stdin)


def object_source(name: str, kind: str, rows: Iterable[Mapping[str, object]]) -> TableSource:
    """Return a source of Python mappings, as an ERP has them.

    Values are `Decimal`, whole numbers, texts, truth values, dates and points in time; floats are
    refused with a finding.  ``None`` counts as absent.

    Args:
        name: The system's name, for origins: ``erp``.
        kind: What the rows are, in their plugin's words.
        rows: The mappings, by attribute name; read once, when asked for.
    """
    from billhook.sources.formats.objects import ObjectTable

    return TableSource(name, kind, lambda findings: ObjectTable(name, rows, findings))


class TableSource:
    """A source whose content is a table; a `billhook.model.source.Source`.

    Attributes:
        name: The file's name, or the system's.
        kind: What is in it, in its plugin's words.
        findings: Where readers and plugins report what is wrong with it.
    """

    def __init__(
        self,
        name: str,
        kind: str,
        load: Callable[[Findings], SourceTable | None],
        ignore: Collection[str] = (),
        *,
        key: Sequence[str] = (),
        reach: str = "",
    ) -> None:
        self.name = name
        self.kind = kind
        self.findings: Findings = Findings()
        self._load = load
        self._ignore = frozenset(ignore)
        self._key = tuple(key)
        self._within = f"{self.kind}:{reach}|" if reach else f"{self.kind}:"
        self._made: dict[type, tuple[object, ...]] = {}

    @cached_property
    def _table(self) -> SourceTable | None:
        told = _Capped()
        table = self._load(told)
        self.findings.extend(told)
        if table is not None and not table.rows and not self.findings:
            mistake = BadValueError(codes.EMPTY, "the source has no rows")
            report(self.findings, mistake, Location(Origin(self.name)), Severity.WARNING)
        return table

    def rows(self) -> Sequence[SourceRow]:
        """Return the rows as they were read, for plugins that structure them on their own."""
        return self._table.rows if self._table else ()

    def records(self, record_type: type[R]) -> tuple[R, ...]:
        """Return every good row as a record; the bad ones are reported to ``findings``.

        Keys bear the source's kind, ``legal.time:88213``, so that they are unique over a project.
        A record without a ``key`` gets one made of its content, ``legal.time:#2e26f99ede0c4ef7``,
        see `billhook.sources.record_key.RecordKeys`; a key that stands twice is a finding.
        """
        return cast("tuple[R, ...]", self._once(record_type, self._records))

    def items(self, item_type: type[T]) -> tuple[T, ...]:
        """Return every good row as an attrs class that is no record: a rate, a price."""
        return cast("tuple[T, ...]", self._once(item_type, self._items))

    def _once(self, as_type: type[T], make: Callable[[type[T]], Iterator[T]]) -> tuple[object, ...]:
        """Report each mistake once, however often the rows are asked for."""
        if as_type not in self._made:
            self._made[as_type] = tuple(make(as_type))
        return self._made[as_type]

    def _records(self, record_type: type[R]) -> Iterator[R]:
        keys = RecordKeys(self.kind)
        seen: dict[str, Origin] = {}
        for row, record in self._structured(record_type):
            own = joined_key(record, self._key) if self._key else record.key
            if not own:
                given = [name for name in row.values if hasattr(record, name) and name != _KEY]
                yield attrs.evolve(record, key=f"{self._within}#{keys.make(record, given)}")
            elif own in seen:
                self._twice(row, own, seen[own])
            else:
                seen[own] = row.origin
                yield attrs.evolve(record, key=f"{self._within}{own}")

    def _twice(self, row: SourceRow, key: str, first: Origin) -> None:
        message = f"key {quoted(key)} is already that of {first}"
        if first.path and first.line is None:
            message += f" {first.path}"
        hint = "give each record a key of its own, or remove the row if it is the same work"
        report(self.findings, BadValueError(codes.DUPLICATE, message, hint), row.place((_KEY,)))

    def _items(self, item_type: type[T]) -> Iterator[T]:
        return (item for _, item in self._structured(item_type))

    def _structured(self, as_type: type[T]) -> Iterator[tuple[SourceRow, T]]:
        table = self._table
        if table is None or not self._fits(table, as_type):
            return
        if issubclass(as_type, Record) and not self._makes_keys(table, as_type):
            return
        known = frozenset(names(as_type)) - {_ORIGIN}
        given = _given(as_type)
        faulty = 0
        for row in table.rows:
            values = self._wanted(row.values, known, tabular=table.header is not None)
            structured, mistakes = self._attempt(row, values, as_type, given)
            if structured is not None and not mistakes:
                yield row, structured
                continue
            self._report(row, mistakes)
            faulty += 1
            if faulty == FAULTY_ROWS:
                report(self.findings, too_many_faults(), row.place(()))
                return

    def _attempt(
        self, row: SourceRow, values: Mapping[str, object], as_type: type[T], given: Collection[str]
    ) -> tuple[T | None, list[Located]]:
        if _ORIGIN in values:
            return None, [((_ORIGIN,), unknown(_ORIGIN, []))]
        extended = dict(values)
        if _ORIGIN in given:
            extended[_ORIGIN] = row.origin
        if _KEY in given:
            extended.setdefault(_KEY, "")
        return attempt(extended, as_type, row.table.grammar)

    def _wanted(
        self, values: Mapping[str, object], known: AbstractSet[str], *, tabular: bool
    ) -> Mapping[str, object]:
        """Return the values without the ignored; of a table, without unknown columns too."""
        if not self._ignore and values.keys() <= known:
            return values
        unwanted = tabular or ALL in self._ignore
        return {
            name: value
            for name, value in values.items()
            if name not in self._ignore and (name in known or not unwanted)
        }

    def _makes_keys(self, table: SourceTable, as_type: type) -> bool:
        """Check that the attributes that make the key are the record's."""
        known = [name for name in names(as_type) if name not in {_ORIGIN, _KEY}]
        strange = [name for name in self._key if name not in known]
        for name in strange:
            report(self.findings, unknown(name, known, "attribute of the key"), table.column(None))
        return not strange

    def _fits(self, table: SourceTable, as_type: type) -> bool:
        """Check the columns against the attributes, once for all rows."""
        if not table.header:
            return True
        known = [name for name in names(as_type) if name != _ORIGIN]
        if not {*known, *self._ignore} & {*table.header, ALL}:
            report(self.findings, _no_header(table.header, known), table.column(None))
            return False
        for column in table.header:
            if column not in known and not self._ignore & {column, ALL}:
                report(self.findings, unknown(column, known, "column"), table.column(column))
        present = set(table.header) - self._ignore
        absent = [
            name
            for name in required(as_type)
            if name not in present and name not in _given(as_type)
        ]
        for name in absent:
            report(self.findings, missing(name, as_type, "column"), table.column(None))
        return not absent

    def _report(self, row: SourceRow, mistakes: Sequence[Located]) -> None:
        tabular = row.table.header is not None
        located = []
        for path, mistake in mistakes:
            name = mistake.name
            if tabular and mistake.code == codes.MISSING.id and not path and name:
                empty = BadValueError(codes.MISSING, f"no value for {name!r}")
                located.append((row.place((name,)), empty))
            else:
                located.append((row.place(path), mistake))
        for place, mistake in sorted(located, key=lambda pair: reading_order(pair[0])):
            report(self.findings, mistake, place)


def _no_header(cells: Sequence[str], known: Sequence[str]) -> BadValueError:
    message = f"expected the names of columns, got {', '.join(map(quoted, cells[:SOME]))}"
    more = ", …" if len(cells) > SOME else ""
    hint = f"the first line names the columns; known here: {', '.join(known)}"
    return BadValueError(codes.HEADER, message + more, hint)


class FileSource(TableSource):
    """A source that is a file, and may have others in its folder that belong to it."""

    def __init__(
        self, declaration: Declaration, root: Path | None = None, stdin: BinaryIO | None = None
    ) -> None:
        super().__init__(
            declaration.title,
            declaration.kind,
            self._read,
            declaration.ignore,
            key=declaration.key,
            reach=declaration.within,
        )
        self._declaration = declaration
        self._root = root
        self._stdin = stdin

    def _read(self, findings: Findings) -> SourceTable | None:
        from billhook.sources.reading import read_table

        return read_table(self._declaration, self._root, self._stdin, findings)

    def beside(self, file: str, kind: str, *, optional: bool = False) -> FileSource | None:
        """Return a file of the same folder, written by the same signs; it has its own findings.

        Args:
            file: The file's name.
            kind: What is in it.
            optional: Return nothing, instead of a source with a finding, if it is not there.
        """
        path = PurePath(self._declaration.file).parent / file
        if optional and not (self._root or Path()).joinpath(path).exists():
            return None
        declaration = Declaration(
            kind=kind,
            file=str(path),
            name=str(PurePosixPath(self.name).parent / file),
            encoding=self._declaration.encoding,
            delimiter=self._declaration.delimiter,
            decimal=self._declaration.decimal,
            group=self._declaration.group,
            dates=self._declaration.dates,
        )
        return FileSource(declaration, self._root)


class _Capped(Findings):
    """Takes as many findings as somebody would read."""

    def add(self, finding: Diagnostic) -> None:
        if len(self) == FAULTY_ROWS:
            mistake = too_many_faults()
            finding = attrs.evolve(finding, code=mistake.code, message=mistake.message, hint=None)
        if len(self) <= FAULTY_ROWS:
            super().add(finding)


def _given(as_type: type) -> Collection[str]:
    """Return the attributes that the reader gives: the origin, and the key of a record."""
    given = {_ORIGIN} & set(names(as_type))
    return given | {_KEY} if issubclass(as_type, Record) else given
