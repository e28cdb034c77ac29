"""``billhook bill``: render jobs to files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator, Sequence
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import attrs
import click

from billhook.cli.command import Command
from billhook.cli.console import Console
from billhook.cli.context import history_store, read_keeping
from billhook.cli.exits import Exit, exit_code
from billhook.cli.local_plugins import approval
from billhook.cli.options import history, looks, read_date, read_period
from billhook.cli.report import error_text, located, shown, to_text
from billhook.cli.shell_completion import complete_formats, complete_jobs
from billhook.cli.startup import prepare_process
from billhook.cli.targets import Target, targets
from billhook.kernel.diagnostics import Diagnostic, Severity
from billhook.kernel.errors import BillhookError, FindingsError, RefusedError, UnknownNameError
from billhook.kernel.money import EXACT
from billhook.kernel.origin import Origin
from billhook.kernel.text import Period, counted
from billhook.project import codes
from billhook.project.store_settings import Keeping
from billhook.render.job_files import PAYS_FROM, FilesWanted, JobFiles, MadeBill, make_files
from billhook.render.looks import Looks
from billhook.sources.atomic_write import write_whole

STREAM = "-"
ZERO = Decimal(0)


@click.command(cls=Command)
@click.argument("jobs", nargs=-1, type=click.Path(), shell_complete=complete_jobs)
@click.option(
    "-f",
    "--format",
    "formats",
    default="pdf",
    show_default=True,
    help="Formats, separated by commas: pdf, html, text, json, or a plugin's.",
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
@history
@click.option("-n", "--dry-run", is_flag=True, help="Calculate everything, write nothing.")
@click.option(
    "-j",
    "--jobs",
    "workers",
    type=click.IntRange(1),
    help="Number of processes.  [default: 1; all processors from 200 jobs on]",
)
@click.pass_obj
def bill(console: Console, /, jobs: tuple[str, ...], **options: object) -> Exit:
    """Render jobs to files; each file is written atomically.

    JOBS are job files, folders of jobs, or projects; the default is the project around the working
    directory.  The paths of the files go to standard output.  The bills are drafts: no number is
    taken and nothing is recorded, so you can repeat the command.

    Exit code 3: the input is not valid, nothing was written.  4: a plugin's check refuses the bill.
    5: some jobs were billed, some failed.
    """
    wanted = targets(jobs)
    asked = BillOptions(looks=_looks(options), **options)  # type: ignore[arg-type]  # click has converted them
    run = _Run(console, asked)
    paths = [path for target in wanted for path in target.jobs]
    run.check(len(paths))
    # Closed here and now: an interrupted run lets its processes go before anything else.
    with closing(_make_files(wanted, asked)) as made:
        # The next job is asked for only when progress has been shown.
        for _, each in zip(console.progress(paths, "billing"), made, strict=False):
            run.take(each)
    return run.finish()


def _looks(options: dict[str, object]) -> Looks:
    return Looks(**{name: options.pop(name) for name in attrs.fields_dict(Looks)})  # type: ignore[arg-type]  # the same


@attrs.frozen(kw_only=True)
class BillOptions:
    """The options of ``billhook bill``."""

    formats: str
    output: str | None = None
    date: dt.date | None = None
    period: Period | None = None
    looks: Looks
    store: bool | None = None
    dry_run: bool = False
    workers: int | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The formats, each once."""
        words = (word.strip() for word in self.formats.split(","))
        return tuple(dict.fromkeys(word for word in words if word))

    @property
    def files(self) -> FilesWanted:
        """The requested output: formats, folder and options."""
        streamed = self.output in {None, STREAM}
        return FilesWanted(
            formats=self.names,
            folder=None if streamed else Path(str(self.output)),
            date=self.date,
            period=self.period,
            looks=self.looks,
            strict=bool(self.store),
            render=not self.dry_run,
        )


def _make_files(wanted: Sequence[Target], asked: BillOptions) -> Generator[JobFiles, None, None]:
    """Yield what the jobs come to, in their order; of many jobs several processes work."""
    count = sum(len(target.jobs) for target in wanted)
    few = asked.workers == 1 or (asked.workers is None and count < PAYS_FROM)
    if asked.output == STREAM or asked.store or few:
        yield from _made_alone(wanted, asked)
        return
    from billhook.render.parallel import make_files_together, workers_for

    workers = workers_for(count, asked.workers)
    jobs = [
        (target.project.path, path, keeping)
        for target in wanted
        for keeping in [_keeping(target, asked)]
        for path in target.jobs
    ]
    yield from make_files_together(
        jobs, asked.files, workers, prepare_process, approval(), fork=True
    )


def _keeping(target: Target, asked: BillOptions) -> Keeping | None:
    """Return where a project keeps what it issued, for processes that open it themselves."""
    with history_store(target.project, asked.store) as store:
        return None if store is None else read_keeping(target.project)


def _made_alone(wanted: Sequence[Target], asked: BillOptions) -> Generator[JobFiles, None, None]:
    for target in wanted:
        with history_store(target.project, asked.store) as store:
            for path in target.jobs:
                yield make_files(target.project, path, asked.files, store)


class _Run:
    """One run over any number of jobs; a job that fails does not stop the others."""

    def __init__(self, console: Console, wanted: BillOptions) -> None:
        self._console = console
        self._wanted = wanted
        self._names: dict[Path, Path] = {}
        self._failed: list[Exit] = []
        self._said: set[str] = set()
        self._sums: dict[str, Decimal] = {}
        self._bills = 0

    def check(self, jobs: int) -> None:
        """Refuse what makes no sense before any work is done."""
        if not jobs:
            raise click.UsageError("there are no jobs to bill")
        if not self._wanted.names:
            raise click.UsageError("name at least one format")
        if self._wanted.output == STREAM and (jobs > 1 or len(self._wanted.names) > 1):
            raise click.UsageError("standard output takes one job in one format")

    def take(self, made: JobFiles) -> None:
        """Write what a job came to; what cannot be written is said, and the next has its turn."""
        for finding in located(made.findings, made.folder):
            if finding.severity is not Severity.INFO or not self._console.quiet:
                self._say_once(to_text([finding]))
        if made.error is not None:
            self._fail_for(made, made.error)
        elif made.invalid or made.refused:
            self._fail(made, Exit.INVALID if made.invalid else Exit.REFUSED)
        else:
            try:
                self._take(made)
            except (BillhookError, OSError) as error:
                self._fail_for(made, error)

    def _fail_for(self, made: JobFiles, error: BillhookError | OSError) -> None:
        unasked = isinstance(error, BrokenPipeError | UnknownNameError)
        if self._console.debug or unasked:
            raise error
        if isinstance(error, FindingsError):
            for finding in located(error.findings, made.folder):
                self._say_once(to_text([finding]))
        else:
            self._console.warn(error_text(error))
        self._fail(made, exit_code(error))

    def _say_once(self, text: str) -> None:
        """Say what was not said yet: what is wrong with the project concerns every job."""
        if text not in self._said:
            self._said.add(text)
            self._console.warn(text)

    def _fail(self, made: JobFiles, code: Exit) -> None:
        self._failed.append(code)
        self._console.warn(f"{shown(made.job)}: not billed")

    def _take(self, made: JobFiles) -> None:
        if not made.bills:
            self._console.say(f"{shown(made.job)}: nothing to bill")
            self._leave(made)
        elif self._wanted.output == STREAM:
            if len(made.files) > 1:
                name = made.job.stem
                raise click.UsageError(f"{name} makes {len(made.bills)} bills; name a folder")
            self._stream(made)
        else:
            for path, _ in made.files:
                self._claim(made.job, path)
            if not self._wanted.dry_run:
                self._write(made)
        for each in made.bills:
            self._count(each)
        if made.bills and self._wanted.dry_run:
            self._leave(made)

    def _leave(self, made: JobFiles) -> None:
        if made.left:
            self._console.say(f"left out: {made.left}")

    def _stream(self, made: JobFiles) -> None:
        if not self._wanted.dry_run:
            self._console.write_bytes(made.files[0][1])

    def _claim(self, job: Path, path: Path) -> None:
        owner = self._names.setdefault(path, job)
        if owner != job:
            message = f"{path.name} is already the bill of {shown(owner)}"
            hint = "give the job a number of its own"
            origin = Origin(shown(job))
            raise RefusedError([Diagnostic(codes.SAME_NAME.id, message, origin=origin, hint=hint)])

    def _write(self, made: JobFiles) -> None:
        for path, data in made.files:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, data, durable=False)
            self._console.write(shown(path))

    def _count(self, made: MadeBill) -> None:
        self._bills += 1
        self._sums[made.currency] = EXACT.add(self._sums.get(made.currency, ZERO), made.amount)
        lines = counted(made.lines, "line")
        self._console.say(f"{made.name}: {lines}, {made.amount:,} {made.currency}")

    def finish(self) -> Exit:
        """Say what was done, and return the exit code."""
        sums = ", ".join(f"{value:,} {unit}" for unit, value in sorted(self._sums.items()))
        if self._bills > 1:
            self._console.say(f"{counted(self._bills, 'bill')}: {sums}")
        if self._wanted.dry_run:
            self._console.say("dry run: nothing was written")
        if not self._failed:
            return Exit.OK if self._bills else Exit.FINDINGS
        self._console.warn(f"{counted(len(self._failed), 'job')} not billed")
        if self._bills:
            return Exit.PARTLY
        return self._failed[0] if len(set(self._failed)) == 1 else Exit.INVALID
