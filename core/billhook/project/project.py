"""The project: a folder with ``billhook.toml``, customers and jobs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import BinaryIO

from billhook.kernel.diagnostics import Diagnostic, Findings
from billhook.kernel.errors import InputError
from billhook.kernel.text import Period
from billhook.model.document import Document
from billhook.plugins.loading import Approve
from billhook.project.defaults import absolute
from billhook.project.each import JobGroup
from billhook.project.folder import MARKER, ProjectFolder, find_project
from billhook.project.job import load_group, load_job
from billhook.project.layers import Layers
from billhook.project.loaded import LoadedJob
from billhook.project.outline import subjects
from billhook.project.print_settings import PrintSettings
from billhook.project.settings import read_table
from billhook.project.written_bills import read_bill


def load_project(
    path: Path, *, stdin: BinaryIO | None = None, approve: Approve | None = None
) -> Project:
    """Return the project of a folder, of its ``billhook.toml``, or of any file in it.

    Without a ``billhook.toml`` the project is empty: a job that says everything by itself needs
    none.

    Args:
        path: Where to look, and upward from there.
        stdin: Standard input, for a source whose file is ``-``.
        approve: Decides whether the project's local plugin, which is code, may be run, see
            `billhook.project.trusted_plugins`.  Without one it is run: a host that names a
            project has decided; the commands want ``billhook trust``.
    """
    marker = find_project(path)
    if marker is not None:
        return Project(marker, stdin=stdin, approve=approve)
    start = absolute(Path.cwd(), str(path))
    folder = start if start.is_dir() else start.parent
    return Project(folder / MARKER, stdin=stdin, approve=approve)


class Project(ProjectFolder):
    """A project, read once: its folder, and the jobs that are loaded from it."""

    def jobs(self) -> tuple[Path, ...]:
        """Return the jobs of the folder ``jobs``; of one for many the job of each subject."""
        return tuple(each for path in self.job_paths() for each in self.expand(path))

    def expand(self, path: Path) -> tuple[Path, ...]:
        """Return the job of each subject that a job stands for, or the job itself.

        A job for many that has errors is returned as it is: loading it says what is wrong.
        """
        path = absolute(Path.cwd(), str(path))
        group = self.group(path)
        if group is None or group.job is None:
            return (path,)
        return group.paths

    def group(self, path: Path) -> JobGroup | None:
        """Return a job for many; ``None`` for an ordinary job, or one that cannot be read."""
        return load_group(self, absolute(Path.cwd(), str(path)))

    def each_groups(self) -> tuple[JobGroup, ...]:
        """Return the jobs for many of the folder ``jobs``."""
        found = (self.group(path) for path in self.job_paths())
        return tuple(each for each in found if each is not None)

    def subjects(self) -> frozenset[str]:
        """Return the subjects of the project's jobs."""
        many = {name for group in self.each_groups() for name in group.subjects}
        return subjects(self) | many

    def check(self) -> tuple[Diagnostic, ...]:
        """Return what is wrong with the project apart from its jobs."""
        found = Findings(super().check())
        if self.terms.files:
            for subject in self.terms.files:
                self.terms.layer(subject, found)
            found.extend(self.terms.find_strangers(self.subjects()))
        return tuple(found)

    def job(
        self,
        path: Path,
        *,
        date: dt.date | None = None,
        period: Period | None = None,
        follow: bool = True,
    ) -> LoadedJob:
        """Return a job of this project, with every finding of its files.

        Args:
            path: The job's file.
            date: Invoice date, instead of the job's.
            period: The days that are billed, instead of the job's.
            follow: Work out the jobs that it follows; who has a store knows better what was
                billed before, see `billhook.project.drafting`.
        """
        path = absolute(Path.cwd(), str(path))
        return load_job(self, path, date=date, period=period, follow_jobs=follow)

    def print_settings(self) -> PrintSettings:
        """Return the project's own table ``[print]``, or the defaults where it is wrong."""
        found = read_table(Layers((self.layer,)), "print", PrintSettings, Findings())
        return found or PrintSettings()


def load_bill(path: Path, project: ProjectFolder | None = None) -> Document:
    """Return a bill from its JSON.

    Args:
        path: The file.
        project: Whose local plugin may be needed; ``None`` looks for it around the file.

    Raises:
        InputError: The file is not there, or is no bill.
    """
    findings = Findings()
    bill = read_bill(project or load_project(path), path, findings)
    if bill is None:
        raise InputError(findings)
    return bill
