"""What holds for every contract and every sequence of applications."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import attrs
from hypothesis import example, given, settings
from hypothesis import strategies as st

from billhook import Document, Figure, History, replay
from billhook.archive.reader import load
from billhook.archive.writer import dump
from billhook.kernel.figure import given as figure_given
from billhook.kernel.figure import graph
from billhook_construction.events import Released
from billhook_construction.rating.retainage import divide, held
from billhook_construction.rating.rounding import AmountGrid
from billhook_construction.records import Progress, ScheduleItem
from billhook_construction.settings import Contract, RetainagePolicy, RetainageStep
from billhook_construction.state import ConstructionState, Summary
from construction.site import ENGINE, Site, codes_of, d, day, entry, row, state_of

CENT = Decimal("0.01")
AMOUNT = st.integers(-500_00, 20_000_00).map(lambda cents: cents * CENT)
RATE = st.integers(0, 2000).map(lambda hundredths: hundredths * CENT)
STEPS = (RetainageStep(at=d(30), work=d(4)), RetainageStep(at=d(60), work=d(0), stored=d(7)))
POLICIES = (
    None,
    None,
    RetainagePolicy(mode="flat", cap=d(3)),
    RetainagePolicy(mode="prospective", steps=STEPS, reached_by="work_and_stored"),
    RetainagePolicy(mode="recompute", steps=STEPS, of="original_sum", cap_amount=d(1000)),
)
FEW = settings(max_examples=60, deadline=None)

Month = list[Progress]


@st.composite
def sites(draw: st.DrawFn, classes: tuple[str, ...] = ("standard",)) -> Site:
    """A contract with a few rows, some of them deductions."""
    values = draw(st.lists(AMOUNT, min_size=1, max_size=5))
    rows = [
        row(str(number), value, tax_class=draw(st.sampled_from(classes)))
        for number, value in enumerate(values)
    ]
    contract = Contract(
        retainage_work=draw(RATE),
        retainage_stored=draw(RATE),
        quantum=draw(st.sampled_from([None, None, d("0.05"), d(1)])),
        retainage=draw(st.sampled_from(POLICIES)),
        tax_on="net_of_retainage",
    )
    return Site(schedule=rows, contract=contract)


@st.composite
def months(draw: st.DrawFn, site: Site, most: int = 3) -> list[Month]:
    """Progress of a few months, up and down."""
    return [draw(month(site.schedule)) for _ in range(draw(st.integers(1, most)))]


@st.composite
def month(draw: st.DrawFn, rows: list[ScheduleItem]) -> Month:
    """Progress of some rows, within their values."""
    reported = [each for each in draw(st.permutations(rows)) if draw(st.booleans())]
    return [_entry(draw, each) for each in reported]


def _entry(draw: st.DrawFn, each: ScheduleItem) -> Progress:
    share = draw(st.integers(0, 8000))
    value = each.value or Decimal(0)
    room = max(Decimal(0), value * (9000 - share) / 10000)
    stored = (room * draw(st.integers(0, 100)) / 100).quantize(CENT, "ROUND_DOWN")
    return entry(each.item, percent=share * CENT, stored=stored - stored % 1, correction=True)


def finished(site: Site) -> Month:
    return [entry(each.item, percent=100, stored=0, correction=True) for each in site.schedule]


@FEW
@given(st.data())
def test_each_application_follows_from_the_one_before(data: st.DataObject) -> None:
    site = data.draw(sites())
    earlier: ConstructionState | None = None
    for entries in data.draw(months(site)):
        draft = site.draft(*entries)
        if draft.worked_out is None:
            assert codes_of(draft)[-1:] == ["BH402"], "nothing moved"
            assert draft.errors == ()
            continue
        site.documents.append(draft.document)
        state = state_of(draft)
        _adds_up(state)
        _follows(state, earlier)
        _bills(draft.document, state, earlier)
        earlier = state


def _adds_up(state: ConstructionState) -> None:
    rows, summary = state.rows, state.summary

    assert sum(each.value.value for each in rows) == summary.contract_sum.value
    assert sum(each.to_date.value for each in rows) == summary.to_date.value
    assert sum(each.retained.value for each in rows) == summary.retained.value
    assert sum(each.retained_work.value for each in rows) == summary.retained_work.value
    assert summary.earned.value == summary.to_date.value - summary.retained.value
    assert summary.balance.value == summary.contract_sum.value - summary.earned.value
    balances = sum(each.balance.value for each in rows)
    assert summary.balance.value == balances + summary.retained.value


def _follows(state: ConstructionState, earlier: ConstructionState | None) -> None:
    before = {row.item: row for row in earlier.rows} if earlier else {}
    line_six = earlier.summary.earned.value if earlier else 0

    assert state.summary.due.value == state.summary.earned.value - line_six
    for each in state.rows:
        previous = before[each.item].completed.value if each.item in before else 0
        assert each.previous.value == previous
        assert each.current.value == each.completed.value - previous


def _bills(document: Document, state: ConstructionState, earlier: ConstructionState | None) -> None:
    invoice = document.invoice
    stored = earlier.summary.stored.value if earlier else 0
    retained = earlier.summary.retained.value if earlier else 0
    moved = sum(row.current.value for row in state.rows) + state.summary.stored.value - stored

    assert invoice.totals.lines.value == moved
    assert invoice.totals.held.value == state.summary.retained.value - retained
    assert invoice.totals.payable.value == state.summary.due.value


@FEW
@given(st.data())
def test_all_payments_come_to_the_contract_sum_when_the_retainage_is_released(
    data: st.DataObject,
) -> None:
    site = data.draw(sites())
    paid = []
    for entries in [*data.draw(months(site)), finished(site)]:
        draft = site.draft(*entries)
        if draft.worked_out is not None:
            site.documents.append(draft.document)
            paid.append(draft.invoice.totals.payable.value)
    whole = sum((each.value or Decimal(0) for each in site.schedule), Decimal(0))
    if not site.documents:
        assert all(each.value == 0 for each in site.schedule), "nothing to bill at all"
        return
    kept = state_of_last(site).summary.retained.value

    assert sum(paid) == whole - kept

    if kept > 0:
        site.events.append(Released(subject="sample", at=day(len(site.documents) + 1), by="owner"))
        assert site.apply().summary.retained.value == 0
        assert sum(each.invoice.totals.payable.value for each in site.documents) == whole


def state_of_last(site: Site) -> ConstructionState:
    found = site.history().state(ConstructionState)
    assert found is not None
    return found


@FEW
@given(st.data())
def test_the_order_of_rows_changes_no_total(data: st.DataObject) -> None:
    site = data.draw(sites())
    entries = data.draw(month(site.schedule))
    shuffled = attrs.evolve(
        site, schedule=data.draw(st.permutations(site.schedule)), documents=[], events=[]
    )

    one, other = site.draft(*entries), shuffled.draft(*reversed(entries))

    assert one.ok == other.ok
    if one.worked_out and other.worked_out:
        assert _values(state_of(one).summary) == _values(state_of(other).summary)
        assert one.invoice.totals.payable.value == other.invoice.totals.payable.value


def _values(summary: Summary) -> dict[str, Decimal]:
    found = attrs.asdict(summary, recurse=False)
    return {name: figure.value for name, figure in found.items()}


@FEW
@given(st.data())
def test_a_period_in_two_steps_leaves_the_sums_to_date(data: st.DataObject) -> None:
    site = data.draw(sites())
    between, last = data.draw(month(site.schedule)), finished(site)
    direct = attrs.evolve(site, documents=[], events=[])
    if site.draft(*between).worked_out:
        site.apply(*between)

    one, other = site.draft(*last), direct.draft(*last)

    if one.worked_out and other.worked_out:
        assert _to_date(state_of(one)) == _to_date(state_of(other))
        assert state_of(one).summary.earned.value == state_of(other).summary.earned.value


def _to_date(state: ConstructionState) -> list[tuple[Decimal, Decimal, Decimal]]:
    return [(row.completed.value, row.stored.value, row.retained.value) for row in state.rows]


@FEW
@given(st.data())
def test_retainage_by_tax_class_comes_to_the_whole(data: st.DataObject) -> None:
    site = data.draw(sites(classes=("standard", "other")))
    for entries in data.draw(months(site)):
        draft = site.draft(*entries)
        if draft.worked_out is not None:
            before = site.history().state(ConstructionState)
            was = before.summary.retained.value if before else 0
            site.documents.append(draft.document)
            assert draft.invoice.totals.held.value == state_of(draft).summary.retained.value - was


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_every_figure_replays_and_an_archived_application_is_as_good(data: st.DataObject) -> None:
    site = data.draw(sites())
    for entries in data.draw(months(site)):
        draft = site.draft(*entries)
        if draft.worked_out is None:
            continue
        for figure in graph(*_figures(state_of(draft))):
            assert replay(figure) == figure.value
        archived = [load(dump(each, ENGINE.plugins), ENGINE.plugins) for each in site.documents]
        again = ENGINE.draft(site.job(), site.records(entries), History(archived, site.events))
        assert again.invoice == draft.invoice
        site.documents.append(draft.document)


def _figures(value: Any) -> Iterator[Figure]:
    if isinstance(value, Figure):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _figures(item)
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield from _figures(getattr(value, field.name))


@settings(max_examples=150, deadline=None)
@given(st.lists(AMOUNT, max_size=8), RATE, st.integers(0, 2000).map(lambda n: n * CENT))
@example([Decimal("50.02"), Decimal("-100.01")], Decimal("0.01"), Decimal("0.00"))
@example([Decimal("1000.00"), Decimal("-1000.00")], Decimal("5.00"), Decimal("0.00"))
def test_rows_of_retainage_come_to_what_is_held(
    values: list[Decimal], rate: Decimal, released: Decimal
) -> None:
    site = Site(schedule=[row("1", 1)])
    grid = AmountGrid.of(site.job(), site.contract)
    percent = figure_given(rate, "%", "test.rate")
    bases = [figure_given(value, "USD", "test.base") for value in values]
    whole = figure_given(sum(values, Decimal("0.00")), "USD", "test.sum")
    gone = figure_given(released, "USD", "test.released")

    kept = held(whole, percent, gone, grid, "construction.retainage.work")
    parts = divide(kept, percent, bases)

    assert sum(part.value for part in parts) == kept.value
    assert all(replay(part) == part.value for part in parts)
    if released == 0:
        for part, value in zip(parts, values, strict=True):
            assert abs(part.value - value * rate / 100) <= CENT
