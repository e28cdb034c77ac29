from __future__ import annotations

from decimal import Decimal

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billhook.kernel.figure import graph, replay
from billhook.testing import assert_explains, assert_replays
from legal.office import D, bill, entry, hours, lines

# ── worked numbers ───────────────────────────────────────────────────────────


def test_75_minutes_in_six_minute_units_are_13_tenths_and_455_dollars() -> None:
    # 75 ÷ 6 = 12.5, up to 13 units; 13 × 6 = 78 minutes = 1.3 h; 1.3 × 350.00 = 455.00
    invoice = bill(entry(minutes=75))

    assert hours(invoice) == {"time-1": "1.3"}
    assert lines(invoice) == {"time-1": "455.00"}


def test_a_fee_explains_itself_from_the_timesheet_to_the_amount() -> None:
    invoice = bill(entry("7", minutes=75))

    fee = assert_explains(
        invoice,
        "lines.time-7",
        rules=("legal.fee", "legal.hours.billed", "legal.minutes.increment", "legal.rate"),
    )
    recorded = next(node for node in graph(fee) if node.rule == "legal.minutes.recorded")
    assert (str(recorded.origin), recorded.value) == ("time.csv:7", D(75))


@pytest.mark.parametrize(
    ("minutes", "increment", "direction", "billed"),
    [
        (12, 6, "up", "0.2"),  # exactly two units stay two units
        ("12.01", 6, "up", "0.3"),
        (1, 6, "up", "0.1"),
        (0, 6, "up", "0"),
        (14, 6, "down", "0.2"),
        (14, 6, "nearest", "0.2"),  # 2.33 units
        (15, 6, "nearest", "0.3"),  # 2.5 units: halves go up
        (5, 6, "down", "0"),
        (22, 15, "up", "0.5"),
        (22, 15, "nearest", "0.25"),  # 1.47 units
        (61, 60, "up", "2"),
        (75, 1, "up", "1.25"),
        ("37.5", 0, "up", "0.625"),  # as recorded
    ],
)
def test_time_goes_on_the_agreed_increment(minutes, increment, direction, billed) -> None:
    invoice = bill(entry(minutes=minutes), increment=D(increment), direction=direction)

    assert D(hours(invoice)["time-1"]) == D(billed)


def test_a_minimum_counts_units_and_leaves_no_time_at_nothing() -> None:
    # three units of six minutes: 18 minutes at least, but an entry of no time stays at none
    invoice = bill(entry("1", 4), entry("2", 0), entry("3", 20), minimum=3)

    assert hours(invoice) == {"time-1": "0.3", "time-2": "0", "time-3": "0.4"}


@pytest.mark.parametrize(
    "given_as", [{"minutes": D(75)}, {"hours": D("1.25")}, {"duration": "1:15"}]
)
def test_the_three_ways_to_give_a_time_bill_the_same(given_as) -> None:
    invoice = bill(entry(**{"minutes": None, **given_as}))

    assert lines(invoice) == {"time-1": "455.00"}


def test_seconds_are_summed_before_they_are_divided() -> None:
    # three times 20 seconds are one minute, though a third of a minute does not end
    thirds = [entry(key, None, duration="0:00:20") for key in "123"]
    invoice = bill(*thirds, increment=D(1), direction="down", scope="timekeeper-day")

    assert sum(D(billed) for billed in hours(invoice).values()) == D("0.0167")
    assert sum(D(amount) for amount in lines(invoice).values()) == D("5.83")  # 350 ÷ 60


def test_hours_that_do_not_end_bill_the_exact_minutes() -> None:
    # ten minutes at 360.03: 60.005, and 60.01 after rounding; 0.1667 h × 360.03 would be 60.02
    invoice = bill(entry(minutes=10, rate=D("360.03"), rate_reason="agreed"), increment=D(10))

    assert hours(invoice) == {"time-1": "0.1667"}
    assert lines(invoice) == {"time-1": "60.01"}
    assert_explains(invoice, "lines.time-1", rules=("legal.fee.by-minute",))


# ── a day rounded as one ─────────────────────────────────────────────────────


def test_a_day_is_rounded_once_and_its_units_go_to_the_entries() -> None:
    # 8 + 8 + 8 = 24 minutes are 4 units; entry by entry they would be 2 + 2 + 2 = 6.
    # Each entry's share is 1⅓ units: one each, and the one left goes to the first.
    three = [entry(key, 8) for key in "123"]

    assert hours(bill(*three)) == {"time-1": "0.2", "time-2": "0.2", "time-3": "0.2"}
    assert hours(bill(*three, scope="timekeeper-matter-day")) == {
        "time-1": "0.2",
        "time-2": "0.1",
        "time-3": "0.1",
    }


def test_days_and_timekeepers_are_rounded_apart() -> None:
    invoice = bill(
        entry("1", 2),
        entry("2", 2, on=4),
        entry("3", 2, by="PN"),
        entry("4", 2),
        scope="timekeeper-matter-day",
    )

    # EH on the third: 4 minutes, one unit, to the first of the two
    assert hours(invoice) == {"time-1": "0.1", "time-4": "0", "time-3": "0.1", "time-2": "0.1"}


def test_a_day_over_all_matters_gives_each_bill_its_own_units() -> None:
    # 4 + 4 minutes on two matters are 2 units together, one each; apart they are one each as well;
    # 2 + 2 minutes are one unit together, and the other matter's bill has none of it.
    day_of = [entry("1", 2, matter="A"), entry("2", 2, matter="B")]
    first = bill(*day_of, scope="timekeeper-day", bill=("A",))
    second = bill(*day_of, scope="timekeeper-day", bill=("B",))

    assert (hours(first), hours(second)) == ({"time-1": "0.1"}, {"time-2": "0"})


def test_time_that_is_not_billable_takes_no_units_of_the_day() -> None:
    invoice = bill(entry("1", 7), entry("2", 5, billable="no"), scope="timekeeper-day")

    assert hours(invoice) == {"time-1": "0.2"}


# ── properties ───────────────────────────────────────────────────────────────

MINUTES = st.integers(0, 30_000).map(lambda n: D(n).scaleb(-2))
SCOPES = st.sampled_from(("entry", "timekeeper-matter-day", "timekeeper-day"))
INCREMENTS = st.sampled_from([D(n) for n in ("0", "1", "5", "6", "7.5", "10", "15", "20", "60")])
DIRECTIONS = st.sampled_from(("up", "nearest", "down"))


@st.composite
def timesheets(draw: st.DrawFn) -> list:
    count = draw(st.integers(1, 8))
    return [
        entry(
            str(number),
            draw(MINUTES),
            on=draw(st.integers(1, 2)),
            by=draw(st.sampled_from(("EH", "PN"))),
            narrative=f"Piece of work number {number} of the day",
        )
        for number in range(count)
    ]


def minutes_billed(invoice) -> dict[str, Decimal]:
    found = {}
    for line in invoice.lines:
        fee = line.amount
        hour = next(
            node for node in graph(fee) if node.rule in {"legal.hours.billed", "legal.fee.minutes"}
        )
        found[line.id] = hour.inputs[0].value
    return found


@given(timesheets(), INCREMENTS, DIRECTIONS, st.integers(0, 3))
@settings(max_examples=80, deadline=None)
def test_entries_of_a_day_add_up_to_the_day(sheet, increment, direction, minimum) -> None:
    agreed = {"increment": increment, "direction": direction, "long_day": D(100)}
    agreed["minimum"] = minimum if increment else 0
    invoice = bill(*sheet, scope="timekeeper-day", **agreed)
    billed = minutes_billed(invoice)

    for who, on in {(each.timekeeper, each.date.day) for each in sheet}:
        members = [each for each in sheet if (each.timekeeper, each.date.day) == (who, on)]
        whole = entry("day", sum(each.minutes for each in members), on=on, by=who)
        day_as_one = minutes_billed(bill(whole, **agreed))["time-day"]
        assert sum(billed[f"time-{each.key}"] for each in members) == day_as_one


@given(timesheets(), SCOPES, INCREMENTS, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_the_sources_changes_nothing(sheet, scope, increment, random) -> None:
    agreed = {"scope": scope, "increment": increment, "long_day": D(100)}
    shuffled = list(sheet)
    random.shuffle(shuffled)

    assert bill(*shuffled, **agreed) == attrs.evolve(
        bill(*sheet, **agreed), records=bill(*shuffled, **agreed).records
    )


@given(timesheets(), SCOPES, INCREMENTS, DIRECTIONS, st.sampled_from(("USD", "JPY", "KWD")))
@settings(max_examples=60, deadline=None)
def test_every_figure_replays_in_every_currency(
    sheet, scope, increment, direction, currency
) -> None:
    invoice = bill(
        *sheet,
        scope=scope,
        increment=increment,
        direction=direction,
        currency=currency,
        long_day=D(100),
    )

    assert_replays(invoice)
    for line in invoice.lines:
        assert replay(line.quantity) == line.quantity.value


@given(MINUTES, INCREMENTS)
@settings(max_examples=100, deadline=None)
def test_up_bills_no_less_than_worked_and_less_than_one_unit_more(minutes, increment) -> None:
    billed = minutes_billed(bill(entry(minutes=minutes), increment=increment))["time-1"]

    assert minutes <= billed
    assert billed - minutes < (increment or 1)


@pytest.mark.parametrize(
    ("computed", "increment", "minutes"),
    [
        ("0.666666667", 5, 40),  # 2/3 h; 40.00000002 minutes would be 45
        ("0.333333333", 10, 20),
        ("1.083333333", 5, 65),  # 1 h 5 min
        ("0.6667", 5, 45),  # typed so: 40.002 minutes
    ],
)
def test_hours_that_a_sheet_computed_are_not_pushed_over_the_increment(
    computed: str, increment: int, minutes: int
) -> None:
    (line,) = bill(entry(minutes=None, hours=Decimal(computed)), increment=increment).lines

    (units,) = [node for node in graph(line.amount) if node.rule == "legal.minutes.increment"]
    assert units.value == minutes
