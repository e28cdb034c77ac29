"""Working a job out for a command: the loaded job, its drafts, and all that was found."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import attrs

from billhook.calculate.draft import Draft
from billhook.cli.report import located, unique
from billhook.kernel.diagnostics import Diagnostic, Severity
from billhook.kernel.text import Period
from billhook.project import LoadedJob, Project


@attrs.frozen(kw_only=True)
class Work:
    """A job, worked out as far as it goes.

    Attributes:
        loaded: The job.
        drafts: Its drafts; none when its files have errors.
        findings: All that was found, named from the working directory.
    """

    loaded: LoadedJob
    drafts: tuple[Draft, ...]
    findings: tuple[Diagnostic, ...]

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The findings that keep the bill from being made."""
        return tuple(f for f in self.findings if f.severity is Severity.ERROR)

    @property
    def refused(self) -> bool:
        """Whether the bill was worked out, and a rule speaks against it."""
        worked_out = [draft.worked_out for draft in self.drafts]
        return bool(self.errors) and bool(worked_out) and None not in worked_out


def work(
    project: Project, path: Path, date: dt.date | None = None, period: Period | None = None
) -> Work:
    """Load a job and work it out."""
    loaded = project.job(path, date=date, period=period)
    drafts = loaded.drafts() if loaded.job is not None else ()
    found = [*loaded.findings, *(finding for draft in drafts for finding in draft.findings)]
    return Work(loaded=loaded, drafts=drafts, findings=located(unique(found), project.folder))
