"""The contract that every plugin keeps, and the example's amounts, worked out by hand."""

from pathlib import Path

from billhook.project import load_project
from billhook.testing import PluginContract, assert_explains, job_case

JUNE = Path(__file__).parent.parent / "example" / "june.toml"


class TestContract(PluginContract):
    plugin = "acme"

    def cases(self):
        yield job_case(JUNE)


def test_june_is_billed_by_the_hour():
    (draft,) = load_project(JUNE).job(JUNE).drafts()

    # 1.5 h × 120 = 180, 4 h × 120 = 480, 0.25 h × 120 = 30
    assert [str(line.amount.value) for line in draft.invoice.lines] == ["180.00", "480.00", "30.00"]
    assert_explains(draft.invoice, "totals.payable", rules=("acme.fee", "acme.hours", "acme.price"))
