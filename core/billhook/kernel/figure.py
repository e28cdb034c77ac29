"""Figures: amounts that know how they came to be.

Each function of the calculus computes *and* records: a figure holds its value, its unit, the
operation, the rule that asked for it, and the figures it was made of.  The trace is the
computation, so it can be replayed; a trace that lies fails `replay`.

All arithmetic runs in contexts of its own: the ambient decimal context changes nothing, sums and
products are exact or an error, and only `rounded`, `ratio` and `share` round, by name.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal

import attrs

from billhook.kernel.currencies import MINOR_UNITS
from billhook.kernel.errors import UnitError
from billhook.kernel.money import EXACT, QUOTIENT, Mode, Rounding, allocate, currency, round_to
from billhook.kernel.origin import Origin

PURE = "1"
"""The unit of a bare number."""

PERCENT = "%"
"""The unit of a percentage: 7.5 means 7.5 per hundred."""


@attrs.frozen(repr=False)
class Figure:
    """A value with its history.

    Attributes:
        value: The exact value.
        unit: ISO 4217 code, unit code (``h``, ``lb``), rate (``USD/h``), ``%`` or ``1``.
        op: The operation, a key of `OPS`.
        rule: Id of the rule that asked for it, ``plugin.noun.quality``.
        inputs: The figures it was made of, in the operation's order.
        params: Further facts of the operation as name and text, e.g. the rounding step.
        origin: The source of a given value.
    """

    value: Decimal
    unit: str
    op: str
    rule: str
    inputs: tuple[Figure, ...] = ()
    params: tuple[tuple[str, str], ...] = ()
    origin: Origin | None = None

    def __repr__(self) -> str:
        return f"<Figure {self.value} {self.unit} {self.op} {self.rule}>"

    def param(self, name: str) -> str:
        """Return the text of a parameter."""
        return dict(self.params)[name]


# ── the calculus ─────────────────────────────────────────────────────────────


def given(
    value: Decimal | int, unit: str, rule: str, origin: Origin | None = None, **params: str
) -> Figure:
    """Return a figure that comes from outside: a source, a setting, an agreement.

    Raises:
        TypeError: The value is no number that billhook counts with.
        ValueError: It is infinite, or not a number.
    """
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        raise TypeError(f"{rule}: a figure needs a Decimal, got {type(value).__name__}")
    exact = Decimal(value)
    if not exact.is_finite():
        raise ValueError(f"{rule}: a figure needs a number, got {exact}")
    return _figure("given", unit, rule, (), _sorted(params), origin, exact)


def total(figures: Iterable[Figure], rule: str, unit: str | None = None) -> Figure:
    """Return the sum of figures of one unit; ``unit`` is needed for an empty sum."""
    inputs = tuple(figures)
    if unit is None and not inputs:
        raise UnitError(f"{rule}: the sum of nothing needs a unit")
    return _figure("sum", unit or inputs[0].unit, rule, _same(unit, inputs, rule))


def less(first: Figure, *rest: Figure, rule: str) -> Figure:
    """Return ``first`` minus all the ``rest``."""
    return _figure("less", first.unit, rule, _same(first.unit, (first, *rest), rule))


def times(left: Figure, right: Figure, rule: str, unit: str | None = None) -> Figure:
    """Return the product; its unit follows (``h`` × ``USD/h`` = ``USD``) or is given."""
    return _figure("times", unit or _product_unit(left.unit, right.unit, rule), rule, (left, right))


def ratio(left: Figure, right: Figure, rule: str, unit: str | None = None) -> Figure:
    """Return the quotient to 60 digits, to be rounded by a named rule.

    Its unit follows (``min`` ÷ ``min/h`` = ``h``, ``USD`` ÷ ``h`` = ``USD/h``) or is given.
    """
    return _figure("ratio", unit or _quotient_unit(left.unit, right.unit), rule, (left, right))


def percent(base: Figure, rate: Figure, rule: str) -> Figure:
    """Return ``rate`` per hundred of ``base``, unrounded."""
    if rate.unit != PERCENT:
        raise UnitError(f"{rule}: a percentage has the unit '%', not {rate.unit!r}")
    return _figure("percent", base.unit, rule, (base, rate))


def least(figures: Iterable[Figure], rule: str) -> Figure:
    """Return the smallest of figures of one unit."""
    inputs = tuple(figures)
    return _figure("least", inputs[0].unit, rule, _same(None, inputs, rule))


def greatest(figures: Iterable[Figure], rule: str) -> Figure:
    """Return the greatest of figures of one unit."""
    inputs = tuple(figures)
    return _figure("greatest", inputs[0].unit, rule, _same(None, inputs, rule))


def negative(figure: Figure, rule: str) -> Figure:
    """Return the figure with the other sign."""
    return _figure("negative", figure.unit, rule, (figure,))


def rounded(figure: Figure, step: Decimal, rule: str, mode: Mode = Mode.HALF_UP) -> Figure:
    """Return the figure on the grid of ``step``."""
    params = (("mode", mode.value), ("step", str(step)))
    return _figure("round", figure.unit, rule, (figure,), params)


def rounded_money(figure: Figure, rounding: Rounding, rule: str) -> Figure:
    """Return an amount on its currency's grid; an amount already there comes back as it is."""
    step = rounding.grid(currency(figure.unit))
    if round_to(figure.value, step, rounding.mode) == figure.value and fits(figure):
        return figure
    return rounded(figure, step, rule, rounding.mode)


def banded(key: Figure, row: Figure, low: Decimal, high: Decimal | None, rule: str) -> Figure:
    """Return the value of a table's row because ``key`` lies in its band ``[low, high)``.

    Raises:
        ValueError: ``key`` lies outside the band: the wrong row was picked.
    """
    params = (("high", "" if high is None else str(high)), ("low", str(low)))
    return _figure("banded", row.unit, rule, (key, row), params)


def share(
    whole: Figure,
    weights: Sequence[Figure],
    index: int | Iterable[int],
    step: Decimal,
    rule: str,
) -> Figure:
    """Return part ``index`` of ``whole``, divided by ``weights`` by largest remainder.

    With several indexes it is the sum of these parts.
    """
    parts = (index,) if isinstance(index, int) else tuple(index)
    params = (("index", ",".join(map(str, parts))), ("step", str(step)))
    return _figure("share", whole.unit, rule, (whole, *weights), params)


def shares(
    whole: Figure,
    weights: Sequence[Figure],
    step: Decimal,
    rule: str,
    favoured: Sequence[int] | None = None,
) -> list[Figure]:
    """Return all parts of ``whole``; they add up to it exactly.

    ``favoured`` names the parts that the steps left over go to, see `billhook.money.allocate`.
    """
    parts = allocate(whole.value, [weight.value for weight in weights], step, favoured)
    inputs = (whole, *weights)
    turn = (("favoured", ",".join(map(str, favoured))),) if favoured else ()
    return [
        Figure(
            part,
            whole.unit,
            "share",
            rule,
            inputs,
            (*turn, ("index", str(i)), ("step", str(step))),
        )
        for i, part in enumerate(parts)
    ]


# ── replay ───────────────────────────────────────────────────────────────────


def replay(figure: Figure) -> Decimal:
    """Compute the value again from the leaves and return it; shared parts are computed once."""
    memo: dict[int, Decimal] = {}
    for node in graph(figure):
        values = tuple(memo[id(source)] for source in node.inputs)
        memo[id(node)] = OPS[node.op](values, node) if node.op != "given" else node.value
    return memo[id(figure)]


def disagreements(*figures: Figure) -> Iterator[Figure]:
    """Yield each figure below whose value does not follow from its inputs' values."""
    for node in graph(*figures):
        if node.op == "given":
            continue
        try:
            value = OPS[node.op](tuple(source.value for source in node.inputs), node)
        except (ArithmeticError, ValueError, LookupError):
            yield node
        else:
            if value != node.value:
                yield node


def graph(*figures: Figure) -> Iterator[Figure]:
    """Yield every figure below and including ``figures`` once, inputs before what they made."""
    seen: set[int] = set()
    stack = [(figure, False) for figure in reversed(figures)]
    while stack:
        node, ready = stack.pop()
        if ready:
            yield node
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            stack.extend((source, False) for source in reversed(node.inputs))


def fits(figure: Figure) -> bool:
    """Return whether an amount lies on its currency's grid and is written with its decimals."""
    return figure.value.as_tuple().exponent == -currency(figure.unit).minor


# ── the operations: pure functions of the inputs' values and the node's parameters ───────────


def _op_sum(values: tuple[Decimal, ...], node: Figure) -> Decimal:
    result = Decimal(0).scaleb(-MINOR_UNITS.get(node.unit, 0))
    for value in values:
        result = EXACT.add(result, value)
    return result


def _op_less(values: tuple[Decimal, ...], node: Figure) -> Decimal:
    return EXACT.subtract(values[0], _op_sum(values[1:], node))


def _op_times(values: tuple[Decimal, ...], _: Figure) -> Decimal:
    return EXACT.multiply(values[0], values[1])


def _op_ratio(values: tuple[Decimal, ...], _: Figure) -> Decimal:
    return QUOTIENT.divide(values[0], values[1])


def _op_percent(values: tuple[Decimal, ...], _: Figure) -> Decimal:
    return EXACT.multiply(values[0], values[1]).scaleb(-2, EXACT)


def _op_negative(values: tuple[Decimal, ...], _: Figure) -> Decimal:
    return _ZERO - values[0] if not values[0] else values[0].copy_negate()


def _op_round(values: tuple[Decimal, ...], node: Figure) -> Decimal:
    return round_to(values[0], Decimal(node.param("step")), Mode(node.param("mode")))


def _op_banded(values: tuple[Decimal, ...], node: Figure) -> Decimal:
    low, high = node.param("low"), node.param("high")
    if values[0] < Decimal(low) or (high and values[0] >= Decimal(high)):
        raise ValueError(f"{node.rule}: {values[0]} is outside the band [{low}, {high or 'open'})")
    return values[1]


def _op_share(values: tuple[Decimal, ...], node: Figure) -> Decimal:
    turn = dict(node.params).get("favoured")
    favoured = [int(index) for index in turn.split(",")] if turn else None
    parts = allocate(values[0], values[1:], Decimal(node.param("step")), favoured)
    chosen = (parts[int(index)] for index in node.param("index").split(","))
    return functools.reduce(EXACT.add, chosen)


_ZERO = Decimal(0)

OPS: dict[str, Callable[[tuple[Decimal, ...], Figure], Decimal]] = {
    "sum": _op_sum,
    "less": _op_less,
    "times": _op_times,
    "ratio": _op_ratio,
    "percent": _op_percent,
    "least": lambda values, _: min(values),
    "greatest": lambda values, _: max(values),
    "negative": _op_negative,
    "round": _op_round,
    "banded": _op_banded,
    "share": _op_share,
}
"""The closed set of operations; ``given`` has no computation."""


def _figure(
    op: str,
    unit: str,
    rule: str,
    inputs: tuple[Figure, ...],
    params: tuple[tuple[str, str], ...] = (),
    origin: Origin | None = None,
    value: Decimal | None = None,
) -> Figure:
    if value is None:
        draft = Figure(_ZERO, unit, op, rule, inputs, params, origin)
        value = OPS[op](tuple(source.value for source in inputs), draft)
    # Nothing has no sign: the negative of 0.00 is 0.00, in print and in data.
    return Figure(value or value.copy_abs(), unit, op, rule, inputs, params, origin)


def _same(unit: str | None, figures: tuple[Figure, ...], rule: str) -> tuple[Figure, ...]:
    wanted = unit or figures[0].unit
    for figure in figures:
        if figure.unit != wanted:
            raise UnitError(f"{rule}: cannot put {figure.unit!r} together with {wanted!r}")
    return figures


def _product_unit(left: str, right: str, rule: str) -> str:
    for one, other in ((left, right), (right, left)):
        if one == PURE:
            return other
        if other.endswith(f"/{one}"):
            return other[: -len(one) - 1]
    raise UnitError(f"{rule}: say the unit of {left!r} times {right!r}")


def _quotient_unit(left: str, right: str) -> str:
    if left == right:
        return PURE
    if right == PURE:
        return left
    if right.startswith(f"{left}/"):
        return right[len(left) + 1 :]
    return f"{left}/{right}"


def _sorted(params: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(params.items()))
