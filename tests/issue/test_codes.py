from __future__ import annotations

from pathlib import Path

import pytest

from billhook.issue.codes import CODES
from billhook.kernel import codes as kernel_codes

CASES = Path(__file__).parents[1] / "errors"


OF_CALCULATION = [code for code in kernel_codes.CODES if code.id.startswith("BH5")]


@pytest.mark.parametrize("code", [*CODES, *OF_CALCULATION], ids=lambda code: code.id)
def test_every_code_of_issuing_has_a_case(code) -> None:
    assert any(CASES.glob(f"**/{code.id}*/case.txt"))
