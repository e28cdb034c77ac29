from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, assume, reject, settings
from hypothesis import given as from_any
from hypothesis import strategies as st

from billhook.issue.numbering import NumberSeries

DAY = dt.date(2026, 6, 5)
DAYS = st.dates(dt.date(1970, 1, 1), dt.date(2069, 12, 31))
RESETS = ["never", "year", "month"]


@pytest.mark.parametrize(
    ("template", "reset", "expected"),
    [
        ("{series}-{year}-{seq:05}", "year", "INV-2026-00012"),
        ("{yy}{month:02}/{seq:03}", "month", "2606/012"),
        ("R{seq}", "never", "R12"),
        ("{series}{month}.{yy}_{seq:01}", "year", "INV6.26_12"),
    ],
)
def test_a_number_is_written_by_its_template(template, reset, expected) -> None:
    series = NumberSeries(id="INV", template=template, reset=reset)

    assert series.number(12, DAY) == expected


@pytest.mark.parametrize(
    ("template", "reset"),
    [
        ("{series}-{year}", "year"),
        ("{series}-{seq}", "year"),
        ("{year}-{seq}", "month"),
        ("{yy}{month}{seq}", "month"),
        ("{yy}-{month}{year}1{seq:04}", "month"),
        ("{seq}{month:01}-{yy}", "month"),
        ("{month}{seq}", "never"),
        ("{seq:>9}", "never"),
        ("{seq.__class__}", "never"),
        ("{seq:013}", "never"),
        ("№ {seq}", "never"),
        ("{}{seq}", "never"),
    ],
)
def test_a_template_that_could_repeat_a_number_or_run_code_is_refused(template, reset) -> None:
    with pytest.raises(ValueError, match="series INV"):
        NumberSeries(id="INV", template=template, reset=reset)


PLACES = st.sampled_from(
    ["{series}", "{year}", "{yy}", "{month}", "{month:02}", "{seq}", "{seq:04}", "-", "1", "0"]
)
SMALL = st.one_of(st.integers(1, 12), st.integers(1, 10**6))


@st.composite
def series_of_any_template(draw) -> NumberSeries:
    """Return a series of any template that is taken."""
    template = "".join(draw(st.lists(PLACES, min_size=1, max_size=6)))
    try:
        return NumberSeries(id="A", template=template, reset=draw(st.sampled_from(RESETS)))
    except ValueError:
        reject()


@settings(suppress_health_check=[HealthCheck.filter_too_much], deadline=None)
@from_any(series_of_any_template(), DAYS, DAYS, SMALL, SMALL)
def test_two_places_of_a_series_never_have_one_number(series, one, two, first, second) -> None:
    assume((series.period(one), first) != (series.period(two), second))

    assert series.number(first, one) != series.number(second, two)


def test_a_template_of_64_characters_is_taken_and_one_of_65_refused() -> None:
    # "{seq}" has 5 characters: 59 + 5 = 64, 60 + 5 = 65
    assert NumberSeries(id="A", template="9" * 59 + "{seq}", reset="never")
    with pytest.raises(ValueError, match="template has 65 characters; at most 64"):
        NumberSeries(id="A", template="9" * 60 + "{seq}", reset="never")


def test_an_id_of_32_characters_is_taken_and_one_of_33_refused() -> None:
    assert NumberSeries(id="A" * 32)
    with pytest.raises(ValueError, match="id has 33 characters; at most 32"):
        NumberSeries(id="A" * 33)
