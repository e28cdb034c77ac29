"""Bills against a second calculation: fractions, written down from the words of an engagement.

Time goes on the increment, entry by entry or day by day; the most special rate of the day of the
work holds; the fee is rounded once, half up; a discount is taken of the fees alone.  Nothing here
comes from the plugin but its results.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from billhook_legal.records import TimeEntry
from billhook_legal.settings import FeeDiscount, HourlyRate, Matter
from legal.office import D, bill, codes, day, draft, entry, expense

PEOPLE = {"EH": "PARTNR", "PN": "ASSOC"}
MATTERS = (Matter(id="M1", client="acme"), Matter(id="M2", client="zenith"))
CLIENTS = {"M1": "acme", "M2": "zenith"}
UNITS = {
    "up": math.ceil,
    "down": math.floor,
    "nearest": lambda units: math.floor(units + Fraction(1, 2)),
}


def cents(value: Fraction) -> Fraction:
    """Return a value rounded to cents, halves up; fees are not negative."""
    return Fraction(math.floor(value * 100 + Fraction(1, 2)), 100)


# ── hours ────────────────────────────────────────────────────────────────────


def minutes_billed(entries: Sequence[TimeEntry], terms: dict[str, object]) -> dict[str, Fraction]:
    """Return the minutes of each entry, as the engagement letter counts them."""
    groups: dict[object, list[TimeEntry]] = defaultdict(list)
    for each in sorted(entries, key=lambda each: each.key):
        matter = each.matter if terms["scope"] == "timekeeper-matter-day" else ""
        alone = each.key if terms["scope"] == "entry" else ""
        groups[each.timekeeper, each.date, matter, alone].append(each)
    billed: dict[str, Fraction] = {}
    for group in groups.values():
        billed |= _of_group(group, terms)
    return billed


def _of_group(group: Sequence[TimeEntry], terms: dict[str, object]) -> dict[str, Fraction]:
    increment = Fraction(str(terms["increment"]))
    worked = [Fraction(each.minutes) for each in group]
    whole = sum(worked, Fraction(0))
    if not whole:
        return {each.key: Fraction(0) for each in group}
    units = max(UNITS[str(terms["direction"])](whole / increment), int(str(terms["minimum"])))
    shares = [units * own / whole for own in worked]
    parts = [math.floor(share) for share in shares]
    first = sorted(range(len(group)), key=lambda at: (parts[at] - shares[at], at))
    for at in first[: units - sum(parts)]:
        parts[at] += 1
    return {each.key: part * increment for each, part in zip(group, parts, strict=True)}


# ── rates ────────────────────────────────────────────────────────────────────


def rate_of(work: TimeEntry, rates: Sequence[HourlyRate]) -> Fraction | None:
    """Return the rate with the most points: matter 8, client 4, person 2, class 1."""
    points = [(_points(rate, work), rate) for rate in rates]
    fitting = [(found, rate) for found, rate in points if found is not None]
    return Fraction(max(fitting, key=lambda each: each[0])[1].per_hour) if fitting else None


def _points(rate: HourlyRate, work: TimeEntry) -> int | None:
    asked = (
        (rate.matter, work.matter, 8),
        (rate.client, CLIENTS[work.matter], 4),
        (rate.timekeeper, work.timekeeper, 2),
        (rate.classification, PEOPLE[work.timekeeper], 1),
    )
    early = rate.since is not None and work.date < rate.since
    late = rate.until is not None and work.date >= rate.until
    if early or late or any(said and said != found for said, found, _ in asked):
        return None
    return sum(worth for said, _, worth in asked if said)


@st.composite
def rate_books(draw: st.DrawFn) -> tuple[HourlyRate, ...]:
    """Rates at some levels, each with a rise, a gap or neither."""
    levels = [
        {**place, **who}
        for place in ({}, {"matter": "M1"}, {"client": "zenith"}, {"client": "acme"})
        for who in ({}, {"timekeeper": "PN"}, {"classification": "ASSOC"})
    ]
    rates: list[HourlyRate] = []
    for level in draw(st.lists(st.sampled_from(levels), unique_by=str, min_size=1)):
        until, since = sorted(draw(st.tuples(st.integers(2, 9), st.integers(2, 9))))
        prices = [D(draw(st.integers(1, 99999))) / 100 for _ in range(2)]
        rates.append(HourlyRate(**level, per_hour=prices[0], until=day(until)))
        if draw(st.booleans()):
            rates.append(HourlyRate(**level, per_hour=prices[1], since=day(since)))
    if draw(st.integers(0, 3)):  # mostly there is a rate for whatever is left
        rates = [rate for rate in rates if _named(rate)] + [HourlyRate(per_hour=D("77.77"))]
    return tuple(draw(st.permutations(rates)))


def _named(rate: HourlyRate) -> bool:
    return bool(rate.matter or rate.client or rate.timekeeper or rate.classification)


# ── the comparison ───────────────────────────────────────────────────────────

ENTRIES = st.lists(
    st.builds(
        dict,
        minutes=st.one_of(
            st.integers(0, 300).map(lambda halves: Decimal(halves) / 2),
            st.integers(0, 40000).map(lambda hundredths: Decimal(hundredths) / 100),
        ),
        on=st.integers(1, 9),
        by=st.sampled_from(sorted(PEOPLE)),
        matter=st.sampled_from(["M1", "M2"]),
        billable=st.sampled_from(["yes", "yes", "no-charge"]),
    ),
    min_size=1,
    max_size=8,
)
TERMS = st.fixed_dictionaries(
    {
        "increment": st.sampled_from([D(1), D(6), D(10), D(15), D("7.5")]),
        "direction": st.sampled_from(sorted(UNITS)),
        "minimum": st.integers(0, 3),
        "scope": st.sampled_from(["entry", "timekeeper-matter-day", "timekeeper-day"]),
    }
)


@settings(max_examples=200, deadline=None)
@given(ENTRIES, TERMS, rate_books(), st.integers(0, 10000))
def test_every_bill_comes_to_the_second_calculation(
    facts: list[dict[str, object]],
    terms: dict[str, object],
    rates: tuple[HourlyRate, ...],
    hundredths: int,
) -> None:
    records = [
        entry(str(key), narrative=f"Work no. {key} on the brief", **each)
        for key, each in enumerate(facts)
    ]
    discount = FeeDiscount(percent=D(hundredths) / 100)
    engagement = {
        **terms, "rates": rates, "discount": discount, "bill": ("M1", "M2"), "matters": MATTERS,
        "long_day": D(1000),
    }  # fmt: skip
    assume("LGL109" not in codes(draft(records, **engagement).findings))
    hourly = {each.key: rate_of(each, rates) for each in records}
    event("no rate" if None in hourly.values() else "billed")
    if None in hourly.values():
        assert "LGL101" in codes(draft(records, **engagement).errors)
        return

    found = bill(*records, expense("x1", "33.33", matter="M1"), **engagement)

    minutes = minutes_billed(records, terms)
    worth = {
        key: cents(minutes[key] * rate / 60) for key, rate in hourly.items() if rate is not None
    }
    free = {each.key for each in records if each.billable == "no-charge"}
    fees = {f"time-{key}": Fraction(0) if key in free else worth[key] for key in worth}
    sum_of_fees = sum(fees.values(), Fraction(0))
    off = cents(sum_of_fees * hundredths / 10000)
    amounts = {line.id: Fraction(line.amount.value) for line in found.lines}
    assert amounts == {**fees, "expense-x1": Fraction("33.33")}
    assert Fraction(found.totals.payable.value) == sum_of_fees - off + Fraction("33.33")
    shown = {line.id: line.gross for line in found.lines if line.gross is not None}
    assert {name: Fraction(gross.value) for name, gross in shown.items()} == {
        f"time-{key}": worth[key] for key in free
    }
