"""Explanations in words: each figure's title, formula and place, as a tree of steps.

The tree is shortened for a reader: what adds nothing or changes nothing is left out.  The whole
trace, for programs, is `billhook.explain.tree.explain`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import attrs

from billhook.explain.formula import formula, minus, rounding
from billhook.explain.rule_text import ENGLISH, Localizer, RuleFormatter, narrated
from billhook.explain.rules import Rule
from billhook.kernel.figure import Figure
from billhook.kernel.origin import Origin


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


# NOTE: Stands in brackets behind a step whose parts were listed further up.
_AGAIN = narrated("as above")
_JOINED = narrated("{title}: {words}")


@attrs.frozen
class ExplanationStep:
    """A step of the story.

    Attributes:
        amount: Value and unit.
        title: What it is.
        words: What was done, or why it is so.
        place: Where it stands in the sources.
        citation: The standard or clause behind it.
        steps: What it was made of.
        seen: It was told further up.
        line: Title and words, as the language joins them.
        again: What is said of a step that was told further up.
    """

    amount: str
    title: str
    words: str = ""
    place: str = ""
    citation: str = ""
    steps: tuple[ExplanationStep, ...] = ()
    seen: bool = False
    line: str = ""
    again: str = _AGAIN

    def __str__(self) -> str:
        place = f"  [{self.place}]" if self.place else ""
        seen = f"  ({self.again})" if self.seen else ""
        return f"{self.amount}  {self.line or self.title}{place}{seen}"


def narrate(
    figure: Figure,
    rules: Mapping[str, Rule],
    leaves: Mapping[int, Leaf] = NO_LEAVES,
    localizer: Localizer = ENGLISH,
) -> ExplanationStep:
    """Return the story of a figure.

    Args:
        figure: The figure.
        rules: What the rules are called, see `billhook.explain.rules.catalogue`.
        leaves: By ``id()``, the figures that are told in one line, without their steps.
        localizer: The language to write in, see `billhook.i18n.localizer.localizer_of`.
    """
    return _Narrator(RuleFormatter(rules, localizer), leaves).step(figure)


class _Narrator:
    """Tells each figure once."""

    def __init__(self, teller: RuleFormatter, leaves: Mapping[int, Leaf]) -> None:
        self._teller = teller
        self._leaves = leaves
        self._told: set[int] = set()

    def step(self, figure: Figure) -> ExplanationStep:
        """Return a figure's story, as far as it was not told."""
        shown = _skip_trivial_steps(figure)
        parts = _parts(shown)
        leaf = self._leaves.get(id(figure))
        called = figure if _adds(figure) else shown
        seen = bool(parts) and (self._is_told(shown) or self._is_told(figure))
        self._told |= {id(figure), id(shown)}
        return self._step(
            figure,
            called,
            title=leaf.title if leaf else self._teller.tell(called).title,
            words=self._story(figure) if leaf else self._words(shown, parts),
            place=self._place(shown, leaf),
            steps=() if leaf or seen else tuple(self._steps(shown, parts)),
            seen=seen,
        )

    def _step(
        self,
        figure: Figure,
        called: Figure,
        *,
        title: str,
        words: str,
        place: str,
        steps: tuple[ExplanationStep, ...] = (),
        seen: bool = False,
    ) -> ExplanationStep:
        say = self._teller.say
        return ExplanationStep(
            amount=self._teller.show(figure),
            title=title,
            words=words,
            place=place,
            citation=self._teller.rule(called).citation,
            steps=steps,
            seen=seen,
            line=say(_JOINED, title=title, words=words) if words else title,
            again=say(_AGAIN),
        )

    def _steps(self, figure: Figure, parts: Sequence[Figure]) -> Iterator[ExplanationStep]:
        """Yield the story of each part; of a choice, what was not chosen in one line."""
        if figure.op not in {"least", "greatest"}:
            yield from map(self.step, parts)
            return
        chosen = next(part for part in parts if part.value == figure.value)
        for part in parts:
            yield self.step(part) if part is chosen else self._brief(part)

    def _brief(self, figure: Figure) -> ExplanationStep:
        shown = _skip_trivial_steps(figure)
        told = self._teller.tell(shown)
        words = (self._story(shown), told.sentence if shown.op != "round" else "")
        return self._step(
            figure,
            shown,
            title=told.title,
            words=", ".join(filter(None, words)),
            place=self._place(shown, None),
        )

    def _is_told(self, figure: Figure) -> bool:
        """Return whether a figure was told, or is put together of what was told."""
        if id(figure) in self._told:
            return True
        if id(figure) in self._leaves:
            return False
        parts = _parts(_skip_trivial_steps(figure))
        return bool(parts) and all(self._is_told(part) for part in parts)

    def _words(self, figure: Figure, parts: Sequence[Figure]) -> str:
        sentence = self._teller.tell(figure).sentence
        if figure.op == "round" and sentence:
            return f"{self._teller.show(figure.inputs[0])} {sentence}"
        worked = formula(self._teller, figure, parts)
        return f"{worked}, {sentence}" if worked and sentence else worked or sentence

    def _story(self, figure: Figure) -> str:
        """Return one line for all of a figure: what was rounded, what was turned around."""
        figure = _skip_trivial_steps(figure)
        if figure.op not in {"round", "negative"}:
            return formula(self._teller, figure, _parts(figure))
        inner = figure.inputs[0]
        told, amount = self._story(inner), self._teller.show(inner)
        if figure.op == "negative":
            return minus(self._teller, told or amount)
        exact = f"{told} = {amount}" if told and told != amount else amount
        return f"{exact}, {rounding(self._teller, figure)}"

    def _place(self, figure: Figure, leaf: Leaf | None) -> str:
        if figure.origin is not None:
            return place_of(figure.origin)
        return leaf.place if leaf else ""


def draw(step: ExplanationStep, depth: int | None = None) -> Iterator[str]:
    """Yield the lines of a story as a tree.

    Args:
        step: The story.
        depth: How many levels to draw below the first; ``None`` draws all.
    """
    yield str(step)
    yield from _branches(step.steps, "", depth)


def _branches(steps: Sequence[ExplanationStep], indent: str, depth: int | None) -> Iterator[str]:
    if depth == 0:
        return
    below = None if depth is None else depth - 1
    for step in steps:
        last = step is steps[-1]
        yield f"{indent}{'└─' if last else '├─'} {step}"
        yield from _branches(step.steps, indent + ("   " if last else "│  "), below)


def place_of(origin: Origin) -> str:
    """Return a place: file and line, or what a source without lines has instead."""
    return str(origin) if origin.line or not origin.path else f"{origin} {origin.path}"


# ── what is left out ─────────────────────────────────────────────────────────


def _skip_trivial_steps(figure: Figure) -> Figure:
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
