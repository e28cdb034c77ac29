"""Telling an explanation in words: what a figure is, what was done to what, and where it stands.

The tree is shortened for a reader: what adds nothing or changes nothing is left out.  The whole
trace, for programs, is `billhook.explain.explain`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

import attrs

from billhook.explain import Node
from billhook.figure import PERCENT, PURE, Figure
from billhook.origin import Origin
from billhook.text import fill

DIGITS = 12
"""Digits shown of a number that does not end."""

TERMS = 6
"""A sum of more terms says how many they are."""


@attrs.frozen
class Leaf:
    """A figure that is told in one line, in words of its own.

    Attributes:
        title: What it is.
        place: Where it comes from.
    """

    title: str
    place: str = ""


NO_LEAVES: Mapping[int, Leaf] = {}


@attrs.frozen
class Step:
    """A step of the story.

    Attributes:
        amount: Value and unit.
        title: What it is.
        words: What was done, or why it is so.
        place: Where it stands in the sources.
        citation: The standard or clause behind it.
        steps: What it was made of.
        seen: It was told further up.
    """

    amount: str
    title: str
    words: str = ""
    place: str = ""
    citation: str = ""
    steps: tuple[Step, ...] = ()
    seen: bool = False

    def __str__(self) -> str:
        title = f"{self.title}: {self.words}" if self.words else self.title
        place = f"  [{self.place}]" if self.place else ""
        seen = "  (as above)" if self.seen else ""
        return f"{self.amount}  {title}{place}{seen}"


def narrate(node: Node, leaves: Mapping[int, Leaf] = NO_LEAVES) -> Step:
    """Return the story of an explanation.

    Args:
        node: The explanation.
        leaves: By ``id()``, the figures that are told in one line, without their steps.
    """
    shown = _unrounded(node)
    parts = _parts(shown)
    while len(parts) == 1 and parts[0].figure.value == shown.figure.value and _adds(shown.figure):
        shown = _unrounded(parts[0])
        parts = _parts(shown)
    titled = node if _adds(node.figure) else shown
    leaf = leaves.get(id(node.figure))
    origin = place_of(shown.figure.origin) if shown.figure.origin else ""
    return Step(
        amount=show(node.figure),
        title=leaf.title if leaf else titled.rule.title,
        words=_formula_of(shown, parts) if leaf else _words(shown, parts),
        place=origin or (leaf.place if leaf else ""),
        citation=titled.rule.citation,
        steps=() if leaf else tuple(narrate(part, leaves) for part in parts),
        seen=shown.seen and not leaf,
    )


def draw(step: Step) -> Iterator[str]:
    """Yield the lines of a story as a tree."""
    yield str(step)
    yield from _branches(step.steps, "")


def _branches(steps: Sequence[Step], indent: str) -> Iterator[str]:
    for step in steps:
        last = step is steps[-1]
        yield f"{indent}{'└─' if last else '├─'} {step}"
        yield from _branches(step.steps, indent + ("   " if last else "│  "))


def show(figure: Figure) -> str:
    """Return value and unit: ``1,743.70 USD``, ``7.5 %``."""
    number = show_number(figure.value)
    return number if figure.unit == PURE else f"{number} {figure.unit}"


def show_number(value: Decimal) -> str:
    """Return a number in plain digits with commas; one that does not end is cut."""
    text = f"{value:,f}"
    whole, point, digits = text.partition(".")
    return f"{whole}.{digits[:DIGITS]}…" if len(digits) > DIGITS else whole + point + digits


def place_of(origin: Origin) -> str:
    """Return a place: file and line, or what a source without lines has instead."""
    return str(origin) if origin.line or not origin.path else f"{origin} {origin.path}"


# ── what is left out ─────────────────────────────────────────────────────────


def _unrounded(node: Node) -> Node:
    """Return what a rounding was made of, if it changed nothing."""
    while node.figure.op == "round" and node.steps and _same(node.figure, node.steps[0].figure):
        node = node.steps[0]
    return node


def _same(one: Figure, two: Figure) -> bool:
    return one.value == two.value


def _adds(figure: Figure) -> bool:
    return figure.op in {"sum", "less"}


def _parts(node: Node) -> tuple[Node, ...]:
    """Return the steps; of a sum those that count."""
    if not _adds(node.figure):
        return node.steps
    counting = tuple(step for step in node.steps if step.figure.value)
    return counting or node.steps[:1]


# ── words ────────────────────────────────────────────────────────────────────


def _words(node: Node, parts: Sequence[Node]) -> str:
    figure = node.figure
    sentence = sentence_of(node)
    formula = _formula_of(node, parts)
    if figure.op == "round" and sentence:
        return f"{show(figure.inputs[0])} {sentence}"
    return f"{formula}, {sentence}" if formula and sentence else formula or sentence


def sentence_of(node: Node) -> str:
    """Return what the rule says of a figure, with its values filled in."""
    figure = node.figure
    params = {"value": show_number(figure.value), "unit": figure.unit, **dict(figure.params)}
    return fill(node.rule.sentence, {**params, "mode": params.get("mode", "").replace("-", " ")})


def _formula_of(node: Node, parts: Sequence[Node]) -> str:
    return _formula(node.figure, [part.figure for part in parts])


def _formula(figure: Figure, parts: Sequence[Figure]) -> str:
    write = _FORMULAS.get(figure.op)
    return write(figure, [show(part) for part in parts or figure.inputs]) if write else ""


def _sum(_: Figure, parts: Sequence[str]) -> str:
    if len(parts) > TERMS:
        return f"the sum of {len(parts)} amounts"
    return " + ".join(parts) if len(parts) > 1 else ""


def _less(figure: Figure, parts: Sequence[str]) -> str:
    if not figure.inputs[0].value:
        return f"nothing less {' and '.join(parts)}"
    return " − ".join(parts) if len(parts) > 1 else ""


def _percent(figure: Figure, _: Sequence[str]) -> str:
    base, rate = figure.inputs
    return f"{show(attrs.evolve(rate, unit=PERCENT))} of {show(base)}"


def _round(figure: Figure, parts: Sequence[str]) -> str:
    mode = figure.param("mode").replace("-", " ")
    return f"{parts[0]} rounded {mode} to {figure.param('step')}"


def _banded(figure: Figure, parts: Sequence[str]) -> str:
    low, high = figure.param("low"), figure.param("high")
    band = f"from {low} to under {high}" if high else f"from {low} on"
    return f"{parts[0]} lies in the band {band}"


def _share(figure: Figure, parts: Sequence[str]) -> str:
    indexes = [int(index) + 1 for index in figure.param("index").split(",")]
    part = f"part{'s' if len(indexes) > 1 else ''} {', '.join(map(str, indexes))}"
    whole, *weights = parts
    return f"{part} of {whole}, divided as {' : '.join(weights)}"


_FORMULAS: dict[str, Callable[[Figure, Sequence[str]], str]] = {
    "sum": _sum,
    "less": _less,
    "times": lambda _, parts: " × ".join(parts),
    "ratio": lambda _, parts: " ÷ ".join(parts),
    "percent": _percent,
    "round": _round,
    "least": lambda _, parts: f"the least of {' and '.join(parts)}",
    "greatest": lambda _, parts: f"the greatest of {' and '.join(parts)}",
    "negative": lambda _, parts: f"the opposite of {parts[0]}",
    "banded": _banded,
    "share": _share,
}
