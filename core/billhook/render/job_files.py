"""The files of a job's bills, made in memory: for this process, or in a worker of several."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import attrs

from billhook.calculate.draft import Draft
from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.errors import BillhookError
from billhook.kernel.origin import Origin
from billhook.kernel.text import Period
from billhook.model.document import Document
from billhook.project import LoadedJob, Project
from billhook.project.drafting import JobDraft, draft_job
from billhook.render.formats import format_of
from billhook.render.looks import Looks
from billhook.sources.filename import safe_name
from billhook.store.protocol import Store

OUT = "out"

PAYS_FROM = 200
"""So many jobs make up for starting processes, see `billhook.render.parallel`."""

REASONS = 5
"""So many reasons for leaving records out are named; each day outside a period is one."""


@attrs.frozen(kw_only=True)
class FilesWanted:
    """Which files to make of jobs, and how.

    Attributes:
        formats: Names of formats.
        folder: Where the files go; ``None`` is the folder ``out`` of the project.
        date: Invoice date, instead of the jobs'.
        period: Days to bill, instead of the jobs'.
        looks: How the bills shall look.
        strict: Go on from nothing but what was issued.
        render: Make the content; without it files have names only.
    """

    formats: tuple[str, ...] = ("pdf",)
    folder: Path | None = None
    date: dt.date | None = None
    period: Period | None = None
    looks: Looks = attrs.field(factory=Looks)
    strict: bool = False
    render: bool = True


@attrs.frozen
class MadeBill:
    """A bill that was made.

    Attributes:
        name: Its number, or the job's id.
        lines: How many lines it has.
        amount: What is payable.
        currency: In which currency.
    """

    name: str
    lines: int
    amount: Decimal
    currency: str


@attrs.frozen(kw_only=True)
class JobFiles:
    """The rendered files of a job, not written yet.

    Attributes:
        job: The job's file.
        folder: The project's folder; names in findings are relative to it.
        findings: What was found.
        invalid: The input has errors, so nothing was made.
        refused: A rule speaks against the bill, so nothing was made.
        files: The files with their content.
        bills: The bills; none if there was nothing to bill.
        left: Why records were left out, each reason with its count.
        error: What went wrong while the files were made: a plugin, a disk, a format that refuses.
    """

    job: Path
    folder: Path
    findings: tuple[Diagnostic, ...] = ()
    invalid: bool = False
    refused: bool = False
    files: tuple[tuple[Path, bytes], ...] = ()
    bills: tuple[MadeBill, ...] = ()
    left: str = ""
    error: BillhookError | OSError | None = None


def make_files(
    project: Project, path: Path, wanted: FilesWanted, store: Store | None = None
) -> JobFiles:
    """Work a job out and make its files; what goes wrong is told, not raised.

    Args:
        project: The project.
        path: The job's file.
        wanted: Which files, and how.
        store: Where documents are kept, for the history; see `draft_job`.
    """
    done = draft_job(
        project, path, store, date=wanted.date, period=wanted.period, strict=wanted.strict
    )
    job, folder, found = done.loaded.path, project.folder, done.findings
    if done.errors:
        return JobFiles(
            job=job, folder=folder, findings=found, invalid=not done.refused, refused=done.refused
        )
    try:
        return _make(done, wanted)
    except (BillhookError, OSError) as error:
        return JobFiles(job=job, folder=folder, findings=found, error=error)


def _make(done: JobDraft, wanted: FilesWanted) -> JobFiles:
    loaded = wanted.looks.of(done.loaded)
    documents = tuple(map(wanted.looks.document, done.documents))
    return JobFiles(
        job=loaded.path,
        folder=loaded.folder,
        findings=(*done.findings, *_advice(loaded, documents)),
        files=tuple(_files(loaded, documents, wanted)),
        bills=tuple(_bill(loaded, document) for document in documents),
        left=_skip_reasons(done.drafts),
    )


def _skip_reasons(drafts: Iterable[Draft]) -> str:
    """Return the reasons of skipped records, the most frequent first."""
    skips = {skip.key: str(skip.reason) for draft in drafts for skip in draft.skipped}
    reasons = Counter(skips.values()).most_common()
    named = [f"{reason} ({_records(n)})" for reason, n in reasons[:REASONS]]
    rest = sum(n for _, n in reasons[REASONS:])
    return "; ".join([*named, *([f"other reasons ({_records(rest)})"] if rest else [])])


def _records(count: int) -> str:
    return f"{count} record" if count == 1 else f"{count} records"


def _advice(loaded: LoadedJob, documents: Sequence[Document]) -> Iterator[Diagnostic]:
    if loaded.print.words:
        from billhook.render.document.totals_block import advice

        place = loaded.job.origin if loaded.job else Origin(loaded.path.name)
        for document in documents:
            for found in advice(document.invoice, loaded.print):
                yield attrs.evolve(found, origin=place)


def _files(
    loaded: LoadedJob, documents: Sequence[Document], wanted: FilesWanted
) -> Iterator[tuple[Path, bytes]]:
    folder = loaded.folder / OUT if wanted.folder is None else wanted.folder
    formats = [format_of(loaded, name) for name in wanted.formats]
    for document in documents:
        stem = _stem(loaded, document, several=len(documents) > 1)
        for each in formats:
            data = each.write(loaded, document) if wanted.render else b""
            yield folder / safe_name(stem, each.suffix), data


def _stem(loaded: LoadedJob, document: Document, *, several: bool) -> str:
    if document.number is not None:
        return document.number
    payer = document.invoice.payer
    return f"{loaded.id}-{payer.id}" if several and payer else loaded.id


def _bill(loaded: LoadedJob, document: Document) -> MadeBill:
    payable = document.invoice.totals.payable
    name = document.number or loaded.id
    return MadeBill(name, len(document.invoice.lines), payable.value, payable.unit)
