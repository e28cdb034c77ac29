"""Jobs read for a run, new or again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from billhook.cli.console import Console
from billhook.cli.context import Desk
from billhook.cli.orders import Prepared, prepare
from billhook.cli.report import located
from billhook.kernel.text import Period
from billhook.project import LoadedJob
from billhook.runs.run import Member, RunJob


def take_in(
    console: Console,
    place: Desk,
    paths: Sequence[Path],
    *,
    date: dt.date | None = None,
    period: Period | None = None,
) -> list[Member]:
    """Read jobs for a run, in the order in which they are to be issued."""
    made = [_member(place, path, date, period) for path in console.progress(paths, "reading")]
    return [member for _, member in sorted(made, key=lambda each: each[0].rank)]


def read_again(
    console: Console, place: Desk, jobs: Sequence[RunJob]
) -> list[tuple[Member, LoadedJob]]:
    """Read the jobs of a run again, in the order in which they are to be issued."""
    made = [_again(place, job) for job in console.progress(jobs, "reading")]
    made.sort(key=lambda each: each[0].rank)
    return [(member, prepared.loaded) for prepared, member in made]


def _again(place: Desk, job: RunJob) -> tuple[Prepared, Member]:
    from billhook.sources.parsing import parse_period

    date = dt.date.fromisoformat(job.date) if job.date else None
    period = parse_period(job.period) if job.period else None
    return _member(place, place.project.folder / job.path, date, period)


def _member(
    place: Desk, path: Path, date: dt.date | None, period: Period | None
) -> tuple[Prepared, Member]:
    loaded = place.project.job(path, date=date, period=period)
    prepared = prepare(place, loaded)
    member = Member(
        order=prepared.order,
        job=loaded.id,
        path=place.project.name(loaded.path),
        date=date.isoformat() if date else "",
        period=str(period) if period else "",
        findings=located(prepared.findings, place.project.folder),
    )
    return prepared, member
