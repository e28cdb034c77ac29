"""One transaction of the store in SQL, the same for both databases."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import attrs
from sqlalchemy import Connection, Executable, Row, Table, func, select
from sqlalchemy.exc import IntegrityError

from billhook.store.digests import LOG_CHAIN, audit_digest
from billhook.store.protocol import (
    AuditEntry,
    Claim,
    Columns,
    Count,
    DocumentLink,
    Entry,
    FileProof,
    FiscalSeal,
    Head,
    Place,
    RunRow,
    Stats,
)
from billhook.store.sql import schema, statements
from billhook.store.transaction_guard import NONE, Last, TransactionGuard, misfit, next_step

T = TypeVar("T")

_CHUNK = 500
"""How many keys one statement names: SQLite's oldest limit on parameters is 999."""

_BUFFER = 100
"""How many documents are in memory at a time while a long query is read."""

LAST_PLACE = 2**62
"""A place in the log after everything."""


class SqlTransaction:
    """Asks and writes through one connection, inside its transaction.

    Whoever writes holds the store's only writing turn, so the ends of chains and series are known
    here until the transaction ends.  Their counters follow at once for the whole transaction: a
    row that is changed thousands of times in one is slow to find on PostgreSQL.

    Args:
        connection: An open SQLAlchemy connection.
        size: Tells how many bytes the database takes.
    """

    def __init__(self, connection: Connection, size: Callable[[Connection], int]) -> None:
        self._c = connection
        self._size = size
        self._guard = TransactionGuard()
        self._heads: dict[str, Head] = {}
        self._lasts: dict[tuple[str, str], Last] = {}

    def settle(self) -> None:
        """Let the counters follow, and refuse to keep a transaction that has half a step in it.

        Raises:
            ConflictError: A step was refused, and the caller went on.
        """
        self._guard.settle()
        for chain, head in self._heads.items():
            self._c.execute(statements.MOVE_CHAIN, {"of_chain": chain, **attrs.asdict(head)})
        for (series, period), last in self._lasts.items():
            place = {"of_series": series, "of_period": period}
            self._c.execute(statements.MOVE_SERIES, place | statements.last_facts(last))

    # ── asking ───────────────────────────────────────────────────────────────

    def identity(self) -> str:
        """Return the store's identity: made with it, never changed, borne by its copies."""
        return str(self._c.scalar(statements.IDENTITY) or "")

    def entry(self, number: str) -> Entry | None:
        """Return a document by number."""
        return self._one(statements.ENTRY, statements.entry_of, number=number)

    def entry_of_key(self, key: str) -> Entry | None:
        """Return the document that an idempotency key issued."""
        return self._one(statements.ENTRY_OF_KEY, statements.entry_of, key=key)

    def entries(
        self,
        *,
        subject: str | None = None,
        customer: str | None = None,
        chain: str | None = None,
        job: str | None = None,
        date: dt.date | None = None,
        until: dt.date | None = None,
    ) -> Iterator[Entry]:
        """Yield documents in the order of chain and position."""
        t = schema.DOCUMENT
        day = None if date is None else date.isoformat()
        wanted = {
            "subject": subject,
            "customer": customer,
            "chain": chain,
            "job": job,
            "date": day,
        }
        query = statements.where(select(t), wanted)
        if until is not None:
            query = query.where(t.c.date <= until.isoformat())
        return self._stream(query.order_by(t.c.chain, t.c.position), statements.entry_of)

    def entries_of(self, numbers: Iterable[str]) -> Mapping[str, Entry]:
        """Return documents by number; those that are not there are left out."""
        chunks = _chunks(sorted(set(numbers)))
        found = (
            self._all(statements.ENTRIES_OF, statements.entry_of, numbers=each) for each in chunks
        )
        return {entry.number: entry for entries in found for entry in entries}

    def columns(
        self,
        numbers: Iterable[str] | None = None,
        *,
        subject: str | None = None,
        customer: str | None = None,
        until: dt.date | None = None,
    ) -> Iterator[Columns]:
        """Yield the columns of documents, in the order of chain and position."""
        t = schema.DOCUMENT
        query = statements.where(statements.COLUMNS, {"subject": subject, "customer": customer})
        if until is not None:
            query = query.where(t.c.date <= until.isoformat())
        query = query.order_by(t.c.chain, t.c.position)
        if numbers is None:
            return self._stream(query, statements.columns_of)
        chunks = _chunks(sorted(set(numbers)))
        found = (
            self._all(query.where(t.c.number.in_(each)), statements.columns_of) for each in chunks
        )
        return iter(sorted(itertools.chain(*found), key=lambda each: (each.chain, each.position)))

    def issued_jobs(self, subject: str) -> frozenset[str]:
        """Return the jobs of a subject that documents were ever issued of."""
        return frozenset(self._c.scalars(statements.ISSUED_JOBS, {"subject": subject}))

    def holders(self) -> frozenset[str]:
        """Return the documents that have a living claim on a record."""
        return frozenset(self._c.scalars(statements.HOLDERS))

    def links(self, number: str | None = None) -> tuple[DocumentLink, ...]:
        """Return the relations from and to a document, or all of them."""
        if number is None:
            return self._all(statements.ALL_LINKS, statements.link_of)
        return self._all(statements.LINKS, statements.link_of, number=number)

    def claims(self, keys: Iterable[str]) -> Mapping[str, Claim]:
        """Return the living claims on records, by key."""
        chunks = _chunks(sorted(set(keys)))
        found = (self._all(statements.CLAIMS, statements.claim_of, keys=chunk) for chunk in chunks)
        return {claim.key: claim for claims in found for claim in claims}

    def claims_of(self, number: str) -> tuple[Claim, ...]:
        """Return every claim of a document, living and released, by key."""
        return self._all(statements.CLAIMS_OF, statements.claim_of, number=number)

    def tally(self, key: str) -> Count | None:
        """Return the newest step of an accumulator, which has its total."""
        return self._one(statements.TALLY, statements.count_of, key=key)

    def counts(self, *, key: str | None = None, document: str | None = None) -> Iterator[Count]:
        """Yield the steps of accumulators, by key and place."""
        t = schema.COUNT
        query = statements.where(select(t), {"key": key, "document": document})
        return self._stream(query.order_by(t.c.key, t.c.position), statements.count_of)

    def all_claims(self) -> Iterator[tuple[Place, Claim]]:
        """Yield every claim with its document's chain and position, in that order, then by key."""
        return self._stream(statements.ALL_CLAIMS, statements.placed_claim_of)

    def audit_entries(
        self, *, subject: str | None = None, document: str | None = None, kind: str | None = None
    ) -> Iterator[AuditEntry]:
        """Yield audit entries in the order they were appended."""
        t = schema.AUDIT_ENTRY
        wanted = {"subject": subject, "document": document, "kind": kind}
        query = statements.where(select(t), wanted).order_by(t.c.position)
        return self._stream(query, statements.audit_entry_of)

    def latest(
        self, subject: str, kind: str, *, before: int | None = None, limit: int
    ) -> tuple[AuditEntry, ...]:
        """Return the last audit entries of a kind and subject, the newest first."""
        place = LAST_PLACE if before is None else before
        wanted = {"subject": subject, "kind": kind, "before": place, "limit": limit}
        return self._all(statements.LATEST, statements.audit_entry_of, **wanted)

    def head(self, chain: str) -> Head:
        """Return the end of a chain; inside a writing transaction nobody else moves it."""
        if chain in self._heads:
            return self._heads[chain]
        query = statements.LOG_HEAD if chain == LOG_CHAIN else statements.HEAD
        return self._one(query, statements.head_of, chain=chain) or Head(0, "")

    def digest_at(self, chain: str, position: int) -> str | None:
        """Return the digest at a place of a chain or of the log, or nothing if it ends before."""
        query = statements.LINE_AT if chain == LOG_CHAIN else statements.DOCUMENT_AT
        found: str | None = self._c.scalar(query, {"chain": chain, "position": position})
        return found

    def log_head(self) -> Head:
        """Return the end of the audit log."""
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
        query = statements.where(select(t), {"document": number})
        return self._all(query.order_by(t.c.id), statements.seal_of)

    def last_seal(self, scheme: str) -> FiscalSeal | None:
        """Return the newest seal of a scheme."""
        return self._one(statements.LAST_SEAL, statements.seal_of, scheme=scheme)

    def files(self, number: str | None = None) -> tuple[FileProof, ...]:
        """Return the output files of a document, or all of them, by document and name."""
        t = schema.FILE_PROOF
        query = statements.where(select(t), {"document": number})
        return self._all(query.order_by(t.c.document, t.c.name), statements.file_of)

    def runs(self, run: str | None = None, job: str | None = None) -> tuple[RunRow, ...]:
        """Return the runs without their jobs, or one run with its jobs, by run and job."""
        t = schema.RUN
        wanted: dict[str, str | None] = {"job": ""} if run is None else {"run": run, "job": job}
        return self._all(
            statements.where(select(t), wanted).order_by(t.c.run, t.c.job), statements.run_of
        )

    def run_states(self) -> Mapping[str, Mapping[str, int]]:
        """Return how many jobs are in each state, by run; no draft is read for it."""
        found: dict[str, dict[str, int]] = {}
        for row in self._c.execute(statements.RUN_STATES):
            found.setdefault(row.run, {})[row.state] = row.jobs
        return found

    def stats(self) -> Stats:
        """Return how much the store holds."""
        payload = self._c.scalar(select(func.sum(func.length(schema.DOCUMENT.c.payload))))
        released = select(func.count()).where(schema.CLAIM.c.released_by != "")
        return Stats(
            documents=self._count(schema.DOCUMENT),
            payload=int(payload or 0),
            links=self._count(schema.LINK),
            claims=self._count(schema.CLAIM),
            released=int(self._c.scalar(released) or 0),
            counts=self._count(schema.COUNT),
            audit_entries=self._count(schema.AUDIT_ENTRY),
            seals=self._count(schema.FISCAL_SEAL),
            files=self._count(schema.FILE_PROOF),
            runs=self._count(schema.RUN),
            size=self._size(self._c),
        )

    # ── doing ────────────────────────────────────────────────────────────────

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Open a part of the transaction that is undone alone when it raises."""
        ends = (dict(self._heads), dict(self._lasts))
        try:
            with self._guard.attempt(), self._c.begin_nested():
                yield
        except BaseException:
            self._heads, self._lasts = ends
            raise

    def next_sequence(self, series: str, period: str, date: dt.date) -> int:
        """Return the next number of a series; the document that is added with it takes it."""
        last = self._last(series, period)
        if not last.allows(date):
            raise self._guard.refused(
                f"series {series} has a document of {last.date}; one of {date} would come "
                f"after it: date it {last.date} or later, or give it a series of its own"
            )
        return last.sequence + 1

    def add(self, entry: Entry, links: Iterable[DocumentLink] = ()) -> None:
        """Add a document at the end of its chain, with its relations to earlier ones."""
        wanted = tuple(links)
        head, last = self.head(entry.chain), self._last(entry.series, entry.period)
        if fault := misfit(entry, head, last, wanted):
            raise self._guard.refused(fault)
        if not head.position:
            start = {"chain": entry.chain, "position": 0, "digest": ""}
            self._insert(schema.CHAIN, [start], f"chain {entry.chain} was begun")
        if not last.sequence:
            place = {"series": entry.series, "period": entry.period}
            start = place | {"last": 0, "date": entry.date.isoformat()}
            self._insert(schema.SERIES, [start], f"series {entry.series} was begun")
        taken = (
            f"number {entry.number} or key {entry.key} is taken: give the series another template"
        )
        self._insert(schema.DOCUMENT, [statements.entry_facts(entry)], taken)
        self._insert(schema.LINK, [statements.facts_of(link) for link in wanted], "a link exists")
        self._heads[entry.chain] = Head(entry.position, entry.digest)
        self._lasts[entry.series, entry.period] = Last(entry.sequence, entry.date)

    def claim(self, claims: Iterable[Claim]) -> None:
        """Claim records for a document; a claim starts alive."""
        facts = [statements.facts_of(claim) | {"released_by": ""} for claim in claims]
        if taken := self.claims(fact["key"] for fact in facts):
            one = next(iter(taken.values()))
            message = f"record {one.key} is already billed on {one.document}"
            raise self._guard.refused(message)
        self._insert(schema.CLAIM, facts, "a record is claimed twice, or by no document")

    def release(self, document: str, by: str, keys: Iterable[str] | None = None) -> int:
        """Release a document's living claims, all or some; return how many."""
        given: dict[str, object] = {"number": document, "by": by}
        if keys is None:
            return self._c.execute(statements.RELEASE_ALL, given).rowcount
        chunks = _chunks(sorted(set(keys)))
        return sum(
            self._c.execute(statements.RELEASE, given | {"keys": chunk}).rowcount
            for chunk in chunks
        )

    def count(self, steps: Iterable[Count]) -> None:
        """Add steps to accumulators; their places and totals follow from those before them."""
        placed: list[Count] = []
        ends: dict[str, Count | None] = {}
        for step in steps:
            last = ends[step.key] if step.key in ends else self.tally(step.key)
            new = next_step(step, last)
            if new is None:
                message = f"{step.key} is counted in {last and last.unit}, not in {step.unit}"
                raise self._guard.refused(message)
            ends[step.key] = new
            placed.append(new)
        facts = [statements.count_facts(step) for step in placed]
        self._insert(schema.COUNT, facts, "an accumulator has moved on, or a document is missing")

    def append(self, line: AuditEntry) -> AuditEntry:
        """Append an audit entry and return it with its place and digest."""
        head = self.log_head()
        placed = attrs.evolve(line, position=head.position + 1, previous=head.digest)
        sealed = attrs.evolve(placed, digest=audit_digest(head.digest, placed))
        self._insert(
            schema.AUDIT_ENTRY, [statements.audit_entry_facts(sealed)], "the log has moved on"
        )
        self._heads[LOG_CHAIN] = Head(sealed.position, sealed.digest)
        return sealed

    def add_seal(self, seal: FiscalSeal) -> None:
        """Add a fiscal seal."""
        taken = f"{seal.document} has a seal of {seal.scheme}, or does not exist"
        self._insert(schema.FISCAL_SEAL, [statements.facts_of(seal)], taken)

    def add_file(self, proof: FileProof) -> None:
        """Note an output file; the same file again changes nothing."""
        if proof not in self.files(proof.document):
            taken = f"{proof.document}: another file {proof.name} is noted, or there is no document"
            self._insert(schema.FILE_PROOF, [statements.facts_of(proof)], taken)

    def put_run(self, row: RunRow) -> RunRow:
        """Write a run's row and return it with its new version."""
        changed = f"run {row.run} {row.job} was changed by somebody else"
        new = attrs.evolve(row, version=row.version + 1)
        if row.version == 0:
            self._insert(schema.RUN, [statements.facts_of(new)], changed)
            return new
        seen = {"of_run": row.run, "of_job": row.job, "seen": row.version}
        values = {"state": new.state, "payload": new.payload, "version": new.version}
        if self._c.execute(statements.PUT_RUN, seen | values).rowcount != 1:
            raise self._guard.refused(changed)
        return new

    # ── statements ───────────────────────────────────────────────────────────

    def _last(self, series: str, period: str) -> Last:
        known = self._lasts.get((series, period))
        found = known or self._one(
            statements.LAST, statements.last_of, series=series, period=period
        )
        return found or NONE

    def _one(self, query: Executable, made: Callable[[Row[Any]], T], **given: str) -> T | None:
        row = self._c.execute(query, given).first()
        return None if row is None else made(row)

    def _all(
        self, query: Executable, made: Callable[[Row[Any]], T], **given: object
    ) -> tuple[T, ...]:
        return tuple(made(row) for row in self._c.execute(query, given))

    def _stream(self, query: Executable, made: Callable[[Row[Any]], T]) -> Iterator[T]:
        for row in self._c.execute(query, execution_options={"yield_per": _BUFFER}):
            yield made(row)

    def _count(self, table: Table) -> int:
        return int(self._c.scalar(statements.COUNTS[table]) or 0)

    def _insert(self, table: Table, facts: Sequence[statements.Facts], taken: str) -> None:
        if not facts:
            return
        try:
            self._c.execute(statements.INSERTS[table], facts)
        except IntegrityError as error:
            raise self._guard.refused(taken) from error


def _chunks(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), _CHUNK):
        yield keys[start : start + _CHUNK]
