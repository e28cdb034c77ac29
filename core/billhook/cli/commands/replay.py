"""``billhook replay``: what the documents of the past would be today."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import click

from billhook.audit.replay import Replayed, replay
from billhook.cli.command import Command
from billhook.cli.commands.diff import show_changes
from billhook.cli.console import Console
from billhook.cli.context import StoreContext, open_store_context
from billhook.cli.exits import Exit
from billhook.cli.listing import write_list
from billhook.cli.options import listing
from billhook.cli.report import located, to_text
from billhook.issue.history import CORRECTIONS, REVERSED, find_void
from billhook.issue.lookup import find, numbers
from billhook.kernel.diagnostics import Severity
from billhook.kernel.text import counted
from billhook.project.drafting import Drafting
from billhook.store.protocol import Entry, Reading

HEADS = ("number", "job", "before", "now", "change", "currency", "causes")


@click.command("replay", cls=Command)
@click.argument("documents", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All documents that count.")
@listing
@click.pass_obj
def replay_command(
    console: Console,
    /,
    documents: tuple[str, ...],
    every: bool,  # noqa: FBT001 - click's signature
    format_: str,
) -> Exit:
    """Recalculate issued DOCUMENTS with today's files, plugins and rates, and compare.

    Nothing is changed.  What others of the documents bill is left out, and history is what it was
    on the day of issue.

    Exit code 1: something would differ today.  5: a document could not be recalculated.
    """
    if bool(documents) == every:
        raise click.UsageError("name documents, or pass --all")
    with open_store_context(dry=True) as place, place.store.read() as reading:
        entries = _entries(reading, documents, every=every)
        found = [
            each
            for entry in console.progress(entries, "replaying")
            if (each := _replay(console, place, reading, entry)) is not None
        ]
    _write(console, found, format_)
    return _exit(console, len(entries), found)


def _entries(reading: Reading, documents: Sequence[str], *, every: bool) -> list[Entry]:
    if not every:
        return [find(reading, number) for number in documents]
    found = (reading.entry(number) for number in numbers(reading))
    return [entry for entry in found if entry is not None and _counts(reading, entry)]


def _counts(reading: Reading, entry: Entry) -> bool:
    links = reading.links(entry.number)
    note = any(link.kind in CORRECTIONS and link.source == entry.number for link in links)
    back = any(link.kind == REVERSED and link.target == entry.number for link in links)
    return not note and not back and find_void(reading, entry.number) is None


def _replay(
    console: Console, place: StoreContext, reading: Reading, entry: Entry
) -> Replayed | None:
    path = next((each for each in place.project.jobs() if each.stem == entry.job), None)
    if path is None:
        console.warn(f"{entry.number}: the project no longer has the job {entry.job!r}")
        return None
    document, _ = place.document(entry)
    period = document.invoice.period
    drafting = Drafting(place.project, reading, place.keeping, together=place.project.jobs())
    prepared = drafting.prepare(path, date=entry.date, period=period)
    if prepared.request is None:
        console.warn(to_text(located(prepared.findings, place.project.folder)))
        return None
    found = replay(reading, entry, prepared.request)
    errors = [each for each in found.findings if each.severity is Severity.ERROR]
    if errors:
        console.warn(to_text(located(errors, place.project.folder)))
    return found if found.comparison is not None else None


def _write(console: Console, found: Sequence[Replayed], format_: str) -> None:
    if format_ == "table":
        for each in found:
            for line in _lines(console, each):
                console.say(line)
    else:
        rows = [_row(each) for each in found if not each.same]
        write_list(console, rows, format_, schema="billhook.replayed/1", heads=HEADS)


def _lines(console: Console, found: Replayed) -> Iterator[str]:
    for name, then, now in found.versions:
        yield f"{found.number}: {name} was version {then}, is {now}"
    if found.comparison is not None and found.comparison.changes:
        yield f"{found.number} would differ today:"
        show_changes(found.comparison, console)
    else:
        yield f"{found.number}: the same today"


def _row(found: Replayed) -> dict[str, object]:
    comparison = found.comparison
    if comparison is None:
        return {"number": found.number}
    return {
        "number": found.number,
        "job": found.before.invoice.job,
        "before": comparison.before,
        "now": comparison.after,
        "change": comparison.difference,
        "currency": comparison.currency,
        "causes": json.dumps({str(k): str(v) for k, v in comparison.causes().items()}),
    }


def _exit(console: Console, count: int, found: Sequence[Replayed]) -> Exit:
    differing = sum(not each.same for each in found)
    console.say(f"{counted(count, 'document')}: {differing} would differ today")
    if len(found) < count:
        console.warn(f"{counted(count - len(found), 'document')} could not be recalculated")
        return Exit.PARTLY
    return Exit.FINDINGS if differing else Exit.OK
