"""Hypothesis strategies of the author's kit: what they draw is what a file could give."""

from __future__ import annotations

import datetime as dt
import enum
from decimal import Decimal
from typing import Annotated, Literal

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from billhook import (
    Charge,
    Draft,
    Engine,
    History,
    PluginInfo,
    Rating,
    Record,
    above,
    at_most,
    below,
    between,
    hookimpl,
    times,
)
from billhook import given as figure
from billhook.testing import Inline, assert_replays, sample_engine, sample_job
from billhook.testing.strategies import currencies, histories, jobs, records

FEW = settings(max_examples=40, deadline=None)


class Colour(enum.Enum):
    """A choice."""

    RED = "red"
    BLUE = "blue"


@attrs.frozen(kw_only=True)
class Part:
    """A table inside a row."""

    weight: Annotated[Decimal, between(1, 2)]


@attrs.frozen(kw_only=True)
class Stay(Record):
    """A record with every type that a column can have."""

    day: dt.date
    until: Annotated[dt.date, at_most(dt.date(2021, 5, 1))]
    hours: Annotated[Decimal, above(0), "in hours"]
    share: Annotated[Decimal, below(0)]
    places: Annotated[int, between(3, 5)]
    kind: Literal["car", "van"]
    colour: Colour
    note: str | None = None
    parts: tuple[Part, ...] = ()
    paid: bool = False


@FEW
@given(records(Stay))
def test_records_keep_their_ranges_and_have_keys_of_their_own(stays: tuple[Stay, ...]) -> None:
    assert len({stay.key for stay in stays}) == len(stays)
    for stay in stays:
        assert stay.until <= dt.date(2021, 5, 1)
        assert stay.hours > 0
        assert stay.share < 0
        assert stay.places in {3, 4, 5}
        assert stay.kind in {"car", "van"}
        assert isinstance(stay.colour, Colour)
        assert stay.note is None or stay.note
        assert all(1 <= part.weight <= 2 for part in stay.parts)


@FEW
@given(records(Stay, least=2, most=3, note=st.just("night")))
def test_an_attribute_may_have_a_strategy_of_its_own(stays: tuple[Stay, ...]) -> None:
    assert 2 <= len(stays) <= 3
    assert {stay.note for stay in stays} == {"night"}


@FEW
@given(st.data())
def test_jobs_are_of_any_currency_unless_one_is_given(data: st.DataObject) -> None:
    code = data.draw(currencies())

    assert data.draw(jobs(currency=code, subject="M-1")).currency == code
    assert data.draw(jobs()).date.year in range(2020, 2031)


# ── a plugin under test ──────────────────────────────────────────────────────


@attrs.frozen(kw_only=True)
class Hours(Record):
    """Hours of work."""

    hours: Annotated[Decimal, between(0, 1000)]


@attrs.frozen
class Bills:
    """How many bills there were."""

    count: int = 0


@hookimpl
def billhook_plugin() -> PluginInfo:
    return PluginInfo(name="desk", records={"desk.hours": Hours}, state=Bills)


@hookimpl
def billhook_rate(job, records, history) -> Rating:
    before = history.state(Bills) or Bills()
    price = figure(120, f"{job.currency}/h", "desk.price")
    charges = [
        Charge(
            id=row.key,
            description="Work",
            amount=times(figure(row.hours, "h", "desk.hours", row.origin), price, "desk.fee"),
            sources=(row.key,),
        )
        for row in records.of(Hours)
    ]
    return Rating(charges=tuple(charges), state=Bills(before.count + 1))


def engine() -> Engine:
    return sample_engine(Inline(billhook_plugin=billhook_plugin, billhook_rate=billhook_rate))


@FEW
@given(st.data())
def test_a_history_is_what_its_bills_come_to(data: st.DataObject) -> None:
    job = data.draw(jobs())
    history = data.draw(histories(engine(), job, records(Hours, least=1, most=3), most=2))

    billed = [document.invoice for document in history.documents]
    state = history.state(Bills)

    assert len(billed) <= 2
    assert (state.count if state else 0) == len(billed)
    assert len(history.billed) == sum(len(invoice.records) for invoice in billed)
    for invoice in billed:
        assert invoice.currency == job.currency
        assert_replays(invoice)


def test_histories_of_a_length_are_found() -> None:
    found = st.data()

    @settings(max_examples=60, deadline=None, database=None)
    @given(found)
    def look(data: st.DataObject) -> None:
        rows = records(Hours, least=1, most=2)
        lengths.add(len(data.draw(histories(engine(), sample_job(), rows)).documents))

    lengths: set[int] = set()
    look()

    assert lengths == {0, 1, 2, 3}


@FEW
@given(st.data())
def test_what_follows_a_history_is_a_bill_of_the_rest(data: st.DataObject) -> None:
    job = sample_job()
    history: History = data.draw(histories(engine(), job, records(Hours, least=1, most=2)))
    rows = data.draw(records(Hours, least=1))

    draft: Draft = engine().draft(job, rows, history)

    assert draft.ok
    assert {record.key for record in draft.invoice.records} == {row.key for row in rows}
