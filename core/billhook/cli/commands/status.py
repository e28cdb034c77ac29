"""``billhook status``: where things stand, and what to do next."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal

import attrs
import click

from billhook.cli.command import Command
from billhook.cli.console import Console
from billhook.cli.context import now, open_store_context
from billhook.cli.exits import Exit
from billhook.cli.options import text_or_json
from billhook.cli.report import located, several, tell
from billhook.issue.archived_files import find_unfiled
from billhook.kernel.text import counted
from billhook.project.each import split_member
from billhook.project.unbilled import WorkItem, draft_all, find_work, sum_values
from billhook.runs.backlog import OpenWork, ahead


@click.command("status", cls=Command)
@text_or_json()
@click.pass_obj
def status(console: Console, /, format_: str) -> Exit:
    """Show unbilled jobs and work, drafts in review, what was issued, and what to do next.

    The month is that of the documents' own dates.  The jobs are worked out for the value of the
    work that lies unbilled; `billhook unbilled` lists it.
    """
    today = now().date()
    with open_store_context(dry=True) as place, place.store.read() as reading:
        place.project.assumed_date = today
        jobs = [path.stem for path in place.project.jobs() if split_member(path) is None]
        found = ahead(reading, jobs, today)
        bare = find_unfiled(reading)
        items = find_work(place.project, draft_all(place.project, reading), reading)
        unloaded = located(place.engine.findings, place.project.folder)
    tell(console, unloaded)
    work = _Work.of(items)
    if format_ == "json":
        console.write(_to_json(found, bare, work))
        return Exit.OK
    for line in _lines(found, work, f"{today:%Y-%m}"):
        console.write(line)
    if bare:
        console.write(f"without files       {several(bare)}")
    for line in _next(found):
        console.say(line)
    if work.forgotten:
        console.say(f"next: billhook check; no job would bill {counted(work.forgotten, 'record')}")
    if bare:
        console.say("next: billhook invoice files --missing")
    return Exit.OK


@attrs.frozen
class _Work:
    """Work that lies unbilled, summed up."""

    records: int
    value: dict[str, str]
    oldest: str | None
    forgotten: int
    aside: int

    @classmethod
    def of(cls, items: Sequence[WorkItem]) -> _Work:
        open_ = [each for each in items if each.open]
        days = [each.day for each in open_ if each.day is not None]
        return cls(
            records=len(open_),
            value={unit: str(value) for unit, value in sum_values(open_).items()},
            oldest=min(days).isoformat() if days else None,
            forgotten=sum(1 for each in open_ if each.fault),
            aside=sum(1 for each in items if each.state == "aside"),
        )


def _to_json(found: OpenWork, bare: tuple[str, ...], work: _Work) -> str:
    facts = attrs.asdict(found)
    facts["month"] = {unit: str(amount) for unit, amount in found.month.items()}
    whole = {**facts, "unfiled": bare, "work": attrs.asdict(work)}
    return json.dumps({"schema": "billhook.status/1", **whole}, indent=2)


def _lines(found: OpenWork, work: _Work, month: str) -> Iterator[str]:
    sums = ", ".join(f"{amount:,} {unit}" for unit, amount in found.month.items())
    yield f"dated in {month}    {counted(found.documents, 'document')}, net {sums or '0'}"
    yield f"unbilled jobs       {_some(found.unbilled)}"
    yield f"unbilled work       {_worth(work)}"
    for run, states in found.runs.items():
        words = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
        yield f"run {run:<15} {words}"
    yield f"not sent            {_some(found.unsent)}"


def _worth(work: _Work) -> str:
    if not work.records:
        return "none"
    sums = ", ".join(f"{Decimal(value):,} {unit}" for unit, value in work.value.items())
    oldest = f", the oldest of {work.oldest}" if work.oldest else ""
    return f"{counted(work.records, 'record')}{f', worth {sums}' if sums else ''}{oldest}"


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
