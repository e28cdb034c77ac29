"""The ways to provoke a finding; see README.md."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

import attrs

from billhook.diagnostics import Diagnostic, Findings
from billhook.model.record import Record
from billhook.sources.declaration import Declaration
from billhook.sources.formats.toml import read_toml
from billhook.sources.ranges import above, between
from billhook.sources.reading import read_bytes
from billhook.sources.source import open_source
from billhook.sources.structure import structure
from billhook.sources.text_rules import MULTILINE

Case = Mapping[str, object]


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
    source = open_source(declaration, folder)
    source.records(Entry)
    return said(source.findings)


class Nowhere:
    def place(self, path):
        raise AssertionError(f"the case's own declaration is wrong at {path}")


def run_document(folder: Path, case: Case) -> str:
    findings, name = Findings(), str(case["file"])
    data = read_bytes(folder / name, name, findings)
    document = None if data is None else read_toml(data, name, findings)
    if document is not None:
        structure(document.values, Settings, document, findings)
    return said(findings)


def said(findings: Iterable[Diagnostic]) -> str:
    return "".join(f"{finding.render()}\n" for finding in findings)


def run_command(folder: Path, case: Case) -> str:
    """Run in a copy of the folder, in this process: a hundred cases should not take a minute."""
    from billhook.cli.root import run

    said = io.StringIO()
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / "case"
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("expected.txt", "case.toml"))
        with (
            contextlib.chdir(copy),
            contextlib.redirect_stdout(said),
            contextlib.redirect_stderr(said),
        ):
            run([str(argument) for argument in case["arguments"]])
    return said.getvalue()


def run_store(folder: Path, case: Case) -> str:
    """Run the command line in a small project with a store; see README.md."""
    from billhook.cli.root import run
    from billhook.scaffold import plain

    said = io.StringIO()
    with tempfile.TemporaryDirectory() as name, _as_kim():
        root = Path(name)
        for path, data in plain().items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(data)
        ignore = shutil.ignore_patterns("expected.txt", "case.toml")
        shutil.copytree(folder, root, ignore=ignore, dirs_exist_ok=True)
        with contextlib.chdir(root):
            for step in case.get("steps", []):
                _step(root, step)
            with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
                run([str(argument) for argument in case["arguments"]])
    return said.getvalue()


@contextlib.contextmanager
def _as_kim() -> Iterator[None]:
    """Act as Kim on the first of July, whoever runs the tests and when."""
    own = {"BILLHOOK_USER": "kim", "BILLHOOK_NOW": "2026-07-01T09:00:00Z"}
    before = dict(os.environ)
    os.environ.update(own)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _step(root: Path, step: Case) -> None:
    from billhook.cli.root import run

    if "run" in step:
        quiet = io.StringIO()
        with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
            code = run([str(argument) for argument in step["run"]])
        assert code == step.get("code", 0), quiet.getvalue()
    elif "edit" in step:
        path, before, after = root / step["edit"], step["before"], step["after"]
        text = path.read_text(encoding="utf-8")
        assert before in text, f"{before!r} is not in {path.name}"
        path.write_text(text.replace(before, after), encoding="utf-8")
    elif "rename" in step:
        (root / step["rename"]).rename(root / step["to"])
    else:
        _tamper(root / "billhook.db", step)


def _tamper(path: Path, step: Case) -> None:
    """Change the database behind the back of its guards, and put them back."""
    from billhook.store.digests import document_digest

    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.create_function("document_digest", 2, document_digest)
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
