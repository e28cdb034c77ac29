from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import pytest

from billhook.kernel.diagnostics import Code
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


RUNNERS = load(HERE / "runners.py")
PAGES = load(ROOT / "scripts" / "error_pages.py")
CASES = RUNNERS.find_cases()


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_a_case_says_what_is_expected(folder: Path, golden) -> None:
    said = RUNNERS.run_case(folder)

    assert f"[{folder.name.partition('-')[0]}]" in said
    golden.check(folder / "case.txt", f"{RUNNERS.keys_of(folder)}{RUNNERS.BORDER}{said}")


def test_every_case_is_named_after_a_known_code_and_by_no_other_case() -> None:
    names = [folder.name for folder in CASES]

    assert {name.partition("-")[0] for name in names} <= set(PAGES.all_codes())
    assert len(names) == len(set(names))


def test_every_other_folder_is_a_group_of_cases() -> None:
    """A folder whose name is misspelt would otherwise never be run."""
    groups = {folder.parent for folder in CASES} - {HERE}
    folders = {path for group in [HERE, *groups] for path in group.glob("*/")}
    bases = {group / "base" for group in groups}

    assert {path for path in folders if path.name != "__pycache__"} - bases == {*CASES, *groups}


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_a_case_repeats_no_file_of_its_base(folder: Path) -> None:
    base = RUNNERS.base_of(folder)
    if base is None:
        return

    assert [
        name
        for name, data in RUNNERS.own_files(folder).items()
        if (base / name).exists() and (base / name).read_bytes() == data
    ] == []


OF_SOURCES = [value for value in vars(codes).values() if isinstance(value, Code)]


@pytest.mark.parametrize("code", OF_SOURCES, ids=lambda code: code.id)
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
