"""A transaction of the store in SQL, the same for both databases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import attrs
from sqlalchemy import Connection, Row, Select, Table, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from billhook.store import rows, schema
from billhook.store.digests import LOG_CHAIN, happening_digest
from billhook.store.protocol import (
    Claim,
    Entry,
    FileProof,
    FiscalSeal,
    Happening,
    Head,
    Link,
    RunRow,
    Stats,
)
from billhook.store.settling import Settlement, misfit

T = TypeVar("T")

_CHUNK = 500
"""How many keys one statement names: SQLite's oldest limit on parameters is 999."""

_BUFFER = 100
"""How many documents are in memory at a time while a long query is read."""


class SqlTransaction:
    """Asks and writes through one connection, inside its transaction.

    Whoever writes holds the store's only writing turn, so counters that were read once are
    remembered until the transaction ends.

    Args:
        connection: An open SQLAlchemy connection.
        size: Tells how many bytes the database takes.
    """

    def __init__(self, connection: Connection, size: Callable[[Connection], int]) -> None:
        self._c = connection
        self._size = size
        self._settlement = Settlement()
        self._heads: dict[str, Head] = {}
        self._last: dict[tuple[str, str], tuple[int, str]] = {}

    def settle(self) -> None:
        """Refuse to keep a transaction that would leave a gap or half a step.

        Raises:
            StoreError: It would.
        """
        self._settlement.settle()

    # ── asking ───────────────────────────────────────────────────────────────

    def entry(self, number: str) -> Entry | None:
        """Return a document by number."""
        t = schema.DOCUMENT
        return self._one(select(t).where(t.c.number == number), rows.entry_of)

    def entry_of_key(self, key: str) -> Entry | None:
        """Return the document that an idempotency key issued."""
        t = schema.DOCUMENT
        return self._one(select(t).where(t.c.key == key), rows.entry_of)

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
        query = _where(select(t), {"subject": subject, "customer": customer, "chain": chain})
        if until is not None:
            query = query.where(t.c.date <= until.isoformat())
        return self._stream(query.order_by(t.c.chain, t.c.position), rows.entry_of)

    def links(self, number: str) -> tuple[Link, ...]:
        """Return the relations from and to a document."""
        t = schema.LINK
        query = select(t).where((t.c.source == number) | (t.c.target == number))
        return self._all(query.order_by(t.c.source, t.c.target, t.c.kind), rows.link_of)

    def claims(self, keys: Iterable[str]) -> Mapping[str, Claim]:
        """Return the living claims on records, by key."""
        t = schema.CLAIM
        found = {}
        for chunk in _chunks(sorted(set(keys))):
            query = select(t).where(t.c.key.in_(chunk), t.c.released_by == "")
            found.update({claim.key: claim for claim in self._all(query, rows.claim_of)})
        return found

    def claims_of(self, number: str) -> tuple[Claim, ...]:
        """Return every claim of a document, living and released, by key."""
        t = schema.CLAIM
        return self._all(select(t).where(t.c.document == number).order_by(t.c.key), rows.claim_of)

    def happenings(
        self, *, subject: str | None = None, document: str | None = None, kind: str | None = None
    ) -> Iterator[Happening]:
        """Yield happenings in the order they were appended."""
        t = schema.HAPPENING
        query = _where(select(t), {"subject": subject, "document": document, "kind": kind})
        return self._stream(query.order_by(t.c.position), rows.happening_of)

    def head(self, chain: str) -> Head:
        """Return the end of a chain; inside a writing transaction nobody else moves it."""
        if chain in self._heads:
            return self._heads[chain]
        t = schema.CHAIN
        query = select(t).where(t.c.chain == chain)
        return self._one(query, lambda row: Head(row.position, row.digest)) or Head(0, "")

    def log_head(self) -> Head:
        """Return the end of the log of happenings."""
        return self.head(LOG_CHAIN)

    def chains(self) -> tuple[str, ...]:
        """Return every chain, sorted."""
        t = schema.DOCUMENT
        return tuple(self._c.scalars(select(t.c.chain).distinct().order_by(t.c.chain)))

    def sequences(self) -> Mapping[tuple[str, str], int]:
        """Return the last number given, by series and period."""
        found = self._c.execute(select(schema.SERIES))
        return {(row.series, row.period): row.last for row in found if row.last}

    def seals(self, number: str | None = None) -> tuple[FiscalSeal, ...]:
        """Return a document's fiscal seals, or all of them, in the order they were added."""
        t = schema.FISCAL_SEAL
        return self._all(_where(select(t), {"document": number}).order_by(t.c.id), rows.seal_of)

    def last_seal(self, scheme: str) -> FiscalSeal | None:
        """Return the newest seal of a scheme."""
        t = schema.FISCAL_SEAL
        query = select(t).where(t.c.scheme == scheme).order_by(t.c.id.desc()).limit(1)
        return self._one(query, rows.seal_of)

    def files(self, number: str | None = None) -> tuple[FileProof, ...]:
        """Return the output files of a document, or all of them, by document and name."""
        t = schema.FILE_PROOF
        query = _where(select(t), {"document": number}).order_by(t.c.document, t.c.name)
        return self._all(query, rows.file_of)

    def runs(self, run: str | None = None) -> tuple[RunRow, ...]:
        """Return the runs without their jobs, or one run with its jobs, by run and job."""
        t = schema.RUN
        query = select(t).where(t.c.job == "" if run is None else t.c.run == run)
        return self._all(query.order_by(t.c.run, t.c.job), rows.run_of)

    def stats(self) -> Stats:
        """Return how much the store holds."""
        payload = self._c.scalar(select(func.sum(func.length(schema.DOCUMENT.c.payload))))
        released = schema.CLAIM.c.released_by != ""
        return Stats(
            documents=self._count(schema.DOCUMENT),
            payload=int(payload or 0),
            links=self._count(schema.LINK),
            claims=self._count(schema.CLAIM),
            released=int(self._c.scalar(select(func.count()).where(released)) or 0),
            happenings=self._count(schema.HAPPENING),
            seals=self._count(schema.FISCAL_SEAL),
            files=self._count(schema.FILE_PROOF),
            runs=self._count(schema.RUN),
            size=self._size(self._c),
        )

    # ── doing ────────────────────────────────────────────────────────────────

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Open a part of the transaction that is undone alone when it raises."""
        try:
            with self._settlement.attempt(), self._c.begin_nested():
                yield
        except BaseException:
            self._heads.clear()
            self._last.clear()
            raise

    def next_sequence(self, series: str, period: str, date: dt.date) -> int:
        """Take the next number of a series."""
        last, before = self._last_of(series, period, date)
        if date.isoformat() < before:
            raise self._settlement.refused(
                f"series {series} has a document of {before}; one of {date} would stand after it"
            )
        place = {"series": series, "period": period}
        self._update(schema.SERIES, place, {"last": last + 1, "date": date.isoformat()})
        self._last[series, period] = (last + 1, date.isoformat())
        self._settlement.took(series, period, last + 1)
        return last + 1

    def add(self, entry: Entry, links: Iterable[Link] = ()) -> None:
        """Add a document at the end of its chain, with its relations to earlier ones."""
        wanted = tuple(links)
        head = self.head(entry.chain)
        if fault := misfit(entry, head, wanted):
            raise self._settlement.refused(fault)
        if not head.position:
            self._start_chain(entry.chain)
        taken = f"number {entry.number} or key {entry.key} is taken"
        self._insert(schema.DOCUMENT, [rows.entry_facts(entry)], taken)
        self._move(entry.chain, Head(entry.position, entry.digest))
        self._insert(schema.LINK, [rows.facts_of(link) for link in wanted], "a link exists")
        self._settlement.added(entry)

    def claim(self, claims: Iterable[Claim]) -> None:
        """Claim records for a document; a claim starts alive."""
        wanted = [attrs.evolve(claim, released_by="") for claim in claims]
        taken = self.claims(claim.key for claim in wanted)
        if taken:
            one = next(iter(taken.values()))
            message = f"record {one.key} is already billed on {one.document}"
            raise self._settlement.refused(message)
        facts = [rows.facts_of(claim) for claim in wanted]
        self._insert(schema.CLAIM, facts, "a record is claimed twice, or by no document")

    def release(self, document: str, by: str, keys: Iterable[str] | None = None) -> int:
        """Release a document's living claims, all or some; return how many."""
        t = schema.CLAIM
        mine = update(t).where(t.c.document == document, t.c.released_by == "")
        if keys is None:
            return self._c.execute(mine.values(released_by=by)).rowcount
        chosen = (mine.where(t.c.key.in_(some)) for some in _chunks(sorted(set(keys))))
        return sum(self._c.execute(query.values(released_by=by)).rowcount for query in chosen)

    def append(self, happening: Happening) -> Happening:
        """Append a happening and return it with its place and digest."""
        head = self.log_head()
        placed = attrs.evolve(happening, position=head.position + 1, previous=head.digest)
        sealed = attrs.evolve(placed, digest=happening_digest(head.digest, placed))
        self._insert(schema.HAPPENING, [rows.happening_facts(sealed)], "the log has moved on")
        self._move(LOG_CHAIN, Head(sealed.position, sealed.digest))
        return sealed

    def add_seal(self, seal: FiscalSeal) -> None:
        """Add a fiscal seal."""
        taken = f"{seal.document} has a seal of {seal.scheme}, or does not exist"
        self._insert(schema.FISCAL_SEAL, [rows.facts_of(seal)], taken)

    def add_file(self, proof: FileProof) -> None:
        """Note an output file; the same file again changes nothing."""
        if proof not in self.files(proof.document):
            taken = f"{proof.document}: another file {proof.name} is noted, or there is no document"
            self._insert(schema.FILE_PROOF, [rows.facts_of(proof)], taken)

    def put_run(self, row: RunRow) -> RunRow:
        """Write a run's row and return it with its new version."""
        changed = f"run {row.run} {row.job} was changed by somebody else"
        new = attrs.evolve(row, version=row.version + 1)
        if row.version == 0:
            self._insert(schema.RUN, [rows.facts_of(new)], changed)
            return new
        t = schema.RUN
        mine = update(t).where(t.c.run == row.run, t.c.job == row.job, t.c.version == row.version)
        values = {"state": new.state, "payload": new.payload, "version": new.version}
        if self._c.execute(mine.values(values)).rowcount != 1:
            raise self._settlement.refused(changed)
        return new

    # ── counters ─────────────────────────────────────────────────────────────

    def _last_of(self, series: str, period: str, date: dt.date) -> tuple[int, str]:
        """Return the last number and date of a series, which is made at nothing if need be."""
        if (series, period) not in self._last:
            t = schema.SERIES
            query = select(t).where(t.c.series == series, t.c.period == period)
            found = self._one(query, lambda row: (int(row.last), str(row.date)))
            if found is None:
                found = (0, date.isoformat())
                place = {"series": series, "period": period}
                self._insert(t, [place | {"last": 0, "date": found[1]}], f"{series} was begun")
            self._last[series, period] = found
        return self._last[series, period]

    def _start_chain(self, chain: str) -> None:
        start = {"chain": chain, "position": 0, "digest": ""}
        self._insert(schema.CHAIN, [start], f"chain {chain} was begun")

    def _move(self, chain: str, head: Head) -> None:
        self._update(schema.CHAIN, {"chain": chain}, attrs.asdict(head))
        self._heads[chain] = head

    # ── statements ───────────────────────────────────────────────────────────

    def _one(self, query: Select[Any], made: Callable[[Row[Any]], T]) -> T | None:
        row = self._c.execute(query).first()
        return None if row is None else made(row)

    def _all(self, query: Select[Any], made: Callable[[Row[Any]], T]) -> tuple[T, ...]:
        return tuple(made(row) for row in self._c.execute(query))

    def _stream(self, query: Select[Any], made: Callable[[Row[Any]], T]) -> Iterator[T]:
        for row in self._c.execute(query, execution_options={"yield_per": _BUFFER}):
            yield made(row)

    def _count(self, table: Table) -> int:
        return int(self._c.scalar(select(func.count()).select_from(table)) or 0)

    def _insert(self, table: Table, facts: Sequence[rows.Facts], taken: str) -> None:
        if not facts:
            return
        try:
            self._c.execute(insert(table), facts)
        except IntegrityError as error:
            raise self._settlement.refused(taken) from error

    def _update(self, table: Table, place: Mapping[str, str], values: Mapping[str, object]) -> None:
        mine = [table.c[name] == value for name, value in place.items()]
        self._c.execute(update(table).where(*mine).values(dict(values)))


def _where(query: Select[Any], wanted: Mapping[str, str | None]) -> Select[Any]:
    """Return a query over one table, narrowed to the columns that were given a value."""
    columns = query.selected_columns
    return query.where(
        *(columns[name] == value for name, value in wanted.items() if value is not None)
    )


def _chunks(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), _CHUNK):
        yield keys[start : start + _CHUNK]
