"""Where an application starts from: the one before it, as it was certified."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from billhook.kernel.figure import Figure, given, less, total
from billhook_construction.events import Certified, CertifiedItem, Released
from billhook_construction.rating.event_log import Happenings
from billhook_construction.rating.releases import Pots
from billhook_construction.rating.retainage import divide, held
from billhook_construction.rating.rounding import AmountGrid
from billhook_construction.state import ConstructionState, SheetRow


@attrs.frozen(kw_only=True)
class PreviousApplication:
    """How far a row had come.

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
    """What the next application is counted from.

    Attributes:
        application: Number of the application before; 0 when there is none.
        standings: How far each row had come.
        nothing: The standing of a new row.
        pots: What is held and was released.
        earned: Earned less retainage, as certified: the previous certificates.
        honoured: The releases that are counted in.
    """

    application: int
    standings: Mapping[str, PreviousApplication]
    nothing: PreviousApplication
    pots: Pots
    earned: Figure
    honoured: tuple[Released, ...]

    def of(self, item: str) -> PreviousApplication:
        """Return how far a row had come."""
        return self.standings.get(item, self.nothing)


def baseline(state: ConstructionState | None, happened: Happenings, grid: AmountGrid) -> Baseline:
    """Return what the application after ``state`` is counted from."""
    if state is None:
        return _first(grid)
    event = happened.certificate(state.application)
    return _as_applied(state, grid) if event is None else _as_certified(state, event, grid)


def _first(grid: AmountGrid) -> Baseline:
    zero = grid.zero("construction.nothing")
    nothing = _nothing(grid)
    both = {"work": zero, "stored": zero}
    return Baseline(
        application=0,
        standings={},
        nothing=nothing,
        pots=Pots(both, both),
        earned=zero,
        honoured=(),
    )


def _nothing(grid: AmountGrid) -> PreviousApplication:
    zero = grid.zero("construction.nothing")
    return PreviousApplication(
        completed=zero, stored=zero, retained_work=zero, retained_stored=zero
    )


def _as_applied(state: ConstructionState, grid: AmountGrid) -> Baseline:
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


def _standing(row: SheetRow) -> PreviousApplication:
    return PreviousApplication(
        completed=row.completed,
        stored=row.stored,
        quantity=row.quantity,
        retained_work=row.retained_work,
        retained_stored=row.retained_stored,
    )


def _as_certified(state: ConstructionState, event: Certified, grid: AmountGrid) -> Baseline:
    applied = _as_applied(state, grid)
    cut = {each.item: each for each in event.items}
    measured = {
        row.item: _certified(_standing(row), cut[row.item], event, grid)
        if row.item in cut
        else _standing(row)
        for row in state.rows
    }
    return _held_again(attrs.evolve(applied, standings=measured), state, grid)


def _certified(
    before: PreviousApplication, cut: CertifiedItem, event: Certified, grid: AmountGrid
) -> PreviousApplication:
    application, at = str(event.application), event.at.isoformat()
    rule = "construction.certified.amount"
    amounts = {
        name: given(value, grid.currency, rule, application=application, at=at)
        for name, value in (("completed", cut.completed), ("stored", cut.stored))
    }
    fitted = {n: grid.money(a, "construction.certified.rounded") for n, a in amounts.items()}
    return attrs.evolve(before, **fitted, quantity=None)


def _held_again(applied: Baseline, state: ConstructionState, grid: AmountGrid) -> Baseline:
    """Work out the retainage of what was certified, at the rates of that application."""
    standings, terms = dict(applied.standings), state.retainage
    pots, sums = {}, []
    for name, rate in (("work", terms.rate_work), ("stored", terms.rate_stored)):
        part = "completed" if name == "work" else "stored"
        bases = [getattr(standing, part) for standing in standings.values()]
        base = total(bases, f"construction.certified.{name}", grid.currency)
        pots[name] = held(
            base, rate, applied.pots.released[name], grid, f"construction.retainage.{name}"
        )
        sums.append(base)
        for item, share in zip(standings, divide(pots[name], rate, bases), strict=True):
            standings[item] = attrs.evolve(standings[item], **{f"retained_{name}": share})
    gross = total(sums, "construction.certified.gross")
    return attrs.evolve(
        applied,
        standings=standings,
        pots=Pots(pots, applied.pots.released),
        earned=less(gross, *pots.values(), rule="construction.certified.earned"),
    )
