"""The statements of the issue's path, built once: SQLAlchemy then compiles them once too."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, bindparam, func, insert, select, update

from billhook.store import schema

_DOCUMENT, _LINE, _CLAIM = schema.DOCUMENT, schema.HAPPENING, schema.CLAIM
_SEAL, _RUN, _COUNT = schema.FISCAL_SEAL, schema.RUN, schema.COUNT

ENTRY = select(_DOCUMENT).where(_DOCUMENT.c.number == bindparam("number"))
ENTRY_OF_KEY = select(_DOCUMENT).where(_DOCUMENT.c.key == bindparam("key"))

HEAD = (
    select(_DOCUMENT.c.position, _DOCUMENT.c.digest)
    .where(_DOCUMENT.c.chain == bindparam("chain"))
    .order_by(_DOCUMENT.c.position.desc())
    .limit(1)
)
LOG_HEAD = select(_LINE.c.position, _LINE.c.digest).order_by(_LINE.c.position.desc()).limit(1)
LAST = (
    select(_DOCUMENT.c.sequence, _DOCUMENT.c.date)
    .where(_DOCUMENT.c.series == bindparam("series"), _DOCUMENT.c.period == bindparam("period"))
    .order_by(_DOCUMENT.c.sequence.desc())
    .limit(1)
)

MOVE_CHAIN = (
    update(schema.CHAIN)
    .where(schema.CHAIN.c.chain == bindparam("of_chain"))
    .values(position=bindparam("position"), digest=bindparam("digest"))
)
MOVE_SERIES = (
    update(schema.SERIES)
    .where(
        schema.SERIES.c.series == bindparam("of_series"),
        schema.SERIES.c.period == bindparam("of_period"),
    )
    .values(last=bindparam("last"), date=bindparam("date"))
)

CLAIMS = select(_CLAIM).where(
    _CLAIM.c.key.in_(bindparam("keys", expanding=True)), _CLAIM.c.released_by == ""
)
CLAIMS_OF = select(_CLAIM).where(_CLAIM.c.document == bindparam("number")).order_by(_CLAIM.c.key)
RELEASE_ALL = (
    update(_CLAIM)
    .where(_CLAIM.c.document == bindparam("number"), _CLAIM.c.released_by == "")
    .values(released_by=bindparam("by"))
)
RELEASE = RELEASE_ALL.where(_CLAIM.c.key.in_(bindparam("keys", expanding=True)))

TALLY = (
    select(_COUNT)
    .where(_COUNT.c.key == bindparam("key"))
    .order_by(_COUNT.c.position.desc())
    .limit(1)
)

LINKS = (
    select(schema.LINK)
    .where(
        (schema.LINK.c.source == bindparam("number"))
        | (schema.LINK.c.target == bindparam("number"))
    )
    .order_by(schema.LINK.c.source, schema.LINK.c.target, schema.LINK.c.kind)
)
LAST_SEAL = (
    select(_SEAL).where(_SEAL.c.scheme == bindparam("scheme")).order_by(_SEAL.c.id.desc()).limit(1)
)
PUT_RUN = (
    update(_RUN)
    .where(
        _RUN.c.run == bindparam("of_run"),
        _RUN.c.job == bindparam("of_job"),
        _RUN.c.version == bindparam("seen"),
    )
    .values(state=bindparam("state"), payload=bindparam("payload"), version=bindparam("version"))
)

INSERTS = {table: insert(table) for table in schema.METADATA.sorted_tables}
COUNTS = {table: select(func.count()).select_from(table) for table in schema.METADATA.sorted_tables}


def where(query: Select[Any], wanted: dict[str, str | None]) -> Select[Any]:
    """Return a query over one table, narrowed to the columns that were given a value."""
    columns = query.selected_columns
    given = ((columns[name], value) for name, value in wanted.items() if value is not None)
    return query.where(*(column == value for column, value in given))
