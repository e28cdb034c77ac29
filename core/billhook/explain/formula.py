"""Formulas in words, one line each."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

import attrs

from billhook.explain.rule_text import RuleFormatter, narrated
from billhook.kernel.figure import PERCENT, Figure

TERMS = 6
"""A sum of more terms says how many they are."""


def formula(teller: RuleFormatter, figure: Figure, parts: Sequence[Figure]) -> str:
    """Return how a figure was worked out of its parts; nothing for a given figure."""
    write = _FORMULAS.get(figure.op)
    return write(teller, figure, parts or figure.inputs) if write else ""


def rounding(teller: RuleFormatter, figure: Figure) -> str:
    """Return how a figure was rounded, and to which step."""
    step = teller.localizer.number(Decimal(figure.param("step")))
    return teller.say(narrated("rounded {mode} to {step}"), mode=teller.mode(figure), step=step)


def minus(teller: RuleFormatter, amount: str) -> str:
    """Return an amount that is taken off."""
    # NOTE: An amount that is taken off.
    return teller.say(narrated("minus {amount}"), amount=amount)


def _sum(teller: RuleFormatter, _: Figure, parts: Sequence[Figure]) -> str:
    if len(parts) > TERMS:
        # NOTE: {count} is 7 or more.
        return teller.say(narrated("the sum of {count} amounts"), count=_count(teller, parts))
    return _write_sum(teller, parts) if len(parts) > 1 else ""


def _count(teller: RuleFormatter, parts: Sequence[Figure]) -> str:
    return teller.localizer.number(Decimal(len(parts)))


def _less(teller: RuleFormatter, figure: Figure, parts: Sequence[Figure]) -> str:
    turned = [_negate(part) for part in parts]
    if not figure.inputs[0].value and figure.value:
        first, *rest = turned
        if first.value >= 0:
            return _write_sum(teller, turned)
        return minus(teller, _write_sum(teller, [_negate(first), *rest]))
    return _write_sum(teller, [parts[0], *turned[1:]]) if len(parts) > 1 else ""


def _write_sum(teller: RuleFormatter, terms: Sequence[Figure]) -> str:
    """Return a sum as it is written: what is below nothing is taken off."""
    first, *others = terms
    signs = (
        f" − {teller.show(_negate(term))}" if term.value < 0 else f" + {teller.show(term)}"
        for term in others
    )
    return f"{teller.show(first)}{''.join(signs)}"


def _negate(term: Figure) -> Figure:
    return attrs.evolve(term, value=term.value.copy_negate())


def _join_with(sign: str) -> _Writer:
    return lambda teller, _, parts: sign.join(map(teller.show, parts))


def _percent(teller: RuleFormatter, figure: Figure, _: Sequence[Figure]) -> str:
    base, rate = figure.inputs
    shown = teller.show(attrs.evolve(rate, unit=PERCENT))
    # NOTE: "7.5 % of 10.00 USD".
    return teller.say(narrated("{rate} of {base}"), rate=shown, base=teller.show(base))


def _write_rounding(teller: RuleFormatter, figure: Figure, parts: Sequence[Figure]) -> str:
    return f"{teller.show(parts[0])}, {rounding(teller, figure)}"


# NOTE: Two of the amounts that were compared; the first may be two of them itself.
_AND = narrated("{first} and {second}")
_AMONG = {
    "least": (narrated("the least of {amounts}"), narrated("the least of {count} amounts")),
    "greatest": (
        narrated("the greatest of {amounts}"),
        narrated("the greatest of {count} amounts"),
    ),
}


def _among(teller: RuleFormatter, figure: Figure, parts: Sequence[Figure]) -> str:
    few, many = _AMONG[figure.op]
    if len(parts) > TERMS:
        return teller.say(many, count=_count(teller, parts))
    amounts = map(teller.show, parts)
    joined = functools.reduce(lambda one, two: teller.say(_AND, first=one, second=two), amounts)
    return teller.say(few, amounts=joined)


def _write_band(teller: RuleFormatter, figure: Figure, parts: Sequence[Figure]) -> str:
    number, high = teller.localizer.number, figure.param("high")
    key, low = teller.show(parts[0]), number(Decimal(figure.param("low")))
    if not high:
        return teller.say(narrated("{value} lies in the band from {low} on"), value=key, low=low)
    return teller.say(
        narrated("{value} lies in the band from {low} to under {high}"),
        value=key,
        low=low,
        high=number(Decimal(high)),
    )


def _share(teller: RuleFormatter, figure: Figure, parts: Sequence[Figure]) -> str:
    indexes = [str(int(index) + 1) for index in figure.param("index").split(",")]
    whole, *weights = map(teller.show, parts)
    # NOTE: {parts} is the number of a part, or several: "part 2 of 10.00 USD, divided as 2 : 1".
    one, several = (
        narrated("part {parts} of {whole}, divided as {weights}"),
        narrated("parts {parts} of {whole}, divided as {weights}"),
    )
    text = several if len(indexes) > 1 else one
    return teller.say(text, parts=", ".join(indexes), whole=whole, weights=" : ".join(weights))


_Writer = Callable[[RuleFormatter, Figure, Sequence[Figure]], str]

_FORMULAS: Mapping[str, _Writer] = {
    "sum": _sum,
    "less": _less,
    "times": _join_with(" × "),
    "ratio": _join_with(" ÷ "),
    "percent": _percent,
    "round": _write_rounding,
    "least": _among,
    "greatest": _among,
    "negative": lambda teller, _, parts: minus(teller, teller.show(parts[0])),
    "banded": _write_band,
    "share": _share,
}
