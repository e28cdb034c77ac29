"""Several writers at once, on one SQLite file: nobody bills twice, and no number is lost."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

from billhook.audit.verify import verify
from billhook.issue.request import issue_requests
from billhook.runs.issue import issue_run
from billhook.runs.run import Member, draft_run
from billhook.store.database import open_store
from issue.desk import actor, desk_engine, item, order

ENGINE = desk_engine()
JOBS = [f"job{number:02}" for number in range(12)]


def member(name: str) -> Member:
    made = order(ENGINE, [item(f"x:{name}", "60.00")], id=name, subject=name)
    return Member(request=made, job=name, path=name)


def test_two_people_issue_the_same_run_at_once(tmp_path: Path) -> None:
    path = tmp_path / "billhook.db"
    store = open_store(path, create=True)
    members = [member(name) for name in JOBS]
    draft_run(store, "june", members, actor())
    turns: list[object] = []

    def issue() -> None:
        own = open_store(path, create=True)
        turns.extend(issue_run(own, "june", members, actor()))
        own.close()

    threads = [threading.Thread(target=issue) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(turns) == 3 * len(JOBS)
    assert sum(not turn.again for turn in turns) == len(JOBS)
    with store.read() as reading:
        assert sorted(e.sequence for e in reading.entries()) == list(range(1, len(JOBS) + 1))
    assert verify(store, ENGINE.plugins).findings == ()
    store.close()


KILLED = """
import os, sys
sys.path[:0] = {paths!r}
from pathlib import Path
from billhook.runs.issue import issue_run
from billhook.store.database import open_store
from issue.desk import actor
from runs.test_issue_concurrency import JOBS, member

store = open_store(Path({path!r}))
turns = issue_run(store, "june", [member(name) for name in JOBS], actor())
for _ in range(5):
    next(turns)
os.kill(os.getpid(), 9)
"""


def test_a_run_that_was_killed_is_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "billhook.db"
    store = open_store(path, create=True)
    members = [member(name) for name in JOBS]
    draft_run(store, "june", members, actor())
    script = KILLED.format(path=str(path), paths=sys.path)

    killed = subprocess.run([sys.executable, "-c", script], check=False)
    with store.read() as reading:
        before = [entry.number for entry in reading.entries()]
    turns = list(issue_run(store, "june", members, actor()))

    assert killed.returncode == -9
    assert len(before) == 5
    assert [turn.again for turn in turns] == [True] * 5 + [False] * 7
    assert verify(store, ENGINE.plugins).findings == ()
    store.close()


def test_one_piece_of_work_offered_by_two_is_billed_once(tmp_path: Path) -> None:
    path = tmp_path / "billhook.db"
    store = open_store(path, create=True)
    outcomes: list[object] = []

    def issue(name: str) -> None:
        own = open_store(path, create=True)
        wanted = order(ENGINE, [item("x:same", "60.00")], id=name, subject=name)
        outcomes.extend(issue_requests(own, [wanted], actor()))
        own.close()

    threads = [threading.Thread(target=issue, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(bool(outcome.documents) for outcome in outcomes) == 1
    store.close()
