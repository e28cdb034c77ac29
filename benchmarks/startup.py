"""Whole runs of the command line, from start to files, side by side in one run.

python benchmarks/startup.py [--rounds 15] [--long 3] [--bills 1000]

Measured are start-up, a bill of 12 and one of 1,500 lines, and 1,000 bills, each as a process of
its own from TOML and CSV to PDF.  Printed are medians, and medians of the ratios, round by round,
to a bare interpreter and to reportlab, which makes a plain table of the same records without any of
the rest (``platypus_bill.py``; left out when it is not installed).  Everything is compiled before.
billhook sees every file on the disk before it goes on; ``TMPDIR=/dev/shm`` leaves the disk out.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from billhook.tools.scaffold import plain

ROOT = Path(__file__).parents[1]
PYTHON = [sys.executable]
BILLHOOK = [*PYTHON, "-m", "billhook"]
BARE = "python -c pass"
REPORTLAB = "reportlab"
HEAD = "key,date,hours,text\n"

Commands = dict[str, list[str]]


def starting() -> Commands:
    """Commands that start, answer and end; imports that they could be slow by."""
    job = ROOT / "examples" / "legal" / "jobs" / "june@2026-0114.toml"
    return {
        "import click": [*PYTHON, "-c", "import click"],
        "import attrs": [*PYTHON, "-c", "import attrs"],
        "import sqlalchemy": [*PYTHON, "-c", "import sqlalchemy"],
        "import fpdf": [*PYTHON, "-c", "import fpdf"],
        "billhook --help": [*BILLHOOK, "--help"],
        "billhook --version": [*BILLHOOK, "--version"],
        "billhook plugin list": [*BILLHOOK, "plugin", "list"],
        "billhook check JOB": [*BILLHOOK, "check", str(job)],
        "billhook check --no-print JOB": [*BILLHOOK, "check", "--no-print", str(job)],
    }


def billing(folder: Path, bills: int, lines: int) -> Commands:
    """Commands that make the same bills: billhook in several formats, and reportlab."""
    _project(folder, bills, lines)
    out = folder / "out"
    out.mkdir()
    bill = [*BILLHOOK, "bill", str(folder), "-o", str(out)]
    made: Commands = {
        "billhook bill": [*bill, "-j", "1"],
        "billhook bill -f text": [*bill, "-j", "1", "-f", "text"],
        "billhook bill -f json": [*bill, "-j", "1", "-f", "json"],
    }
    if bills > 1:
        made["billhook bill, all processors"] = bill
    if importlib.util.find_spec("reportlab") is not None:
        script = str(Path(__file__).with_name("platypus_bill.py"))
        made[REPORTLAB] = [*PYTHON, script, str(folder), str(out)]
    return made


def _project(folder: Path, bills: int, lines: int) -> None:
    for path, data in plain().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    job = (folder / "jobs" / "first.toml").read_text()
    (folder / "jobs" / "first.toml").unlink()
    (folder / "records" / "hours.csv").unlink()
    for bill in range(bills):
        name = f"b{bill:05}"
        text = job.replace("hours.csv", f"{name}.csv").replace('subject = "', f'subject = "{name}-')
        (folder / "jobs" / f"{name}.toml").write_text(text)
        (folder / "records" / f"{name}.csv").write_text(HEAD + _rows(bill, lines))


def _rows(bill: int, lines: int) -> str:
    return "".join(
        f"{line},2026-06-{line % 28 + 1:02},{line % 7 + 1}.{line % 4 * 25:02},"
        f"Call {bill}-{line} with the landlord's counsel about the renewal clause\n"
        for line in range(lines)
    )


# ── measuring ────────────────────────────────────────────────────────────────


def measure(command: list[str], environment: dict[str, str]) -> float:
    """Seconds of one run."""
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=environment)
    return time.perf_counter() - start


def compare(title: str, commands: Commands, rounds: int, environment: dict[str, str]) -> None:
    """Measure every command in turn, round by round, and print medians and ratios."""
    named = {BARE: [*PYTHON, "-c", "pass"], **commands}
    for command in named.values():
        measure(command, environment)
    runs = [
        {name: measure(command, environment) for name, command in named.items()}
        for _ in range(rounds)
    ]
    print(f"\n{title:<32}{'median ms':>10}{'to bare':>10}{'to reportlab':>14}")
    for name in named:
        milliseconds = statistics.median(run[name] for run in runs) * 1000
        rival = _ratio(runs, name, REPORTLAB) if REPORTLAB in named else f"{'-':>14}"
        print(f"  {name:<30}{milliseconds:>10.0f}{_ratio(runs, name, BARE):>10}{rival:>14}")
    sys.stdout.flush()


def _ratio(runs: list[dict[str, float]], name: str, base: str) -> str:
    return f"{statistics.median(run[name] / run[base] for run in runs):.2f}"


def main() -> None:
    """Print a table for start-up, and one for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--long", type=int, default=3, help="rounds of the long ones")
    parser.add_argument("--bills", type=int, default=1000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kept = {key: v for key, v in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        environment = {**kept, "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
        compare("start-up", starting(), asked.rounds, environment)
        sizes = ((1, 12, asked.rounds), (1, 1500, asked.long), (asked.bills, 3, asked.long))
        for bills, lines, rounds in sizes:
            commands = billing(folder / f"{bills}x{lines}", bills, lines)
            compare(f"{bills:,} x {lines:,} lines, to files", commands, rounds, environment)


if __name__ == "__main__":
    main()
