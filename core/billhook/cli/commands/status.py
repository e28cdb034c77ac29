"""``billhook status``: where things stand, and what to do next."""

from __future__ import annotations

import json
from collections.abc import Iterator

import attrs
import click

from billhook.cli.command import Command
from billhook.cli.console import Console
from billhook.cli.context import now, open_store_context
from billhook.cli.exits import Exit
from billhook.cli.options import text_or_json
from billhook.cli.report import counted, several
from billhook.issue.archived_files import find_unfiled
from billhook.runs.backlog import OpenWork, ahead


@click.command("status", cls=Command)
@text_or_json()
@click.pass_obj
def status(console: Console, /, format_: str) -> Exit:
    """Show unbilled jobs, drafts in review, what was issued this month, and what to do next.

    The month is that of the documents' own dates.  Nothing is worked out, so this is quick;
    `billhook check --store` looks into the records.
    """
    today = now().date()
    with open_store_context(dry=True) as place, place.store.read() as reading:
        jobs = [path.stem for path in place.project.jobs()]
        found = ahead(reading, jobs, today)
        bare = find_unfiled(reading)
    if format_ == "json":
        console.write(_to_json(found, bare))
        return Exit.OK
    for line in _lines(found, f"{today:%Y-%m}"):
        console.write(line)
    if bare:
        console.write(f"without files       {several(bare)}")
    for line in _next(found):
        console.say(line)
    if bare:
        console.say("next: billhook invoice files --missing")
    return Exit.OK


def _to_json(found: OpenWork, bare: tuple[str, ...]) -> str:
    facts = attrs.asdict(found)
    facts["month"] = {unit: str(amount) for unit, amount in found.month.items()}
    return json.dumps({"schema": "billhook.status/1", **facts, "unfiled": bare}, indent=2)


def _lines(found: OpenWork, month: str) -> Iterator[str]:
    sums = ", ".join(f"{amount:,} {unit}" for unit, amount in found.month.items())
    yield f"dated in {month}    {counted(found.documents, 'document')}, net {sums or '0'}"
    yield f"unbilled jobs       {_some(found.unbilled)}"
    for run, states in found.runs.items():
        words = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
        yield f"run {run:<15} {words}"
    yield f"not sent            {_some(found.unsent)}"


def _some(names: tuple[str, ...]) -> str:
    return several(names) if names else "none"


def _next(found: OpenWork) -> Iterator[str]:
    """Yield what to do next, most pressing first."""
    for run, states in found.runs.items():
        word = "approve" if states.get("draft") else "issue"
        yield f"next: billhook run diff {run}, then billhook run {word} {run}"
    if found.unbilled and not found.runs:
        yield "next: billhook issue JOB, or billhook run new NAME for many"
    if found.unsent:
        yield f"after sending: billhook invoice sent {found.unsent[0]} --how mail"
