"""``billhook bill``: from jobs to files, each whole or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import attrs
import click

from billhook.cli.command import Command
from billhook.cli.completing import complete_formats, complete_jobs
from billhook.cli.console import Console
from billhook.cli.exits import Exit, exit_code
from billhook.cli.formats import format_of
from billhook.cli.looks import Looks, looks
from billhook.cli.options import read_date, read_period
from billhook.cli.report import counted, shown, to_text, told
from billhook.cli.targets import Target, targets
from billhook.cli.work import Work, work
from billhook.diagnostics import Diagnostic
from billhook.errors import BillhookError, RefusedError
from billhook.model.document import Document
from billhook.money import EXACT
from billhook.origin import Origin
from billhook.project import codes
from billhook.sources.filename import safe_name, write_whole
from billhook.text import Period

STREAM = "-"
OUT = "out"
ZERO = Decimal(0)


@click.command(cls=Command)
@click.argument("jobs", nargs=-1, type=click.Path(), shell_complete=complete_jobs)
@click.option(
    "-f",
    "--format",
    "formats",
    default="pdf",
    show_default=True,
    help="Formats, with commas between: pdf, html, text, json, or a plugin's.",
    shell_complete=complete_formats,
)
@click.option(
    "-o",
    "--output",
    help="Folder for the files; - is standard output.  [default: out, in the project]",
)
@click.option("--date", callback=read_date, help="Invoice date, instead of the job's.")
@click.option("--period", callback=read_period, help="Days to bill: 2026-06 or FIRST..LAST.")
@looks
@click.option("-n", "--dry-run", is_flag=True, help="Work everything out, write nothing.")
@click.pass_obj
def bill(console: Console, /, jobs: tuple[str, ...], **options: object) -> Exit:
    """Make bills from jobs.

    JOBS are jobs, folders of jobs, or projects; none means the project around the working
    directory.  The paths of the files written go to standard output.  Nothing is numbered or kept:
    the same job gives the same files again.

    Exit code 3: the input is not valid, nothing was written.  4: a plugin's check refuses the bill.
    5: some jobs were billed, some failed.
    """
    wanted = targets(jobs)
    look = Looks(**{name: options.pop(name) for name in attrs.fields_dict(Looks)})  # type: ignore[arg-type]  # click has converted them
    run = _Run(console, Order(looks=look, **options))  # type: ignore[arg-type]  # the same
    count = sum(len(target.jobs) for target in wanted)
    run.check(count)
    for target in wanted:
        run.target(target)
    return run.finish()


@attrs.frozen(kw_only=True)
class Order:
    """What was asked for.

    Attributes:
        formats: Names of formats, with commas between.
        output: Folder, ``-``, or ``None`` for the project's own.
        date: Invoice date, instead of the jobs'.
        period: Days to bill, instead of the jobs'.
        dry_run: Write nothing.
        looks: How the bills shall look.
    """

    formats: str = "pdf"
    output: str | None = None
    date: dt.date | None = None
    period: Period | None = None
    dry_run: bool = False
    looks: Looks = attrs.field(factory=Looks)

    @property
    def names(self) -> tuple[str, ...]:
        """The formats, each once."""
        words = (word.strip() for word in self.formats.split(","))
        return tuple(dict.fromkeys(word for word in words if word))


class _Run:
    """One run over any number of jobs; a job that fails does not stop the others."""

    def __init__(self, console: Console, order: Order) -> None:
        self._console = console
        self._order = order
        self._names: dict[Path, Path] = {}
        self._failed: list[Exit] = []
        self._sums: dict[str, Decimal] = {}
        self._bills = 0

    def check(self, jobs: int) -> None:
        """Refuse what makes no sense before any work is done."""
        if not jobs:
            raise click.UsageError("there are no jobs to bill")
        if not self._order.names:
            raise click.UsageError("name at least one format")
        if self._order.output == STREAM and (jobs > 1 or len(self._order.names) > 1):
            raise click.UsageError("standard output takes one job in one format")

    def target(self, target: Target) -> None:
        """Bill the jobs of one project."""
        for path in self._console.progress(target.jobs, "billing"):
            done = work(target.project, path, self._order.date, self._order.period)
            if done.findings:
                self._console.warn(to_text(done.findings))
            if done.errors:
                self._fail(done, Exit.REFUSED if done.refused else Exit.INVALID)
            else:
                self._try(done)

    def _try(self, done: Work) -> None:
        """Bill a job; what cannot be written is said, and the next job has its turn."""
        try:
            self._bill(done)
        except (BillhookError, OSError) as error:
            if self._console.debug or isinstance(error, BrokenPipeError):
                raise
            self._console.warn(told(error))
            self._fail(done, exit_code(error))

    def _fail(self, done: Work, code: Exit) -> None:
        self._failed.append(code)
        self._console.warn(f"{shown(done.loaded.path)}: not billed")

    def _bill(self, done: Work) -> None:
        done = attrs.evolve(done, loaded=self._order.looks.of(done.loaded))
        documents = [*map(self._order.looks.document, done.loaded.documents(done.drafts))]
        self._advise(done, documents)
        if not documents:
            self._console.say(f"{shown(done.loaded.path)}: nothing to bill")
        elif self._order.output == STREAM:
            self._stream(done, documents)
        else:
            files = self._files(done, documents)
            if not self._order.dry_run:
                self._write(files)
            for document in documents:
                self._count(done, document)

    def _advise(self, done: Work, documents: Sequence[Document]) -> None:
        if done.loaded.print.words:
            from billhook.render.advice import advice

            look, place = done.loaded.print, Origin(shown(done.loaded.path))
            found = [f for each in documents for f in advice(each.invoice, look)]
            if found:
                self._console.warn(to_text([attrs.evolve(f, origin=place) for f in found]))

    def _stream(self, done: Work, documents: Sequence[Document]) -> None:
        if len(documents) > 1:
            raise click.UsageError(f"{done.loaded.id} makes {len(documents)} bills; name a folder")
        data = format_of(done.loaded, self._order.names[0]).write(done.loaded, documents[0])
        if not self._order.dry_run:
            self._console.write_bytes(data)
        self._count(done, documents[0])

    def _files(self, done: Work, documents: Sequence[Document]) -> dict[Path, bytes]:
        """Return the files of a job with their content, all before the first is written."""
        folder = Path(self._order.output) if self._order.output else done.loaded.folder / OUT
        files: dict[Path, bytes] = {}
        for document in documents:
            stem = _stem(done, document, several=len(documents) > 1)
            for name in self._order.names:
                format_ = format_of(done.loaded, name)
                path = folder / safe_name(stem, format_.suffix)
                self._claim(done, path)
                files[path] = format_.write(done.loaded, document)
        return files

    def _claim(self, done: Work, path: Path) -> None:
        owner = self._names.setdefault(path, done.loaded.path)
        if owner != done.loaded.path:
            message = f"{path.name} is already the bill of {shown(owner)}"
            origin = Origin(shown(done.loaded.path))
            hint = "give the job a number of its own"
            raise RefusedError([Diagnostic(codes.SAME_NAME.id, message, origin=origin, hint=hint)])

    def _write(self, files: dict[Path, bytes]) -> None:
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, data)
            self._console.write(shown(path))

    def _count(self, done: Work, document: Document) -> None:
        payable = document.invoice.totals.payable
        self._bills += 1
        self._sums[payable.unit] = EXACT.add(self._sums.get(payable.unit, ZERO), payable.value)
        name = document.number or done.loaded.id
        lines = counted(len(document.invoice.lines), "line")
        self._console.say(f"{name}: {lines}, {payable.value:,} {payable.unit}")

    def finish(self) -> Exit:
        """Say what was done, and return the exit code."""
        sums = ", ".join(f"{value:,} {unit}" for unit, value in sorted(self._sums.items()))
        if self._bills > 1:
            self._console.say(f"{counted(self._bills, 'bill')}: {sums}")
        if self._order.dry_run:
            self._console.say("dry run: nothing was written")
        if not self._failed:
            return Exit.OK if self._bills else Exit.FINDINGS
        self._console.warn(f"{counted(len(self._failed), 'job')} not billed")
        if self._bills:
            return Exit.PARTLY
        return self._failed[0] if len(set(self._failed)) == 1 else Exit.INVALID


def _stem(done: Work, document: Document, *, several: bool) -> str:
    if document.number is not None:
        return document.number
    payer = document.invoice.payer
    return f"{done.loaded.id}-{payer.id}" if several and payer else done.loaded.id
