"""Verification: every digest, figure, number, claim and file is recomputed and compared."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

import attrs

from billhook.archive.payload_types import ArchiveError
from billhook.audit.document_check import (
    Around,
    check_columns,
    check_credits,
    check_parts,
    check_relations,
    check_totals,
)
from billhook.audit.log_check import Log, read_log
from billhook.explain.tree import figures_by_name
from billhook.issue import codes
from billhook.issue.anchors import Anchor
from billhook.issue.archived_files import check_files, stray_files
from billhook.issue.history import CORRECTIONS, links_of
from billhook.issue.seal import unseal
from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.errors import StoreError
from billhook.kernel.figure import disagreements, graph
from billhook.model.document import Document
from billhook.plugins.loading import Plugin
from billhook.runs.run import read_run
from billhook.store.digests import LOG_CHAIN, document_digest
from billhook.store.protocol import (
    Claim,
    Count,
    DocumentLink,
    Entry,
    FileProof,
    FiscalSeal,
    Place,
    Reading,
    Store,
)

UNREADABLE = (ArchiveError, ValueError, TypeError, AttributeError, LookupError, ArithmeticError)
"""Exceptions raised by sealed bytes of a wrong form: forged, digest included."""

Step = Callable[[Entry], None]
"""Told after each document: progress."""


@attrs.frozen(kw_only=True)
class Verified:
    """Result of verification.

    Attributes:
        documents: How many documents were looked at.
        audit_entries: How many lines of the log.
        figures: How many figures were computed again.
        files: How many archived files were hashed.
        findings: What does not hold; nothing when all is well.
    """

    documents: int
    audit_entries: int
    figures: int
    files: int
    findings: tuple[Diagnostic, ...]


def verify(
    store: Store,
    plugins: Iterable[Plugin],
    *,
    anchors: Iterable[Anchor] = (),
    as_of: dt.date | None = None,
    archive: Path | None = None,
    step: Step = lambda _: None,
) -> Verified:
    """Verify a store from its first document on; the first finding is the first that fails.

    Args:
        store: The store.
        plugins: Plugins whose pockets are in the documents; others' pockets stay sealed.
        anchors: Closing files: they show what a cut tail would hide.
        as_of: Look into documents of this day and before only, and at closings likewise; the
            chains are followed to their ends all the same.
        archive: Folder of the output files; ``None`` leaves them alone.
        step: Told after each document.
    """
    damage = [Diagnostic(codes.DATABASE_DAMAGED.id, text) for text in store.check()]
    known = tuple(each for each in anchors if as_of is None or each.date <= as_of)
    with store.read() as reading:
        log = read_log(reading)
        walk = _Walk(reading, tuple(plugins), log, as_of, archive, step)
        findings = [*damage, *walk.run(known)]
    return Verified(
        documents=walk.documents,
        audit_entries=log.lines,
        figures=walk.figures,
        files=walk.files,
        findings=tuple(findings),
    )


@attrs.define
class _Walk:
    """One walk over the store."""

    reading: Reading
    plugins: tuple[Plugin, ...]
    log: Log
    as_of: dt.date | None
    archive: Path | None
    step: Step
    documents: int = 0
    figures: int = 0
    files: int = 0
    owned: Counter[str] = attrs.field(factory=Counter)
    seals: dict[str, list[FiscalSeal]] = attrs.field(factory=dict)
    proofs: dict[str, list[FileProof]] = attrs.field(factory=dict)
    steps: dict[str, list[Count]] = attrs.field(factory=dict)
    links: Mapping[str, list[DocumentLink]] = attrs.field(factory=dict)
    notes: Mapping[str, Entry] = attrs.field(factory=dict)
    claims: Iterator[tuple[Place, Iterator[tuple[Place, Claim]]]] = attrs.field(
        factory=lambda: iter(())
    )
    next_claims: tuple[Place, tuple[Claim, ...]] | None = None

    def run(self, anchors: tuple[Anchor, ...]) -> Iterator[Diagnostic]:
        for seal in self.reading.seals():
            self.seals.setdefault(seal.document, []).append(seal)
        for proof in self.reading.files():
            self.proofs.setdefault(proof.document, []).append(proof)
        self.links = links_of(self.reading)
        for step in self.reading.counts():
            self.steps.setdefault(step.document, []).append(step)
        corrections = (each for own in self.links.values() for each in own)
        self.notes = self.reading.entries_of(
            {each.source for each in corrections if each.kind in CORRECTIONS}
        )
        self.claims = groupby(self.reading.all_claims(), key=lambda each: each[0])
        self._read_claims()
        self.owned.update(claims=0, links=0, seals=0, files=0, counts=0)
        yield from self.log.findings
        yield from _check_anchors(LOG_CHAIN, self.log.heads, anchors)
        found: dict[tuple[str, str], list[int]] = {}
        seen: set[str] = set()
        chains = self.reading.chains()
        for chain in chains:
            try:
                yield from self._chain(chain, anchors, found, seen)
            except ValueError as error:
                yield Diagnostic(codes.COLUMN.id, f"chain {chain}: a row cannot be read: {error}")
        for chain in sorted({each.chain for each in anchors} - {*chains, LOG_CHAIN}):
            yield from _check_anchors(chain, {}, anchors)
        yield from _sequences(found, dict(self.reading.sequences()))
        for number in sorted(self.log.issued.keys() - seen):
            yield Diagnostic(
                codes.STORE_TRUNCATED.id, f"{number} was issued, says the log, and is not there"
            )
        yield from check_totals(self.reading)
        yield from self._strays()
        yield from _runs(self.reading, seen)
        if self.archive is not None:
            known = (proof for proofs in self.proofs.values() for proof in proofs)
            yield from stray_files(self.archive, known)

    def _chain(
        self,
        chain: str,
        anchors: tuple[Anchor, ...],
        found: dict[tuple[str, str], list[int]],
        seen: set[str],
    ) -> Iterator[Diagnostic]:
        digest = ""
        heads: dict[int, str] = {}
        for position, entry in enumerate(self.reading.entries(chain=chain), 1):
            yield from _check_link(entry, position, digest)
            around = self._around(entry)
            if self.as_of is None or entry.date <= self.as_of:
                yield from self._entry(entry, around)
            digest = heads[entry.position] = entry.digest
            found.setdefault((entry.series, entry.period), []).append(entry.sequence)
            seen.add(entry.number)
            self.step(entry)
        yield from _check_anchors(chain, heads, anchors)

    def _around(self, entry: Entry) -> Around:
        """Return what stands around a document, and count it."""
        number = entry.number
        claims, links = self._claims_of(entry), tuple(self.links.get(number, ()))
        own = (
            tuple(self.seals.get(number, ())),
            tuple(self.proofs.get(number, ())),
        )
        counts = (len(claims), sum(link.source == number for link in links), *map(len, own))
        for name, count in zip(("claims", "links", "seals", "files"), counts, strict=True):
            self.owned[name] += count
        self.owned["counts"] += len(self.steps.get(number, ()))
        return Around(claims, links, *own)

    def _claims_of(self, entry: Entry) -> tuple[Claim, ...]:
        """Return a document's claims, which are read in the order of the documents."""
        place = (entry.chain, entry.position)
        while self.next_claims and self.next_claims[0] < place:
            self._read_claims()
        if self.next_claims is None or self.next_claims[0] != place:
            return ()
        found = self.next_claims[1]
        self._read_claims()
        return found

    def _read_claims(self) -> None:
        place, claims = next(self.claims, (None, iter(())))
        self.next_claims = place and (place, tuple(claim for _, claim in claims))

    def _strays(self) -> Iterator[Diagnostic]:
        """Compare what belongs to documents with all that there is."""
        counts = self.reading.stats()
        for name, count in self.owned.items():
            if getattr(counts, name) != count:
                message = f"{getattr(counts, name)} {name} are in the store"
                yield Diagnostic(codes.CLAIM.id, f"{message}, {count} of them belong to documents")

    def _entry(self, entry: Entry, around: Around) -> Iterator[Diagnostic]:
        """Look into a document whose bytes are those that were sealed; others say nothing."""
        self.documents += 1
        if entry.digest != document_digest(entry.previous, entry.payload):
            return
        try:
            yield from self._content(entry, around)
        except UNREADABLE as error:
            yield Diagnostic(codes.DIGEST.id, f"{entry.number}: {error}")

    def _content(self, entry: Entry, around: Around) -> Iterator[Diagnostic]:
        document = unseal(entry, self.plugins)
        yield from check_columns(entry, document)
        yield from self._figures(entry, document)
        yield from check_parts(entry.number, document.invoice)
        yield from check_relations(entry, document, around, self.log)
        steps = self.steps.get(entry.number, ())
        yield from check_credits(
            steps, self.notes, entry, document, around.links, self.plugins, self.log
        )
        if self.archive is not None:
            self.files += len(around.files)
            yield from check_files(self.archive, around.files)

    def _figures(self, entry: Entry, document: Document) -> Iterator[Diagnostic]:
        figures = figures_by_name(document.invoice)
        self.figures += sum(1 for _ in graph(*figures.values()))
        for figure in disagreements(*figures.values()):
            yield Diagnostic(
                codes.FIGURE.id,
                f"{entry.number}: {figure.rule} says {figure.value}, its parts say otherwise",
            )


def _runs(reading: Reading, numbers: Collection[str]) -> Iterator[Diagnostic]:
    """Yield the runs that cannot be read, and jobs of theirs that became what is not there."""
    for run in reading.runs():
        try:
            jobs = read_run(reading, run.run)
        except StoreError as error:
            yield Diagnostic(codes.DATABASE_DAMAGED.id, str(error))
            continue
        for job in jobs:
            for number in sorted(set(job.documents).difference(numbers)):
                message = f"job {job.job} of run {job.run} became {number}, which is not there"
                yield Diagnostic(codes.DATABASE_DAMAGED.id, message)


def _check_link(entry: Entry, position: int, digest: str) -> Iterator[Diagnostic]:
    if entry.position != position:
        message = f"{entry.number} stands at {entry.position} of chain {entry.chain}"
        yield Diagnostic(codes.DIGEST.id, f"{message}, expected {position}")
    if entry.previous != digest:
        yield Diagnostic(codes.DIGEST.id, f"{entry.number} does not follow the document before it")
    if entry.digest != document_digest(entry.previous, entry.payload):
        yield Diagnostic(codes.DIGEST.id, f"{entry.number}: its sealed content was changed")


def _sequences(
    found: dict[tuple[str, str], list[int]], given: dict[tuple[str, str], int]
) -> Iterator[Diagnostic]:
    for place in sorted(given.keys() | found.keys()):
        numbers = sorted(found.get(place, []))
        wanted = list(range(1, given.get(place, 0) + 1))
        if numbers != wanted:
            odd = sorted(set(numbers) ^ set(wanted)) or numbers
            name = " ".join(part for part in place if part)
            message = f"series {name}: number {odd[0]} is missing or surplus"
            yield Diagnostic(codes.SEQUENCE.id, message)


def _check_anchors(
    chain: str, heads: dict[int, str], anchors: tuple[Anchor, ...]
) -> Iterator[Diagnostic]:
    name = "the log" if chain == LOG_CHAIN else f"chain {chain}"
    for anchor in anchors:
        if anchor.chain != chain or not anchor.position:
            continue
        if anchor.position not in heads:
            message = f"{name} ends at {max(heads, default=0)}"
            yield Diagnostic(
                codes.STORE_TRUNCATED.id, f"{message}, {anchor.file} has {anchor.position}"
            )
        elif heads[anchor.position] != anchor.digest:
            message = f"{name} differs from {anchor.file} at {anchor.position}"
            yield Diagnostic(codes.DIGEST.id, message)
