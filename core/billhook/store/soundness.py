"""What must hold in either database: chains and series end where their rows do, indexes exist."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, func, inspect, select

from billhook.store.digests import LOG_CHAIN
from billhook.store.schema import CHAIN, DOCUMENT, HAPPENING, METADATA, SERIES
from billhook.store.statements import HEAD, LOG_HEAD


def faults(connection: Connection) -> Iterator[str]:
    """Yield what does not hold."""
    yield from missing(connection)
    yield from miscounts(connection)


def missing(connection: Connection) -> Iterator[str]:
    """Yield the indexes that are not there: without one of them a record could be billed twice."""
    inspector = inspect(connection)
    for table in METADATA.sorted_tables:
        found = {index["name"] for index in inspector.get_indexes(table.name)}
        for name in sorted({str(index.name) for index in table.indexes} - found):
            yield f"index {name} is missing"


def miscounts(connection: Connection) -> Iterator[str]:
    """Yield the chains and series whose counter and rows disagree, and those with holes."""
    yield from _chains(connection)
    yield from _series(connection)


def _chains(connection: Connection) -> Iterator[str]:
    ends = {row.chain: row.position for row in connection.execute(select(CHAIN))}
    t = DOCUMENT
    query = select(t.c.chain, func.count(), func.max(t.c.position)).group_by(t.c.chain)
    rows = {chain: (count, last) for chain, count, last in connection.execute(query)}
    log = select(func.count(), func.coalesce(func.max(HAPPENING.c.position), 0))
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


def _differing(name: str, end: int, count: int, last: int) -> Iterator[str]:
    if not end == count == last:
        yield f"{name} ends at {end}, has {count} rows, the last of them is {last}"
