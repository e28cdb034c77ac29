"""The month of a firm from one job: how long unbilled work and a run take, by number of matters.

python benchmarks/month.py            # 30, 100 and 300 matters
python benchmarks/month.py 300 20000  # matters and entries
"""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from billhook import Actor, Period, load_project, memory_store
from billhook.project.unbilled import draft_all, find_work
from billhook.runs.members import read_members
from billhook.runs.run import draft_run

PROJECT = """
[project]
currency = "USD"
plugins = ["legal", "tax_table"]

[seller]
id = "larch"
name = "Larch & Sons"
address = {{ city = "Springfield", country = "US" }}

[[tax_table.rates]]
category = "O"
reason = "Not taxed."

[legal]
client = "acme"
rates = [{{ per_hour = 300 }}]
matters = [{matters}]
"""
JOB = 'each = "legal.matter"\n[[sources]]\nkind = "legal.time"\nfile = "../time.csv"\n'
JUNE = Period(dt.date(2026, 6, 1), dt.date(2026, 6, 30))


def lay_out(folder: Path, matters: int, entries: int) -> None:
    """Write a firm's project with one job and one file of time."""
    for name in ("jobs", "customers"):
        (folder / name).mkdir()
    listed = ", ".join(f'{{ id = "M{number}" }}' for number in range(matters))
    (folder / "billhook.toml").write_text(PROJECT.format(matters=listed))
    (folder / "jobs" / "month.toml").write_text(JOB)
    address = 'address = { city = "Salem", country = "US" }'
    (folder / "customers" / "acme.toml").write_text(f'name = "Acme"\n{address}\n')
    rows = (
        f"{n},2026-06-{n % 30 + 1:02},AR,M{n % matters},{n % 90 + 1},Work on the file number {n}"
        for n in range(entries)
    )
    head = "key,date,timekeeper,matter,minutes,narrative"
    (folder / "time.csv").write_text("\n".join((head, *rows)) + "\n")


def measure(what: str, work: Callable[[], object]) -> None:
    """Run something and print how much CPU time it took."""
    begun = time.process_time()
    work()
    print(f"  {what:<12} {time.process_time() - begun:7.2f} s")


def main(matters: int, entries: int) -> None:
    """Measure one size of a firm."""
    print(f"{matters} matters, {entries} entries")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lay_out(folder, matters, entries)
        store = memory_store()

        def unbilled() -> None:
            project = load_project(folder)
            project.assumed_period = JUNE
            with store.read() as reading:
                find_work(project, draft_all(project, reading), reading)

        def run() -> None:
            project = load_project(folder)
            project.assumed_period = JUNE
            read = read_members(project, store, project.jobs())
            actor = Actor(by="bench", at=dt.datetime(2026, 7, 1, tzinfo=dt.UTC))
            draft_run(store, "2026-06", [member for member, _ in read], actor)

        measure("unbilled", unbilled)
        measure("run new", run)


if __name__ == "__main__":
    words = sys.argv[1:]
    sizes = [(int(words[0]), int(words[1]))] if words[1:] else []
    for size in sizes or [(30, 2_000), (100, 6_667), (300, 20_000)]:
        main(*size)
