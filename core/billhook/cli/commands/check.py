"""``billhook check``: every mistake of projects, jobs and data, in one run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack, nullcontext
from pathlib import Path

import click

from billhook.cli.command import Command
from billhook.cli.console import Console
from billhook.cli.context import history_store, now
from billhook.cli.exits import Exit
from billhook.cli.report import (
    located,
    shown,
    summary,
    to_github,
    to_json,
    to_text,
    unique,
)
from billhook.cli.shell_completion import complete_jobs
from billhook.cli.targets import Target, targets
from billhook.kernel import codes as kernel_codes
from billhook.kernel.diagnostics import Diagnostic, Severity
from billhook.kernel.errors import InputError, RefusedError
from billhook.kernel.origin import Origin
from billhook.kernel.text import counted
from billhook.project import codes
from billhook.project.drafting import Drafting, JobDraft, draft_job
from billhook.project.each import split_member
from billhook.project.unbilled import find_forgotten, find_work
from billhook.store.protocol import Store


@click.command(cls=Command)
@click.argument("paths", nargs=-1, type=click.Path(), shell_complete=complete_jobs)
@click.option(
    "-f",
    "--format",
    "format_",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="How findings are written.",
)
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option(
    "--print/--no-print",
    "printing",
    default=True,
    show_default=True,
    help="Check what a PDF needs: logo, fonts, theme, a glyph for each character.",
)
@click.option(
    "--store/--no-store",
    "kept",
    default=None,
    help="Compare with issued documents as well; or ignore the store.  [default: jobs continue "
    "from what was issued, if there is a store]",
)
@click.pass_obj
def check(
    console: Console,
    paths: tuple[str, ...],
    format_: str,
    strict: bool,  # noqa: FBT001 - click's signature
    printing: bool,  # noqa: FBT001 - click's signature
    kept: bool | None,  # noqa: FBT001 - click's signature
) -> Exit:
    """Find mistakes in projects, jobs and data, without writing anything.

    PATHS are projects, folders of jobs, jobs, or files of records; none means the project around
    the working directory.  Every job is read and worked out, its plugins' checks are run, and what
    a PDF needs is checked; only damage inside a logo is left to printing.

    Exit code 1: there are errors.
    """
    wanted = targets(paths, data=True)
    findings = unique(_findings(wanted, console, printing=printing, kept=kept))
    if kept:
        from billhook.cli.commands.check_store import store_findings

        findings = unique([*findings, *store_findings(wanted, console)])
    _write(findings, format_, console)
    jobs = sum(len(target.jobs) for target in wanted)
    console.say(f"{counted(jobs, 'job')} checked: {summary(findings)}")
    wrong = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return Exit.FINDINGS if any(each.severity in wrong for each in findings) else Exit.OK


def _findings(
    wanted: Sequence[Target], console: Console, *, printing: bool, kept: bool | None
) -> Iterable[Diagnostic]:
    for target in wanted:
        target.project.assumed_date = now().date()
        folder = target.project.folder
        if target.whole:
            yield from located(target.project.check(), folder)
        if target.complete and not target.jobs:
            yield from located([_no_jobs(target)], folder)
        yield from located(_of_jobs(target, console, printing=printing, kept=kept), folder)


def _of_jobs(
    target: Target, console: Console, *, printing: bool, kept: bool | None
) -> Iterable[Diagnostic]:
    """Find what is wrong with the jobs of a project; names are relative to it."""
    numbers: dict[str, Path] = {}
    with ExitStack() as stack:
        store = None
        try:
            asked = None if kept else kept
            store = stack.enter_context(history_store(target.project, asked))
        except (InputError, RefusedError) as error:
            yield from error.findings
        drafted: list[JobDraft] = []
        for path, done in _draft_jobs(target, store, console):
            drafted.append(done)
            # what was issued is no mistake, and its number is not the job's any more
            quiet = done.issued or split_member(path) is not None
            found = (
                each
                for each in done.findings
                if each.code != kernel_codes.NOTHING_TO_BILL.id or not quiet
            )
            yield from found
            yield from _same_numbers(done, path, numbers)
            yield from _unprintable(done) if printing and not done.errors else ()
        if target.complete:
            yield from _forgotten(target, drafted, store)


def _forgotten(
    target: Target, drafted: Sequence[JobDraft], store: Store | None
) -> Iterable[Diagnostic]:
    """Find records that no job would ever bill; all jobs must have been looked at."""
    with nullcontext() if store is None else store.read() as reading:
        work = find_work(target.project, drafted, reading)
    return find_forgotten(target.project, work)


def _draft_jobs(
    target: Target, store: Store | None, console: Console
) -> Iterable[tuple[Path, JobDraft]]:
    """Yield the jobs of a project, worked out."""
    paths = console.progress(target.jobs, "checking")
    if store is None:
        yield from ((path, draft_job(target.project, path)) for path in paths)
        return
    with store.read() as reading:
        drafting = Drafting(target.project, reading, together=target.jobs)
        yield from ((path, drafting.draft(path)) for path in paths)


def _unprintable(done: JobDraft) -> Iterable[Diagnostic]:
    """Find what keeps the bills of a job from being printed."""
    from billhook.render.formats import unprintable

    for document in done.documents or done.issued:
        yield from unprintable(done.loaded, document)


def _same_numbers(done: JobDraft, path: Path, numbers: dict[str, Path]) -> Iterable[Diagnostic]:
    """Find numbers that an earlier job has."""
    for document in done.documents:
        owner = numbers.setdefault(document.number, path) if document.number else path
        if owner != path:
            message = f"{document.number!r} is already the number of {shown(owner)}"
            hint = "give the job a number of its own"
            found = Diagnostic(codes.SAME_NAME.id, message, path="number", hint=hint)
            yield from done.loaded.placed([found])


def _no_jobs(target: Target) -> Diagnostic:
    origin = Origin(target.project.path.name)
    hint = "write a job into the folder jobs"
    return Diagnostic(
        codes.NO_JOBS.id, "the project has no jobs", Severity.WARNING, origin, hint=hint
    )


def _write(findings: Sequence[Diagnostic], format_: str, console: Console) -> None:
    writers = {"text": to_text, "github": to_github}
    if format_ == "json":
        console.write(to_json(findings))
    elif findings:
        console.write(writers[format_](findings))
