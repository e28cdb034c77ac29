"""The folder of a project: what its ``billhook.toml`` and customers say, for every job of it."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, BinaryIO

from billhook.engine import Engine
from billhook.kernel.diagnostics import Diagnostic, Findings
from billhook.kernel.text import Period
from billhook.model.document import Document as Bill
from billhook.plugins.loading import Approve
from billhook.project import codes
from billhook.project.agreements import SubjectTerms
from billhook.project.customers import Customers
from billhook.project.defaults import absolute, fill
from billhook.project.each import JobGroup
from billhook.project.engines import Engines
from billhook.project.layers import Layer, Layers
from billhook.project.reading import nothing, read_document, relative
from billhook.project.settings import SettingsMemo
from billhook.project.tables import KEPT, SHARED, ProjectTable
from billhook.project.unknown_keys import report_unknown
from billhook.sources.bad_value import BadValueError
from billhook.sources.document import LocatedDocument
from billhook.sources.limits import DOCUMENT_BYTES
from billhook.sources.location import Location, report
from billhook.sources.source import SourceMemo
from billhook.sources.structure import structure

if TYPE_CHECKING:  # only who issues or exports needs them
    from billhook.ledger.books.export import BooksSettings
    from billhook.project.store_settings import Keeping

MARKER = "billhook.toml"
"""The file that makes a folder a project."""

JOBS = "jobs"


def find_project(path: Path) -> Path | None:
    """Return the ``billhook.toml`` of a folder or file, or of the nearest folder above it."""
    start = absolute(Path.cwd(), str(path))
    folders = (start, *start.parents) if start.is_dir() else start.parents
    return next((folder / MARKER for folder in folders if (folder / MARKER).is_file()), None)


class ProjectFolder:
    """A project's folder, read once: its tables, customers, plugins and bills worked out before.

    Attributes:
        path: Its ``billhook.toml``.
        folder: Where that is; names in findings are relative to it.
        exists: Whether there is such a file.
        table: What ``[project]`` says.
        layer: The file's tables, for jobs to be laid over.
        readable: Whether the file is valid TOML.
        findings: What is wrong with the file.
        customers: The customers.
        terms: The terms of single subjects.
        stdin: Standard input, if a source may name it.
        approve: Decides whether the local plugin may be run; nothing runs it.
        settings: Tables that are the same for many jobs, structured once.
        sources: What was read of the files that jobs name, by their declarations.
        groups: The jobs for many that were read.
        assumed_date: Invoice date of the jobs for many that say none.
        assumed_period: The days that those of them bill that say no period.
    """

    def __init__(
        self, path: Path, *, stdin: BinaryIO | None = None, approve: Approve | None = None
    ) -> None:
        self.path = path
        self.folder: Path = path.parent
        self.exists: bool = path.is_file()
        self.stdin = stdin
        self.approve = approve
        self._bills: dict[Path, tuple[Bill, ...] | None] = {}
        found = Findings()
        document = read_document(path, path.name, found) if self.exists else nothing(path.name)
        self.layer: Layer = Layer(document or nothing(path.name), self.folder)
        self.readable: bool = document is not None
        self.table: ProjectTable = self._table(self.layer.document, found)
        self.customers: Customers = Customers(self.folder, self._plugins())
        self.terms: SubjectTerms = SubjectTerms(self.folder, self._plugins())
        self.settings: SettingsMemo = SettingsMemo((self.layer.document,))
        self.sources: SourceMemo = {}
        self.groups: dict[Path, JobGroup | None] = {}
        self.assumed_date: dt.date | None = None
        self.assumed_period: Period | None = None
        self._engines = Engines(self.table.local, approve)
        known = ("project", *SHARED, *KEPT)
        report_unknown(self.layer.document, known, self._plugins(), found)
        self.findings: tuple[Diagnostic, ...] = tuple(found)

    def job_paths(self) -> tuple[Path, ...]:
        """Return the files of the folder ``jobs``, by name."""
        return tuple(sorted((self.folder / JOBS).glob("*.toml")))

    @cached_property
    def job_files(self) -> Mapping[Path, bytes]:
        """The content of the files of the folder ``jobs``, read once as the rest of the project."""
        found = ((path, _content(path)) for path in self.job_paths())
        return {path: data for path, data in found if data}

    def check(self) -> tuple[Diagnostic, ...]:
        """Return what is wrong with the project apart from its jobs: its own file, customers."""
        found = Findings(self.findings)
        if not self.exists:
            message = f"there is no {MARKER} in this folder, or above it"
            mistake = BadValueError(codes.NO_PROJECT, message, "billhook init lays out a project")
            report(found, mistake, Location(self.layer.document.origin(())))
        for id_ in self.customers.files:
            self.customers.get(id_, found)
        self.keeping(found)
        if "books" in self.layer.document.values:
            self.books(found)
        return tuple(found)

    def keeping(self, findings: Findings) -> Keeping | None:
        """Return where issued documents are kept and by which rules, or say why not."""
        from billhook.project.store_settings import read_keeping

        return read_keeping(self.layer.document, self.folder, findings)

    def books(self, findings: Findings) -> BooksSettings | None:
        """Return the accounts of bookkeeping programs, or say why not."""
        from billhook.project.books_settings import read_books

        return read_books(self.layer.document, self.folder, findings)

    def remember(
        self, path: Path, work_out: Callable[[], tuple[Bill, ...] | None]
    ) -> tuple[Bill, ...] | None:
        """Return the history up to a job and with it, worked out once; ``None`` if it fails."""
        if path not in self._bills:
            self._bills[path] = work_out()
        return self._bills[path]

    def engine(self, names: tuple[str, ...]) -> Engine:
        """Return the engine of some plugins and the local one."""
        return self._engines.engine(names)

    def name(self, path: Path) -> str:
        """Return how findings and traces call a file."""
        return relative(path, self.folder)

    def _table(self, document: LocatedDocument, findings: Findings) -> ProjectTable:
        """Return what ``[project]`` says, as far as it is right."""
        value = document.values.get("project", {})
        keys = value if isinstance(value, Mapping) else {}
        if not self._is_inside(keys.get("local"), document, findings):
            value = keys = {key: item for key, item in keys.items() if key != "local"}
        table = self._structure(value, document, findings)
        if table is not None:
            return table
        good = {key: item for key, item in keys.items() if self._is_good({key: item}, document)}
        return self._structure(good, document, findings) or ProjectTable()

    def _is_inside(self, local: object, document: LocatedDocument, findings: Findings) -> bool:
        """Return whether the local plugin lies in the project's folder, or say why not."""
        if not isinstance(local, str):
            return True
        within = PurePath(local)
        real = Path(os.path.realpath(self.folder / local))
        if not (
            within.is_absolute() or within.drive or ".." in within.parts or "\0" in local
        ) and real.is_relative_to(os.path.realpath(self.folder)):
            return True
        message = f"the local plugin {local!r} is not in the project's folder"
        mistake = BadValueError(codes.LOCAL_OUTSIDE, message, "move it there, or make a package")
        report(findings, mistake, document.place(("project", "local")))
        return False

    def _is_good(self, value: object, document: LocatedDocument) -> bool:
        return self._structure(value, document, Findings()) is not None

    def _structure(
        self, value: object, document: LocatedDocument, findings: Findings
    ) -> ProjectTable | None:
        filled = fill(value, ProjectTable, Layers((Layer(document, self.folder),)), ("project",))
        return structure(filled, ProjectTable, document, findings, path=("project",))

    def _plugins(self) -> tuple[str, ...]:
        local = (self.table.local.stem,) if self.table.local else ()
        return (*self.table.plugins, *local)


def _content(path: Path) -> bytes:
    """Return a job's file as it is; nothing if it cannot be read or is too large for one."""
    try:
        return path.read_bytes() if path.stat().st_size <= DOCUMENT_BYTES else b""
    except OSError:
        return b""
