"""Start-up time is a feature: SQLAlchemy is loaded when a store is opened, not before."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CODE = """
import sys
import {}
heavy = {{"sqlalchemy", "psycopg", "sqlite3"}} & set(sys.modules)
sys.exit(" ".join(sorted(heavy)) or 0)
"""


@pytest.mark.parametrize(
    "module",
    [
        "billhook.store",
        "billhook.store.protocol",
        "billhook.store.memory",
        "billhook.store.database",
        "billhook.store.transfer",
        "billhook.issue.issue",
    ],
)
def test_importing_loads_no_database(module: str) -> None:
    made = subprocess.run(
        [sys.executable, "-c", CODE.format(module)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "core")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (made.returncode, made.stderr) == (0, "")
