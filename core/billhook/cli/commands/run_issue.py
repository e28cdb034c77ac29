"""``billhook run issue``: every job in a transaction of its own, so a run can be gone on with."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import click

from billhook.archive.payload_types import Pockets
from billhook.cli.command import Command
from billhook.cli.console import Console
from billhook.cli.context import StoreContext, acting, open_store_context, sums, sure
from billhook.cli.document_files import Output, looks_of
from billhook.cli.exits import Exit
from billhook.cli.options import by, dry_run, yes
from billhook.cli.report import located, tell, unique
from billhook.issue.actor import Actor
from billhook.kernel.money import EXACT
from billhook.kernel.text import counted
from billhook.model.document import Document
from billhook.project import LoadedJob
from billhook.runs.issue import Turn, issue_run
from billhook.runs.members import read_members_again
from billhook.runs.run import Member, RunJob, bills_of, read_run

READY = frozenset({"draft", "approved", "failed"})


@click.command("issue", cls=Command)
@click.argument("name")
@click.option(
    "-f", "--format", "formats", default="pdf,json", show_default=True, help="Files to make."
)
@click.option("-o", "--output", help="An additional folder for copies of the files.")
@by
@dry_run
@yes
@click.pass_obj
def issue(console: Console, /, name: str, **options: object) -> Exit:
    """Issue run NAME.  If it is interrupted, run the same command again to continue.

    What was drafted and approved is what is issued: a job that has changed since is refused and
    named, and the others go on.

    Exit code 4: it was not confirmed.  5: some jobs failed; they are named.
    """
    actor = acting(_text(options["by"]))
    with open_store_context() as place:
        with place.store.read() as reading:
            jobs = read_run(reading, name)
        ready = [job for job in jobs if job.state in READY]
        for line in _waiting(jobs):
            console.say(line)
        if options["dry_run"]:
            console.say(f"dry run: {counted(len(ready), 'job')}, {_sums(ready) or 'nothing'}")
            return Exit.OK
        question = f"Issue {counted(len(ready), 'job')} of run {name}, {_sums(ready)}?"
        if ready and not sure(question, yes=bool(options["yes"])):
            console.warn("nothing was issued")
            return Exit.REFUSED
        output = Output(console, place, str(options["formats"]), _text(options["output"]))
        written = _made_up(place, jobs, actor, output)
        if not ready:
            console.say(f"run {name}: nothing left to issue")
            return Exit.OK if written else Exit.PARTLY
        code = _issue(console, place, name, ready, actor, output)
        return code if written else Exit.PARTLY


def _made_up(place: StoreContext, jobs: Sequence[RunJob], actor: Actor, output: Output) -> bool:
    """Write the files that a killed run left out; return whether all of them are there."""
    numbers = [number for job in jobs if job.state == "issued" for number in job.documents]
    with place.store.read() as reading:
        bare = output.bare(reading, numbers)
        entries = [
            entry
            for number in numbers
            if number in bare and (entry := reading.entry(number)) is not None
        ]
    done = []
    for entry in entries:
        document, engine = place.document(entry)
        done.append(output.write(looks_of(place.project, document, engine), document, actor))
    return all(done)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _waiting(jobs: Sequence[RunJob]) -> list[str]:
    words = {"held": "is held", "empty": "has nothing to bill", "dropped": "is dropped"}
    lines = [f"{job.job}: {words[job.state]}" for job in jobs if job.state in words]
    issued = [job for job in jobs if job.state == "issued"]
    return [*lines, *(f"{job.job}: issued as {', '.join(job.documents)}" for job in issued)]


def _sums(jobs: Sequence[RunJob]) -> str:
    found: dict[str, Decimal] = {}
    for job in jobs:
        if job.currency:
            so_far = found.get(job.currency, Decimal(0))
            found[job.currency] = EXACT.add(so_far, Decimal(job.payable))
    return ", ".join(f"{value:,} {unit}" for unit, value in sorted(found.items()))


def _issue(
    console: Console,
    place: StoreContext,
    name: str,
    ready: Sequence[RunJob],
    actor: Actor,
    output: Output,
) -> Exit:
    read, failed = _printable(console, place, ready, output)
    members = [member for member, _ in read]
    turns = issue_run(place.store, name, members, actor, roles=place.roles)
    done: list[Document] = []
    unwritten = 0
    for member, loaded in console.progress(read, "issuing"):
        turn = next(turns)
        tell(console, turn.findings)
        if not turn.documents:
            failed.append(member.job)
            continue
        done.extend(turn.documents)
        unwritten += not _written(loaded, turn, actor, output)
    console.say(f"issued {counted(len(done), 'document')}: {sums(done) or 'nothing'}")
    if failed:
        console.warn(f"{counted(len(failed), 'job')} failed: {', '.join(failed)}")
    return Exit.PARTLY if failed or unwritten else Exit.OK


def _printable(
    console: Console, place: StoreContext, ready: Sequence[RunJob], output: Output
) -> tuple[list[tuple[Member, LoadedJob]], list[str]]:
    """Read the jobs again; return those whose drafts can be printed, and say why others cannot."""
    drafts = {job.job: job for job in ready}
    pockets = Pockets(place.engine.plugins)
    good: list[tuple[Member, LoadedJob]] = []
    failed: list[str] = []
    jobs = console.progress(ready, "reading")
    folder = place.project.folder
    read = read_members_again(place.project, place.store, jobs, keeping=place.keeping)
    for member, loaded in read:
        bills = bills_of(drafts[member.job], pockets)
        found = [f for bill in bills for f in output.rehearse(loaded, bill)]
        tell(console, located(unique(found), folder))
        if found:
            failed.append(member.job)
        else:
            good.append((member, loaded))
    return good, failed


def _written(loaded: LoadedJob, turn: Turn, actor: Actor, output: Output) -> bool:
    done = [output.write(loaded, document, actor) for document in turn.documents]
    return all(done)
