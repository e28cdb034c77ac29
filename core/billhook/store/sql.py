"""A transaction of the store in SQL, the same for both databases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs
from sqlalchemy import Connection, Row, Table, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from billhook.errors import ConflictError
from billhook.store import schema
from billhook.store.digests import happening_digest
from billhook.store.protocol import (
    Claim,
    Entry,
    FileProof,
    FiscalSeal,
    Happening,
    Head,
    Link,
    RunRow,
)

_CHUNK = 500
"""How many keys one statement names: SQLite's oldest limit on parameters is 999."""


class SqlTransaction:
    """Asks and writes through one connection, inside its transaction.

    Args:
        connection: An open SQLAlchemy connection.
        writes: Whether rows that are read to be counted on are locked, where the database can.
    """

    def __init__(self, connection: Connection, *, writes: bool) -> None:
        self._c = connection
        self._writes = writes

    # ── asking ───────────────────────────────────────────────────────────────

    def entry(self, number: str) -> Entry | None:
        """Return a document by number."""
        return self._entry(schema.DOCUMENT.c.number == number)

    def entry_of_key(self, key: str) -> Entry | None:
        """Return the document that an idempotency key issued."""
        return self._entry(schema.DOCUMENT.c.key == key)

    def _entry(self, condition: Any) -> Entry | None:
        row = self._c.execute(select(schema.DOCUMENT).where(condition)).first()
        return None if row is None else _entry(row)

    def entries(
        self,
        *,
        subject: str | None = None,
        customer: str | None = None,
        chain: str | None = None,
        until: dt.date | None = None,
    ) -> Iterator[Entry]:
        """Yield documents in the order of chain and position."""
        t = schema.DOCUMENT
        wanted = {t.c.subject: subject, t.c.customer: customer, t.c.chain: chain}
        query = select(t).where(*(c == v for c, v in wanted.items() if v is not None))
        if until is not None:
            query = query.where(t.c.date <= until.isoformat())
        for row in self._c.execute(query.order_by(t.c.chain, t.c.position)):
            yield _entry(row)

    def links(self, number: str) -> tuple[Link, ...]:
        """Return the relations from and to a document."""
        t = schema.LINK
        query = select(t).where((t.c.source == number) | (t.c.target == number))
        rows = self._c.execute(query.order_by(t.c.source, t.c.target, t.c.kind))
        return tuple(Link(row.source, row.target, row.kind) for row in rows)

    def claims(self, keys: Iterable[str]) -> Mapping[str, Claim]:
        """Return the living claims on records, by key."""
        t = schema.CLAIM
        found = {}
        for chunk in _chunks(sorted(set(keys))):
            query = select(t).where(t.c.key.in_(chunk), t.c.released_by == "")
            found.update({row.key: _claim(row) for row in self._c.execute(query)})
        return found

    def claims_of(self, number: str) -> tuple[Claim, ...]:
        """Return every claim of a document, by key."""
        t = schema.CLAIM
        rows = self._c.execute(select(t).where(t.c.document == number).order_by(t.c.key))
        return tuple(_claim(row) for row in rows)

    def happenings(
        self, *, subject: str | None = None, document: str | None = None, kind: str | None = None
    ) -> Iterator[Happening]:
        """Yield happenings in the order they were appended."""
        t = schema.HAPPENING
        wanted = {t.c.subject: subject, t.c.document: document, t.c.kind: kind}
        query = select(t).where(*(c == v for c, v in wanted.items() if v is not None))
        for row in self._c.execute(query.order_by(t.c.position)):
            facts = row._asdict()
            facts["at"] = dt.date.fromisoformat(facts["at"])
            facts["recorded_at"] = dt.datetime.fromisoformat(facts["recorded_at"])
            yield Happening(**facts)

    def head(self, chain: str) -> Head:
        """Return the end of a chain; inside a writing transaction it stays locked."""
        row = self._locked(schema.CHAIN, {"chain": chain}, {"position": 0, "digest": ""})
        return Head(row["position"], row["digest"])

    def log_head(self) -> Head:
        """Return the end of the log of happenings."""
        return self.head(schema.LOG)

    def chains(self) -> tuple[str, ...]:
        """Return every chain, sorted."""
        t = schema.DOCUMENT
        return tuple(self._c.scalars(select(t.c.chain).distinct().order_by(t.c.chain)))

    def sequences(self) -> Mapping[tuple[str, str], int]:
        """Return the last number given, by series and period."""
        rows = self._c.execute(select(schema.SERIES))
        return {(row.series, row.period): row.last for row in rows if row.last}

    def seals(self, number: str) -> tuple[FiscalSeal, ...]:
        """Return a document's fiscal seals."""
        t = schema.FISCAL_SEAL
        rows = self._c.execute(select(t).where(t.c.document == number).order_by(t.c.id))
        return tuple(_seal(row) for row in rows)

    def last_seal(self, scheme: str) -> FiscalSeal | None:
        """Return the newest seal of a scheme."""
        t = schema.FISCAL_SEAL
        query = select(t).where(t.c.scheme == scheme).order_by(t.c.id.desc()).limit(1)
        row = self._c.execute(query).first()
        return None if row is None else _seal(row)

    def files(self, number: str) -> tuple[FileProof, ...]:
        """Return the output files of a document."""
        t = schema.FILE_PROOF
        rows = self._c.execute(select(t).where(t.c.document == number).order_by(t.c.name))
        return tuple(FileProof(**row._asdict()) for row in rows)

    def runs(self, run: str | None = None) -> tuple[RunRow, ...]:
        """Return runs, or one run with its jobs."""
        t = schema.RUN
        query = select(t).where(t.c.job == "" if run is None else t.c.run == run)
        rows = self._c.execute(query.order_by(t.c.run, t.c.job))
        return tuple(RunRow(**row._asdict()) for row in rows)

    # ── doing ────────────────────────────────────────────────────────────────

    def next_sequence(self, series: str, period: str, date: dt.date) -> int:
        """Take the next number of a series; the row stays locked until the transaction ends."""
        place = {"series": series, "period": period}
        row = self._locked(schema.SERIES, place, {"last": 0, "date": date.isoformat()})
        if date.isoformat() < row["date"]:
            raise ConflictError(
                f"series {series} has a document of {row['date']};"
                f" one of {date} would stand after it"
            )
        number = int(row["last"]) + 1
        self._update(schema.SERIES, place, {"last": number, "date": date.isoformat()})
        return number

    def add(self, entry: Entry, links: Iterable[Link] = ()) -> None:
        """Add a document at the end of its chain."""
        head = self.head(entry.chain)
        if (entry.position, entry.previous) != (head.position + 1, head.digest):
            raise ConflictError(f"chain {entry.chain} has moved on; {entry.number} does not fit")
        facts = attrs.asdict(entry)
        facts |= {"date": entry.date.isoformat(), "issued_at": entry.issued_at.isoformat()}
        taken = f"number {entry.number} or key {entry.key} is taken"
        self._insert(schema.DOCUMENT, [facts], taken)
        moved = {"position": entry.position, "digest": entry.digest}
        self._update(schema.CHAIN, {"chain": entry.chain}, moved)
        self._insert(schema.LINK, [attrs.asdict(link) for link in links], "a link exists")

    def claim(self, claims: Iterable[Claim]) -> None:
        """Claim records for a document."""
        wanted = list(claims)
        taken = self.claims(claim.key for claim in wanted)
        if taken:
            one = next(iter(taken.values()))
            raise ConflictError(f"record {one.key} is already billed on {one.document}")
        facts = [attrs.asdict(claim) for claim in wanted]
        self._insert(schema.CLAIM, facts, "a record was billed at this moment by somebody else")

    def release(self, document: str, by: str, keys: Iterable[str] | None = None) -> int:
        """Release a document's living claims, all or some; return how many."""
        t = schema.CLAIM
        mine = (t.c.document == document) & (t.c.released_by == "")
        if keys is None:
            return self._c.execute(update(t).where(mine).values(released_by=by)).rowcount
        return sum(
            self._c.execute(
                update(t).where(mine, t.c.key.in_(some)).values(released_by=by)
            ).rowcount
            for some in _chunks(sorted(set(keys)))
        )

    def append(self, happening: Happening) -> Happening:
        """Append a happening and return it with its place and digest."""
        head = self.log_head()
        placed = attrs.evolve(happening, position=head.position + 1, previous=head.digest)
        sealed = attrs.evolve(placed, digest=happening_digest(head.digest, placed))
        facts = attrs.asdict(sealed)
        facts |= {"at": sealed.at.isoformat(), "recorded_at": sealed.recorded_at.isoformat()}
        self._insert(schema.HAPPENING, [facts], "the log has moved on")
        moved = {"position": sealed.position, "digest": sealed.digest}
        self._update(schema.CHAIN, {"chain": schema.LOG}, moved)
        return sealed

    def add_seal(self, seal: FiscalSeal) -> None:
        """Add a fiscal seal."""
        self._insert(schema.FISCAL_SEAL, [attrs.asdict(seal)], "the document has such a seal")

    def add_file(self, proof: FileProof) -> None:
        """Note an output file."""
        self._insert(schema.FILE_PROOF, [attrs.asdict(proof)], "the file is noted already")

    def put_run(self, row: RunRow) -> RunRow:
        """Write a run's row and return it with its new version."""
        changed = f"run {row.run} {row.job} was changed by somebody else"
        new = attrs.evolve(row, version=row.version + 1)
        if row.version == 0:
            self._insert(schema.RUN, [attrs.asdict(new)], changed)
            return new
        t = schema.RUN
        mine = (t.c.run == row.run) & (t.c.job == row.job) & (t.c.version == row.version)
        values = {"state": new.state, "payload": new.payload, "version": new.version}
        if self._c.execute(update(t).where(mine).values(values)).rowcount != 1:
            raise ConflictError(changed)
        return new

    # ── statements ───────────────────────────────────────────────────────────

    def _locked(
        self, table: Table, place: Mapping[str, str], start: Mapping[str, object]
    ) -> Mapping[str, Any]:
        """Return a counter's row, made at its start if need be, locked in a writing transaction."""
        query = select(table).where(*(table.c[name] == value for name, value in place.items()))
        if self._writes:
            query = query.with_for_update()
        row = self._c.execute(query).mappings().first()
        if row is not None:
            return dict(row)
        if self._writes:
            self._start(table, {**place, **start})
            row = self._c.execute(query).mappings().one()
            return dict(row)
        return {**place, **start}

    def _start(self, table: Table, row: Mapping[str, object]) -> None:
        if self._c.dialect.name == "postgresql":
            from sqlalchemy.dialects.postgresql import insert as insert_or_wait

            # Two writers may meet at a counter's first use: the second waits for the first
            # one's commit, and then finds the row.
            self._c.execute(insert_or_wait(table).values(row).on_conflict_do_nothing())
        else:
            self._c.execute(insert(table).values(row))

    def _insert(self, table: Table, rows: Sequence[Mapping[str, object]], taken: str) -> None:
        if not rows:
            return
        try:
            self._c.execute(insert(table), list(rows))
        except IntegrityError as error:
            raise ConflictError(taken) from error

    def _update(self, table: Table, place: Mapping[str, str], values: Mapping[str, object]) -> None:
        mine = [table.c[name] == value for name, value in place.items()]
        self._c.execute(update(table).where(*mine).values(dict(values)))

    def count(self) -> int:
        """Return how many documents there are."""
        return int(self._c.scalar(select(func.count()).select_from(schema.DOCUMENT)) or 0)


def _chunks(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), _CHUNK):
        yield keys[start : start + _CHUNK]


def _entry(row: Row[Any]) -> Entry:
    facts = row._asdict()
    facts["date"] = dt.date.fromisoformat(facts["date"])
    facts["issued_at"] = dt.datetime.fromisoformat(facts["issued_at"])
    facts["payload"] = bytes(facts["payload"])
    return Entry(**facts)


def _claim(row: Row[Any]) -> Claim:
    return Claim(**row._asdict())


def _seal(row: Row[Any]) -> FiscalSeal:
    return FiscalSeal(document=row.document, scheme=row.scheme, value=row.value)
