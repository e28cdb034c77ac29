"""Documents: a bill as it is shown or was issued, and the history that they make."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TypeVar

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
        self.documents: tuple[Document, ...] = tuple(documents)
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
        billed = {**earlier.billed, **self.billed}
        return History((*earlier.documents, *self.documents), self._events, billed)

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
