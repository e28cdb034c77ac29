"""A store in memory, for tests and dry runs: the same rules, nothing kept."""

from __future__ import annotations

import copy
import datetime as dt
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import attrs

from billhook.errors import ConflictError
from billhook.store.digests import LOG_CHAIN, document_digest, happening_digest
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


@attrs.define
class _Tables:
    """What the store holds; copied before each writing transaction."""

    entries: list[Entry] = attrs.field(factory=list)
    links: list[Link] = attrs.field(factory=list)
    claims: list[Claim] = attrs.field(factory=list)
    log: list[Happening] = attrs.field(factory=list)
    sequences: dict[tuple[str, str], tuple[int, dt.date]] = attrs.field(factory=dict)
    seals: list[FiscalSeal] = attrs.field(factory=list)
    files: list[FileProof] = attrs.field(factory=list)
    runs: dict[tuple[str, str], RunRow] = attrs.field(factory=dict)


class MemoryStore:
    """Keeps everything in this process; one writer at a time."""

    def __init__(self) -> None:
        self._tables = _Tables()
        self._lock = threading.RLock()

    @contextmanager
    def read(self) -> Iterator[MemoryTransaction]:
        """Open a reading transaction over a copy."""
        with self._lock:
            view = copy_of(self._tables)
        yield MemoryTransaction(view)

    @contextmanager
    def write(self) -> Iterator[MemoryTransaction]:
        """Open a writing transaction; an exception leaves the store as it was."""
        with self._lock:
            draft = copy_of(self._tables)
            yield MemoryTransaction(draft)
            self._tables = draft

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

    # ── asking ───────────────────────────────────────────────────────────────

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
        until: dt.date | None = None,
    ) -> Iterator[Entry]:
        """Yield documents in the order of chain and position."""
        for entry in sorted(self._t.entries, key=lambda e: (e.chain, e.position)):
            if (
                subject in {None, entry.subject}
                and customer in {None, entry.customer}
                and chain in {None, entry.chain}
                and (until is None or entry.date <= until)
            ):
                yield entry

    def links(self, number: str) -> tuple[Link, ...]:
        """Return the relations from and to a document."""
        return tuple(link for link in self._t.links if number in {link.source, link.target})

    def claims(self, keys: Iterable[str]) -> Mapping[str, Claim]:
        """Return the living claims on records, by key."""
        wanted = set(keys)
        return {c.key: c for c in self._t.claims if c.key in wanted and not c.released_by}

    def claims_of(self, number: str) -> tuple[Claim, ...]:
        """Return every claim of a document, by key."""
        found = (claim for claim in self._t.claims if claim.document == number)
        return tuple(sorted(found, key=lambda claim: claim.key))

    def happenings(
        self, *, subject: str | None = None, document: str | None = None, kind: str | None = None
    ) -> Iterator[Happening]:
        """Yield happenings in the order they were appended."""
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
        last = [entry for entry in self._t.entries if entry.chain == chain][-1:]
        return Head(last[0].position, last[0].digest) if last else Head(0, "")

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
        return {key: last for key, (last, _) in self._t.sequences.items()}

    def seals(self, number: str) -> tuple[FiscalSeal, ...]:
        """Return a document's fiscal seals."""
        return tuple(seal for seal in self._t.seals if seal.document == number)

    def last_seal(self, scheme: str) -> FiscalSeal | None:
        """Return the newest seal of a scheme."""
        return next((seal for seal in reversed(self._t.seals) if seal.scheme == scheme), None)

    def files(self, number: str) -> tuple[FileProof, ...]:
        """Return the output files of a document."""
        return tuple(proof for proof in self._t.files if proof.document == number)

    def runs(self, run: str | None = None) -> tuple[RunRow, ...]:
        """Return runs, or one run with its jobs."""
        rows = (
            row
            for row in self._t.runs.values()
            if (row.job == "" if run is None else row.run == run)
        )
        return tuple(sorted(rows, key=lambda row: (row.run, row.job)))

    # ── doing ────────────────────────────────────────────────────────────────

    def next_sequence(self, series: str, period: str, date: dt.date) -> int:
        """Take the next number of a series."""
        last, before = self._t.sequences.get((series, period), (0, date))
        if date < before:
            raise ConflictError(
                f"series {series} has a document of {before}; one of {date} would stand after it"
            )
        self._t.sequences[series, period] = (last + 1, date)
        return last + 1

    def add(self, entry: Entry, links: Iterable[Link] = ()) -> None:
        """Add a document at the end of its chain."""
        head = self.head(entry.chain)
        if (entry.position, entry.previous) != (head.position + 1, head.digest):
            raise ConflictError(f"chain {entry.chain} has moved on; {entry.number} does not fit")
        if entry.digest != document_digest(entry.previous, entry.payload):
            raise ConflictError(f"the digest of {entry.number} is not that of its payload")
        if self.entry(entry.number) or self.entry_of_key(entry.key):
            raise ConflictError(f"number {entry.number} or key {entry.key} is taken")
        self._t.entries.append(entry)
        self._t.links.extend(links)

    def claim(self, claims: Iterable[Claim]) -> None:
        """Claim records for a document."""
        wanted = tuple(claims)
        taken = self.claims(claim.key for claim in wanted)
        if taken:
            one = next(iter(taken.values()))
            raise ConflictError(f"record {one.key} is already billed on {one.document}")
        self._t.claims.extend(wanted)

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

    def append(self, happening: Happening) -> Happening:
        """Append a happening and return it with its place and digest."""
        head = self.log_head()
        placed = attrs.evolve(happening, position=head.position + 1, previous=head.digest)
        sealed = attrs.evolve(placed, digest=happening_digest(head.digest, placed))
        self._t.log.append(sealed)
        return sealed

    def add_seal(self, seal: FiscalSeal) -> None:
        """Add a fiscal seal."""
        self._t.seals.append(seal)

    def add_file(self, proof: FileProof) -> None:
        """Note an output file."""
        self._t.files.append(proof)

    def put_run(self, row: RunRow) -> RunRow:
        """Write a run's row and return it with its new version."""
        old = self._t.runs.get((row.run, row.job))
        if row.version != (old.version if old else 0):
            raise ConflictError(f"run {row.run} {row.job} was changed by somebody else")
        new = attrs.evolve(row, version=row.version + 1)
        self._t.runs[row.run, row.job] = new
        return new
