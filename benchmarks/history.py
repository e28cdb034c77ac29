"""What the hundredth bill of a subject costs, compared with the first, and a job of a long run.

    python benchmarks/history.py [--bills 100] [--runs 50,200]

The first table issues bills of twelve lines, one after the other, of one subject into a SQLite
store: processor time and statements of bills 1 to 10 and of the last ten.  The second drafts a
run of jobs and issues it: processor time for each job.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "core"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from sqlalchemy import event

from billhook.issue.request import IssueRequest, issue_requests
from billhook.runs.issue import issue_run
from billhook.runs.run import Member, draft_run
from billhook.store.database import open_store
from billhook.store.sql.sql_store import SqlStore
from issue.desk import actor, desk_engine, item, order

ENGINE = desk_engine()
LINES = 12
TENTH = 10


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--bills", type=int, default=100)
    parser.add_argument("--runs", default="50,200")
    asked = parser.parse_args()
    with_store(lambda store: one_subject(store, asked.bills))
    for count in map(int, asked.runs.split(",")):
        with_store(lambda store, count=count: one_run(store, count))


def with_store(measure: Callable[[SqlStore], None]) -> None:
    """Measure with a new store."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"{folder}/billhook.db", create=True)
        measure(store)
        store.close()


def request(name: str, subject: str) -> IssueRequest:
    """Return a request of twelve lines."""
    items = [item(f"x:{name}-{line}", "10.00") for line in range(LINES)]
    return order(ENGINE, items, id=name, subject=subject)


def one_subject(store: SqlStore, bills: int) -> None:
    """Issue bills of one subject and print what the first and the last ten cost."""
    statements = [0]
    event.listen(store.engine, "before_cursor_execute", lambda *_: statements.append(1))
    cost: list[tuple[float, int]] = []
    for number in range(bills):
        wanted, said, before = request(f"job-{number}", "one"), len(statements), time.process_time()
        issue_requests(store, [wanted], actor(minutes=number))
        cost.append((time.process_time() - before, len(statements) - said))
    for name, part in (("first ten", cost[:TENTH]), ("last ten", cost[-TENTH:])):
        spent = sum(seconds for seconds, _ in part) / len(part)
        asked = sum(count for _, count in part) / len(part)
        print(f"one subject, {name:9} {spent * 1000:8.2f} ms a bill {asked:8.1f} statements")


def one_run(store: SqlStore, count: int) -> None:
    """Draft and issue a run and print what a job of it costs."""
    members = [
        Member(request=request(f"job-{number}", f"s-{number}"), job=f"job-{number}", path="")
        for number in range(count)
    ]
    before = time.process_time()
    draft_run(store, "june", members, actor())
    done = sum(1 for _ in issue_run(store, "june", members, actor(minutes=1)))
    spent = (time.process_time() - before) / done
    print(f"a run of {done:5} jobs   {spent * 1000:8.2f} ms a job")


if __name__ == "__main__":
    main()
