"""Wheel, sdist and editable install: what is in them, and that they run."""

from __future__ import annotations

import gettext
import io
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = {
    "core/billhook": "billhook",
    "plugins/legal/billhook_legal": "billhook_legal",
    "plugins/construction/billhook_construction": "billhook_construction",
    "plugins/freight/billhook_freight": "billhook_freight",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel built from it."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return out


def shipped(folder: str) -> set[str]:
    """Files of a package in the checkout that the wheel must have; catalogues go compiled."""
    base = ROOT / folder
    return {
        path.relative_to(base)
        .with_suffix(".mo" if path.suffix == ".po" else path.suffix)
        .as_posix()
        for path in base.rglob("*")
        if path.is_file() and not any(map(_left_behind, path.relative_to(base).parts))
    }


def _left_behind(part: str) -> bool:
    """Whether Python, a checker or an editor left it in the checkout."""
    return part == "__pycache__" or (part.startswith(".") and part.endswith(("cache", ".swp")))


def names_in_wheel(built: Path) -> set[str]:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        return set(wheel.namelist())


@pytest.mark.parametrize(("folder", "package"), PACKAGES.items())
def test_the_wheel_has_every_file_of_each_package(built: Path, folder: str, package: str) -> None:
    found = {
        name.removeprefix(f"{package}/")
        for name in names_in_wheel(built)
        if name.startswith(f"{package}/")
    }

    assert {name for name in found if not name.startswith("demo/")} == shipped(folder)


def test_the_wheel_has_nothing_else_at_its_top(built: Path) -> None:
    tops = {name.split("/")[0] for name in names_in_wheel(built)}

    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES.values())


def test_the_same_source_makes_the_same_wheel_at_any_time(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        catalogues = [wheel.read(name) for name in wheel.namelist() if name.endswith(".mo")]
        times = {entry.date_time for entry in wheel.infolist()}
    dates = {
        gettext.GNUTranslations(io.BytesIO(data)).info()["pot-creation-date"] for data in catalogues
    }

    assert dates == {"2020-02-02 00:00+0000"}
    assert times == {(2020, 2, 2, 0, 0, 0)}


def test_what_a_run_left_in_an_example_comes_into_no_wheel(tmp_path: Path) -> None:
    """Among them would be the database of all that was billed."""
    checkout, left = tmp_path / "checkout", Path("examples/legal")
    ignored = shutil.ignore_patterns(".*", "tests", "docs", "benchmarks", "__pycache__")
    shutil.copytree(ROOT, checkout, ignore=ignored)
    shutil.copy(ROOT / ".gitignore", checkout)
    for name in ("billhook.db", "billhook.db-wal", "out/1.pdf", "archive/2026/1.json"):
        (checkout / left / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / left / name).touch()
    code = f"import hatchling.build as b; b.build_wheel({str(tmp_path)!r})"
    subprocess.run([sys.executable, "-c", code], cwd=checkout, check=True, capture_output=True)
    demo = "billhook/demo/legal/"
    found = {name for name in names_in_wheel(tmp_path) if name.startswith(demo)}

    assert f"{demo}billhook.toml" in found
    assert not {name for name in found if "billhook.db" in name or "/out/" in name}
    assert not {name for name in found if "/archive/" in name}


def test_the_wheel_carries_both_licences(built: Path) -> None:
    licences = {name.rpartition("/")[2] for name in names_in_wheel(built) if "/licenses/" in name}

    assert licences == {"LICENSE", "OFL.txt"}


def test_the_sdist_stands_alone(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        tops = {name.split("/")[1] for name in archive.getnames() if "/" in name}

    assert {"core", "plugins", "examples", "tests", "docs", "README.md", "LICENSE"} <= tops


def test_the_installed_wheel_runs_and_finds_its_plugins(built: Path, tmp_path: Path) -> None:
    target = tmp_path / "site"
    wheel = next(built.glob("*.whl"))
    install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target"]
    subprocess.run([*install, str(target), str(wheel)], check=True, capture_output=True)
    code = (
        "import billhook; from billhook.plugins.loading import find_installed; "
        "print(billhook.__file__, *sorted(find_installed()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(target)},
        capture_output=True,
        text=True,
        check=True,
    )
    file, *plugins = done.stdout.split()

    assert Path(file) == target / "billhook" / "__init__.py"
    assert plugins == ["construction", "freight", "legal", "tax_table"]


def test_an_editable_install_points_at_the_four_roots(tmp_path: Path) -> None:
    code = f"import hatchling.build as b; print(b.build_editable({str(tmp_path)!r}))"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        path_file = next(name for name in wheel.namelist() if name.endswith(".pth"))
        lines = wheel.read(path_file).decode().split()

    assert sorted(lines) == sorted(str((ROOT / folder).parent) for folder in PACKAGES)
