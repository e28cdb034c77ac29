"""Fixtures for every folder: a firm's project, a contractor's, and the command line."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest
from hypothesis import settings

from billhook.cli import main
from billhook.tools.scaffold import plain

# No test is timed: a busy machine is no fault.  On CI Hypothesis has a profile of its own.
settings.register_profile("untimed", deadline=None)
if not os.environ.get("CI"):
    settings.load_profile("untimed")

# The local plugins of these tests are ours, and the home of whoever runs them is theirs.
os.environ["BILLHOOK_TRUST"] = "1"
os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp(prefix="billhook-state-")

pytest_plugins = ["billhook.testing"]

EXAMPLES = Path(__file__).parents[1] / "examples"


@pytest.fixture
def firm(tmp_path: Path) -> Path:
    """A project that bills hours: one seller, one customer, one job, a plugin of one file."""
    root = tmp_path / "my firm"
    for path, data in plain().items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The example of a building contractor: three applications for payment."""
    return Path(shutil.copytree(EXAMPLES / "construction", tmp_path / "site"))


@attrs.frozen
class Ran:
    """What a command came to."""

    code: int
    out: str
    err: str


@pytest.fixture
def billhook(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> Callable[..., Ran]:
    """Run the command line: ``billhook(folder, "check")``, or in the firm's folder without one.

    Somebody issues at a moment that is the same in every test.
    """
    monkeypatch.setenv("BILLHOOK_USER", "kim")
    monkeypatch.setenv("BILLHOOK_NOW", "2026-07-01T09:00:00Z")
    monkeypatch.delenv("BILLHOOK_STORE", raising=False)

    def run(*words: str | Path, cwd: Path | None = None) -> Ran:
        if words and isinstance(words[0], Path):
            cwd, *words = words
        monkeypatch.chdir(cwd or request.getfixturevalue("firm"))
        capsysbinary.readouterr()
        code = main([str(word) for word in words])
        out, err = capsysbinary.readouterr()
        return Ran(code, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"))

    return run
