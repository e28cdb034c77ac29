"""The hooks: seventeen, in four groups: declare, compute, issue, show.

Rules for all: arguments come by keyword and an implementation takes those it wants; values are
frozen; an iterable may be a generator; returning ``None`` means "not mine".  Compute hooks do no
I/O and read no clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import pluggy

from billhook.kernel.diagnostics import Diagnostic
from billhook.model.adjustment import Adjustment, Share
from billhook.model.charge import Charge, Rating
from billhook.model.document import Document, History, Seal
from billhook.model.invoice import Invoice
from billhook.model.job import Job
from billhook.model.owner import Owner
from billhook.model.record import Event, Record, Records
from billhook.model.section import Section
from billhook.model.source import Source
from billhook.model.subject import Subject
from billhook.model.tax import Taxable, TaxRule
from billhook.plugins.info import App, Exporter, PluginInfo

if TYPE_CHECKING:
    import click

hookspec: pluggy.HookspecMarker = pluggy.HookspecMarker("billhook")

# ── declare ──────────────────────────────────────────────────────────────────


@hookspec
def billhook_plugin() -> PluginInfo | None:
    """Say who you are: the facts that the core needs before any work.

    Optional for a local file; then the name is the file's.
    """


@hookspec
def billhook_exporters() -> Iterable[Exporter] | None:
    """Offer formats to write documents in."""


@hookspec
def billhook_commands(cli: click.Group, app: App) -> None:
    """Add one command group, named like the plugin.

    The only hook that may talk to the user.
    """


# ── compute: pure, in this order ─────────────────────────────────────────────


@hookspec(firstresult=True)
def billhook_read(job: Job, source: Source) -> Iterable[Record] | None:
    """Read one source, if its kind is yours.

    Needed only for what ``PluginInfo.records`` cannot say: the core reads those kinds itself.
    Report problems to ``source.findings``, don't raise.
    """


@hookspec(firstresult=True)
def billhook_owner(job: Job, record: Record) -> Owner | None:
    """Name the subject and the customer that a record belongs to, if it is yours.

    Whoever looks for forgotten work asks this: a record of a subject that no job bills is found
    by it.  ``job`` is one of the jobs that read the record, and lends its settings.
    """


@hookspec
def billhook_subjects(job: Job, each: str) -> Iterable[Subject] | None:
    """List the subjects that a job for many stands for, as far as the settings know them.

    ``each`` is what the job says, one of your `PluginInfo.each`.  Subjects that only records name
    are found by `billhook_owner`: a subject of the owner's kind by its ``subject``, any other by
    its ``customer``.
    """


@hookspec(firstresult=True)
def billhook_fit(job: Job, subject: Subject) -> Job | None:
    """Return the job as it bills one subject: its own settings name what is billed."""


@hookspec
def billhook_rate(job: Job, records: Records, history: History) -> Rating | None:
    """Turn your records into charges.

    Bill or skip each one; leave a state if the next document depends on this one.
    """


@hookspec
def billhook_adjust(
    job: Job, charges: Sequence[Charge], history: History, records: Records
) -> Iterable[Adjustment] | None:
    """Give amounts on the whole bill.

    ``records`` are those that `billhook_rate` had: payments and adjustments may arrive as rows.

    You don't see other plugins' adjustments: say by ``of`` and ``order`` what yours is taken of.
    """


@hookspec(firstresult=True)
def billhook_split(job: Job, charges: Sequence[Charge]) -> Sequence[Share] | None:
    """Divide the bill among payers, by weights per charge."""


@hookspec(firstresult=True)
def billhook_tax(job: Job, taxable: Taxable) -> TaxRule | None:
    """Name the tax of a class, for this seller, buyer and date.

    Components, rate, exemption reason, reverse charge, tax on tax.  Asked once per class; where
    several plugins implement it, once more, to find a second answer (BH303).
    """


@hookspec
def billhook_check(job: Job, draft: Invoice, history: History) -> Iterable[Diagnostic] | None:
    """Find fault.

    ERROR stops the issue, WARNING needs eyes, INFO is said.
    """


@hookspec
def billhook_check_event(event: Event, history: History) -> Iterable[Diagnostic] | None:
    """Find fault with an event before it is recorded.

    ERROR refuses it: more is released than is held, 500 %.  ``history`` is that of its subject.
    """


# ── issue ────────────────────────────────────────────────────────────────────


@hookspec(firstresult=True)
def billhook_number(job: Job, draft: Invoice, sequence: int) -> str | None:
    """Dress the next sequence number.  The number itself is the store's."""


@hookspec
def billhook_seal(document: Document, previous: Mapping[str, str]) -> Seal | None:
    """Compute a fiscal seal over a document inside the issue transaction.

    ``previous`` has the newest seal by scheme; pure, no second clock, no network.
    """


@hookspec
def billhook_issued(document: Document) -> None:
    """Hear that a document was issued.

    It is already safe; you cannot stop it.
    """


# ── show ─────────────────────────────────────────────────────────────────────


@hookspec
def billhook_sections(document: Document) -> Iterable[Section] | None:
    """Give blocks for the printed document: where, title, table or text."""
