"""Working a job out with what the store knows of its subject: earlier bills, events, claims."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from billhook.cli.context import desk
from billhook.cli.orders import prepare
from billhook.cli.report import located, unique
from billhook.cli.work import Work
from billhook.issue.request import work_out
from billhook.kernel.text import Period
from billhook.project import Project

OWN_NUMBER = "BH513"


def recall(
    project: Project, path: Path, date: dt.date | None = None, period: Period | None = None
) -> Work:
    """Load a job and work it out as if it were issued now; nothing is kept.

    Raises:
        InputError: The project's settings are wrong.
        StoreError: The store cannot be read.
    """
    loaded = project.job(path, date=date, period=period)
    with desk(project, dry=True) as place, place.store.read() as reading:
        prepared = prepare(place, loaded)
        drafts = work_out(reading, prepared.order) if prepared.order is not None else ()
    found = [*prepared.findings, *(finding for draft in drafts for finding in draft.findings)]
    # a bill that is not issued bears the number of its job
    told = (finding for finding in unique(found) if finding.code != OWN_NUMBER)
    return Work(loaded=loaded, drafts=drafts, findings=located(told, project.folder))
