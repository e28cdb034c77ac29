"""Tax: bases by class, rates from plugins, rounding by policy (EN 16931, BR-CO-17).

One row of the breakdown for each category, name and rate, whatever other taxes its classes bear
(EN 16931, BR-S-08).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import attrs

from billhook.calculate.adjustments import parts_of_class, with_sign
from billhook.calculate.apportion import by_parts, sum_by_line
from billhook.kernel.figure import Figure, negative, percent_of, rounded_money, total
from billhook.kernel.money import Policy, TaxLevel
from billhook.model.adjustment import ADDS, Applied, LinePart
from billhook.model.invoice import Line
from billhook.model.tax import Category, TaxComponent, TaxLine, TaxRule

Ask = Callable[[str, Figure], TaxRule | None]
"""Gives the rule of a class with this base; ``None`` when nobody knows."""


@attrs.frozen
class Levied:
    """The tax breakdown, and the classes that nobody has a rule for."""

    lines: tuple[TaxLine, ...]
    unknown: tuple[str, ...]


def levy(
    lines: Sequence[Line], applied: Sequence[Applied], unit: str, policy: Policy, ask: Ask
) -> Levied:
    """Return the tax of each group of classes that bear a tax of one category, name and rate."""
    parts = class_parts(lines, applied)
    bases = {name: total(found, "core.tax.base", unit) for name, found in parts.items()}
    rules = {name: ask(name, bases[name]) for name in parts}
    unknown = tuple(name for name, rule in rules.items() if rule is None)
    rows: list[TaxLine] = []
    for row in group_rows({name: rule for name, rule in rules.items() if rule is not None}, unit):
        taxed = attrs.evolve(row, base=base_on(rows, row, row.classes, parts, policy))
        rows.append(attrs.evolve(taxed, amount=tax_on_base(rows, taxed, parts, policy)))
    return Levied(with_tax_parts(rows, lines, applied, policy), unknown)


def class_parts(lines: Iterable[Line], applied: Iterable[Applied]) -> dict[str, tuple[Figure, ...]]:
    """Return what the base of each tax class is made of: lines, and portions of adjustments."""
    parts: dict[str, list[Figure]] = {}
    for line in lines:
        parts.setdefault(line.tax_class, []).append(line.amount)
    for adjustment in applied:
        for portion in adjustment.portions:
            amount = with_sign(adjustment, portion.amount)
            parts.setdefault(portion.tax_class, []).append(amount)
    return {name: tuple(found) for name, found in sorted(parts.items())}


def base_on(
    rows: Sequence[TaxLine],
    row: TaxLine,
    classes: Sequence[str],
    parts: Mapping[str, Sequence[Figure]],
    policy: Policy,
) -> Figure:
    """Return the base of a tax on some classes; tax on tax, with the taxes before it.

    Args:
        rows: The breakdown, as far as the tax builds on it.
        row: The tax.
        classes: The classes, some of its own.
        parts: What the base of each class is made of.
        policy: How tax is rounded.
    """
    unit = row.amount.unit
    found = [figure for name in classes for figure in parts.get(name, ())]
    base = total(found, "core.tax.base", unit)
    before = [_on(rows, rows[place], classes, parts, policy) for place in row.upon]
    return total((base, *before), "core.tax.compound") if before else base


def _on(
    rows: Sequence[TaxLine],
    row: TaxLine,
    classes: Sequence[str],
    parts: Mapping[str, Sequence[Figure]],
    policy: Policy,
) -> Figure:
    """Return the part of a tax that falls on some of its classes."""
    if row.rate is None or set(row.classes) <= set(classes):
        return row.amount
    base = base_on(rows, row, classes, parts, policy)
    return rounded_money(percent_of(base, row.rate, "core.tax"), policy.tax, "core.tax.amount")


def group_rows(rules: Mapping[str, TaxRule], unit: str) -> list[TaxLine]:
    """Return the rows of the breakdown with their classes, nothing worked out yet."""
    nothing = total((), "core.tax.none", unit)
    rows: dict[object, TaxLine] = {}
    for name, rule in rules.items():
        before: list[object] = []
        for component in rule.components or (None,):
            upon = tuple(before) if component is not None and component.compound else ()
            key = _key(rule, component, upon)
            if key not in rows:
                places = tuple(list(rows).index(each) for each in upon)
                rows[key] = _row(rule, component, nothing, places)
            rows[key] = attrs.evolve(rows[key], classes=(*rows[key].classes, name))
            before.append(key)
    return list(rows.values())


def _key(rule: TaxRule, component: TaxComponent | None, upon: tuple[object, ...]) -> object:
    own: tuple[Any, ...] = ()
    if component is not None:
        own = (component.name, component.rate.value, component.withheld)
    return rule.category, rule.reason, rule.reason_code, own, upon


def _row(
    rule: TaxRule, component: TaxComponent | None, nothing: Figure, upon: tuple[int, ...]
) -> TaxLine:
    return TaxLine(
        classes=(),
        category=Category(rule.category),
        name="" if component is None else component.name,
        rate=None if component is None else component.rate,
        base=nothing,
        amount=nothing,
        withheld=component is not None and component.withheld,
        reason=rule.reason,
        reason_code=rule.reason_code,
        upon=upon,
    )


def tax_on_base(
    rows: Sequence[TaxLine], row: TaxLine, parts: Mapping[str, Sequence[Figure]], policy: Policy
) -> Figure:
    """Return a tax of its base, rounded once or part by part."""
    if row.rate is None:
        return row.amount
    if policy.tax_level is TaxLevel.GROUP:
        return rounded_money(
            percent_of(row.base, row.rate, "core.tax"), policy.tax, "core.tax.amount"
        )
    taxed = [figure for name in row.classes for figure in parts[name]]
    taxed += [_on(rows, rows[place], row.classes, parts, policy) for place in row.upon]
    each = [_of_part(row.rate, part, policy) for part in taxed]
    return total(each, "core.tax.sum", row.base.unit)


def _of_part(rate: Figure, part: Figure, policy: Policy) -> Figure:
    return rounded_money(percent_of(part, rate, "core.tax"), policy.tax, "core.tax.line")


# ── by line ──────────────────────────────────────────────────────────────────


def with_tax_parts(
    rows: Sequence[TaxLine], lines: Sequence[Line], applied: Sequence[Applied], policy: Policy
) -> tuple[TaxLine, ...]:
    """Return the breakdown with the exact tax of each line."""
    before = [each for each in applied if each.portions]
    done: list[TaxLine] = []
    for row in rows:
        parts = row.parts
        if row.rate is not None and row.rate.value and not parts:
            each = _row_parts(done, row, row.rate, lines, before, policy)
            parts = tuple(LinePart(line, tax) for line, tax in sum_by_line(each).items())
        done.append(attrs.evolve(row, parts=parts))
    return tuple(done)


def _row_parts(
    rows: Sequence[TaxLine],
    row: TaxLine,
    rate: Figure,
    lines: Sequence[Line],
    before: Sequence[Applied],
    policy: Policy,
) -> list[LinePart]:
    nets = [LinePart(line.id, line.amount) for line in lines if line.tax_class in row.classes]
    if policy.tax_level is TaxLevel.LINE:
        found = [LinePart(net.line, _of_part(rate, net.amount, policy)) for net in nets]
        for applied in before:
            for portion in applied.portions:
                if portion.tax_class in row.classes:
                    tax = _of_part(rate, with_sign(applied, portion.amount), policy)
                    found += by_parts(tax, parts_of_class(applied, lines, portion.tax_class))
        for place in row.upon:
            upon = _select_parts(rows[place].parts, nets)
            whole = total((part.amount for part in upon), "core.part.sum", row.amount.unit)
            found += by_parts(_of_part(rate, whole, policy), upon)
        return found
    for applied in before:
        for portion in applied.portions:
            if portion.tax_class in row.classes:
                members = parts_of_class(applied, lines, portion.tax_class)
                nets += members if applied.kind in ADDS else [_taken_off(part) for part in members]
    for place in row.upon:
        nets += _select_parts(rows[place].parts, nets)
    return [
        LinePart(line, percent_of(net, rate, "core.tax")) for line, net in sum_by_line(nets).items()
    ]


def _select_parts(parts: Iterable[LinePart], nets: Iterable[LinePart]) -> list[LinePart]:
    ids = {net.line for net in nets}
    return [part for part in parts if part.line in ids]


def _taken_off(part: LinePart) -> LinePart:
    return LinePart(part.line, negative(part.amount, "core.negative"))
