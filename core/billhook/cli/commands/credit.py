"""``billhook credit`` and ``billhook void``: taking back what was issued, by new facts only."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import attrs
import click

from billhook.cli.command import Command
from billhook.cli.console import Console
from billhook.cli.context import StoreContext, acting, open_store_context, sums, sure
from billhook.cli.document_files import Output, looks_of
from billhook.cli.exits import Exit
from billhook.cli.options import by, dry_run, read_amount, read_date, reason, releasing, yes
from billhook.cli.report import located, shown, tell, to_text, unique
from billhook.credit.note import Correction, draft_credit
from billhook.credit.service import (
    Corrected,
    billed_of,
    check_correctable,
    credit,
    rehearse_credit,
    void,
)
from billhook.engine import Engine
from billhook.issue import codes
from billhook.issue.actor import Actor
from billhook.issue.lookup import find
from billhook.issue.request import rehearse_requests
from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.errors import RefusedError
from billhook.kernel.text import counted
from billhook.project.drafting import Drafting
from billhook.store.protocol import Entry


@click.command("credit", cls=Command)
@click.argument("number")
@click.option("--lines", help="Ids or positions (from 1) of lines, separated by commas.")
@click.option("--amount", callback=read_amount, help="An amount, tax included.")
@click.option(
    "--rebill", is_flag=True, help="Release the records and draft the corrected job again."
)
@releasing
@click.option(
    "--date",
    callback=read_date,
    help="Date of the credit note, and of the new bill.  [default: today; the job's]",
)
@click.option("--note", default="", help="A note to print on it.")
@click.option(
    "-f", "--format", "formats", default="pdf,json", show_default=True, help="Files to make."
)
@reason
@by
@dry_run
@yes
@click.pass_obj
def credit_command(console: Console, /, number: str, **options: object) -> Exit:
    """Issue a credit note for document NUMBER: for all of it, for lines, or for an amount.

    A credit note cancels the document or a part of it; its amounts are positive.  The number may
    be shortened as long as it is unique.  Pass --release if the records may be billed again, --keep
    if they must not be.

    Exit code 4: refused, for example because it is more than is left.
    """
    wanted = CreditOptions(**options)  # type: ignore[arg-type]  # click has converted them
    if wanted.lines and wanted.amount is not None:
        raise click.UsageError("credit lines or an amount, not both")
    with open_store_context() as place:
        with place.store.read() as reading:
            entry = find(reading, number)
        return _Crediting(console, place, wanted, entry).run()


@attrs.frozen(kw_only=True)
class CreditOptions:
    """The options of ``billhook credit``."""

    lines: str | None = None
    amount: Decimal | None = None
    rebill: bool = False
    release: bool | None = None
    date: dt.date | None = None
    note: str = ""
    formats: str = "pdf,json"
    reason: str | None = None
    by: str | None = None
    dry_run: bool = False
    yes: bool = False


@attrs.frozen
class _Crediting:
    console: Console
    place: StoreContext
    wanted: CreditOptions
    entry: Entry

    def run(self) -> Exit:
        document, engine = self.place.document(self.entry)
        billed = bool(document.invoice.records)
        correction = self._correction(must_choose=billed)
        actor = acting(self.wanted.by, self.wanted.reason)
        if self.wanted.rebill:
            self._job_file()
        with self.place.store.read() as reading:
            known = billed_of(reading, self.entry.number, engine)
            check_correctable(reading, known)
            worked_out = draft_credit(known, correction)
        gross = worked_out.totals.gross
        self.console.say(
            f"credit on {self.entry.number}: {counted(len(worked_out.lines), 'line')}, "
            f"{gross.value:,} {gross.unit} with tax"
        )
        output = Output(self.console, self.place, self.wanted.formats)
        self._rehearse(engine, correction, actor, output)
        if self.wanted.dry_run:
            self.console.say("dry run: nothing was issued")
            return Exit.OK
        if not sure(f"Credit {gross.value:,} {gross.unit}?", yes=self.wanted.yes):
            self.console.warn("nothing was issued")
            return Exit.REFUSED
        return self._issue(engine, correction, actor, output)

    def _rehearse(
        self, engine: Engine, correction: Correction, actor: Actor, output: Output
    ) -> None:
        """Make the credit note and its files as they would be, and keep nothing.

        Raises:
            RefusedError: It cannot be printed.
        """
        place = self.place
        made = rehearse_credit(
            engine,
            place.store,
            self.entry.number,
            correction,
            actor,
            series=place.series("381"),
            roles=place.roles,
        )
        loaded = looks_of(place.project, made.document, engine)
        if found := output.rehearse(loaded, made.document):
            raise RefusedError(unique(found))

    def _correction(self, *, must_choose: bool) -> Correction:
        wanted = self.wanted
        release = True if wanted.rebill and wanted.release is None else wanted.release
        if wanted.rebill and not release:
            raise click.UsageError(
                "--rebill needs the records released: do not combine it with --keep"
            )
        if release is None and must_choose and wanted.amount is None:
            raise click.UsageError(
                "pass --release if the records may be billed again, or --keep if they must not be"
            )
        lines = tuple(word.strip() for word in (wanted.lines or "").split(",") if word.strip())
        return Correction(
            lines=lines,
            amount=wanted.amount,
            release=bool(release),
            date=wanted.date,
            note=wanted.note,
        )

    def _issue(self, engine: Engine, correction: Correction, actor: Actor, output: Output) -> Exit:
        place = self.place
        made = credit(
            engine,
            place.store,
            self.entry.number,
            correction,
            actor,
            series=place.series("381"),
            roles=place.roles,
        )
        _tell(self.console, made, f"credits {self.entry.number}")
        loaded = looks_of(place.project, made.document, engine)
        written = output.write(loaded, made.document, actor)
        if self.wanted.rebill and not made.waits:
            return max(self._rebill(actor), Exit.OK if written else Exit.PARTLY)
        return Exit.OK if written else Exit.PARTLY

    def _rebill(self, actor: Actor) -> Exit:
        """Work the job out again and show what would be issued."""
        path = self._job_file()
        with self.place.store.read() as reading:
            drafting = Drafting(self.place.project, reading, self.place.keeping)
            prepared = drafting.prepare(path, date=self.wanted.date)
        told = located(unique(prepared.findings), self.place.project.folder)
        if prepared.request is None:
            self.console.warn(to_text(told))
            return Exit.PARTLY
        [outcome] = rehearse_requests(self.place.store, [prepared.request], actor)
        for document in outcome.documents:
            self.console.say(
                f"corrected draft of {document.invoice.job}: "
                f"{counted(len(document.invoice.lines), 'line')}, {sums([document])}"
            )
        date = f" --date {self.wanted.date}" if self.wanted.date else ""
        self.console.say(f"issue it: billhook issue {shown(path)}{date}")
        return Exit.OK

    def _job_file(self) -> Path:
        """Return the file of the document's job.

        Raises:
            RefusedError: BH530: there is none any more.
        """
        job = self.entry.job
        for path in self.place.project.jobs():
            if path.stem == job:
                return path
        message = f"the project no longer has a job {job!r} to bill {self.entry.number} again"
        hint = "credit it with --release, then issue the job that bills its work now"
        raise RefusedError([Diagnostic(codes.JOB_GONE.id, message, hint=hint)])


def _tell(console: Console, made: Corrected, what: str) -> None:
    tell(console, made.findings)
    released = f"; {counted(made.released, 'record')} released" if made.released else ""
    console.say(f"{made.document.number}: {what}{released}")
    if made.waits:
        console.warn(
            f"the work is also on {', '.join(made.waits)}: it can be billed again once "
            "every payer's bill is credited with its records released"
        )


@click.command("void", cls=Command)
@click.argument("number")
@releasing
@reason
@by
@dry_run
@yes
@click.pass_obj
def void_command(
    console: Console,
    /,
    number: str,
    release: bool | None,  # noqa: FBT001 - click's signature
    reason: str | None,
    by: str | None,
    dry_run: bool,  # noqa: FBT001 - click's signature
    yes: bool,  # noqa: FBT001 - click's signature
) -> Exit:
    """Void document NUMBER, which was not sent yet: it keeps its number but is no longer owed.

    Exit code 4: refused; a document that was sent is credited instead.
    """
    if release is None:
        raise click.UsageError(
            "pass --release if the records may be billed again, or --keep if they must not be"
        )
    actor = acting(by, reason)
    with open_store_context() as place:
        with place.store.read() as reading:
            entry = find(reading, number)
        if dry_run:
            console.say(f"dry run: {entry.number} would be voided")
            return Exit.OK
        if not sure(f"Void {entry.number}?", yes=yes):
            console.warn("nothing was voided")
            return Exit.REFUSED
        _, engine = place.document(entry)
        made = void(engine, place.store, entry.number, actor, release=release, roles=place.roles)
    _tell(console, made, "is void")
    return Exit.OK
