"""Work on the bills of several payers: it is open again when every payer's bill gave it back."""

from __future__ import annotations

from decimal import Decimal as D
from pathlib import Path

import attrs
import pytest

from billhook.audit.verify import verify
from billhook.credit.note import Correction
from billhook.credit.service import credit, void
from billhook.store.database import open_store
from billhook.store.memory import memory_store
from legal.office import entry
from legal.test_day_scope import actor
from scenarios.test_months import ENGINE, Account

HALVES = ("1", "1")
BACK = Correction(release=True)


@pytest.fixture(params=["memory", "sqlite"])
def office(request, tmp_path: Path):
    """An office with four minutes of work, on a bill that two payers share: three minutes each."""
    made = Account()
    named = request.param == "sqlite"
    made.store = open_store(tmp_path / "b.db", create=True) if named else memory_store()
    made.entries = [entry("1", 4, matter="M1")]
    made.split = made.ask("M1", HALVES)
    yield made
    made.teardown()


def minutes(documents) -> dict[tuple[str, ...], D]:
    return {
        line.sources: line.quantity.value * 60 for each in documents for line in each.invoice.lines
    }


def take_back(office: Account, place: int, wanted: Correction = BACK):
    number = office.split[place].number
    return credit(ENGINE, office.store, number, wanted, actor(office._tick()))


@pytest.mark.parametrize("place", [0, 1])
def test_work_that_another_payer_still_owes_is_not_billed_again(office: Account, place) -> None:
    made = take_back(office, place)

    assert made.released == 0
    assert made.waits == (office.split[1 - place].number,)
    assert office.ask("M1") == []
    assert not verify(office.store, ENGINE.plugins).findings


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_when_every_payers_bill_is_taken_back_the_work_is_billed_anew(office, order) -> None:
    """Four minutes are a unit of six, on one bill, as if there had been none before."""
    first, last = (take_back(office, place) for place in order)

    assert (first.released, last.released, last.waits) == (0, 1, ())
    assert minutes(office.ask("M1")) == {("1",): D(6)}
    assert not verify(office.store, ENGINE.plugins).findings


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_bills_that_are_voided_give_their_work_back_together(office, order) -> None:
    counts = []
    for place in order:
        number = office.split[place].number
        made = void(ENGINE, office.store, number, actor(office._tick()), release=True)
        counts.append(made.released)
        assert bool(made.waits) == (len(counts) == 1)

    assert counts == [0, 1]
    assert minutes(office.ask("M1", HALVES)) == {("1",): D(6)}
    assert not verify(office.store, ENGINE.plugins).findings


@pytest.mark.parametrize("kept", [0, 1])
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_work_that_one_payers_credit_keeps_stays_settled(office, order, kept) -> None:
    for place in order:
        take_back(office, place, attrs.evolve(BACK, release=place != kept))

    assert office.ask("M1") == []
    assert not verify(office.store, ENGINE.plugins).findings


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("place", [0, 1])
def test_a_late_entry_of_the_day_is_billed_in_whole_units(office, place, there) -> None:
    """4 min were a unit, of which a payer's half is credited; 6 more make 10, the second unit."""
    take_back(office, place)

    late = entry("2", 6, matter="M1", narrative="Call")
    office.entries = [*office.entries, late] if there else [late]
    assert minutes(office.ask("M1")) == {("2",): D(6)}


def test_a_line_is_open_again_when_it_is_taken_back_from_every_payer() -> None:
    """Of 4 and 4 min, 12 in units, the first line is credited; its 6 min are billed anew."""
    office = Account()
    office.store = memory_store()
    office.entries = [entry("1", 4, matter="M1"), entry("2", 4, matter="M1")]
    office.split = office.ask("M1", HALVES)
    [line, _] = office.split[0].invoice.lines
    wanted = attrs.evolve(BACK, lines=(line.id,))

    assert [take_back(office, place, wanted).released for place in (0, 1)] == [0, 1]
    assert minutes(office.ask("M1")) == {line.sources: D(6)}
    assert not verify(office.store, ENGINE.plugins).findings
