from __future__ import annotations

from pathlib import Path

import pytest

from billhook.ledger.codes import CODES

CASES = Path(__file__).parents[1] / "errors"


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.id)
def test_every_code_of_receivables_has_a_case(code) -> None:
    assert any(CASES.glob(f"**/{code.id}*/case.txt"))
