"""Outlines of jobs: whose subject and which day they are of, read without loading them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from pathlib import Path

import attrs
import tomli

from billhook.project.folder import ProjectFolder


@attrs.frozen
class Outline:
    """The top-level keys of a job's file.

    Attributes:
        path: The file.
        subject: What history is kept of.
        date: Invoice date.
    """

    path: Path
    subject: str
    date: dt.date


def outlines(
    project: ProjectFolder, subject: str, *, without: Collection[Path] = ()
) -> tuple[Outline, ...]:
    """Return the outlines of a subject's jobs that have a date, the earliest first.

    A file that does not have the subject's name in it is not read as TOML; one that is broken is
    left to whoever loads it.

    Args:
        project: The project.
        subject: The subject.
        without: Files that are not looked at.
    """
    word = subject.encode()
    files = [
        (path, data)
        for path, data in project.job_files.items()
        if path not in without and word in data
    ]
    found = [_outline(path, _table(data), subject) for path, data in files]
    known = [each for each in found if each is not None]
    return tuple(sorted(known, key=lambda each: (each.date, each.path)))


def subjects(project: ProjectFolder) -> frozenset[str]:
    """Return the subjects of a project's jobs."""
    tables = map(_table, project.job_files.values())
    return frozenset(str(table["subject"]) for table in tables if "subject" in table)


def _outline(path: Path, table: Mapping[str, object], subject: str) -> Outline | None:
    date = table.get("date")
    if table.get("subject") != subject or not isinstance(date, dt.date):
        return None
    return Outline(path, subject, date.date() if isinstance(date, dt.datetime) else date)


def _table(data: bytes) -> Mapping[str, object]:
    try:
        return tomli.loads(data.decode())
    except ValueError:
        return {}
