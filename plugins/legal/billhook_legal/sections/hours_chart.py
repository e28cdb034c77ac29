"""The chart of hours by week and timekeeper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from billhook.kernel.text import labels
from billhook.model.invoice import Line
from billhook.model.section import Chart, ChartKind, ChartSeries
from billhook_legal.details import LegalState
from billhook_legal.sections.summary import hours, worked_by

_ = labels("billhook_legal")

WEEK = dt.timedelta(days=7)


def hours_chart(lines: Sequence[Line], state: LegalState) -> Chart:
    """Return hours by week, stacked by timekeeper; weeks without work are shown too."""
    days = sorted(line.date for line in lines if line.date is not None)
    weeks = list(_weeks(days[0], days[-1])) if days else []
    series = tuple(
        ChartSeries(
            person.name,
            tuple(hours(_of(lines, person.id, week)) for week in weeks),
        )
        for person in state.timekeepers
    )
    return Chart(
        title=_("Hours by week and timekeeper"),
        kind=ChartKind.STACKED,
        categories=tuple(weeks),
        series=series,
    )


def _weeks(first: dt.date, last: dt.date) -> list[dt.date]:
    """Return the Mondays from the week of ``first`` to the week of ``last``."""
    monday = first - dt.timedelta(days=first.weekday())
    count = (last - monday) // WEEK + 1
    return [monday + WEEK * number for number in range(count)]


def _of(lines: Sequence[Line], person: str, week: dt.date) -> list[Line]:
    return [
        line
        for line in lines
        if worked_by(line) == person and line.date and week <= line.date < week + WEEK
    ]
