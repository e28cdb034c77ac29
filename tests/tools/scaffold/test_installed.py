"""The scaffold's output, installed beside the wheel of billhook, runs and passes its own tests."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import attrs
import pytest

from billhook.testing import CommandOutcome

ROOT = Path(__file__).parents[3]


@attrs.frozen
class Site:
    """A folder with both installed, and the plugin's project."""

    folder: Path
    project: Path

    def run(self, *words: str) -> CommandOutcome:
        done = subprocess.run(
            [sys.executable, "-P", "-m", *words],
            cwd=self.project,
            env={**os.environ, "PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        return CommandOutcome(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    root = tmp_path_factory.mktemp("author")
    wheels, site = root / "wheels", root / "site"
    build = ["build", "--wheel", "--no-isolation", "--outdir", str(wheels), str(ROOT)]
    python("-m", *build, cwd=root)
    (wheel,) = wheels.glob("*.whl")
    install(site, wheel)
    project = root / "billhook-lessons"
    at_site = Site(site, root)
    assert at_site.run("billhook", "plugin", "new", "lessons").ok
    install(site, project)
    return Site(site, project)


def python(*words: str, cwd: Path) -> None:
    done = subprocess.run(
        [sys.executable, *words], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def install(site: Path, what: Path) -> None:
    flags = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--upgrade"]
    python("-m", "pip", "install", *flags, "--target", str(site), str(what), cwd=what.parent)


def test_the_template_travels_in_the_wheel(site):
    with zipfile.ZipFile(next(site.folder.parent.glob("wheels/*.whl"))) as wheel:
        names = {name for name in wheel.namelist() if "/scaffold/_plugin/" in name}

    assert len(names) == 8


def test_its_tests_pass(site):
    ran = site.run("pytest", "-q", "-p", "no:cacheprovider")

    assert ran.ok, ran.out + ran.err
    assert " passed" in ran.out


def test_its_example_is_billed(site):
    ran = site.run("billhook", "bill", "example/june.toml", "--format", "text", "--output", "-")

    assert ran.ok, ran.err
    # (1.5 + 4 + 0.25) h × 120
    assert "$690.00" in ran.out


def test_it_is_listed_and_described(site):
    listed = site.run("billhook", "plugin", "list", "--long")
    info = site.run("billhook", "plugin", "info", "lessons")

    assert "billhook-lessons" in listed.out
    assert "lessons.work  [key], date, hours, text" in info.out


def test_a_mistake_in_it_fails_its_tests(site, tmp_path):
    plugin = site.folder / "billhook_lessons.py"
    sound = plugin.read_text()
    plugin.write_text(sound.replace("sources=(work.key,)", "sources=()"))
    try:
        ran = site.run("pytest", "-q", "-p", "no:cacheprovider")
    finally:
        plugin.write_text(sound)

    assert "test_cases_are_worked_out" in ran.out
    assert "was neither billed nor skipped" in ran.out
    assert not ran.ok
