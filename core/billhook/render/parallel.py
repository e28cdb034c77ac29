"""Many jobs made into files by several processes, in the order of the jobs.

Workers are started once; each keeps projects, plugins, catalogues, fonts and its own connection
to the store, so that from the second job on only the bill itself is work.  A worker that meets an
error of billhook's or of the system gives it back, for its caller to show.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from billhook.kernel.errors import BillhookError, StoreError
from billhook.plugins.loading import Approve
from billhook.project import Project, load_project
from billhook.project.project_store import open_for_reading
from billhook.project.store_settings import Keeping
from billhook.render.job_files import PAYS_FROM, FilesWanted, JobFiles, make_files
from billhook.store.protocol import Store

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

_CHUNK = 8
"""Jobs that a worker takes at once."""

_AHEAD = 3
"""Chunks for each worker that are under way: what is done early waits in memory."""

Job = tuple[Path, Path, Keeping | None]
"""A project's file, a job's, and where the project keeps what it issues, if it does."""


def workers_for(jobs: int, asked: int | None) -> int:
    """Return how many processes to use: as many as asked for, or else as pay."""
    if asked is not None:
        return max(1, min(asked, jobs))
    return min(processors(), jobs // _CHUNK) if jobs >= PAYS_FROM else 1


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def make_files_together(
    jobs: Sequence[Job],
    wanted: FilesWanted,
    workers: int,
    prepare: Callable[[], None] | None = None,
    approve: Approve | None = None,
    *,
    fork: bool = False,
) -> Generator[JobFiles, None, None]:
    """Yield what the jobs come to, in their order, worked out by several processes.

    Args:
        jobs: The jobs.
        wanted: Which files, and how.
        workers: How many processes.
        prepare: Called once in each process, a function of a module.
        approve: Decides whether a project's local plugin is run; it can be pickled.
        fork: Start them as copies of this process where the system can (Linux). They have
            everything loaded, but a host's threads and connections do not bear being copied:
            only the command, whose process is its own, asks for it.

    Raises:
        StoreError: A process was ended from outside.
    """
    # Imported here: a command that makes one bill starts no processes.
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    start = "fork" if fork and sys.platform == "linux" else "spawn"
    pool = ProcessPoolExecutor(
        workers, get_context(start), initializer=_begin, initargs=(prepare, approve)
    )
    try:
        yield from _in_order(pool, jobs, wanted, workers * _AHEAD)
    except BrokenProcessPool as error:
        message = "a worker was killed, perhaps for lack of memory; try fewer --jobs"
        raise StoreError(message) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _in_order(
    pool: ProcessPoolExecutor, jobs: Sequence[Job], wanted: FilesWanted, window: int
) -> Iterator[JobFiles]:
    under_way: deque[Future[list[JobFiles]]] = deque()
    for start in range(0, len(jobs), _CHUNK):
        under_way.append(pool.submit(_work, jobs[start : start + _CHUNK], wanted))
        if len(under_way) >= window:
            yield from under_way.popleft().result()
    while under_way:
        yield from under_way.popleft().result()


# ── in a worker ──────────────────────────────────────────────────────────────

_projects: dict[Path, Project] = {}
_stores: dict[str, Store] = {}
_approve: list[Approve | None] = []


def _begin(prepare: Callable[[], None] | None, approve: Approve | None) -> None:
    """Leave Ctrl-C to the process that started this one, and set this one up for speed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if prepare is not None:
        prepare()
    _approve.append(approve)
    gc.freeze()


def _work(jobs: Sequence[Job], wanted: FilesWanted) -> list[JobFiles]:
    return [_make_files(project, path, keeping, wanted) for project, path, keeping in jobs]


def _make_files(
    project: Path, path: Path, keeping: Keeping | None, wanted: FilesWanted
) -> JobFiles:
    loaded = _project(project)
    try:
        return make_files(loaded, path, wanted, _store(keeping))
    except (BillhookError, OSError) as error:
        return JobFiles(job=path, folder=loaded.folder, error=error)


def _project(path: Path) -> Project:
    found = _projects.get(path)
    if found is None:
        found = _projects[path] = load_project(path, approve=_approve[-1])
    return found


def _store(keeping: Keeping | None) -> Store | None:
    if keeping is None:
        return None
    found = _stores.get(keeping.where)
    if found is None:
        found = _stores[keeping.where] = open_for_reading(keeping)
    return found
