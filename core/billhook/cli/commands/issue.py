"""``billhook issue``: issue final bills, all of them or none."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import attrs
import click

from billhook.cli.command import Command
from billhook.cli.console import Console
from billhook.cli.context import StoreContext, acting, one_target, open_store_context, sums, sure
from billhook.cli.document_files import Output
from billhook.cli.exits import Exit
from billhook.cli.options import by, dry_run, read_date, read_period, yes
from billhook.cli.report import located, tell, unique
from billhook.issue.actor import Actor
from billhook.issue.request import IssueOutcome, issue_requests, rehearse_requests
from billhook.kernel import codes
from billhook.kernel.errors import InputError, RefusedError
from billhook.kernel.text import Period, counted
from billhook.model.document import Document
from billhook.project.drafting import Drafting
from billhook.project.issue_request import Prepared


@click.command(cls=Command)
@click.argument("jobs", nargs=-1, type=click.Path())
@click.option(
    "-f",
    "--format",
    "formats",
    default="pdf,json",
    show_default=True,
    help="Files to make, separated by commas: pdf, html, text, json, a plugin's, or none.",
)
@click.option("-o", "--output", help="An additional folder for copies of the files.")
@click.option("--date", callback=read_date, help="Invoice date, instead of the job's.")
@click.option("--period", callback=read_period, help="Days to bill: 2026-06 or FIRST..LAST.")
@click.option("--series", help="Number series, instead of the default for the type.")
@click.option("--key", help="Idempotency key: a job is issued only once for a key.")
@by
@dry_run
@yes
@click.pass_obj
def issue(console: Console, /, jobs: tuple[str, ...], **options: object) -> Exit:
    """Issue final bills: each gets the next number, and is sealed and archived.

    JOBS are job files, folders of jobs, or a project; the default is the project around the
    working directory.  All of them are issued in one transaction, or none.  Records that are on a
    bill already are not billed again; the message names that bill.

    Exit code 3: the input is not valid.  4: a rule refuses, or it was not confirmed.  5: issued,
    but a file could not be written.  7: another program is writing to the store.
    """
    wanted = IssueOptions(**options)  # type: ignore[arg-type]  # click has converted them
    target = one_target(jobs)
    if wanted.key and len(target.jobs) != 1:
        raise click.UsageError("--key is for a single job")
    with open_store_context(target.project, first=True) as place:
        output = Output(console, place, wanted.formats, wanted.output)
        return _Issue(console, place, wanted, output).run(target.jobs)


@attrs.frozen(kw_only=True)
class IssueOptions:
    """The options of ``billhook issue``."""

    formats: str
    output: str | None = None
    date: dt.date | None = None
    period: Period | None = None
    series: str | None = None
    key: str | None = None
    by: str | None = None
    dry_run: bool = False
    yes: bool = False


@attrs.frozen
class _Issue:
    console: Console
    place: StoreContext
    wanted: IssueOptions
    output: Output

    def run(self, jobs: Sequence[Path]) -> Exit:
        prepared = self._prepare(jobs)
        actor = acting(self.wanted.by)
        outcomes = self._rehearse(prepared, actor, rehearse=True)
        self._report(outcomes)
        self._refuse_unprintable(prepared, outcomes)
        documents = [d for each in outcomes if not each.again for d in each.documents]
        if self.wanted.dry_run:
            self.console.say("dry run: nothing was issued")
            return Exit.OK
        if not documents:
            return self._make_up(prepared, outcomes, actor)
        if not sure(self._question(documents), yes=self.wanted.yes):
            self.console.warn("nothing was issued")
            return Exit.REFUSED
        if not self.place.new:
            return self.issue(prepared, actor)
        with open_store_context(self.place.project, make=True) as place:
            own = attrs.evolve(self.output, place=place)
            return attrs.evolve(self, place=place, output=own).issue(prepared, actor)

    def _make_up(
        self, prepared: Sequence[Prepared], outcomes: Sequence[IssueOutcome], actor: Actor
    ) -> Exit:
        """Write the files of documents that the same keys issued before, where they are missing."""
        with self.place.store.read() as reading:
            bare = self.output.bare(
                reading, (d.number or "" for each in outcomes for d in each.documents)
            )
        done = [
            self.output.write(made.loaded, document, actor)
            for made, outcome in zip(prepared, outcomes, strict=True)
            for document in outcome.documents
            if document.number in bare
        ]
        return Exit.OK if all(done) else Exit.PARTLY

    def issue(self, prepared: Sequence[Prepared], actor: Actor) -> Exit:
        """Issue what was looked at, and write its files."""
        return self._keep(prepared, self._rehearse(prepared, actor, rehearse=False), actor)

    def _question(self, documents: Sequence[Document]) -> str:
        first, last = documents[0].number, documents[-1].number
        names = f"{first}" if first == last else f"{first} … {last}"
        new = f", the first in a new store at {self.place.where}" if self.place.new else ""
        return f"Issue {counted(len(documents), 'document')}, {sums(documents)}, {names}{new}?"

    def _prepare(self, jobs: Sequence[Path]) -> list[Prepared]:
        """Read all jobs; a mistake in one stops all."""
        prepared = self._read(jobs)
        folder = self.place.project.folder
        found = [f for made in prepared for f in located(unique(made.findings), folder)]
        if any(made.request is None for made in prepared):
            raise InputError(unique(found))
        if not prepared:
            raise click.UsageError("there are no jobs to issue")
        return sorted(prepared, key=lambda made: made.place)

    def _read(self, jobs: Sequence[Path]) -> list[Prepared]:
        wanted, place = self.wanted, self.place
        place.series("380", wanted.series)
        with place.store.read() as reading:
            drafting = Drafting(place.project, reading, place.keeping, together=jobs)
            return [
                drafting.prepare(
                    path,
                    date=wanted.date,
                    period=wanted.period,
                    series=wanted.series,
                    key=wanted.key or "",
                )
                for path in self.console.progress(jobs, "reading")
            ]

    def _rehearse(
        self, prepared: Sequence[Prepared], actor: Actor, *, rehearse: bool
    ) -> tuple[IssueOutcome, ...]:
        requests = [made.request for made in prepared if made.request is not None]
        go = rehearse_requests if rehearse else issue_requests
        try:
            return go(self.place.store, requests, actor, roles=self.place.roles)
        except RefusedError as error:
            raise RefusedError(located(error.findings, self.place.project.folder)) from None

    def _report(self, outcomes: Sequence[IssueOutcome]) -> None:
        """Say what needs eyes, and which jobs have nothing to bill, and why."""
        findings = [f for each in outcomes for draft in each.drafts for f in draft.findings]
        told = located(
            (f for f in unique(findings) if f.code != codes.NOTHING_TO_BILL.id),
            self.place.project.folder,
        )
        tell(self.console, told)
        for outcome in outcomes:
            for line in _lines(outcome):
                self.console.say(line)

    def _refuse_unprintable(
        self, prepared: Sequence[Prepared], outcomes: Sequence[IssueOutcome]
    ) -> None:
        """Refuse bills that could not be printed, before they have numbers for ever.

        Raises:
            RefusedError: There are such bills; nothing is issued.
        """
        pairs = zip(prepared, outcomes, strict=True)
        found = [
            finding
            for made, outcome in pairs
            for document in (outcome.documents if not outcome.again else ())
            if document.invoice.opening is None
            for finding in located(
                self.output.rehearse(made.loaded, document), self.place.project.folder
            )
        ]
        if found:
            raise RefusedError(unique(found))

    def _keep(
        self, prepared: Sequence[Prepared], outcomes: Sequence[IssueOutcome], actor: Actor
    ) -> Exit:
        failed = False
        for made, outcome in zip(prepared, outcomes, strict=True):
            tell(self.console, outcome.findings)
            for document in outcome.documents:
                if document.invoice.opening is None:
                    failed |= not self.output.write(made.loaded, document, actor)
                else:
                    self.console.write(document.number or "")
        documents = [d for each in outcomes if not each.again for d in each.documents]
        self.console.say(f"issued {counted(len(documents), 'document')}: {sums(documents)}")
        return Exit.PARTLY if failed else Exit.OK


def _lines(outcome: IssueOutcome) -> list[str]:
    job = outcome.request.job
    if outcome.again:
        names = ", ".join(document.number or "" for document in outcome.documents)
        return [f"{job.id}: issued before under this key: {names}"]
    if not outcome.documents:
        skipped = Counter(str(skip.reason) for draft in outcome.drafts for skip in draft.skipped)
        why = "; ".join(f"{counted(n, 'record')} {text}" for text, n in skipped.items())
        said = [
            f.message
            for draft in outcome.drafts
            for f in draft.findings
            if f.code == codes.NOTHING_TO_BILL.id
        ]
        return [*said[:1], *([f"{job.id}: {why}"] if why else [])]
    return [
        f"{document.number}: {job.id}, {counted(len(document.invoice.lines), 'line')}, "
        f"{sums([document])}"
        for document in outcome.documents
    ]
