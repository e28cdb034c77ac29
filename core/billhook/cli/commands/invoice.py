"""``billhook invoice``: what was issued: list, show, files, open, sent."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import click

from billhook.cli.command import Command, Lazy, LazyGroup
from billhook.cli.console import Console
from billhook.cli.context import StoreContext, acting, open_store_context
from billhook.cli.document_files import Output, copy, looks_of, rendered
from billhook.cli.exits import Exit
from billhook.cli.listing import Row, write_list
from billhook.cli.options import by, listing, read_date, text_or_json
from billhook.cli.report import shown, to_text
from billhook.issue import codes
from billhook.issue.actor import Actor
from billhook.issue.archived_files import with_files
from billhook.issue.delivery import mark_sent
from billhook.issue.lookup import find
from billhook.issue.status import DocumentStatus, State, standing, standings
from billhook.kernel.diagnostics import Diagnostic, Severity
from billhook.kernel.errors import BillhookError
from billhook.store.protocol import Entry

COMMANDS = {
    "list": Lazy("billhook.cli.commands.invoice:list_", "List issued documents."),
    "show": Lazy("billhook.cli.commands.invoice:show", "Show a document and its history."),
    "pdf": Lazy("billhook.cli.commands.invoice:pdf", "Make a document's files again."),
    "files": Lazy("billhook.cli.commands.invoice:files", "Make files that are missing."),
    "open": Lazy("billhook.cli.commands.invoice:open_", "Open a document's PDF."),
    "sent": Lazy("billhook.cli.commands.invoice:sent", "Record that a document was sent."),
    "export": Lazy(
        "billhook.cli.commands.invoice_export:export", "Write many documents into one file."
    ),
    "read": Lazy("billhook.cli.commands.invoice_export:read", "List the documents in a file."),
}
HEADS = (
    "number", "date", "type", "customer", "subject", "job",
    "net", "tax", "gross", "payable", "currency", "state",
)  # fmt: skip
AMOUNTS = ("net", "tax", "gross", "payable")


@click.group(cls=LazyGroup, lazy=COMMANDS)
def invoice() -> None:
    """List and show issued documents, and make their files."""


@click.command("list", cls=Command)
@click.option("--customer", help="Only this customer.")
@click.option("--subject", help="Only this subject.")
@click.option("--since", callback=read_date, help="Only documents from this date on.")
@click.option("--until", callback=read_date, help="Only documents up to this date.")
@click.option("--state", type=click.Choice([*get_args(State)]))
@listing
@click.pass_obj
def list_(
    console: Console,
    /,
    customer: str | None,
    subject: str | None,
    since: dt.date | None,
    until: dt.date | None,
    state: str | None,
    format_: str,
) -> Exit:
    """List issued documents, in the order of their chains."""
    with open_store_context(dry=True) as place, place.store.read() as reading:
        entries = reading.columns(customer=customer, subject=subject, until=until)
        found = standings(reading, (e for e in entries if since is None or e.date >= since))
        rows = [_row(each) for each in found if state in {None, each.state}]
    write_list(console, rows, format_, schema="billhook.documents/1", heads=HEADS, right=AMOUNTS)
    if not rows:
        console.say("nothing was issued yet; billhook issue issues a bill")
    return Exit.OK


def _row(found: DocumentStatus) -> Row:
    entry = found.entry
    amounts = {name: found.amount(getattr(entry, name)) for name in AMOUNTS}
    return {
        "number": entry.number,
        "date": entry.date,
        "type": entry.type_code,
        "customer": entry.customer,
        "subject": entry.subject,
        "job": entry.job,
        **amounts,
        "currency": entry.currency,
        "state": found.state,
    }


@click.command("show", cls=Command)
@click.argument("number")
@text_or_json("The document as text, or its facts as JSON.")
@click.pass_obj
def show(console: Console, /, number: str, format_: str) -> Exit:
    """Show document NUMBER and its status: sent, credited, void."""
    with open_store_context(dry=True) as place, place.store.read() as reading:
        entry = find(reading, number)
        found = standing(reading, entry)
        facts = {**_row(found), **_facts(found, entry)}
        if format_ == "json":
            tree = json.loads(entry.payload)
            whole = {"schema": "billhook.issued/1", **_plain(facts), "sealed": tree}
            console.write(json.dumps(whole, ensure_ascii=False, indent=2))
            return Exit.OK
        document, engine = place.document(entry)
        loaded = looks_of(place.project, document, engine)
        [data] = rendered(loaded, document, ("text",)).values()
    console.write(data.decode().rstrip("\n"))
    console.say("\n".join(_became(found, entry)))
    return Exit.OK


def _facts(found: DocumentStatus, entry: Entry) -> dict[str, object]:
    return {
        "issued_at": entry.issued_at.isoformat(),
        "issued_by": found.by,
        "digest": entry.digest,
        "chain": f"{entry.chain}/{entry.position}",
        "credits": list(found.credits),
        "corrects": found.corrects,
        "left": found.amount(found.left),
        "sent": found.sent,
        "void": found.void,
        "files": [proof.name for proof in found.files],
    }


def _plain(facts: dict[str, object]) -> dict[str, object]:
    kinds = (str, int, list, type(None))
    return {k: v if isinstance(v, kinds) else str(v) for k, v in facts.items()}


def _became(found: DocumentStatus, entry: Entry) -> Iterator[str]:
    yield f"issued {entry.issued_at:%Y-%m-%d %H:%M} UTC by {found.by}; digest {entry.digest[:10]}"
    if found.corrects:
        yield f"credits {found.corrects}"
    if found.credits:
        left = f"{found.amount(found.left)} {entry.currency} with tax"
        yield f"credited by {', '.join(found.credits)}; {left} not credited"
    if found.sent:
        yield f"sent {found.sent}"
    if found.void:
        yield f"void: {found.void}"


@click.command("pdf", cls=Command)
@click.argument("number")
@click.option("-f", "--format", "formats", default="pdf", show_default=True, help="Formats.")
@click.option("-o", "--output", help="A folder for the files.  [default: the archive]")
@click.option("--copy", "marked", is_flag=True, help="Mark them as copies; takes a folder.")
@by
@click.pass_obj
def pdf(
    console: Console,
    /,
    number: str,
    formats: str,
    output: str | None,
    marked: bool,  # noqa: FBT001 - click's signature
    by: str | None,
) -> Exit:
    """Make the files of document NUMBER again: the same bytes, if the print settings are the same.

    Exit code 1: a file differs from the one that was recorded.
    """
    if marked:
        return _copies(console, number, formats, output)
    with open_store_context() as place:
        with place.store.read() as reading:
            entry = find(reading, number)
            proofs = {proof.name: proof.sha256 for proof in reading.files(entry.number)}
        document, engine = place.document(entry)
        loaded = looks_of(place.project, document, engine)
        out = Output(console, place, formats)
        files = rendered(loaded, document, out.names)
        differing = [name for name, data in files.items() if _differs(proofs, name, data)]
        if differing:
            console.warn(to_text(_unlike(entry, name) for name in differing))
        if output is not None:
            for path in copy(Path(output), files, place.keeping.access):
                console.write(shown(path))
        elif not differing and not out.write(loaded, document, acting(by)):
            return Exit.OUTSIDE
    return Exit.FINDINGS if differing else Exit.OK


@click.command("files", cls=Command)
@click.option(
    "--missing", is_flag=True, required=True, help="Make all files that are not in the archive."
)
@click.option("-f", "--format", "formats", default="pdf,json", show_default=True, help="Formats.")
@by
@click.pass_obj
def files(
    console: Console,
    /,
    missing: bool,  # noqa: FBT001 - click's signature
    formats: str,
    by: str | None,
) -> Exit:
    """Make missing files of issued documents, and record them.

    Files go missing when a program is killed between the commit and the files, or the archive is
    put back from a copy.

    Exit code 1: a file would differ from the one that was recorded.  5: one could not be made.
    """
    del missing
    worst = Exit.OK
    with open_store_context() as place:
        out = Output(console, place, formats)
        with place.store.read() as reading:
            numbers = with_files(reading)
            bare = out.bare(reading, numbers)
            proofs = {proof.name: proof.sha256 for n in bare for proof in reading.files(n)}
            entries = [entry for n in numbers if n in bare and (entry := reading.entry(n))]
        for entry in console.progress(entries, "making files"):
            worst = max(worst, _make(out, entry, proofs, acting(by)))
    if not entries:
        console.say("no files are missing")
    return worst


def _make(out: Output, entry: Entry, proofs: dict[str, str], actor: Actor) -> Exit:
    document, engine = out.place.document(entry)
    loaded = looks_of(out.place.project, document, engine)
    try:
        made = rendered(loaded, document, out.names)
    except BillhookError:
        made = {}  # writing says why
    differing = [name for name, data in made.items() if _differs(proofs, name, data)]
    if differing:
        out.console.warn(to_text(_unlike(entry, name) for name in differing))
        return Exit.FINDINGS
    return Exit.OK if out.write(loaded, document, actor) else Exit.PARTLY


def _copies(console: Console, number: str, formats: str, output: str | None) -> Exit:
    """Write files that are marked as copies; the archive keeps originals only."""
    from billhook.render.looks import Looks

    if output is None:
        raise click.UsageError("copies are not stored in the archive; name a folder with -o")
    with open_store_context(dry=True) as place:
        with place.store.read() as reading:
            entry = find(reading, number)
        document, engine = place.document(entry)
        loaded = Looks(copy=True).of(looks_of(place.project, document, engine))
        files = rendered(loaded, document, Output(console, place, formats).names)
        for path in copy(Path(output), files, place.keeping.access):
            console.write(shown(path))
    return Exit.OK


def _differs(proofs: dict[str, str], name: str, data: bytes) -> bool:
    import hashlib

    return name in proofs and proofs[name] != hashlib.sha256(data).hexdigest()


def _unlike(entry: Entry, name: str) -> Diagnostic:
    message = f"{entry.number}: {name} would differ from the recorded file"
    hint = (
        "fonts, versions or [print] have changed; restore the file from a backup of the "
        "archive, or write today's version elsewhere with -o FOLDER"
    )
    return Diagnostic(codes.ARCHIVED_FILE.id, message, Severity.WARNING, hint=hint)


@click.command("open", cls=Command)
@click.argument("number")
@click.pass_obj
def open_(console: Console, /, number: str) -> Exit:
    """Open the PDF of document NUMBER in the system's viewer."""
    with open_store_context(dry=True) as place, place.store.read() as reading:
        entry = find(reading, number)
        path = _archived_pdf(place, [proof.name for proof in reading.files(entry.number)])
    if path is None:
        raise click.UsageError(f"{entry.number} has no PDF; billhook invoice pdf {entry.number}")
    console.say(shown(path))
    return Exit.OK if click.launch(str(path)) == 0 else Exit.OUTSIDE


def _archived_pdf(place: StoreContext, names: list[str]) -> Path | None:
    paths = (place.keeping.archive / name for name in names if name.endswith(".pdf"))
    return next((path for path in paths if path.is_file()), None)


@click.command("sent", cls=Command)
@click.argument("numbers", nargs=-1, required=True)
@click.option("--how", required=True, help="The channel: mail, post, portal.")
@click.option("--at", callback=read_date, help="The date it was sent.  [default: today]")
@by
@click.pass_obj
def sent(
    console: Console,
    /,
    numbers: tuple[str, ...],
    how: str,
    at: dt.date | None,
    by: str | None,
) -> Exit:
    """Record that documents were sent; from then on they are credited, not voided."""
    with open_store_context() as place:
        for number in numbers:
            with place.store.read() as reading:
                entry = find(reading, number)
            line = mark_sent(
                place.store, entry.number, acting(by), how=how, at=at, roles=place.roles
            )
            console.say(f"{entry.number}: sent {line.at} by {how}")
    return Exit.OK
