"""Each finding has a folder that provokes it, with what is said."""

from __future__ import annotations

from pathlib import Path

import pytest

ERRORS = Path(__file__).parent / "errors"
CASES = sorted(path.parent for path in ERRORS.glob("*/job.toml"))


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_a_case_says_what_is_expected(folder, golden, run_cli) -> None:
    outcome = run_cli("check", "job.toml", cwd=folder)

    assert folder.name in outcome.findings
    golden.check(folder / "expected.txt", outcome.out + outcome.err)
