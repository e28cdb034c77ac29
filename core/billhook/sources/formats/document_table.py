"""Rows out of a TOML or JSON document: an array of tables, or the document itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from billhook.kernel.diagnostics import Findings
from billhook.sources import codes
from billhook.sources.bad_value import BadValueError, quote, show_value, suggestion
from billhook.sources.declaration import Declaration
from billhook.sources.document import LocatedDocument
from billhook.sources.limits import ROWS, too_many_rows
from billhook.sources.location import KeyPath, Location, report
from billhook.sources.presets import apply_preset
from billhook.sources.row_rules import RowRules
from billhook.sources.scalars import Grammar
from billhook.sources.source_table import SourceRow


class DocumentTable:
    """The rows of a document; see `billhook.sources.source_table.SourceTable`.

    The rows are the items of the declared table; without one, of the root, if that is an array;
    of its only key, if that is an array of tables; else the document is one row.
    """

    header: Sequence[str] | None = None

    def __init__(
        self,
        document: LocatedDocument,
        declaration: Declaration,
        findings: Findings,
        *,
        quoted: bool,
        attributes: Collection[str] = (),
    ) -> None:
        self._document = document
        self._path, self._items = _find(document, declaration, findings)
        keys = {str(key) for item in self._items if isinstance(item, Mapping) for key in item}
        here = document.place(self._path)
        good = True
        try:
            declaration = apply_preset(declaration, keys, attributes)
        except BadValueError as mistake:
            report(findings, mistake, here)
            good = False
        self.grammar: Grammar = Grammar.from_declaration(declaration, quoted=quoted)
        rules = RowRules(declaration)
        self.rules: RowRules | None = rules
        self._columns = declaration.columns
        self.ignored: Collection[str] = declaration.ignore
        good = good and (not keys or rules.check_columns(keys, here, findings))
        self.rows: list[SourceRow] = self._rows(rules, findings) if good else []
        rules.report_left_out(findings)

    def _rows(self, rules: RowRules, findings: Findings) -> list[SourceRow]:
        if len(self._items) > ROWS:
            report(findings, too_many_rows(), self._document.place(self._path))
            return []
        rows = []
        for number, item in enumerate(self._items):
            where = self._where(number)
            if isinstance(item, Mapping):
                if not rules.wants(item, self._document.place(where)):
                    continue
                values = rules.shape(item)
                rows.append(SourceRow(values, self._document.origin(where), self, number))
            else:
                mistake = BadValueError(codes.SHAPE, f"expected a table, got {show_value(item)}")
                report(findings, mistake, self._document.place(where))
        return rows

    def _where(self, number: int) -> KeyPath:
        return self._path if self._document.root is self._items[0] else (*self._path, number)

    def place(self, row: SourceRow, path: KeyPath) -> Location:
        """Return the place of a value of a row, or of the row."""
        if path:
            name = str(path[0])
            path = (self._columns.get(name, name), *path[1:])
        return self._document.place((*self._where(row.number), *path))

    def own_name(self, name: str) -> str:
        """Return the document's own key of an attribute."""
        return self._columns.get(name, name)

    def column(self, name: str | None) -> Location:
        """Return the place of the table; rows of a document have keys of their own."""
        del name
        return self._document.place(self._path)


def _find(
    document: LocatedDocument, declaration: Declaration, findings: Findings
) -> tuple[KeyPath, Sequence[object]]:
    root = document.root
    if declaration.table is not None:
        return _find_array(document, declaration.table, findings)
    if isinstance(root, list):
        return (), root
    if isinstance(root, Mapping) and len(root) == 1:
        (key, value), *_ = root.items()
        if isinstance(value, list) and all(isinstance(item, Mapping) for item in value):
            return (key,), value
    return (), [root] if root else []


def _find_array(
    document: LocatedDocument, table: str, findings: Findings
) -> tuple[KeyPath, Sequence[object]]:
    value = document.values.get(table)
    if isinstance(value, list):
        return (table,), value
    if isinstance(value, Mapping):
        message = f"expected an array of tables in {quote(table)}, got a table"
        report(findings, BadValueError(codes.SHAPE, message), document.place((table,)))
    else:
        hint = suggestion(table, document.values)
        message = f"no array {quote(table)}, where the rows are declared to be"
        report(findings, BadValueError(codes.SHAPE, message, hint), document.place((table,)))
    return (table,), []
