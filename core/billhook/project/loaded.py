"""A loaded job: everything that is needed to work it out, and everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import attrs

from billhook.calculate.draft import Draft
from billhook.engine import Engine
from billhook.kernel.diagnostics import Diagnostic, Findings, Severity
from billhook.kernel.errors import InputError
from billhook.kernel.origin import Origin
from billhook.model.document import Document, History
from billhook.model.job import Job
from billhook.model.record import Record
from billhook.project.excerpts import Excerpts
from billhook.project.print_settings import PrintSettings
from billhook.sources.location import Location


@attrs.frozen(kw_only=True)
class LoadedJob:
    """A job as its files say.

    Attributes:
        id: Short id: the file's name without suffix.
        path: The job's file.
        folder: The project's folder; names in findings are relative to it.
        findings: What is wrong with the files, the project's included.
        job: The job; ``None`` when errors keep it from being made.
        engine: The engine with the job's plugins.
        print: How its documents look.
        number: The number given by hand.
        history: What was billed before for the subject.
        sources: The files that its records come from.
        follows: The earlier bill that the job names: a job or its JSON.
        places: Where keys stand that fault is found with later: ``number``, ``follows``,
            ``print.logo``.
        records: Its records, when they were read with those of other jobs; ``None`` when its
            sources are read for it.
    """

    id: str
    path: Path
    folder: Path
    findings: tuple[Diagnostic, ...]
    job: Job | None = None
    engine: Engine = attrs.field(factory=Engine)
    print: PrintSettings = attrs.field(factory=PrintSettings)
    number: str | None = None
    history: History = attrs.field(factory=History)
    sources: tuple[Path, ...] = ()
    follows: Path | None = None
    places: Mapping[str, Location] = attrs.field(factory=dict, repr=False)
    records: tuple[Record, ...] | None = attrs.field(default=None, repr=False)

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The findings that keep the job from being made."""
        return tuple(f for f in self.findings if f.severity is Severity.ERROR)

    def drafts(self) -> tuple[Draft, ...]:
        """Work the job out: one draft for each payer.

        Raises:
            InputError: The files have errors; the exception has all findings.
        """
        if self.job is None:
            raise InputError(self.findings)
        drafts = self.engine.drafts(self.job, self.records, self.history)
        return self.with_excerpts(drafts)

    def read(self, findings: Findings) -> tuple[Record, ...]:
        """Return the job's records; what is wrong with its sources goes to ``findings``."""
        if self.job is None:
            return ()
        return (
            self.records if self.records is not None else (*self.engine.read(self.job, findings),)
        )

    def with_excerpts(self, drafts: Iterable[Draft]) -> tuple[Draft, ...]:
        """Return drafts whose findings show what stands at their places."""
        return tuple(attrs.evolve(draft, findings=self._place_findings(draft)) for draft in drafts)

    def documents(self, drafts: Sequence[Draft] | None = None) -> tuple[Document, ...]:
        """Return the bills that could be worked out, numbered if the job is.

        Args:
            drafts: The job's drafts, if they are at hand.
        """
        bills = [draft.worked_out for draft in (self.drafts() if drafts is None else drafts)]
        numbers = self._numbers(len(bills))
        return tuple(
            Document(invoice=bill, number=number)
            for bill, number in zip(bills, numbers, strict=True)
            if bill is not None
        )

    def placed(self, findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Return findings of printing, each at the key or the record that it is about."""
        excerpts = Excerpts((), self.folder)
        return tuple(excerpts.shown(self._at_key(finding)) for finding in findings)

    def _at_key(self, finding: Diagnostic) -> Diagnostic:
        place = self.places.get(finding.path or "")
        if place is None or (finding.origin and finding.origin.line):
            return finding if finding.origin else attrs.evolve(finding, origin=self._origin)
        return attrs.evolve(finding, origin=place.origin, excerpt=place.excerpt, width=place.width)

    @property
    def _origin(self) -> Origin:
        return (self.job.origin if self.job else None) or Origin(self.path.name)

    def _numbers(self, count: int) -> list[str | None]:
        if self.number is None or count == 1:
            return [self.number] * count
        return [f"{self.number}-{place}" for place in range(1, count + 1)]

    def _place_findings(self, draft: Draft) -> tuple[Diagnostic, ...]:
        """Return findings, with what stands there; those that know no place are the job's."""
        excerpts, origin = Excerpts(draft.job.sources, self.folder), draft.job.origin
        return tuple(
            excerpts.shown(finding if finding.origin else attrs.evolve(finding, origin=origin))
            for finding in draft.findings
        )
