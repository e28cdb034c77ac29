"""What a command bills, a script bills: the same amounts from the same project, or a refusal."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import pytest

from billhook import (
    Actor,
    IssueRequest,
    RefusedError,
    draft_job,
    issue_requests,
    load_project,
    memory_store,
    request_issue,
)
from billhook.kernel.diagnostics import Findings
from billhook.project.drafting import Drafting

EXAMPLES = Path(__file__).parents[2] / "examples"
ACT = Actor(by="erp", at=dt.datetime(2026, 12, 1, tzinfo=dt.UTC))


def amounts(documents) -> list[str]:
    return [str(each.invoice.totals.payable.value) for each in documents]


@pytest.mark.parametrize("name", ["construction", "legal", "freight"])
def test_a_script_issues_what_the_command_issues(billhook, tmp_path, name) -> None:
    site = Path(shutil.copytree(EXAMPLES / name, tmp_path / name))
    ran = billhook(site, "issue", "-y", "--format", "none")
    assert ran.code == 0, ran.err
    listed = json.loads(billhook(site, "invoice", "list", "--format", "json").out)["rows"]
    by_command = [row["payable"] for row in listed]

    project, store = load_project(site), memory_store()
    with store.read() as reading:
        drafting = Drafting(project, reading, together=project.jobs())
        ready = sorted((drafting.prepare(path) for path in project.jobs()), key=lambda p: p.place)
    outcomes = issue_requests(store, [each.request for each in ready if each.request], ACT)

    by_script = amounts(document for each in outcomes for document in each.documents)
    assert sorted(by_script) == sorted(by_command)
    assert len(by_script) == len(ran.out.split())


@pytest.mark.parametrize("name", ["construction", "legal", "freight"])
def test_what_is_drafted_is_what_is_issued_next(billhook, tmp_path, name) -> None:
    site = Path(shutil.copytree(EXAMPLES / name, tmp_path / name))
    project, store = load_project(site), memory_store()

    for path in project.jobs():
        drafted = draft_job(project, path, store)
        loaded = load_project(site).job(path)
        [outcome] = issue_requests(store, [request_issue(loaded)], ACT)

        assert amounts(drafted.documents) == amounts(outcome.documents)
        again = draft_job(project, path, store)
        assert amounts(again.issued) == amounts(outcome.documents)


def test_a_job_that_follows_one_not_issued_is_refused_however_it_is_asked_for(site) -> None:
    """Its amount would be that of a first application: 455,833.93 instead of 236,689.01."""
    loaded = load_project(site).job(site / "jobs/application-3.toml")
    records = tuple(loaded.engine.read(loaded.job, Findings()))
    by_hand = IssueRequest(engine=loaded.engine, job=loaded.job, records=records)

    for request in (by_hand, request_issue(loaded)):
        with pytest.raises(RefusedError) as refused:
            issue_requests(memory_store(), [request], ACT)
        assert [each.code for each in refused.value.findings] == ["BH510"]
    alone = loaded.engine.draft(loaded.job, records)
    assert [each.code for each in alone.errors] == ["BH510"]


def test_three_applications_issued_from_python_come_to_the_commands_amounts(site) -> None:
    project, store = load_project(site), memory_store()

    made = [
        issue_requests(store, [request_issue(project.job(path))], ACT) for path in project.jobs()
    ]

    assert amounts(d for [each] in made for d in each.documents)[-1] == "236689.01"
