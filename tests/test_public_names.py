from __future__ import annotations

import ast
import inspect
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import billhook
from billhook import blocks
from billhook.plugins.deprecations import BillhookDeprecationWarning

ROOT = Path(__file__).parents[1]


def imported_for_type_checkers() -> dict[str, str]:
    """Names and their modules, as mypy and editors see them."""
    tree = ast.parse(inspect.getsource(billhook))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    return {
        alias.name: str(node.module)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def test_type_checkers_and_python_see_the_same_names_in_the_same_places() -> None:
    assert imported_for_type_checkers() == billhook._HOME


def test_every_public_name_can_be_had() -> None:
    assert sorted(billhook.__all__) == sorted(billhook._HOME)
    assert all(getattr(billhook, name) is not None for name in billhook.__all__)


def test_completion_shows_every_public_name() -> None:
    assert set(billhook.__all__) <= set(dir(billhook))


def test_no_two_public_names_differ_only_in_case() -> None:
    names = [*billhook.__all__, *blocks.__all__]

    assert len({name.casefold() for name in names}) == len(names)


def test_blocks_stand_in_a_namespace_of_their_own() -> None:
    assert set(blocks.__all__) & set(billhook.__all__) == set()
    assert all(getattr(blocks, name) is not None for name in blocks.__all__)


@pytest.mark.parametrize("name", billhook._FORMER)
def test_a_name_of_before_works_with_a_warning_that_says_what_to_write(name: str) -> None:
    now = billhook._FORMER[name]

    with pytest.warns(BillhookDeprecationWarning, match=f"import {now.rpartition('.')[2]} from"):
        found = getattr(billhook, name)

    assert found is pkgutil.resolve_name(now)
    assert name not in dir(billhook)


def test_importing_billhook_alone_loads_next_to_nothing() -> None:
    code = (
        "import billhook, sys; print(*sorted({'attrs', 'pluggy', 'cattrs'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() == []


def test_the_page_on_compatibility_has_every_name_of_before() -> None:
    page = (ROOT / "docs" / "reference" / "compatibility.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.*) \| .* \|$", page, re.MULTILINE)
    listed = {name for row in rows for name in re.findall(r"`(\w+)`", row)}

    assert billhook._FORMER.keys() - listed == set()
