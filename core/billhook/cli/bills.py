"""Bills that a command looks at: worked out from a job, or read back from JSON."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import attrs
import click

from billhook.cli.console import Console, standard_input
from billhook.cli.context import history_store
from billhook.cli.local_plugins import open_project
from billhook.cli.report import located, tell
from billhook.cli.targets import targets
from billhook.engine import Engine
from billhook.explain.rules import Rule, catalogue
from billhook.kernel.diagnostics import Findings, Severity
from billhook.kernel.errors import InputError
from billhook.kernel.text import Period
from billhook.model.document import Document
from billhook.project import load_bill
from billhook.project.drafting import draft_job
from billhook.project.written_bills import SUFFIX, engine_of, parse_bill
from billhook.sources.file_reading import read_stream

STREAM = "-"


@attrs.frozen
class Bill:
    """A bill and the engine of its plugins."""

    document: Document
    engine: Engine

    @property
    def name(self) -> str:
        """Its number, or the job's id."""
        return self.document.number or self.document.invoice.job

    def rules(self) -> dict[str, Rule]:
        """Return the rule catalogues of the core and the plugins."""
        return catalogue(*(p.info.package for p in self.engine.plugins if p.info.package))


def bills_of(
    path: str,
    console: Console,
    store: bool | None = None,  # noqa: FBT001 - an option's three values
    *,
    date: dt.date | None = None,
    period: Period | None = None,
) -> tuple[Bill, ...]:
    """Return the bills of a job or of a bill's JSON; ``-`` is a JSON on standard input.

    The bills of a job with nothing left to bill are the documents that it was issued as.  Of what
    is found at a job, warnings are said; remarks are left to `billhook check`.

    Raises:
        InputError: There are errors; the findings say which.
        click.UsageError: The path is not there, or means something else.
    """
    if path == STREAM:
        return (_read_bill_from_stdin(),)
    if Path(path).suffix == SUFFIX:
        return (_load_archived_bill(Path(path)),)
    wanted = targets([path])
    jobs = [(target.project, job) for target in wanted for job in target.jobs]
    if len(jobs) != 1:
        raise click.UsageError(f"{path!r} has {len(jobs)} jobs; name one")
    [(project, job)] = jobs
    with history_store(project, store) as kept:
        done = draft_job(project, job, kept, date=date, period=period, strict=bool(store))
    findings = located(done.findings, project.folder)
    if done.errors:
        raise InputError(findings)
    made = done.documents or done.issued
    tell(
        console, [each for each in findings if each.severity is Severity.WARNING and done.documents]
    )
    return tuple(Bill(each, done.loaded.engine) for each in made)


def bill_of(
    path: str,
    console: Console,
    payer: str | None = None,
    *,
    store: bool | None = None,
    date: dt.date | None = None,
    period: Period | None = None,
) -> Bill:
    """Return the only bill of a path, or that of one payer."""
    bills = bills_of(path, console, store, date=date, period=period)
    if payer is not None:
        bills = tuple(bill for bill in bills if _payer(bill) == payer)
    if not bills:
        raise click.UsageError(f"{path!r} makes no bill{f' for {payer!r}' if payer else ''}")
    if len(bills) > 1:
        payers = ", ".join(map(_payer, bills))
        raise click.UsageError(
            f"{path!r} makes {len(bills)} bills; choose one with --payer: {payers}"
        )
    return next(iter(bills))


def _payer(bill: Bill) -> str:
    invoice = bill.document.invoice
    return (invoice.payer or invoice.buyer).id


def _load_archived_bill(path: Path) -> Bill:
    if not path.is_file():
        raise click.UsageError(f"there is no file {str(path)!r}")
    project = open_project(path)
    try:
        document = load_bill(path, project)
    except InputError as error:
        raise InputError(located(error.findings, project.folder)) from None
    return Bill(document, engine_of(document, project))


def _read_bill_from_stdin() -> Bill:
    project, findings, name = open_project(Path()), Findings(), "standard input"
    data = read_stream(standard_input(), name, findings)
    document = None if data is None else parse_bill(project, data, name, findings)
    if document is None:
        raise InputError(findings)
    return Bill(document, engine_of(document, project))
