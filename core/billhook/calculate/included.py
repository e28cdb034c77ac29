"""Prices with tax included: the gross amount is fixed, the tax is taken out of it.

Of each tax, gross × rate ÷ (100 + all rates) is rounded as the policy says; the net amount is the
rest.  Lines and adjustments share a tax cumulatively: the rounded tax of everything so far, less
that of what stands before.  So each line's net amount and its tax come to its price again, and the
bill's net total and its taxes to what was agreed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

import attrs

from billhook.calculate.adjustments import class_of, parts_of_class, with_sign
from billhook.calculate.apportion import by_parts, sum_by_line
from billhook.calculate.tax import (
    Ask,
    Levied,
    base_on,
    class_parts,
    group_rows,
    tax_on_base,
    with_tax_parts,
)
from billhook.kernel.figure import (
    PERCENT,
    PURE,
    Figure,
    given,
    less,
    negative,
    percent_of,
    ratio,
    rounded,
    rounded_money,
    total,
)
from billhook.kernel.money import Policy, TaxLevel
from billhook.model.adjustment import ADDS, Applied, LinePart, Portion
from billhook.model.charge import is_too_fine
from billhook.model.invoice import Line
from billhook.model.tax import TaxLine

PRICE_STEP = Decimal("0.000001")
"""Grid of a unit price without its tax."""

NET = "core.included.net"


@attrs.frozen
class Included:
    """A bill before tax whose prices included it: every amount without its tax, and the taxes."""

    lines: tuple[Line, ...]
    applied: tuple[Applied, ...]
    levied: Levied


@attrs.frozen
class _Cell:
    """An amount that includes tax: a line, or an adjustment's portion of a class."""

    tax_class: str
    gross: Figure
    taxes: Mapping[int, Figure] = {}

    def net(self, charged: Iterable[int]) -> Figure:
        taxes = [self.taxes[place] for place in charged if place in self.taxes]
        return less(self.gross, *taxes, rule=NET) if taxes else self.gross


def take_out_tax(
    lines: Sequence[Line], applied: Sequence[Applied], unit: str, policy: Policy, ask: Ask
) -> Included:
    """Return lines and adjustments without the tax that their amounts include, and the tax."""
    whole = {
        name: total(found, "core.tax.base", unit)
        for name, found in class_parts(lines, applied).items()
    }
    rules = {name: ask(name, gross) for name, gross in whole.items()}
    unknown = tuple(name for name, rule in rules.items() if rule is None)
    if unknown:
        return Included(tuple(lines), tuple(applied), Levied((), unknown))
    rows = group_rows({name: rule for name, rule in rules.items() if rule is not None}, unit)
    return _Division(lines, applied, rows, policy).included()


@attrs.frozen
class _Division:
    """The division of one bill's amounts into net and tax."""

    lines: Sequence[Line]
    applied: Sequence[Applied]
    rows: Sequence[TaxLine]
    policy: Policy

    def included(self) -> Included:
        charged = [place for place, row in enumerate(self.rows) if not row.withheld]
        factors = {name: self._factor(name) for row in self.rows for name in row.classes}
        cells = self._tax(list(self._cells()), factors)
        own = dict(zip((line.id for line in self.lines), cells, strict=False))
        rest = iter(cells[len(self.lines) :])
        lines = tuple(
            _net_line(line, own[line.id].net(charged), factors[line.tax_class], self.policy)
            for line in self.lines
        )
        applied, shared = [], {}
        for each in self.applied:
            mine = [next(rest) for _ in each.portions]
            shared[each.id] = mine
            applied.append(self._net_applied(each, [c.net(charged) for c in mine], factors))
        rows = self._rows(lines, applied, own, shared)
        levied = Levied(with_tax_parts(rows, lines, applied, self.policy), ())
        return Included(lines, tuple(applied), levied)

    def _cells(self) -> Iterator[_Cell]:
        for line in self.lines:
            yield _Cell(line.tax_class, line.amount)
        for each in self.applied:
            for portion in each.portions:
                yield _Cell(portion.tax_class, with_sign(each, portion.amount))

    def _factor(self, name: str) -> Figure:
        """Return what one unit of net comes to with the taxes of a class."""
        rates = [
            self._effective(place)
            for place, row in enumerate(self.rows)
            if name in row.classes and not row.withheld
        ]
        if not rates:
            return given(1, PURE, "core.included.factor")
        hundred = given(100, PERCENT, "core.included.hundred")
        return ratio(
            total((hundred, *rates), "core.included.rates"), hundred, "core.included.factor"
        )

    def _effective(self, place: int) -> Figure:
        """Return the rate of a tax on the net amount, with the taxes that it applies to too."""
        row = self.rows[place]
        if row.rate is None:
            return given(0, PERCENT, "core.tax.rate")
        if not row.upon:
            return row.rate
        upon = [
            percent_of(self._effective(each), row.rate, "core.tax.compound") for each in row.upon
        ]
        return total((row.rate, *upon), "core.tax.compound")

    def _tax(self, cells: list[_Cell], factors: Mapping[str, Figure]) -> list[_Cell]:
        """Return the cells with the rounded part that each has of each tax."""
        nets = [ratio(cell.gross, factors[cell.tax_class], NET) for cell in cells]
        taxes: list[dict[int, Figure]] = [{} for _ in cells]
        for place, row in enumerate(self.rows):
            if row.rate is None or row.withheld:
                continue
            rate = self._effective(place)
            so_far: Figure | None = None
            before: Figure | None = None
            for cell, net, own in zip(cells, nets, taxes, strict=True):
                if cell.tax_class not in row.classes:
                    continue
                exact = percent_of(net, rate, "core.tax.included")
                if self.policy.tax_level is TaxLevel.LINE or so_far is None:
                    so_far = exact
                else:
                    so_far = total((so_far, exact), "core.tax.so-far")
                to_here = rounded_money(so_far, self.policy.tax, "core.tax.amount")
                if before is None or self.policy.tax_level is TaxLevel.LINE:
                    own[place] = to_here
                else:
                    own[place] = less(to_here, before, rule="core.tax.part")
                before = to_here
        return [attrs.evolve(c, taxes=own) for c, own in zip(cells, taxes, strict=True)]

    def _net_applied(
        self, applied: Applied, nets: Sequence[Figure], factors: Mapping[str, Figure]
    ) -> Applied:
        by_id = {line.id: line for line in self.lines}
        adds = applied.kind in ADDS
        portions = tuple(
            Portion(portion.tax_class, net if adds else negative(net, "core.negative"))
            for portion, net in zip(applied.portions, nets, strict=True)
        )
        parts = tuple(
            LinePart(
                part.line, ratio(part.amount, factors[class_of(applied, by_id[part.line])], NET)
            )
            for part in applied.parts
        )
        amount = total((each.amount for each in portions), NET, applied.amount.unit)
        return attrs.evolve(applied, amount=amount, portions=portions, parts=parts, base=None)

    def _rows(
        self,
        lines: Sequence[Line],
        applied: Sequence[Applied],
        own: Mapping[str, _Cell],
        shared: Mapping[str, Sequence[_Cell]],
    ) -> list[TaxLine]:
        nets = class_parts(lines, applied)
        rows: list[TaxLine] = []
        for place, row in enumerate(self.rows):
            taxed = attrs.evolve(row, base=base_on(rows, row, row.classes, nets, self.policy))
            if row.rate is None or row.withheld:
                amount = tax_on_base(rows, taxed, nets, self.policy)
                rows.append(attrs.evolve(taxed, amount=amount))
                continue
            parts = [
                LinePart(line, cell.taxes[place])
                for line, cell in own.items()
                if place in cell.taxes
            ]
            amounts = [part.amount for part in parts]
            for each in applied:
                for cell in shared[each.id]:
                    if place in cell.taxes:
                        tax = cell.taxes[place]
                        amounts.append(tax)
                        parts += by_parts(tax, parts_of_class(each, lines, cell.tax_class))
            rows.append(
                attrs.evolve(
                    taxed,
                    amount=self._plainly(place, total(amounts, "core.tax.sum", row.amount.unit)),
                    parts=tuple(LinePart(*each) for each in sum_by_line(parts).items()),
                    included=True,
                )
            )
        return rows

    def _plainly(self, place: int, amount: Figure) -> Figure:
        """Return a tax as taken out of the whole price at once, where all of it bears one rate."""
        row, unit = self.rows[place], amount.unit
        factors = {name: self._factor(name) for name in row.classes}
        if self.policy.tax_level is TaxLevel.LINE or len({f.exact for f in factors.values()}) > 1:
            return amount
        gross = class_parts(self.lines, self.applied)
        whole = total(
            (each for name in row.classes for each in gross[name]), "core.tax.price", unit
        )
        net = ratio(whole, factors[row.classes[0]], NET)
        tax = percent_of(net, self._effective(place), "core.tax.included")
        plain = rounded_money(tax, self.policy.tax, "core.tax.amount")
        return plain if plain.value == amount.value else amount


def _net_line(line: Line, net: Figure, factor: Figure, policy: Policy) -> Line:
    price = line.unit_price
    if price is not None:
        price = ratio(price, factor, "core.included.price")
        if price.fraction is not None or is_too_fine(price):
            price = rounded(price, PRICE_STEP, "core.included.price")
    changed = attrs.evolve(line, amount=net, unit_price=price, adjustment=None, adjustments=())
    if line.gross is None:
        return changed
    if line.adjustments:
        changes = tuple(
            attrs.evolve(each, amount=_without_tax(each.amount, factor, policy))
            for each in line.adjustments
        )
        whole = total((each.amount for each in changes), "core.line.adjustment")
        gross = less(net, whole, rule="core.line.gross")
        return attrs.evolve(changed, gross=gross, adjustment=whole, adjustments=changes)
    gross = _without_tax(line.gross, factor, policy)
    if line.adjustment is None:
        return attrs.evolve(changed, gross=gross)
    whole = less(net, gross, rule="core.line.adjustment")
    return attrs.evolve(changed, gross=gross, adjustment=whole)


def _without_tax(amount: Figure, factor: Figure, policy: Policy) -> Figure:
    return rounded_money(ratio(amount, factor, NET), policy.line, "core.line.adjustment")
