from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from docs.pages import ROOT

Load = Callable[[str], ModuleType]
BEFORE = """# Changelog

Words.

## Unreleased

Something to come.

## 0.1.0 – 2026-01-01

### Added

* All.
"""


def test_every_fragment_is_named_and_worded_as_a_fragment(script: Load) -> None:
    found = script("changelog").fragments()

    assert [name for name, text in found.items() if not text.endswith(".\n")] == []


def test_a_release_stands_above_the_older_ones(script: Load) -> None:
    found = {"a.fixed.md": "A fault.\n", "b.added.md": "A thing.\nAnd more.\n"}

    after = script("changelog").released(BEFORE, found, "0.2.0", "2026-12-01")

    assert after.split("## Unreleased\n")[1] == (
        "\n## 0.2.0 – 2026-12-01\n\n### Added\n\n* A thing.\n  And more.\n\n"
        "### Fixed\n\n* A fault.\n\n## 0.1.0 – 2026-01-01\n\n### Added\n\n* All.\n"
    )


def test_a_file_that_is_no_fragment_is_refused(script: Load, tmp_path: Path) -> None:
    (tmp_path / "Nice thing.txt").write_text("hello")

    with pytest.raises(ValueError, match="Nice thing"):
        script("changelog").fragments(tmp_path)


def test_the_changelog_says_where_the_fragments_are() -> None:
    assert "(changelog.d/README.md)" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
