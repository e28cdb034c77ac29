"""Calculation of credit notes, for a whole bill or a part."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

import attrs

from billhook.calculate.totals import before_cash, to_totals
from billhook.credit.balance import CreditedDocument, excess, find_lines
from billhook.credit.by_amount import UnfitAmountError, left_gross, parts_left, parts_of_amount
from billhook.credit.by_lines import Parts, parts_of_lines, payable_to_date
from billhook.issue import codes
from billhook.issue.actor import Actor
from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.errors import RefusedError
from billhook.kernel.figure import given, total
from billhook.kernel.money import find_currency, round_to
from billhook.kernel.origin import Origin
from billhook.model.invoice import Invoice, Reference, Totals
from billhook.model.job import Job
from billhook.model.terms import Terms

CREDIT_NOTE = "381"
"""Type code of credit notes in UNTDID 1001."""


@attrs.frozen(kw_only=True)
class Correction:
    """Correction requested: lines, a sum, or, with neither, all that is left.

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


def draft_credit(billed: CreditedDocument, correction: Correction) -> Invoice:
    """Return the bill of a credit note, dated like the document.

    Raises:
        RefusedError: BH504: more than is left, or a line that is not there; BH519: it is dated
            before the document.
    """
    _require_later(billed, correction)
    try:
        invoice = _compute(billed, correction)
    except UnfitAmountError as error:
        message = f"{billed.document.number} cannot be credited this way: {error}"
        raise _refusal(billed, message) from error
    _require_positive(billed, invoice)
    found = list(excess(billed.with_credit(invoice)))
    if found:
        number = billed.document.number
        message = f"the credit exceeds what is left of {number}: {'; '.join(found)}"
        raise _refusal(billed, message)
    return invoice


def _compute(billed: CreditedDocument, correction: Correction) -> Invoice:
    invoice = billed.invoice
    if correction.lines:
        return _by_lines(billed, correction.lines)
    if correction.amount is not None and (left := left_gross(billed)).value != correction.amount:
        step = find_currency(invoice.currency).step
        if round_to(correction.amount, step) != correction.amount:
            raise UnfitAmountError(f"{correction.amount} is finer than {step} {invoice.currency}")
        asked = correction.amount.quantize(step)
        amount = given(asked, left.unit, "core.credit.amount", Origin("credit"))
        return _with(billed, parts_of_amount(billed, amount))
    if not billed.credits:
        return invoice
    if billed.by_lines:
        return _by_lines(billed, [line.id for line in billed.left])
    return _with(billed, parts_left(billed))


def _by_lines(billed: CreditedDocument, named: Iterable[str]) -> Invoice:
    invoice = billed.invoice
    try:
        chosen = find_lines(invoice, named)
    except KeyError as error:
        known = ", ".join(line.id for line in invoice.lines)
        message = f"{billed.document.number} has no line {error.args[0]!r}"
        raise RefusedError(
            [Diagnostic(codes.CREDIT_EXCEEDS.id, message, hint=f"its lines: {known}")]
        ) from None
    if len(chosen) == len(invoice.lines) and not billed.credits:
        return invoice
    return _with(billed, parts_of_lines(billed, chosen))


def _with(billed: CreditedDocument, parts: Parts) -> Invoice:
    return attrs.evolve(
        billed.invoice,
        lines=parts.lines,
        adjustments=parts.adjustments,
        taxes=parts.taxes,
        totals=_totals(billed, parts),
    )


def _totals(billed: CreditedDocument, parts: Parts) -> Totals:
    """Return the totals of a credit, paid back in cash that all credits together come to."""
    invoice = billed.invoice
    lines = total((line.amount for line in parts.lines), "core.total.lines", invoice.currency)
    exact = attrs.evolve(invoice.policy, cash=None)
    totals = to_totals(lines, parts.adjustments, parts.taxes, exact)
    due = before_cash(totals, parts.adjustments)
    cash = payable_to_date(billed, due)
    return to_totals(lines, parts.adjustments, parts.taxes, invoice.policy, cash)


def date_credit(
    invoice: Invoice, billed: CreditedDocument, correction: Correction, actor: Actor
) -> Invoice:
    """Return the credit's bill as a credit note of its day that names the document."""
    document = billed.document
    date = correction.date or max(actor.at.date(), document.invoice.date)
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


def _require_later(billed: CreditedDocument, correction: Correction) -> None:
    """Refuse a credit note that would be older than what it takes back."""
    number, billed_on = billed.document.number, billed.invoice.date
    if correction.date is not None and correction.date < billed_on:
        message = f"the credit is dated {correction.date}, but {number} is dated {billed_on}"
        hint = f"date it {billed_on} or later"
        raise RefusedError([Diagnostic(codes.CREDIT_DATE.id, message, hint=hint)])


def _require_positive(billed: CreditedDocument, credit: Invoice) -> None:
    """Refuse a credit note that would take money instead of giving it back."""
    totals = credit.totals
    if totals.net.value < 0 or totals.gross.value < 0:
        gross = totals.gross
        raise _refusal(
            billed,
            f"the credit totals {gross.value} {gross.unit}, which would be a charge: credit "
            "the negative lines together with others, or bill them with a new document",
        )


def _refusal(billed: CreditedDocument, message: str) -> RefusedError:
    hint = f"billhook invoice show {billed.document.number} shows what is left to credit"
    return RefusedError([Diagnostic(codes.CREDIT_EXCEEDS.id, message, hint=hint)])
