"""The commands of receivables do what the library does, and refuse what it cannot read."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from billhook.cli.commands.aging import aging


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--buckets", "a"], "expected ascending numbers of days, such as 0,30,60, got 'a'"),
        (["--buckets", "30,0"], "expected ascending numbers of days, such as 0,30,60, got '30,0'"),
        (["--as-of", "yesterday"], "yesterday"),
    ],
)
def test_what_cannot_be_read_is_said(arguments: list[str], said: str) -> None:
    outcome = CliRunner().invoke(aging, arguments)

    assert outcome.exit_code == 2
    assert said in outcome.output
