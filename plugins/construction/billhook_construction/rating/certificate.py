"""Certificates: the application before as it was certified, and cuts that arrive late.

* A part of a row, its work or its stored material, that a certificate does not name is certified
  as applied for.
* A lump sum without rows is spread over the items of its application in proportion to what it
  bills for them.
* A certificate that the application after it did not know yet is carried through: what it cuts
  is taken off every later application, unless a later application's certificate names the same
  part of the row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal

import attrs

from billhook.kernel.figure import (
    Figure,
    given,
    greatest,
    least,
    less,
    percent_of,
    ratio,
    times,
    total,
)
from billhook.model.document import History
from billhook_construction.events import Certified, CertifiedItem
from billhook_construction.rating.event_log import Happenings
from billhook_construction.rating.previous import (
    Baseline,
    IssuedApplication,
    PreviousApplication,
    as_applied,
    find_application,
    find_tax_base,
    first,
)
from billhook_construction.rating.releases import Pots
from billhook_construction.rating.retainage import share_out
from billhook_construction.rating.retainage_policy import (
    RetainageBasis,
    divide_among_rows,
    hold,
)
from billhook_construction.rating.rounding import AmountGrid
from billhook_construction.state import ApplicationAmounts, ConstructionState

PARTS = ("completed", "stored")
"""The parts of a row that a certificate can name."""

_RETAINED = {"completed": "retained_work", "stored": "retained_stored"}
_POT = {"completed": "work", "stored": "stored"}


def baseline(history: History, happened: Happenings, grid: AmountGrid) -> Baseline:
    """Return the start of the application after those of a history."""
    last = find_application(history)
    if last is None:
        return first(grid)
    before = certify(last, happened.certificate(last.state.application), grid)
    before = attrs.evolve(before, amounts=_amounts(last, before))
    if any(amount.value for amount in before.pots.held.values()):
        before = attrs.evolve(before, tax_base=find_tax_base(history))
    for change in late_changes(history, last, happened):
        before = _carry(before, change, grid)
    return before


def _amounts(last: IssuedApplication, before: Baseline) -> tuple[ApplicationAmounts, ...]:
    """Return what was applied for and certified up to the last application."""
    summary, log = last.state.summary, last.state.certificates
    due = less(before.earned, summary.previous_certificates, rule="construction.certified.due")
    amounts = ApplicationAmounts(
        application=last.state.application, applied=summary.due, certified=due
    )
    return (*(log.amounts if log else ()), amounts)


def certify(issued: IssuedApplication, event: Certified | None, grid: AmountGrid) -> Baseline:
    """Return the start of the application after one that was certified."""
    applied = as_applied(issued.state, grid)
    if event is None:
        return applied
    if not event.items and event.due is not None:
        return _certify_lump_sum(issued, event, event.due, applied, grid)
    named = {each.item: each for each in event.items}
    standings = {
        item: _certify_row(standing, named[item], event, grid) if item in named else standing
        for item, standing in applied.standings.items()
    }
    return _hold_again(attrs.evolve(applied, standings=standings), issued.state, grid)


def _certify_row(
    before: PreviousApplication, row: CertifiedItem, event: Certified, grid: AmountGrid
) -> PreviousApplication:
    application, at = str(event.application), event.at.isoformat()
    for part in PARTS:
        value = getattr(row, part)
        if value is not None:
            amount = given(
                value,
                grid.currency,
                "construction.certified.amount",
                application=application,
                at=at,
            )
            fitted = grid.money(amount, "construction.certified.rounded")
            before = attrs.evolve(before, **{part: fitted})
            if part == "completed":
                before = attrs.evolve(before, quantity=None)
    return before


def _hold_again(applied: Baseline, state: ConstructionState, grid: AmountGrid) -> Baseline:
    """Work out the retainage of what was certified, under the terms of that application."""
    standings, terms = dict(applied.standings), state.retainage
    bases = {_POT[part]: [getattr(row, part) for row in standings.values()] for part in PARTS}
    rates = {row.item: row.rate for row in state.rows}
    basis = RetainageBasis(
        bases=bases,
        own=[rates[item] for item in standings],
        sums={
            pot: total(amounts, f"construction.certified.{pot}", grid.currency)
            for pot, amounts in bases.items()
        },
        rates={"work": terms.rate_work, "stored": terms.rate_stored},
        policy=terms.policy,
        original=state.summary.original,
        contract_sum=state.summary.contract_sum,
    )
    pots = hold(basis, applied.pots.released, grid)
    parts = divide_among_rows(basis, pots)
    for item, work, stored in zip(standings, parts["work"], parts["stored"], strict=True):
        standings[item] = attrs.evolve(standings[item], retained_work=work, retained_stored=stored)
    gross = total(basis.sums.values(), "construction.certified.gross")
    return attrs.evolve(
        applied,
        standings=standings,
        pots=Pots(pots, applied.pots.released),
        earned=less(gross, *pots.values(), rule="construction.certified.earned"),
    )


# ── lump sums ────────────────────────────────────────────────────────────────


def billed_net(issued: IssuedApplication, grid: AmountGrid) -> Figure:
    """Return what an application bills for its items, less retainage at its rates."""
    terms = issued.state.retainage
    parts = []
    for place, rate in enumerate((terms.rate_work, terms.rate_stored)):
        amounts = (moved[place] for moved in issued.moved.values())
        gross = total(amounts, "construction.certified.billed", grid.currency)
        kept = percent_of(gross, rate, "construction.certified.billed-retained")
        parts.append(less(gross, kept, rule="construction.certified.billed-net"))
    return total(parts, "construction.certified.billed-net")


def _certify_lump_sum(
    issued: IssuedApplication, event: Certified, due: Decimal, applied: Baseline, grid: AmountGrid
) -> Baseline:
    """Spread what a lump sum cuts; the payment certified is exactly the lump sum."""
    summary = issued.state.summary
    asked = billed_net(issued, grid)
    sum_certified = given(
        due,
        grid.currency,
        "construction.certified.lump-sum",
        application=str(event.application),
        at=event.at.isoformat(),
    )
    cut = less(summary.due, sum_certified, rule="construction.certified.cut")
    if not cut.value or not asked.value:
        return applied
    factor = ratio(cut, asked, "construction.certified.cut-part")
    standings = dict(applied.standings)
    for place, part in enumerate(PARTS):
        for item, amount in _spread(issued, place, factor, grid).items():
            left = less(getattr(standings[item], part), amount, rule="construction.certified.left")
            standings[item] = attrs.evolve(standings[item], quantity=None, **{part: left})
    earned = total(
        (summary.previous_certificates, sum_certified), "construction.certified.earned-lump-sum"
    )
    again = _hold_again(attrs.evolve(applied, standings=standings), issued.state, grid)
    return _fit(again, earned)


def _spread(
    issued: IssuedApplication, place: int, factor: Figure, grid: AmountGrid
) -> dict[str, Figure]:
    exact = {
        item: times(moved[place], factor, "construction.certified.cut-row")
        for item, moved in issued.moved.items()
        if moved[place].value
    }
    if not exact:
        return {}
    whole = grid.money(
        total(exact.values(), "construction.certified.cut-all"),
        "construction.certified.cut-rounded",
    )
    return dict(zip(exact, share_out(list(exact.values()), whole), strict=True))


def _fit(again: Baseline, earned: Figure) -> Baseline:
    """Hold what makes the payment the lump sum: rounding moves it by some cents."""
    rest = less(again.earned, earned, rule="construction.certified.fit")
    if not rest.value:
        return attrs.evolve(again, earned=earned)
    standings = dict(again.standings)
    item = max(standings, key=lambda each: abs(standings[each].retained_work.value))
    row = standings[item]
    more = total((row.retained_work, rest), "construction.certified.fitted")
    standings[item] = attrs.evolve(row, retained_work=more)
    work = total((again.pots.held["work"], rest), "construction.certified.fitted")
    pots = Pots(again.pots.held | {"work": work}, again.pots.released)
    return attrs.evolve(again, standings=standings, pots=pots, earned=earned)


# ── certificates that come late ──────────────────────────────────────────────


@attrs.frozen
class LateChange:
    """A certificate that no later application has taken into account.

    Attributes:
        issued: The application that it certifies; ``None`` when that was billed elsewhere.
        before: The certificate that later applications knew, if there was one.
        event: The certificate.
        counting: The parts of it that no later application's certificate names.
    """

    issued: IssuedApplication | None
    before: Certified | None
    event: Certified
    counting: Certified


def late_changes(
    history: History, last: IssuedApplication, happened: Happenings
) -> Iterator[LateChange]:
    """Yield the certificates of earlier applications that the last one did not know."""
    log = last.state.certificates
    known = (
        [each for each in happened.certified if each.at <= last.date] if log is None else log.known
    )
    earlier = {each.application: each for each in known}
    for number in sorted({each.application for each in happened.certified}):
        event = happened.certificate(number)
        if event is None or not 0 < number < last.state.application:
            continue
        before = earlier.get(number)
        if before is not None and _says(before) == _says(event):
            continue
        issued = find_application(history, number)
        if before is None and issued is not None and not _differs(event, issued):
            continue
        later = _named_later(happened, number)
        yield LateChange(issued, before and _without(before, later), event, _without(event, later))


def _says(event: Certified) -> object:
    return event.items, event.due


def _differs(event: Certified, issued: IssuedApplication) -> bool:
    """Return whether a certificate certifies otherwise than applied for."""
    return bool(event.items) or event.due not in {None, issued.state.summary.due.value}


def _named_later(happened: Happenings, number: int) -> set[tuple[str, str]]:
    return {
        (row.item, part)
        for event in happened.certified
        if event.application > number
        for row in event.items
        for part in PARTS
        if getattr(row, part) is not None
    }


def _without(event: Certified, parts: Collection[tuple[str, str]]) -> Certified:
    """Return a certificate without the parts that a later application's certificate names."""
    if not event.items:
        return event
    items = (
        CertifiedItem(
            item=row.item,
            completed=None if (row.item, "completed") in parts else row.completed,
            stored=None if (row.item, "stored") in parts else row.stored,
        )
        for row in event.items
    )
    return attrs.evolve(event, items=tuple(items))


def _carry(before: Baseline, change: LateChange, grid: AmountGrid) -> Baseline:
    """Take off what a late certificate cuts, row by row."""
    if change.issued is None:
        return before
    old = certify(change.issued, change.before, grid)
    new = certify(change.issued, change.counting, grid)
    standings = dict(before.standings)
    for item in new.standings.keys() & standings.keys():
        standings[item] = _carry_row(standings[item], old.of(item), new.of(item), grid)
    pots = {
        _POT[part]: total(
            (getattr(row, name) for row in standings.values()),
            "construction.certified.held",
            grid.currency,
        )
        for part, name in _RETAINED.items()
    }
    cut = less(old.earned, new.earned, rule="construction.certified.cut-earned")
    earned = less(before.earned, cut, rule="construction.certified.earned-late")
    amounts = (
        attrs.evolve(each, certified=less(each.certified, cut, rule="construction.certified.due"))
        if each.application == change.event.application
        else each
        for each in before.amounts
    )
    return attrs.evolve(
        before,
        standings=standings,
        pots=Pots(pots, before.pots.released),
        earned=earned,
        amounts=tuple(amounts),
    )


def _carry_row(
    row: PreviousApplication,
    old: PreviousApplication,
    new: PreviousApplication,
    grid: AmountGrid,
) -> PreviousApplication:
    """Take a cut off one row; stored material that was built in meanwhile is cut as work."""
    cuts = {
        name: less(getattr(old, name), getattr(new, name), rule="construction.certified.cut")
        for name in (*PARTS, *_RETAINED.values())
    }
    if not any(cut.value for cut in cuts.values()):
        return row
    amounts: dict[str, Figure] = {}
    for work, stored in (PARTS, tuple(_RETAINED.values())):
        zero = grid.zero("construction.nothing")
        available = greatest((getattr(row, stored), zero), "construction.certified.cut-room")
        taken = least((cuts[stored], available), "construction.certified.cut-stored")
        rest = less(cuts[stored], taken, rule="construction.certified.cut-built-in")
        rule = "construction.certified.left"
        amounts[stored] = less(getattr(row, stored), taken, rule=rule)
        amounts[work] = less(getattr(row, work), cuts[work], rest, rule=rule)
    quantity = None if cuts["completed"].value else row.quantity
    return attrs.evolve(row, quantity=quantity, **amounts)
