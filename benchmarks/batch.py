"""One-page bills by the thousand on two processes: billhook against reportlab platypus.

python benchmarks/batch.py [--bills 600] [--rounds 5] [--jobs 400]

Both make the same bills of three lines, each another one, from two processes that are warm, and
write each to a file of its own.  billhook starts from the documents, platypus from finished
strings.  The sample is smaller than a real run: from some hundred bills on the rate stays the same.
Then the whole way is measured: ``billhook bill FOLDER`` from TOML and CSV files to PDF files.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bills import bill_of
from sheet import Sheet, logo, sheet_of

from billhook import Document
from billhook.tools.scaffold import plain

LINES = 3
PROCESSES = 2

_documents: list[Document] = []
_sheets: list[Sheet] = []


def by_billhook(place: int) -> bytes:
    """Print a bill."""
    from billhook.project.print_settings import PrintSettings
    from billhook.render import render

    return render(_documents[place], (), "pdf", PrintSettings(logo=logo()))


def by_platypus(place: int) -> bytes:
    """Print a bill."""
    import rivals

    return rivals.platypus(_sheets[place])


def written(task: tuple[Callable[[int], bytes], Path, Sequence[int]]) -> int:
    """Print bills into a folder; return how many bytes they have."""
    make, folder, places = task
    size = 0
    for place in places:
        data = make(place)
        (folder / f"{place}.pdf").write_bytes(data)
        size += len(data)
    return size


def rate(make: Callable[[int], bytes], bills: int, folder: Path) -> float:
    """Bills a second, by processes that have made some before."""
    with multiprocessing.get_context("fork").Pool(PROCESSES) as pool:
        chunks = [range(start, min(start + 10, bills)) for start in range(0, bills, 10)]
        pool.map(written, [(make, folder, chunk) for chunk in chunks[: 2 * PROCESSES]])
        start = time.perf_counter()
        pool.map(written, [(make, folder, chunk) for chunk in chunks], chunksize=1)
        return bills / (time.perf_counter() - start)


def whole_way(jobs: int, workers: int, folder: Path) -> float:
    """Jobs a second by the command line, start-up included."""
    project = folder / f"project-{workers}"
    for path, data in plain().items():
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_bytes(data)
    first = project / "jobs" / "first.toml"
    for place in range(1, jobs):
        (project / "jobs" / f"job-{place:05}.toml").write_bytes(first.read_bytes())
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")
    command = [sys.executable, "-m", "billhook", "bill", "--quiet", "--jobs", str(workers)]
    start = time.perf_counter()
    subprocess.run(command, cwd=project, env=environment, check=True, capture_output=True)
    return jobs / (time.perf_counter() - start)


def main() -> None:
    """Print rates and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bills", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=400)
    arguments = parser.parse_args()
    _documents.extend(bill_of(LINES, place) for place in range(arguments.bills))
    _sheets.extend(sheet_of(document, "latin") for document in _documents)
    logo()
    with tempfile.TemporaryDirectory() as folder:
        runs = [
            [rate(make, arguments.bills, Path(folder)) for make in (by_billhook, by_platypus)]
            for _ in range(arguments.rounds)
        ]
        ours, theirs = (statistics.median(run[side] for run in runs) for side in (0, 1))
        ratio = statistics.median(run[0] / run[1] for run in runs)
        print(f"{arguments.bills} bills of a page on {PROCESSES} processes, bills a second")
        print(f"  billhook {ours:6.0f}   platypus {theirs:6.0f}   ratio {ratio:.2f}")
        print(f"billhook bill, {arguments.jobs} jobs from files, jobs a second")
        for workers in (1, PROCESSES):
            print(f"  --jobs {workers}  {whole_way(arguments.jobs, workers, Path(folder)):6.0f}")


if __name__ == "__main__":
    main()
