from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

from billhook.cli import main
from billhook.tools.scaffold import plain

SPLITTING = """

@hookimpl
def billhook_split(job):
    from billhook import Address, Party, Share, given

    for name, percent in (("north", 60), ("south", 40)):
        payer = Party(id=name, name=name.title(), address=Address(country="US"))
        yield Share(payer, given(percent, "1", "billfile.share"))
"""


@pytest.fixture
def firm(tmp_path: Path) -> Path:
    """A project that bills hours: one seller, one customer, one job, a plugin of one file."""
    root = tmp_path / "my firm"
    for path, data in plain().items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root


@pytest.fixture
def split(firm: Path) -> Path:
    """The project with a plugin that divides each bill among two payers."""
    plugin = firm / "billfile.py"
    plugin.write_text(plugin.read_text() + SPLITTING)
    return firm


@attrs.frozen
class Ran:
    """What a command came to."""

    code: int
    out: str
    err: str


@pytest.fixture
def billhook(
    firm: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> Callable[..., Ran]:
    """Run the command line in the project's folder, or in another."""

    def run(*words: str | Path, cwd: Path = firm) -> Ran:
        monkeypatch.chdir(cwd)
        capsysbinary.readouterr()
        code = main([str(word) for word in words])
        out, err = capsysbinary.readouterr()
        return Ran(code, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"))

    return run
