"""The ways to provoke a finding; see README.md."""

from __future__ import annotations

import atexit
import contextlib
import datetime as dt
import functools
import io
import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

import attrs
import tomli

from billhook.kernel.characters import MULTILINE
from billhook.kernel.diagnostics import Diagnostic, Findings
from billhook.model.record import Record
from billhook.sources.declaration import Declaration
from billhook.sources.file_reading import read_bytes
from billhook.sources.formats.toml import read_toml
from billhook.sources.ranges import above, between
from billhook.sources.source import open_source
from billhook.sources.structure import structure

HERE = Path(__file__).parent
CASE = re.compile(r"[A-Z]{2,4}\d{3}(-.+)?", re.ASCII)
OWN = "case.txt"
"""The file of a case's folder that is about the case and no part of its project."""

BORDER = "+++\n"
"""The line between a case's keys and what is said."""

Case = Mapping[str, object]
Run = tuple[tuple[str, ...], int]
"""A command and the exit code that it must end with."""


def find_cases() -> list[Path]:
    """Return the folders of all cases, those of a group and those that stand alone."""
    folders = [*HERE.glob("*/"), *HERE.glob("*/*/")]
    return sorted(folder for folder in folders if CASE.fullmatch(folder.name))


def read_case(folder: Path) -> Case:
    """Return a case's keys: those of its group, and its own over them."""
    shared = group_of(folder) / "case.toml"
    case = tomli.loads(shared.read_text(encoding="utf-8")) if shared.exists() else {}
    return case | tomli.loads(keys_of(folder))


def keys_of(folder: Path) -> str:
    """Return a case's own keys, the text above the border."""
    return (folder / OWN).read_text(encoding="utf-8").partition(BORDER)[0]


def own_files(folder: Path) -> dict[str, bytes]:
    """Return the files that a case adds to its project: those written in it, those beside it."""
    written: Mapping[str, str] = tomli.loads(keys_of(folder)).get("files", {})
    beside = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != OWN
    }
    return beside | {name: text.encode() for name, text in written.items()}


def group_of(folder: Path) -> Path:
    """Return the folder that a case shares its base project with; its own if it stands alone."""
    return folder if folder.parent == HERE else folder.parent


def base_of(folder: Path) -> Path | None:
    """Return the base project of a case, if it has one."""
    base = group_of(folder) / "base"
    return base if base.is_dir() else None


def run_case(folder: Path) -> str:
    """Provoke a case's finding and return all that billhook says."""
    case = read_case(folder)
    return RUNNERS[str(case["run"])](folder, case)


@attrs.frozen(kw_only=True, slots=False)
class Work:
    date: dt.date
    who: str
    hours: Annotated[Decimal, above(0)]
    until: dt.date | None = None
    work: Literal["office", "travel"] = "office"
    tags: tuple[str, ...] = ()
    note: Annotated[str, MULTILINE] = ""

    def __attrs_post_init__(self) -> None:
        if self.until is not None and self.until < self.date:
            raise ValueError(f"until ({self.until}) is before date ({self.date})")


@attrs.frozen(kw_only=True)
class Entry(Work, Record):
    """A demo entry, as a record."""


@attrs.frozen(kw_only=True)
class Settings:
    currency: str
    percent: Annotated[Decimal, between(0, 100)] = Decimal(0)
    entries: tuple[Work, ...] = ()


def run_source(folder: Path, case: Case) -> str:
    declared = case["source"]
    declaration = structure({"kind": "demo", **declared}, Declaration, Nowhere(), Findings())
    assert declaration is not None, "the case's own declaration is wrong"
    with _temporary_project() as root:
        _lay_over(folder, root)
        source = open_source(declaration, root)
        source.records(Entry)
        return said(source.findings)


class Nowhere:
    def place(self, path):
        raise AssertionError(f"the case's own declaration is wrong at {path}")


def run_document(folder: Path, case: Case) -> str:
    findings, name = Findings(), str(case["file"])
    with _temporary_project() as root:
        _lay_over(folder, root)
        data = read_bytes(root / name, name, findings)
    document = None if data is None else read_toml(data, name, findings)
    if document is not None:
        structure(document.values, Settings, document, findings)
    return said(findings)


def said(findings: Iterable[Diagnostic]) -> str:
    return "".join(f"{finding.render()}\n" for finding in findings)


def run_command(folder: Path, case: Case) -> str:
    """Run in a copy of the project, in this process: a hundred cases should not take a minute."""
    with _temporary_project() as root:
        base = base_of(folder)
        if base is not None:
            shutil.copytree(base, root, dirs_exist_ok=True)
        _lay_over(folder, root)
        return _provoke(root, case["arguments"], case.get("steps", []))


def run_store(folder: Path, case: Case) -> str:
    """Run the command line in a small project with a store; see README.md."""
    steps = list(case.get("steps", []))
    runs: list[Run] = []
    with _temporary_project() as root, _as_kim(case.get("environment", {})):
        if not own_files(folder):
            while steps and "run" in steps[0]:
                runs.append(_run_of(steps.pop(0)))
        shutil.copytree(_prepared(tuple(runs)), root, dirs_exist_ok=True)
        _lay_over(folder, root)
        return _provoke(root, case["arguments"], steps)


def _provoke(root: Path, arguments: Iterable[object], steps: Iterable[Case]) -> str:
    """Take the steps, run the command, and return what it writes."""
    from billhook.cli.app import run

    written = io.StringIO()
    with contextlib.chdir(root):
        for step in steps:
            _step(root, step)
        with contextlib.redirect_stdout(written), contextlib.redirect_stderr(written):
            run([str(argument) for argument in arguments])
    return written.getvalue()


@contextlib.contextmanager
def _temporary_project() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "case"
        root.mkdir()
        yield root


def _lay_over(folder: Path, root: Path) -> None:
    for name, data in own_files(folder).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)


@functools.cache
def _prepared(runs: tuple[Run, ...]) -> Path:
    """Return the project of ``billhook init`` after some commands; each is run once for all cases.

    Nothing may be changed in the folder: it is there to be copied.
    """
    from billhook.tools.scaffold import plain

    folder = Path(tempfile.mkdtemp(prefix="billhook-errors-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if runs:
        shutil.copytree(_prepared(runs[:-1]), folder, dirs_exist_ok=True)
        with contextlib.chdir(folder):
            _run(runs[-1])
    else:
        for path, data in plain().items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
    return folder


@contextlib.contextmanager
def _as_kim(environment: Mapping[str, str]) -> Iterator[None]:
    """Act as Kim on the first of July, whoever runs the tests and when."""
    own = {"BILLHOOK_USER": "kim", "BILLHOOK_NOW": "2026-07-01T09:00:00Z", **environment}
    before = dict(os.environ)
    os.environ.update(own)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _step(root: Path, step: Case) -> None:
    if "run" in step:
        _run(_run_of(step))
    elif "edit" in step:
        _edit(root / step["edit"], step["before"], step["after"])
    elif "append" in step:
        path = root / step["append"]
        path.write_bytes(path.read_bytes() + step["text"].encode().rstrip(b"\n") + b"\n")
    elif "rename" in step:
        (root / step["rename"]).rename(root / step["to"])
    else:
        _tamper(root / "billhook.db", step)


def _run_of(step: Case) -> Run:
    return tuple(str(argument) for argument in step["run"]), step.get("code", 0)


def _run(command: Run) -> None:
    from billhook.cli.app import run

    quiet = io.StringIO()
    with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
        code = run(list(command[0]))
    assert code == command[1], quiet.getvalue()


def _edit(path: Path, before: str, after: str) -> None:
    data = path.read_bytes()
    assert data.count(before.encode()) == 1, f"{before!r} is not once in {path.name}"
    path.write_bytes(data.replace(before.encode(), after.encode()))


def _tamper(path: Path, step: Case) -> None:
    """Change the database behind the back of its guards, and put them back."""
    from billhook.store.digests import document_digest

    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.create_function("document_digest", 2, document_digest)
        raw.execute("PRAGMA synchronous = OFF")  # a wait for the disk after each trigger
        query = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
        guards = raw.execute(query).fetchall()
        for name, _ in guards:
            raw.execute(f"DROP TRIGGER {name}")
        for statement in step["sql"]:
            raw.execute(statement)
        for _, guard in guards if step.get("guarded", True) else ():
            raw.execute(guard)


RUNNERS: Mapping[str, Callable[[Path, Case], str]] = {
    "source": run_source,
    "document": run_document,
    "command": run_command,
    "store": run_store,
}
