"""Integrity checks for either database: ends of chains and series, and indexes."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import (
    Connection,
    Inspector,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    func,
    inspect,
    select,
)
from sqlalchemy.exc import NoSuchTableError

from billhook.store.digests import LOG_CHAIN
from billhook.store.sql.schema import AUDIT_ENTRY, CHAIN, DOCUMENT, METADATA, SERIES
from billhook.store.sql.statements import HEAD, LOG_HEAD


def faults(connection: Connection) -> Iterator[str]:
    """Yield what does not hold."""
    yield from missing(connection)
    yield from miscounts(connection)


def missing(connection: Connection) -> Iterator[str]:
    """Yield what is gone of indexes and constraints: they keep a record from two living bills."""
    inspector = inspect(connection)
    for table in METADATA.sorted_tables:
        try:
            yield from _indexes(inspector, table)
            yield from _constraints(inspector, table)
        except NoSuchTableError:
            yield f"table {table.name} is missing"


def _indexes(inspector: Inspector, table: Table) -> Iterator[str]:
    """Yield the indexes that are not there, or not over the same rows and columns."""
    where = f"{inspector.dialect.name}_where"
    found = {
        each["name"]: (
            each["column_names"],
            bool(each["unique"]),
            _condition(each.get("dialect_options", {}).get(where)),
        )
        for each in inspector.get_indexes(table.name)
    }
    for index in sorted(table.indexes, key=lambda each: str(each.name)):
        columns = [column.name for column in index.columns]
        condition = _condition(index.dialect_kwargs.get(where))
        if index.name not in found:
            yield f"index {index.name} is missing"
        elif found[index.name] != (columns, bool(index.unique), condition):
            yield f"index {index.name} is not as it should be"


def _condition(found: object) -> str:
    """Return which rows an index is over, written the same for both databases."""
    return "" if found is None else str(found).replace("::text", "").strip("()")


def _constraints(inspector: Inspector, table: Table) -> Iterator[str]:
    """Yield the keys and checks that are not there, and keys over other columns.

    What a check says is not compared: the databases write it each in their own way, and
    verifying computes the sums again.
    """
    key = inspector.get_pk_constraint(table.name)
    unique = inspector.get_unique_constraints(table.name)
    checks = inspector.get_check_constraints(table.name)
    found = {
        key["name"]: key["constrained_columns"],
        **{each["name"]: each["column_names"] for each in unique},
        **{each["name"]: [] for each in checks},
    }
    for constraint in sorted(table.constraints, key=lambda each: str(each.name)):
        columns = (
            [each.name for each in constraint.columns]
            if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint)
            else []
        )
        name = str(constraint.name)
        if name not in found:
            yield f"constraint {name} is missing"
        elif found[name] != columns:
            yield f"constraint {name} is not as it should be"


def miscounts(connection: Connection) -> Iterator[str]:
    """Yield the chains and series whose counter and rows disagree, and those with holes."""
    yield from _chains(connection)
    yield from _series(connection)


def _chains(connection: Connection) -> Iterator[str]:
    ends = {row.chain: row.position for row in connection.execute(select(CHAIN))}
    t = DOCUMENT
    query = select(t.c.chain, func.count(), func.max(t.c.position)).group_by(t.c.chain)
    rows = {chain: (count, last) for chain, count, last in connection.execute(query)}
    log = select(func.count(), func.coalesce(func.max(AUDIT_ENTRY.c.position), 0))
    lines, end = connection.execute(log).one()
    rows[LOG_CHAIN] = (lines, end)
    for chain in sorted(ends.keys() | rows.keys()):
        count, last = rows.get(chain, (0, 0))
        yield from _differing(f"chain {chain}", ends.get(chain, 0), count, last)
    yield from _unlike(connection)


def _unlike(connection: Connection) -> Iterator[str]:
    """Yield the chains whose noted digest is not that of the row they end at."""
    for noted in connection.execute(select(CHAIN)):
        query = LOG_HEAD if noted.chain == LOG_CHAIN else HEAD
        end = connection.execute(query, {"chain": noted.chain}).first()
        if end is not None and end.digest != noted.digest:
            yield f"chain {noted.chain} ends with another digest than its last row"


def _series(connection: Connection) -> Iterator[str]:
    ends = {(row.series, row.period): row.last for row in connection.execute(select(SERIES))}
    t = DOCUMENT
    places = (t.c.series, t.c.period)
    query = select(*places, func.count(), func.max(t.c.sequence)).group_by(*places)
    rows = {(row[0], row[1]): (row[2], row[3]) for row in connection.execute(query)}
    for place in sorted(ends.keys() | rows.keys()):
        count, last = rows.get(place, (0, 0))
        name = " ".join(("series", *place)).rstrip()
        yield from _differing(name, ends.get(place, 0), count, last)
    yield from _find_misdated(connection)


def _find_misdated(connection: Connection) -> Iterator[str]:
    """Yield the series whose noted date is not that of the document they end at."""
    t, last = SERIES, DOCUMENT
    end = (
        (last.c.series == t.c.series)
        & (last.c.period == t.c.period)
        & (last.c.sequence == t.c.last)
        & (last.c.date != t.c.date)
    )
    query = select(t.c.series, t.c.period, t.c.date).join(last, end)
    for row in connection.execute(query.order_by(t.c.series, t.c.period)):
        name = f"series {row.series} {row.period}".rstrip()
        yield f"{name} ends with another date than its last document: {row.date}"


def _differing(name: str, end: int, count: int, last: int) -> Iterator[str]:
    if not end == count == last:
        yield f"{name} ends at {end}, has {count} rows, the last of them is {last}"
