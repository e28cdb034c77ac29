"""A store in memory, for tests and dry runs: the same rules, nothing kept."""

from __future__ import annotations

import copy
import datetime as dt
import itertools
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import attrs

from billhook.store.digests import LOG_CHAIN, audit_digest, new_identity
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
from billhook.store.transaction_guard import (
    NONE,
    Last,
    OnePerThread,
    TransactionGuard,
    misfit,
    next_step,
)


@attrs.define
class _Tables:
    """The store's tables; copied before each writing transaction."""

    entries: list[Entry] = attrs.field(factory=list)
    links: list[DocumentLink] = attrs.field(factory=list)
    claims: list[Claim] = attrs.field(factory=list)
    counts: list[Count] = attrs.field(factory=list)
    log: list[AuditEntry] = attrs.field(factory=list)
    sequences: dict[tuple[str, str], Last] = attrs.field(factory=dict)
    seals: list[FiscalSeal] = attrs.field(factory=list)
    files: list[FileProof] = attrs.field(factory=list)
    runs: dict[tuple[str, str], RunRow] = attrs.field(factory=dict)
    identity: str = attrs.field(factory=new_identity)


class MemoryStore:
    """Keeps everything in this process; one writer at a time."""

    def __init__(self) -> None:
        self._tables = _Tables()
        self._lock = threading.Lock()
        self._alone = OnePerThread()

    @contextmanager
    def read(self) -> Iterator[MemoryTransaction]:
        """Open a reading transaction over a copy."""
        with self._alone.enter():
            yield MemoryTransaction(copy_of(self._tables))

    @contextmanager
    def write(self) -> Iterator[MemoryTransaction]:
        """Open a writing transaction; an exception leaves the store as it was."""
        with self._alone.enter(), self._lock:
            writing = MemoryTransaction(copy_of(self._tables))
            yield writing
            self._tables = writing.settled()

    def check(self) -> tuple[str, ...]:
        """Return nothing: memory is sound or the process is gone."""
        return ()

    def close(self) -> None:
        """Give back nothing."""


def memory_store() -> MemoryStore:
    """Return an empty store in memory."""
    return MemoryStore()


def copy_of(tables: _Tables) -> _Tables:
    """Return a copy that can be changed without changing the original."""
    return _Tables(**{f.name: copy.copy(getattr(tables, f.name)) for f in attrs.fields(_Tables)})


class MemoryTransaction:
    """One transaction over a copy of the tables."""

    def __init__(self, tables: _Tables) -> None:
        self._t = tables
        self._guard = TransactionGuard()

    def settled(self) -> _Tables:
        """Return the tables to keep.

        Raises:
            ConflictError: A step was refused, and the caller went on.
        """
        self._guard.settle()
        return self._t

    # ── asking ───────────────────────────────────────────────────────────────

    def identity(self) -> str:
        """Return the store's identity."""
        return self._t.identity

    def entry(self, number: str) -> Entry | None:
        """Return a document by number."""
        return next((e for e in self._t.entries if e.number == number), None)

    def entry_of_key(self, key: str) -> Entry | None:
        """Return the document that an idempotency key issued."""
        return next((e for e in self._t.entries if e.key == key), None)

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
        for entry in sorted(self._t.entries, key=lambda e: (e.chain, e.position)):
            if (
                subject in {None, entry.subject}
                and customer in {None, entry.customer}
                and chain in {None, entry.chain}
                and job in {None, entry.job}
                and date in {None, entry.date}
                and (until is None or entry.date <= until)
            ):
                yield entry

    def entries_of(self, numbers: Iterable[str]) -> Mapping[str, Entry]:
        """Return documents by number; those that are not there are left out."""
        wanted = set(numbers)
        return {entry.number: entry for entry in self._t.entries if entry.number in wanted}

    def columns(
        self,
        numbers: Iterable[str] | None = None,
        *,
        subject: str | None = None,
        customer: str | None = None,
        until: dt.date | None = None,
    ) -> Iterator[Columns]:
        """Yield the columns of documents, in the order of chain and position."""
        wanted = None if numbers is None else set(numbers)
        for entry in self.entries(subject=subject, customer=customer, until=until):
            if wanted is None or entry.number in wanted:
                yield entry

    def issued_jobs(self, subject: str) -> frozenset[str]:
        """Return the jobs of a subject that documents were ever issued of."""
        return frozenset(entry.job for entry in self._t.entries if entry.subject == subject)

    def holders(self) -> frozenset[str]:
        """Return the documents that have a living claim on a record."""
        return frozenset(claim.document for claim in self._t.claims if not claim.released_by)

    def links(self, number: str | None = None) -> tuple[DocumentLink, ...]:
        """Return the relations from and to a document, or all of them."""
        found = (link for link in self._t.links if number in {None, link.source, link.target})
        return tuple(sorted(found, key=lambda link: (link.source, link.target, link.kind)))

    def claims(self, keys: Iterable[str]) -> Mapping[str, Claim]:
        """Return the living claims on records, by key."""
        wanted = set(keys)
        return {c.key: c for c in self._t.claims if c.key in wanted and not c.released_by}

    def claims_of(self, number: str) -> tuple[Claim, ...]:
        """Return every claim of a document, by key."""
        found = (claim for claim in self._t.claims if claim.document == number)
        return tuple(sorted(found, key=lambda claim: claim.key))

    def tally(self, key: str) -> Count | None:
        """Return the newest step of an accumulator, which has its total."""
        return next((each for each in reversed(self._t.counts) if each.key == key), None)

    def counts(self, *, key: str | None = None, document: str | None = None) -> Iterator[Count]:
        """Yield the steps of accumulators, by key and place."""
        for each in sorted(self._t.counts, key=lambda each: (each.key, each.position)):
            if key in {None, each.key} and document in {None, each.document}:
                yield each

    def all_claims(self) -> Iterator[tuple[Place, Claim]]:
        """Yield every claim with its document's chain and position, in that order, then by key."""
        own: dict[str, list[Claim]] = {}
        for claim in self._t.claims:
            own.setdefault(claim.document, []).append(claim)
        for entry in self.entries():
            for claim in sorted(own.get(entry.number, ()), key=lambda claim: claim.key):
                yield (entry.chain, entry.position), claim

    def latest(
        self, subject: str, kind: str, *, before: int | None = None, limit: int
    ) -> tuple[AuditEntry, ...]:
        """Return the last audit entries of a kind and subject, the newest first."""
        found = (
            each
            for each in reversed(self._t.log)
            if (each.subject, each.kind) == (subject, kind)
            and (before is None or each.position < before)
        )
        return tuple(itertools.islice(found, limit))

    def audit_entries(
        self, *, subject: str | None = None, document: str | None = None, kind: str | None = None
    ) -> Iterator[AuditEntry]:
        """Yield audit entries in the order they were appended."""
        for each in self._t.log:
            if (
                subject in {None, each.subject}
                and document in {None, each.document}
                and kind in {None, each.kind}
            ):
                yield each

    def head(self, chain: str) -> Head:
        """Return the end of a chain."""
        if chain == LOG_CHAIN:
            return self.log_head()
        last = next((e for e in reversed(self._t.entries) if e.chain == chain), None)
        return Head(last.position, last.digest) if last else Head(0, "")

    def digest_at(self, chain: str, position: int) -> str | None:
        """Return the digest at a place of a chain or of the log, or nothing if it ends before."""
        rows: Iterable[Entry | AuditEntry] = (
            self._t.log if chain == LOG_CHAIN else (e for e in self._t.entries if e.chain == chain)
        )
        return next((row.digest for row in rows if row.position == position), None)

    def log_head(self) -> Head:
        """Return the end of the log."""
        return (
            Head(self._t.log[-1].position, self._t.log[-1].digest) if self._t.log else Head(0, "")
        )

    def chains(self) -> tuple[str, ...]:
        """Return every chain, sorted."""
        return tuple(sorted({entry.chain for entry in self._t.entries}))

    def sequences(self) -> Mapping[tuple[str, str], int]:
        """Return the last number given, by series and period."""
        return {key: last.sequence for key, last in self._t.sequences.items()}

    def seals(self, number: str | None = None) -> tuple[FiscalSeal, ...]:
        """Return a document's fiscal seals, or all of them, in the order they were added."""
        return tuple(seal for seal in self._t.seals if number in {None, seal.document})

    def last_seal(self, scheme: str) -> FiscalSeal | None:
        """Return the newest seal of a scheme."""
        return next((seal for seal in reversed(self._t.seals) if seal.scheme == scheme), None)

    def files(self, number: str | None = None) -> tuple[FileProof, ...]:
        """Return the output files of a document, or all of them, by document and name."""
        found = (proof for proof in self._t.files if number in {None, proof.document})
        return tuple(sorted(found, key=lambda proof: (proof.document, proof.name)))

    def runs(self, run: str | None = None, job: str | None = None) -> tuple[RunRow, ...]:
        """Return the runs without their jobs, or one run with its jobs, by run and job."""
        rows = (
            row
            for row in self._t.runs.values()
            if (row.job == "" if run is None else row.run == run and job in {None, row.job})
        )
        return tuple(sorted(rows, key=lambda row: (row.run, row.job)))

    def run_states(self) -> Mapping[str, Mapping[str, int]]:
        """Return how many jobs are in each state, by run; no draft is read for it."""
        found: dict[str, dict[str, int]] = {}
        for row in sorted(self._t.runs.values(), key=lambda row: (row.run, row.state)):
            if row.job:
                states = found.setdefault(row.run, {})
                states[row.state] = states.get(row.state, 0) + 1
        return found

    def stats(self) -> Stats:
        """Return how much the store holds."""
        t = self._t
        return Stats(
            documents=len(t.entries),
            payload=sum(len(entry.payload) for entry in t.entries),
            links=len(t.links),
            claims=len(t.claims),
            released=sum(1 for claim in t.claims if claim.released_by),
            counts=len(t.counts),
            audit_entries=len(t.log),
            seals=len(t.seals),
            files=len(t.files),
            runs=len(t.runs),
        )

    # ── doing ────────────────────────────────────────────────────────────────

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Open a part of the transaction that is undone alone when it raises."""
        before = copy_of(self._t)
        try:
            with self._guard.attempt():
                yield
        except BaseException:
            self._t = before
            raise

    def next_sequence(self, series: str, period: str, date: dt.date) -> int:
        """Return the next number of a series."""
        last = self._t.sequences.get((series, period), NONE)
        if not last.allows(date):
            raise self._guard.refused(
                f"series {series} has a document of {last.date}; one of {date} would come "
                f"after it: date it {last.date} or later, or give it a series of its own"
            )
        return last.sequence + 1

    def add(self, entry: Entry, links: Iterable[DocumentLink] = ()) -> None:
        """Add a document at the end of its chain, with its relations to earlier ones."""
        wanted = tuple(links)
        place = (entry.series, entry.period)
        last = self._t.sequences.get(place, NONE)
        if fault := misfit(entry, self.head(entry.chain), last, wanted):
            raise self._guard.refused(fault)
        taken = (entry.number, entry.key, entry.digest)
        if any(known in taken for e in self._t.entries for known in (e.number, e.key, e.digest)):
            message = f"number {entry.number} or key {entry.key} is taken"
            raise self._guard.refused(f"{message}: give the series another template")
        self._t.entries.append(entry)
        self._t.links.extend(wanted)
        self._t.sequences[place] = Last(entry.sequence, entry.date)

    def claim(self, claims: Iterable[Claim]) -> None:
        """Claim records for a document."""
        for claim in claims:
            taken = self.claims([claim.key]).get(claim.key)
            if taken is not None:
                message = f"record {claim.key} is already billed on {taken.document}"
                raise self._guard.refused(message)
            self._require_document(claim.document)
            if any(c.document == claim.document and c.key == claim.key for c in self._t.claims):
                message = f"{claim.document} claimed record {claim.key} before"
                raise self._guard.refused(message)
            self._t.claims.append(attrs.evolve(claim, released_by=""))

    def release(self, document: str, by: str, keys: Iterable[str] | None = None) -> int:
        """Release a document's living claims."""
        chosen = None if keys is None else set(keys)
        count = 0
        for place, claim in enumerate(self._t.claims):
            mine = claim.document == document and not claim.released_by
            if mine and (chosen is None or claim.key in chosen):
                self._t.claims[place] = attrs.evolve(claim, released_by=by)
                count += 1
        return count

    def count(self, steps: Iterable[Count]) -> None:
        """Add steps to accumulators; their places and totals follow from those before them."""
        for step in steps:
            self._require_document(step.document)
            last = self.tally(step.key)
            new = next_step(step, last)
            if new is None:
                message = f"{step.key} is counted in {last and last.unit}, not in {step.unit}"
                raise self._guard.refused(message)
            self._t.counts.append(new)

    def append(self, line: AuditEntry) -> AuditEntry:
        """Append an audit entry and return it with its place and digest."""
        head = self.log_head()
        placed = attrs.evolve(line, position=head.position + 1, previous=head.digest)
        sealed = attrs.evolve(placed, digest=audit_digest(head.digest, placed))
        self._t.log.append(sealed)
        return sealed

    def add_seal(self, seal: FiscalSeal) -> None:
        """Add a fiscal seal."""
        self._require_document(seal.document)
        if any(made.scheme == seal.scheme for made in self.seals(seal.document)):
            message = f"{seal.document} has a seal of {seal.scheme}"
            raise self._guard.refused(message)
        self._t.seals.append(seal)

    def add_file(self, proof: FileProof) -> None:
        """Note an output file; the same file again changes nothing."""
        self._require_document(proof.document)
        before = [noted for noted in self.files(proof.document) if noted.name == proof.name]
        if before and before != [proof]:
            message = f"{proof.document}: another file {proof.name} is noted"
            raise self._guard.refused(message)
        if not before:
            self._t.files.append(proof)

    def put_run(self, row: RunRow) -> RunRow:
        """Write a run's row and return it with its new version."""
        old = self._t.runs.get((row.run, row.job))
        if row.version != (old.version if old else 0):
            message = f"run {row.run} {row.job} was changed by somebody else"
            raise self._guard.refused(message)
        new = attrs.evolve(row, version=row.version + 1)
        self._t.runs[row.run, row.job] = new
        return new

    def _require_document(self, number: str) -> None:
        if self.entry(number) is None:
            raise self._guard.refused(f"there is no document {number}")
