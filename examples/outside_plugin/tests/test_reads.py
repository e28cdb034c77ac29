"""Which reads a bill goes by, and what it says of the others."""

from __future__ import annotations

import attrs
import pytest
from billhook.testing import assert_replays
from household import (
    D,
    bill,
    codes,
    day,
    draft,
    job,
    lines,
    point,
    quantities,
    read,
    register,
    tariff,
)
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from billhook_utility.settings import Meter
from billhook_utility.state import UtilityState
from billhook_utility.tariffs import Block, Fixed, Price

START = read("2025-12-31", 100)


def skipped(worked_out) -> dict[str, str]:
    return {skip.key: str(skip.reason) for skip in worked_out.skipped}


def test_the_newest_read_before_the_period_opens_the_meter() -> None:
    worked_out = draft(job(), read("2025-9-30", 70), START, read("3-31", 110))

    assert quantities(worked_out.invoice) == {"use": "10"}
    assert skipped(worked_out) == {"M--2025-9-30-": "2025-09-30 is before the days billed"}


def test_an_estimate_gives_way_to_a_read_of_the_same_bill() -> None:
    guess = read("2-28", 150, kind="estimated")
    worked_out = draft(job(), START, guess, read("3-31", 110))

    assert quantities(worked_out.invoice) == {"use": "10"}
    assert list(skipped(worked_out).values()) == ["estimated, and a read of 2026-03-31 follows"]


def test_an_estimate_of_the_same_day_gives_way_to_the_customers_read() -> None:
    guess, told = read("3-31", 150, kind="estimated"), read("3-31", 110, kind="customer")
    worked_out = draft(job(), START, guess, told)

    assert quantities(worked_out.invoice) == {"use": "10"}
    assert list(skipped(worked_out).values()) == ["there is another read of 2026-03-31"]


def test_a_read_that_comes_late_is_left_to_the_one_already_billed() -> None:
    first = draft(job(), START, read("3-31", 110))
    late, next_ = read("2-15", 104), read("6-30", 125)
    second = draft(job(days="4-1..6-30"), late, next_, after=[first])

    assert quantities(second.invoice) == {"use": "15"}
    assert skipped(second) == {late.key: "billed up to 2026-03-31 before"}


def test_a_read_after_the_period_waits_for_the_next_bill() -> None:
    worked_out = draft(job(), START, read("3-31", 110), read("4-30", 115))

    assert quantities(worked_out.invoice) == {"use": "10"}
    assert list(skipped(worked_out).values()) == ["2026-04-30 is after the days billed"]


def test_a_meter_with_one_read_is_opened_and_bills_from_there() -> None:
    first = draft(job(), read("3-15", 100))
    second = bill(job(days="4-1..6-30"), read("3-15", 100), read("6-30", 125))

    assert codes(first) == ["BH402"]
    assert skipped(first) == {"M--3-15-": "opens meter M"}
    assert quantities(second) == {"use": "25"}


def test_an_exchanged_meter_adds_its_use_to_that_of_the_old_one() -> None:
    # Old meter 100 → 104, new meter 0 → 7; one line of 11, and one standing charge of 90 days.
    made = job(
        tariff(standing=Fixed(amount=D("0.10"), per="day")),
        points=(point(meters=(Meter(id="N", registers=(register(),)),)),),
    )
    old, new = read("2-10", 104, event="removed"), read("2-10", 0, "N", event="installed")
    first = draft(made, START, old, new, read("3-31", 7, "N"))
    second = bill(
        job(points=made.pockets[0].points, days="4-1..6-30"), read("6-30", 9, "N"), after=[first]
    )

    assert quantities(first.invoice) == {"use": "11", "standing": "90"}
    assert codes(first) == []
    assert quantities(second) == {"use": "2"}


def test_a_new_meter_without_a_second_read_is_billed_from_its_installation_next_time() -> None:
    points = (point(meters=(Meter(id="N", registers=(register(),)),)),)
    old, new = read("3-31", 104, event="removed"), read("3-31", 0, "N", event="installed")
    first = draft(job(points=points), START, old, new)
    second = draft(job(points=points, days="4-1..6-30"), new, read("6-30", 9, "N"), after=[first])

    assert skipped(first) == {new.key: "opens meter N"}
    assert quantities(second.invoice) == {"use": "9"}
    assert second.errors == ()


def test_a_removed_meter_is_asked_for_no_more_reads() -> None:
    points = (point(meters=(Meter(id="N", registers=(register(),)),)),)
    reads = (START, read("2-10", 104, event="removed"))
    new = (read("2-10", 0, "N", event="installed"), read("3-31", 7, "N"))
    first = draft(job(points=points), *reads, *new)
    second = draft(job(points=points, days="4-1..6-30"), read("6-30", 9, "N"), after=[first])

    assert codes(second) == []


def test_what_was_used_in_the_last_twelve_months_is_kept() -> None:
    ends = ["3-31", "6-30", "9-30", "12-31", "2027-3-31"]
    starts = ["1-1", "4-1", "7-1", "10-1", "2027-1-1"]
    bills = []
    for place, (start, end) in enumerate(zip(starts, ends, strict=True)):
        reads = [START] if not place else []
        made = job(days=f"{start}..{end}")
        bills.append(draft(made, *reads, read(end, 110 + place * place), after=bills))
    state = bills[-1].invoice.states[0].value

    assert isinstance(state, UtilityState)
    assert [usage.last for usage in state.usage] == [day(end) for end in ends[1:]]
    assert [str(usage.quantity.value) for usage in state.usage] == ["1", "3", "5", "7"]


def test_a_job_without_a_period_bills_every_read() -> None:
    made = attrs.evolve(job(), period=None)
    worked_out = draft(made, read("2025-9-30", 70), START, read("3-15", 110))

    assert quantities(worked_out.invoice) == {"use": "40"}
    assert codes(worked_out) == []


def test_a_meter_belongs_to_one_point() -> None:
    with pytest.raises(ValueError, match="there are 2 meters 'M'"):
        job(points=(point(), attrs.evolve(point(), id="other")))


# ── over many bills ──────────────────────────────────────────────────────────

MONTHS = [("1-1", "1-31"), ("2-1", "2-28"), ("3-1", "3-31"), ("4-1", "4-30")]
MOVES = st.lists(st.integers(0, 400), min_size=4, max_size=4)
GUESSES = st.lists(st.none() | st.integers(-300, 300), min_size=3, max_size=3)


@settings(max_examples=60, deadline=None)
@drawn(start=st.integers(0, 99_999), moves=MOVES, guesses=GUESSES)
def test_however_often_it_is_estimated_what_the_meter_moved_by_is_billed(
    start, moves, guesses
) -> None:
    standing = Fixed(amount=D("1.00"), per="day")
    bills, moved, told, expected = [], 0, 0, []
    for (first, last), move, guess in zip(MONTHS, moves, [*guesses, None], strict=True):
        moved += move
        told = moved if guess is None else max(told, moved + guess)
        shown = (start + told) % 100_000
        kind = "actual" if guess is None else "estimated"
        reads = [] if bills else [read("2025-12-31", start)]
        made = job(tariff(standing=standing), days=f"{first}..{last}")
        worked_out = draft(made, *reads, read(last, shown, kind=kind), after=bills)
        errors = [str(error) for error in worked_out.errors if error.code != "BH403"]
        assert errors == []  # a bill below nothing is refused, for a credit note; its sums hold
        assert_replays(worked_out.invoice)
        bills.append(worked_out)
        expected.append((day(last) - day(first)).days + 1)
    used = [quantities(each.invoice) for each in bills]

    assert sum(D(each["use"]) for each in used) == sum(moves)
    assert [D(each["standing"]) for each in used] == expected


@settings(max_examples=60, deadline=None)
@drawn(
    used=st.integers(0, 5000),
    ends=st.lists(st.integers(1, 2000), min_size=1, max_size=4, unique=True),
    change=st.integers(1, 89),
)
def test_versions_and_blocks_together_bill_the_use(used, ends, change) -> None:
    blocks = [Block(up_to=D(end), per_unit=D(place)) for place, end in enumerate(sorted(ends))]
    prices = (Price(blocks=(*blocks, Block(per_unit=D(9))), days=30),)
    turn = day("2025-12-31").fromordinal(day("2025-12-31").toordinal() + change + 1)
    made = job(tariff(prices=prices, until=turn), tariff(prices=prices, since=turn))
    invoice = bill(made, read("2025-12-31", 0), read("3-31", used))

    assert sum(D(each) for each in quantities(invoice).values()) == used
    assert_replays(invoice)


def test_a_credit_of_an_estimate_is_not_filled_up_to_the_minimum() -> None:
    minimum = Fixed(amount=D(50), per="bill")
    first = draft(job(), START, read("3-31", 130, kind="estimated"))
    made = job(tariff(minimum=minimum), days="4-1..6-30")

    assert lines(bill(made, read("6-30", 125), after=[first])) == {"use": "-10.00"}
