"""A place for everything, one name for one noun; ADR 19 has the reasons."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORE = ROOT / "core" / "billhook"
TRADES = tuple(
    ROOT / "plugins" / name / f"billhook_{name}" for name in ("legal", "construction", "freight")
)
SKELETONS = {"plain", "_plugin"}

SHARED = {
    "codes": "each package's finding codes",
    "plugin settings records events state details rate": "the common files of each trade",
    "charges build": "a trade's charges and its sections, in each trade",
    "bill check contract credit diff doctor event explain issue payment plugin replay run schema"
    " statement status trace unbilled verify void": "a service, and the command that calls it",
    "tax lines totals terms adjustments": "a noun of the calculation, and where it is printed",
    "document invoice job source party": "a noun of the model, and where it is read or written",
    "csv json xlsx": "a format, read and written",
    "ownership": "whose a record is, in each trade",
    "progress schedule tariff history": "a trade's noun, and its validation",
}
"""Module names that may stand for the same noun at two stages, with the noun."""

COMMON = {
    "__init__.py", "plugin.py", "settings.py", "records.py", "events.py", "state.py", "details.py",
    "rate.py", "rating", "validation", "sections", "exports", "codes.py", "rules.toml", "locale",
    "data", "py.typed", "cli.py", "commands.py",
}  # fmt: skip
"""What may stand at the top of a trade."""


def modules() -> Iterator[Path]:
    for root in (CORE, *TRADES):
        for path in sorted(root.rglob("*.py")):
            if not SKELETONS & set(path.parts):
                yield path


def twice(names: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: places for name, places in sorted(names.items()) if len(places) > 1}


def test_nothing_lies_loose_in_the_core() -> None:
    files = {path.name for path in CORE.iterdir() if path.is_file() and path.suffix != ".pyc"}

    assert files == {"__init__.py", "__main__.py", "engine.py", "py.typed", "rules.toml"}


@pytest.mark.parametrize("trade", TRADES, ids=lambda path: path.name)
def test_a_trade_has_the_common_table_of_contents(trade: Path) -> None:
    there = {path.name for path in trade.iterdir()} - {"__pycache__"}

    assert there - COMMON == set()
    assert {
        "plugin.py",
        "settings.py",
        "records.py",
        "rate.py",
        "rating",
        "validation",
        "sections",
        "codes.py",
    } <= there


def test_a_module_name_stands_for_one_noun() -> None:
    shared = {name for names in SHARED for name in names.split()}
    places: dict[str, list[str]] = defaultdict(list)
    for path in modules():
        if path.name != "__init__.py" and path.stem not in shared:
            places[path.stem].append(path.relative_to(ROOT).as_posix())

    assert twice(places) == {}


def test_a_public_class_name_stands_for_one_thing() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for path in modules():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(path.relative_to(ROOT).as_posix())

    assert twice(places) == {}


TESTS = ROOT / "tests"

OTHER_FOLDERS = {
    "docs": "the pages, whose examples are run",
    "errors": "the catalogue of errors, a folder for each finding code",
    "house": "the tree itself: names, places, words",
    "outside": "plugins that billhook does not ship, on built wheels",
    "packaging": "wheel, sdist and editable install",
    "scenarios": "whole cycles over several packages: months of an office, applications, retries",
}
"""Folders of tests that are no package, with what they are about."""

ANYWHERE = {"codes", "contract", "example", "imports", "machine", "oracle", "package", "properties"}
"""Names of tests that any package may have: what they say is the same in each."""

CONCERNS = {
    "cli": "privacy",
    "construction": "between_applications contract_changes history_faults worked_numbers",
    "freight": "components deficit selection",
    "i18n": "trades",
    "ledger": "payments",
    "legal": "checks currencies day_scope",
    "plugins": "broken_plugins frozen wrong_values",
    "project": "any_value",
    "render": "archive_fitness caches host languages sums threads",
    "render/html": "browser",
    "render/pdf/writer": "pdf_a",
    "sources": "broken_files kept_sheets own_formats",
    "store": "alike copies every_store faults issuing joined postgresql sqlite_damage",
    "tools/scaffold": "installed",
}
"""Tests of a package as a whole, and of what several of its modules do together."""


def packages() -> dict[str, Path]:
    """Return the packages of the core and the trades, by the names of their folders of tests."""
    found = {path.name: path for path in CORE.iterdir() if (path / "__init__.py").exists()}
    return found | {path.parent.name: path for path in TRADES}


def folders_of_tests() -> list[str]:
    """Return the folders below ``tests`` that hold test modules, the listed ones left out."""
    folders = {path.parent.relative_to(TESTS) for path in TESTS.rglob("test_*.py")}
    return sorted(
        folder.as_posix()
        for folder in folders
        if folder.parts and folder.parts[0] not in OTHER_FOLDERS and folder.parts[0] != "errors"
    )


def test_a_folder_of_tests_is_a_package_or_on_the_list() -> None:
    folders = {path.name for path in TESTS.iterdir() if path.is_dir()} - {"__pycache__"}

    assert folders - packages().keys() == OTHER_FOLDERS.keys()


@pytest.mark.parametrize("folder", folders_of_tests())
def test_a_test_names_a_module_of_its_package(folder: str) -> None:
    top, _, inner = folder.partition("/")
    package = packages()[top] / inner
    nouns = {path.stem for path in package.rglob("*.py")} | {package.name, top} | ANYWHERE
    nouns |= {path.name for path in package.rglob("*") if path.is_dir()}
    nouns |= set(CONCERNS.get(folder, "").split())
    tests = [path.stem.removeprefix("test_") for path in (TESTS / folder).glob("test_*.py")]

    assert package.is_dir()
    assert [
        test
        for test in sorted(tests)
        if not any(test in {noun, f"{noun}s"} or test.startswith(f"{noun}_") for noun in nouns)
    ] == []


def test_the_lists_name_what_is_there() -> None:
    listed = {(folder, name) for folder, names in CONCERNS.items() for name in names.split()}

    assert [pair for pair in listed if not (TESTS / pair[0] / f"test_{pair[1]}.py").exists()] == []


RIDDLE = re.compile(r"\s*(What|How|Where|Who|Whose|Whom|Whether|Why|Whoever|Whatever)\b")


@pytest.mark.parametrize("path", list(modules()), ids=lambda path: path.stem)
def test_the_first_line_of_a_docstring_names_the_concept(path: Path) -> None:
    texts = [
        ast.get_docstring(node) or ""
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
    ]

    assert [text.partition("\n")[0] for text in texts if RIDDLE.match(text)] == []


def test_findings_of_the_core_are_named_by_their_constants() -> None:
    literals = [
        f"{path.relative_to(ROOT).as_posix()}:{node.lineno}"
        for path in sorted(CORE.rglob("*.py"))
        if path.name != "codes.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and re.fullmatch(r"BH\d{3}", str(node.value))
    ]

    assert literals == []


PARTICIPLE = re.compile(
    r"_?([a-z]+ed|told|kept|made|said|left|taken|found|given|held|drawn|written|known|shown"
    r"|bound|chosen|gone|lost|meant|begun|sent)"
)

NAMED_SO = {
    "banded billed claimed counted given rounded": "figures and records as plugins write them",
    "sent unbilled": "commands, named as they are typed",
    "_embed": "a verb that only looks so",
    "wrapped": "the inner function of a decorator",
    "bundled clipped connected filled fitted formatted held included joined loaded located"
    " narrated offered placed rated refused renamed rendered settled shown stacked turned"
    " unallocated untaxed worked written": "functions that read as their value",
    "_composed _drawn _gathered _held _moved _printed _refused _shown _stacked _titled": "the"
    " typesetter's steps",
}
"""Functions that may be named by a participle alone, with the reason."""


def test_functions_are_verbs_and_no_bare_participles() -> None:
    allowed = {name for names in NAMED_SO for name in names.split()}
    found = [
        f"{path.relative_to(ROOT).as_posix()}: {node.name}"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
        and PARTICIPLE.fullmatch(node.name)
        and node.name not in allowed
        and not any("property" in ast.unparse(each) for each in node.decorator_list)
        and (node.returns is None or ast.unparse(node.returns) != "bool")
    ]

    assert found == []
