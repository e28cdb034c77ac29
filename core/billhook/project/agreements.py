"""Agreements: what stands with a customer or a subject, under its jobs and over the project.

A term is looked for in the job, then in the file of the subject, then in that of the customer,
then in the project.  Tables merge key by key; all else is replaced.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from billhook.kernel.diagnostics import Diagnostic, Findings, Severity, did_you_mean
from billhook.kernel.origin import Origin
from billhook.project import codes
from billhook.project.layers import Layer
from billhook.project.reading import read_document, relative
from billhook.project.tables import AGREED, AGREED_TABLES, PARTIES
from billhook.project.unknown_keys import report_unknown
from billhook.sources.document import LocatedDocument

SUBJECTS = "subjects"
"""The folder of the subjects' files, each named by its subject as a job for many is."""


class SubjectTerms:
    """The terms of a project's subjects; each file is read once, when somebody asks for it."""

    def __init__(self, root: Path, plugins: Collection[str] = ()) -> None:
        self._root = root
        self._plugins = tuple(plugins)
        self._read: dict[str, tuple[LocatedDocument | None, tuple[Diagnostic, ...]]] = {}

    @cached_property
    def files(self) -> dict[str, Path]:
        """The files by their subjects."""
        return {unquote(path.stem): path for path in sorted((self._root / SUBJECTS).glob("*.toml"))}

    def layer(self, subject: str, findings: Findings) -> Layer | None:
        """Return what a subject's file says; ``None`` without one."""
        if subject not in self.files:
            return None
        if subject not in self._read:
            found = Findings()
            self._read[subject] = self._document(self.files[subject], found), tuple(found)
        document, said = self._read[subject]
        findings.extend(said)
        if document is None:
            return None
        known = frozenset((*AGREED, *AGREED_TABLES, *PARTIES, *self._plugins))
        return Layer(document, self._root / SUBJECTS, known)

    def find_strangers(self, subjects: Collection[str]) -> Iterator[Diagnostic]:
        """Yield a finding for each file whose subject no job of the project has."""
        for subject, path in self.files.items():
            if subject not in subjects:
                document = self.layer(subject, Findings())
                name = relative(path, self._root)
                origin = document.document.origin(()) if document else Origin(name)
                message = f"no job bills the subject {subject!r}, whose terms these are"
                hint = did_you_mean(subject, subjects) or "they apply to no bill"
                yield Diagnostic(
                    codes.TERMS_OF_NOBODY.id, message, Severity.WARNING, origin, hint=hint
                )

    def _document(self, path: Path, findings: Findings) -> LocatedDocument | None:
        document = read_document(path, relative(path, self._root), findings)
        if document is not None:
            known = (*AGREED, *AGREED_TABLES, *PARTIES)
            report_unknown(document, known, self._plugins, findings)
        return document
