"""Guards inside the database: what was issued is not changed, by no statement.

The list is the single source of both dialects' triggers; a migration drops them, works, and puts
every one back.  On SQLite an ``INSERT OR REPLACE`` deletes without firing delete triggers, so
inserts are guarded too.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from billhook.store.schema import LOG

FROZEN = ("document", "link", "happening", "fiscal_seal", "file_proof")
"""Tables whose rows are neither updated nor deleted."""

KEPT = (*FROZEN, "claim", "series", "chain")
"""Tables whose rows are not deleted."""


@attrs.frozen
class Guard:
    """A condition under which a statement is refused.

    Attributes:
        name: Unique.
        table: The table.
        event: ``UPDATE``, ``DELETE`` or ``INSERT``.
        when: SQL condition over ``OLD`` and ``NEW``; true refuses.
        message: What the database says.
    """

    name: str
    table: str
    event: str
    when: str
    message: str


def guards() -> tuple[Guard, ...]:
    """Return every guard."""
    return tuple(_guards())


def _guards() -> Iterator[Guard]:
    for table in FROZEN:
        yield Guard(f"{table}_no_update", table, "UPDATE", "1 = 1", f"{table} rows do not change")
    for table in KEPT:
        yield Guard(f"{table}_no_delete", table, "DELETE", "1 = 1", f"{table} rows are kept")
    yield from _document()
    yield from _log()
    yield from _counters()
    yield from _claims()
    for table, column in (
        ("link", "source"),
        ("fiscal_seal", "document"),
        ("file_proof", "document"),
    ):
        same = {
            "link": "target = NEW.target AND kind = NEW.kind",
            "fiscal_seal": "scheme = NEW.scheme",
            "file_proof": "name = NEW.name",
        }[table]
        when = f"EXISTS (SELECT 1 FROM {table} WHERE {column} = NEW.{column} AND {same})"  # noqa: S608 - names of our own
        yield Guard(f"{table}_no_replace", table, "INSERT", when, f"{table} row exists")


def _document() -> Iterator[Guard]:
    yield Guard(
        "document_no_replace",
        "document",
        "INSERT",
        "EXISTS (SELECT 1 FROM document WHERE number = NEW.number OR key = NEW.key"
        " OR digest = NEW.digest OR (chain = NEW.chain AND position = NEW.position))",
        "document exists",
    )
    yield Guard(
        "document_in_chain",
        "document",
        "INSERT",
        "NOT EXISTS (SELECT 1 FROM chain WHERE chain = NEW.chain"
        " AND position = NEW.position - 1 AND digest = NEW.previous)",
        "document does not follow the end of its chain",
    )
    yield Guard(
        "document_in_series",
        "document",
        "INSERT",
        "NOT EXISTS (SELECT 1 FROM series WHERE series = NEW.series"
        " AND period = NEW.period AND last = NEW.sequence)",
        "document has not the number that its series gave",
    )


def _log() -> Iterator[Guard]:
    yield Guard(
        "happening_in_chain",
        "happening",
        "INSERT",
        f"NOT EXISTS (SELECT 1 FROM chain WHERE chain = '{LOG}'"  # noqa: S608 - a constant of our own
        " AND position = NEW.position - 1 AND digest = NEW.previous)",
        "happening does not follow the end of the log",
    )


def _counters() -> Iterator[Guard]:
    yield Guard(
        "series_steps",
        "series",
        "UPDATE",
        "NEW.series <> OLD.series OR NEW.period <> OLD.period"
        " OR NEW.last <> OLD.last + 1 OR NEW.date < OLD.date",
        "a series counts by one and does not go back",
    )
    yield Guard(
        "series_starts",
        "series",
        "INSERT",
        "NEW.last <> 0"
        " OR EXISTS (SELECT 1 FROM series WHERE series = NEW.series AND period = NEW.period)",
        "a series starts once, at nothing",
    )
    yield Guard(
        "chain_steps",
        "chain",
        "UPDATE",
        "NEW.chain <> OLD.chain OR NEW.position <> OLD.position + 1",
        "a chain grows by one",
    )
    yield Guard(
        "chain_starts",
        "chain",
        "INSERT",
        "NEW.position <> 0 OR NEW.digest <> ''"
        " OR EXISTS (SELECT 1 FROM chain WHERE chain = NEW.chain)",
        "a chain starts once, at nothing",
    )


def _claims() -> Iterator[Guard]:
    yield Guard(
        "claim_released_once",
        "claim",
        "UPDATE",
        "OLD.released_by <> '' OR NEW.released_by = '' OR NEW.key <> OLD.key"
        " OR NEW.document <> OLD.document OR NEW.content <> OLD.content",
        "a claim is released once, and nothing else of it changes",
    )
    yield Guard(
        "claim_no_replace",
        "claim",
        "INSERT",
        "EXISTS (SELECT 1 FROM claim WHERE key = NEW.key"
        " AND (released_by = '' OR document = NEW.document))",
        "record is claimed",
    )


def sqlite_statements() -> Iterator[str]:
    """Yield the statements that create the triggers on SQLite."""
    for guard in guards():
        yield (
            f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} FOR EACH ROW"
            f" WHEN {guard.when} BEGIN SELECT RAISE(ABORT, '{guard.message}'); END"
        )


def postgresql_statements() -> Iterator[str]:
    """Yield the statements that create the triggers on PostgreSQL."""
    yield (
        "CREATE OR REPLACE FUNCTION billhook_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation'; END $$"
    )
    for guard in guards():
        yield from _postgresql(guard)
    for table in KEPT:
        yield (
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT"
            f" EXECUTE FUNCTION billhook_refuse('{table} rows are kept')"
        )


def _postgresql(guard: Guard) -> Iterator[str]:
    """Yield a trigger function with the condition: WHEN may hold no subquery there."""
    back = "OLD" if guard.event == "DELETE" else "NEW"
    yield (
        f"CREATE OR REPLACE FUNCTION billhook_{guard.name}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN IF {guard.when} THEN RAISE EXCEPTION '{guard.message}'"
        f" USING ERRCODE = 'restrict_violation'; END IF; RETURN {back}; END $$"
    )
    yield (
        f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} FOR EACH ROW"
        f" EXECUTE FUNCTION billhook_{guard.name}()"
    )
