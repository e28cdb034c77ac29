"""``billhook template``: the themes, copies of them to be changed, and how a bill looks in one."""

from __future__ import annotations

import itertools
import json
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import attrs
import click

from billhook.cli.command import Command, Lazy, LazyGroup
from billhook.cli.console import Console
from billhook.cli.exits import Exit
from billhook.cli.local_plugins import open_project
from billhook.cli.options import text_or_json
from billhook.cli.report import error_text, located, shown
from billhook.cli.shell_completion import complete_jobs
from billhook.kernel.errors import BillhookError, InputError
from billhook.project import LoadedJob, Project
from billhook.sources.atomic_write import write_whole

SCHEMA = "billhook.themes/1"
FOLDER = "themes"
"""Where a project keeps its own themes."""

PAUSE = 0.4
"""Seconds between looks at the files."""

COMMANDS = {
    "list": Lazy(
        "billhook.cli.commands.template:list_", "List the themes, the project's own included."
    ),
    "eject": Lazy(
        "billhook.cli.commands.template:eject", "Copy a theme into the project, to adapt it."
    ),
    "preview": Lazy(
        "billhook.cli.commands.template:preview",
        "Print a bill in a theme, and again on each change.",
    ),
}


@click.group(cls=LazyGroup, lazy=COMMANDS)
def template() -> None:
    """List, copy and preview themes, which style the bills."""


@click.command("list", cls=Command)
@text_or_json()
@click.pass_obj
def list_(console: Console, /, format_: str) -> Exit:
    """List the themes that come with billhook, and those in the project's folder `themes`."""
    from billhook.cli.terminal_table import table
    from billhook.render.theme_file import THEMES, about

    rows = [(name, "billhook", about(name)) for name in THEMES]
    project = open_project(Path())
    rows.extend((path.stem, shown(path), "your own") for path in own_themes(project))
    if format_ == "json":
        names = ("name", "file", "about")
        themes = [dict(zip(names, row, strict=True)) for row in rows]
        console.write(json.dumps({"schema": SCHEMA, "themes": themes}, indent=2))
    else:
        console.write(table(("name", "from", "about"), rows))
    return Exit.OK


def own_themes(project: Project) -> tuple[Path, ...]:
    """Return the files of a project's own themes."""
    return tuple(sorted((project.folder / FOLDER).glob("*.toml")))


@click.command("eject", cls=Command)
@click.argument("name")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.pass_obj
def eject(console: Console, /, name: str, path: Path | None) -> Exit:
    """Copy a theme into the project, with a comment at each key, to adapt it.

    NAME is one of billhook's themes; PATH is the new file, `themes/NAME.toml` in the project
    without it.  A file that is there already is left alone.
    """
    from billhook.render.theme_file import THEMES, theme_source

    if name not in THEMES:
        raise click.UsageError(f"there is no theme {name!r}; there are {', '.join(THEMES)}")
    folder = open_project(Path()).folder
    target = path or folder / FOLDER / f"{name}.toml"
    if target.exists():
        raise click.UsageError(f"{shown(target)} already exists; name another file")
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, theme_source(name).encode(), replace=False)
    console.write(shown(target))
    named = target.resolve()
    if named.is_relative_to(folder):
        console.say(f'name it in billhook.toml: [print] theme_file = "{_posix(named, folder)}"')
    console.say(f"preview it: billhook template preview --theme {shown(target)}")
    return Exit.OK


def _posix(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


# ── preview ──────────────────────────────────────────────────────────────────


@click.command("preview", cls=Command)
@click.argument("job", required=False, type=click.Path(), shell_complete=complete_jobs)
@click.option("--theme", help="A theme's name, one of the project's, or a file.")
@click.option(
    "-f",
    "--format",
    "format_",
    type=click.Choice(["pdf", "html"]),
    default="pdf",
    show_default=True,
    help="Format of the preview.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="The file.  [default: out/preview.pdf]"
)
@click.option("-w", "--watch", is_flag=True, help="Rebuild it when a file changes, until Ctrl-C.")
@click.pass_obj
def preview(
    console: Console,
    /,
    job: str | None,
    theme: str | None,
    format_: str,
    output: Path | None,
    watch: bool,  # noqa: FBT001 - click's signature
) -> Exit:
    """Print a bill in a theme, without issuing anything.

    JOB is the job that is printed; without it the project's first, or a sample.
    """
    with _job(job) as path:
        target = output or open_project(Path()).folder / "out" / f"preview.{format_}"
        shot = Shot(console, path, theme, format_, target)
        if not watch:
            return shot.take()
        console.say(f"watching; Ctrl-C ends.  {shown(target)}")
        watching(shot, _ticks())
    return Exit.OK


@contextmanager
def _job(job: str | None) -> Iterator[Path]:
    """Give a job's file: the one named, the project's first, or a sample's."""
    named = [Path(job)] if job else list(open_project(Path()).jobs())
    if named:
        yield named[0]
        return
    from billhook.tools.scaffold import plain

    with tempfile.TemporaryDirectory() as folder:
        for path, data in plain().items():
            file = Path(folder) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        yield open_project(Path(folder)).jobs()[0]


def _ticks() -> Iterator[int]:
    for count in itertools.count():
        yield count
        time.sleep(PAUSE)


@attrs.frozen
class Shot:
    """A preview that can be taken again.

    Attributes:
        console: Where its path is told.
        job: The job's file.
        theme: The theme, as it was named; ``None`` is the job's own.
        format: ``pdf`` or ``html``.
        target: The file that is made.
    """

    console: Console
    job: Path
    theme: str | None
    format: str
    target: Path

    def take(self) -> Exit:
        """Print the bill.

        Raises:
            BillhookError: The job or the theme has mistakes.
        """
        from billhook.project.drafting import draft_job
        from billhook.render.formats import format_of

        project = open_project(self.job)
        done = draft_job(project, self.job)
        if done.errors:
            raise InputError(located(done.findings, project.folder))
        loaded = self._apply_theme(done.loaded)
        documents = done.documents
        if not documents:
            raise click.UsageError(f"{shown(self.job)} makes no bill")
        data = format_of(loaded, self.format).write(loaded, documents[0])
        self.target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self.target, data)
        self.console.write(shown(self.target))
        return Exit.OK

    def files(self) -> tuple[Path, ...]:
        """Return the files that the preview is made of."""
        loaded = open_project(self.job).job(self.job)
        settings = self._apply_theme(loaded).print
        named = (settings.theme_file, settings.logo, *settings.fonts)
        project = open_project(self.job)
        return (
            *(self.job, project.path, *project.customers.files.values(), *loaded.sources),
            *(path for path in named if path is not None),
        )

    def _apply_theme(self, loaded: LoadedJob) -> LoadedJob:
        from billhook.render.looks import Looks

        if self.theme is None:
            return loaded
        own = {path.stem: str(path) for path in own_themes(open_project(Path()))}
        return Looks(theme=own.get(self.theme, self.theme)).of(loaded)


def watching(shot: Shot, ticks: Iterable[object]) -> None:
    """Take a preview whenever a file that it is made of has changed, as long as there are ticks.

    Mistakes are told, and the next change is waited for.
    """
    before: dict[Path, int] | None = None
    for _ in ticks:
        now = _read_change_times(shot.files)
        if now != before:
            before = now
            try:
                shot.take()
            except (BillhookError, OSError) as error:
                shot.console.warn(error_text(error))


def _read_change_times(files: Callable[[], tuple[Path, ...]]) -> dict[Path, int]:
    """Return when each file was changed; 0 for one that is not there."""
    return {path: path.stat().st_mtime_ns if path.exists() else 0 for path in files()}
