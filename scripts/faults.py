"""Kill writers, stop the server, cut the power and fill the disk, and count what is lost.

    python scripts/faults.py --kills 200 --writers 4,8 --store sqlite,postgresql

Every run ends with a line of counts.  The store's lines must end in zeros; the lines of the
negative controls, which number bills in the ways one must not, must not: a harness that finds no
fault there could find none anywhere.  The exit code is 1 if it is otherwise.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "core"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import attrs

from store import server
from store.faults import kills, powerloss, small_disk, subjects
from store.faults.tally import Tally
from store.scratch import memory

STATES = 4000
"""Crash states of a full run, for each way of keeping a journal."""


def main(arguments: list[str] | None = None) -> int:
    """Run what was asked for; return 1 if a store lost something or a control did not."""
    asked = _asked(arguments)
    right = [
        *(_killed(asked) if "kills" in asked.only else ()),
        *(_controls(asked) if "controls" in asked.only else ()),
        *(_power(asked) if "power" in asked.only else ()),
        *(_disk() if "disk" in asked.only else ()),
    ]
    return 0 if all(right) else 1


def _asked(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    words = {"type": lambda text: text.split(",")}
    parser.add_argument("--only", default=["kills", "controls", "power", "disk"], **words)
    parser.add_argument("--store", default=["sqlite", "postgresql"], **words)
    parser.add_argument("--writers", default=["4", "8"], **words)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--bills", type=int, default=0, help="at least so many in each run")
    parser.add_argument("--states", type=int, default=STATES, help="crash states for each journal")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(arguments)


# ── kills ────────────────────────────────────────────────────────────────────


def _killed(asked: argparse.Namespace) -> Iterator[bool]:
    print(_heading())
    for kind in asked.store:
        for writers in map(int, asked.writers):
            with _place(kind) as (where, running), tempfile.TemporaryDirectory() as folder:
                subject = subjects.store_subject(f"{kind}, {writers} writers", where)
                plan = kills.Plan(
                    writers=writers,
                    kills=asked.kills,
                    bills=asked.bills,
                    crash=_crash(running) if running else None,
                    seed=asked.seed,
                )
                tally = kills.run(subject, plan, Path(folder))
            print(_line(subject.name, tally), flush=True)
            yield tally.sound


@contextmanager
def _place(kind: str) -> Iterator[tuple[str, server.Server | None]]:
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"{folder}/billhook.db", None
    else:
        with server.running() as running, running.database() as url:
            yield url.render_as_string(), running


def _crash(running: server.Server) -> kills.Crash:
    def crash() -> None:
        running.stop("immediate")
        running.start()

    return crash


def _controls(asked: argparse.Namespace) -> Iterator[bool]:
    for way in subjects.WAYS:
        with tempfile.TemporaryDirectory(dir=memory()) as folder:
            subject = subjects.naive(way, Path(folder))
            plan = kills.Plan(writers=4, kills=min(asked.kills, 30), bills=200, seed=asked.seed)
            tally = kills.run(subject, plan, Path(folder))
        print(_line(subject.name, tally), flush=True)
        # the deferred begin loses nothing: it refuses at once what only had to wait
        yield not tally.sound or tally.refusals > 0


def _heading() -> str:
    names = [f"{field.name:>13}" for field in attrs.fields(Tally)]
    return f"{'':42}{''.join(names)}"


def _line(name: str, found: attrs.AttrsInstance) -> str:
    return f"{name:42}{''.join(f'{value:13}' for value in attrs.astuple(found))}"


# ── power and disk ───────────────────────────────────────────────────────────


def _power(asked: argparse.Namespace) -> Iterator[bool]:
    names = "".join(f"{field.name:>13}" for field in attrs.fields(powerloss.Found))
    print(f"\n{'power cut, journal/synchronous':42}{names}")
    for way in powerloss.WAYS:
        found = powerloss.run(way, states=asked.states, seed=asked.seed)
        name = f"{'' if way.promises else 'naive: '}{way.name}"
        print(_line(name, found), flush=True)
        yield (found.sound == found.states) == way.promises


def _disk() -> Iterator[bool]:
    print(f"\n{'full disk':42}{'bills':>13}{'lost':>13}  said")
    for way in small_disk.WAYS:
        found = small_disk.run(way)
        if found is None:
            print(f"{way:42}  not run: it needs the right to mount a file system")
            continue
        print(f"{way:42}{found.bills:13}{found.lost:13}  {found.said}")
        yield found.sound


if __name__ == "__main__":
    sys.exit(main())
