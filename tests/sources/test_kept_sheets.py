"""Sheets as people keep them are billed without an edit; see ``kept/README.md``."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from billhook.kernel.diagnostics import Severity
from billhook.project import load_project

KEPT = Path(__file__).parent / "kept"
EXAMPLES = Path(__file__).parents[2] / "examples"


def drafted(job: Path):
    loaded = load_project(job).job(job)
    assert [str(each) for each in loaded.findings] == []
    (draft,) = loaded.drafts()
    return draft


@pytest.mark.parametrize(
    "tracker", ["toggl", "clockify", "harvest", "kimai", "clio", "timewarrior"]
)
def test_the_export_of_a_time_tracker_is_billed(tracker: str) -> None:
    draft = drafted(KEPT / "firm" / "jobs" / f"{tracker}.toml")

    assert [str(each) for each in draft.errors] == []
    # 1:20 (or 1.33 h, 79.8 min) is up to 84 minutes in units of six: 1.4 h × 300.00; the other
    # entries are not billable, billed before, of another matter, or no time
    assert draft.invoice.totals.payable.value == Decimal("420.00")
    assert [line.description for line in draft.invoice.lines] == ["Charter party reviewed"]


@pytest.mark.parametrize(
    ("tracker", "reasons"),
    [
        ("harvest", ["row 2 is left out: 'Invoiced?' is 'Yes'"]),
        (
            "clio",
            [
                "row 3 is left out: 'Bill number' is '1207'",
                "row 4 is left out: 'Type' is 'ExpenseEntry'",
            ],
        ),
        ("timewarrior", ["2 rows (3, 4) are left out: 'tags' is 'office'"]),
    ],
)
def test_work_that_is_left_out_is_told_with_its_reason(tracker: str, reasons: list[str]) -> None:
    draft = drafted(KEPT / "firm" / "jobs" / f"{tracker}.toml")

    assert [each.message for each in draft.findings if each.code == "BH151"] == reasons


def test_a_contractors_schedule_with_titles_sections_and_totals_is_billed() -> None:
    draft = drafted(KEPT / "site" / "jobs" / "june.toml")

    assert [str(each) for each in draft.errors] == []
    # 20,000 × 50 % + 30,000 × 100 % + 9,000 × 33.333333333 % = 43,000.00; VAT 20 %
    assert draft.invoice.totals.net.value == Decimal("43000.00")
    assert draft.invoice.totals.payable.value == Decimal("51600.00")
    said = {each.code for each in draft.findings}
    assert {"BH150", "BH151", "BH152"} <= said
    assert not [each for each in draft.findings if each.severity is Severity.WARNING]


@pytest.fixture
def carrier(tmp_path: Path) -> Path:
    shutil.copytree(EXAMPLES / "freight", tmp_path / "carrier")
    shutil.copytree(KEPT / "carrier", tmp_path / "carrier", dirs_exist_ok=True)
    return tmp_path / "carrier"


@pytest.mark.parametrize("job", ["deutsch", "american"])
def test_a_week_in_german_and_in_us_numbers_is_the_same_bill(carrier: Path, job: str) -> None:
    draft = drafted(carrier / "jobs" / f"{job}.toml")
    plain = drafted(carrier / "jobs" / "hallberg-kw25.toml")
    numbers = ("42601151", "42601154", "42601172")

    assert [str(each) for each in draft.errors] == []
    # the same three shipments as the example bills them from its own file
    expected = {
        line.id: line.amount.value for line in plain.invoice.lines if line.id.startswith(numbers)
    }
    found = {
        line.id: line.amount.value for line in draft.invoice.lines if line.id.startswith(numbers)
    }
    assert expected == found
    assert not any(line.id.startswith("42601199") for line in draft.invoice.lines)
