"""Outlines of jobs: whose subject and which day they are of, read without loading them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import attrs
import tomli

from billhook.project.project import Project
from billhook.sources.limits import DOCUMENT_BYTES


@attrs.frozen
class Outline:
    """What a job's file says at its top.

    Attributes:
        path: The file.
        subject: What history is kept of.
        date: Invoice date.
    """

    path: Path
    subject: str
    date: dt.date


def outlines(project: Project, subject: str) -> tuple[Outline, ...]:
    """Return the outlines of a subject's jobs that have a date, the earliest first.

    A file that does not have the subject's name in it is not read as TOML; one that is broken is
    left to whoever loads it.
    """
    found = [_read(path, subject) for path in project.jobs()]
    known = [each for each in found if each is not None]
    return tuple(sorted(known, key=lambda each: (each.date, each.path)))


def _read(path: Path, subject: str) -> Outline | None:
    try:
        data = path.read_bytes()
        if len(data) > DOCUMENT_BYTES or subject.encode() not in data:
            return None
        values = tomli.loads(data.decode())
    except (OSError, ValueError):
        return None
    date = values.get("date")
    if values.get("subject") != subject or not isinstance(date, dt.date):
        return None
    return Outline(path, subject, date.date() if isinstance(date, dt.datetime) else date)
