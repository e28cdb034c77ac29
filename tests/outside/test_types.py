"""Two type checkers read the outside plugin against billhook's wheel, and nothing is ignored."""

from __future__ import annotations

import importlib.util
import re
import shutil
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

PLUGIN = Path(__file__).parents[2] / "examples" / "outside_plugin"
IGNORED = re.compile(r"#\s*(type:\s*ignore|pyright:|mypy:)|\bcast\(|\bAny\b")


def needs(*modules: str) -> pytest.MarkDecorator:
    absent = [name for name in modules if importlib.util.find_spec(name) is None]
    return pytest.mark.skipif(bool(absent), reason=f"not installed: {', '.join(absent)}")


def test_nothing_is_ignored_cast_or_any() -> None:
    sources = sorted((PLUGIN / "src").rglob("*.py"))
    found = [
        f"{path.name}: {line}"
        for path in sources
        for line in path.read_text(encoding="utf-8").splitlines()
        if IGNORED.search(line)
    ]

    assert sources
    assert found == []


@needs("mypy")
def test_mypy_is_content(stranger) -> None:
    config = ("--config-file", "pyproject.toml", "--cache-dir", "mypy-cache")
    done = stranger.run("mypy", "--strict", *config, str(stranger.package))

    assert done.returncode == 0, done.stdout + done.stderr


@needs("mypy")
def test_mypy_sees_a_name_that_billhook_does_not_have(stranger) -> None:
    wrong = stranger.folder / "wrong.py"
    wrong.write_text("from billhook import Charge, Chrage\n", encoding="utf-8")
    done = stranger.run("mypy", "--strict", "--cache-dir", "mypy-cache", str(wrong))

    assert '"billhook" has no attribute "Chrage"' in done.stdout


# Without node on the path, pyright's package would fetch one from the network.
@needs("pyright")
@pytest.mark.skipif(shutil.which("node") is None, reason="pyright needs node")
def test_pyright_is_content(stranger) -> None:
    config = (PLUGIN / "pyproject.toml").read_text(encoding="utf-8")
    assert 'typeCheckingMode = "strict"' in config
    include = f'include = ["{stranger.package.as_posix()}"]'
    project = stranger.folder / "pyright"
    project.mkdir()
    changed = config.replace('include = ["src"]', include)
    (project / "pyproject.toml").write_text(changed, encoding="utf-8")
    words = ("--project", str(project), "--pythonpath", str(stranger.python))
    done = stranger.run("pyright", *words)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 errors" in done.stdout
