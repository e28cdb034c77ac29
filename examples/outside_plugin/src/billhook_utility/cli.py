"""Commands: ``billhook utility reads`` and ``billhook utility estimate``."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click
from billhook import App, Findings, History, LoadedJob, Records, Severity, load_project

from billhook_utility.account import Account
from billhook_utility.estimates import Estimate, estimates
from billhook_utility.records import Read
from billhook_utility.series import sift
from billhook_utility.settings import UtilitySettings
from billhook_utility.stands import Stand
from billhook_utility.state import UtilityState

COLUMNS = ("date", "meter", "register", "value", "kind")


def add_commands(cli: click.Group, app: App) -> None:
    """Add the group ``utility``."""

    @cli.group("utility")
    def group() -> None:
        """Meter reads and estimates."""

    @group.command("reads")
    @click.argument("job", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    def reads(job: Path) -> None:
        """List the reads that JOB would bill, register by register."""
        loaded, records = load(job, app)
        app.write(listed(loaded, records))

    @group.command("estimate")
    @click.argument("job", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="Instead of the last day.")
    def estimate(job: Path, day: dt.datetime | None) -> None:
        """Work out reads for the registers of JOB that were not read, as rows of CSV."""
        loaded, records = load(job, app)
        if loaded.job is not None:
            account = Account(loaded.job, loaded.job.settings(UtilitySettings))
            on = day.date() if day else account.last
            found = list(estimates(loaded.job, records, loaded.history, on))
            app.write(rows(found, on))
            for each in (each for each in found if each.value is None):
                app.say(f"{each.place}: nothing is known of its use; it needs a read")


def load(path: Path, app: App) -> tuple[LoadedJob, Records]:
    """Return a job with its records.

    Raises:
        click.ClickException: The job's files have errors.
    """
    loaded = load_project(path).job(path)
    findings = Findings(loaded.findings)
    records = Records() if loaded.job is None else loaded.engine.read(loaded.job, findings)
    for finding in findings:
        if finding.severity is not Severity.INFO:
            app.say(finding.render())
    if findings.errors:
        raise click.ClickException(f"{path.name} has errors")
    return loaded, records


# ── reads ────────────────────────────────────────────────────────────────────


def listed(loaded: LoadedJob, records: Records) -> str:
    """Return the reads of a job as a table of text."""
    if loaded.job is None:
        return ""
    account = Account(loaded.job, loaded.job.settings(UtilitySettings))
    fresh = _fresh(records, loaded.history)
    sifted = sift(account, fresh, loaded.history.state(UtilityState))
    table: list[Sequence[str]] = [("meter", "date", "value", "kind", "")]
    for series in sifted.series:
        table.extend(_told(str(series.place), stand) for stand in series.stands)
    return aligned(table)


def _fresh(records: Records, history: History) -> Iterator[Read]:
    return (read for read in records.of(Read) if read.key not in history.billed)


def _told(name: str, stand: Stand) -> tuple[str, ...]:
    note = stand.event if stand.event != "read" else ("" if stand.key else "billed")
    return name, str(stand.date), str(stand.value.value), stand.kind, note


def aligned(table: Sequence[Sequence[str]]) -> str:
    """Return rows as columns of text."""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    )
    return "\n".join(lines)


# ── estimates ────────────────────────────────────────────────────────────────


def rows(found: Iterable[Estimate], on: dt.date) -> str:
    """Return estimates as rows of CSV, to be put into the file of reads."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in found:
        if each.value is not None:
            last = each.last
            writer.writerow((on, last.meter, last.register, each.value.value, "estimated"))
    return stream.getvalue().rstrip("\n")
