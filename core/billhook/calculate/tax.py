"""Tax: bases by class, rates from plugins, rounding by policy (EN 16931, BR-CO-17)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import attrs

from billhook.calculate.adjustments import signed
from billhook.calculate.lines import by_class
from billhook.kernel.figure import Figure, percent, rounded_money, total
from billhook.kernel.money import Policy, TaxLevel
from billhook.kernel.text import Text
from billhook.model.adjustment import Applied
from billhook.model.invoice import Line
from billhook.model.tax import Category, TaxComponent, TaxLine, TaxRule

Ask = Callable[[str, Figure], TaxRule | None]
"""Gives the rule of a class with this base; ``None`` when nobody knows."""


@attrs.frozen
class Levied:
    """The tax breakdown, and the classes that nobody has a rule for."""

    lines: tuple[TaxLine, ...]
    unknown: tuple[str, ...]


@attrs.frozen
class _Group:
    """Classes that are taxed alike, with everything that makes up their base."""

    rule: TaxRule
    classes: tuple[str, ...]
    parts: tuple[Figure, ...]


def levy(
    lines: Sequence[Line], applied: Sequence[Applied], unit: str, policy: Policy, ask: Ask
) -> Levied:
    """Return the tax of each group of classes that share a rule."""
    parts = _parts(lines, applied)
    rules = {name: ask(name, total(found, "core.tax.base", unit)) for name, found in parts.items()}
    unknown = tuple(name for name, rule in rules.items() if rule is None)
    groups = _grouped(parts, {name: rule for name, rule in rules.items() if rule is not None})
    rows = [row for group in groups for row in _rows(group, unit, policy)]
    return Levied(tuple(rows), unknown)


def _parts(lines: Sequence[Line], applied: Sequence[Applied]) -> dict[str, list[Figure]]:
    parts = {name: [line.amount for line in members] for name, members in by_class(lines).items()}
    for adjustment in applied:
        for portion in adjustment.portions:
            amount = signed(adjustment, portion.amount)
            parts.setdefault(portion.tax_class, []).append(amount)
    return dict(sorted(parts.items()))


def _grouped(parts: dict[str, list[Figure]], rules: dict[str, TaxRule]) -> list[_Group]:
    groups: dict[object, _Group] = {}
    for name, rule in rules.items():
        key = _key(rule)
        old = groups.get(key, _Group(rule, (), ()))
        groups[key] = _Group(old.rule, (*old.classes, name), (*old.parts, *parts[name]))
    return list(groups.values())


def _key(rule: TaxRule) -> object:
    components = tuple((c.name, c.rate.value, c.compound, c.withheld) for c in rule.components)
    return rule.category, rule.reason, rule.reason_code, components


def _rows(group: _Group, unit: str, policy: Policy) -> list[TaxLine]:
    base = total(group.parts, "core.tax.base", unit)
    if not group.rule.components:
        return [_row(group, "", None, base, total((), "core.tax.none", unit), withheld=False)]
    rows: list[TaxLine] = []
    for component in group.rule.components:
        before = [row.amount for row in rows] if component.compound else []
        taxed = total((base, *before), "core.tax.compound") if before else base
        amount = _tax(component, taxed, (*group.parts, *before), policy)
        name = component.name
        rows.append(_row(group, name, component.rate, taxed, amount, withheld=component.withheld))
    return rows


def _tax(component: TaxComponent, base: Figure, parts: Sequence[Figure], policy: Policy) -> Figure:
    if policy.tax_level is TaxLevel.GROUP:
        return rounded_money(
            percent(base, component.rate, "core.tax"), policy.tax, "core.tax.amount"
        )
    each = [
        rounded_money(percent(part, component.rate, "core.tax"), policy.tax, "core.tax.line")
        for part in parts
    ]
    return total(each, "core.tax.sum", base.unit)


def _row(
    group: _Group, name: Text, rate: Figure | None, base: Figure, amount: Figure, *, withheld: bool
) -> TaxLine:
    rule = group.rule
    return TaxLine(
        classes=group.classes,
        category=Category(rule.category),
        name=name,
        rate=rate,
        base=base,
        amount=amount,
        withheld=withheld,
        reason=rule.reason,
        reason_code=rule.reason_code,
    )
