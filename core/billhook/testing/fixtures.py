"""The fixtures of the kit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from billhook.model.job import Job
from billhook.testing.golden import Golden
from billhook.testing.outcome import Outcome, run
from billhook.testing.samples import sample_job


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
def run_cli(tmp_path: Path) -> Callable[..., Outcome]:
    """Run the command line: ``run_cli("check", "job.toml")`` in the test's own folder."""

    def runner(*arguments: str, cwd: Path | None = None, stdin: str = "") -> Outcome:
        return run(arguments, cwd=cwd or tmp_path, stdin=stdin)

    return runner
