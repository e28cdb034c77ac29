"""Assembly of a bill: lines, adjustments, tax, totals, terms; one bill for each payer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

import attrs

from billhook.calculate.adjustments import Stand, stand_with, with_tax, work_out
from billhook.calculate.apportion import sum_by_line
from billhook.calculate.due import to_terms
from billhook.calculate.included import take_out_tax
from billhook.calculate.lines import sum_lines, to_lines
from billhook.calculate.signs import (
    CREDITS,
    check_apportionment,
    check_policy,
    check_sign,
    is_below_nothing,
    report_turned,
    turned_adjustment,
    turned_line,
)
from billhook.calculate.splitting import PayerBill, split
from billhook.calculate.tax import Levied, levy
from billhook.calculate.tax_days import TaxDays, tax_days
from billhook.calculate.totals import gross_of, net_of, to_totals
from billhook.kernel import codes
from billhook.kernel.diagnostics import Diagnostic, Severity
from billhook.kernel.figure import Figure
from billhook.model.adjustment import Adjustment, Share, Stage
from billhook.model.charge import Charge, Skip
from billhook.model.invoice import Billed, Invoice, Line, PluginUse, State
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
    """Source of tax rules: the hooks' facade."""

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
    days = TaxDays(to_lines(charged.charges, job.policy), {})
    if job.tax_by_day:
        days = tax_days(job, days.lines, taxes.tax)
        adjustments = [days.divide(each) for each in adjustments]
    bill = _Bill(job, charged, taxes, uses, days.lines, adjustments, days.days)
    levied, whole = bill.compute()
    mirrored: tuple[Diagnostic, ...] = ()
    if whole is not None and job.type_code in CREDITS and is_below_nothing(whole.totals):
        mirrored = (report_turned(job, whole.totals),)
        bill = bill.mirror(whole)
        levied, whole = bill.compute()
    findings = (*check_policy(job), *days.findings, *bill.faults(levied), *mirrored)
    if whole is None:
        yield Assembled(None, findings)
        return
    findings = (*findings, *check_apportionment(job, bill.lines, adjustments, whole.adjustments))
    for part in split(whole, shares, job.policy):
        yield Assembled(bill.invoice(part), (*findings, *check_sign(job, part.totals)))


@attrs.frozen
class _Bill:
    """A bill, worked out step by step."""

    job: Job
    charged: Charged
    taxes: TaxSource
    uses: tuple[PluginUse, ...]
    lines: tuple[Line, ...]
    adjustments: Sequence[Adjustment]
    days: Mapping[str, tuple[str, dt.date]]

    def compute(self) -> tuple[Levied, PayerBill | None]:
        """Return the taxes, and the whole bill if every class has a rule."""
        policy = self.job.policy
        start = sum_lines(self.lines, self.job.zero("core.zero"))
        stand = Stand(self.lines, start, {line.id: line.amount for line in self.lines})
        early = work_out(self.adjustments, Stage.BEFORE_TAX, stand, policy)
        lines, before = self.lines, early.applied
        stand = early.stand
        if self.job.prices_include_tax:
            net = take_out_tax(lines, before, self.job.currency, policy, self._ask)
            lines, before, levied = net.lines, net.applied, net.levied
            start = sum_lines(lines, self.job.zero("core.zero"))
            stand = stand_with(lines, start, before)
        else:
            levied = levy(lines, before, self.job.currency, policy, self._ask)
        if levied.unknown:
            return levied, None
        gross = gross_of(net_of(start, before), levied.lines)
        stand = attrs.evolve(stand, running=gross)
        asked_later = any(each.stage is Stage.AFTER_TAX for each in self.adjustments)
        for row in levied.lines if asked_later else ():  # only they are taken of it
            if not row.withheld:
                stand = with_tax(stand, row.amount, sum_by_line(row.parts))
        late = work_out(self.adjustments, Stage.AFTER_TAX, stand, policy)
        applied = (*before, *late.applied)
        totals = to_totals(start, applied, levied.lines, policy)
        part = PayerBill(lines=lines, adjustments=applied, taxes=levied.lines, totals=totals)
        return levied, part

    def mirror(self, whole: PayerBill) -> _Bill:
        """Return the bill with every amount turned, as a credit note states it."""
        applied = {each.id: each for each in whole.adjustments}
        lines = tuple(turned_line(line) for line in self.lines)
        adjustments = tuple(turned_adjustment(each, applied[each.id]) for each in self.adjustments)
        return attrs.evolve(self, lines=lines, adjustments=adjustments)

    def invoice(self, part: PayerBill) -> Invoice:
        """Return the bill of one payer, or the only one."""
        job, totals = self.job, part.totals
        return Invoice(
            type_code=job.type_code,
            title=job.title,
            job=job.id,
            subject=job.subject,
            seller=job.seller,
            buyer=job.buyer,
            payer=part.payer or job.payer,
            deliver_to=job.deliver_to,
            currency=job.currency,
            date=job.date,
            tax_point=job.tax_point,
            period=job.period,
            locale=job.locale,
            lines=part.lines,
            adjustments=part.adjustments,
            taxes=part.taxes,
            totals=totals,
            terms=to_terms(job.terms, job.date, totals.payable, job.policy),
            references=job.references,
            notes=job.notes,
            states=self.charged.states,
            policy=job.policy,
            plugins=self.uses,
            records=tuple(_claims(part.lines, self.charged)),
            skipped=tuple(attrs.evolve(s, own=False) for s in self.charged.skipped if s.own),
            opening=job.opening,
        )

    def _taxable(self, tax_class: str, base: Figure) -> Taxable:
        usual = self.job.tax_point or self.job.date
        name, day = self.days.get(tax_class, (tax_class, usual))
        return Taxable(
            tax_class=name,
            base=base,
            date=day,
            seller=self.job.seller,
            buyer=self.job.buyer,
        )

    def _ask(self, tax_class: str, base: Figure) -> TaxRule | None:
        return self.taxes.tax(self.job, self._taxable(tax_class, base))

    def faults(self, levied: Levied) -> Iterator[Diagnostic]:
        """Yield what is wrong with the taxes: a class without a rule, two plugins that answer."""
        for name in levied.unknown:
            yield Diagnostic(
                codes.NO_TAX_RULE.id,
                f"no plugin of the job has a tax rule for the class {name!r} "
                f"on {self.job.tax_point or self.job.date}",
                origin=self.job.origin,
                hint="name the rate, or why there is none, in [[tax_table.rates]], "
                "with 'tax_table' among the job's plugins",
            )
        if self.lines and not levied.unknown:
            yield from self._warn_contested()

    def _warn_contested(self) -> Iterator[Diagnostic]:
        taxable = self._taxable(self.lines[0].tax_class, self.lines[0].amount)
        heard, *others = self.taxes.answering("billhook_tax", {"job": self.job, "taxable": taxable})
        if others:
            message = (
                f"plugins {heard!r} and {', '.join(map(repr, others))} both give a tax rule; "
                f"{heard!r} is used"
            )
            yield Diagnostic(codes.TWO_ANSWERS.id, message, Severity.WARNING, self.job.origin)


def _claims(lines: Iterable[Line], charged: Charged) -> Iterator[Billed]:
    """Yield what a bill claims: the records of its lines, by parts, and those that are consumed."""
    keys = {key for line in lines for key in line.sources}
    keys |= {skip.key for skip in charged.skipped if skip.consumed}
    for record in charged.records:
        names = (record.key,) if record.key in keys else record.sources
        for key in names:
            if key in keys:
                yield Billed(key, fingerprint(record), record.origin)
