"""Batches: many jobs made into files by several processes, in the order of the jobs.

Workers are started once; each keeps projects, plugins, catalogues and fonts, so that from the
second job on only the bill itself is work.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import BaseContext
from pathlib import Path

from billhook.cli.billed import PAYS_FROM, Billed, Order, billed
from billhook.cli.startup import prepare_process
from billhook.kernel.errors import StoreError
from billhook.project import Project, load_project

_CHUNK = 8
"""Jobs that a worker takes at once."""

_AHEAD = 3
"""Chunks for each worker that are under way: what is done early waits in memory."""

Job = tuple[Path, Path]
"""A project's file, and a job's."""


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


def together(jobs: Sequence[Job], order: Order, workers: int) -> Generator[Billed, None, None]:
    """Yield what the jobs come to, in their order, worked out by several processes.

    Raises:
        StoreError: A process was ended from outside.
    """
    pool = ProcessPoolExecutor(workers, _context(), initializer=_begin)
    try:
        yield from _in_order(pool, jobs, order, workers * _AHEAD)
    except BrokenProcessPool as error:
        message = "a worker was ended from outside, perhaps for want of memory; try fewer --jobs"
        raise StoreError(message) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _in_order(
    pool: ProcessPoolExecutor, jobs: Sequence[Job], order: Order, window: int
) -> Iterator[Billed]:
    under_way: deque[Future[list[Billed]]] = deque()
    for start in range(0, len(jobs), _CHUNK):
        under_way.append(pool.submit(_work, jobs[start : start + _CHUNK], order))
        if len(under_way) >= window:
            yield from under_way.popleft().result()
    while under_way:
        yield from under_way.popleft().result()


def _context() -> BaseContext:
    """Return how processes are started: on Linux as copies, which have everything loaded."""
    return multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")


# ── in a worker ──────────────────────────────────────────────────────────────

_projects: dict[Path, Project] = {}


def _begin() -> None:
    """Leave Ctrl-C to the process that started this one, and set this one up for speed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    prepare_process()
    gc.freeze()


def _work(jobs: Sequence[Job], order: Order) -> list[Billed]:
    return [billed(_project(project), path, order) for project, path in jobs]


def _project(path: Path) -> Project:
    found = _projects.get(path)
    if found is None:
        found = _projects[path] = load_project(path)
    return found
