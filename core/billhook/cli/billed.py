"""One job made into the files of its bills, as data: for this process, or for a worker."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import attrs
import click

from billhook.calculate.draft import Draft
from billhook.cli.exits import Exit, exit_code
from billhook.cli.formats import format_of
from billhook.cli.print_options import Looks
from billhook.cli.report import audible, counted, shown, to_text, told
from billhook.cli.work import Work, work
from billhook.kernel.errors import BillhookError, FindingsError
from billhook.kernel.origin import Origin
from billhook.kernel.text import Period
from billhook.model.document import Document
from billhook.project import LoadedJob, Project
from billhook.sources.filename import safe_name

STREAM = "-"
OUT = "out"

REASONS = 5
"""So many reasons for leaving records out are named; each day outside a period is one."""

PAYS_FROM = 200
"""So many jobs make up for starting processes."""


@attrs.frozen(kw_only=True)
class Order:
    """What was asked for.

    Attributes:
        formats: Names of formats, with commas between.
        output: Folder, ``-``, or ``None`` for the project's own.
        date: Invoice date, instead of the jobs'.
        period: Days to bill, instead of the jobs'.
        dry_run: Write nothing.
        looks: How the bills shall look.
        store: The history is what was issued, not what jobs say.
        debug: Errors are raised, for their tracebacks.
        quiet: Remarks are left out.
    """

    formats: str = "pdf"
    output: str | None = None
    date: dt.date | None = None
    period: Period | None = None
    dry_run: bool = False
    looks: Looks = attrs.field(factory=Looks)
    store: bool = False
    debug: bool = False
    quiet: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The formats, each once."""
        words = (word.strip() for word in self.formats.split(","))
        return tuple(dict.fromkeys(word for word in words if word))


@attrs.frozen
class Bill:
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
class Billed:
    """What a job came to; nothing is written yet.

    Attributes:
        job: The job's file.
        said: What must be heard of it, finding by finding.
        failed: Why nothing was made of it, if so.
        files: The files with their content.
        bills: The bills; none if there was nothing to bill.
        left: Why records were left out, each reason with its count.
    """

    job: Path
    said: tuple[str, ...] = ()
    failed: Exit | None = None
    files: tuple[tuple[Path, bytes], ...] = ()
    bills: tuple[Bill, ...] = ()
    left: str = ""


def billed(project: Project, path: Path, order: Order) -> Billed:
    """Work a job out and make its files; what cannot be made is told, not raised."""
    done = _worked(project, path, order)
    heard = audible(done.findings, quiet=order.quiet)
    said = tuple(to_text([each]) for each in heard)
    job = done.loaded.path
    if done.errors:
        return Billed(job=job, said=said, failed=Exit.REFUSED if done.refused else Exit.INVALID)
    try:
        return _made(done, order, said)
    except (BillhookError, OSError) as error:
        if order.debug:
            raise
        return Billed(job=job, said=(*said, *_told(error)), failed=exit_code(error))


def _told(error: BillhookError | OSError) -> Iterator[str]:
    if isinstance(error, FindingsError):
        yield from (to_text([each]) for each in error.findings)
    else:
        yield told(error)


def _worked(project: Project, path: Path, order: Order) -> Work:
    if not order.store:
        return work(project, path, order.date, order.period)
    from billhook.cli.recall import recall

    return recall(project, path, order.date, order.period)


def _made(done: Work, order: Order, said: tuple[str, ...]) -> Billed:
    loaded = order.looks.of(done.loaded)
    documents = tuple(map(order.looks.document, done.loaded.documents(done.drafts)))
    if order.output == STREAM and len(documents) > 1:
        raise click.UsageError(f"{loaded.id} makes {len(documents)} bills; name a folder")
    return Billed(
        job=loaded.path,
        said=(*said, *_advice(loaded, documents)),
        files=tuple(_files(loaded, documents, order)),
        bills=tuple(_bill(loaded, document) for document in documents),
        left=_left(done.drafts),
    )


def _left(drafts: Iterable[Draft]) -> str:
    """Return the reasons of skipped records, the most frequent first."""
    skips = {skip.key: str(skip.reason) for draft in drafts for skip in draft.skipped}
    reasons = Counter(skips.values()).most_common()
    named = [f"{reason} ({counted(n, 'record')})" for reason, n in reasons[:REASONS]]
    rest = sum(n for _, n in reasons[REASONS:])
    return "; ".join([*named, *([f"other reasons ({counted(rest, 'record')})"] if rest else [])])


def _advice(loaded: LoadedJob, documents: Sequence[Document]) -> Iterator[str]:
    if loaded.print.words:
        from billhook.render.advice import advice

        place = Origin(shown(loaded.path))
        found = [f for each in documents for f in advice(each.invoice, loaded.print)]
        if found:
            yield to_text([attrs.evolve(f, origin=place) for f in found])


def _files(
    loaded: LoadedJob, documents: Sequence[Document], order: Order
) -> Iterator[tuple[Path, bytes]]:
    folder = Path(order.output) if order.output else loaded.folder / OUT
    for document in documents:
        stem = _stem(loaded, document, several=len(documents) > 1)
        for name in order.names:
            format_ = format_of(loaded, name)
            yield folder / safe_name(stem, format_.suffix), format_.write(loaded, document)


def _stem(loaded: LoadedJob, document: Document, *, several: bool) -> str:
    if document.number is not None:
        return document.number
    payer = document.invoice.payer
    return f"{loaded.id}-{payer.id}" if several and payer else loaded.id


def _bill(loaded: LoadedJob, document: Document) -> Bill:
    payable = document.invoice.totals.payable
    name = document.number or loaded.id
    return Bill(name, len(document.invoice.lines), payable.value, payable.unit)
