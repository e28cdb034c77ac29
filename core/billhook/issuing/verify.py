"""Verifying: every digest, figure, number, claim and file is computed again and compared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

import attrs

from billhook.archive import ArchiveError
from billhook.diagnostics import Diagnostic
from billhook.explain import named
from billhook.figure import disagreements, graph
from billhook.issuing.closing import Anchor
from billhook.issuing.past import CREDITED, REVERSED
from billhook.issuing.sealing import minor_units, unseal
from billhook.loading import Plugin
from billhook.model.document import Document
from billhook.store.digests import document_digest, happening_digest
from billhook.store.protocol import Entry, Reading, Store

Step = Callable[[Entry], None]
"""Told after each document: progress."""


@attrs.frozen
class Verified:
    """What verifying came to.

    Attributes:
        documents: How many documents were looked at.
        happenings: How many lines of the log.
        figures: How many figures were computed again.
        findings: What does not hold; nothing when all is well.
    """

    documents: int
    happenings: int
    figures: int
    findings: tuple[Diagnostic, ...]


def verify(
    store: Store,
    plugins: Iterable[Plugin],
    *,
    anchors: Iterable[Anchor] = (),
    as_of: dt.date | None = None,
    step: Step = lambda _: None,
) -> Verified:
    """Verify a store from its first document on; the first finding is the first that fails.

    Args:
        store: The store.
        plugins: Plugins whose pockets are in the documents; others' pockets stay sealed.
        anchors: Closing files: they show what a cut tail would hide.
        as_of: Look only at documents and happenings of this day and before.
        step: Told after each document.
    """
    damage = [Diagnostic("BH528", text) for text in store.check()]
    with store.read() as reading:
        return _Verification(reading, tuple(plugins), as_of, step).run(damage, tuple(anchors))


@attrs.define
class _Verification:
    """One walk over the store, collecting what does not hold."""

    reading: Reading
    plugins: tuple[Plugin, ...]
    as_of: dt.date | None
    step: Step
    figures: int = 0

    def run(self, damage: list[Diagnostic], anchors: tuple[Anchor, ...]) -> Verified:
        findings = list(damage)
        documents = 0
        for chain in self.reading.chains():
            count, found = self._chain(chain, anchors)
            documents += count
            findings.extend(found)
        lines, found = self._log(anchors)
        findings.extend(found)
        if self.as_of is None:
            findings.extend(self._sequences())
        return Verified(documents, lines, self.figures, tuple(findings))

    def _chain(self, chain: str, anchors: tuple[Anchor, ...]) -> tuple[int, list[Diagnostic]]:
        findings: list[Diagnostic] = []
        position, digest = 0, ""
        heads: dict[int, str] = {}
        for entry in self.reading.entries(chain=chain, until=self.as_of):
            position += 1
            findings.extend(_links(entry, position, digest))
            findings.extend(self._entry(entry))
            digest = entry.digest
            heads[entry.position] = digest
            self.step(entry)
        findings.extend(_anchored(chain, heads, anchors, self.as_of))
        return position, findings

    def _entry(self, entry: Entry) -> Iterator[Diagnostic]:
        try:
            document = unseal(entry, self.plugins)
        except ArchiveError as error:
            yield Diagnostic("BH520", f"{entry.number}: {error}")
            return
        yield from _columns(entry, document)
        yield from self._figures(entry, document)
        yield from self._claims(entry, document)
        yield from self._credits(entry, document)

    def _figures(self, entry: Entry, document: Document) -> Iterator[Diagnostic]:
        figures = named(document.invoice)
        self.figures += sum(1 for _ in graph(*figures.values()))
        for figure in disagreements(*figures.values()):
            yield Diagnostic(
                "BH522",
                f"{entry.number}: {figure.rule} says {figure.value}, its parts say otherwise",
            )

    def _claims(self, entry: Entry, document: Document) -> Iterator[Diagnostic]:
        billed = {record.key for record in document.invoice.records}
        claimed = {claim.key.partition("@")[0] for claim in self.reading.claims_of(entry.number)}
        for key in sorted(billed ^ claimed):
            word = "bills" if key in billed else "does not bill"
            yield Diagnostic("BH524", f"{entry.number} {word} record {key!r}, its claim disagrees")

    def _credits(self, entry: Entry, document: Document) -> Iterator[Diagnostic]:
        total = Decimal(0)
        for link in self.reading.links(entry.number):
            if link.target == entry.number and link.kind in {CREDITED, REVERSED}:
                credit = self.reading.entry(link.source)
                if credit is not None:
                    total += abs(credit.gross)
        if total > abs(entry.gross):
            yield Diagnostic(
                "BH529",
                f"{entry.number}: credits of {total} minor units exceed its gross of {entry.gross}"
                f" {document.invoice.currency}",
            )

    def _log(self, anchors: tuple[Anchor, ...]) -> tuple[int, list[Diagnostic]]:
        findings: list[Diagnostic] = []
        position, digest = 0, ""
        heads: dict[int, str] = {}
        for happening in self.reading.happenings():
            position += 1
            expected = happening_digest(digest, happening)
            if (happening.position, happening.previous, happening.digest) != (
                position,
                digest,
                expected,
            ):
                message = f"line {happening.position} of the log ({happening.kind}) was changed"
                findings.append(Diagnostic("BH527", message))
            digest = happening.digest
            heads[position] = digest
        findings.extend(_anchored_log(heads, anchors, self.as_of))
        return position, findings

    def _sequences(self) -> Iterator[Diagnostic]:
        given = dict(self.reading.sequences())
        found: dict[tuple[str, str], list[int]] = {}
        for entry in self.reading.entries():
            found.setdefault((entry.series, entry.period), []).append(entry.sequence)
        for place in sorted(given.keys() | found.keys()):
            numbers = sorted(found.get(place, []))
            wanted = list(range(1, given.get(place, 0) + 1))
            if numbers != wanted:
                odd = sorted(set(numbers) ^ set(wanted)) or numbers
                name = " ".join(part for part in place if part)
                message = f"series {name}: number {odd[0]} is missing or surplus"
                yield Diagnostic("BH523", message)


def _links(entry: Entry, position: int, digest: str) -> Iterator[Diagnostic]:
    if entry.position != position:
        message = f"{entry.number} stands at {entry.position} of chain {entry.chain}"
        yield Diagnostic("BH520", f"{message}, expected {position}")
    if entry.previous != digest:
        yield Diagnostic("BH520", f"{entry.number} does not follow the document before it")
    if entry.digest != document_digest(entry.previous, entry.payload):
        yield Diagnostic("BH520", f"{entry.number}: its sealed content was changed")


def _columns(entry: Entry, document: Document) -> Iterator[Diagnostic]:
    invoice = document.invoice
    totals = invoice.totals
    sealed: dict[str, object] = {
        "number": document.number,
        "type_code": invoice.type_code,
        "series": document.series,
        "sequence": document.sequence,
        "job": invoice.job,
        "subject": invoice.subject,
        "customer": invoice.buyer.id,
        "date": invoice.date,
        "issued_at": document.issued_at,
        "currency": invoice.currency,
        "net": minor_units(totals.net),
        "tax": minor_units(totals.tax),
        "gross": minor_units(totals.gross),
        "payable": minor_units(totals.payable),
    }
    for name, value in sealed.items():
        if getattr(entry, name) != value:
            message = (
                f"{entry.number}: column {name} says {getattr(entry, name)}, sealed is {value}"
            )
            yield Diagnostic("BH521", message)


def _anchored(
    chain: str, heads: dict[int, str], anchors: tuple[Anchor, ...], as_of: dt.date | None
) -> Iterator[Diagnostic]:
    for anchor in anchors:
        if anchor.chain != chain or (as_of is not None and anchor.date > as_of):
            continue
        if anchor.position not in heads:
            last = max(heads, default=0)
            message = f"chain {chain} ends at {last}, {anchor.file} has {anchor.position}"
            yield Diagnostic("BH526", message)
        elif heads[anchor.position] != anchor.digest:
            message = f"chain {chain} differs from {anchor.file} at {anchor.position}"
            yield Diagnostic("BH520", message)


def _anchored_log(
    heads: dict[int, str], anchors: tuple[Anchor, ...], as_of: dt.date | None
) -> Iterator[Diagnostic]:
    yield from (
        attrs.evolve(finding, message=finding.message.replace("chain #log", "the log"))
        for finding in _anchored("#log", heads, anchors, as_of)
    )
