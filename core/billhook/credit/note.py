"""Credit notes worked out: the bill that takes another back, whole or in part."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

import attrs

from billhook.calculate.totals import to_totals
from billhook.credit.balance import Billed, excess, lines_named
from billhook.credit.by_amount import Unfit, left_gross, parts_left, parts_of_amount
from billhook.credit.by_lines import Parts, parts_of_lines
from billhook.issue.actor import Act
from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.errors import RefusedError
from billhook.kernel.figure import given, less, total
from billhook.kernel.money import currency, round_to
from billhook.kernel.origin import Origin
from billhook.model.adjustment import Kind
from billhook.model.invoice import Invoice, Reference, Totals
from billhook.model.job import Job
from billhook.model.terms import Terms

CREDIT_NOTE = "381"
"""Type code of credit notes in UNTDID 1001."""


@attrs.frozen(kw_only=True)
class Correction:
    """What shall be taken back: lines, a sum, or, with neither, all that is left.

    Attributes:
        lines: Ids of lines, or their places from 1.
        amount: A sum, tax included.
        release: Whether the records of what is taken back can be billed again.
        date: Date of the credit note; ``None`` is the day of the act, or that of the document if
            it is later.
        note: Words to be printed on the credit note.
    """

    lines: tuple[str, ...] = ()
    amount: Decimal | None = None
    release: bool
    date: dt.date | None = None
    note: str = ""


def draft_credit(billed: Billed, correction: Correction) -> Invoice:
    """Return the bill of a credit note, dated like the document.

    Raises:
        RefusedError: BH504: more than is left, or a line that is not there; BH519: it is dated
            before the document.
    """
    _require_later(billed, correction)
    try:
        invoice = _worked_out(billed, correction)
    except Unfit as error:
        message = f"{billed.document.number} cannot be credited so: {error}"
        raise _refused(billed, message) from error
    found = list(excess(billed.with_credit(invoice)))
    if found:
        raise _exceeds(billed, found)
    return invoice


def _worked_out(billed: Billed, correction: Correction) -> Invoice:
    invoice = billed.invoice
    if correction.lines:
        return _by_lines(billed, correction.lines)
    if correction.amount is not None and (left := left_gross(billed)).value != correction.amount:
        step = currency(invoice.currency).step
        if round_to(correction.amount, step) != correction.amount:
            raise Unfit(f"{correction.amount} is finer than {step} {invoice.currency}")
        asked = correction.amount.quantize(step)
        amount = given(asked, left.unit, "core.credit.amount", Origin("credit"))
        return _with(invoice, parts_of_amount(billed, amount))
    if not billed.credits:
        return invoice
    if billed.by_lines:
        return _by_lines(billed, [line.id for line in billed.left])
    return _with(invoice, parts_left(billed))


def _by_lines(billed: Billed, named: Iterable[str]) -> Invoice:
    invoice = billed.invoice
    try:
        chosen = lines_named(invoice, named)
    except KeyError as error:
        known = ", ".join(line.id for line in invoice.lines)
        message = f"{billed.document.number} has no line {error.args[0]!r}"
        raise RefusedError([Diagnostic("BH504", message, hint=f"its lines: {known}")]) from None
    if len(chosen) == len(invoice.lines) and not billed.credits:
        return invoice
    return _with(invoice, parts_of_lines(invoice, chosen))


def _with(invoice: Invoice, parts: Parts) -> Invoice:
    return attrs.evolve(
        invoice,
        lines=parts.lines,
        adjustments=parts.adjustments,
        taxes=parts.taxes,
        totals=_totals(invoice, parts),
    )


def _totals(invoice: Invoice, parts: Parts) -> Totals:
    """Return the totals of a credit: its cash rounding is a part, not a new rounding."""
    lines = total((line.amount for line in parts.lines), "core.total.lines", invoice.currency)
    policy = attrs.evolve(invoice.policy, cash=None)
    totals = to_totals(lines, parts.adjustments, parts.taxes, policy)
    if not parts.cash.value:
        return totals
    asked = [each.amount for each in parts.adjustments if each.kind is Kind.ROUNDING]
    rounding = total((*asked, parts.cash), "core.total.rounding")
    due = less(
        totals.gross, totals.tax_withheld, totals.withheld, totals.settled, rule="core.total.due"
    )
    payable = total((due, rounding), "core.total.payable")
    return attrs.evolve(totals, rounding=rounding, payable=payable)


def dated(invoice: Invoice, billed: Billed, correction: Correction, act: Act) -> Invoice:
    """Return the credit's bill as a credit note of its day that names the document."""
    document = billed.document
    date = correction.date or max(act.at.date(), document.invoice.date)
    named = Reference(kind="preceding", number=document.number or "", date=document.invoice.date)
    return attrs.evolve(
        invoice,
        type_code=CREDIT_NOTE,
        title="",
        date=date,
        terms=Terms(due=date, net_days=0),
        references=(named, *(each for each in invoice.references if each.kind != "preceding")),
        notes=(correction.note,) if correction.note else (),
        states=(),
        records=(),
        skipped=(),
    )


def job_of(invoice: Invoice) -> Job:
    """Return what `billhook_number` may ask of the job that a credit note has not."""
    return Job(
        id=invoice.job,
        subject=invoice.subject,
        seller=invoice.seller,
        buyer=invoice.buyer,
        payer=invoice.payer,
        currency=invoice.currency,
        date=invoice.date,
        plugins=tuple(use.name for use in invoice.plugins),
        policy=invoice.policy,
        type_code=invoice.type_code,
        locale=invoice.locale,
    )


def _require_later(billed: Billed, correction: Correction) -> None:
    """Refuse a credit note that would be older than what it takes back."""
    number, billed_on = billed.document.number, billed.invoice.date
    if correction.date is not None and correction.date < billed_on:
        message = f"the credit is dated {correction.date}, {number} is of {billed_on}"
        hint = f"date it {billed_on} or later"
        raise RefusedError([Diagnostic("BH519", message, hint=hint)])


def _exceeds(billed: Billed, found: Iterable[str]) -> RefusedError:
    number = billed.document.number
    return _refused(billed, f"the credit exceeds what is left of {number}: {'; '.join(found)}")


def _refused(billed: Billed, message: str) -> RefusedError:
    hint = f"billhook invoice show {billed.document.number} shows what is left"
    return RefusedError([Diagnostic("BH504", message, hint=hint)])
