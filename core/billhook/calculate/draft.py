"""Drafts: a computed bill with its findings, before it is issued."""

from __future__ import annotations

import attrs

from billhook.kernel.diagnostics import Diagnostic, Severity
from billhook.kernel.errors import RefusedError
from billhook.kernel.figure import Figure
from billhook.model.charge import Skip
from billhook.model.document import Document, DraftBasis
from billhook.model.invoice import Invoice
from billhook.model.job import Job
from billhook.model.record import Record


@attrs.frozen(kw_only=True)
class Draft:
    """The outcome of working a job out.

    Attributes:
        job: The job.
        findings: All that was found, errors, warnings and remarks.
        worked_out: The bill; ``None`` when errors kept it from being worked out.
        skipped: Records that were looked at and not billed.
        records: Every record that was read.
        basis: What the history was asked for on the way; it is looked at again at issue.
    """

    job: Job
    findings: tuple[Diagnostic, ...] = ()
    worked_out: Invoice | None = None
    skipped: tuple[Skip, ...] = ()
    records: tuple[Record, ...] = attrs.field(default=(), eq=False, repr=False)
    basis: DraftBasis = attrs.field(factory=DraftBasis, eq=False, repr=False)

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The findings that keep the bill from being issued."""
        return tuple(f for f in self.findings if f.severity is Severity.ERROR)

    @property
    def ok(self) -> bool:
        """True if the bill was calculated without errors."""
        return self.worked_out is not None and not self.errors

    @property
    def invoice(self) -> Invoice:
        """The bill.

        Raises:
            RefusedError: Errors kept it from being worked out.
        """
        if self.worked_out is None:
            raise RefusedError(self.findings)
        return self.worked_out

    @property
    def document(self) -> Document:
        """The bill as an unnumbered document, for the renderers."""
        return Document(invoice=self.invoice)

    def figure(self, name: str) -> Figure:
        """Return a figure by name, see `billhook.explain.tree.find`."""
        from billhook.explain.tree import find

        return find(self.invoice, name)
