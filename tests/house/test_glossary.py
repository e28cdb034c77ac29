"""The glossary's words are those of the code: what a page calls a claim is a ``Claim``."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
TERMS = re.findall(r"^([a-z][a-z ]*)\n: ", PAGE, re.MULTILINE)

NO_NAME = {
    "consumed record": "a record in a charge's sources that no line prices",
    "largest remainder": "the method behind `allocate`",
}
"""Terms that name a notion and nothing in the code, with that notion."""


def names_of_the_code() -> set[str]:
    """Return the names of modules, packages, classes, functions and fields, as words."""
    found: set[str] = set()
    for path in (ROOT / "core" / "billhook").rglob("*.py"):
        found |= {path.stem, path.parent.name}
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.ClassDef(name=name):
                    found.add(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower())
                case ast.FunctionDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
                    found.add(name)
    return {name.replace("_", " ") for name in found}


NAMES = names_of_the_code()


@pytest.mark.parametrize("term", TERMS)
def test_a_term_of_the_glossary_is_a_name_in_the_code(term: str) -> None:
    assert (term in NAMES or f"{term}s" in NAMES) != (term in NO_NAME)


def test_the_terms_stand_in_order_and_once() -> None:
    words = [term.partition(" ")[0] for term in TERMS]

    assert sorted(set(TERMS)) == sorted(TERMS)
    assert words == sorted(words)


def test_no_notion_is_listed_without_a_term() -> None:
    assert set(TERMS) >= NO_NAME.keys()
