"""``billhook run``: many jobs drafted, reviewed, approved and issued."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence

import click

from billhook.cli.command import Command, Lazy, LazyGroup
from billhook.cli.console import Console
from billhook.cli.context import acting, one_target, open_store_context
from billhook.cli.exits import Exit
from billhook.cli.listing import Row, write_list
from billhook.cli.options import by, listing, read_date, read_period
from billhook.kernel.text import Period, counted
from billhook.runs.members import read_members
from billhook.runs.run import RunJob, draft_run, read_job, read_run, states
from billhook.sources.bad_value import BadValueError
from billhook.sources.parsing import parse_period
from billhook.store.protocol import RunRow

COMMANDS = {
    "new": Lazy("billhook.cli.commands.run:new", "Draft jobs into a run, or draft them again."),
    "list": Lazy("billhook.cli.commands.run:list_", "List the runs."),
    "show": Lazy("billhook.cli.commands.run:show", "Show a run, or one job of it."),
    "diff": Lazy(
        "billhook.cli.commands.run_diff:diff",
        "Compare with the last bills and explain the differences.",
    ),
    "review": Lazy(
        "billhook.cli.commands.run_review:review", "Hold, release, write down or drop a job."
    ),
    "approve": Lazy("billhook.cli.commands.run_review:approve_command", "Approve drafts."),
    "issue": Lazy("billhook.cli.commands.run_issue:issue", "Issue a run, or resume one."),
}
HEADS = ("job", "state", "customer", "subject", "lines", "payable", "currency", "documents", "note")


@click.group(cls=LazyGroup, lazy=COMMANDS)
def run() -> None:
    """Bill many jobs together: draft, review, approve, issue."""


@click.command("new", cls=Command)
@click.argument("name")
@click.argument("jobs", nargs=-1, type=click.Path())
@click.option("--date", callback=read_date, help="Invoice date, instead of the jobs'.")
@click.option("--period", callback=read_period, help="Days to bill: 2026-06 or FIRST..LAST.")
@by
@listing
@click.pass_obj
def new(
    console: Console,
    /,
    name: str,
    jobs: tuple[str, ...],
    date: dt.date | None,
    period: Period | None,
    by: str | None,
    format_: str,
) -> Exit:
    """Draft JOBS into run NAME; repeat it to draft what has changed, keeping the review.

    Of a job for many, the bill of each subject is drafted, and the list says why there is none.
    A NAME that is a period, such as 2026-06 or 2026-Q2, is theirs when they say none.

    JOBS are jobs, folders of jobs, or a project; none means the project around the working
    directory.  Nothing is numbered, and no record is claimed.

    Exit code 5: some jobs could not be drafted; they are noted as failed.
    """
    target = one_target(jobs)
    if not target.jobs:
        raise click.UsageError("there are no jobs to draft")
    target.project.assumed_period = _named_period(name)
    with open_store_context(target.project, make=True) as place:
        read = read_members(
            place.project,
            place.store,
            console.progress(target.jobs, "reading"),
            keeping=place.keeping,
            date=date,
            period=period,
        )
        members = [member for member, _ in read]
        made = draft_run(place.store, name, members, acting(by), roles=place.roles)
    _write(console, made, format_)
    console.say(f"run {name}: {_count_states(made)}")
    failed = [job for job in made if job.state == "failed"]
    return Exit.PARTLY if failed else Exit.OK


def _named_period(name: str) -> Period | None:
    """Return the period that the name of a run says, if it says one."""
    try:
        return parse_period(name)
    except BadValueError:
        return None


@click.command("list", cls=Command)
@listing
@click.pass_obj
def list_(console: Console, /, format_: str) -> Exit:
    """List the runs."""
    with open_store_context(dry=True) as place, place.store.read() as reading:
        rows = [_run(row, read_run(reading, row.run)) for row in reading.runs()]
    heads = ("run", "by", "at", "jobs", "states")
    write_list(console, rows, format_, schema="billhook.runs/1", heads=heads)
    if not rows:
        console.say("there are no runs; billhook run new NAME JOBS drafts one")
    return Exit.OK


def _run(row: RunRow, jobs: Sequence[RunJob]) -> Row:
    facts = json.loads(row.payload)
    return {
        "run": row.run,
        "by": facts.get("by"),
        "at": facts.get("at"),
        "jobs": len(jobs),
        "states": _count_states(jobs),
    }


def _count_states(jobs: Sequence[RunJob]) -> str:
    return ", ".join(f"{count} {state}" for state, count in sorted(states(jobs).items()))


@click.command("show", cls=Command)
@click.argument("name")
@click.argument("job", required=False)
@listing
@click.pass_obj
def show(console: Console, /, name: str, job: str | None, format_: str) -> Exit:
    """Show run NAME, or one JOB of it with its lines and its history."""
    with open_store_context(dry=True) as place, place.store.read() as reading:
        if job is None:
            jobs = read_run(reading, name)
            _write(console, jobs, format_)
            console.say(f"run {name}: {_count_states(jobs)}")
            return Exit.OK
        found = read_job(reading, name, job)
    _show(console, found, format_)
    return Exit.OK


def _write(console: Console, jobs: Sequence[RunJob], format_: str) -> None:
    rows = [_row(job) for job in jobs]
    right = ("lines", "payable")
    write_list(console, rows, format_, schema="billhook.run/1", heads=HEADS, right=right)


def _row(job: RunJob) -> Row:
    note = job.findings[0] if job.findings else ""
    if job.state == "held":
        note = next((step.reason for step in reversed(job.history) if step.act == "held"), "")
    return {
        "job": job.job,
        "state": job.state,
        "customer": job.customer,
        "subject": job.subject,
        "lines": job.lines,
        "payable": job.payable,
        "currency": job.currency,
        "documents": list(job.documents),
        "note": note,
    }


def _show(console: Console, job: RunJob, format_: str) -> None:
    lines = [line for bill in job.bills for line in _lines(bill)]
    heads = ("line", "description", "quantity", "price", "amount")
    right = ("quantity", "price", "amount")
    write_list(console, lines, format_, schema="billhook.run-job/1", heads=heads, right=right)
    for finding in job.findings:
        console.say(finding)
    for step in job.history:
        what = f" {step.line} by {step.amount}" if step.line else ""
        why = f": {step.reason}" if step.reason else ""
        console.say(f"{step.at} {step.by} {step.act}{what}{why}")
    total = f"{job.payable} {job.currency}, {counted(job.lines, 'line')}"
    console.say(f"{job.job} of run {job.run}: {job.state}, {total}")


def _lines(bill: object) -> list[Row]:
    """Return the lines of an archived draft; plugins are not needed to read them."""
    from billhook.archive.payload_types import Pockets
    from billhook.archive.reader import from_tree

    document = from_tree(bill, Pockets(()))  # type: ignore[arg-type]  # as it was archived
    return [
        {
            "line": line.id,
            "description": str(line.description),
            "quantity": f"{line.quantity.value} {line.quantity.unit}" if line.quantity else "",
            "price": str(line.unit_price.value) if line.unit_price else "",
            "amount": str(line.amount.value),
        }
        for line in document.invoice.lines
    ]
