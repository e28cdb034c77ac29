"""Figures: amounts that know how they came to be.

Each function of the calculus computes *and* records: a figure holds its value, its unit, the
operation, the rule that asked for it, and the figures it was made of.  The trace is the
computation, so it can be replayed; a trace that lies fails `replay`.

All arithmetic runs in contexts of its own: the ambient decimal context changes nothing, and what is
computed is exact or an error; only `rounded` and `share` round, by name.  A quotient that does not
end, such as a third, is carried on as a fraction; its ``value`` shows the first 60 digits.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

import attrs

from billhook.kernel.currencies import MINOR_UNITS
from billhook.kernel.errors import UnitError
from billhook.kernel.money import (
    EXACT,
    QUOTIENT,
    Mode,
    Rounding,
    allocate,
    find_currency,
    round_fraction,
    round_to,
)
from billhook.kernel.origin import Origin
from billhook.kernel.unit_algebra import BARE, PER_HUNDRED, check_unit, product_unit, quotient_unit

PURE = BARE
"""The unit of a bare number."""

PERCENT = PER_HUNDRED
"""The unit of a percentage: 7.5 means 7.5 per hundred."""

MOST_DECIMALS = 9
"""Decimals of a quantity, price or percentage at most: what a file can give is what is printed."""

UNENDING = ("exact", "yes")
"""Parameter of a quotient that does not end: what is made of it counts with the fraction.

Quotients of documents from before have none; what was made of those counted with 60 digits.
"""


Number = TypeVar("Number", Decimal, Fraction)


@attrs.frozen(repr=False)
class Figure:
    """A value with its history.

    Attributes:
        value: The exact value; of a fraction that does not end, its first 60 digits.
        unit: ISO 4217 code, unit code (``h``, ``lb``), rate (``USD/h``), ``%`` or ``1``.
        op: The operation, a key of `OPS`.
        rule: Id of the rule that asked for it, ``plugin.noun.quality``.
        inputs: The figures it was made of, in the operation's order.
        params: Further facts of the operation as name and text, e.g. the rounding step.
        origin: The source of a given value.
        fraction: The exact value where its digits do not end; it follows from the inputs.
    """

    value: Decimal
    unit: str
    op: str
    rule: str
    inputs: tuple[Figure, ...] = ()
    params: tuple[tuple[str, str], ...] = ()
    origin: Origin | None = None
    fraction: Fraction | None = attrs.field(init=False, default=None, eq=False)

    def __attrs_post_init__(self) -> None:
        if self.op in _ENDING or not self.inherits_fraction:
            return
        try:
            exact = _compute(self, [source.exact for source in self.inputs])
        except (ArithmeticError, ValueError, LookupError):
            return  # a damaged trace: `disagreements` finds it
        if isinstance(exact, Fraction) and _digits(exact) == self.value:
            object.__setattr__(self, "fraction", exact)

    @property
    def inherits_fraction(self) -> bool:
        """True if the exact value may be a fraction whose digits do not end."""
        for source in self.inputs:
            if source.fraction is not None:
                return True
        return UNENDING in self.params

    @property
    def exact(self) -> Decimal | Fraction:
        """The value to count with."""
        return self.value if self.fraction is None else self.fraction

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
    check_unit(unit)
    return _figure("given", unit, rule, (), tuple(sorted(params.items())), origin, exact)


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
    """Return the product; its unit follows, ``h`` × ``USD/h`` = ``USD``.

    Args:
        left: One factor.
        right: The other.
        rule: Id of the rule.
        unit: Its unit where none follows: ``EUR·min/h``, or where a bare number is given one.

    Raises:
        UnitError: The factors' units have no product, or another than ``unit``.
    """
    try:
        unit = product_unit(left.unit, right.unit, unit)
    except UnitError as error:
        raise UnitError(f"{rule}: {error}") from None
    return _figure("times", unit, rule, (left, right))


def ratio(left: Figure, right: Figure, rule: str, unit: str | None = None) -> Figure:
    """Return the exact quotient, also where its digits do not end; a named rule rounds it.

    Its unit follows (``min`` ÷ ``min/h`` = ``h``, ``USD`` ÷ ``h`` = ``USD/h``); see `times`.

    Raises:
        UnitError: The units have no quotient, or another than ``unit``.
    """
    try:
        unit = quotient_unit(left.unit, right.unit, unit)
    except UnitError as error:
        raise UnitError(f"{rule}: {error}") from None
    digits = QUOTIENT.divide(left.value, right.value)
    ends = Fraction(digits) * Fraction(right.exact) == Fraction(left.exact)
    return _figure("ratio", unit, rule, (left, right), () if ends else (UNENDING,))


def percent_of(base: Figure, rate: Figure, rule: str) -> Figure:
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
    return _figure("round", figure.unit, rule, (figure,), _rounding_params(mode, str(step)))


@functools.lru_cache(maxsize=1024)
def _rounding_params(mode: Mode, step: str) -> tuple[tuple[str, str], ...]:
    """Return the parameters of a rounding: all figures that are rounded alike share them."""
    return ("mode", mode.value), ("step", step)


def rounded_money(figure: Figure, rounding: Rounding, rule: str) -> Figure:
    """Return an amount on its currency's grid; an amount already there comes back as it is."""
    step = rounding.grid(find_currency(figure.unit))
    if fits(figure) and round_to(figure.value, step, rounding.mode) == figure.value:
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
    _same(None, tuple(weights), rule)
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

    ``favoured`` names the parts that the steps left over go to, see `allocate`.
    """
    _same(None, tuple(weights), rule)
    parts = allocate(whole.value, [weight.exact for weight in weights], step, favoured)
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
    memo: dict[int, Decimal | Fraction] = {}
    for node in graph(figure):
        values = [memo[id(source)] for source in node.inputs]
        memo[id(node)] = node.value if node.op == "given" else _compute(node, values)
    return _digits(memo[id(figure)])


def disagreements(*figures: Figure) -> Iterator[Figure]:
    """Yield each figure below whose value does not follow from its inputs' values."""
    for node in graph(*figures):
        if node.op == "given":
            continue
        try:
            value = _digits(_compute(node, [source.exact for source in node.inputs]))
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
    if figure.fraction is not None:
        return False
    return figure.value.as_tuple().exponent == -find_currency(figure.unit).minor


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
    return round_to(values[0], *_grid(node.params))


@functools.lru_cache(maxsize=1024)
def _grid(params: tuple[tuple[str, str], ...]) -> tuple[Decimal, Mode]:
    """Return the step and mode of a rounding."""
    said = dict(params)
    return Decimal(said["step"]), Mode(said["mode"])


def _op_banded(values: tuple[Decimal, ...], node: Figure) -> Decimal:
    return _in_band(values[0], values[1], node)


def _in_band(key: Decimal, row: Number, node: Figure) -> Number:
    """Return a row's value, if the key lies in its band; the ends have digits, so the key does."""
    low, high = node.param("low"), node.param("high")
    if key < Decimal(low) or (high and key >= Decimal(high)):
        raise ValueError(f"{node.rule}: {key} is outside the band [{low}, {high or 'open'})")
    return row


def _share(whole: Decimal, weights: Sequence[Decimal | Fraction], node: Figure) -> Decimal:
    turn = dict(node.params).get("favoured")
    favoured = [int(index) for index in turn.split(",")] if turn else None
    parts = allocate(whole, weights, Decimal(node.param("step")), favoured)
    chosen = (parts[int(index)] for index in node.param("index").split(","))
    return functools.reduce(EXACT.add, chosen)


_ZERO = Decimal(0)
_ENDING = frozenset({"given", "round", "share"})
"""The operations whose values end."""

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
    "share": lambda values, node: _share(values[0], values[1:], node),
}
"""The closed set of operations; ``given`` has no computation."""


FRACTION_OPS: dict[str, Callable[[Sequence[Fraction], Figure], Decimal | Fraction]] = {
    "sum": lambda values, _: sum(values, Fraction(0)),
    "less": lambda values, _: values[0] - sum(values[1:]),
    "times": lambda values, _: values[0] * values[1],
    "ratio": lambda values, _: values[0] / values[1],
    "percent": lambda values, _: values[0] * values[1] / 100,
    "least": lambda values, _: min(values),
    "greatest": lambda values, _: max(values),
    "negative": lambda values, _: -values[0],
    "round": lambda values, node: round_fraction(
        values[0], Decimal(node.param("step")), Mode(node.param("mode"))
    ),
    "banded": lambda values, node: _in_band(_digits(values[0]), values[1], node),
    "share": lambda values, node: _share(_digits(values[0]), values[1:], node),
}
"""The same operations where an input is a fraction."""

LONGEST_FRACTION = 4096
"""Bits of a denominator (1,233 digits); beyond them the first 60 digits of a value are taken."""


def _compute(node: Figure, values: Sequence[Decimal | Fraction]) -> Decimal | Fraction:
    """Return the exact value of a node; a fraction only where its digits do not end."""
    if UNENDING not in node.params and Fraction not in map(type, values):
        return OPS[node.op](tuple(map(_digits, values)), node)
    found = FRACTION_OPS[node.op]([Fraction(each) for each in values], node)
    if isinstance(found, Decimal):
        return found
    digits = _digits(found)
    short = found.denominator.bit_length() <= LONGEST_FRACTION
    return found if short and Fraction(digits) != found else digits


def _digits(value: Decimal | Fraction) -> Decimal:
    """Return a value in 60 digits, if it is a fraction."""
    if isinstance(value, Decimal):
        return value
    return QUOTIENT.divide(Decimal(value.numerator), Decimal(value.denominator))


def _figure(
    op: str,
    unit: str,
    rule: str,
    inputs: tuple[Figure, ...],
    params: tuple[tuple[str, str], ...] = (),
    origin: Origin | None = None,
    value: Decimal | None = None,
) -> Figure:
    if value is not None:
        # Nothing has no sign: the negative of 0.00 is 0.00, in print and in data.
        return Figure(value or value.copy_abs(), unit, op, rule, inputs, params, origin)
    figure = Figure(_ZERO, unit, op, rule, inputs, params, origin)
    value = _digits(_compute(figure, [source.exact for source in inputs]))
    # Nobody has the figure yet, so it need not be made a second time for its value.
    object.__setattr__(figure, "value", value or value.copy_abs())
    if figure.inherits_fraction:
        figure.__attrs_post_init__()
    return figure


def _same(unit: str | None, figures: tuple[Figure, ...], rule: str) -> tuple[Figure, ...]:
    wanted = unit or figures[0].unit
    for figure in figures:
        if figure.unit != wanted:
            raise UnitError(f"{rule}: cannot put {figure.unit!r} together with {wanted!r}")
    return figures
