"""Explanation trees: from any amount of a bill down to the source's line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from billhook.explain.rules import Rule, rule_of
from billhook.kernel.figure import Figure
from billhook.model.invoice import Invoice, Line


@attrs.frozen
class Node:
    """One step of an explanation.

    Attributes:
        figure: The figure explained.
        rule: What its rule says.
        steps: What it was made of.
        seen: It was explained further up; its steps are left out here.
    """

    figure: Figure
    rule: Rule
    steps: tuple[Node, ...] = ()
    seen: bool = False


def find(invoice: Invoice, name: str) -> Figure:
    """Return a figure of a bill by name.

    ``totals.payable``, ``lines.<id>``, ``lines.<id>.quantity``, ``adjustments.<id>``,
    ``taxes.<row from 1>``; what a plugin keeps is ``<plugin>.<path>``, rows from 1.

    Raises:
        KeyError: The bill has no such figure; the message lists what it has.
    """
    figures = figures_by_name(invoice)
    if name not in figures:
        raise KeyError(f"no figure {name!r}; there are {', '.join(figures)}")
    return figures[name]


def figures_by_name(invoice: Invoice) -> dict[str, Figure]:
    """Return every visible figure of a bill by name, totals first."""
    return dict(_walk_invoice(invoice))


def _walk_invoice(invoice: Invoice) -> Iterator[tuple[str, Figure]]:
    for field in attrs.fields(type(invoice.totals)):
        yield f"totals.{field.name}", getattr(invoice.totals, field.name)
    for line in invoice.lines:
        yield from _of_line(line)
    for applied in invoice.adjustments:
        yield f"adjustments.{applied.id}", applied.amount
    for row, tax in enumerate(invoice.taxes, 1):
        yield f"taxes.{row}", tax.amount
        yield f"taxes.{row}.base", tax.base
    for row, discount in enumerate(invoice.terms.discounts, 1):
        yield f"terms.discounts.{row}", discount.amount
    for row, instalment in enumerate(invoice.terms.instalments, 1):
        yield f"terms.instalments.{row}", instalment.amount
    for state in invoice.states:
        yield from _walk_payload(state.plugin, state.value)


def _of_line(line: Line) -> Iterator[tuple[str, Figure]]:
    yield f"lines.{line.id}", line.amount
    for part in ("quantity", "unit_price", "gross", "adjustment"):
        if (figure := getattr(line, part)) is not None:
            yield f"lines.{line.id}.{part}", figure
    for place, change in enumerate(line.adjustments, 1):
        yield f"lines.{line.id}.adjustments.{place}", change.amount


def _walk_payload(name: str, value: object) -> Iterator[tuple[str, Figure]]:
    """Yield the figures of what a plugin keeps, by their path in it."""
    if isinstance(value, Figure):
        yield name, value
    elif isinstance(value, tuple):
        for row, item in enumerate(value, 1):
            yield from _walk_payload(f"{name}.{row}", item)
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):  # type: ignore[arg-type]  # attrs.has narrows the class, not the value
            yield from _walk_payload(f"{name}.{field.name}", getattr(value, field.name))


def explain(figure: Figure, rules: Mapping[str, Rule]) -> Node:
    """Return a figure as a tree of steps; what was explained above is not repeated."""
    return _explain(figure, rules, set())


def _explain(figure: Figure, rules: Mapping[str, Rule], seen: set[int]) -> Node:
    rule = rule_of(figure.rule, rules)
    if figure.inputs and id(figure) in seen:
        return Node(figure, rule, seen=True)
    seen.add(id(figure))
    return Node(figure, rule, tuple(_explain(each, rules, seen) for each in figure.inputs))
