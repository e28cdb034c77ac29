"""The bundled examples, issued one job after the other as a firm would."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize(("trade", "count"), [("legal", 2), ("construction", 3), ("freight", 5)])
def test_all_jobs_of_an_example_are_issued_in_one_go(billhook, tmp_path, trade, count) -> None:
    folder = shutil.copytree(EXAMPLES / trade, tmp_path / trade)
    jobs = sorted(str(path) for path in (folder / "jobs").glob("*.toml"))

    issued = billhook(folder, "issue", "-y", "--format", "none", *jobs)
    again = billhook(folder, "issue", "-y", *jobs)
    verified = billhook(folder, "verify")

    assert (issued.code, len(issued.out.split())) == (0, count), issued.err
    assert again.out == ""
    assert verified.code == 0
