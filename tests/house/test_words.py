from __future__ import annotations

import re
from pathlib import Path

CORE = Path(__file__).parents[2] / "core"
TRADE = re.compile(
    r"(?<!legal\.)\b(retainage|timekeepers?|tariffs?|matters?|schedule of values|lading|ledes|"
    r"deficit weight|change orders?|weight breaks?|freight class)\b",
    re.IGNORECASE,
)


def test_the_core_speaks_no_trades_words() -> None:
    found = [
        f"{path.relative_to(CORE)}:{number}: {line.strip()}"
        for path in sorted(CORE.rglob("*.py"))
        if "scaffold" not in path.parts and path.name != "presets.py"  # columns of other programs
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if TRADE.search(line)
    ]

    assert found == []
