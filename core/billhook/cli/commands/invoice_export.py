"""``billhook invoice export`` and ``read``: many documents in one file, and back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import attrs
import click

from billhook.cli.command import Command
from billhook.cli.console import Console
from billhook.cli.context import StoreContext, open_store_context
from billhook.cli.exits import Exit
from billhook.cli.listing import Row, write_list
from billhook.cli.options import listing, read_date, read_period
from billhook.cli.report import located, shown, tell
from billhook.issue.lookup import find
from billhook.issue.seal import unseal
from billhook.issue.status import standings
from billhook.kernel.diagnostics import Findings
from billhook.kernel.text import Period, counted
from billhook.model.document import Document
from billhook.project.bundles import LINES, bundle_engine, read_bundle, write_bundle
from billhook.runs.run import read_run
from billhook.sources.atomic_write import write_whole
from billhook.sources.filename import safe_name
from billhook.store.protocol import Reading

STREAM = "-"
HEADS = ("number", "date", "type", "customer", "subject", "lines", "payable", "currency", "here")


@attrs.frozen(kw_only=True)
class DocumentSelection:
    """Which documents are meant.

    Attributes:
        numbers: By number, or any unique part of it.
        run: Only those that this run was issued as.
        customer: Only of this customer.
        subject: Only of this subject.
        since: Only from this date on.
        until: Only up to this date.
        all: All of them.
    """

    numbers: tuple[str, ...]
    run: str | None
    customer: str | None
    subject: str | None
    since: dt.date | None
    until: dt.date | None
    all: bool

    def find(self, reading: Reading) -> tuple[list[str], int]:
        """Return the numbers of the documents, and how many void ones were passed over.

        Raises:
            RefusedError: A number means no document.
        """
        if self.numbers:
            named = (find(reading, each).number for each in self.numbers)
            return list(dict.fromkeys(named)), 0
        entries = reading.columns(customer=self.customer, subject=self.subject, until=self.until)
        if self.run is not None:
            theirs = {each for job in read_run(reading, self.run) for each in job.documents}
            entries = (each for each in entries if each.number in theirs)
        later = (each for each in entries if self.since is None or each.date >= self.since)
        found = list(standings(reading, later))
        valid = [each.entry.number for each in found if not each.void]
        return valid, len(found) - len(valid)

    @property
    def mistake(self) -> str:
        """Return what is wrong with it; empty when it can be followed."""
        if not any(attrs.astuple(self)):
            return "which documents? pass NUMBERS, --run, --period, … or --all"
        if self.numbers and any(attrs.astuple(attrs.evolve(self, numbers=()))):
            return "name NUMBERS, or say which by options, not both"
        return ""


@click.command("export", cls=Command)
@click.argument("numbers", nargs=-1)
@click.option("-f", "--format", "format_", default=LINES, show_default=True, help="The format.")
@click.option("-o", "--output", required=True, help="The file; - is standard output.")
@click.option("--run", help="Only documents of this run.")
@click.option("--customer", help="Only this customer.")
@click.option("--subject", help="Only this subject.")
@click.option("--period", callback=read_period, help="Dated in: 2026-06 or FIRST..LAST.")
@click.option("--since", callback=read_date, help="Only documents from this date on.")
@click.option("--until", callback=read_date, help="Only documents up to this date.")
@click.option("--all", "all_", is_flag=True, help="All issued documents.")
@click.pass_obj
def export(
    console: Console,
    /,
    numbers: tuple[str, ...],
    format_: str,
    output: str,
    run: str | None,
    customer: str | None,
    subject: str | None,
    period: Period | None,
    since: dt.date | None,
    until: dt.date | None,
    all_: bool,  # noqa: FBT001 - click's signature
) -> Exit:
    """Write issued documents into one file: NUMBERS, those of a run, or of a period.

    Formats are jsonl, and those of the project's plugins; one that has a single document in a file
    takes a single document.  Void documents are left out, unless they are named.

    Exit code 1: no document is meant.  4: the format cannot write one of them.
    """
    first, last = (period.first, period.last) if period else (None, None)
    wanted = DocumentSelection(
        numbers=numbers,
        run=run,
        customer=customer,
        subject=subject,
        since=max(filter(None, (since, first)), default=None),
        until=min(filter(None, (until, last)), default=None),
        all=all_,
    )
    if wanted.mistake:
        raise click.UsageError(wanted.mistake)
    with open_store_context(dry=True) as place:
        with place.store.read() as reading:
            found, void = wanted.find(reading)
            documents = _documents(place, reading, found)
        if void:
            console.say(f"left out: {counted(void, 'void document')}")
        if not documents:
            console.say("no document matches; billhook invoice list shows what was issued")
            return Exit.FINDINGS
        try:
            data = write_bundle(place.project, documents, format_)
        except ValueError as error:
            raise click.UsageError(str(error)) from None
        _write(console, place, output, data)
    console.say(f"exported {counted(len(documents), 'document')} as {format_}")
    return Exit.OK


def _documents(place: StoreContext, reading: Reading, found: Sequence[str]) -> list[Document]:
    entries = reading.entries_of(found)
    bare = [unseal(entries[each], ()) for each in found]
    plugins = bundle_engine(place.project, bare).plugins
    return [unseal(entries[each], plugins) for each in found]


def _write(console: Console, place: StoreContext, output: str, data: bytes) -> None:
    if output == STREAM:
        console.write_bytes(data)
        return
    write_whole(Path(output), data, access=place.keeping.access)
    console.write(shown(Path(output)))


@click.command("read", cls=Command)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--as", "form", metavar="FORMAT", help="Format of the file.  [default: that of its suffix]"
)
@click.option("-o", "--output", metavar="FOLDER", help="Write each document as JSON into FOLDER.")
@listing
@click.pass_obj
def read(
    console: Console, /, file: Path, form: str | None, output: str | None, format_: str
) -> Exit:
    """List the documents in FILE, and how they compare with those that were issued here.

    `here` is same, different, or nothing for a document that this project's store does not have.
    Nothing is taken into the store.  A document written as JSON can be explained and compared:
    `billhook explain`, `billhook diff`.

    Exit code 1: a document is different.  3: the file has errors.
    """
    with open_store_context(dry=True) as place:
        bundle = read_bundle(place.project, file.absolute(), form)
        tell(console, located(bundle.findings, place.project.folder))
        with place.store.read() as reading:
            known = reading.entries_of({each.number or "" for each in bundle.documents})
        rows = []
        for document in bundle.documents:
            entry = known.get(document.number or "")
            own = place.document(entry)[0].invoice if entry is not None else None
            here = "" if own is None else "same" if own == document.invoice else "different"
            rows.append(_row(document, here))
        write_list(
            console, rows, format_, schema="billhook.bundle/1", heads=HEADS, right=("payable",)
        )
        if output is not None:
            _write_each(console, place, Path(output), bundle.documents)
    console.say(f"read {counted(len(rows), 'document')}")
    if Findings(bundle.findings).errors:
        return Exit.INVALID
    return Exit.FINDINGS if any(row["here"] == "different" for row in rows) else Exit.OK


def _row(document: Document, here: str) -> Row:
    invoice = document.invoice
    return {
        "number": document.number or "",
        "date": invoice.date,
        "type": invoice.type_code,
        "customer": invoice.buyer.id,
        "subject": invoice.subject,
        "lines": len(invoice.lines),
        "payable": invoice.totals.payable.value,
        "currency": invoice.currency,
        "here": here,
    }


def _write_each(
    console: Console, place: StoreContext, folder: Path, documents: Sequence[Document]
) -> None:
    from billhook.archive.writer import dump

    folder.mkdir(parents=True, exist_ok=True)
    plugins = bundle_engine(place.project, documents).plugins
    for count, document in enumerate(documents, start=1):
        path = folder / safe_name(document.number or f"{document.invoice.job}-{count}", ".json")
        write_whole(path, dump(document, plugins, indent=2), access=place.keeping.access)
        console.say(shown(path))
