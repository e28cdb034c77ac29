"""Amounts of a bill, listed and explained."""

from __future__ import annotations

from billhook.explain.tree import figures_by_name, find
from billhook.kernel.figure import Figure, graph, replay
from billhook.model.invoice import Invoice


def amounts_of(invoice: Invoice) -> str:
    """Return every visible amount of a bill, a line each, for a golden file.

    The names are those of ``billhook explain --figure``; how a bill is printed may change, they
    do not.
    """
    figures = figures_by_name(invoice).items()
    return "".join(f"{name}  {figure.value} {figure.unit}\n" for name, figure in figures)


def assert_replays(invoice: Invoice) -> None:
    """Fail when a visible figure of the bill does not follow from its leaves."""
    wrong = {
        name: (figure.value, replay(figure))
        for name, figure in figures_by_name(invoice).items()
        if replay(figure) != figure.value
    }
    assert wrong == {}, f"the trace lies: {wrong}"


def assert_explains(invoice: Invoice, name: str, *, rules: tuple[str, ...]) -> Figure:
    """Fail unless the figure ``name`` is explained by all of ``rules``; return it."""
    figure = find(invoice, name)
    found = {node.rule for node in graph(figure)}
    missing = [rule for rule in rules if rule not in found]
    assert missing == [], f"{name} is not explained by {missing}; it has {sorted(found)}"
    return figure
