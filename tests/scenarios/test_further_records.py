"""Records that a job's bill skipped are billed by the same job once they can be."""

from __future__ import annotations

import attrs
import pytest

from billhook.credit.note import Correction
from billhook.credit.service import credit, void
from billhook.issue.request import IssueRequest, issue_requests
from billhook.kernel.text import Period
from billhook.store.memory import memory_store
from issue.desk import actor
from legal.office import ENGINE, D, day, entry, job

REASON = actor(reason="mistyped")


def issue_all(store, *records, **changes):
    """Issue the job again; return the totals of what was issued."""
    request = IssueRequest(engine=ENGINE, job=attrs.evolve(job(), **changes), records=records)
    [outcome] = issue_requests(store, [request], actor())
    return [each.number for each in outcome.documents], [
        each.invoice.totals.net.value for each in outcome.documents
    ]


@pytest.mark.parametrize("how", ["void", "credit"])
def test_work_of_a_bill_that_was_taken_back_after_a_late_entry_is_billed(how: str) -> None:
    store = memory_store()
    first, late = entry("1", 60), entry("2", 6)
    [number], net = issue_all(store, first)
    assert net == [D("350.00")]
    assert issue_all(store, first, late)[1] == [D("35.00")]
    if how == "void":
        void(ENGINE, store, number, REASON, release=True)
    else:
        credit(ENGINE, store, number, Correction(release=True), REASON)

    # corrected to 90 minutes: 1.5 h × 350.00
    assert issue_all(store, entry("1", 90), late)[1] == [D("525.00")]
    assert issue_all(store, entry("1", 90), late)[1] == []


def test_an_entry_that_became_billable_is_billed_by_the_same_job() -> None:
    store = memory_store()
    first = entry("1", 60)
    issue_all(store, first, entry("2", 120, billable="no"))

    assert issue_all(store, first, entry("2", 120, billable="no"))[1] == []
    # 2 h × 350.00
    assert issue_all(store, first, entry("2", 120))[1] == [D("700.00")]


def test_an_entry_of_the_days_that_a_job_bills_now_is_billed() -> None:
    store = memory_store()
    records = (entry("1", 60, on=3), entry("2", 120, on=20))
    assert issue_all(store, *records, period=Period(day(1), day(10)))[1] == [D("350.00")]

    assert issue_all(store, *records, period=Period(day(1), day(10)))[1] == []
    assert issue_all(store, *records, period=Period(day(1), day(30)))[1] == [D("700.00")]
