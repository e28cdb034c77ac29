"""The pages that scripts make are as the code is now, and leave nothing out."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from collections.abc import Callable
from types import ModuleType

import pytest

from billhook.plugins import hookspecs
from docs.pages import ROOT

Load = Callable[[str], ModuleType]
REFERENCE = ROOT / "docs" / "reference"
HOOKS = sorted(name for name in vars(hookspecs) if name.startswith("billhook_"))


def test_each_page_of_the_reference_is_fresh(script: Load) -> None:
    stale = [
        file
        for file, make in script("reference").PAGES.items()
        if (REFERENCE / file).read_text(encoding="utf-8") != make()
    ]

    assert stale == [], "run python scripts/reference.py"


def test_each_picture_is_fresh(script: Load) -> None:
    stale = [
        file
        for file, draw in script("pictures").PICTURES.items()
        if (ROOT / "docs" / "explanation" / file).read_text(encoding="utf-8") != draw()
    ]

    assert stale == [], "run python scripts/pictures.py"


@pytest.mark.parametrize("hook", HOOKS)
def test_each_hook_stands_in_the_docs_with_its_exact_arguments(hook: str) -> None:
    page = (REFERENCE / "hooks.md").read_text(encoding="utf-8")
    found = re.search(rf"^def {hook}\((.*)\) -> ", page, re.MULTILINE)
    wanted = [
        f"{argument.name}: {argument.annotation}"
        for argument in inspect.signature(getattr(hookspecs, hook)).parameters.values()
    ]

    assert found is not None
    assert found[1] == ", ".join(wanted)


@pytest.mark.parametrize("hook", HOOKS)
def test_each_hook_has_a_test_named_after_it(hook: str) -> None:
    tests = (ROOT / "tests" / "plugins" / "test_hookspecs.py").read_text(encoding="utf-8")

    assert re.search(rf"^def test_{hook}_", tests, re.MULTILINE)


def test_the_picture_of_the_hooks_has_them_all(script: Load) -> None:
    drawn = script("pictures").hooks_picture()

    assert [hook for hook in HOOKS if f">{hook}<" not in drawn] == []


def test_the_kernel_is_what_the_engine_reaches_and_nothing_of_it_knows_a_file(script: Load) -> None:
    rings = script("pictures").rings()

    assert rings["engine"] == rings["kernel"] == rings["model"] == 1
    assert rings["sources"] == rings["archive"] == 2
    assert rings["cli"] == rings["render"] == 3


def test_the_reference_of_the_command_line_has_every_command() -> None:
    from billhook.cli.app import COMMANDS

    page = (REFERENCE / "cli.md").read_text(encoding="utf-8")

    assert [name for name in COMMANDS if f"## `billhook {name}`\n" not in page] == []


def test_the_way_of_a_bill_names_the_files_that_a_bill_goes_through() -> None:
    """In a process of its own: what other tests have cached would be missing on the way."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "bill_path.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.stdout.strip(), done.returncode) == ("", 0), "run scripts/bill_path.py"
