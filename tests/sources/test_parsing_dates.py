from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billhook.kernel.text import Period
from billhook.sources.bad_value import BadValueError
from billhook.sources.parsing import parse_date, parse_moment, parse_period

DAYS = st.dates(dt.date(1970, 1, 1), dt.date(2199, 12, 31))
FORMS = {
    "YYYY-MM-DD": "%Y-%m-%d",
    "MM/DD/YYYY": "%m/%d/%Y",
    "DD/MM/YYYY": "%d/%m/%Y",
    "DD.MM.YYYY": "%d.%m.%Y",
}


@given(DAYS, st.sampled_from(sorted(FORMS)))
def test_a_date_is_read_back_in_the_declared_form(day: dt.date, form: str) -> None:
    assert day == parse_date(day.strftime(FORMS[form]), form)


@pytest.mark.parametrize(
    "text",
    [
        *("20261123", "2026-W48-1", "2026-1-1", "26-01-01", "2026-02-29", "2026-13-01", ""),
        *("1969-12-31", "2200-01-01", "2026-01-01T00:00", "٢٠٢٦-01-01", "06/01/2026", "2026/06/01"),
    ],
)
def test_other_dates_are_refused(text: str) -> None:
    with pytest.raises(BadValueError) as caught:
        parse_date(text)

    assert caught.value.code == "BH112"


def test_the_form_is_declared_because_both_readings_are_dates() -> None:
    assert dt.date(2026, 3, 4) == parse_date("03/04/2026", "MM/DD/YYYY")
    assert dt.date(2026, 4, 3) == parse_date("03/04/2026", "DD/MM/YYYY")
    with pytest.raises(BadValueError) as caught:
        parse_date("3/4/2026")
    assert caught.value.hint == (
        "a table declares another form with dates = 'MM/DD/YYYY' or 'DD/MM/YYYY'"
    )


def test_a_month_is_a_period() -> None:
    assert Period(dt.date(2028, 2, 1), dt.date(2028, 2, 29)) == parse_period("2028-02")


@given(DAYS, DAYS)
def test_a_period_is_read_back(one: dt.date, two: dt.date) -> None:
    period = Period(min(one, two), max(one, two))

    assert period == parse_period(str(period))


@pytest.mark.parametrize("text", ["2026", "2026-00", "2026-06-02..2026-06-01", "..", "1969-01"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(BadValueError) as caught:
        parse_period(text)

    assert caught.value.code == "BH112"


def test_a_point_in_time_needs_its_offset() -> None:
    plus_two = dt.timezone(dt.timedelta(hours=2))

    assert dt.datetime(2026, 6, 1, 13, 30, tzinfo=plus_two) == parse_moment(
        "2026-06-01T13:30+02:00"
    )
    for text in ("2026-06-01T13:30", "2026-06-01", "20260601T1330Z", "2026-06-01T25:00Z"):
        with pytest.raises(BadValueError):
            parse_moment(text)
