"""The table of lines: the columns that the lines need, in groups with subtotals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import attrs

from billhook.i18n import captions
from billhook.kernel.figure import Figure, negative, total
from billhook.kernel.text import Label, Text, labels
from billhook.model.invoice import Invoice, Line
from billhook.model.section import Cell, Column, RowStyle, Table, TableRow
from billhook.model.tax import TaxLine

_: Final = labels("billhook")


def lines_table(invoice: Invoice) -> Table:
    """Return the bill's lines as a table; lines of one group stand together."""
    shown = _Shown.of(invoice)
    return Table(tuple(_columns(shown, invoice)), tuple(_rows(invoice, shown)))


@attrs.frozen(kw_only=True)
class _Shown:
    """Which columns have anything in them."""

    date: bool
    quantity: bool
    price: bool
    tax: bool

    @classmethod
    def of(cls, invoice: Invoice) -> _Shown:
        lines = invoice.lines
        return cls(
            date=any(line.date or line.period for line in lines),
            quantity=any(line.quantity is not None for line in lines),
            price=any(line.unit_price is not None for line in lines),
            tax=len({_tax(line, invoice.taxes) for line in lines}) > 1,
        )

    @property
    def before(self) -> int:
        """The number of columns before the description."""
        return int(self.date)

    @property
    def between(self) -> int:
        """The number of columns between description and amount."""
        return self.quantity + self.price + self.tax


def _columns(shown: _Shown, invoice: Invoice) -> Iterator[Column]:
    if shown.date:
        yield Column(captions.DATE)
    yield Column(captions.DESCRIPTION, width=1)
    if shown.quantity:
        yield Column(captions.QUANTITY, align="right")
    if shown.price:
        yield Column(captions.UNIT_PRICE, align="right")
    if shown.tax:
        yield Column(captions.TAX, align="right")
    head = _("{name} {currency}", name=captions.AMOUNT, currency=invoice.currency)
    yield Column(head, align="right", carry=True)


def _rows(invoice: Invoice, shown: _Shown) -> Iterator[TableRow]:
    groups = _groups(invoice.lines)
    for name, lines in groups.items():
        if name:
            yield TableRow((name,), RowStyle.GROUP)
        for line in lines:
            yield from _line(line, invoice, shown)
        if name and (len(lines) > 1 or len(groups) > 1):
            sum_ = total((line.amount for line in lines), "core.print.group", invoice.currency)
            cells = (*_blank(shown.before), captions.total_for(name), *_blank(shown.between), sum_)
            yield TableRow(cells, RowStyle.SUBTOTAL)


def _groups(lines: Iterable[Line]) -> dict[Text, list[Line]]:
    groups: dict[Text, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.group, []).append(line)
    return groups


def _line(line: Line, invoice: Invoice, shown: _Shown) -> Iterator[TableRow]:
    cells: list[Cell] = [line.date or line.period] if shown.date else []
    cells.append(line.description)
    if shown.quantity:
        cells.append(line.quantity)
    if shown.price:
        cells.append(line.unit_price)
    if shown.tax:
        cells.append(_tax(line, invoice.taxes))
    yield TableRow((*cells, line.amount))
    for note in adjustment_notes(line):
        yield TableRow((*_blank(shown.before), note), RowStyle.NOTE)


def _blank(count: int) -> tuple[None, ...]:
    return (None,) * count


def adjustment_notes(line: Line) -> Iterator[Label]:
    """Yield what is said below a line whose price was changed, once for each change."""
    if line.adjustment is None or line.gross is None:
        return
    changes = [(each.amount, each.reason) for each in line.adjustments if each.amount.value]
    if not changes and line.adjustment.value:
        changes = [(line.adjustment, line.adjustment_reason)]
    for amount, reason in changes:
        yield _note(line, line.gross, amount, reason, single=len(changes) == 1)


def _note(line: Line, gross: Figure, amount: Figure, reason: Text, *, single: bool) -> Label:
    if single and not line.amount.value:
        if reason:
            return _("No charge: {reason} (worth {gross})", reason=reason, gross=gross)
        return _("No charge (worth {gross})", gross=gross)
    word = reason or (captions.DISCOUNT if amount.value < 0 else captions.SURCHARGES)
    return _("{reason}: {adjustment} on {gross}", reason=word, adjustment=amount, gross=gross)


def _tax(line: Line, taxes: Sequence[TaxLine]) -> Figure | Label | None:
    """Return the rate of a line's tax; several are added, those that are withheld taken off."""
    own = [tax for tax in taxes if line.tax_class in tax.classes]
    charged = [tax.rate for tax in own if tax.rate is not None and not tax.withheld]
    withheld = [tax.rate for tax in own if tax.rate is not None and tax.withheld]
    if not charged:
        charged = [negative(rate, rate.rule) for rate in withheld[:1]]
        withheld = withheld[1:]
    if not charged:
        return None
    found: Figure | Label = charged[0]
    for rate in charged[1:]:
        found = _("{first} + {second}", first=found, second=rate)
    for rate in withheld:
        found = _("{first} − {second}", first=found, second=rate)
    return found
