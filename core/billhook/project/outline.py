"""Outlines of jobs: whose subject and which day they are of, read without loading them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
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


def subjects(project: Project) -> frozenset[str]:
    """Return the subjects of a project's jobs."""
    tables = (_table(path) for path in project.jobs())
    return frozenset(str(table["subject"]) for table in tables if "subject" in table)


def _read(path: Path, subject: str) -> Outline | None:
    table = _table(path, subject)
    date = table.get("date")
    if table.get("subject") != subject or not isinstance(date, dt.date):
        return None
    return Outline(path, subject, date.date() if isinstance(date, dt.datetime) else date)


def _table(path: Path, word: str = "") -> Mapping[str, object]:
    """Return a job's file as it is; nothing if it cannot be read or has not the word in it."""
    try:
        data = path.read_bytes()
        whole = len(data) <= DOCUMENT_BYTES and word.encode() in data
        return tomli.loads(data.decode()) if whole else {}
    except (OSError, ValueError):
        return {}
