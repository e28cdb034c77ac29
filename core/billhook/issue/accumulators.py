"""Accumulators: sums counted by documents, reversed by corrections, and read by drafts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from typing import Final

import attrs

from billhook.calculate.adjustments import count_like
from billhook.calculate.apportion import round_set, sum_parts
from billhook.calculate.draft import Draft
from billhook.issue.claims import claim_key
from billhook.kernel.errors import ConflictError
from billhook.kernel.figure import Figure, given, less, total
from billhook.kernel.money import EXACT
from billhook.model.adjustment import Applied
from billhook.model.document import Document
from billhook.model.invoice import Invoice, Line
from billhook.store.protocol import Count, Reading, Writing

END: Final = 2**62

MOVES: Final = frozenset({"issued", "voided", "credited"})
"""Kinds of audit entries after which a subject's next bill may be another."""


@attrs.frozen
class StoredMemory:
    """Accumulators and claims of a store; a `billhook.model.document.Memory`.

    Attributes:
        reading: The store, inside a transaction.
        subject: The subject that asks.
        until: Only what was before this place in the log.
        left_out: Documents that do not count: those of the bill itself, when it is worked out
            again.
    """

    reading: Reading
    subject: str
    until: int = END
    left_out: frozenset[str] = frozenset()

    def count(self, key: str) -> tuple[Decimal, str] | None:
        """Return what an accumulator has come to, and its unit."""
        if self.until == END:
            last = self.reading.tally(key)
            return (last.total, last.unit) if last else None
        steps = [step for step in self.reading.counts(key=key) if self._is_from_before(step)]
        if not steps:
            return None
        value = Decimal(0)
        for step in steps:
            value = EXACT.add(value, step.value)
        return value, steps[0].unit

    def claimed(self, key: str) -> str | None:
        """Return the number of the living document that claims a key."""
        name = claim_key(self.subject, key)
        claim = self.reading.claims([name]).get(name)
        if claim is None or claim.document in self.left_out:
            return None
        return claim.document

    def own(self, numbers: Collection[str]) -> frozenset[str]:
        """Return which of some documents are of the subject."""
        found = self.reading.columns(numbers) if numbers else ()
        return frozenset(each.number for each in found if each.subject == self.subject)

    def _is_from_before(self, step: Count) -> bool:
        """Return whether a step was in the store already."""
        kind, number = ("voided", step.document) if _voids(step) else ("issued", step.by)
        places = [each.position for each in self.reading.audit_entries(document=number, kind=kind)]
        return min(places, default=END) < self.until


def voiding(number: str) -> str:
    """Return what stands on a step, or a released claim, of a document that was voided."""
    return f"void {number}"


def _voids(step: Count) -> bool:
    return step.by == voiding(step.document)


def count_lines(invoice: Invoice, left: Collection[str] | None = None) -> dict[str, Figure]:
    """Return what a bill counts, by key.

    Args:
        invoice: The bill.
        left: Ids of the lines that still count; ``None`` is all.
    """
    parts: dict[str, list[Figure]] = {}
    for line in invoice.lines:
        for key, figure in line.counts.items() if left is None or line.id in left else ():
            parts.setdefault(key, []).append(figure)
    for applied in invoice.adjustments:
        for key, figure in applied.counts.items():
            part = figure if left is None else _left_count(invoice, applied, figure, left)
            parts.setdefault(key, []).append(part)
    return {key: total(figures, "core.count") for key, figures in sorted(parts.items())}


def _left_count(invoice: Invoice, applied: Applied, count: Figure, left: Collection[str]) -> Figure:
    """Return what an adjustment counts on the lines that are left: all, less what is taken back."""
    unit = applied.amount.unit
    gone = [line.id for line in invoice.lines if line.id not in left]
    every, taken = sum_parts(applied.parts, unit), sum_parts(applied.parts, unit, gone)
    back = round_set(applied.amount, every, taken, invoice.policy.line)
    if len(gone) == len(invoice.lines):
        back = applied.amount
    return count_like(count, applied.amount, less(applied.amount, back, rule="core.count"))


def count_document(writing: Writing, document: Document) -> None:
    """Count what a new document counts; a credit note's own lines count nothing."""
    number = document.number or ""
    writing.count(
        Count(key=key, document=number, by=number, unit=figure.unit, value=figure.value)
        for key, figure in count_lines(document.invoice).items()
    )


def take_back(
    writing: Writing, invoice: Invoice, number: str, by: str, left: Iterable[Line]
) -> None:
    """Take back what a document has counted, but for the lines that are left.

    Args:
        writing: The transaction.
        invoice: The document's bill.
        number: Its number.
        by: The credit note, or `voiding` of the document.
        left: The lines that still count.
    """
    now = living(writing, number)
    still = count_lines(invoice, {line.id for line in left})
    steps = []
    for key, figure in now.items():
        kept = still[key].value if key in still else Decimal(0)
        if figure.value != kept:
            value = EXACT.subtract(kept, figure.value)
            steps.append(Count(key=key, document=number, by=by, unit=figure.unit, value=value))
    writing.count(steps)


def living(reading: Reading, number: str) -> dict[str, Figure]:
    """Return what is left of a document's counts, by key; what is nothing again is left out."""
    return sum_steps(reading.counts(document=number))


def sum_steps(steps: Iterable[Count]) -> dict[str, Figure]:
    """Return what steps come to, by key; what is nothing again is left out."""
    parts: dict[str, list[Figure]] = {}
    for step in steps:
        figure = given(step.value, step.unit, "core.count")
        parts.setdefault(step.key, []).append(figure)
    whole = {key: total(figures, "core.count") for key, figures in parts.items()}
    return {key: figure for key, figure in whole.items() if figure.value}


def newest(reading: Reading, subject: str, events: frozenset[str]) -> int:
    """Return the place in the log of the newest entry that a subject's next bill depends on.

    Args:
        reading: The store.
        subject: The subject.
        events: The kinds of the plugins' events.
    """
    found = (
        line for kind in sorted(MOVES | events) for line in reading.latest(subject, kind, limit=1)
    )
    return max((line.position for line in found), default=0)


def require_current(reading: Reading, draft: Draft, events: frozenset[str]) -> None:
    """Refuse a draft that was worked out on what is so no more.

    Raises:
        ConflictError: An accumulator, a claim or the subject's history has changed meanwhile.
    """
    job, basis = draft.job, draft.basis
    if basis.place is not None and newest(reading, job.subject, events) != basis.place:
        raise _stale(draft, f"subject {job.subject!r} has a newer document or event")
    memory = StoredMemory(reading, job.subject)
    for key, value in basis.counts:
        now = (memory.count(key) or (Decimal(0), ""))[0]
        if now != value:
            raise _stale(draft, f"{key} was {value} and is now {now}")
    for key, number in basis.claims:
        now_on = memory.claimed(key)
        if now_on != number:
            raise _stale(draft, f"{key} is now claimed by {now_on or 'no document'}")


def _stale(draft: Draft, why: str) -> ConflictError:
    return ConflictError(f"job {draft.job.id!r} was drafted before this: {why}; draft it again")


def differing(own: Iterable[Count], invoice: Invoice, left: Iterable[Line]) -> Iterator[str]:
    """Yield the accumulators to which a document's steps and its living lines give other sums."""
    steps, lines = sum_steps(own), count_lines(invoice, {line.id for line in left})
    for key in sorted(steps.keys() | lines.keys()):
        in_steps = steps[key].value if key in steps else Decimal(0)
        in_lines = lines[key].value if key in lines else Decimal(0)
        if in_steps != in_lines:
            yield f"{key} counts {in_steps}, the lines that are left count {in_lines}"
