"""What an outside plugin may lean on: billhook's public names, and nothing behind them."""

from __future__ import annotations

import ast
import importlib.resources
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import billhook
import pytest

import billhook_utility

SOURCES = sorted(Path(billhook_utility.__file__).parent.rglob("*.py"))
OTHERS = {"attrs", "billhook_utility", *sys.stdlib_module_names}
TALKS = {"cli.py", "plugin.py"}
PLACE = re.compile(r"\{\w+\}")


PUBLIC = {"billhook", "billhook.blocks"}


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """Yield each imported module with the name taken from it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_a_module_imports_public_names_and_click_where_it_talks(path) -> None:
    allowed = OTHERS | ({"click"} if path.name in TALKS else set())
    others = [m for m, _ in imports(path) if m not in PUBLIC and m.partition(".")[0] not in allowed]
    hidden = [n for m, n in imports(path) if m == "billhook" and n not in billhook.__all__]

    assert others == []
    assert hidden == []


def labels() -> set[str]:
    """Return the English texts of all labels."""
    return {
        node.args[0].value
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_"
        if isinstance(node.args[0], ast.Constant)
    }


def catalogue(language: str) -> dict[str, str]:
    folder = importlib.resources.files("billhook_utility") / "locale" / language / "LC_MESSAGES"
    text = (folder / "billhook_utility.po").read_text(encoding="utf-8")
    entries = [entry for entry in text.split("\n\n") if 'msgctxt "rule"' not in entry]
    found = (re.search(r'^msgid "(.+)"\nmsgstr "(.+)"$', each, re.MULTILINE) for each in entries)
    return {each[1]: each[2] for each in found if each}


@pytest.mark.parametrize("language", ["de", "es", "fr"])
def test_a_catalogue_has_every_label_with_its_places(language) -> None:
    words = catalogue(language)
    places = {msgid: sorted(PLACE.findall(msgid)) for msgid in labels()}

    assert {msgid: sorted(PLACE.findall(text)) for msgid, text in words.items()} == places
