"""Files that are named by the bill: ``records/{subject}/progress-{period}.csv``."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from billhook.kernel.text import Period
from billhook.sources.bad_value import BadValueError
from billhook.sources.parsing import parse_period

PLACES = ("{subject}", "{period}")
"""What a file's name may have in braces."""

_MONTHS = 3
_WEEK = dt.timedelta(days=6)


def is_named_by_bill(file: str) -> bool:
    """Return whether a file's name has places that the bill fills."""
    return any(place in file for place in PLACES)


def fill_name(file: str, subject: str, period: Period | None) -> str:
    """Return a file's name with the bill's subject and period."""
    named = file.replace("{period}", period_name(period)) if period else file
    return named.replace("{subject}", subject)


def find_periods(folder: Path, file: str, subject: str) -> Iterator[Period]:
    """Yield the periods that there are files of, if the name has the period."""
    head, sign, tail = file.replace("{subject}", subject).partition("{period}")
    if not sign:
        return
    base = folder.as_posix() + "/" + head
    for path in sorted(
        Path(base).parent.glob("*") if not head.endswith("/") else Path(base).glob("*")
    ):
        name = path.as_posix()
        if name.startswith(base) and name.endswith(tail):
            try:
                yield parse_period(name[len(base) : len(name) - len(tail)])
            except BadValueError:
                continue


def period_name(period: Period) -> str:
    """Return the short name of a period: ``2026-06``, ``2026-Q2``, ``2026-W23``, or its days."""
    first, last = period.first, period.last
    same_year = first.year == last.year
    whole = first.day == 1 and last.day == calendar.monthrange(last.year, last.month)[1]
    if whole and same_year and first.month == last.month:
        return f"{first:%Y-%m}"
    if whole and same_year and first.month % _MONTHS == 1 and last.month == first.month + 2:
        return f"{first.year}-Q{last.month // _MONTHS}"
    if first.isoweekday() == 1 and last - first == _WEEK:
        year, week, _ = first.isocalendar()
        return f"{year}-W{week:02}"
    return str(period)
