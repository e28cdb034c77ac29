"""Start-up of the command line, as ratios to a bare interpreter, side by side in one run.

python benchmarks/startup.py [--rounds 15]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]


def commands(folder: Path) -> dict[str, list[str]]:
    """The commands that are compared; the first is the measure."""
    job = ROOT / "examples" / "legal" / "jobs" / "granite-harbor-june.toml"
    billhook = [sys.executable, "-m", "billhook"]
    return {
        "python -c pass": [sys.executable, "-c", "pass"],
        "import click": [sys.executable, "-c", "import click"],
        "import attrs": [sys.executable, "-c", "import attrs"],
        "import sqlalchemy": [sys.executable, "-c", "import sqlalchemy"],
        "import fpdf": [sys.executable, "-c", "import fpdf"],
        "billhook --help": [*billhook, "--help"],
        "billhook --version": [*billhook, "--version"],
        "billhook plugin list": [*billhook, "plugin", "list"],
        "billhook check JOB": [*billhook, "check", str(job)],
        "billhook bill JOB, text": [
            *billhook,
            "bill",
            str(job),
            "-o",
            str(folder),
            "--format",
            "text",
        ],
        "billhook bill JOB, PDF": [*billhook, "bill", str(job), "-o", str(folder)],
    }


def measure(command: list[str]) -> float:
    """Seconds of one run."""
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    """Measure every command in turn, round by round, and print medians of ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        named = commands(Path(folder))
        for command in named.values():
            measure(command)
        runs = [{name: measure(command) for name, command in named.items()} for _ in range(rounds)]
    base = next(iter(named))
    print(f"{'command':<28}{'median ms':>10}{'ratio':>8}")
    for name in named:
        milliseconds = statistics.median(run[name] for run in runs) * 1000
        ratio = statistics.median(run[name] / run[base] for run in runs)
        print(f"{name:<28}{milliseconds:>10.0f}{ratio:>8.1f}")


if __name__ == "__main__":
    main()
