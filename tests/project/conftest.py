from __future__ import annotations

from pathlib import Path

import pytest

from billhook.tools.scaffold import plain


@pytest.fixture
def firm(tmp_path: Path) -> Path:
    """A project that bills hours: one seller, one customer, one job, a plugin of one file."""
    root = tmp_path / "my firm"
    for path, data in plain().items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root
