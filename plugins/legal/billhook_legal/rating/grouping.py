"""Groups of lines: under which heading a line stands, and in which order."""

from __future__ import annotations

import datetime as dt

from billhook.i18n import captions
from billhook.kernel.text import Label, Text, labels
from billhook_legal.rating.engagement import Engagement
from billhook_legal.rating.utbms import name_of
from billhook_legal.records import Expense, TimeEntry, Work

_ = labels("billhook_legal")


def fee_group(entry: TimeEntry, engagement: Engagement) -> Text:
    """Return the heading of a time entry."""
    match engagement.settings.group:
        case "matter":
            return _matter(engagement.matter_of(entry), engagement)
        case "timekeeper":
            return engagement.person(entry.timekeeper).name
        case "date":
            return _("Work of {date}", date=entry.date)
        case "task":
            return _task(entry.task)
    return captions.FEES


def expense_group(expense: Expense, engagement: Engagement) -> Text:
    """Return the heading of an expense; only matters divide expenses."""
    if engagement.settings.group == "matter":
        return _matter(engagement.matter_of(expense), engagement)
    return captions.EXPENSES


Order = tuple[int, str, dt.date, int, str]


def place(work: Work, engagement: Engagement) -> Order:
    """Return a record's place on the bill: group by group, then day by day.

    Matters and timekeepers stand as the settings list them, so that the order of the sources
    changes nothing.
    """
    group = engagement.settings.group
    fee = isinstance(work, TimeEntry)
    person = _rank(work.timekeeper, engagement) if isinstance(work, TimeEntry) else 0
    if group == "matter":
        rank = _matter_rank(work, engagement) * 2 + (0 if fee else 1)
        return rank, "", work.date, person, work.key
    if not isinstance(work, TimeEntry):
        return len(engagement.people) + 2, "", work.date, 0, work.key
    if group == "timekeeper":
        return person, work.timekeeper, work.date, person, work.key
    if group == "task":
        return (0 if work.task else 1), work.task, work.date, person, work.key
    return 0, "", work.date, person, work.key


def _matter(name: str, engagement: Engagement) -> str:
    title = engagement.matter(name).name
    return f"{name} {title}" if title else name


def _matter_rank(work: Work, engagement: Engagement) -> int:
    return engagement.billed.index(engagement.matter_of(work))


def _task(code: str) -> Label | str:
    if not code:
        return _("Other work")
    return f"{code} {name_of(code)}".rstrip()


def _rank(timekeeper: str, engagement: Engagement) -> int:
    listed = list(engagement.people)
    return listed.index(timekeeper) if timekeeper in listed else len(listed)
