"""Documents: a bill as it is shown or was issued, and the history that they make."""

from __future__ import annotations

import copy
import datetime as dt
import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Protocol, TypeVar, overload

import attrs

from billhook.kernel.errors import UnitError
from billhook.kernel.figure import Figure, given, total
from billhook.kernel.text import Text
from billhook.model.charge import claims_of
from billhook.model.invoice import Invoice
from billhook.model.record import Event

T = TypeVar("T")
E = TypeVar("E", bound=Event)


@attrs.frozen(kw_only=True)
class Document:
    """An invoice with its identity.

    Attributes:
        invoice: The bill.
        number: Its number (BT-1); ``None`` while it is a draft.
        series: The series that the number belongs to.
        sequence: Its place in the series, from 1.
        issued_at: When it was issued, UTC; ``None`` for a draft.
        previous: Digest of the document before it in the chain.
        digest: SHA-256 over the previous digest and the sealed content.
    """

    invoice: Invoice
    number: str | None = None
    series: str = ""
    sequence: int | None = None
    issued_at: dt.datetime | None = None
    previous: str = ""
    digest: str = ""


@attrs.frozen
class Seal:
    """Seal that a plugin computes over a document on issue, as a tax authority requires.

    Attributes:
        scheme: The plugin's scheme, `PluginInfo.seal_scheme`.
        value: The seal.
    """

    scheme: str
    value: str


class Memory(Protocol):
    """Lookups in a store beyond the documents of one subject, by key."""

    def count(self, key: str) -> tuple[Decimal, str] | None:
        """Return what an accumulator has come to, and its unit; ``None`` before the first count."""
        ...

    def claimed(self, key: str) -> str | None:
        """Return the number of the living document that claims a key, ``None`` without one."""
        ...

    def own(self, numbers: Collection[str]) -> frozenset[str]:
        """Return which of some documents are of the subject."""
        ...


@attrs.frozen(kw_only=True)
class DraftBasis:
    """Store values that a draft was computed from, checked again when it is issued.

    Attributes:
        counts: The accumulators that were asked for, with what they had come to.
        claims: The claims that were asked for, with the documents that had them, or none.
        place: Place in the store's log of the subject's newest entry; ``None`` without a store.
    """

    counts: tuple[tuple[str, Decimal], ...] = ()
    claims: tuple[tuple[str, str | None], ...] = ()
    place: int | None = None


class LazyDocuments(Sequence[Document]):
    """Documents oldest first, read from the newest back and only as far as somebody asks.

    Args:
        newest_first: The documents, from the newest back.
    """

    def __init__(self, newest_first: Iterable[Document]) -> None:
        self._left = iter(newest_first)
        self._read: list[Document] = []

    def __reversed__(self) -> Iterator[Document]:
        for place in itertools.count():
            if place == len(self._read):
                document = next(self._left, None)
                if document is None:
                    return
                self._read.append(document)
            yield self._read[place]

    def __iter__(self) -> Iterator[Document]:
        return reversed([*reversed(self)])

    def __len__(self) -> int:
        return len([*reversed(self)])

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, Sequence) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __bool__(self) -> bool:
        return next(reversed(self), None) is not None

    @overload
    def __getitem__(self, index: int) -> Document: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Document]: ...
    def __getitem__(self, index: int | slice) -> Document | Sequence[Document]:
        if index == -1 and (newest := next(reversed(self), None)) is not None:
            return newest
        return tuple(self)[index]


class History:
    """Billing history of one subject, oldest first: the only memory that plugins have.

    Args:
        documents: The documents that count; what was voided or credited back is left out.
        events: What happened between them.
        billed: Number of the document by key of each record that is billed, from a store;
            ``None`` takes what the documents say.
        memory: What else a store knows; ``None`` takes what the documents say.
        place: Place in the store's log of the subject's newest entry.
        aside: Why a record is put aside, by its key: it is not billed until somebody takes it up.
    """

    def __init__(
        self,
        documents: Iterable[Document] = (),
        events: Iterable[Event] = (),
        billed: Mapping[str, str] | None = None,
        memory: Memory | None = None,
        place: int | None = None,
        aside: Mapping[str, Text] | None = None,
    ) -> None:
        self.documents: Sequence[Document] = (
            documents if isinstance(documents, LazyDocuments) else tuple(documents)
        )
        self._events = tuple(events)
        self.billed: Mapping[str, str] = self._claims() if billed is None else billed
        self._memory: Memory = memory or _Documents(self.documents)
        self._place = place
        self.aside: Mapping[str, Text] = aside or {}
        self._counts: dict[str, Decimal] = {}
        self._claimed: dict[str, str | None] = {}

    def state(self, kind: type[T]) -> T | None:
        """Return the newest state of a class, or ``None`` before the first document."""
        for document in reversed(self.documents):
            for state in document.invoice.states:
                if isinstance(state.value, kind):
                    return state.value
        return None

    def events(self, kind: type[E]) -> tuple[E, ...]:
        """Return the events of a class, in the order they took effect."""
        found = (event for event in self._events if isinstance(event, kind))
        return tuple(sorted(found, key=lambda event: event.at))

    def count(self, key: str, unit: str = "1", rule: str = "core.count") -> Figure:
        """Return what the lines of living documents have counted under a key.

        Documents of every subject count, not only this one's; what was credited or voided counts
        no more.

        Args:
            key: The accumulator, see `Charge.counts`.
            unit: Its unit; what was counted in another is an error.
            rule: Rule id of the figure.

        Raises:
            UnitError: It was counted in another unit.
        """
        known = self._memory.count(key) or (Decimal(0), unit)
        self._counts[key] = known[0]
        if known[1] != unit:
            raise UnitError(f"{rule}: {key!r} was counted in {known[1]!r}, not in {unit!r}")
        return given(known[0], unit, rule, key=key)

    def unit(self, key: str) -> str | None:
        """Return the unit in which an accumulator counts, ``None`` before its first count."""
        known = self._memory.count(key)
        return known[1] if known else None

    def claimed(self, key: str) -> str | None:
        """Return the number of the living document that claims a key, ``None`` without one.

        The key is one of `Charge.claims`, or a record's with the part that is billed.
        """
        self._claimed[key] = self._memory.claimed(key)
        return self._claimed[key]

    def own(self, numbers: Collection[str]) -> frozenset[str]:
        """Return which of some documents are of this subject."""
        return self._memory.own(numbers)

    @property
    def basis(self) -> DraftBasis:
        """Lookups made so far."""
        return DraftBasis(
            counts=tuple(sorted(self._counts.items())),
            claims=tuple(sorted(self._claimed.items())),
            place=self._place,
        )

    def also_billed(self, billed: Mapping[str, str]) -> History:
        """Return the same history with more records that are billed."""
        if not billed:
            return self
        whole = copy.copy(self)
        whole.billed = {**self.billed, **billed}
        return whole

    def following(self, documents: Iterable[Document]) -> History:
        """Return the same history with earlier documents before it."""
        earlier = History(documents)
        whole = itertools.chain(reversed(self.documents), reversed(earlier.documents))
        billed = {**earlier.billed, **self.billed}
        memory = _Both(_Documents(earlier.documents), self._memory)
        return self._with(LazyDocuments(whole), billed, memory)

    def followed_by(self, documents: Iterable[Document]) -> History:
        """Return the same history with later documents after it."""
        later = History(documents)
        whole = itertools.chain(reversed(later.documents), reversed(self.documents))
        billed = {**self.billed, **later.billed}
        memory = _Both(self._memory, _Documents(later.documents))
        return self._with(LazyDocuments(whole), billed, memory)

    def _with(self, documents: LazyDocuments, billed: Mapping[str, str], memory: Memory) -> History:
        return History(documents, self._events, billed, memory, self._place, self.aside)

    def total(self, tag: str, unit: str, rule: str) -> Figure:
        """Return what was billed so far on lines that bear ``tag``."""
        return total(
            (
                line.amount
                for document in self.documents
                for line in document.invoice.lines
                if tag in line.tags
            ),
            rule,
            unit,
        )

    def _claims(self) -> dict[str, str]:
        return {
            record.key: document.number or ""
            for document in self.documents
            for record in document.invoice.records
        }


@attrs.frozen
class _Documents:
    """Lookups answered from documents alone, without a store."""

    documents: Sequence[Document]

    def count(self, key: str) -> tuple[Decimal, str] | None:
        bills = [document.invoice for document in self.documents]
        counts = [line.counts for bill in bills for line in bill.lines]
        counts += [applied.counts for bill in bills for applied in bill.adjustments]
        found = [each[key] for each in counts if key in each]
        if not found:
            return None
        whole = total(found, "core.count")
        return whole.value, whole.unit

    def claimed(self, key: str) -> str | None:
        for document in self.documents:
            if key in claimed_by(document.invoice):
                return document.number or ""
        return None

    def own(self, numbers: Collection[str]) -> frozenset[str]:
        return frozenset(each.number or "" for each in self.documents) if numbers else frozenset()


@attrs.frozen
class _Both:
    """Earlier documents, and what a store knows."""

    earlier: Memory
    later: Memory

    def count(self, key: str) -> tuple[Decimal, str] | None:
        found = [each for each in (self.earlier.count(key), self.later.count(key)) if each]
        if not found:
            return None
        whole = total((given(*each, "core.count") for each in found), "core.count")
        return whole.value, whole.unit

    def claimed(self, key: str) -> str | None:
        found = self.later.claimed(key)
        return self.earlier.claimed(key) if found is None else found

    def own(self, numbers: Collection[str]) -> frozenset[str]:
        return self.earlier.own(numbers) | self.later.own(numbers)


def claimed_by(invoice: Invoice) -> tuple[str, ...]:
    """Return every key that a bill claims: its records, and what its lines and adjustments do."""
    own = (
        key
        for line in invoice.lines
        for key in claims_of(line, invoice.subject, invoice.job, invoice.period)
    )
    adjusted = (key for applied in invoice.adjustments for key in applied.claims)
    return tuple(dict.fromkeys((*(record.key for record in invoice.records), *own, *adjusted)))
