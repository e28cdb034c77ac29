"""The protocol of a store; SQLite, PostgreSQL and memory implement it alike.

The store keeps sealed bytes and the few columns that it must search and guard; it knows no
invoice.  Amounts are integers in the currency's minor unit.  Nothing that was added is ever
changed: a claim may be released, once, and that is all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Protocol

import attrs


@attrs.frozen(kw_only=True)
class Columns:
    """The columns of an issued document, by which it is searched, listed and summed up.

    Attributes:
        number: The document's number, unique.
        type_code: Document type of UNTDID 1001.
        series: The series of the number.
        period: The part of the series within which ``sequence`` counts: ``2026``, or empty.
        sequence: Place in the series and period, from 1, without gaps.
        chain: The chain that the digest belongs to.
        position: Place in the chain, from 1, without gaps.
        key: Idempotency key; the same key issues the same document once.
        job: Id of the job.
        subject: What history is kept of.
        customer: Id of the buyer.
        date: Invoice date.
        issued_at: When it was issued, UTC.
        currency: ISO 4217 code.
        minor: Decimals of the currency when it was issued.
        net: Net total, in minor units.
        tax: Tax charged, in minor units.
        gross: Net and tax, in minor units.
        payable: What is to be paid, in minor units.
    """

    number: str
    type_code: str
    series: str
    period: str
    sequence: int
    chain: str
    position: int
    key: str
    job: str
    subject: str
    customer: str
    date: dt.date
    issued_at: dt.datetime
    currency: str
    minor: int
    net: int
    tax: int
    gross: int
    payable: int


@attrs.frozen(kw_only=True)
class Entry(Columns):
    """An issued document as the store keeps it: its columns and its sealed content.

    Attributes:
        payload: The sealed document, canonical JSON, kept byte for byte.
        previous: Digest of the entry before it in the chain; empty for the first.
        digest: SHA-256 over the previous digest and the payload, hexadecimal.
    """

    payload: bytes = attrs.field(repr=False)
    previous: str
    digest: str


Place = tuple[str, int]
"""A document's chain and its position there."""


@attrs.frozen
class DocumentLink:
    """A relation between two documents: ``credits``, ``replaces``, ``follows``."""

    source: str
    target: str
    kind: str


@attrs.frozen(kw_only=True)
class Claim:
    """A record that a document bills.

    Attributes:
        key: Key of the record.
        document: Number of the document.
        content: The record's values as canonical JSON, to tell later what changed.
        released_by: Number of the document or event that freed it; empty while the claim lives.
    """

    key: str
    document: str
    content: str
    released_by: str = ""


@attrs.frozen(kw_only=True)
class Count:
    """A step of an accumulator: a document counts, or what it counted is taken back.

    Attributes:
        key: The accumulator.
        position: Place among the key's steps, from 1, without gaps; 0 until it is added.
        document: Number of the document whose lines count.
        by: Number of the document or event that moved it: the document itself, a credit note, or
            the voiding.
        unit: Unit, the same for all steps of a key.
        value: What is added; negative when it is taken back.
        total: What the key has come to with this step.
    """

    key: str
    position: int = 0
    document: str
    by: str
    unit: str
    value: Decimal
    total: Decimal = Decimal(0)


@attrs.frozen(kw_only=True)
class AuditEntry:
    """A fact that is appended, never changed: an event of a plugin, or a line of the audit log.

    Attributes:
        position: Place in the log, from 1, without gaps; 0 until it is appended.
        kind: ``legal.Deposit``, ``issued``, ``voided``, ``run.approved``.
        subject: What it belongs to; empty for the workspace as a whole.
        document: Number of the document it is about, or empty.
        at: The day it takes effect.
        recorded_at: When it was recorded, UTC.
        by: Who recorded it.
        reason: Why.
        payload: Canonical JSON of its facts.
        previous: Digest of the audit entry before it.
        digest: SHA-256 over the previous digest and the audit entry's content.
    """

    position: int = 0
    kind: str
    subject: str = ""
    document: str = ""
    at: dt.date
    recorded_at: dt.datetime
    by: str
    reason: str = ""
    payload: str = "{}"
    previous: str = ""
    digest: str = ""


@attrs.frozen(kw_only=True)
class FiscalSeal:
    """A plugin's seal over a document, computed inside the issue transaction."""

    document: str
    scheme: str
    value: str


@attrs.frozen(kw_only=True)
class FileProof:
    """An output file that was written for a document."""

    document: str
    name: str
    sha256: str
    size: int


@attrs.frozen(kw_only=True)
class RunRow:
    """A billing run, or one job of it: work in progress, the only thing here that may change.

    Attributes:
        run: Id of the run.
        job: Id of the job; empty for the run itself.
        state: ``draft``, ``held``, ``dropped``, ``approved``, ``issued``, ``failed``.
        payload: Canonical JSON: the draft, its review, its history.
        version: Counts the changes; an update names the version it saw.
    """

    run: str
    job: str = ""
    state: str
    payload: str = "{}"
    version: int = 0


@attrs.frozen
class Head:
    """The end of a chain or log."""

    position: int
    digest: str


@attrs.frozen(kw_only=True)
class Stats:
    """The size of a store.

    Attributes:
        documents: Issued documents.
        payload: Bytes of their sealed content.
        links: Relations between documents.
        claims: Claims on records, living and released.
        released: Claims that were released.
        counts: Steps of accumulators.
        audit_entries: Lines of the log.
        seals: Fiscal seals.
        files: Output files noted.
        runs: Billing runs and their jobs.
        size: Bytes of the database itself; 0 in memory.
    """

    documents: int
    payload: int
    links: int
    claims: int
    released: int
    counts: int
    audit_entries: int
    seals: int
    files: int
    runs: int
    size: int = 0


class Reading(Protocol):
    """The queries of any transaction."""

    def identity(self) -> str:
        """Return the store's identity: made with it, never changed, borne by its copies."""
        ...

    def entry(self, number: str) -> Entry | None:
        """Return a document by number."""
        ...

    def entry_of_key(self, key: str) -> Entry | None:
        """Return the document that an idempotency key issued."""
        ...

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
        ...

    def entries_of(self, numbers: Iterable[str]) -> Mapping[str, Entry]:
        """Return documents by number; those that are not there are left out."""
        ...

    def columns(
        self,
        numbers: Iterable[str] | None = None,
        *,
        subject: str | None = None,
        customer: str | None = None,
        until: dt.date | None = None,
    ) -> Iterator[Columns]:
        """Yield the columns of documents, in the order of chain and position.

        Args:
            numbers: Only these documents.
            subject: Only of this subject.
            customer: Only of this customer.
            until: Only of this day and before.
        """
        ...

    def issued_jobs(self, subject: str) -> frozenset[str]:
        """Return the jobs of a subject that documents were ever issued of."""
        ...

    def holders(self) -> frozenset[str]:
        """Return the documents that have a living claim on a record."""
        ...

    def links(self, number: str | None = None) -> tuple[DocumentLink, ...]:
        """Return the relations from and to a document, or all of them."""
        ...

    def claims(self, keys: Iterable[str]) -> Mapping[str, Claim]:
        """Return the living claims on records, by key."""
        ...

    def claims_of(self, number: str) -> tuple[Claim, ...]:
        """Return every claim of a document, living and released, by key."""
        ...

    def tally(self, key: str) -> Count | None:
        """Return the newest step of an accumulator, which has its total."""
        ...

    def counts(self, *, key: str | None = None, document: str | None = None) -> Iterator[Count]:
        """Yield the steps of accumulators, by key and place."""
        ...

    def all_claims(self) -> Iterator[tuple[Place, Claim]]:
        """Yield every claim with its document's chain and position, in that order, then by key."""
        ...

    def audit_entries(
        self, *, subject: str | None = None, document: str | None = None, kind: str | None = None
    ) -> Iterator[AuditEntry]:
        """Yield audit entries in the order they were appended."""
        ...

    def latest(
        self, subject: str, kind: str, *, before: int | None = None, limit: int
    ) -> tuple[AuditEntry, ...]:
        """Return the last audit entries of a kind and subject, the newest first.

        Args:
            subject: The subject.
            kind: The kind.
            before: Only those before this place in the log.
            limit: So many at most.
        """
        ...

    def head(self, chain: str) -> Head:
        """Return the end of a chain; inside a writing transaction nobody else moves it."""
        ...

    def digest_at(self, chain: str, position: int) -> str | None:
        """Return the digest at a place of a chain or of the log, or nothing if it ends before."""
        ...

    def log_head(self) -> Head:
        """Return the end of the audit log."""
        ...

    def chains(self) -> tuple[str, ...]:
        """Return every chain, sorted."""
        ...

    def sequences(self) -> Mapping[tuple[str, str], int]:
        """Return the last number given, by series and period."""
        ...

    def seals(self, number: str | None = None) -> tuple[FiscalSeal, ...]:
        """Return a document's fiscal seals, or all of them, in the order they were added."""
        ...

    def last_seal(self, scheme: str) -> FiscalSeal | None:
        """Return the newest seal of a scheme."""
        ...

    def files(self, number: str | None = None) -> tuple[FileProof, ...]:
        """Return the output files of a document, or all of them, by document and name."""
        ...

    def runs(self, run: str | None = None, job: str | None = None) -> tuple[RunRow, ...]:
        """Return the runs without their jobs, or one run with its jobs, by run and job.

        Args:
            run: Id of the run.
            job: Id of a job: the row of that job only.
        """
        ...

    def run_states(self) -> Mapping[str, Mapping[str, int]]:
        """Return how many jobs are in each state, by run; no draft is read for it."""
        ...

    def stats(self) -> Stats:
        """Return how much the store holds."""
        ...


class Writing(Reading, Protocol):
    """The operations of a writing transaction; all of it is undone together.

    A refusal undoes the transaction even if the caller catches it and goes on: what was done of
    the step before would be kept otherwise.  `attempt` bounds a step that may fail alone.
    """

    def attempt(self) -> AbstractContextManager[None]:
        """Open a part of the transaction that is undone alone when it raises.

        The exception goes on to the caller, who may catch it and continue.
        """
        ...

    def next_sequence(self, series: str, period: str, date: dt.date) -> int:
        """Return the next number of a series; the document that is added with it takes it.

        Raises:
            ConflictError: ``date`` lies before the date of the number before.
        """
        ...

    def add(self, entry: Entry, links: Iterable[DocumentLink] = ()) -> None:
        """Add a document at the end of its chain, with its relations to earlier ones.

        Raises:
            ConflictError: The number is not the next of its series, it or the key is taken, the
                chain has moved on, or the digest is not that of the content.
        """
        ...

    def claim(self, claims: Iterable[Claim]) -> None:
        """Claim records for a document; a claim starts alive.

        Raises:
            ConflictError: A record has a living claim already, or the document never was added.
        """
        ...

    def release(self, document: str, by: str, keys: Iterable[str] | None = None) -> int:
        """Release a document's living claims, all or some; return how many."""
        ...

    def count(self, steps: Iterable[Count]) -> None:
        """Add steps to accumulators; their places and totals follow from those before them.

        Raises:
            ConflictError: A key was counted in another unit, or a document never was added.
        """
        ...

    def append(self, line: AuditEntry) -> AuditEntry:
        """Append an audit entry and return it with its place and digest."""
        ...

    def add_seal(self, seal: FiscalSeal) -> None:
        """Add a fiscal seal.

        Raises:
            ConflictError: The document has a seal of the scheme, or does not exist.
        """
        ...

    def add_file(self, proof: FileProof) -> None:
        """Note an output file; the same file again changes nothing.

        Raises:
            ConflictError: Another file of that name is noted, or the document does not exist.
        """
        ...

    def put_run(self, row: RunRow) -> RunRow:
        """Write a run's row and return it with its new version.

        Raises:
            ConflictError: Somebody else changed it since ``row.version``.
        """
        ...


class Store(Protocol):
    """A place where documents stay as they are.

    A thread has one transaction of a store at a time; a second one inside is a `StoreError`,
    for it could only wait for the first.  Writers take turns: one at a time, each waiting for a
    bounded time only.
    """

    def read(self) -> AbstractContextManager[Reading]:
        """Open a reading transaction: one consistent view.

        Raises:
            StoreError: The store cannot be opened, or its schema is not this version's.
        """
        ...

    def write(self) -> AbstractContextManager[Writing]:
        """Open a writing transaction: it is kept when the block ends, undone when it raises.

        Raises:
            BusyError: Another writer held the store for longer than the bounded wait.
            StoreError: The disk is full, the server is gone, or the store is damaged.
        """
        ...

    def check(self) -> tuple[str, ...]:
        """Return what the database itself finds damaged; nothing when it is sound."""
        ...

    def close(self) -> None:
        """Give back every connection."""
        ...
