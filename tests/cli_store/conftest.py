from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

from billhook.cli import main
from billhook.tools.scaffold import plain

EXAMPLES = Path(__file__).parents[2] / "examples"


@attrs.frozen
class Ran:
    """What a command came to."""

    code: int
    out: str
    err: str


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILLHOOK_USER", "kim")
    monkeypatch.setenv("BILLHOOK_NOW", "2026-07-01T09:00:00Z")
    monkeypatch.delenv("BILLHOOK_STORE", raising=False)


@pytest.fixture
def firm(tmp_path: Path) -> Path:
    """A project that bills hours: one seller, one customer, one job, a plugin of one file."""
    root = tmp_path / "firm"
    for path, data in plain().items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The example of a building contractor: three applications for payment."""
    return Path(shutil.copytree(EXAMPLES / "construction", tmp_path / "site"))


@pytest.fixture
def billhook(
    clock: None, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> Callable[..., Ran]:
    """Run the command line in a folder."""
    del clock

    def run(folder: Path, *words: str | Path) -> Ran:
        monkeypatch.chdir(folder)
        capsysbinary.readouterr()
        code = main([str(word) for word in words])
        out, err = capsysbinary.readouterr()
        return Ran(code, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"))

    return run
