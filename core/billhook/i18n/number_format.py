"""Compiled number formats: functions that write what Babel's patterns write, faster.

Babel interprets its pattern anew for every number, which takes some twenty times as long as to
join the strings. So the pattern's result is looked at once, and a function is made that joins them.
It is compared with Babel before it is used; where it differs, Babel itself is kept.
"""

from __future__ import annotations

import copy
import decimal
import re
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from babel import Locale
    from babel.numbers import NumberPattern

NumberWriter = Callable[[Decimal], str]

EXACT = decimal.Context(
    prec=120, traps=[decimal.InvalidOperation, decimal.Inexact, decimal.Overflow]
)
"""Digits enough for any number of a bill; one that would be rounded raises."""


@attrs.frozen
class DecimalPlaces:
    """Number of decimals: ``least`` always, ``most`` when the value has them."""

    least: int
    most: int


# ── Babel's patterns ─────────────────────────────────────────────────────────

_BLANKS = " \u00a0\u202f\u2009"
_MARKS = "\u200e\u200f\u061c"


def currency_pattern(locale: Locale, *, accounting: bool, symbol: bool) -> NumberPattern:
    """Return the pattern of amounts.

    CLDR gives some Indian locales lakh grouping in the standard style and thousands in the
    accounting style; both are grouped like the standard style here.
    """
    formats = locale.currency_formats
    pattern: NumberPattern = copy.copy(formats["accounting" if accounting else "standard"])
    if not symbol and not accounting:
        pattern = copy.copy(locale.decimal_formats[None])
    pattern.grouping = formats["standard"].grouping
    if not symbol:
        pattern.prefix = _without_symbol(pattern.prefix)
        pattern.suffix = _without_symbol(pattern.suffix)
    elif locale.text_direction == "rtl" and "¤" in pattern.suffix[0]:
        pattern.prefix, pattern.suffix = _order_affixes(pattern.prefix, pattern.suffix)
    return pattern


def _order_affixes(
    prefix: tuple[str, str], suffix: tuple[str, str]
) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return affixes that keep a minus sign before its number, and the parts of ``US$`` in order.

    Among words from right to left a bare minus sign moves behind the number, and ``$`` before
    ``US`` (UAX 9, rules W6 and N1); an isolate holds each together.
    """
    after = suffix[0].replace("¤", _ISOLATED), suffix[1].replace("¤", _ISOLATED)
    if not prefix[1].endswith("-"):
        return prefix, after
    return (prefix[0], f"{prefix[1][:-1]}{_LRI}-"), (after[0], _PDI + after[1])


_LRI, _PDI = "\u2066", "\u2069"
_ISOLATED = f"{_LRI}¤{_PDI}"


def _without_symbol(affixes: tuple[str, str]) -> tuple[str, str]:
    positive, negative = (
        text.replace("¤", "").strip(_BLANKS + _MARKS).replace("\u061c", "") for text in affixes
    )
    return positive, negative


def number_pattern(locale: Locale) -> NumberPattern:
    """Return the pattern of bare numbers."""
    pattern: NumberPattern = copy.copy(locale.decimal_formats[None])
    return pattern


def percent_pattern(locale: Locale) -> NumberPattern:
    """Return the pattern of percentages."""
    pattern: NumberPattern = copy.copy(locale.percent_formats[None])
    return pattern


def babel_writer(
    pattern: NumberPattern, locale: Locale, decimals: DecimalPlaces, currency: str | None = None
) -> NumberWriter:
    """Return a function that lets Babel write a number; the reference of every faster one."""
    pattern.frac_prec = (decimals.least, decimals.most)

    def write(value: Decimal) -> str:
        with decimal.localcontext() as context:
            context.prec = 120
            return str(pattern.apply(value, locale, currency=currency, currency_digits=False))

    return write


# ── writing ──────────────────────────────────────────────────────────────────


def compile_format(reference: NumberWriter, decimals: DecimalPlaces) -> NumberWriter:
    """Return a function that writes what ``reference`` writes, many times faster.

    The function raises `ValueError` for a value that is not finite or has more than
    ``decimals.most`` decimals: what is printed is never rounded.  Zero is written without a sign.
    """
    guarded = _guard(reference, decimals)
    form = learn(reference, decimals.most)
    if form is None:
        return guarded
    fast = (
        _write_fixed(form, decimals) if decimals.least == decimals.most else _open(form, decimals)
    )
    same = all(fast(value) == guarded(value) for value in _probes(decimals))
    return fast if same else guarded


def _guard(reference: NumberWriter, decimals: DecimalPlaces) -> NumberWriter:
    step = Decimal(1).scaleb(-decimals.most)

    def write(value: Decimal) -> str:
        return reference(on_grid(value, step) if value else Decimal(0))

    return write


def _write_fixed(form: NumberForm, decimals: DecimalPlaces) -> NumberWriter:
    step = Decimal(1).scaleb(-decimals.most)
    (before, after), (minus, behind) = form.positive, form.negative
    spec, body = form.spec, _body_writer(form)

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


def _open(form: NumberForm, decimals: DecimalPlaces) -> NumberWriter:
    (before, after), (minus, behind) = form.positive, form.negative
    spec, body = form.spec, _body_writer(form)

    def write(value: Decimal) -> str:
        if not value.is_finite():
            raise ValueError(f"{value} is not a finite number")
        whole, _, fraction = format(value, spec).lstrip("-").partition(".")
        fraction = fraction.rstrip("0")
        if len(fraction) > decimals.most:
            raise ValueError(f"{value} has more than {decimals.most} decimals: round it first")
        fraction = fraction.ljust(decimals.least, "0")
        text = body(f"{whole}.{fraction}" if fraction else whole)
        if value.is_signed() and value:
            return minus + text + behind
        return before + text + after

    return write


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


def _body_writer(form: NumberForm) -> Callable[[str], str]:
    """Return the function from Python's digits to the locale's; each saves what it can."""
    group, point = form.group, form.point

    def thousands(text: str) -> str:
        whole, dot, fraction = text.partition(".")
        return whole.replace(",", group) + point + fraction if dot else whole.replace(",", group)

    def others(text: str) -> str:
        whole, dot, fraction = text.partition(".")
        return regroup(whole) + point + fraction if dot else regroup(whole)

    if form.spec == ",f":
        return str if (group, point) in ((",", "."), (",", "")) else thousands
    regroup = _regrouping(form)
    return others


def _regrouping(form: NumberForm) -> Callable[[str], str]:
    group, (last, before) = form.group, form.sizes

    def any_groups(whole: str) -> str:
        head, tail = whole[:-last], whole[-last:]
        first = len(head) % before
        parts = [head[i : i + before] for i in range(first, len(head), before)]
        return group.join([*([head[:first]] if first else ()), *parts, tail])

    def lakhs(whole: str) -> str:
        length = len(whole)
        if length <= 3:  # noqa: PLR2004
            return whole
        if length <= 5:  # noqa: PLR2004
            return whole[:-3] + group + whole[-3:]
        if length <= 7:  # noqa: PLR2004
            return whole[:-5] + group + whole[-5:-3] + group + whole[-3:]
        return any_groups(whole)

    if not last:
        return str
    return lakhs if form.sizes == (3, 2) else any_groups


# ── learning ─────────────────────────────────────────────────────────────────


@attrs.frozen(kw_only=True)
class NumberForm:
    """Affixes and separators of a locale's numbers.

    Attributes:
        positive: Text before and after a positive number.
        negative: Text before and after a negative number.
        group: The separator of groups.
        point: The decimal separator.
        sizes: Digits of the last group and of the groups before it; 0 where there are no groups.
    """

    positive: tuple[str, str]
    negative: tuple[str, str]
    group: str
    point: str
    sizes: tuple[int, int]

    @property
    def spec(self) -> str:
        """Python's own format of the digits."""
        return ",f" if self.sizes == (3, 3) else "f"


_WHOLE = "1234567890123456789012"
_DECIMALS = "123456789"
_BODY = re.compile(r"[0-9].*[0-9]")


def learn(reference: NumberWriter, decimals: int) -> NumberForm | None:
    """Return the form that a writer has, or ``None`` when its output has no digits at all.

    Whether the form is the whole truth is for the comparison in `compile_format`.
    """
    fraction = _DECIMALS[:decimals]
    probe = Decimal(f"{_WHOLE}.{fraction}")
    positive, negative = (_BODY.search(reference(each)) for each in (probe, probe.copy_negate()))
    if positive is None or negative is None:
        return None
    pieces = re.split(r"([^0-9]+)", positive[0])
    whole, between = pieces[::2], pieces[1::2]
    point = between.pop() if fraction else ""
    if fraction:
        whole.pop()
    grouped = len(whole) > 2  # noqa: PLR2004 -- the first group may be a short one
    return NumberForm(
        positive=(positive.string[: positive.start()], positive.string[positive.end() :]),
        negative=(negative.string[: negative.start()], negative.string[negative.end() :]),
        group=between[-1] if grouped else "",
        point=point,
        sizes=(len(whole[-1]), len(whole[-2])) if grouped else (0, 0),
    )


def _probes(decimals: DecimalPlaces) -> list[Decimal]:
    """Return values of several lengths and both signs, that a writer is checked with."""
    found = [Decimal(sign + _WHOLE[:length]) for length, sign in _PROBED]
    found += [Decimal(text) for text in ("0", "-0.1", "12345.07", f"-1.{_DECIMALS}")]
    grid = Decimal(1).scaleb(-decimals.most)
    return [value.quantize(grid, decimal.ROUND_DOWN, _CUT) for value in found]


_PROBED = ((3, "-"), (4, ""), (5, "-"), (6, ""), (7, "-"), (9, ""), (12, "-"), (22, ""))
_CUT = decimal.Context(prec=120, traps=[decimal.InvalidOperation])
