from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

from billhook.cli import main
from billhook.tools.scaffold import plain


@pytest.fixture
def firm(tmp_path: Path) -> Path:
    """A project that bills hours by a plugin of one file."""
    for path, data in plain().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    return tmp_path


@attrs.frozen
class Ran:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def ok(self) -> bool:
        return self.code == 0


@pytest.fixture
def run_cli(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    """Run the command line in the test's own folder, in this process."""

    def run(*words: str) -> Ran:
        monkeypatch.chdir(tmp_path)
        capsys.readouterr()
        code = main([str(word) for word in words])
        return Ran(code, *capsys.readouterr())

    return run
