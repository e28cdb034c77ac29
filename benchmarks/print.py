"""Printing a bill, side by side with fpdf2's table(), reportlab, weasyprint and typst.

python benchmarks/print.py [--rounds 15] [--only billhook,typst]

Every round each library makes the same bills, which it has not seen before: two short ones to get
going, since the others were at work meanwhile, and the one that is measured.  Printed are medians
of CPU time and of the ratio of billhook's to the library's in the same round.  billhook starts
from the document and formats every number and date itself; the others are given finished strings.
Libraries that are not installed are left out.  Ratios matter, milliseconds belong to the machine.
"""

from __future__ import annotations

import argparse
import functools
import gc
import importlib.util
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bills import bill_of
from sheet import Sheet, logo, sheet_of

from billhook import Document

ROOT = Path(__file__).parents[1]
SCRIPTS = ("latin", "arabic", "hindi")
Make = Callable[[Document, Sheet], bytes]


def with_billhook(document: Document, _sheet: Sheet) -> bytes:
    """The way of ``billhook bill``, once the bill is worked out."""
    from billhook.project.print_settings import PrintSettings
    from billhook.render import render

    return render(document, (), "pdf", PrintSettings(logo=logo()))


def makers(script: str) -> Iterator[tuple[str, Make]]:
    """The libraries that can print a script."""
    import rivals

    yield "billhook", with_billhook
    if script == "latin":
        yield "fpdf2 table(), core font", _of(functools.partial(rivals.fpdf2_table, core=True))
    yield "fpdf2 table()", _of(rivals.fpdf2_table)
    if _has("reportlab") and script == "latin":
        yield "platypus, core font", _of(functools.partial(rivals.platypus, core=True))
        yield "platypus", _of(rivals.platypus)
        yield "reportlab canvas, core font", _of(functools.partial(rivals.canvas, core=True))
        yield "reportlab canvas", _of(rivals.canvas)
    if _has("weasyprint"):
        yield "weasyprint", _of(rivals.weasyprint)
    if _has("typst"):
        yield "typst", _of(rivals.typst)


def _of(make: Callable[[Sheet], bytes]) -> Make:
    return lambda _document, sheet: make(sheet)


def _has(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def milliseconds(make: Make, document: Document, sheet: Sheet) -> tuple[float, int]:
    """CPU time of one bill, and the size of its file."""
    start = time.process_time()
    made = make(document, sheet)
    return (time.process_time() - start) * 1000, len(made)


def warm(count: int, script: str, rounds: int, only: set[str]) -> float:
    """Print a table of one length and script; billhook's own median is returned."""
    chosen = [(n, m) for n, m in makers(script) if not only or n.partition(" ")[0] in only]
    runs: list[dict[str, tuple[float, int]]] = []
    for place in range(rounds):
        bills = [bill_of(lines, 3 * place + n, script) for n, lines in enumerate((12, 12, count))]
        sheets = [sheet_of(document, script) for document in bills]
        runs.append({name: _last(make, bills, sheets) for name, make in chosen})
    print(f"\n{count} lines, {script}, warm{'':14}{'ms':>10}{'ratio':>10}{'kB':>8}")
    for name, _ in chosen:
        spent = statistics.median(run[name][0] for run in runs)
        ratio = statistics.median(run["billhook"][0] / run[name][0] for run in runs)
        size = statistics.median(run[name][1] for run in runs) / 1000
        print(f"  {name:32}{spent:10.2f}{ratio:10.3f}{size:8.1f}")
    return statistics.median(run["billhook"][0] for run in runs)


def _last(make: Make, bills: list[Document], sheets: list[Sheet]) -> tuple[float, int]:
    """Make bills one after the other; the last one counts."""
    gc.collect()
    gc.freeze()
    pairs = zip(bills, sheets, strict=True)
    return [milliseconds(make, document, sheet) for document, sheet in pairs][-1]


# ── cold ─────────────────────────────────────────────────────────────────────


def cold(rounds: int) -> None:
    """Print what a process costs from its start to one file."""
    job = ROOT / "examples" / "legal" / "jobs" / "june@2026-0114.toml"
    with tempfile.TemporaryDirectory() as folder:
        python = [sys.executable]
        commands = {
            "import fpdf": [*python, "-c", "import fpdf"],
            "python -c pass": [*python, "-c", "pass"],
            "billhook bill JOB": [*python, "-m", "billhook", "bill", str(job), "-o", folder],
        }
        environment = _compiled(folder)
        for command in commands.values():
            _cpu(command, environment)
        runs = [
            {name: _cpu(command, environment) for name, command in commands.items()}
            for _ in range(rounds)
        ]
    print(f"\ncold, to the file{'':20}{'ms':>10}{'ratio to import fpdf':>24}")
    for name in commands:
        spent = statistics.median(run[name] for run in runs)
        ratio = statistics.median(run[name] / run["import fpdf"] for run in runs)
        print(f"  {name:34}{spent:10.0f}{ratio:24.2f}")


def _compiled(folder: str) -> dict[str, str]:
    """An environment in which modules are compiled once, as in an installed package."""
    kept = {name: v for name, v in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": f"{folder}/compiled"}


def _cpu(command: list[str], environment: dict[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--long", type=int, default=3, help="rounds of 1,500 lines")
    parser.add_argument("--only", default="", help="first words of names, with commas between")
    arguments = parser.parse_args()
    only = {*arguments.only.split(","), "billhook"} if arguments.only else set()
    plain, *shaped = (warm(12, script, arguments.rounds, only) for script in SCRIPTS)
    for script, spent in zip(SCRIPTS[1:], shaped, strict=True):
        print(f"\n{script} to latin, 12 lines: {spent / plain:.2f}")
    if arguments.long:
        warm(1500, "latin", arguments.long, only)
    cold(arguments.rounds)


if __name__ == "__main__":
    main()
