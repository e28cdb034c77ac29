"""Putting a bill together: lines, adjustments, tax, totals, terms; one bill for each payer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import attrs

from billhook.calculate.adjustments import work_out
from billhook.calculate.due import to_terms
from billhook.calculate.lines import sum_lines, to_lines
from billhook.calculate.splitting import Part, split
from billhook.calculate.tax import Levied, levy
from billhook.calculate.totals import gross_of, net_of, to_totals
from billhook.kernel.diagnostics import Diagnostic, Severity
from billhook.kernel.figure import Figure
from billhook.model.adjustment import Adjustment, Applied, Share, Stage
from billhook.model.charge import Charge, Skip
from billhook.model.invoice import Billed, Invoice, Line, PluginUse, State, Totals
from billhook.model.job import Job
from billhook.model.record import Record, fingerprint
from billhook.model.tax import Taxable, TaxRule


@attrs.frozen
class Charged:
    """Everything that the plugins' ratings came to."""

    charges: tuple[Charge, ...]
    skipped: tuple[Skip, ...]
    states: tuple[State, ...]
    records: tuple[Record, ...]


@attrs.frozen
class Assembled:
    """One bill, or what kept it from being made."""

    invoice: Invoice | None
    findings: tuple[Diagnostic, ...]


class TaxSource(Protocol):
    """What answers for tax: the hooks' facade."""

    def tax(self, job: Job, taxable: Taxable) -> TaxRule | None:
        """Return the rule of a class."""
        ...

    def answering(self, hook: str, arguments: dict[str, object]) -> list[str]:
        """Return who would answer."""
        ...


def assemble(
    job: Job,
    charged: Charged,
    adjustments: Sequence[Adjustment],
    shares: Sequence[Share] | None,
    taxes: TaxSource,
    uses: tuple[PluginUse, ...],
) -> Iterator[Assembled]:
    """Yield the bill of each payer, or the only one."""
    lines = to_lines(charged.charges, job.policy)
    start = sum_lines(lines, job.zero("core.zero"))
    before = work_out(adjustments, Stage.BEFORE_TAX, lines, start, job.policy).applied
    later = [each for each in adjustments if each.stage is Stage.AFTER_TAX]
    for part in split(lines, before, later, shares):
        yield _Bill(job, charged, taxes, uses, part).assembled()


@attrs.frozen
class _Bill:
    """The bill of one payer, worked out step by step from its part."""

    job: Job
    charged: Charged
    taxes: TaxSource
    uses: tuple[PluginUse, ...]
    part: Part

    def assembled(self) -> Assembled:
        levied = levy(
            self.part.lines, self.part.before, self.job.currency, self.job.policy, self._ask
        )
        findings = tuple(self._untaxed(levied))
        if any(finding.severity is Severity.ERROR for finding in findings):
            return Assembled(None, findings)
        lines = sum_lines(self.part.lines, self.job.zero("core.zero"))
        gross = gross_of(net_of(lines, self.part.before), levied.lines)
        after = work_out(
            self.part.later, Stage.AFTER_TAX, self.part.lines, gross, self.job.policy
        ).applied
        applied = (*self.part.before, *after)
        totals = to_totals(lines, applied, levied.lines, self.job.policy)
        return Assembled(self._invoice(applied, levied, totals), findings)

    def _invoice(self, applied: tuple[Applied, ...], levied: Levied, totals: Totals) -> Invoice:
        job = self.job
        return Invoice(
            type_code=job.type_code,
            title=job.title,
            job=job.id,
            subject=job.subject,
            seller=job.seller,
            buyer=job.buyer,
            payer=self.part.payer or job.payer,
            deliver_to=job.deliver_to,
            currency=job.currency,
            date=job.date,
            tax_point=job.tax_point,
            period=job.period,
            locale=job.locale,
            lines=self.part.lines,
            adjustments=applied,
            taxes=levied.lines,
            totals=totals,
            terms=to_terms(job.terms, job.date, totals.payable, job.policy),
            references=job.references,
            notes=job.notes,
            states=self.charged.states,
            policy=job.policy,
            plugins=self.uses,
            records=tuple(_claims(self.part.lines, self.charged)),
            skipped=tuple(attrs.evolve(s, own=False) for s in self.charged.skipped if s.own),
        )

    def _taxable(self, tax_class: str, base: Figure) -> Taxable:
        return Taxable(
            tax_class=tax_class,
            base=base,
            date=self.job.tax_point or self.job.date,
            seller=self.job.seller,
            buyer=self.job.buyer,
        )

    def _ask(self, tax_class: str, base: Figure) -> TaxRule | None:
        return self.taxes.tax(self.job, self._taxable(tax_class, base))

    def _untaxed(self, levied: Levied) -> Iterator[Diagnostic]:
        for name in levied.unknown:
            yield Diagnostic(
                "BH401",
                f"no plugin of the job has a tax rule for the class {name!r} "
                f"on {self.job.tax_point or self.job.date}",
                origin=self.job.origin,
                hint="name the rate, or why there is none, in [[tax_table.rates]], "
                "with 'tax_table' among the job's plugins",
            )
        if self.part.lines and not levied.unknown:
            yield from self._contested()

    def _contested(self) -> Iterator[Diagnostic]:
        taxable = self._taxable(self.part.lines[0].tax_class, self.part.lines[0].amount)
        heard, *others = self.taxes.answering("billhook_tax", {"job": self.job, "taxable": taxable})
        if others:
            message = (
                f"{heard!r} and {', '.join(map(repr, others))} answer for tax; {heard!r} counts"
            )
            yield Diagnostic("BH303", message, Severity.WARNING, self.job.origin)


def _claims(lines: Iterable[Line], charged: Charged) -> Iterator[Billed]:
    """Yield what a bill claims: the records of its lines, by parts, and those that are consumed."""
    keys = {key for line in lines for key in line.sources}
    keys |= {skip.key for skip in charged.skipped if skip.consumed}
    for record in charged.records:
        names = (record.key,) if record.key in keys else record.sources
        for key in names:
            if key in keys:
                yield Billed(key, fingerprint(record), record.origin)
