"""The author's kit: what a plugin's tests need, opt-in.

Put ``pytest_plugins = ["billhook.testing"]`` into the ``conftest.py`` of a plugin's tests for the
fixtures, and inherit `PluginContract` for the tests that every plugin must pass.
"""

from __future__ import annotations

import pytest

# Before any of them is imported, so that a failing test says what was found, in any project.
pytest.register_assert_rewrite(
    *(f"billhook.testing.{name}" for name in ("contract", "explains", "golden"))
)

from billhook.testing.case import Case
from billhook.testing.contract import PluginContract
from billhook.testing.explains import amounts_of, assert_explains, assert_replays
from billhook.testing.fixtures import (
    golden,
    make_engine,
    make_history,
    make_job,
    pytest_addoption,
    run_cli,
    store,
)
from billhook.testing.golden import Golden
from billhook.testing.job_case import job_case
from billhook.testing.outcome import CommandOutcome
from billhook.testing.samples import (
    Inline,
    sample_engine,
    sample_history,
    sample_job,
    sample_party,
)

__all__ = [
    "Case",
    "CommandOutcome",
    "Golden",
    "Inline",
    "PluginContract",
    "amounts_of",
    "assert_explains",
    "assert_replays",
    "golden",
    "job_case",
    "make_engine",
    "make_history",
    "make_job",
    "pytest_addoption",
    "run_cli",
    "sample_engine",
    "sample_history",
    "sample_job",
    "sample_party",
    "store",
]
