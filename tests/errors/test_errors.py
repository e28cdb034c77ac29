from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import pytest
import tomli

from billhook.sources import codes

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def load(path: Path):
    """Import a file that belongs to no package."""
    spec = importlib.util.spec_from_file_location(f"billhook_errors_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


RUNNERS = load(HERE / "runners.py").RUNNERS
PAGES = load(ROOT / "scripts" / "error_pages.py")
CASES = sorted(path.parent for path in HERE.glob("*/case.toml"))


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_a_case_says_what_is_expected(folder: Path, golden) -> None:
    case = tomli.loads((folder / "case.toml").read_text(encoding="utf-8"))
    said = RUNNERS[case["run"]](folder, case)

    assert f"[{folder.name.partition('-')[0]}]" in said
    golden.check(folder / "expected.txt", said)


def test_every_folder_is_a_case_of_a_known_code() -> None:
    known = set(PAGES.all_codes())
    folders = {path.name for path in HERE.iterdir() if path.is_dir()} - {"__pycache__"}

    assert {folder.name for folder in CASES} == folders
    assert {name.partition("-")[0] for name in folders} <= known


@pytest.mark.parametrize("code", codes.CODES, ids=lambda code: code.id)
def test_every_code_of_the_sources_has_a_case(code) -> None:
    assert code.id in {folder.name.partition("-")[0] for folder in CASES}


def test_codes_are_unique_and_have_words() -> None:
    for code, entry in PAGES.all_codes().items():
        assert re.fullmatch(r"[A-Z]{2,4}\d{3}", code)
        assert entry.title
        assert entry.help.endswith((".", "!", "?"))


def test_the_reference_of_errors_is_fresh() -> None:
    expected = PAGES.reference()

    assert expected == PAGES.TARGET.read_text(encoding="utf-8"), "run scripts/error_pages.py"
