"""Writers that are killed at any moment, and what is left of their work.

Each writer is a process.  It writes every bill that it is told of to a file, which plays the
customer: what stands there must be in the store, the same, for ever.  A killed writer is started
again and takes up its work at the first key that it was not told of.
"""

from __future__ import annotations

import itertools
import mmap
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs

from store.faults.subjects import Issue, LaterError, Subject
from store.faults.tally import Bill, Tally, judge, together

Crash = Callable[[], None]

_LATER = 0.05
"""Seconds until a refused writer comes back."""


@attrs.frozen(kw_only=True)
class Plan:
    """How a run goes.

    Attributes:
        writers: How many processes write at once.
        kills: How many of them are killed.
        bills: How many bills there are to be at least.
        all_at_once: After so many kills all writers are killed together and the store is checked.
        crash: Stops and starts the server, as a crash would, when all writers were killed.
        seed: Of the times and victims.
        pause: Longest time between two kills, in seconds.
    """

    writers: int
    kills: int
    bills: int = 0
    all_at_once: int = 10
    crash: Crash | None = None
    seed: int = 0
    pause: float = 0.15


def run(subject: Subject, plan: Plan, folder: Path) -> Tally:
    """Let writers issue and be killed, check meanwhile and at the end."""
    return _Run(subject, plan, folder).run()


class _Run:
    """One run: the supervisor."""

    def __init__(self, subject: Subject, plan: Plan, folder: Path) -> None:
        self._subject = subject
        self._plan = plan
        self._folder = folder
        self._random = random.Random(plan.seed)  # noqa: S311 - repeatable on purpose
        self._stop = mmap.mmap(-1, 1)
        self._children: dict[int, int] = {}
        self._tally = Tally()
        # opened and used once here, so that a writer issues at once: it inherits what is warm
        self._issue = subject.open(subject.where)
        self._warm = self._issue("warm")

    def run(self) -> Tally:
        for writer in range(self._plan.writers):
            self._start(writer)
        kills = 0
        while kills < self._plan.kills or self._told() < self._plan.bills:
            time.sleep(self._random.uniform(0.005, self._plan.pause))
            if kills >= self._plan.kills:
                continue
            if kills % self._plan.all_at_once == self._plan.all_at_once - 1:
                kills += self._kill_all()
            else:
                kills += self._kill_one()
        self._finish()
        self._look(final=True)
        return attrs.evolve(self._tally, kills=kills, refusals=self._refusals())

    def _start(self, writer: int) -> None:
        child = os.fork()
        if child:
            self._children[writer] = child
            return
        code = 1
        try:
            _write(self._issue, writer, self._folder, self._stop)
            code = 0
        finally:
            os._exit(code)

    def _kill_one(self) -> int:
        writer = self._random.randrange(self._plan.writers)
        self._kill(writer)
        self._start(writer)
        return 1

    def _kill_all(self) -> int:
        """Kill every writer, look at what is there, and start them again."""
        for writer in range(self._plan.writers):
            os.kill(self._children[writer], signal.SIGKILL)
        for writer in range(self._plan.writers):
            self._reap(writer, signal.SIGKILL)
        if self._plan.crash is not None:
            self._plan.crash()
            self._tally = attrs.evolve(self._tally, stops=self._tally.stops + 1)
        self._look(final=False)
        for writer in range(self._plan.writers):
            self._start(writer)
        return self._plan.writers

    def _kill(self, writer: int) -> None:
        os.kill(self._children[writer], signal.SIGKILL)
        self._reap(writer, signal.SIGKILL)

    def _reap(self, writer: int, expected: int) -> None:
        _, status = os.waitpid(self._children.pop(writer), 0)
        if os.waitstatus_to_exitcode(status) != -expected:
            raise RuntimeError(f"writer {writer} ended by itself: {status}")

    def _finish(self) -> None:
        self._stop[0] = 1
        for writer in range(self._plan.writers):
            self._reap(writer, 0)

    def _look(self, *, final: bool) -> None:
        bills = self._subject.bills(self._subject.where)
        found = judge(bills, self._acknowledged(), final=final)
        if final:
            found = attrs.evolve(found, damage=self._subject.damage(self._subject.where))
        self._tally = together(self._tally, found)

    def _acknowledged(self) -> Iterator[Bill]:
        yield self._warm
        for writer in range(self._plan.writers):
            yield from told(_acks(self._folder, writer))

    def _told(self) -> int:
        return sum(len(told(_acks(self._folder, n))) for n in range(self._plan.writers))

    def _refusals(self) -> int:
        return sum(path.stat().st_size for path in self._folder.glob("*.refused"))


def _acks(folder: Path, writer: int) -> Path:
    return folder / f"{writer}.acknowledged"


def told(path: Path) -> list[Bill]:
    """Return the bills that a writer was told of."""
    if not path.exists():
        return []
    lines = [line.split("\t") for line in path.read_text().splitlines()]
    return [(key, int(number), digest) for key, number, digest in lines]


def _write(issue: Issue, writer: int, folder: Path, stop: mmap.mmap) -> None:
    """Issue one bill after the other until told to stop.

    The first one always: the writer before may have been killed after the commit and before it
    was told.
    """
    path = _acks(folder, writer)
    acks = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    refused = os.open(path.with_suffix(".refused"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for count in itertools.count(len(told(path))):
        made = None
        while made is None:
            try:
                made = issue(f"{writer}:{count}")
            except LaterError:
                os.write(refused, b".")
                time.sleep(_LATER)
        os.write(acks, "\t".join(map(str, made)).encode() + b"\n")
        if stop[0]:
            return
