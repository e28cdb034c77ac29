"""Lengths are added up by `math.fsum`: what `sum` makes of floats depends on Python's version."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import billhook.render

HERE = Path(billhook.render.__file__).parent
EXACT = {"font_subset.py"}
"""Adds up whole numbers only."""
FILES = [
    path
    for folder in ("pdf",)
    for path in sorted((HERE / folder).rglob("*.py"))
    if path.name not in EXACT
]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_lengths_are_added_up_alike_by_every_python(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    sums = [name.lineno for name in called if isinstance(name, ast.Name) and name.id == "sum"]

    assert sums == [], "use math.fsum"
