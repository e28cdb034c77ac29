"""Put small faults into the arithmetic, one at a time, and see which the tests notice.

    python scripts/mutants.py --sample 200 --seed 1
    python scripts/mutants.py --package calculate --package freight --sample 50

A mutant is one change in one function: an edge of a comparison, an operator, a constant, a
condition, a dropped statement, swapped arguments, ``min`` for ``max``, a sort without its key.
No file is changed: a process of its own has the mutant in memory, and runs the tests of its package
that call the changed function, the quickest first, up to the first that fails.

What was tried stands in the state file; the same command goes on where it was stopped.  Mutants
that no test notices must be explained in tests/survivors.toml; the exit code is 1 if one is not.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from mutation.bench import Bench
from mutation.operators import Mutant, find_mutants

ROOT = Path(__file__).resolve().parent.parent

SEAMS = (
    "tests/scenarios/test_months.py",
    "tests/scenarios/test_split_releases.py",
    "tests/scenarios/test_worked_seams.py",
)
CORE = (
    "tests/calculate",
    "tests/kernel",
    "tests/credit",
    "tests/compare",
    "tests/explain/test_rule_text.py",
    "tests/model",
    "tests/archive",
    "tests/test_engine.py",
    *SEAMS,
    "tests/issue/test_accumulators.py",
    "tests/issue/test_codes.py",
)
TARGETS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "calculate": (("core/billhook/calculate/*.py",), CORE),
    "credit": (("core/billhook/credit/*.py",), CORE),
    "kernel": (("core/billhook/kernel/*[eya].py",), CORE),
    **{
        trade: (
            (
                f"plugins/{trade}/billhook_{trade}/rate.py",
                f"plugins/{trade}/billhook_{trade}/rating/*.py",
            ),
            (f"tests/{trade}", *SEAMS),
        )
        for trade in ("legal", "construction", "freight")
    },
}
"""What each package's mutants are made of, and the tests that should notice them."""

LEFT_OUT = ("test_contract.py", "test_example.py")
"""Tests of whole examples: slow, and no judge of one amount."""

SURVIVORS = ROOT / "tests" / "survivors.toml"


def main(arguments: list[str] | None = None) -> int:
    """Try a sample of each package; return 1 if a mutant passed that is not explained."""
    wanted = _read_arguments(arguments)
    explained = read_survivors()
    unexplained = 0
    for package in wanted.package or TARGETS:
        tried = _try_package(package, wanted, explained)
        unexplained += tried["unnoticed"]
        found = ", ".join(f"{count} {outcome}" for outcome, count in sorted(tried.items()) if count)
        print(f"{package}: {found}", flush=True)
    return 1 if unexplained else 0


def _read_arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--package", action="append", choices=TARGETS)
    parser.add_argument("--sample", type=int, default=50, help="mutants of each package")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--state", type=Path, default=ROOT / "build" / "mutants.jsonl")
    parser.add_argument("--again", action="store_true", help="try those that were unnoticed again")
    return parser.parse_args(arguments)


def sample(package: str, seed: int, size: int) -> list[Mutant]:
    """Return a package's mutants in an order that depends on the seed alone, up to ``size``."""
    patterns, _ = TARGETS[package]
    paths = sorted(path for pattern in patterns for path in ROOT.glob(pattern))
    mutants = [each for path in paths for each in find_mutants(ROOT, path)]
    random.Random(seed).shuffle(mutants)  # noqa: S311 - a sample, not a secret
    return mutants[:size]


def read_survivors() -> dict[str, str]:
    """Return why each explained mutant is not noticed, by its name."""
    rows = tomllib.loads(SURVIVORS.read_text("utf-8"))["survivor"]
    return {
        f"{row['file']} {row['function']}: {row['before']} -> {row['after']}": row["why"]
        for row in rows
    }


def _try_package(
    package: str, wanted: argparse.Namespace, explained: dict[str, str]
) -> Counter[str]:
    known = dict(_read_state(wanted.state))
    mutants = sample(package, wanted.seed, wanted.sample)
    left = [
        each
        for each in mutants
        if each.name not in known or (wanted.again and known[each.name] == "unnoticed")
    ]
    if left:
        known |= dict(_run(package, left, wanted.state))
    tally: Counter[str] = Counter()
    for each in mutants:
        outcome = known.get(each.name, "not tried")
        if outcome == "unnoticed":
            why = explained.get(each.name)
            outcome = "explained" if why else outcome
            print(f"{outcome}: {each.place}\n{each.diff}" + (f"\n  {why}" if why else ""))
        tally[outcome] += 1
    return tally


def _read_state(path: Path) -> Iterator[tuple[str, str]]:
    if path.exists():
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            yield row["mutant"], row["outcome"]


def _run(package: str, mutants: Sequence[Mutant], state: Path) -> Iterator[tuple[str, str]]:
    state.parent.mkdir(parents=True, exist_ok=True)
    tried: list[tuple[str, str]] = []
    with state.open("a", encoding="utf-8") as file:

        def record(mutant: Mutant, outcome: str, test: str) -> None:
            row = {"mutant": mutant.name, "outcome": outcome, "test": test}
            print(json.dumps(row, ensure_ascii=False), file=file, flush=True)
            print(f"{outcome:9} {mutant.place}  {test}", flush=True)
            tried.append((mutant.name, outcome))

        Bench(LEFT_OUT, mutants, record).run(ROOT, TARGETS[package][1])
    yield from tried


if __name__ == "__main__":
    sys.exit(main())
