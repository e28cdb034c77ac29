"""From charges to lines: each amount rounded once, by the job's policy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

from billhook.kernel.figure import Figure, rounded_money, total
from billhook.kernel.money import Policy
from billhook.model.charge import Charge, LineAdjustment
from billhook.model.invoice import Line


def to_lines(charges: Iterable[Charge], policy: Policy) -> tuple[Line, ...]:
    """Return a line for each charge, its amounts on the currency's grid."""
    return tuple(_line(charge, policy) for charge in charges)


def _line(charge: Charge, policy: Policy) -> Line:
    facts = {field.name: getattr(charge, field.name) for field in attrs.fields(Charge)}
    facts["amount"] = rounded_money(charge.amount, policy.line, "core.line.amount")
    if charge.adjustments:
        facts["adjustments"] = tuple(_change(each, policy) for each in charge.adjustments)
        changes = (each.amount for each in facts["adjustments"])
        facts["adjustment"] = total(changes, "core.line.adjustment")
    for name in ("gross", "adjustment"):
        if facts[name] is not None:
            facts[name] = rounded_money(facts[name], policy.line, f"core.line.{name}")
    return Line(**facts)


def _change(change: LineAdjustment, policy: Policy) -> LineAdjustment:
    amount = rounded_money(change.amount, policy.line, "core.line.adjustment")
    return attrs.evolve(change, amount=amount)


def sum_lines(lines: Sequence[Line], zero: Figure) -> Figure:
    """Return the sum of the line amounts (BT-106)."""
    return total((line.amount for line in lines), "core.total.lines", zero.unit)


def select_tagged(lines: Iterable[Line], tags: frozenset[str]) -> list[Line]:
    """Return the lines that bear one of the tags; no tags means all lines."""
    return [line for line in lines if not tags or tags & line.tags]


def by_class(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """Return the lines by tax class, in the order of their first appearance."""
    classes: dict[str, list[Line]] = {}
    for line in lines:
        classes.setdefault(line.tax_class, []).append(line)
    return classes
