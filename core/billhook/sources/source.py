"""Sources of records: a file, standard input, or rows of Python objects."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path, PurePath, PurePosixPath
from typing import BinaryIO, TypeVar, cast

import attrs

from billhook.kernel.diagnostics import Diagnostic, Findings, Severity
from billhook.kernel.finding_summary import sum_up
from billhook.kernel.origin import Origin
from billhook.model.record import Record
from billhook.model.source import ParsedRow
from billhook.sources import codes
from billhook.sources.bad_value import BadValueError, quote, suggestion
from billhook.sources.content import FileContent, ParsedTable
from billhook.sources.declaration import ALL, STANDARD_INPUT, Declaration
from billhook.sources.limits import FAULTY_ROWS, too_many_faults
from billhook.sources.location import Location, report
from billhook.sources.presets import recognize
from billhook.sources.record_key import RecordKeys, joined_key
from billhook.sources.row_rules import RoundedNumber, fold, rule_for
from billhook.sources.source_table import SourceRow, SourceTable
from billhook.sources.structure import (
    Located,
    attempt,
    missing,
    names,
    reading_order,
    required_names,
    unknown,
)
from billhook.sources.tabular import TabularTable

T = TypeVar("T")
R = TypeVar("R", bound=Record)
_KEY, _ORIGIN = "key", "origin"
Load = Callable[[Findings, Collection[str]], SourceTable | None]
"""Reads a table; a preset looks at the attributes of the records."""


@attrs.frozen
class ReadOnce:
    """The content of one file: its tables, and by class its rows with their findings."""

    tables: dict[frozenset[str], SourceTable | None] = attrs.field(factory=dict)
    rows: dict[type, tuple[tuple[object, ...], tuple[Diagnostic, ...]]] = attrs.field(factory=dict)


SourceMemo = dict[str, ReadOnce]
"""What was read of the files of a project, by their declarations."""

LONGEST_NUMBER = 20
"""Characters of a number that is shown as the file has it."""

SOME = 3
"""Number of cells shown of a line that is no header."""


def open_source(
    declaration: Declaration,
    root: Path | None = None,
    stdin: BinaryIO | None = None,
    memo: SourceMemo | None = None,
) -> FileSource:
    """Return the source of a declaration; the file is read when its rows are asked for.

    Args:
        declaration: The file and how it is written.
        root: The folder that relative files are relative to.
        stdin: Standard input, for a source whose file is ``-``.
        memo: What other sources of the same files have read and structured already.
    """
    return FileSource(declaration, root, stdin, memo)


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

    return TableSource(name, kind, lambda findings, _: ObjectTable(name, rows, findings))


class TableSource:
    """A source whose content is a table; a `billhook.model.source.Source`.

    Attributes:
        name: The file's name, or the system's.
        kind: What is in it, in its plugin's words.
        findings: Where readers and plugins report what is wrong with it; of many findings of one
            kind the first few, and how many more there are.
    """

    def __init__(
        self,
        name: str,
        kind: str,
        load: Load,
        *,
        typed: bool = False,
        key: Sequence[str] = (),
        reach: str = "",
    ) -> None:
        self.name = name
        self.kind = kind
        self.findings: Findings = Findings()
        self._load = load
        self._typed = typed
        self._key = tuple(key)
        self._within = f"{self.kind}:{reach}|" if reach else f"{self.kind}:"
        self._made: dict[type, tuple[object, ...]] = {}
        self._read_once = ReadOnce()

    def _table(self, attributes: Collection[str], findings: Findings) -> SourceTable | None:
        """Return the table, read once; with a preset, once for each class of records."""
        key = frozenset(attributes if self._typed else ())
        if key not in self._read_once.tables:
            found = _Capped()
            table = self._load(found, attributes)
            if table is not None and not table.rows and not found and not self.findings:
                mistake = BadValueError(codes.EMPTY, "the source has no rows")
                report(found, mistake, Location(Origin(self.name)), Severity.WARNING)
            findings.extend(found)
            self._read_once.tables[key] = table
        return self._read_once.tables[key]

    def rows(self) -> Sequence[SourceRow]:
        """Return the rows as they were read, for plugins that structure them on their own."""
        if not self._read_once.tables:
            found = Findings()
            self._table((), found)
            self.findings.extend(sum_up(found))
        table = next(reversed(self._read_once.tables.values()), None)
        return table.rows if table else ()

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

    def content(self) -> FileContent | None:
        """Return the bytes of the source, for a plugin that reads its format; here there are none.

        What is wrong is reported to ``findings``.
        """
        mistake = BadValueError(codes.UNREADABLE, "the source is not a file, and has no bytes")
        report(self.findings, mistake, Location(Origin(self.name)))
        return None

    def records_of(self, rows: Iterable[ParsedRow], record_type: type[R]) -> tuple[R, ...]:
        """Return rows that a plugin parsed as records, checked as the core's own readers do.

        Args:
            rows: What the plugin found, with the places of the values.
            record_type: The class of the records.
        """
        self._typed = False
        self._read_once = ReadOnce()
        self._read_once.tables[frozenset()] = self._parse_table(rows, self.findings)
        return self.records(record_type)

    def _parse_table(self, rows: Iterable[ParsedRow], findings: Findings) -> SourceTable:
        del findings
        return ParsedTable(rows)

    def _once(
        self, as_type: type[T], make: Callable[[type[T], Findings], Iterator[T]]
    ) -> tuple[object, ...]:
        """Report each mistake once, however often the rows are asked for."""
        if as_type not in self._made:
            known = self._read_once.rows
            if as_type not in known:
                found = Findings()
                rows = tuple(make(as_type, found))
                known[as_type] = (rows, tuple(sum_up(found)))
            self._made[as_type], said = known[as_type]
            self.findings.extend(said)
        return self._made[as_type]

    def _records(self, record_type: type[R], findings: Findings) -> Iterator[R]:
        keys = RecordKeys(self.kind)
        seen: dict[str, Origin] = {}
        for row, record in self._structure(record_type, findings):
            own = joined_key(record, self._key) if self._key else record.key
            if not own:
                given = [name for name in row.values if hasattr(record, name) and name != _KEY]
                yield attrs.evolve(record, key=f"{self._within}#{keys.make(record, given)}")
            elif own in seen:
                report(findings, _twice(own, seen[own]), row.place((_KEY,)))
            else:
                seen[own] = row.origin
                yield attrs.evolve(record, key=f"{self._within}{own}")

    def _items(self, item_type: type[T], findings: Findings) -> Iterator[T]:
        return (item for _, item in self._structure(item_type, findings))

    def _structure(self, as_type: type[T], findings: Findings) -> Iterator[tuple[SourceRow, T]]:
        known = frozenset(names(as_type)) - {_ORIGIN}
        table = self._table(known, findings)
        if table is None or not _fits(table, as_type, findings):
            return
        if issubclass(as_type, Record) and not _makes_keys(self._key, table, as_type, findings):
            return
        given = _reader_values(as_type)
        rounded: dict[str, _Rounded] = {}
        faulty = 0
        for row in table.rows:
            values = _select_values(row.values, known, table)
            structured, mistakes = _attempt(row, values, as_type, given)
            if structured is not None and not mistakes:
                for name, value in values.items():
                    if isinstance(value, RoundedNumber):
                        rounded.setdefault(name, _Rounded(row.place((name,)), value)).count += 1
                yield row, structured
                continue
            _report(row, mistakes, findings)
            faulty += 1
            if faulty == FAULTY_ROWS:
                report(findings, too_many_faults(), row.place(()))
                return
        for name, each in rounded.items():
            report(findings, each.error(name), each.place, Severity.INFO)


@attrs.define
class _Rounded:
    """The numbers of one column that were rounded."""

    place: Location
    first: RoundedNumber
    count: int = 0

    def error(self, name: str) -> BadValueError:
        """Return what is said about them."""
        held = str(self.first.held)
        held = held if len(held) <= LONGEST_NUMBER else f"{held[:LONGEST_NUMBER]}…"
        example = f"{held} is read as {self.first}"
        many = f"{self.count:,} numbers of {name!r} are" if self.count > 1 else f"{name!r} is"
        hint = f"decimals = {{ {name} = 4 }} in the source rounds to another place"
        return BadValueError(codes.ROUNDED, f"{many} rounded: {example}", hint)


def _attempt(
    row: SourceRow, values: Mapping[str, object], as_type: type[T], given: Collection[str]
) -> tuple[T | None, list[Located]]:
    if _ORIGIN in values:
        return None, [((_ORIGIN,), unknown(_ORIGIN, []))]
    extended = dict(values)
    if _ORIGIN in given:
        extended[_ORIGIN] = row.origin
    if _KEY in given:
        extended.setdefault(_KEY, "")
    return attempt(extended, as_type, row.table.grammar)


def _select_values(
    values: Mapping[str, object], known: AbstractSet[str], table: SourceTable
) -> Mapping[str, object]:
    """Return the values without the ignored; of a table, without unknown columns too."""
    ignored = table.ignored
    if not ignored and values.keys() <= known:
        return values
    unwanted = table.header is not None or ALL in ignored
    return {
        name: value
        for name, value in values.items()
        if name not in ignored and (name in known or not unwanted)
    }


def _makes_keys(key: Sequence[str], table: SourceTable, as_type: type, findings: Findings) -> bool:
    """Check that the attributes that make the key are the record's."""
    known = [name for name in names(as_type) if name not in {_ORIGIN, _KEY}]
    strange = [name for name in key if name not in known]
    for name in strange:
        mistake = unknown(name, known, "attribute of the key")
        report(findings, mistake, table.column(None))
    return not strange


def _fits(table: SourceTable, as_type: type, findings: Findings) -> bool:
    """Check the columns and the source's rules against the attributes, once for all rows."""
    known = [name for name in names(as_type) if name != _ORIGIN]
    ignored = {*table.ignored}
    here = table.column(None)
    for rule, name in table.rules.attributes if table.rules else ():
        if name not in known:
            message = f"{rule} names the attribute {quote(name)}, which these records do not have"
            hint = suggestion(name, known)
            report(findings, BadValueError(codes.UNKNOWN_KEY, message, hint), here)
    if not table.header:
        return True
    if isinstance(table, TabularTable) and (other := _elsewhere(table, known)):
        report(findings, other, here)
        return False
    for mistake, place in table.nameless if isinstance(table, TabularTable) else ():
        report(findings, mistake, place)
    if not {*known, *ignored} & {*table.header, ALL}:
        report(findings, _no_header(table.header, known), here)
        return False
    for column in table.header:
        if column not in known and not ignored & {column, ALL}:
            report(findings, unknown(column, known, "column"), table.column(column))
    made = table.rules.given if table.rules else ()
    present = {*table.header, *made} - ignored
    absent = [
        name
        for name in required_names(as_type)
        if name not in present and name not in _reader_values(as_type)
    ]
    for name in absent:
        report(findings, missing(name, as_type, "column"), here)
    return not absent


def _elsewhere(table: TabularTable, known: Sequence[str]) -> BadValueError | None:
    """Return that the header is that of a time tracker, or stands further down."""
    if {*known} & {*table.header} or table.is_declared:
        return None if {*known} & {*table.header} else _further_down(table, known)
    program = recognize(table.names)
    if program is not None:
        message = f"this is an export of {program.title}"
        return BadValueError(codes.HEADER, message, f'declare preset = "{program.name}"')
    return _further_down(table, known)


def _further_down(table: TabularTable, known: Sequence[str]) -> BadValueError | None:
    for number, cells in table.head:
        columns = {fold(str(cell)) for cell in cells if cell is not None}
        hint = None
        if len(columns & {*known}) >= SOME - 1:
            hint = f"declare header_row = {number}"
        elif (program := recognize(columns)) is not None:
            hint = f'declare preset = "{program.name}"'
        if hint is not None:
            message = f"expected the names of columns, which seem to be in row {number}"
            return BadValueError(codes.HEADER, message, hint)
    return None


def _twice(key: str, first: Origin) -> BadValueError:
    message = f"key {quote(key)} is already that of {first}"
    if first.path and first.line is None:
        message += f" {first.path}"
    hint = "give each record a key of its own, or remove the row if it is the same work"
    return BadValueError(codes.DUPLICATE, message, hint)


def _report(row: SourceRow, mistakes: Sequence[Located], findings: Findings) -> None:
    tabular = row.table.header is not None
    located = []
    for path, mistake in mistakes:
        name = mistake.name
        if tabular and mistake.code == codes.MISSING.id and not path and name:
            own = row.table.own_name(name)
            hint = f'a title or a total? rows_with = ["{own}"] leaves out rows without it'
            empty = BadValueError(codes.MISSING, f"no value for {name!r}", hint)
            located.append((row.place((name,)), empty))
        else:
            if row.table.rules and path:
                mistake.hint = rule_for(mistake, str(path[0]), row.values) or mistake.hint
            located.append((row.place(path), mistake))
    for place, mistake in sorted(located, key=lambda pair: reading_order(pair[0])):
        report(findings, mistake, place)


def _no_header(cells: Sequence[str], known: Sequence[str]) -> BadValueError:
    message = f"expected the names of columns, got {', '.join(map(quote, cells[:SOME]))}"
    more = ", …" if len(cells) > SOME else ""
    hint = (
        f"the first line names the columns; known here: {', '.join(known)}; other names are "
        "declared under columns, and a header further down with header_row"
    )
    return BadValueError(codes.HEADER, message + more, hint)


class FileSource(TableSource):
    """A source that is a file, and may have others in its folder that belong to it."""

    def __init__(
        self,
        declaration: Declaration,
        root: Path | None = None,
        stdin: BinaryIO | None = None,
        memo: SourceMemo | None = None,
    ) -> None:
        typed = declaration.preset is not None
        super().__init__(
            declaration.title,
            declaration.kind,
            self._read,
            typed=typed,
            key=declaration.key,
            reach=declaration.within,
        )
        self._memo = memo
        if memo is not None and declaration.file != STANDARD_INPUT:
            self._read_once = memo.setdefault(f"{root}|{declaration}", self._read_once)
        self._content: FileContent | None = None
        self._declaration = declaration
        self._root = root
        self._stdin = stdin

    def _read(self, findings: Findings, attributes: Collection[str]) -> SourceTable | None:
        from billhook.sources.file_reading import is_table, parse_table, read_source

        if not is_table(self._declaration, self._root, findings):
            return None
        data = read_source(self._declaration, self._root, self._stdin, findings)
        if data is None:
            return None
        return parse_table(data, self._declaration, findings, attributes)

    def content(self) -> FileContent | None:
        """Return the bytes of the file, within the limit of 64 MB, or nothing.

        What is wrong is reported to ``findings``; a file that a plugin takes in this way may have
        any format.
        """
        from billhook.sources.file_reading import read_source

        data = read_source(self._declaration, self._root, self._stdin, self.findings)
        self._read_once = ReadOnce()
        self._read_once.tables.setdefault(frozenset(), None)
        if data is not None:
            self._content = FileContent(self.name, data, self.findings)
        return self._content

    def _parse_table(self, rows: Iterable[ParsedRow], findings: Findings) -> SourceTable:
        table = ParsedTable(rows, self._declaration, self._content)
        if table.rules is not None:
            table.rules.report_left_out(findings)
        return table

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
        return FileSource(declaration, self._root, memo=self._memo)


class _Capped(Findings):
    """Takes as many findings as somebody would read."""

    def add(self, finding: Diagnostic) -> None:
        if len(self) == FAULTY_ROWS:
            mistake = too_many_faults()
            finding = attrs.evolve(finding, code=mistake.code, message=mistake.message, hint=None)
        if len(self) <= FAULTY_ROWS:
            super().add(finding)


def _reader_values(as_type: type) -> Collection[str]:
    """Return the attributes that the reader gives: the origin, and the key of a record."""
    given = {_ORIGIN} & set(names(as_type))
    return given | {_KEY} if issubclass(as_type, Record) else given
