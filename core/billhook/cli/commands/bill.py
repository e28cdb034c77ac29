"""``billhook bill``: from jobs to files, each whole or not at all."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import attrs
import click

from billhook.cli.billed import PAYS_FROM, STREAM, Bill, Billed, Order, billed
from billhook.cli.command import Command
from billhook.cli.console import Console
from billhook.cli.exits import Exit, exit_code
from billhook.cli.options import read_date, read_period
from billhook.cli.print_options import Looks, looks
from billhook.cli.report import counted, shown, told
from billhook.cli.shell_completion import complete_formats, complete_jobs
from billhook.cli.targets import Target, targets
from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.errors import BillhookError, RefusedError
from billhook.kernel.money import EXACT
from billhook.kernel.origin import Origin
from billhook.project import codes
from billhook.sources.atomic_write import write_whole

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
@click.option("--store", is_flag=True, help="Go on from what was issued, not from other jobs.")
@click.option("-n", "--dry-run", is_flag=True, help="Work everything out, write nothing.")
@click.option(
    "-j",
    "--jobs",
    "workers",
    type=click.IntRange(1),
    help="Processes that work side by side.  [default: 1; of 200 jobs or more, all processors]",
)
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
    workers = options.pop("workers")
    order = Order(looks=look, debug=console.debug, quiet=console.quiet, **options)  # type: ignore[arg-type]  # the same
    run = _Run(console, order)
    paths = [path for target in wanted for path in target.jobs]
    run.check(len(paths))
    # Closed here and now: an interrupted run lets its processes go before anything else.
    with closing(_made(wanted, order, workers if isinstance(workers, int) else None)) as made:
        # The next job is asked for only when progress has been shown.
        for _, each in zip(console.progress(paths, "billing"), made, strict=False):
            run.take(each)
    return run.finish()


def _made(
    wanted: Sequence[Target], order: Order, asked: int | None
) -> Generator[Billed, None, None]:
    """Yield what the jobs come to, in their order; of many jobs several processes work."""
    count = sum(len(target.jobs) for target in wanted)
    alone = order.output == STREAM or order.store
    if alone or asked == 1 or (asked is None and count < PAYS_FROM):
        return (billed(target.project, path, order) for target in wanted for path in target.jobs)
    from billhook.cli.batch import together, workers_for

    jobs = [(target.project.path, path) for target in wanted for path in target.jobs]
    return together(jobs, order, workers_for(count, asked))


class _Run:
    """One run over any number of jobs; a job that fails does not stop the others."""

    def __init__(self, console: Console, order: Order) -> None:
        self._console = console
        self._order = order
        self._names: dict[Path, Path] = {}
        self._failed: list[Exit] = []
        self._said: set[str] = set()
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

    def take(self, made: Billed) -> None:
        """Write what a job came to; what cannot be written is said, and the next has its turn."""
        for text in made.said:
            self._say_once(text)
        if made.failed is not None:
            self._fail(made, made.failed)
            return
        try:
            self._take(made)
        except (BillhookError, OSError) as error:
            if self._console.debug or isinstance(error, BrokenPipeError):
                raise
            self._console.warn(told(error))
            self._fail(made, exit_code(error))

    def _say_once(self, text: str) -> None:
        """Say what was not said yet: what is wrong with the project concerns every job."""
        if text not in self._said:
            self._said.add(text)
            self._console.warn(text)

    def _fail(self, made: Billed, code: Exit) -> None:
        self._failed.append(code)
        self._console.warn(f"{shown(made.job)}: not billed")

    def _take(self, made: Billed) -> None:
        if not made.bills:
            self._console.say(f"{shown(made.job)}: nothing to bill")
            self._leave(made)
        elif self._order.output == STREAM:
            self._stream(made)
        else:
            for path, _ in made.files:
                self._claim(made.job, path)
            if not self._order.dry_run:
                self._write(made)
        for each in made.bills:
            self._count(each)
        if made.bills and self._order.dry_run:
            self._leave(made)

    def _leave(self, made: Billed) -> None:
        if made.left:
            self._console.say(f"left out: {made.left}")

    def _stream(self, made: Billed) -> None:
        if not self._order.dry_run:
            self._console.write_bytes(made.files[0][1])

    def _claim(self, job: Path, path: Path) -> None:
        owner = self._names.setdefault(path, job)
        if owner != job:
            message = f"{path.name} is already the bill of {shown(owner)}"
            hint = "give the job a number of its own"
            origin = Origin(shown(job))
            raise RefusedError([Diagnostic(codes.SAME_NAME.id, message, origin=origin, hint=hint)])

    def _write(self, made: Billed) -> None:
        for path, data in made.files:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, data, durable=False)
            self._console.write(shown(path))

    def _count(self, made: Bill) -> None:
        self._bills += 1
        self._sums[made.currency] = EXACT.add(self._sums.get(made.currency, ZERO), made.amount)
        lines = counted(made.lines, "line")
        self._console.say(f"{made.name}: {lines}, {made.amount:,} {made.currency}")

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
