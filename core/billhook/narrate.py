"""Telling an explanation in words: what a figure is, what was done to what, and where it stands.

The tree is shortened for a reader: what adds nothing or changes nothing is left out.  The whole
trace, for programs, is `billhook.explain.explain`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

import attrs

from billhook.explain import Rule, rule_of
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


def narrate(
    figure: Figure, rules: Mapping[str, Rule], leaves: Mapping[int, Leaf] = NO_LEAVES
) -> Step:
    """Return the story of a figure.

    Args:
        figure: The figure.
        rules: What the rules are called, see `billhook.explain.catalogue`.
        leaves: By ``id()``, the figures that are told in one line, without their steps.
    """
    return _Narrator(rules, leaves).step(figure)


class _Narrator:
    """Tells each figure once."""

    def __init__(self, rules: Mapping[str, Rule], leaves: Mapping[int, Leaf]) -> None:
        self._rules = rules
        self._leaves = leaves
        self._told: set[int] = set()

    def step(self, figure: Figure) -> Step:
        """Return a figure's story, as far as it was not told."""
        shown = _shown(figure)
        parts = _parts(shown)
        leaf = self._leaves.get(id(figure))
        called = figure if _adds(figure) else shown
        rule = self._rule(called)
        seen = bool(parts) and (self._known(shown) or self._known(figure))
        self._told |= {id(figure), id(shown)}
        return Step(
            amount=show(figure),
            title=leaf.title if leaf else title_of(called, rule),
            words=_story(figure) if leaf else self._words(shown, parts),
            place=self._place(shown, leaf),
            citation=rule.citation,
            steps=() if leaf or seen else tuple(self._steps(shown, parts)),
            seen=seen,
        )

    def _steps(self, figure: Figure, parts: Sequence[Figure]) -> Iterator[Step]:
        """Yield the story of each part; of a choice, what was not chosen in one line."""
        if figure.op not in {"least", "greatest"}:
            yield from map(self.step, parts)
            return
        chosen = next(part for part in parts if part.value == figure.value)
        for part in parts:
            yield self.step(part) if part is chosen else self._brief(part)

    def _brief(self, figure: Figure) -> Step:
        shown = _shown(figure)
        rule = self._rule(shown)
        words = (_story(shown), sentence_of(shown, rule) if shown.op != "round" else "")
        return Step(
            amount=show(figure),
            title=title_of(shown, rule),
            words=", ".join(filter(None, words)),
            place=self._place(shown, None),
            citation=rule.citation,
        )

    def _known(self, figure: Figure) -> bool:
        """Return whether a figure was told, or is put together of what was told."""
        if id(figure) in self._told:
            return True
        if id(figure) in self._leaves:
            return False
        parts = _parts(_shown(figure))
        return bool(parts) and all(self._known(part) for part in parts)

    def _rule(self, figure: Figure) -> Rule:
        return rule_of(figure.rule, self._rules)

    def _words(self, figure: Figure, parts: Sequence[Figure]) -> str:
        sentence = sentence_of(figure, self._rule(figure))
        if figure.op == "round" and sentence:
            return f"{show(figure.inputs[0])} {sentence}"
        formula = _formula(figure, parts)
        return f"{formula}, {sentence}" if formula and sentence else formula or sentence

    def _place(self, figure: Figure, leaf: Leaf | None) -> str:
        if figure.origin is not None:
            return place_of(figure.origin)
        return leaf.place if leaf else ""


def draw(step: Step, depth: int | None = None) -> Iterator[str]:
    """Yield the lines of a story as a tree.

    Args:
        step: The story.
        depth: How many levels to draw below the first; ``None`` draws all.
    """
    yield str(step)
    yield from _branches(step.steps, "", depth)


def _branches(steps: Sequence[Step], indent: str, depth: int | None) -> Iterator[str]:
    if depth == 0:
        return
    below = None if depth is None else depth - 1
    for step in steps:
        last = step is steps[-1]
        yield f"{indent}{'└─' if last else '├─'} {step}"
        yield from _branches(step.steps, indent + ("   " if last else "│  "), below)


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


def _shown(figure: Figure) -> Figure:
    """Return the figure below roundings that change nothing and sums of one amount."""
    while True:
        if figure.op == "round" and figure.inputs[0].value == figure.value:
            figure = figure.inputs[0]
            continue
        parts = _parts(figure)
        if not (_adds(figure) and len(parts) == 1 and parts[0].value == figure.value):
            return figure
        figure = parts[0]


def _adds(figure: Figure) -> bool:
    return figure.op in {"sum", "less"}


def _parts(figure: Figure) -> tuple[Figure, ...]:
    """Return what a figure was made of; of a sum what counts."""
    if not _adds(figure):
        return figure.inputs
    return tuple(part for part in figure.inputs if part.value) or figure.inputs[:1]


# ── words ────────────────────────────────────────────────────────────────────


def title_of(figure: Figure, rule: Rule) -> str:
    """Return what the rule calls a figure, with its values filled in."""
    return _filled(rule.title, figure)


def sentence_of(figure: Figure, rule: Rule) -> str:
    """Return what the rule says of a figure, with its values filled in."""
    return _filled(rule.sentence, figure)


def _filled(template: str, figure: Figure) -> str:
    params = {"value": show_number(figure.value), "unit": figure.unit, **dict(figure.params)}
    return fill(template, {**params, "mode": params.get("mode", "").replace("-", " ")})


def _story(figure: Figure) -> str:
    """Return one line for all of a figure: what was rounded, what was turned around."""
    figure = _shown(figure)
    if figure.op not in {"round", "negative"}:
        return _formula(figure, _parts(figure))
    inner = figure.inputs[0]
    told = _story(inner) or show(inner)
    if figure.op == "negative":
        return f"minus {told}"
    exact = f"{told} = {show(inner)}" if told != show(inner) else told
    return f"{exact}, {_rounding(figure)}"


def _rounding(figure: Figure) -> str:
    return f"rounded {figure.param('mode').replace('-', ' ')} to {figure.param('step')}"


def _formula(figure: Figure, parts: Sequence[Figure]) -> str:
    write = _FORMULAS.get(figure.op)
    return write(figure, [show(part) for part in parts or figure.inputs]) if write else ""


def _sum(_: Figure, parts: Sequence[str]) -> str:
    if len(parts) > TERMS:
        return f"the sum of {len(parts)} amounts"
    return _signed(parts) if len(parts) > 1 else ""


def _less(figure: Figure, parts: Sequence[str]) -> str:
    turned = [_turned(part) for part in parts]
    if not figure.inputs[0].value and figure.value:
        text = _signed(turned)
        return f"minus {text[1:]}" if text.startswith("-") else text
    return _signed([parts[0], *turned[1:]]) if len(parts) > 1 else ""


def _signed(terms: Sequence[str]) -> str:
    """Return a sum as it is written: what is below nothing is taken off."""
    first, *others = terms
    signs = (f" − {term[1:]}" if term.startswith("-") else f" + {term}" for term in others)
    return f"{first}{''.join(signs)}"


def _turned(term: str) -> str:
    return term[1:] if term.startswith("-") else f"-{term}"


def _percent(figure: Figure, _: Sequence[str]) -> str:
    base, rate = figure.inputs
    return f"{show(attrs.evolve(rate, unit=PERCENT))} of {show(base)}"


def _among(word: str) -> Callable[[Figure, Sequence[str]], str]:
    def write(_: Figure, parts: Sequence[str]) -> str:
        if len(parts) > TERMS:
            return f"the {word} of {len(parts)} amounts"
        return f"the {word} of {' and '.join(parts)}"

    return write


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
    "round": lambda figure, parts: f"{parts[0]}, {_rounding(figure)}",
    "least": _among("least"),
    "greatest": _among("greatest"),
    "negative": lambda _, parts: f"minus {parts[0]}",
    "banded": _banded,
    "share": _share,
}
