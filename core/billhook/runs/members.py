"""The members of a run: jobs read for it, in the order in which they are to be issued."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from billhook.kernel.text import Period
from billhook.project.drafting import Drafting
from billhook.project.each import split_member
from billhook.project.issue_request import Prepared
from billhook.project.loaded import LoadedJob
from billhook.project.project import Project
from billhook.project.store_settings import Keeping
from billhook.runs.run import Member, RunJob
from billhook.store.protocol import Store

MemberJob = tuple[Member, LoadedJob]
"""A member, and its job as the files have it."""


def read_members(
    project: Project,
    store: Store,
    paths: Iterable[Path],
    *,
    keeping: Keeping | None = None,
    date: dt.date | None = None,
    period: Period | None = None,
) -> list[MemberJob]:
    """Read jobs for a run, in the order in which they are to be issued.

    Args:
        project: The project.
        store: Where documents are kept.
        paths: The jobs' files.
        keeping: How the project numbers what it issues; ``None`` takes the series by default.
        date: Invoice date, instead of the jobs'.
        period: Days to bill, instead of the jobs'.
    """
    wanted = [(path, date, period) for path in paths]
    return _read(project, store, keeping, wanted)


def read_members_again(
    project: Project, store: Store, jobs: Iterable[RunJob], *, keeping: Keeping | None = None
) -> list[MemberJob]:
    """Read the jobs of a run again, in the order in which they are to be issued."""
    from billhook.sources.parsing import parse_period

    wanted = [
        (
            project.folder / job.path,
            dt.date.fromisoformat(job.date) if job.date else None,
            parse_period(job.period) if job.period else None,
        )
        for job in jobs
    ]
    return _read(project, store, keeping, wanted)


def _read(
    project: Project,
    store: Store,
    keeping: Keeping | None,
    wanted: list[tuple[Path, dt.date | None, Period | None]],
) -> list[MemberJob]:
    with store.read() as reading:
        drafting = Drafting(project, reading, keeping, together=[path for path, _, _ in wanted])
        read = [
            (drafting.prepare(path, date=date, period=period), date, period)
            for path, date, period in wanted
        ]
    read.sort(key=lambda each: each[0].place)
    return [(_member(project, *each), each[0].loaded) for each in read]


def _member(
    project: Project, prepared: Prepared, date: dt.date | None, period: Period | None
) -> Member:
    job = prepared.loaded.job
    if job is not None and split_member(prepared.loaded.path) is not None:
        date, period = job.date, job.period  # not in its file, which stands for other months too
    return Member(
        request=prepared.request,
        job=prepared.loaded.id,
        path=project.name(prepared.loaded.path),
        date=date.isoformat() if date else "",
        period=str(period) if period else "",
        findings=prepared.findings,
    )
