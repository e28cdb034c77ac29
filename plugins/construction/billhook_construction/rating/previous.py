"""The start of an application: the one before it, as it was certified."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import attrs

from billhook.kernel.figure import Figure
from billhook.model.adjustment import Stage
from billhook.model.document import Document, History
from billhook_construction.details import WorkDetail
from billhook_construction.events import Released
from billhook_construction.rating.releases import Pots
from billhook_construction.rating.rounding import AmountGrid
from billhook_construction.settings import TaxBase
from billhook_construction.state import ApplicationAmounts, ConstructionState, SheetRow

RETAINAGE = "retainage-"
"""Beginning of the ids of adjustments that move retainage."""

SETTLES = f"{RETAINAGE}before-"
"""Beginning of the ids of those that take retainage off which another tax base was used for."""


@attrs.frozen(kw_only=True)
class PreviousApplication:
    """A row's progress in the application before.

    Attributes:
        completed: Work completed.
        stored: Material stored.
        quantity: Quantity completed, if that was measured.
        retained_work: Retainage on the work.
        retained_stored: Retainage on the stored material.
    """

    completed: Figure
    stored: Figure
    quantity: Figure | None = None
    retained_work: Figure
    retained_stored: Figure


@attrs.frozen(kw_only=True)
class Baseline:
    """The amounts that the next application is counted from.

    Attributes:
        application: Number of the application before; 0 when there is none.
        standings: Each row's progress.
        nothing: The standing of a new row.
        pots: The retainage held and released.
        earned: Earned less retainage, as certified: the previous certificates.
        honoured: The releases that are counted in.
        tax_base: How the retainage held was taxed.
        amounts: What was applied for and certified, of each application.
    """

    application: int
    standings: Mapping[str, PreviousApplication]
    nothing: PreviousApplication
    pots: Pots
    earned: Figure
    honoured: tuple[Released, ...]
    tax_base: TaxBase = "gross"
    amounts: tuple[ApplicationAmounts, ...] = ()

    def of(self, item: str) -> PreviousApplication:
        """Return a row's progress."""
        return self.standings.get(item, self.nothing)


@attrs.frozen(kw_only=True)
class IssuedApplication:
    """An application in the history.

    Attributes:
        date: Date of its bill.
        state: The application as it was made.
        moved: Work and change of stored material that it bills, by item.
    """

    date: dt.date
    state: ConstructionState
    moved: Mapping[str, tuple[Figure, Figure]]


def find_application(history: History, number: int | None = None) -> IssuedApplication | None:
    """Return an application of the history by its number, the last one without a number."""
    for document in reversed(history.documents):
        for state in document.invoice.states:
            found = state.value
            if isinstance(found, ConstructionState) and number in {None, found.application}:
                return _issued_application(document, found)
    return None


def find_tax_base(history: History) -> TaxBase:
    """Return how the retainage held was taxed: as the last bill that moved it says."""
    for document in reversed(history.documents):
        for adjustment in document.invoice.adjustments:
            if adjustment.id.startswith(RETAINAGE) and not adjustment.id.startswith(SETTLES):
                return "net_of_retainage" if adjustment.stage is Stage.BEFORE_TAX else "gross"
    return "gross"


def _issued_application(document: Document, state: ConstructionState) -> IssuedApplication:
    details = (line.detail for line in document.invoice.lines)
    moved = {d.item: (d.work, d.stored) for d in details if isinstance(d, WorkDetail) and d.item}
    return IssuedApplication(date=document.invoice.date, state=state, moved=moved)


def first(grid: AmountGrid) -> Baseline:
    """Return the start of the first application."""
    zero = grid.zero("construction.nothing")
    both = {"work": zero, "stored": zero}
    return Baseline(
        application=0,
        standings={},
        nothing=_nothing(grid),
        pots=Pots(both, both),
        earned=zero,
        honoured=(),
    )


def as_applied(state: ConstructionState, grid: AmountGrid) -> Baseline:
    """Return the start of the next application, when all was certified as applied for."""
    summary, terms = state.summary, state.retainage
    return Baseline(
        application=state.application,
        standings={row.item: _standing(row) for row in state.rows},
        nothing=_nothing(grid),
        pots=Pots(
            {"work": summary.retained_work, "stored": summary.retained_stored},
            {"work": terms.released_work, "stored": terms.released_stored},
        ),
        earned=summary.earned,
        honoured=terms.honoured,
    )


def _nothing(grid: AmountGrid) -> PreviousApplication:
    zero = grid.zero("construction.nothing")
    return PreviousApplication(
        completed=zero, stored=zero, retained_work=zero, retained_stored=zero
    )


def _standing(row: SheetRow) -> PreviousApplication:
    return PreviousApplication(
        completed=row.completed,
        stored=row.stored,
        quantity=row.quantity,
        retained_work=row.retained_work,
        retained_stored=row.retained_stored,
    )
