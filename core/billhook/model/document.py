"""Documents: a bill as it is shown or was issued, and the history that they make."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar, overload

import attrs

from billhook.kernel.figure import Figure, total
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
    """What a plugin computes over a document as it is issued, as a tax authority asks for.

    Attributes:
        scheme: The plugin's scheme, `PluginInfo.seal_scheme`.
        value: The seal.
    """

    scheme: str
    value: str


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
    """What was billed before for one subject, oldest first: the only memory that plugins have.

    Args:
        documents: The documents that count; what was voided or credited back is left out.
        events: What happened between them.
        billed: Number of the document by key of each record that is billed, from a store;
            ``None`` takes what the documents say.
    """

    def __init__(
        self,
        documents: Iterable[Document] = (),
        events: Iterable[Event] = (),
        billed: Mapping[str, str] | None = None,
    ) -> None:
        self.documents: Sequence[Document] = (
            documents if isinstance(documents, LazyDocuments) else tuple(documents)
        )
        self._events = tuple(events)
        self.billed: Mapping[str, str] = self._claims() if billed is None else billed

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

    def following(self, documents: Iterable[Document]) -> History:
        """Return the same history with earlier documents before it."""
        earlier = History(documents)
        whole = itertools.chain(reversed(self.documents), reversed(earlier.documents))
        billed = {**earlier.billed, **self.billed}
        return History(LazyDocuments(whole), self._events, billed)

    def followed_by(self, documents: Iterable[Document]) -> History:
        """Return the same history with later documents after it."""
        later = History(documents)
        whole = itertools.chain(reversed(later.documents), reversed(self.documents))
        billed = {**self.billed, **later.billed}
        return History(LazyDocuments(whole), self._events, billed)

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
