"""``billhook run review`` and ``run approve``."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import click

from billhook.cli.command import Command
from billhook.cli.console import Console
from billhook.cli.context import StoreContext, acting, open_store_context
from billhook.cli.exits import Exit
from billhook.cli.options import by, reason
from billhook.issue.actor import Actor
from billhook.runs.members import read_members_again
from billhook.runs.review import adjust, approve, drop, hold, release
from billhook.runs.run import RunJob, read_job

Action = Literal["hold", "release", "drop", "write-down"]
ACTIONS = {"hold": hold, "release": release, "drop": drop}


@click.command("review", cls=Command)
@click.argument("name")
@click.argument("job")
@click.argument("action", type=click.Choice(["hold", "release", "drop", "write-down"]))
@click.argument("line", required=False)
@click.argument("amount", required=False)
@reason
@by
@click.pass_obj
def review(console: Console, /, name: str, job: str, action: Action, **options: str | None) -> Exit:
    """Review a JOB of run NAME: hold, release, drop, or write-down LINE AMOUNT.

    A write-down lowers a line by AMOUNT; a negative amount, after --, raises it.  The reason is
    printed with the line, and the bill is recalculated.
    """
    actor = acting(options["by"], options["reason"])
    with open_store_context() as place:
        if action == "write-down":
            line, amount = options["line"], options["amount"]
            if line is None or amount is None:
                raise click.UsageError("name the line and the amount: write-down LINE AMOUNT")
            done = _write_down(console, place, (name, job), (line, _number(amount)), actor)
        else:
            done = ACTIONS[action](place.store, name, job, actor, roles=place.roles)
    console.say(f"{job} of run {name}: {done.state}, {done.payable} {done.currency}")
    return Exit.OK


def _write_down(
    console: Console,
    place: StoreContext,
    named: tuple[str, str],
    cut: tuple[str, Decimal],
    actor: Actor,
) -> RunJob:
    name, job = named
    with place.store.read() as reading:
        known = read_job(reading, name, job)
    jobs = console.progress([known], "reading")
    [(member, _)] = read_members_again(place.project, place.store, jobs, keeping=place.keeping)
    return adjust(place.store, name, member, *cut, actor, roles=place.roles)


def _number(text: str) -> Decimal:
    from billhook.sources.parsing import parse_decimal

    try:
        return parse_decimal(text, ".", "")
    except ValueError as error:
        raise click.UsageError(str(error)) from None


@click.command("approve", cls=Command)
@click.argument("name")
@click.argument("jobs", nargs=-1)
@by
@reason
@click.pass_obj
def approve_command(
    console: Console,
    /,
    name: str,
    jobs: tuple[str, ...],
    by: str | None,
    reason: str | None,
) -> Exit:
    """Approve the drafts of run NAME, all or the JOBS named.

    Above the limit in [approval], the approver must be someone who neither drafted the job nor
    changed an amount on it.
    """
    actor = acting(by, reason)
    with open_store_context() as place:
        done = approve(place.store, name, actor, jobs=jobs, roles=place.roles)
    for job in done:
        console.say(f"{job.job}: approved by {actor.by}, {job.payable} {job.currency}")
    return Exit.OK
