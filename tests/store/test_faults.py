"""Short runs of `scripts/faults.py`, which has the long ones."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from store.faults.tally import Tally, judge

SCRIPT = Path(__file__).parents[2] / "scripts" / "faults.py"

pytestmark = pytest.mark.slow


def faults(*arguments: str) -> list[list[str]]:
    """Return the lines of a run, in words; the run says itself whether it went right."""
    made = subprocess.run(
        [sys.executable, SCRIPT, *arguments], capture_output=True, text=True, check=False
    )
    assert (made.returncode, made.stderr) == (0, ""), made.stdout
    return [line.split() for line in made.stdout.splitlines() if line]


@pytest.mark.usefixtures("postgresql")
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_killed_writers_leave_no_gap_no_duplicate_and_lose_nothing(kind: str) -> None:
    options = ("--kills", "16", "--writers", "4", "--bills", "100", "--store", kind)
    (*_, line) = faults("--only", "kills", *options)
    bills, told, kills, checks, stops, *_ = map(int, line[-11:])

    assert min(bills, told) >= 100
    assert kills >= 16
    assert checks >= 2
    assert stops == (checks - 1 if kind == "postgresql" else 0)
    assert line[-5:] == ["0"] * 5


def test_naive_ways_are_found_out() -> None:
    own, highest, deferred = faults("--only", "controls", "--kills", "12")

    assert int(own[-5]) > 0  # gaps
    assert int(highest[-4]) > 0  # duplicates
    assert int(deferred[-6]) > 0  # refusals of what had only to wait


def test_power_cuts_lose_nothing_but_where_they_may() -> None:
    _, ours, python, *_ = faults("--only", "power", "--states", "60")

    assert ours[-4:] == ["60", "60", "0", "0"]
    assert int(python[-2]) > 0  # Python's defaults lose acknowledged bills


def test_a_full_disk_is_said_and_loses_nothing() -> None:
    lines = [" ".join(line) for line in faults("--only", "disk")]

    assert "the disk takes no more (full, or over a limit)" in lines[1]
    assert "disk full" in lines[2] or "not run" in lines[2]


@pytest.mark.parametrize(
    ("bills", "told", "expected"),
    [
        ([("a", 1, "x"), ("b", 2, "y")], [("a", 1, "x"), ("b", 2, "y")], {}),
        ([("a", 1, "x"), ("b", 3, "y")], [("a", 1, "x"), ("b", 3, "y")], {"gaps": 1}),
        ([("a", 1, "x"), ("b", 1, "y")], [("a", 1, "x"), ("b", 1, "y")], {"duplicates": 1}),
        ([("a", 1, "x"), ("a", 2, "y")], [("a", 2, "y")], {"duplicates": 1}),
        ([("a", 1, "x")], [("a", 1, "z")], {"lost": 1}),
        ([], [("a", 1, "x")], {"lost": 1, "surplus": -1}),
        ([("a", 1, "x"), ("b", 2, "y")], [("a", 1, "x")], {"surplus": 1}),
    ],
)
def test_the_judge_sees_each_kind_of_fault(
    bills: list[tuple[str, int, str]],
    told: list[tuple[str, int, str]],
    expected: dict[str, int],
) -> None:
    found = judge(bills, told, final=True)

    assert found == Tally(bills=len(bills), acknowledged=len(told), checks=1, **expected)
    assert found.sound == (not expected)
