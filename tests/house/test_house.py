"""A place for everything, one name for one noun; ADR 19 has the reasons."""

from __future__ import annotations

import ast
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
