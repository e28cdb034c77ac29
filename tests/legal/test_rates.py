from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billhook.explain.rule_text import RuleFormatter
from billhook.explain.rules import catalogue
from billhook.kernel.figure import graph
from billhook.kernel.origin import Origin
from billhook.kernel.text import Period
from billhook_legal.rating.rates import SCOPES, SELECTORS, _figure, level_of
from billhook_legal.settings import HourlyRate, Matter
from legal.office import D, bill, codes, day, draft, entry, lines

RISE_AND_FALL = {"since": day(1), "until": day(9)}


def rate_of(invoice, line: str = "time-1") -> str:
    found = next(each for each in invoice.lines if each.id == line)
    return str(found.unit_price.value)


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("selector", SELECTORS)
@pytest.mark.parametrize("days", [{}, {"since": day(1)}, {"until": day(9)}, RISE_AND_FALL])
def test_whatever_a_rate_is_agreed_for_the_catalogue_has_the_phrases(scope, selector, days) -> None:
    names = {"matter": "m-1", "client": "buyer", "timekeeper": "PN", "classification": "PARTNR"}
    names |= {"activity": "A101", "task": "L110"}
    wanted = {each: names[each] for each in (scope, selector) if each}
    rate = HourlyRate(per_hour=D(300), **wanted, **days)
    told = (
        RuleFormatter(catalogue("billhook_legal"))
        .tell(_figure(rate, level_of(rate), "USD/h"))
        .sentence
    )

    assert "{" not in told
    assert "legal." not in told
    assert [name for name in wanted.values() if name not in told] == []


# ── the day of the work ──────────────────────────────────────────────────────

RISE = (
    HourlyRate(timekeeper="PN", per_hour=D(345), until=day(15)),
    HourlyRate(timekeeper="PN", per_hour=D(365), since=day(15), reason="third year"),
)


def test_a_rate_counts_from_its_first_day_and_not_on_its_last() -> None:
    # one hour each: 345 on the fourteenth, 365 on the fifteenth; the bill is of 30 June
    invoice = bill(entry("1", 60, on=14, by="PN"), entry("2", 60, on=15, by="PN"), rates=RISE)

    assert lines(invoice) == {"time-1": "345.00", "time-2": "365.00"}


def test_a_day_before_the_first_rate_is_an_error_and_never_nothing() -> None:
    rates = (HourlyRate(timekeeper="EH", per_hour=D(595), since=day(10)),)
    made = draft([entry("1", on=9), entry("2", on=3), entry("3", on=10)], rates=rates)

    assert made.worked_out is None
    (missing,) = made.errors
    assert missing.code == "LGL101"
    assert missing.message == (
        "no hourly rate for EH on 2026-06-03 (and for 1 more entries); tried "
        "matter sample and timekeeper EH, matter sample and class PARTNR, matter sample, "
        "client buyer and timekeeper EH, client buyer and class PARTNR, client buyer, "
        "timekeeper EH, class PARTNR, everyone"
    )
    assert missing.hint == "the rate for timekeeper EH is in force from 2026-06-10"
    assert missing.origin == Origin("time.csv", 2)


def test_two_rates_on_one_day_are_an_error() -> None:
    rates = (
        HourlyRate(classification="ASSOC", per_hour=D(300), until=day(16)),
        HourlyRate(classification="ASSOC", per_hour=D(320), since=day(15)),
    )

    assert codes(draft([entry(by="PN", on=1)], rates=rates).errors) == ["LGL102"]


def test_three_rates_on_the_same_days_are_all_found() -> None:
    rates = (
        HourlyRate(timekeeper="EH", per_hour=D(300)),
        HourlyRate(timekeeper="EH", per_hour=D(310), since=day(2), until=day(4)),
        HourlyRate(timekeeper="EH", per_hour=D(320), since=day(15)),
    )

    assert codes(draft([entry(on=1)], rates=rates).errors) == ["LGL102", "LGL102"]


def test_work_in_a_gap_between_two_rates_is_doubtful() -> None:
    rates = (
        HourlyRate(per_hour=D(100)),
        HourlyRate(timekeeper="EH", per_hour=D(300), until=day(10)),
        HourlyRate(timekeeper="EH", per_hour=D(320), since=day(12)),
    )
    work = [
        entry(str(on), on=on, narrative=f"Hearing no. {on} before the judge") for on in (9, 11, 12)
    ]
    worked = draft(work, rates=rates)

    assert [str(line.unit_price.value) for line in worked.invoice.lines] == ["300", "100", "320"]
    assert codes(worked.findings) == ["LGL207"]
    assert "EH on 2026-06-11 falls in a gap of the rates for timekeeper EH" in str(
        worked.findings[0]
    )


def test_work_before_the_first_special_rate_lies_in_no_gap() -> None:
    rates = (
        HourlyRate(per_hour=D(100)),
        HourlyRate(timekeeper="EH", per_hour=D(320), since=day(12)),
    )

    assert codes(draft([entry(on=11)], rates=rates).findings) == []


def test_the_same_days_at_two_levels_are_no_overlap() -> None:
    rates = (HourlyRate(per_hour=D(100)), HourlyRate(timekeeper="EH", per_hour=D(200)))

    assert rate_of(bill(entry(), rates=rates)) == "200"


# ── which rate goes before which ─────────────────────────────────────────────

SELECTORS = ("activity", "task", "timekeeper", "classification", None)
NAMES = {
    "matter": "sample",
    "client": "buyer",
    "activity": "A103",
    "task": "L120",
    "timekeeper": "EH",
    "classification": "PARTNR",
}
LADDER = tuple(itertools.product(("matter", "client", None), SELECTORS))
"""Every level, the most special first, as the settings promise it."""


def of_level(number: int) -> HourlyRate:
    named = {word: NAMES[word] for word in LADDER[number] if word}
    return HourlyRate(per_hour=D(100 + number), **named)


@given(st.sets(st.integers(0, len(LADDER) - 1), min_size=1), st.randoms(use_true_random=False))
def test_the_most_special_rate_wins_wherever_it_stands(levels, random) -> None:
    rates = [of_level(number) for number in levels]
    random.shuffle(rates)
    invoice = bill(entry(task="L120", activity="A103"), rates=tuple(rates))

    assert rate_of(invoice) == str(100 + min(levels))


def test_a_rate_says_where_it_was_agreed() -> None:
    rate = HourlyRate(
        client="buyer",
        classification="PARTNR",
        per_hour=D(540),
        since=day(1),
        reason="engagement letter of 2 March",
        origin=Origin("billhook.toml", 41, 1, "legal.rates[3]"),
    )
    invoice = bill(entry(), rates=(rate,))
    figure = next(node for node in graph(invoice.totals.payable) if node.unit == "USD/h")

    assert (figure.rule, figure.value, str(figure.origin)) == (
        "legal.rate.reasoned",
        D(540),
        "billhook.toml:41:1",
    )
    assert dict(figure.params) == {
        "agreed_for": "legal.rate.for",
        "scope": "legal.rate.for.client",
        "place": "buyer",
        "selector": "legal.rate.for.classification",
        "who": "PARTNR",
        "days": "legal.rate.days.since",
        "since": "2026-06-01",
        "reason": "engagement letter of 2 March",
    }
    assert RuleFormatter(catalogue("billhook_legal")).tell(figure).sentence == (
        "agreed for client buyer and class PARTNR, in force from 2026-06-01: "
        "engagement letter of 2 March"
    )


def test_an_entry_with_a_rate_of_its_own_goes_before_all_and_says_why() -> None:
    invoice = bill(entry(minutes=60, rate=D("175.00"), rate_reason="travel at half rate"))
    figure = next(node for node in graph(invoice.totals.payable) if node.unit == "USD/h")

    assert lines(invoice) == {"time-1": "175.00"}
    assert (figure.rule, figure.param("reason")) == ("legal.rate.own", "travel at half rate")


def test_the_client_is_the_matters_own_before_the_settings_and_the_buyer() -> None:
    rates = tuple(
        HourlyRate(client=name, per_hour=D(n))
        for n, name in enumerate(("buyer", "group", "owner"), 1)
    )
    matters = (Matter(id="A", client="owner"), Matter(id="B"))
    two = bill(
        entry("1", 60, matter="A"),
        entry("2", 60, matter="B", narrative="Another piece of work for the client"),
        rates=rates,
        matters=matters,
        bill=("A", "B"),
        client="group",
    )

    assert (rate_of(two, "time-1"), rate_of(two, "time-2")) == ("3", "2")
    assert rate_of(bill(entry(), rates=rates)) == "1"


def test_rates_of_other_clients_and_matters_are_left_alone() -> None:
    rates = (
        HourlyRate(client="other", per_hour=D(1)),
        HourlyRate(matter="other", per_hour=D(2)),
        HourlyRate(timekeeper="PN", per_hour=D(3)),
        HourlyRate(task="L110", per_hour=D(4)),
        HourlyRate(per_hour=D(5)),
    )

    assert rate_of(bill(entry(task="L120"), rates=rates)) == "5"


@pytest.mark.parametrize(
    ("facts", "complaint"),
    [
        ({"matter": "A", "client": "B"}, "a rate names a matter or a client"),
        ({"timekeeper": "EH", "task": "L120"}, "a rate names one of timekeeper"),
        ({"since": day(3), "until": day(3)}, "before it begins"),
    ],
)
def test_a_rate_that_contradicts_itself_is_refused(facts, complaint) -> None:
    with pytest.raises(ValueError, match=complaint):
        HourlyRate(per_hour=D(1), **facts)


def test_entries_outside_the_period_need_no_rate() -> None:
    rates = (HourlyRate(per_hour=D(100), since=day(1)),)
    period = Period(day(1), dt.date(2026, 6, 30))
    early = entry("2", on=1)
    may = type(early)(
        key="3",
        origin=early.origin,
        date=dt.date(2026, 5, 29),
        timekeeper="EH",
        narrative="Last month's work",
        minutes=D(60),
    )
    made = draft([early, may], rates=rates, period=period)

    assert [(skip.key, str(skip.reason)) for skip in made.skipped] == [
        ("3", "2026-05-29 is outside the period billed")
    ]
