"""Credits by amount: a sum, tax included, divided over what is left of the tax classes.

The sum is divided over the groups of classes by what is left of their gross.  In each group the net
amount is the sum without its tax; each tax is that of everything taken back so far, less what was
taken before.  A credit of all that is left also takes what is left of adjustments after tax.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Final

import attrs

from billhook.calculate.apportion import round_as, round_set
from billhook.calculate.tax import base_on
from billhook.credit.balance import ZERO, Cell, CreditedDocument, Group, groups, tax_cell
from billhook.credit.by_lines import (
    Parts,
    bases_to_date,
    exact_tax,
    subtract_credited,
    with_parts,
)
from billhook.kernel.figure import (
    PURE,
    Figure,
    given,
    less,
    percent_of,
    ratio,
    shares,
    times,
    total,
)
from billhook.kernel.money import EXACT, QUOTIENT, Mode, TaxLevel, find_currency, round_to
from billhook.kernel.origin import Origin
from billhook.kernel.text import labels
from billhook.model.adjustment import Applied, Stage
from billhook.model.invoice import Invoice, Line
from billhook.model.tax import TaxLine

_: Final = labels("billhook")

PART = "core.credit.part"
LEFT = "core.credit.left"
BEFORE = "core.credit.before"


class UnfitAmountError(ValueError):
    """The amount cannot be taken off this bill; the message says why."""


def left_gross(billed: CreditedDocument) -> Figure:
    """Return what is left of a document's gross total."""
    return _Remainder(billed).gross


def parts_of_amount(billed: CreditedDocument, amount: Figure) -> Parts:
    """Return the parts of a bill that a credit of ``amount``, tax included, takes back.

    Raises:
        Unfit: It is more than what is left, or what is left has amounts of both signs.
    """
    remainder = _Remainder(billed)
    if amount.value <= ZERO:
        raise UnfitAmountError(
            f"the amount to credit must be above zero, got {amount.value} {amount.unit}"
        )
    if amount.value > remainder.gross.value:
        raise UnfitAmountError(
            f"{amount.value} is more than the {remainder.gross.value} {amount.unit} left to credit"
        )
    return remainder.parts(amount)


def parts_left(billed: CreditedDocument) -> Parts:
    """Return all amounts of a bill that are left to credit.

    Raises:
        UnfitAmountError: What is left has amounts of both signs.
    """
    remainder = _Remainder(billed)
    return remainder.parts(remainder.gross)


@attrs.frozen
class _Taken:
    """Amounts of a credit by group and tax, with their distance from the exact amounts.

    Attributes:
        bases: The net amount of each group.
        taxes: Each row of the breakdown.
        own: How far, in smallest units, the credit's own taxes are from base × rate at most.
        to_date: The same of everything taken back so far.
    """

    bases: tuple[Figure, ...]
    taxes: tuple[Figure, ...]
    own: Decimal = ZERO
    to_date: Decimal = ZERO

    @property
    def rank(self) -> tuple[bool, bool, Decimal, Decimal]:
        """The better, the smaller."""
        return self.own > 1, self.to_date > 1, self.to_date, self.own


@attrs.define(slots=False)
class _Remainder:
    """Amounts of a bill that are left to credit."""

    billed: CreditedDocument

    @cached_property
    def invoice(self) -> Invoice:
        return with_parts(self.billed.invoice)

    @cached_property
    def _groups(self) -> list[Group]:
        return groups(self.invoice)

    @cached_property
    def _credited(self) -> Mapping[Cell, Decimal]:
        return self.billed.credited

    @cached_property
    def _bases(self) -> list[Figure]:
        return [
            self._subtract_credited(each.base(self.invoice), ("base", each.name))
            for each in self._groups
        ]

    @cached_property
    def _taxes(self) -> list[Figure]:
        return [self._subtract_credited(row.amount, tax_cell(row)) for row in self.invoice.taxes]

    @cached_property
    def _charged(self) -> list[int]:
        """The places of the taxes that the buyer pays to the seller."""
        return [place for place, row in enumerate(self.invoice.taxes) if not row.withheld]

    @cached_property
    def gross(self) -> Figure:
        taxes = [self._taxes[place] for place in self._charged]
        return total((*self._bases, *taxes), LEFT, self.invoice.currency)

    @property
    def _step(self) -> Decimal:
        return find_currency(self.invoice.currency).step

    def _subtract_credited(self, whole: Figure, cell: Cell) -> Figure:
        taken = self._credited.get(cell, ZERO)
        if not taken:
            return whole
        numbers = ", ".join(credit.number or "" for credit in self.billed.credits)
        return less(whole, given(taken, whole.unit, BEFORE, Origin(numbers)), rule=LEFT)

    def parts(self, amount: Figure) -> Parts:
        charged = [*self._bases, *(self._taxes[place] for place in self._charged)]
        if any(each.value < 0 for each in charged):
            raise UnfitAmountError(
                "what is left to credit has amounts of both signs, so a sum cannot be "
                "divided over it"
            )
        whole = amount.value == self.gross.value
        if whole:
            taken = _Taken(tuple(self._bases), tuple(self._taxes))
        else:
            taken = min(self._ways(amount), key=lambda way: way.rank, default=self._plain(amount))
        lines = tuple(self._lines(taken))
        taxes = tuple(self._rows(taken))
        return Parts(lines, tuple(self._later()) if whole else (), taxes)

    # ── the ways to take an amount ───────────────────────────────────────────

    def _ways(self, amount: Figure) -> Iterator[_Taken]:
        """Yield ways that come to the amount: the net a unit or two more or less, the rest tax."""
        exact = self._exact(amount)
        largest = max(range(len(exact)), key=lambda i: self._bases[i].value)
        for moved in (0, 1, -1, 2, -2):
            bases = []
            for place, figure in enumerate(exact):
                value = round_to(figure.value, self._step)
                if place == largest:
                    value = EXACT.add(value, EXACT.multiply(Decimal(moved), self._step))
                bases.append(round_as(figure, value, self._step, Mode.HALF_UP, PART))
            if all(0 <= b.value <= left.value for b, left in zip(bases, self._bases, strict=True)):
                yield from self._find_taxes(amount, bases)

    def _exact(self, amount: Figure) -> list[Figure]:
        """Return the exact net amount of each group in a sum that includes tax."""
        gross = [
            total((base, *(self._share(i, base) for i in self._own(group))), LEFT)
            for group, base in zip(self._groups, self._bases, strict=True)
        ]
        weights = [each if each.value > 0 else given(0, each.unit, LEFT) for each in gross]
        sums = shares(amount, weights, self._step, PART) if len(weights) > 1 else [amount]
        return [self._without_tax(group, s) for group, s in zip(self._groups, sums, strict=True)]

    def _own(self, group: Group) -> list[int]:
        return [place for place in group.rows if place in self._charged]

    def _share(self, place: int, base: Figure) -> Figure:
        """Return the part of what is left of a tax that falls on one of the groups bearing it."""
        tax = self._taxes[place]
        sharing = [self._bases[i] for i, each in enumerate(self._groups) if place in each.rows]
        whole = total(sharing, LEFT)
        if len(sharing) == 1 or not whole.value:
            return tax
        return times(tax, ratio(base, whole, "core.part.factor"), PART)

    def _without_tax(self, group: Group, gross: Figure) -> Figure:
        factor = EXACT.add(Decimal(1), _sum(self._rate(i) for i in self._own(group)))
        return ratio(gross, given(factor, PURE, "core.credit.with-tax"), PART)

    def _rate(self, place: int) -> Decimal:
        """Return a tax on one unit of net, with the taxes that it applies to too."""
        row = self.invoice.taxes[place]
        if row.rate is None:
            return ZERO
        base = EXACT.add(Decimal(1), _sum(self._rate(i) for i in row.upon))
        return EXACT.multiply(row.rate.value, base).scaleb(-2, EXACT)

    def _find_taxes(self, amount: Figure, bases: Sequence[Figure]) -> Iterator[_Taken]:
        """Yield net amounts with their taxes, where these can come to the amount."""
        own = {group.classes[0]: (base,) for group, base in zip(self._groups, bases, strict=True)}
        to_date = bases_to_date(self.billed, own)
        rows, exact = self._to_date(own, to_date)
        taken = [
            subtract_credited(self.billed, row.amount, self._credited.get(tax_cell(row), ZERO))
            for row in rows
        ]
        charged = _sum([*(b.value for b in bases), *(taken[i].value for i in self._charged)])
        missing = int(QUOTIENT.divide(EXACT.subtract(amount.value, charged), self._step))
        taken = self._shift_units(taken, rows, exact, missing)
        sums = [*(b.value for b in bases), *(taken[i].value for i in self._charged)]
        fitting = all(
            min(left.value, ZERO) <= tax.value <= max(left.value, ZERO)
            for tax, left in zip(taken, self._taxes, strict=True)
        )
        if fitting and _sum(sums) == amount.value:
            yield _Taken(tuple(bases), tuple(taken), *self._distances(own, taken, exact))

    def _to_date(
        self, own: Mapping[str, Sequence[Figure]], to_date: Mapping[str, Sequence[Figure]]
    ) -> tuple[list[TaxLine], list[Figure]]:
        invoice = self.invoice
        rows: list[TaxLine] = []
        found: list[Figure] = []
        for row in invoice.taxes:
            every, exact = exact_tax(self.billed, row, rows, to_date, self.billed.taken, invoice)
            by_line = row.included or invoice.policy.tax_level is TaxLevel.LINE
            if row.rate is not None and by_line:
                net = total(
                    (f for name in row.classes for f in own.get(name, ())), PART, exact.unit
                )
                whole = total(
                    (g.base(invoice) for g in self._groups if {*g.classes} <= {*row.classes}),
                    PART,
                    exact.unit,
                )
                if whole.value:  # without the taxes that a tax on tax is charged on too
                    borne = ratio(net, whole, "core.part.factor")
                    exact = total((exact, times(row.amount, borne, PART)), PART)
            amount = row.amount
            if row.rate is not None:
                amount = round_set(row.amount, every, exact, invoice.policy.tax)
            base = base_on(rows, row, row.classes, to_date, invoice.policy)
            rows.append(attrs.evolve(row, base=base, amount=amount))
            found.append(exact)
        return rows, found

    def _shift_units(
        self, taken: list[Figure], rows: Sequence[TaxLine], exact: Sequence[Figure], units: int
    ) -> list[Figure]:
        """Return taxes with the missing units put on those that are furthest from exact."""
        sign = -1 if units < 0 else 1
        open_ = [i for i in self._charged if self._rate(i)]
        off = {i: EXACT.subtract(exact[i].value, rows[i].amount.value) for i in open_}
        order = sorted(open_, key=lambda i: off[i] if sign < 0 else off[i].copy_negate())
        for i in order[: abs(units)]:
            unit = given(
                EXACT.multiply(Decimal(sign), self._step), taken[i].unit, "core.credit.unit"
            )
            taken[i] = total((taken[i], unit), PART)
        return taken

    def _distances(
        self,
        own: Mapping[str, Sequence[Figure]],
        taken: Sequence[Figure],
        exact: Sequence[Figure],
    ) -> tuple[Decimal, Decimal]:
        rows: list[TaxLine] = []
        mine = to_date = ZERO
        for row, tax, cum in zip(self.invoice.taxes, taken, exact, strict=True):
            base = base_on(rows, row, row.classes, own, self.invoice.policy)
            rows.append(attrs.evolve(row, base=base, amount=tax))
            if row.rate is not None:
                due = percent_of(base, row.rate, "core.tax").value
                credited = EXACT.add(self._credited.get(tax_cell(row), ZERO), tax.value)
                mine = max(mine, EXACT.subtract(tax.value, due).copy_abs())
                to_date = max(to_date, EXACT.subtract(credited, cum.value).copy_abs())
        return QUOTIENT.divide(mine, self._step), QUOTIENT.divide(to_date, self._step)

    def _plain(self, amount: Figure) -> _Taken:
        """Return what is left of everything in proportion, where no other way comes to it."""
        charged = [*self._bases, *(self._taxes[place] for place in self._charged)]
        dealt = shares(amount, charged, self._step, PART)
        bases, taxes = dealt[: len(self._bases)], list(self._taxes)
        for place, tax in zip(self._charged, dealt[len(self._bases) :], strict=True):
            taxes[place] = tax
        rest = less(self.gross, amount, rule=LEFT)
        for place, row in enumerate(self.invoice.taxes):
            if row.withheld:
                taxes[place] = shares(self._taxes[place], (amount, rest), self._step, PART)[0]
        return _Taken(tuple(bases), tuple(taxes))

    # ── the credit ───────────────────────────────────────────────────────────

    def _lines(self, taken: _Taken) -> Iterator[Line]:
        number = self.billed.document.number or ""
        known = {line.id for line in self.invoice.lines}
        for place, (group, base) in enumerate(self._taken_groups(taken), 1):
            id_ = f"credited-{place}"
            while id_ in known:
                id_ += "-"
            yield Line(
                id=id_,
                description=_("Credit on {number}", number=number),
                amount=base,
                tax_class=group.classes[0],
            )

    def _taken_groups(self, taken: _Taken) -> Iterator[tuple[Group, Figure]]:
        for group, base in zip(self._groups, taken.bases, strict=True):
            if base.value or any(taken.taxes[place].value for place in group.rows):
                yield group, base

    def _rows(self, taken: _Taken) -> Iterator[TaxLine]:
        own = {group.classes[0]: (base,) for group, base in self._taken_groups(taken)}
        rows: list[TaxLine] = []
        kept: dict[int, int] = {}
        for place, (row, tax) in enumerate(zip(self.invoice.taxes, taken.taxes, strict=True)):
            base = base_on(rows, row, row.classes, own, self.invoice.policy)
            rows.append(attrs.evolve(row, base=base, amount=tax, parts=()))
            if tax.value or any(name in own for name in row.classes):
                upon = tuple(kept[each] for each in row.upon if each in kept)
                kept[place] = len(kept)
                yield attrs.evolve(rows[-1], upon=upon)

    def _later(self) -> Iterator[Applied]:
        for applied in self.invoice.adjustments:
            if applied.stage is Stage.AFTER_TAX:
                amount = self._subtract_credited(applied.amount, ("after", applied.id))
                if amount.value:
                    yield attrs.evolve(applied, amount=amount, base=None, parts=())


def _sum(values: Iterable[Decimal]) -> Decimal:
    found = ZERO
    for value in values:
        found = EXACT.add(found, value)
    return found
