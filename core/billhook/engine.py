"""The engine: a set of plugins, and the way of a job through their hooks.  No globals."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Final

import attrs
import pluggy

from billhook.calculate.adjustments import charges_alone
from billhook.calculate.assemble import Charged, assemble
from billhook.calculate.continuity import check_follows, check_opening
from billhook.calculate.draft import Draft
from billhook.calculate.due import check_instalments
from billhook.calculate.price_conversion import (
    convert_adjustments,
    convert_ratings,
    in_price_currency,
)
from billhook.calculate.reconcile import (
    account,
    account_adjustment_counts,
    account_adjustments,
    account_counts,
    drop_billed,
    drop_claimed,
    without_alone,
)
from billhook.calculate.tax_check import check_tax
from billhook.kernel import codes
from billhook.kernel.diagnostics import Diagnostic, Findings, Severity, did_you_mean
from billhook.kernel.errors import PluginError
from billhook.kernel.finding_summary import sum_up
from billhook.kernel.text import Label, counted, labels
from billhook.model.adjustment import Adjustment
from billhook.model.charge import Charge, Skip
from billhook.model.document import Document, History
from billhook.model.invoice import PluginUse
from billhook.model.job import Job
from billhook.model.object_check import check_object
from billhook.model.record import BilledRecord, Record, Records, with_text_key
from billhook.model.section import Section
from billhook.plugins import hookspecs, loading
from billhook.plugins.facade import Hooks
from billhook.plugins.loading import Plugin

_: Final = labels("billhook")

Revise = Callable[[tuple[Charge, ...]], tuple[Charge, ...]]
"""Returns charges as they shall be billed."""


class Engine:
    """Works jobs out with exactly the plugins it was given.

    Two engines with different plugins live side by side; an engine holds no state of a job.

    Attributes:
        plugins: The plugins that are in use, in the order they are asked.
        findings: What went wrong while loading; a job that names such a plugin is refused.
    """

    def __init__(
        self, plugins: Iterable[tuple[str, object]] = (), *, findings: Iterable[Diagnostic] = ()
    ) -> None:
        given = [loading.load_object(name, module) for name, module in plugins]
        self._set_up(
            [plugin for loaded in given for plugin in loaded.plugins],
            [*findings, *(finding for loaded in given for finding in loaded.findings)],
        )

    @classmethod
    def discover(cls, *names: str, local: Path | None = None) -> Engine:
        """Return an engine with installed plugins, by name, and a local plugin file."""
        found = [loading.load_named(names)]
        if local is not None:
            found.append(loading.load_file(local))
        engine = cls()
        engine._set_up(
            [plugin for loaded in found for plugin in loaded.plugins],
            [finding for loaded in found for finding in loaded.findings],
        )
        return engine

    def _set_up(self, plugins: list[Plugin], findings: list[Diagnostic]) -> None:
        manager = pluggy.PluginManager("billhook")
        manager.add_hookspecs(hookspecs)
        fit = []
        # pluggy calls the last registered first
        for plugin in reversed(_distinct(plugins, findings)):
            misfits = loading.register(manager, plugin)
            findings.extend(misfits)
            if not misfits:
                fit.append(plugin)
        self.plugins: tuple[Plugin, ...] = tuple(reversed(fit))
        self.findings: tuple[Diagnostic, ...] = tuple(findings)
        self.hooks: Hooks = Hooks(manager)

    def read(self, job: Job, findings: Findings) -> Records:
        """Read the job's sources; what is wrong with them goes to ``findings``."""
        records: list[Record] = []
        for source in job.sources:
            found = self.hooks.read(job, source)
            if found is None:
                kind = self._record_type(source.kind)
                if kind is None:
                    findings.add(_unread(source.kind, source.name, self.plugins))
                    continue
                found = list(source.records(kind))
            records.extend(found)
            findings.extend(source.findings)
        return Records(records)

    def draft(
        self,
        job: Job,
        records: Iterable[Record] | None = None,
        history: History | None = None,
    ) -> Draft:
        """Work a job out to one bill.

        Args:
            job: The job.
            records: The work to bill; ``None`` reads the job's sources.
            history: What was billed before for the job's subject.

        Raises:
            ValueError: The bill is split among payers; use `drafts`.
        """
        drafts = self.drafts(job, records, history)
        if len(drafts) != 1:
            raise ValueError(f"job {job.id!r} makes {len(drafts)} bills; use drafts()")
        return drafts[0]

    def drafts(
        self,
        job: Job,
        records: Iterable[Record] | None = None,
        history: History | None = None,
        *,
        revise: Revise = tuple,
    ) -> tuple[Draft, ...]:
        """Work a job out to one bill for each payer.

        Args:
            job: The job.
            records: The work to bill; ``None`` reads the job's sources.
            history: What was billed before for the job's subject.
            revise: Changes the charges before anything is worked out of them: a reviewer's
                write-downs.
        """
        findings = Findings(self._missing(job))
        records = None if records is None else tuple(map(with_text_key, records))
        findings.extend(_object_faults(job, records or ()))
        try:
            return self._drafts(job, records, history or History(), findings, revise)
        except PluginError as error:
            findings.add(broken(error))
            return (Draft(job=job, findings=sum_up(findings)),)

    def sections(self, document: Document) -> list[Section]:
        """Return what plugins show of a document, in print order."""
        return self.hooks.sections(document)

    def _drafts(
        self,
        job: Job,
        records: Iterable[Record] | None,
        history: History,
        findings: Findings,
        revise: Revise,
    ) -> tuple[Draft, ...]:
        findings.extend(check_follows(job, history))
        found = Records(records) if records is not None else self.read(job, findings)
        if findings.errors:
            return (Draft(job=job, findings=sum_up(findings)),)
        fresh, known = _select_unbilled(found, history)
        answers = self.hooks.rate(in_price_currency(job), fresh, history)
        rated = drop_billed(job, fresh, answers, history, findings)
        charged = account(job, fresh, convert_ratings(job, rated), self.plugins, findings)
        findings.extend(account_counts(charged.charges, history))
        charges = charged.charges
        if not charges and not findings.errors:
            charges = self._charges_alone(job, history, fresh, findings)
        charged = attrs.evolve(charged, charges=revise(charges))
        skipped = (*known, *charged.skipped)
        if findings.errors or not (charged.charges or job.nil):
            if not findings.errors:
                findings.add(_nothing(job, skipped))
            nothing = Draft(job=job, findings=sum_up(findings), skipped=skipped)
            return (attrs.evolve(nothing, records=tuple(found), basis=history.basis),)
        priced = tuple(charge for rating in rated for charge in rating.charges)
        drafts = tuple(self._finish(job, charged, skipped, history, fresh, findings, priced))
        basis = history.basis
        return tuple(attrs.evolve(draft, records=tuple(found), basis=basis) for draft in drafts)

    def _finish(
        self,
        job: Job,
        charged: Charged,
        skipped: tuple[Skip, ...],
        history: History,
        records: Records,
        findings: Findings,
        priced: tuple[Charge, ...],
    ) -> Iterable[Draft]:
        alone = () if priced else charged.charges
        charges = priced if job.prices_in or alone else charged.charges
        asked = self._adjustments(job, charges, history, records)
        adjustments = without_alone(asked, alone)
        findings.extend(account_adjustments(job, adjustments, charged.charges))
        findings.extend(account_adjustment_counts(job, adjustments, charged.charges, history))
        if findings.errors:
            yield Draft(job=job, findings=sum_up(findings), skipped=skipped)
            return
        shares = self.hooks.split(job, charged.charges) if charged.charges else None
        shares = shares or list(job.split) or None
        whole = attrs.evolve(charged, skipped=skipped)
        for bill in assemble(job, whole, adjustments, shares, self.hooks, self._uses()):
            found = [*findings, *bill.findings]
            if bill.invoice is not None:
                found.extend(check_instalments(job, bill.invoice))
                found.extend(check_tax(job, bill.invoice, self.hooks.tax))
                found.extend(check_opening(job, bill.invoice))
                found.extend(self.hooks.check(job, bill.invoice, history))
            yield Draft(job=job, findings=sum_up(found), worked_out=bill.invoice, skipped=skipped)

    def _charges_alone(
        self, job: Job, history: History, records: Records, findings: Findings
    ) -> tuple[Charge, ...]:
        """Return the surcharges that are billed where there is nothing else."""
        names = {plugin.name for plugin in self.plugins if plugin.info.bills_alone}
        if not names:
            return ()
        adjustments = self._adjustments(job, (), history, records, only=names)
        asked = [each for each in adjustments if each.alone]
        findings.extend(account_adjustments(job, asked))
        return () if findings.errors else charges_alone(asked, job.currency, job.policy)

    def _adjustments(
        self,
        job: Job,
        charges: tuple[Charge, ...],
        history: History,
        records: Records,
        only: Collection[str] | None = None,
    ) -> tuple[Adjustment, ...]:
        asked = self.hooks.adjust(in_price_currency(job), charges, history, records, only)
        return drop_claimed(convert_adjustments(job, asked), history)

    def _uses(self) -> tuple[PluginUse, ...]:
        return tuple(PluginUse(each.name, each.info.version) for each in self.plugins)

    def _record_type(self, kind: str) -> type[Record] | None:
        for plugin in self.plugins:
            if kind in plugin.info.records:
                return plugin.info.records[kind]
        return None

    def _missing(self, job: Job) -> Iterable[Diagnostic]:
        present = {plugin.name for plugin in self.plugins}
        yield from self.findings
        if self.findings:
            return
        for name in job.plugins:
            if name not in present:
                message = f"the job needs plugin {name!r}, which this engine does not have"
                yield Diagnostic(codes.NOT_INSTALLED.id, message, origin=job.origin, path="plugins")


def _object_faults(job: Job, records: Iterable[Record]) -> Iterable[Diagnostic]:
    """Yield what the types of settings and records do not allow in objects that a program made."""
    for pocket in job.pockets:
        yield from check_object(pocket, type(pocket).__name__, job.origin)
    for record in records:
        yield from check_object(record, type(record).__name__, record.origin)


def _select_unbilled(records: Records, history: History) -> tuple[Records, tuple[Skip, ...]]:
    """Return the records that are to be billed, which know those that are billed already."""
    fresh: list[Record] = []
    billed: list[BilledRecord[Record]] = []
    known: list[Skip] = []
    on = {record.key: _bill_of(record, history.billed) for record in records}
    ours = history.own({number for number in on.values() if number is not None})
    for record in records:
        number = on[record.key]
        if number is None and record.key in history.aside:
            known.append(Skip(record.key, history.aside[record.key], record.origin))
        elif number is None:
            fresh.append(record)
        else:
            billed.append(BilledRecord(record, number))
            reason = _billed_before(number)
            known.append(Skip(record.key, reason, record.origin, own=number in ours))
    return Records(fresh, billed), tuple(known)


def _bill_of(record: Record, billed: Mapping[str, str]) -> str | None:
    """Return the document that bills a record or its whole, ``None`` if there is none.

    A record that is billed in parts is billed when every part is.
    """
    if record.parts and all(key in billed for key in record.sources):
        return billed[record.sources[0]]
    return next((billed[key] for key in (record.key, record.part_of) if key in billed), None)


def _billed_before(number: str) -> Label:
    return _("billed on {number}", number=number) if number else _("billed before")


def _distinct(plugins: Iterable[Plugin], findings: list[Diagnostic]) -> list[Plugin]:
    """Return the plugins without those whose name or prefix is taken by one before."""
    taken: set[tuple[str, str]] = set()
    kept = []
    for plugin in plugins:
        words = {("name", plugin.name), ("prefix", plugin.info.prefix)} - {("prefix", "")}
        if clash := sorted(words & taken):
            kind, word = clash[0]
            findings.append(
                Diagnostic(codes.SAME_PREFIX.id, f"two plugins use the {kind} {word!r}")
            )
        else:
            kept.append(plugin)
            taken |= words
    return kept


def _unread(kind: str, name: str, plugins: Iterable[Plugin]) -> Diagnostic:
    known = [each for plugin in plugins for each in plugin.info.records]
    message = f"no plugin of the job reads the kind {kind!r} of source {name!r}"
    return Diagnostic(codes.NO_READER.id, message, path="sources", hint=did_you_mean(kind, known))


def _nothing(job: Job, skipped: tuple[Skip, ...]) -> Diagnostic:
    why = (
        f"; {counted(len(skipped), 'record')} skipped"
        if skipped
        else "; the sources have no records"
    )
    return Diagnostic(
        codes.NOTHING_TO_BILL.id,
        f"job {job.id!r}: there is nothing to bill{why}",
        Severity.WARNING,
        job.origin,
    )


def broken(error: PluginError) -> Diagnostic:
    """Return the finding of a plugin that broke; the log has the traceback."""
    import logging

    logging.getLogger("billhook").debug("a plugin broke", exc_info=error)
    hint = "the log of 'billhook' has the traceback; the command shows it with --debug"
    return Diagnostic(codes.BROKEN_PLUGIN.id, str(error), origin=error.origin, hint=hint)
