"""Targets: which projects and jobs the paths on the command line mean."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import attrs
import click

from billhook.cli.console import standard_input
from billhook.cli.local_plugins import open_project
from billhook.project import MARKER, Project, find_project
from billhook.project.customers import FOLDER
from billhook.project.each import split_member

JOB = ".toml"
STREAM = "-"


@attrs.frozen
class Target:
    """A project and what of it is meant.

    Attributes:
        project: The project.
        jobs: The jobs' files.
        whole: The project itself is meant too, with its customers.
        complete: All its jobs are meant.
    """

    project: Project
    jobs: tuple[Path, ...]
    whole: bool = False
    complete: bool = False


def targets(paths: Sequence[str], *, data: bool = False) -> list[Target]:
    """Return what is meant by paths of projects, folders of jobs, and jobs; each project once.

    Args:
        paths: As given; none means the project around the working directory, or what is in it.
        data: A file of records means the jobs that read it.

    Raises:
        click.UsageError: A path is not there, or means nothing.
    """
    projects = _Projects()
    if not paths:
        marker = find_project(Path())
        found = [projects.whole(marker)] if marker else list(_folders(Path(), projects))
    else:
        found = [each for path in paths for each in _one(Path(path), projects, data=data)]
    return list(_together(found))


class _Projects:
    """Loads each project once."""

    def __init__(self) -> None:
        self._loaded: dict[Path, Project] = {}

    def around(self, path: Path) -> Project:
        marker = find_project(path)
        key = marker or (path if path.is_dir() else path.parent).absolute() / MARKER
        if key not in self._loaded:
            self._loaded[key] = open_project(key.parent, stdin=standard_input())
        return self._loaded[key]

    def whole(self, marker: Path) -> Target:
        project = self.around(marker)
        return Target(project, project.jobs(), whole=True, complete=True)


def _one(path: Path, projects: _Projects, *, data: bool) -> Iterator[Target]:
    if path.is_dir():
        yield from _folders(path, projects)
    elif str(path) == STREAM:
        raise click.UsageError('a job is a file; a source of it may be standard input: file = "-"')
    elif (member := split_member(path)) is not None and member[0].is_file():
        yield Target(projects.around(path), (_absolute(path),))
    elif not path.exists():
        raise click.UsageError(f"there is no file or folder {str(path)!r}")
    elif path.name == MARKER:
        yield projects.whole(path)
    elif path.suffix == JOB and path.absolute().parent.name == FOLDER:
        yield Target(projects.around(path), (), whole=True)
    elif path.suffix == JOB:
        yield Target(projects.around(path), projects.around(path).expand(path))
    elif data:
        yield _reading(path, projects)
    else:
        raise click.UsageError(f"{str(path)!r} is not a job: a job is a .toml file")


def _folders(folder: Path, projects: _Projects) -> Iterator[Target]:
    """Yield the project of a folder, the jobs in it, or the projects one level below."""
    below = sorted(folder.glob(f"*/{MARKER}"))
    if (folder / MARKER).is_file() or not below or any(folder.glob(f"*{JOB}")):
        yield _folder(folder, projects)
    else:
        yield from (projects.whole(marker) for marker in below)


def _folder(folder: Path, projects: _Projects) -> Target:
    if (folder / MARKER).is_file():
        return projects.whole(folder / MARKER)
    if folder.absolute().name == FOLDER:
        return Target(projects.around(folder), (), whole=True)
    jobs = tuple(map(_absolute, sorted(folder.glob(f"*{JOB}"))))
    if not jobs:
        raise click.UsageError(
            f"there is neither a project nor a job in {str(folder)!r}; billhook init makes one"
        )
    project = projects.around(folder)
    return Target(project, tuple(each for job in jobs for each in project.expand(job)))


def _reading(path: Path, projects: _Projects) -> Target:
    """Return the jobs of a project that read a file of records."""
    project = projects.around(path)
    wanted = _absolute(path)
    jobs = tuple(job for job in project.jobs() if wanted in project.job(job).sources)
    if not jobs:
        raise click.UsageError(f"no job of the project reads {str(path)!r}")
    return Target(project, jobs)


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - links are not followed


def _together(found: Iterable[Target]) -> Iterator[Target]:
    """Yield one target for each project, with all its jobs."""
    merged: dict[Path, Target] = {}
    for target in found:
        known = merged.get(target.project.path)
        if known is not None:
            jobs = tuple(dict.fromkeys((*known.jobs, *target.jobs)))
            target = attrs.evolve(  # noqa: PLW2901 - the same target, larger
                known,
                jobs=jobs,
                whole=known.whole or target.whole,
                complete=known.complete or target.complete,
            )
        merged[target.project.path] = target
    yield from merged.values()
