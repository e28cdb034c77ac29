"""The fixtures of the kit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from billhook.engine import Engine
from billhook.model.document import History
from billhook.model.job import Job
from billhook.store.memory import MemoryStore
from billhook.testing.golden import Golden
from billhook.testing.outcome import CommandOutcome, run
from billhook.testing.samples import sample_engine, sample_history, sample_job


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--golden-update`` and ``--golden-clean``."""
    group = parser.getgroup("billhook")
    group.addoption("--golden-update", action="store_true", help="write golden files anew")
    group.addoption("--golden-clean", action="store_true", help="remove golden files nobody uses")


@pytest.fixture(scope="session")
def golden(request: pytest.FixtureRequest) -> Iterator[Golden]:
    """Compare with golden files: ``golden.check(folder / "expected.txt", found)``."""
    update = bool(request.config.getoption("--golden-update"))
    clean = bool(request.config.getoption("--golden-clean"))
    checker = Golden(update=update, clean=clean)
    yield checker
    checker.sweep()


@pytest.fixture
def make_job() -> Callable[..., Job]:
    """Make a job with the given fields: ``make_job(currency="JPY")``."""
    return sample_job


@pytest.fixture
def make_engine() -> Callable[..., Engine]:
    """Make an engine with plugins and the tax table: ``make_engine("hire")``, or a file's path."""
    return sample_engine


@pytest.fixture
def make_history() -> Callable[..., History]:
    """Make what was billed before: ``make_history(engine, job, may, june)``, each of records."""
    return sample_history


@pytest.fixture
def store() -> MemoryStore:
    """An empty store in memory: what is issued into it is gone with the test."""
    return MemoryStore()


@pytest.fixture
def run_cli(tmp_path: Path) -> Callable[..., CommandOutcome]:
    """Run the command line: ``run_cli("check", "job.toml")`` in the test's own folder."""

    def runner(*arguments: str, cwd: Path | None = None, stdin: str = "") -> CommandOutcome:
        return run(arguments, cwd=cwd or tmp_path, stdin=stdin)

    return runner
