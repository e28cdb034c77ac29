"""Dates and points in time in text: strict, and in the years that a bill can concern."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import Literal

from billhook.sources import codes
from billhook.sources.mistake import MistakeError, quoted
from billhook.text import Period

DateForm = Literal["YYYY-MM-DD", "MM/DD/YYYY", "DD/MM/YYYY", "DD.MM.YYYY"]
FIRST_YEAR = 1970
LAST_YEAR = 2199

_YEAR, _MONTH, _DAY = "(?P<y>[0-9]{4})", "(?P<m>[0-9]{1,2})", "(?P<d>[0-9]{1,2})"
_FORMS: dict[str, re.Pattern[str]] = {
    "YYYY-MM-DD": re.compile(f"{_YEAR}-(?P<m>[0-9]{{2}})-(?P<d>[0-9]{{2}})"),
    "MM/DD/YYYY": re.compile(f"{_MONTH}/{_DAY}/{_YEAR}"),
    "DD/MM/YYYY": re.compile(f"{_DAY}/{_MONTH}/{_YEAR}"),
    "DD.MM.YYYY": re.compile(rf"{_DAY}\.{_MONTH}\.{_YEAR}"),
}
_MONTH_ONLY = re.compile("([0-9]{4})-(0[1-9]|1[0-2])")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[+-][0-9]{2}:[0-9]{2})?"
)


def parse_date(text: str, form: str = "YYYY-MM-DD") -> dt.date:
    """Return the date that a text holds, in the declared form.

    Raises:
        MistakeError: It has another form, is on no calendar, or outside 1970 to 2199 (BH112).
    """
    found = _FORMS[form].fullmatch(text)
    if not found:
        raise MistakeError(
            codes.DATE, f"expected a date ({form}), got {quoted(text)}", _other_form(text, form)
        )
    try:
        day = dt.date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError:
        raise MistakeError(codes.DATE, f"there is no day {quoted(text)}") from None
    return bounded_day(day)


def _other_form(text: str, form: str) -> str | None:
    fits = [name for name, pattern in _FORMS.items() if name != form and pattern.fullmatch(text)]
    if not fits:
        return None
    return f"a table declares another form with dates = {' or '.join(map(repr, fits))}"


def bounded_day(day: dt.date) -> dt.date:
    """Return a date that is already one, if it is in the years 1970 to 2199.

    Raises:
        MistakeError: It is not (BH112).
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise MistakeError(
            codes.DATE, f"expected a year from {FIRST_YEAR} to {LAST_YEAR}, got {day.isoformat()}"
        )
    return day


def parse_moment(text: str) -> dt.datetime:
    """Return the point in time of ``2026-06-01T13:30+02:00``; the offset is required.

    Raises:
        MistakeError: It has another form, no offset, or does not exist (BH112).
    """
    if not _MOMENT.fullmatch(text):
        raise MistakeError(
            codes.DATE,
            f"expected a point in time, got {quoted(text)}",
            "write it like 2026-06-01T13:30+02:00",
        )
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise MistakeError(codes.DATE, f"there is no point in time {quoted(text)}") from None
    return bounded_moment(moment)


def bounded_moment(moment: dt.datetime) -> dt.datetime:
    """Return a point in time that is already one, if it has an offset and is in range.

    Raises:
        MistakeError: It has no offset or is outside 1970 to 2199 (BH112).
    """
    if moment.tzinfo is None:
        raise MistakeError(
            codes.DATE,
            f"expected an offset from UTC, got {moment.isoformat()}",
            "local time is ambiguous: write it like 2026-06-01T13:30+02:00, or Z for UTC",
        )
    bounded_day(moment.date())
    return moment


def parse_period(text: str, form: str = "YYYY-MM-DD") -> Period:
    """Return the period of ``2026-06`` (the month) or ``2026-06-01..2026-06-15``.

    Raises:
        MistakeError: It has another form or ends before it begins (BH112).
    """
    month = _MONTH_ONLY.fullmatch(text)
    if month:
        first = bounded_day(dt.date(int(month[1]), int(month[2]), 1))
        last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
        return Period(first, last)
    begin, dots, end = text.partition("..")
    if not dots:
        raise MistakeError(
            codes.DATE,
            f"expected a period, got {quoted(text)}",
            "write a month (2026-06) or first and last day (2026-06-01..2026-06-15)",
        )
    return _period(parse_date(begin.strip(), form), parse_date(end.strip(), form))


def _period(first: dt.date, last: dt.date) -> Period:
    try:
        return Period(first, last)
    except ValueError as error:
        raise MistakeError(codes.DATE, str(error)) from None
