"""Numbers, truth values, dates and points in time in text: small grammars in plain ASCII.

Python's own readers take more than a bill should: ``Decimal`` accepts ``NaN``, ``1e999999``,
``1_000`` and the digits of every script.
"""

from __future__ import annotations

import calendar
import datetime as dt
import functools
import re
from decimal import Decimal
from typing import Literal

from billhook.kernel.text import Period
from billhook.sources import codes
from billhook.sources.bad_value import BadValueError, quote

INTEGER_DIGITS = 15
FRACTION_DIGITS = 9
LIMIT = 10**INTEGER_DIGITS

_BLANKS = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " "})
_TRUTH = {"true": True, "yes": True, "false": False, "no": False}


def parse_decimal(
    text: str, decimal: str = ".", group: str = "", *, places: int = FRACTION_DIGITS
) -> Decimal:
    """Return the number that a text holds.

    Args:
        text: Optional sign, up to 15 digits, and up to 9 after the decimal sign.
        decimal: The decimal sign, ``.`` or ``,``.
        group: The sign between groups of digits; none unless it is declared.  Groups have three
            digits, as in 1,234,567, or two before the last three, as in 12,34,567.  A blank
            stands for the no-break blanks too.
        places: Most digits after the decimal sign.

    Raises:
        BadValueError: The text is no such number (BH106).
    """
    plain = text.translate(_BLANKS) if group == " " else text
    if not _pattern(decimal, group, places).fullmatch(plain):
        raise _refusal(text, decimal, group)
    if group:
        plain = plain.replace(group, "")
    value = Decimal(plain.replace(decimal, "."))
    if value.adjusted() >= INTEGER_DIGITS:
        raise _too_long(text)
    return value or value.copy_abs()


@functools.lru_cache(maxsize=32)
def _pattern(decimal: str, group: str, places: int) -> re.Pattern[str]:
    point = re.escape(decimal)
    whole = f"[0-9]{{1,{INTEGER_DIGITS}}}"
    if group:
        sign = re.escape(group)
        whole = f"(?:[0-9]{{1,3}}(?:{sign}[0-9]{{2,3}}){{0,7}}{sign}[0-9]{{3}}|{whole})"
    fraction = f"{point}[0-9]{{1,{places}}}"
    return re.compile(f"[+-]?(?:{whole}(?:{fraction})?|{fraction})", re.ASCII)


def _refusal(text: str, decimal: str, group: str) -> BadValueError:
    digits = re.fullmatch(r"[+-]?([0-9]*)(?:[.,]([0-9]*))?", text, re.ASCII)
    if digits and len(digits[1]) > INTEGER_DIGITS:
        return _too_long(text)
    if digits and len(digits[2] or "") > FRACTION_DIGITS:
        return _too_long(text)
    hint = _hint(text, decimal, group)
    return BadValueError(codes.NUMBER, f"expected a number, got {quote(text)}", hint)


def _too_long(text: str) -> BadValueError:
    return BadValueError(
        codes.NUMBER,
        f"expected at most {INTEGER_DIGITS} digits before and {FRACTION_DIGITS} after the decimal "
        f"sign, got {quote(text)}",
    )


def _hint(text: str, decimal: str, group: str) -> str | None:
    if re.fullmatch(r"\(.+\)|.+-", text):
        return "write a negative number with the sign in front: -12.50"
    if re.search(r"[eE][+-]?[0-9]", text):
        return "write the number without an exponent"
    if any(char.isdecimal() and not char.isascii() for char in text):
        return "write the digits 0 to 9"
    signs = sorted(set(re.findall(r"[.,'’ \u00a0\u202f]", text)) - {decimal, group})
    if signs and re.search("[0-9]", text):
        return (
            f"numbers here have the decimal sign {decimal!r} and "
            f"{f'the group sign {group!r}' if group else 'no group sign'}; "
            "a source declares others with decimal and group"
        )
    if re.search(r"[0-9]", text):
        return "write the number alone, without sign of currency, unit or percent"
    return None


def parse_integer(text: str, decimal: str = ".", group: str = "") -> int:
    """Return the whole number that a text holds, of up to 15 digits.

    Raises:
        BadValueError: The text is no whole number (BH106).
    """
    value = parse_decimal(text, decimal, group)
    if value != value.to_integral_value():
        raise BadValueError(codes.NUMBER, f"expected a whole number, got {quote(text)}")
    return int(value)


def check_bounds(value: int | Decimal) -> Decimal:
    """Return a number that is already one, if it is within the grammar.

    Raises:
        BadValueError: It is not finite or has too many digits (BH106).
    """
    if isinstance(value, int):
        if abs(value) >= LIMIT:
            raise BadValueError(
                codes.NUMBER, f"expected at most {INTEGER_DIGITS} digits in a number"
            )
        return Decimal(value)
    if not value.is_finite():
        raise BadValueError(codes.NUMBER, f"expected a number, got {value}")
    if value.adjusted() >= INTEGER_DIGITS or _decimals(value) > FRACTION_DIGITS:
        raise _too_long(str(value))
    plain = Decimal(value)  # a number that bears a mark of its reader loses it here
    return plain or plain.copy_abs()


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def parse_truth(text: str) -> bool:
    """Return the truth value of ``true``, ``yes``, ``false`` or ``no``, in any case.

    Raises:
        BadValueError: The text is another word (BH101).
    """
    value = _TRUTH.get(text.lower())
    if value is None:
        raise BadValueError(codes.KIND, f"expected yes or no, got {quote(text)}")
    return value


DateForm = Literal["YYYY-MM-DD", "MM/DD/YYYY", "DD/MM/YYYY", "DD.MM.YYYY"]
HALF_DAY = 12
FIRST_YEAR = 1970
LAST_YEAR = 2199

_YEAR, _MONTH, _DAY = "(?P<y>[0-9]{4})", "(?P<m>[0-9]{1,2})", "(?P<d>[0-9]{1,2})"
_FORMS: dict[str, re.Pattern[str]] = {
    "YYYY-MM-DD": re.compile(f"{_YEAR}-(?P<m>[0-9]{{2}})-(?P<d>[0-9]{{2}})"),
    "MM/DD/YYYY": re.compile(f"{_MONTH}/{_DAY}/{_YEAR}"),
    "DD/MM/YYYY": re.compile(f"{_DAY}/{_MONTH}/{_YEAR}"),
    "DD.MM.YYYY": re.compile(rf"{_DAY}\.{_MONTH}\.{_YEAR}"),
}
_NAMED_PERIOD = re.compile(
    "(?P<year>[0-9]{4})-(?:(?P<month>0[1-9]|1[0-2])|Q(?P<quarter>[1-4])|W(?P<week>[0-5][0-9]))"
)
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[+-][0-9]{2}:[0-9]{2})?"
)

_BASIC_MOMENT = re.compile(r"[0-9]{8}T[0-9]{6}Z")
_LOCAL = re.compile(
    r"(?P<day>[0-9./-]+)[T ]+(?P<h>[0-9]{1,2}):(?P<m>[0-5][0-9])(?::(?P<s>[0-5][0-9])(?:\.0+)?)?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?"
)


def parse_date(text: str, form: str = "YYYY-MM-DD") -> dt.date:
    """Return the date that a text holds, in the declared form.

    Raises:
        BadValueError: It has another form, is on no calendar, or outside 1970 to 2199 (BH112).
    """
    found = _FORMS[form].fullmatch(text)
    if not found:
        raise BadValueError(
            codes.DATE, f"expected a date ({form}), got {quote(text)}", _other_form(text, form)
        )
    try:
        day = dt.date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError:
        raise BadValueError(codes.DATE, f"there is no day {quote(text)}") from None
    return bounded_day(day)


def _other_form(text: str, form: str) -> str | None:
    fits = [name for name, pattern in _FORMS.items() if name != form and pattern.fullmatch(text)]
    if not fits:
        return None
    return f"a table declares another form with dates = {' or '.join(map(repr, fits))}"


def bounded_day(day: dt.date) -> dt.date:
    """Return a date that is already one, if it is in the years 1970 to 2199.

    Raises:
        BadValueError: It is not (BH112).
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadValueError(
            codes.DATE, f"expected a year from {FIRST_YEAR} to {LAST_YEAR}, got {day.isoformat()}"
        )
    return day


def parse_moment(text: str) -> dt.datetime:
    """Return the point in time of ``2026-06-01T13:30+02:00``; the offset is required.

    The basic form of ISO 8601, ``20260601T113000Z``, is read too.

    Raises:
        BadValueError: It has another form, no offset, or does not exist (BH112).
    """
    if not _MOMENT.fullmatch(text) and not _BASIC_MOMENT.fullmatch(text):
        raise BadValueError(
            codes.DATE,
            f"expected a point in time, got {quote(text)}",
            "write it like 2026-06-01T13:30+02:00",
        )
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise BadValueError(codes.DATE, f"there is no point in time {quote(text)}") from None
    return bounded_moment(moment)


def parse_local_moment(text: str, form: str = "YYYY-MM-DD") -> dt.datetime | None:
    """Return the local time of ``2026-06-01 13:30`` or ``06/01/2026 1:30 PM``; nothing of others.

    Args:
        text: A date in the declared form, and a time of day on 24 or 12 hours.
        form: The form of dates.

    Raises:
        BadValueError: There is no such day or time of day (BH112).
    """
    found = _LOCAL.fullmatch(text)
    if not found or not _FORMS[form].fullmatch(found["day"]):
        return None
    hour = int(found["h"])
    if found["half"]:
        if not 1 <= hour <= HALF_DAY:
            raise BadValueError(codes.DATE, f"there is no time of day {quote(text)}")
        hour = hour % HALF_DAY + (HALF_DAY if found["half"] in "pP" else 0)
    day = parse_date(found["day"], form)
    try:
        time = dt.time(hour, int(found["m"]), int(found["s"] or 0))
    except ValueError:
        raise BadValueError(codes.DATE, f"there is no time of day {quote(text)}") from None
    return dt.datetime.combine(day, time)


def place_in_zone(moment: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """Return a local time as a point in time.

    Raises:
        BadValueError: The clock was set that night, and the time is on it twice or never (BH112).
    """
    offsets = {moment.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1)}
    if len(offsets) == 1:
        return moment.replace(tzinfo=zone)
    raise BadValueError(
        codes.DATE,
        f"the clock was set that night: {moment.isoformat(' ')} is on it twice or never",
        "write the time with its offset from UTC: 2026-10-25T02:30+02:00",
    )


def bounded_moment(moment: dt.datetime) -> dt.datetime:
    """Return a point in time that is already one, if it has an offset and is in range.

    Raises:
        BadValueError: It has no offset or is outside 1970 to 2199 (BH112).
    """
    if moment.tzinfo is None:
        raise BadValueError(
            codes.DATE,
            f"expected an offset from UTC, got {moment.isoformat()}",
            "local time is ambiguous: write it like 2026-06-01T13:30+02:00, or Z for UTC; "
            'a source declares its zone with timezone = "Europe/Berlin"',
        )
    bounded_day(moment.date())
    return moment


def parse_period(text: str, form: str = "YYYY-MM-DD") -> Period:
    """Return the period of ``2026-06``, ``2026-Q2``, ``2026-W23`` or ``2026-06-01..2026-06-15``.

    Two months, quarters or weeks with dots between reach from the first to the last:
    ``2026-W23..2026-W26``.

    Raises:
        BadValueError: It has another form or ends before it begins (BH112).
    """
    if (named := _named_period(text)) is not None:
        return named
    begin, dots, end = text.partition("..")
    ends = (_named_period(begin.strip()), _named_period(end.strip()))
    if ends[0] is not None and ends[1] is not None:
        return _period(ends[0].first, ends[1].last)
    if not dots:
        raise BadValueError(
            codes.DATE,
            f"expected a period, got {quote(text)}",
            "write a month (2026-06), a quarter (2026-Q2), a week (2026-W23), or first and last "
            "day (2026-06-01..2026-06-15)",
        )
    return _period(parse_date(begin.strip(), form), parse_date(end.strip(), form))


def _named_period(text: str) -> Period | None:
    """Return the period of a month, a quarter, or a week of ISO 8601; nothing of other texts."""
    found = _NAMED_PERIOD.fullmatch(text)
    if found is None:
        return None
    year, quarter, week = int(found["year"]), found["quarter"], found["week"]
    try:
        if week:
            first = bounded_day(dt.date.fromisocalendar(year, int(week), 1))
            return Period(first, first + dt.timedelta(days=6))
        month = int(quarter) * 3 - 2 if quarter else int(found["month"])
        first = bounded_day(dt.date(year, month, 1))
    except BadValueError:
        raise
    except ValueError as error:
        raise BadValueError(codes.DATE, f"{quote(text)} is not a period: {error}") from None
    end = first.month + (2 if quarter else 0)
    return Period(first, dt.date(first.year, end, calendar.monthrange(first.year, end)[1]))


def _period(first: dt.date, last: dt.date) -> Period:
    try:
        return Period(first, last)
    except ValueError as error:
        raise BadValueError(codes.DATE, str(error)) from None
