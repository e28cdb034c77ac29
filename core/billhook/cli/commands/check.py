"""``billhook check``: every mistake of projects, jobs and data, in one run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from billhook.cli.command import Command
from billhook.cli.console import Console
from billhook.cli.exits import Exit
from billhook.cli.report import (
    counted,
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
from billhook.cli.work import Work, work
from billhook.kernel.diagnostics import Diagnostic, Severity
from billhook.kernel.origin import Origin
from billhook.project import codes


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
    help="Look at what a PDF needs: logo, fonts, theme, a glyph for each character.",
)
@click.option("--store", "kept", is_flag=True, help="Compare with what was issued as well.")
@click.pass_obj
def check(
    console: Console,
    paths: tuple[str, ...],
    format_: str,
    strict: bool,  # noqa: FBT001 - click's signature
    printing: bool,  # noqa: FBT001 - click's signature
    kept: bool,  # noqa: FBT001 - click's signature
) -> Exit:
    """Find mistakes in projects, jobs and data, without writing anything.

    PATHS are projects, folders of jobs, jobs, or files of records; none means the project around
    the working directory.  Every job is read and worked out, its plugins' checks are run, and what
    a PDF needs is looked at; only damage inside a logo is left to printing.

    Exit code 1: there are errors.
    """
    wanted = targets(paths, data=True)
    findings = unique(_findings(wanted, console, printing=printing))
    if kept:
        from billhook.cli.commands.check_store import store_findings

        findings = unique([*findings, *store_findings(wanted, console)])
    _write(findings, format_, console)
    jobs = sum(len(target.jobs) for target in wanted)
    console.say(f"{counted(jobs, 'job')} checked: {summary(findings)}")
    wrong = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return Exit.FINDINGS if any(each.severity in wrong for each in findings) else Exit.OK


def _findings(
    wanted: Sequence[Target], console: Console, *, printing: bool
) -> Iterable[Diagnostic]:
    for target in wanted:
        folder = target.project.folder
        if target.whole:
            yield from located(target.project.check(), folder)
        if target.complete and not target.jobs:
            yield from located([_no_jobs(target)], folder)
        numbers: dict[str, Path] = {}
        for path in console.progress(target.jobs, "checking"):
            done = work(target.project, path)
            yield from done.findings
            yield from _same_numbers(done, path, numbers)
            yield from _unprintable(done) if printing and not done.errors else ()


def _unprintable(done: Work) -> Iterable[Diagnostic]:
    """Find what keeps the bills of a job from being printed."""
    from billhook.cli.formats import unprintable

    for document in done.loaded.documents(done.drafts):
        yield from unprintable(done.loaded, document)


def _same_numbers(done: Work, path: Path, numbers: dict[str, Path]) -> Iterable[Diagnostic]:
    """Find numbers that an earlier job has."""
    for document in done.loaded.documents(done.drafts) if done.drafts else ():
        owner = numbers.setdefault(document.number, path) if document.number else path
        if owner != path:
            message = f"{document.number!r} is already the number of {shown(owner)}"
            hint = "give the job a number of its own"
            found = Diagnostic(codes.SAME_NAME.id, message, path="number", hint=hint)
            yield from located(done.loaded.placed([found]), done.loaded.folder)


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
