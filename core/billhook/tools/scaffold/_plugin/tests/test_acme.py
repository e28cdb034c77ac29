"""The contract that every plugin keeps, and the example's amounts, worked out by hand."""

from pathlib import Path

from billhook.project import load_project
from billhook.testing import PluginContract, amounts_of, assert_explains, job_case

HERE = Path(__file__).parent
JUNE = HERE.parent / "example" / "june.toml"


class TestContract(PluginContract):
    plugin = "acme"

    def cases(self):
        yield job_case(JUNE)


def june():
    (draft,) = load_project(JUNE).job(JUNE).drafts()
    return draft.invoice


def test_june_is_billed_by_the_hour():
    # 1.5 h × 120 = 180, 4 h × 120 = 480, 0.25 h × 120 = 30
    assert [str(line.amount.value) for line in june().lines] == ["180.00", "480.00", "30.00"]
    assert_explains(june(), "totals.payable", rules=("acme.fee", "acme.hours", "acme.price"))


def test_june_comes_to_what_it_came_to(golden):
    golden.check(HERE / "golden" / "june" / "expected.txt", amounts_of(june()))
