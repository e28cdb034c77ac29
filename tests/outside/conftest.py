"""An environment as a stranger has it: the built wheels, and nothing of this checkout."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Sequence
from pathlib import Path

import attrs
import pytest

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "examples" / "outside_plugin"


@attrs.frozen
class Stranger:
    """An environment of its own with billhook and the outside plugin, and a folder to work in.

    The plugin's tests, example and configuration are copied into the folder, its sources are not.
    """

    python: Path
    folder: Path

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [str(self.python), "-m", *words]
        return subprocess.run(
            command, cwd=self.folder, capture_output=True, text=True, encoding="utf-8", check=False
        )

    @property
    def package(self) -> Path:
        """Where the plugin was installed."""
        code = "import billhook_utility; print(billhook_utility.__path__[0])"
        command = [str(self.python), "-c", code]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return Path(done.stdout.strip())


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Stranger:
    base = tmp_path_factory.mktemp("outside")
    wheels = [_built(project, base / "wheels") for project in (ROOT, PLUGIN)]
    python = _environment(base / "environment", wheels)
    folder = base / "work"
    ignored = shutil.ignore_patterns("src", "out", "__pycache__", ".*")
    shutil.copytree(PLUGIN, folder, ignore=ignored)
    return Stranger(python, folder)


def _built(project: Path, out: Path) -> Path:
    before = set(out.glob("*.whl"))
    _pip("wheel", "--no-deps", "--no-index", "--no-build-isolation", "-w", str(out), str(project))
    (wheel,) = set(out.glob("*.whl")) - before
    return wheel


def _environment(folder: Path, wheels: Sequence[Path]) -> Path:
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    install = ("install", "--no-deps", "--no-index", *map(str, wheels))
    _pip("--python", str(python), *install)
    # What both need comes from the environment of these tests; a .pth file inside a folder that a
    # .pth file names is not read, so a checkout installed there stays out of sight.
    own = next(folder.glob("[Ll]ib/**/site-packages"))
    outer = sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
    (own / "outer.pth").write_text("\n".join(outer) + "\n", encoding="utf-8")
    return python


def _pip(*words: str) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
