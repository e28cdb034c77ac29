"""How a locale writes numbers, learnt from Babel's own output and then written without it.

Babel interprets its pattern anew for every number.  Here the pattern's result is looked at once,
the places of sign, symbol and separators are kept, and a function is made that only joins strings.
The function is compared with Babel before it is used; where it differs, Babel itself is kept.
"""

from __future__ import annotations

import decimal
from collections.abc import Callable
from decimal import Decimal

import attrs

Writer = Callable[[Decimal], str]

EXACT = decimal.Context(
    prec=120, traps=[decimal.InvalidOperation, decimal.Inexact, decimal.Overflow]
)

_WHOLE = "1234567890123456789012"
_DECIMALS = "123456789"


@attrs.frozen(kw_only=True)
class Shape:
    """Where a locale puts what.

    Attributes:
        positive: Text before and after a positive number.
        negative: Text before and after a negative number.
        group: The separator of groups.
        point: The decimal separator.
        sizes: Digits of the last group and of the groups before it.
    """

    positive: tuple[str, str]
    negative: tuple[str, str]
    group: str
    point: str
    sizes: tuple[int, int]


@attrs.frozen
class Decimals:
    """How many decimals are written: ``least`` always, ``most`` when the value has them."""

    least: int
    most: int


def compiled(reference: Writer, decimals: Decimals) -> Writer:
    """Return a function that writes what ``reference`` writes, many times faster.

    The function raises `ValueError` for a value that is not finite or has more than
    ``decimals.most`` decimals: what is printed is never rounded.  Zero is written without a sign.
    """
    guarded = _guarded(reference, decimals)
    shape = learn(reference, decimals.most)
    if shape is None:
        return guarded
    fast = _fixed(shape, decimals) if decimals.least == decimals.most else _open(shape, decimals)
    same = all(fast(value) == guarded(value) for value in probes(decimals))
    return fast if same else guarded


def probes(decimals: Decimals) -> list[Decimal]:
    """Return values of several lengths and both signs, that a writer is checked with."""
    found = [Decimal(sign + _WHOLE[:length]) for length, sign in _PROBED]
    found += [Decimal(text) for text in ("0", "-0.1", "12345.07", f"-1.{_DECIMALS}")]
    grid = Decimal(1).scaleb(-decimals.most)
    return [value.quantize(grid, decimal.ROUND_DOWN, _CUT) for value in found]


_PROBED = ((3, "-"), (4, ""), (5, "-"), (6, ""), (7, "-"), (9, ""), (12, "-"))
_CUT = decimal.Context(prec=120, traps=[decimal.InvalidOperation])


def on_grid(value: Decimal, step: Decimal) -> Decimal:
    """Return the value with the step's exponent.

    Raises:
        ValueError: The value is not finite, or not a multiple of ``step``.
    """
    if not value.is_finite():
        raise ValueError(f"{value} is not a finite number")
    try:
        return value.quantize(step, context=EXACT)
    except decimal.Inexact:
        raise ValueError(f"{value} is not a multiple of {step}: round it first") from None


# ── learning ─────────────────────────────────────────────────────────────────


def learn(reference: Writer, decimals: int) -> Shape | None:
    """Return the shape that a writer has, or ``None`` when its output is not of that kind."""
    fraction = _DECIMALS[:decimals]
    probe = Decimal(f"{_WHOLE}.{fraction}")
    positive, negative = reference(probe), reference(probe.copy_negate())
    body = _body(positive)
    if body != _body(negative) or _digits(body) != _WHOLE + fraction:
        return None
    separators = _separators(body)
    point = separators.pop(len(fraction), "") if fraction else ""
    places = sorted(place - len(fraction) for place in separators)
    if not _regular(places) or len(set(separators.values())) > 1:
        return None
    return Shape(
        positive=_around(positive, body),
        negative=_around(negative, body),
        group=next(iter(separators.values()), ""),
        point=point,
        sizes=(places[0], places[1] - places[0]) if places else (0, 0),
    )


def _body(text: str) -> str:
    places = [i for i, char in enumerate(text) if char in "0123456789"]
    return text[places[0] : places[-1] + 1] if places else ""


def _digits(body: str) -> str:
    return "".join(char for char in body if char in "0123456789")


def _around(text: str, body: str) -> tuple[str, str]:
    before, _, after = text.partition(body)
    return before, after


def _separators(body: str) -> dict[int, str]:
    """Return the text between digits by the number of digits to the right of it."""
    found: dict[int, str] = {}
    seen = 0
    for char in reversed(body):
        if char in "0123456789":
            seen += 1
        else:
            found[seen] = char + found.get(seen, "")
    return found


def _regular(places: list[int]) -> bool:
    if len(places) < 2:  # noqa: PLR2004
        return not places
    second = places[1] - places[0]
    return places == list(range(places[0], len(_WHOLE), second))


# ── writing ──────────────────────────────────────────────────────────────────


def _fixed(shape: Shape, decimals: Decimals) -> Writer:
    step = Decimal(1).scaleb(-decimals.most)
    (before, after), (minus, behind) = shape.positive, shape.negative
    spec, body = _spec(shape), _body_writer(shape)

    def write(value: Decimal) -> str:
        if not value.same_quantum(step):
            value = on_grid(value, step)
        text = format(value, spec)
        if text[0] == "-":
            text = text[1:]
            if value:
                return minus + body(text) + behind
        return before + body(text) + after

    return write


def _open(shape: Shape, decimals: Decimals) -> Writer:
    (before, after), (minus, behind) = shape.positive, shape.negative
    spec, body = _spec(shape), _body_writer(shape)

    def write(value: Decimal) -> str:
        whole, _, fraction = format(finite(value), spec).lstrip("-").partition(".")
        fraction = open_fraction(fraction, decimals)
        text = body(f"{whole}.{fraction}" if fraction else whole)
        if value.is_signed() and value:
            return minus + text + behind
        return before + text + after

    return write


def _spec(shape: Shape) -> str:
    return ",f" if shape.sizes == _THOUSANDS else "f"


def _body_writer(shape: Shape) -> Callable[[str], str]:
    """Return the function from Python's digits to the locale's; each saves what it can."""
    group, point = shape.group, shape.point
    regroup = _regrouping(shape)

    def write(text: str) -> str:
        whole, dot, fraction = text.partition(".")
        return regroup(whole) + point + fraction if dot else regroup(whole)

    def thousands(text: str) -> str:
        whole, dot, fraction = text.partition(".")
        return whole.replace(",", group) + point + fraction if dot else whole.replace(",", group)

    if shape.sizes != _THOUSANDS:
        return write
    return str if (group, point) in ((",", "."), (",", "")) else thousands


def _regrouping(shape: Shape) -> Callable[[str], str]:
    last, before = shape.sizes
    if last == 0:
        return str
    return _lakhs(shape.group) if shape.sizes == _LAKHS else _groups(shape.group, last, before)


_THOUSANDS = (3, 3)
_LAKHS = (3, 2)


def _lakhs(group: str) -> Callable[[str], str]:
    slow = _groups(group, *_LAKHS)

    def regroup(whole: str) -> str:
        length = len(whole)
        if length <= 3:  # noqa: PLR2004
            return whole
        if length <= 5:  # noqa: PLR2004
            return whole[:-3] + group + whole[-3:]
        if length <= 7:  # noqa: PLR2004
            return whole[:-5] + group + whole[-5:-3] + group + whole[-3:]
        return slow(whole)

    return regroup


def _groups(group: str, last: int, before: int) -> Callable[[str], str]:
    def regroup(whole: str) -> str:
        head, tail = whole[:-last], whole[-last:]
        first = len(head) % before
        parts = [head[i : i + before] for i in range(first, len(head), before)]
        return group.join([*([head[:first]] if first else ()), *parts, tail])

    return regroup


def finite(value: Decimal) -> Decimal:
    """Return the value; `ValueError` for an infinity or NaN."""
    if not value.is_finite():
        raise ValueError(f"{value} is not a finite number")
    return value


def open_fraction(fraction: str, decimals: Decimals) -> str:
    """Return the decimals to print: without needless zeros, but never fewer than asked."""
    fraction = fraction.rstrip("0")
    if len(fraction) > decimals.most:
        raise ValueError(f"0.{fraction} has more than {decimals.most} decimals: round it first")
    return fraction.ljust(decimals.least, "0")


def _guarded(reference: Writer, decimals: Decimals) -> Writer:
    step = Decimal(1).scaleb(-decimals.most)

    def write(value: Decimal) -> str:
        return reference(on_grid(value, step) if value else Decimal(0))

    return write
