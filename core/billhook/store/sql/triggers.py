"""Guards inside the database: what was issued is not changed, by no statement.

A document follows the one before it in its chain and series, and the counters follow the
documents, so there is no number without its document.  The list is the single source of both
dialects' triggers; a migration drops them, works, and puts every one back.  On SQLite an
``INSERT OR REPLACE`` deletes without firing delete triggers, so inserts are guarded too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from billhook.store.digests import LOG_CHAIN

PREFIX = "billhook_"

FROZEN = ("meta", "document", "link", "happening", "fiscal_seal", "file_proof", "count")
"""Tables whose rows are neither updated nor deleted."""

KEPT = (*FROZEN, "claim", "series", "chain")
"""Tables whose rows are not deleted."""

REFUSE = f"{PREFIX}refuse"
"""The function on PostgreSQL that refuses to empty a table."""


@attrs.frozen
class Guard:
    """A condition under which a statement is refused.

    Attributes:
        name: Unique.
        table: The table, without its prefix.
        event: ``UPDATE``, ``DELETE`` or ``INSERT``.
        when: SQL condition over ``OLD`` and ``NEW``; true refuses.
        message: What the database says.
        everywhere: Whether PostgreSQL needs it too; it has no ``INSERT OR REPLACE``.
    """

    name: str
    table: str
    event: str
    when: str
    message: str
    everywhere: bool = True


def guards() -> tuple[Guard, ...]:
    """Return every guard."""
    return tuple(_guards())


def _guards() -> Iterator[Guard]:
    for table in FROZEN:
        yield Guard(f"{table}_no_update", table, "UPDATE", "1 = 1", f"{table} rows do not change")
    for table in KEPT:
        yield Guard(f"{table}_no_delete", table, "DELETE", "1 = 1", f"{table} rows are kept")
    yield from _places()
    yield from _counters()
    yield from _claims()
    yield from _list_ownership_guards()
    yield from _replacing()


def _places() -> Iterator[Guard]:
    """Yield the guards that let a row follow the one before it only."""
    before = "chain = NEW.chain AND position = NEW.position - 1 AND digest = NEW.previous"
    line = "position = NEW.position - 1 AND digest = NEW.previous"
    number = (
        "series = NEW.series AND period = NEW.period AND sequence = NEW.sequence - 1"
        " AND date <= NEW.date"
    )
    first = "(NEW.position <> 1 OR NEW.previous <> '')"
    yield Guard(
        "document_in_chain",
        "document",
        "INSERT",
        f"{first} AND {_absent('document', before)}",
        "document does not follow the end of its chain",
    )
    yield Guard(
        "document_in_series",
        "document",
        "INSERT",
        f"NEW.sequence <> 1 AND {_absent('document', number)}",
        "document is not the next of its series",
    )
    step = "key = NEW.key AND position = NEW.position - 1 AND unit = NEW.unit"
    yield Guard(
        "count_in_order",
        "count",
        "INSERT",
        f"NEW.position < 1 OR (NEW.position <> 1 AND {_absent('count', step)})",
        "count does not follow the one before it",
    )
    yield Guard(
        "happening_in_chain",
        "happening",
        "INSERT",
        f"{first} AND {_absent('happening', line)}",
        "happening does not follow the end of the log",
    )


def _counters() -> Iterator[Guard]:
    """Yield the guards that let a counter move on to a row that is there only."""
    last = "series = NEW.series AND period = NEW.period AND sequence = NEW.last AND date = NEW.date"
    end = "chain = NEW.chain AND position = NEW.position AND digest = NEW.digest"
    line = "position = NEW.position AND digest = NEW.digest"
    yield Guard(
        "series_steps",
        "series",
        "UPDATE",
        "NEW.series <> OLD.series OR NEW.period <> OLD.period"
        f" OR NEW.last <= OLD.last OR {_absent('document', last)}",
        "a series ends where its last document does, and does not go back",
    )
    yield Guard("series_starts", "series", "INSERT", "NEW.last <> 0", "a series starts at nothing")
    yield Guard(
        "chain_steps",
        "chain",
        "UPDATE",
        f"NEW.chain <> OLD.chain OR NEW.position <= OLD.position OR {_absent('document', end)}"
        f" AND (NEW.chain <> '{LOG_CHAIN}' OR {_absent('happening', line)})",
        "a chain ends where its last row does, and does not go back",
    )
    yield Guard(
        "chain_starts",
        "chain",
        "INSERT",
        "NEW.position <> 0 OR NEW.digest <> ''",
        "a chain starts at nothing",
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
    yield Guard("claim_starts", "claim", "INSERT", "NEW.released_by <> ''", "a claim starts alive")


def _list_ownership_guards() -> Iterator[Guard]:
    """Yield the guards against rows of documents that do not exist."""
    owners = {"claim": "document", "count": "document", "link": "source"}
    own = {"fiscal_seal": "document", "file_proof": "document"}
    for table, column in (*owners.items(), *own.items()):
        when = _absent("document", f"number = NEW.{column}")
        yield Guard(f"{table}_owned", table, "INSERT", when, f"{table} row has no document")


def _replacing() -> Iterator[Guard]:
    """Yield the guards against inserts that silently delete the row in their way.

    SQLite's hidden row number is such a way too.
    """
    ways: Mapping[str, str] = {
        "document": "number = NEW.number OR key = NEW.key OR digest = NEW.digest"
        " OR (chain = NEW.chain AND position = NEW.position)"
        " OR (series = NEW.series AND period = NEW.period AND sequence = NEW.sequence)",
        "link": "source = NEW.source AND target = NEW.target AND kind = NEW.kind",
        "happening": "position = NEW.position OR digest = NEW.digest",
        "fiscal_seal": "document = NEW.document AND scheme = NEW.scheme",
        "file_proof": "document = NEW.document AND name = NEW.name",
        "claim": "key = NEW.key AND (released_by = '' OR document = NEW.document)",
        "count": "key = NEW.key AND position = NEW.position",
        "series": "series = NEW.series AND period = NEW.period",
        "chain": "chain = NEW.chain",
        "meta": "key = NEW.key",
    }
    for table, way in ways.items():
        name, message = f"{table}_no_replace", f"{table} row exists"
        when = _present(table, f"rowid = NEW.rowid OR {way}")
        yield Guard(name, table, "INSERT", when, message, everywhere=False)


def _present(table: str, condition: str) -> str:
    return f"EXISTS (SELECT 1 FROM {PREFIX}{table} WHERE {condition})"  # noqa: S608 - names of our own


def _absent(table: str, condition: str) -> str:
    return f"NOT {_present(table, condition)}"


# ── SQLite ───────────────────────────────────────────────────────────────────


def sqlite_triggers() -> dict[str, str]:
    """Return the statement of each trigger on SQLite, by the trigger's name."""
    return {f"{PREFIX}{guard.name}": _sqlite_trigger(guard) for guard in guards()}


def _sqlite_trigger(guard: Guard) -> str:
    # UPDATE OR REPLACE with another row's hidden number would delete that row
    moved = " OR NEW.rowid <> OLD.rowid" if guard.event == "UPDATE" else ""
    return (
        f"CREATE TRIGGER {PREFIX}{guard.name} BEFORE {guard.event} ON {PREFIX}{guard.table}"
        f" FOR EACH ROW WHEN {guard.when}{moved}"
        f" BEGIN SELECT RAISE(ABORT, '{guard.message}'); END"
    )


# ── PostgreSQL ───────────────────────────────────────────────────────────────

TYPES = {
    "BEFORE INSERT": 0b000111,
    "BEFORE DELETE": 0b001011,
    "BEFORE UPDATE": 0b010011,
    "BEFORE TRUNCATE": 0b100010,
}
"""How PostgreSQL stores when a trigger fires: for each row, but for a whole ``TRUNCATE``."""


@attrs.frozen
class Trigger:
    """A trigger on PostgreSQL.

    Attributes:
        name: Its name, unique on its table.
        table: The table.
        when: One of `TYPES`.
        function: The function that it calls.
        body: What the function does.
    """

    name: str
    table: str
    when: str
    function: str
    body: str


def postgresql_triggers() -> tuple[Trigger, ...]:
    """Return the triggers on PostgreSQL."""
    return (*_row_triggers(), *_table_triggers())


def _row_triggers() -> Iterator[Trigger]:
    for guard in guards():
        if guard.everywhere:
            name = f"{PREFIX}{guard.name}"
            # WHEN may hold no subquery there, so the condition stands in the function
            body = f"BEGIN IF {guard.when} THEN {_refusal(guard.message)}; END IF; {_go(guard)} END"
            yield Trigger(name, f"{PREFIX}{guard.table}", f"BEFORE {guard.event}", name, body)


def _table_triggers() -> Iterator[Trigger]:
    for table in KEPT:
        name = f"{PREFIX}{table}_no_truncate"
        body = f"BEGIN {_refusal('billhook rows are kept')}; END"
        yield Trigger(name, f"{PREFIX}{table}", "BEFORE TRUNCATE", REFUSE, body)


def _refusal(message: str) -> str:
    return f"RAISE EXCEPTION USING MESSAGE = '{message}', ERRCODE = 'restrict_violation'"


def _go(guard: Guard) -> str:
    return "RETURN OLD;" if guard.event == "DELETE" else "RETURN NEW;"


def postgresql_statements(place: str) -> Iterator[str]:
    """Yield the statements that create functions and triggers on PostgreSQL.

    Args:
        place: The schema of the tables, quoted.  The functions look there only, so that no
            caller's search path puts other tables before them.
    """
    triggers = postgresql_triggers()
    for function, body in {each.function: each.body for each in triggers}.items():
        yield (
            f"CREATE OR REPLACE FUNCTION {place}.{function}() RETURNS trigger LANGUAGE plpgsql"
            f" SET search_path = {place}, pg_temp AS $billhook${body}$billhook$"
        )
    for each in triggers:
        level = "STATEMENT" if each.when == "BEFORE TRUNCATE" else "ROW"
        yield (
            f"CREATE TRIGGER {each.name} {each.when} ON {place}.{each.table}"
            f" FOR EACH {level} EXECUTE FUNCTION {place}.{each.function}()"
        )
        # also in a session that plays replica, where ordinary triggers sleep
        yield f"ALTER TABLE {place}.{each.table} ENABLE ALWAYS TRIGGER {each.name}"
