"""``billhook audit``: who did what, when and why."""

from __future__ import annotations

import datetime as dt
import json

import click

from billhook.cli.command import Command, Lazy, LazyGroup
from billhook.cli.console import Console
from billhook.cli.context import open_store_context
from billhook.cli.exits import Exit
from billhook.cli.listing import Row, write_list
from billhook.cli.options import listing, read_date
from billhook.issue.lookup import find
from billhook.store.protocol import AuditEntry

COMMANDS = {
    "log": Lazy("billhook.cli.commands.audit:log", "List what was done, by whom, when and why."),
    "export": Lazy(
        "billhook.cli.commands.proofs:export", "Write all that an auditor needs into a folder."
    ),
    "sign": Lazy("billhook.cli.commands.proofs:sign", "Sign files by a key kept elsewhere."),
    "new-key": Lazy("billhook.cli.commands.proofs:make_key", "Make a key for signing."),
    "timestamp": Lazy(
        "billhook.cli.commands.proofs:timestamp", "Ask for timestamps, and take the answers."
    ),
}
HEADS = ("line", "recorded", "by", "what", "document", "subject", "at", "reason", "facts")
SHORT = ("line", "recorded", "by", "what", "document", "subject", "reason")


@click.group(cls=LazyGroup, lazy=COMMANDS)
def audit() -> None:
    """Read the audit log, and give outsiders what they need to check everything.

    `billhook verify` checks it here.
    """


@click.command("log", cls=Command)
@click.option("--by", help="Only entries by this person.")
@click.option("--document", help="Only entries about this document.")
@click.option("--subject", help="Only entries about this subject.")
@click.option("--kind", help="Only entries of this kind: issued, voided, credited, sent, …")
@click.option("--since", callback=read_date, help="Only entries recorded on or after this day.")
@listing
@click.pass_obj
def log(
    console: Console,
    /,
    by: str | None,
    document: str | None,
    subject: str | None,
    kind: str | None,
    since: dt.date | None,
    format_: str,
) -> Exit:
    """List the log's entries, oldest first; JSON and CSV include the facts and the chain."""
    with open_store_context(dry=True) as place, place.store.read() as reading:
        number = find(reading, document).number if document else None
        found = reading.audit_entries(subject=subject, document=number, kind=kind)
        rows = [
            _row(each)
            for each in found
            if by in {None, each.by} and (since is None or each.recorded_at.date() >= since)
        ]
    if format_ == "table":
        rows = [{**row, "subject": _about(row)} for row in rows]
    heads = SHORT if format_ == "table" else (*HEADS, "digest")
    write_list(console, rows, format_, schema="billhook.log/1", heads=heads, right=("line",))
    return Exit.OK


def _row(line: AuditEntry) -> Row:
    return {
        "line": line.position,
        "recorded": f"{line.recorded_at:%Y-%m-%d %H:%M:%S}",
        "by": line.by,
        "what": line.kind,
        "document": line.document,
        "subject": line.subject,
        "at": line.at,
        "reason": line.reason,
        "facts": line.payload,
        "digest": line.digest,
    }


def _about(row: Row) -> str:
    """Return a line's subject, with the job where it is about one job of a run."""
    facts = json.loads(str(row["facts"])) if str(row["what"]).startswith("run.") else {}
    return ", ".join(str(each) for each in (row["subject"], facts.get("job")) if each)
