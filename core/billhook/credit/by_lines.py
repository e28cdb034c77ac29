"""Credits by lines: of every amount, the exact part of the chosen lines, rounded cumulatively.

A credit takes the rounded part of everything that was taken back so far, itself included, less
what was taken before.  So credits in any order come to the bill, cell by cell, and the tax of each
is its base × rate within one smallest unit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property

import attrs

from billhook.calculate.adjustments import parts_of_class, signed_parts
from billhook.calculate.apportion import by_base, round_set, sum_by_line, sum_parts
from billhook.calculate.tax import base_on, class_parts, with_tax_parts
from billhook.calculate.totals import before_cash
from billhook.credit.balance import ZERO, Cell, CreditedDocument, tax_cell
from billhook.kernel.figure import Figure, given, less, percent_of, ratio, times, total
from billhook.kernel.money import TaxLevel
from billhook.kernel.origin import Origin
from billhook.model.adjustment import Applied, LinePart, Portion, Stage
from billhook.model.document import Document
from billhook.model.invoice import Invoice, Line
from billhook.model.tax import TaxLine

RULE = "core.credit.own"
BEFORE = "core.credit.before"

ClassParts = Mapping[str, Sequence[Figure]]


@attrs.frozen
class Parts:
    """Amounts of a credit.

    Attributes:
        lines: The lines.
        adjustments: The adjustments' parts.
        taxes: The tax breakdown's.
    """

    lines: tuple[Line, ...]
    adjustments: tuple[Applied, ...]
    taxes: tuple[TaxLine, ...]


def with_parts(invoice: Invoice) -> Invoice:
    """Return a bill with its exact parts by line, worked out if it was sealed without them."""
    rows = _with_upon(invoice)
    if all(each.parts or not each.amount.value for each in invoice.adjustments):
        taxes = with_tax_parts(rows, invoice.lines, invoice.adjustments, invoice.policy)
        return attrs.evolve(invoice, taxes=taxes)
    early = [
        attrs.evolve(each, parts=each.parts or tuple(_portion_parts(each, invoice.lines)))
        for each in invoice.adjustments
    ]
    taxes = with_tax_parts(rows, invoice.lines, early, invoice.policy)
    moved = [LinePart(line.id, line.amount) for line in invoice.lines]
    for each in early:
        moved += [LinePart(*each_part) for each_part in signed_parts(each).items()]
    moved += [part for row in taxes if not row.withheld for part in row.parts]
    gross = sum_by_line(moved)
    applied = tuple(
        each if each.parts else attrs.evolve(each, parts=by_base(each.amount, gross))
        for each in early
    )
    return attrs.evolve(invoice, adjustments=applied, taxes=taxes)


def _portion_parts(applied: Applied, lines: Sequence[Line]) -> Iterator[LinePart]:
    for portion in applied.portions:
        own = [line for line in lines if line.tax_class == portion.tax_class] or lines
        yield from by_base(portion.amount, {line.id: line.amount for line in own})


def _with_upon(invoice: Invoice) -> tuple[TaxLine, ...]:
    """Return the breakdown; of one sealed without it, with the bases of its taxes on tax."""
    parts = class_parts(invoice.lines, invoice.adjustments)
    rows: list[TaxLine] = []
    for row in invoice.taxes:
        plain = base_on(rows, row, row.classes, parts, invoice.policy)
        upon = row.upon
        if not upon and plain.value != row.base.value:
            upon = tuple(i for i, each in enumerate(rows) if each.classes == row.classes)
        rows.append(attrs.evolve(row, upon=upon))
    return tuple(rows)


def parts_of_lines(billed: CreditedDocument, chosen: Collection[str]) -> Parts:
    """Return the parts of a bill that a credit of some of its lines takes back.

    Args:
        billed: The bill with its credit notes.
        chosen: Ids of the lines.
    """
    return _Division(billed, frozenset(chosen)).parts()


@attrs.define(slots=False)
class _Division:
    """The division of one bill."""

    billed: CreditedDocument
    chosen: frozenset[str]

    def parts(self) -> Parts:
        lines = tuple(line for line in self.invoice.lines if line.id in self.chosen)
        applied = tuple(self._adjustments())
        return Parts(lines, applied, tuple(self._taxes(lines, applied)))

    @cached_property
    def invoice(self) -> Invoice:
        return with_parts(self.billed.invoice)

    @cached_property
    def _taken(self) -> frozenset[str]:
        """The lines that are taken back by name so far, this time included."""
        return self.billed.taken | self.chosen

    @cached_property
    def _credited(self) -> Mapping[Cell, Decimal]:
        return self.billed.credited

    def _adjustments(self) -> Iterator[Applied]:
        for applied in self.invoice.adjustments:
            part = self._adjustment(applied)
            if part.amount.value or part.portions:
                yield part

    def _adjustment(self, applied: Applied) -> Applied:
        own = tuple(part for part in applied.parts if part.line in self.chosen)
        if applied.stage is Stage.AFTER_TAX:
            amount = self._part(applied.amount, applied.parts, ("after", applied.id))
            return attrs.evolve(applied, amount=amount, parts=own, base=None)
        portions: list[Portion] = []
        for portion in applied.portions:
            members = parts_of_class(applied, self.invoice.lines, portion.tax_class)
            cell = ("portion", applied.id, portion.tax_class)
            amount = self._part(portion.amount, members, cell)
            if amount.value:
                portions.append(Portion(portion.tax_class, amount))
        amount = total((each.amount for each in portions), RULE, self.invoice.currency)
        return attrs.evolve(applied, amount=amount, portions=tuple(portions), parts=own, base=None)

    def _part(self, whole: Figure, parts: Sequence[LinePart], cell: Cell) -> Figure:
        """Return the rounded part of all lines taken so far, less what was taken before."""
        every = sum_parts(parts, whole.unit)
        taken = sum_parts(parts, whole.unit, self._taken)
        to_date = round_set(whole, every, taken, self.invoice.policy.line)
        return subtract_credited(self.billed, to_date, self._credited.get(cell, ZERO))

    def _taxes(self, lines: Sequence[Line], applied: Sequence[Applied]) -> Iterator[TaxLine]:
        own = class_parts(lines, applied)
        amounts = _taxes_to_date(self.billed, self.invoice, own, self._taken)
        rows: list[TaxLine] = []
        kept: dict[int, int] = {}
        for place, (row, to_date) in enumerate(zip(self.invoice.taxes, amounts, strict=True)):
            amount = subtract_credited(
                self.billed, to_date, self._credited.get(tax_cell(row), ZERO)
            )
            parts = tuple(part for part in row.parts if part.line in self.chosen)
            base = base_on(rows, row, row.classes, own, self.invoice.policy)
            rows.append(attrs.evolve(row, base=base, amount=amount, parts=parts))
            if any(name in row.classes for name in own) or amount.value:
                upon = tuple(kept[each] for each in row.upon if each in kept)
                kept[place] = len(kept)
                yield attrs.evolve(rows[-1], upon=upon)


def subtract_credited(billed: CreditedDocument, to_date: Figure, credited: Decimal) -> Figure:
    """Return what is taken back to date, less what earlier credit notes took."""
    if not credited:
        return to_date
    numbers = ", ".join(credit.number or "" for credit in billed.credits)
    before = given(credited, to_date.unit, BEFORE, Origin(numbers))
    return less(to_date, before, rule=RULE)


def _restate(figure: Figure, credit: Document) -> Figure:
    """Return an amount of an earlier credit note as a fact, without the way it came about."""
    return given(figure.value, figure.unit, BEFORE, Origin(credit.number or ""))


def bases_to_date(billed: CreditedDocument, own: ClassParts) -> dict[str, list[Figure]]:
    """Return the net amounts of each tax class that are taken back so far, ``own`` included."""
    found: dict[str, list[Figure]] = {}
    for credit in billed.credits:
        for name, figures in class_parts(credit.invoice.lines, credit.invoice.adjustments).items():
            found.setdefault(name, []).append(_restate(total(figures, "core.tax.base"), credit))
    for name, mine in own.items():
        found.setdefault(name, []).extend(mine)
    return found


def _taxes_to_date(
    billed: CreditedDocument, invoice: Invoice, own: ClassParts, taken: Collection[str]
) -> list[Figure]:
    """Return each tax on everything that is taken back so far.

    Args:
        billed: The bill with its credit notes.
        invoice: The bill, with its parts by line.
        own: What this credit takes back, by tax class.
        taken: The lines that are taken back by name, this time included.
    """
    bases = bases_to_date(billed, own)
    policy = invoice.policy
    rows: list[TaxLine] = []
    for row in invoice.taxes:
        every, exact = exact_tax(billed, row, rows, bases, taken, invoice)
        amount = row.amount if row.rate is None else round_set(row.amount, every, exact, policy.tax)
        base = base_on(rows, row, row.classes, bases, policy)
        rows.append(attrs.evolve(row, base=base, amount=amount))
    return [row.amount for row in rows]


def exact_tax(
    billed: CreditedDocument,
    row: TaxLine,
    rows: Sequence[TaxLine],
    bases: ClassParts,
    taken: Collection[str],
    invoice: Invoice,
) -> tuple[Figure, Figure]:
    """Return a tax of the bill before rounding, and that of everything taken back so far."""
    rate = row.rate
    if rate is None:
        return row.amount, row.amount
    if invoice.policy.tax_level is TaxLevel.GROUP and not row.included:
        base = base_on(rows, row, row.classes, bases, invoice.policy)
        return percent_of(row.base, rate, "core.tax"), percent_of(base, rate, "core.tax")
    unit = row.amount.unit
    every, named = sum_parts(row.parts, unit), sum_parts(row.parts, unit, taken)
    own = {line.id for line in invoice.lines}
    sums = [
        _restate(line.amount, credit)
        for credit in billed.credits
        for line in credit.invoice.lines
        if line.id not in own and line.tax_class in row.classes
    ]
    if not sums or not row.base.value:
        return every, named
    net = total(sums, BEFORE)
    part = times(row.amount, ratio(net, row.base, "core.part.factor"), RULE)
    return every, total((named, part), RULE)


def payable_to_date(billed: CreditedDocument, due: Figure) -> Figure | None:
    """Return what a credit gives back in cash, of what it comes to; ``None`` without such rounding.

    Args:
        billed: The bill with its credit notes.
        due: What the credit comes to before cash rounding.
    """
    invoice = billed.invoice
    if invoice.policy.cash is None:
        return None
    before = [
        _restate(before_cash(c.invoice.totals, c.invoice.adjustments), c) for c in billed.credits
    ]
    every = before_cash(invoice.totals, invoice.adjustments)
    to_date = total((*before, due), "core.credit.to-date")
    paid = round_set(invoice.totals.payable, every, to_date, invoice.policy.cash)
    return subtract_credited(billed, paid, billed.credited.get(("payable",), ZERO))
