"""The foot of a bill: adjustments, tax summary, and totals down to the amount due."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from billhook.i18n import captions
from billhook.kernel.diagnostics import Diagnostic, Severity
from billhook.kernel.figure import Figure, negative
from billhook.kernel.text import Label, Text, labels
from billhook.model.adjustment import ADDS, AdjustmentKind, Applied, Stage
from billhook.model.invoice import Invoice
from billhook.model.section import Block, Cell, Column, Note, Pairs, RowStyle, Table, TableRow
from billhook.model.tax import TaxLine
from billhook.project.print_settings import PrintSettings
from billhook.render import codes
from billhook.render.document.heading import CREDIT

_: Final = labels("billhook")

FEW = 6
"""So many adjustments stand among the totals; more have a table of their own."""

FEW_TAXES = 4
"""So many taxes stand among the totals one by one; of more, only their sum: a table has them."""

Item = tuple[Text, Cell]


def totals_block(invoice: Invoice) -> Pairs:
    """Return the totals, from the sum of the lines to the amount due; what is zero is left out."""
    items = [*_before_tax(invoice), *_taxes(invoice), *_after_tax(invoice)]
    if len(items) == 1 and items[0][1] == invoice.totals.lines:
        items = []
    items.append(due(invoice))
    return Pairs(tuple(items), strong=frozenset({len(items) - 1}))


def due(invoice: Invoice) -> tuple[Label, Figure]:
    """Return what is to be paid, or what the recipient has to his credit, as it is called."""
    payable = invoice.totals.payable
    if invoice.type_code == CREDIT:
        return _("Amount credited"), payable
    if payable.value < 0:
        # NOTE: What the recipient has to his credit, where a bill comes to less than zero.
        return _("Credit balance"), _down(payable)
    return captions.AMOUNT_DUE, payable


def words_block(invoice: Invoice) -> Note | None:
    """Return the amount due in words, or nothing where a language has none for the currency."""
    from billhook.i18n.spellout.amounts import amount_in_words

    _name, amount = due(invoice)
    said = amount_in_words(amount.value, invoice.currency, invoice.locale)
    # NOTE: {words} is an amount in words: "twelve euros and fifty cents".
    return None if said is None else Note(_("In words: {words}", words=said))


def _before_tax(invoice: Invoice) -> Iterator[Item]:
    totals = invoice.totals
    yield captions.SUBTOTAL, totals.lines
    changes = list(_changes(invoice, Stage.BEFORE_TAX))
    yield from changes
    if changes:
        yield captions.NET_TOTAL, totals.net


def _taxes(invoice: Invoice) -> Iterator[Item]:
    charged = [tax for tax in _by_rate(invoice.taxes) if not tax.withheld and tax.name]
    if len(charged) > FEW_TAXES:
        yield captions.TAXES, invoice.totals.tax
    else:
        for tax in charged:
            yield tax_label(tax, with_base=len(charged) == 1), tax.amount
    kept = invoice.totals.tax_withheld.value
    included = any(tax.included for tax in charged)
    if charged and (kept or included or any(_changes(invoice, Stage.AFTER_TAX))):
        yield captions.TOTAL_INCLUDING_TAX, invoice.totals.gross


def _after_tax(invoice: Invoice) -> Iterator[Item]:
    for tax in invoice.taxes:
        if tax.withheld and tax.amount.value:
            yield tax_label(tax, with_base=True), _down(tax.amount)
    yield from _changes(invoice, Stage.AFTER_TAX)
    cash = [a.amount.value for a in invoice.adjustments if a.kind is AdjustmentKind.ROUNDING]
    if invoice.totals.rounding.value and not cash:
        yield captions.ROUNDING, invoice.totals.rounding


def _changes(invoice: Invoice, stage: Stage) -> Iterator[Item]:
    """Yield the adjustments of a stage, one by one if there are few, else by kind."""
    applied = [each for each in invoice.adjustments if each.stage is stage and each.amount.value]
    if len(invoice.adjustments) <= FEW:
        for each in applied:
            yield _label(each), _sign(each)
    else:
        yield from _by_kind(invoice, stage)


def _by_kind(invoice: Invoice, stage: Stage) -> Iterator[Item]:
    totals = invoice.totals
    rows: dict[Stage, tuple[Item, ...]] = {
        Stage.BEFORE_TAX: (
            (captions.ALLOWANCES, _down(totals.allowances)),
            (captions.SURCHARGES, totals.surcharges),
            (captions.AMOUNT_WITHHELD, _down(totals.held)),
        ),
        Stage.AFTER_TAX: (
            (captions.AMOUNT_WITHHELD, _down(totals.withheld)),
            (captions.AMOUNT_ALREADY_PAID, _down(totals.settled)),
            (captions.ROUNDING, totals.rounding),
        ),
    }
    for label, figure in rows[stage]:
        if isinstance(figure, Figure) and figure.value:
            yield label, figure


def _label(applied: Applied) -> Text:
    if applied.rate is None:
        return applied.label
    if _says(applied.label, applied.rate):
        if applied.base is None:
            return applied.label
        return _("{label} ({base})", label=applied.label, base=applied.base)
    if applied.base is None:
        return _("{label}, {rate}", label=applied.label, rate=applied.rate)
    return _("{label}, {rate} of {base}", label=applied.label, rate=applied.rate, base=applied.base)


def _says(label: Text, rate: Figure) -> bool:
    """Return whether a label names the percentage itself: ``Discount of 10%``."""
    number = re.escape(f"{rate.value.normalize():f}").replace(r"\.", "[.,]")
    return re.search(rf"(?<![\d.,]){number}(?:[.,]0+)?\s?%", str(label)) is not None


def _sign(applied: Applied) -> Figure:
    return applied.amount if applied.kind in ADDS else _down(applied.amount)


def _down(figure: Figure) -> Figure:
    return negative(figure, figure.rule)


# ── adjustments ──────────────────────────────────────────────────────────────


def adjustments_block(invoice: Invoice) -> Table | None:
    """Return the adjustments as a table, when they are too many to stand among the totals."""
    applied = [each for each in invoice.adjustments if each.amount.value]
    if len(applied) <= FEW:
        return None
    rows = (TableRow((a.label, a.base, a.rate, _sign(a))) for a in applied)
    columns = (
        Column(captions.DESCRIPTION, width=1),
        Column(_("Taken of"), align="right"),
        # The label "Rate" is a price per unit; a sign says percentage in every language.
        Column("%", align="right"),
        Column(captions.AMOUNT, align="right"),
    )
    return Table(columns, tuple(rows))


# ── tax ──────────────────────────────────────────────────────────────────────


def tax_blocks(invoice: Invoice) -> Iterator[Block]:
    """Yield the tax summary, if there is more than one tax, and why no tax is charged."""
    if len(invoice.taxes) > 1:
        yield _summary(invoice)
    for reason in dict.fromkeys(tax.reason for tax in invoice.taxes if tax.reason):
        yield Note(reason)


def _summary(invoice: Invoice) -> Table:
    columns = (
        Column(captions.TAX, width=1),
        Column(captions.TAX_RATE, align="right"),
        Column(captions.TAXABLE_AMOUNT, align="right"),
        Column(captions.TAX_AMOUNT, align="right"),
    )
    taxes = _by_rate(invoice.taxes)
    amounts = [_down(tax.amount) if tax.withheld else tax.amount for tax in taxes]
    rows = [
        TableRow((_name(tax), tax.rate, tax.base, amount))
        for tax, amount in zip(taxes, amounts, strict=True)
    ]
    if sum(not tax.withheld for tax in invoice.taxes) > 1:
        rows.append(TableRow((captions.TOTAL, None, None, invoice.totals.tax), RowStyle.TOTAL))
    return Table(columns, tuple(rows))


def _by_rate(taxes: Sequence[TaxLine]) -> list[TaxLine]:
    """Return taxes as they are printed: those of one name together, the highest rate first.

    Names keep their order, for a tax may be charged on another one.
    """
    names = list(dict.fromkeys(tax.name for tax in taxes))
    return sorted(taxes, key=lambda tax: (names.index(tax.name), -_rate(tax)))


def _rate(tax: TaxLine) -> Decimal:
    return tax.rate.value if tax.rate is not None else Decimal(-1)


def _name(tax: TaxLine) -> Text:
    if tax.name:
        return tax.name
    names = {"AE": captions.REVERSE_CHARGE, "O": captions.NOT_SUBJECT_TO_TAX}
    return names.get(tax.category, captions.EXEMPT_FROM_TAX)


def tax_label(tax: TaxLine, *, with_base: bool) -> Text:
    """Return how a tax is called in the totals: ``VAT, 19% of $409.50``."""
    if tax.rate is None:
        return tax.name
    if with_base:
        return _("{label}, {rate} of {base}", label=tax.name, rate=tax.rate, base=tax.base)
    return _("{label}, {rate}", label=tax.name, rate=tax.rate)


def advice(invoice: Invoice, settings: PrintSettings) -> Iterator[Diagnostic]:
    """Yield the warnings of a bill that is about to be printed."""
    if settings.words and words_block(invoice) is None:
        yield _no_words(invoice)


def _no_words(invoice: Invoice) -> Diagnostic:
    amount, locale = invoice.totals.payable, invoice.locale
    message = f"amounts in {amount.unit} cannot be written in words in {locale!r}"
    hint = "the words are left out; set words = false in [print] of this job"
    return Diagnostic(codes.WORDS.id, message, Severity.WARNING, path="print.words", hint=hint)
