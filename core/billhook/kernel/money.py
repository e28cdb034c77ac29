"""Money: the currencies of ISO 4217, rounding by name, and shares that add up.

Nothing here is a money *type*: an amount is a `billhook.kernel.figure.Figure` whose unit is a
currency code.  This module knows how fine a currency is, how a policy rounds, and how a whole is
divided.
"""

from __future__ import annotations

import decimal
import enum
import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import attrs

from billhook.kernel.currencies import MINOR_UNITS

EXACT = decimal.Context(
    prec=120,
    rounding=decimal.ROUND_HALF_UP,
    Emin=-9999,
    Emax=9999,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow, decimal.Inexact],
)
"""The context of sums and products: what cannot be held exactly is an error, never rounded."""

QUOTIENT = decimal.Context(
    prec=60,
    rounding=decimal.ROUND_HALF_UP,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)
"""The context of quotients, which may not end: what is shown of them is 60 digits."""

ROUND = decimal.Context(
    prec=120,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)

PLAIN = decimal.Context(prec=28, rounding=decimal.ROUND_HALF_EVEN)
"""The context that plugins' code runs in: Python's own, whatever the caller has set."""


class Mode(enum.StrEnum):
    """Rounding modes.  All but the last two are sign-symmetric."""

    HALF_UP = "half-up"
    HALF_EVEN = "half-even"
    HALF_DOWN = "half-down"
    UP = "up"
    DOWN = "down"
    CEILING = "ceiling"
    FLOOR = "floor"


_DECIMAL_MODE = {
    Mode.HALF_UP: decimal.ROUND_HALF_UP,
    Mode.HALF_EVEN: decimal.ROUND_HALF_EVEN,
    Mode.HALF_DOWN: decimal.ROUND_HALF_DOWN,
    Mode.UP: decimal.ROUND_UP,
    Mode.DOWN: decimal.ROUND_DOWN,
    Mode.CEILING: decimal.ROUND_CEILING,
    Mode.FLOOR: decimal.ROUND_FLOOR,
}


@attrs.frozen
class Currency:
    """A currency of ISO 4217.

    Attributes:
        code: Alphabetic code, ``USD``.
        minor: Number of decimals of the minor unit: 0, 2, 3 or 4.
    """

    code: str
    minor: int

    @property
    def step(self) -> Decimal:
        """The smallest amount: 0.01 for USD, 1 for JPY, 0.001 for KWD."""
        return Decimal(1).scaleb(-self.minor)


def find_currency(code: str) -> Currency:
    """Return the currency of an ISO 4217 code.

    Raises:
        ValueError: The code is not in ISO 4217's list of active currencies, or, like gold (XAU),
            has no minor unit and cannot be billed.
    """
    minor = MINOR_UNITS.get(code)
    if minor is None:
        raise ValueError(f"{code!r} is not an ISO 4217 currency code")
    return Currency(code, minor)


def round_to(value: Decimal, step: Decimal, mode: Mode = Mode.HALF_UP) -> Decimal:
    """Return ``value`` rounded to a multiple of ``step``."""
    if step == _POWERS.get(step):
        return value.quantize(step, _DECIMAL_MODE[mode], ROUND)
    steps = ROUND.divide(value, step).quantize(_ONE, _DECIMAL_MODE[mode], ROUND)
    return EXACT.multiply(steps, step).quantize(step, context=ROUND)


def round_fraction(value: Fraction, step: Decimal, mode: Mode = Mode.HALF_UP) -> Decimal:
    """Return a fraction rounded to a multiple of ``step``; nothing is lost before."""
    steps = _whole(value / Fraction(step), mode)
    return EXACT.multiply(Decimal(steps), step).quantize(step, context=ROUND)


def _whole(value: Fraction, mode: Mode) -> int:
    """Return a fraction as a whole number."""
    down, left = divmod(value.numerator, value.denominator)
    middle = (2 * left > value.denominator) - (2 * left < value.denominator)
    away = value > 0
    up = {
        Mode.HALF_UP: middle > 0 or (middle == 0 and away),
        Mode.HALF_EVEN: middle > 0 or (middle == 0 and down % 2 == 1),
        Mode.HALF_DOWN: middle > 0 or (middle == 0 and not away),
        Mode.UP: away and left > 0,
        Mode.DOWN: not away and left > 0,
        Mode.CEILING: left > 0,
        Mode.FLOOR: False,
    }[mode]
    return down + up


_ONE = Decimal(1)
_POWERS = {power: power for power in (Decimal(1).scaleb(-n) for n in range(13))}


@attrs.frozen
class Rounding:
    """A named way to round.

    Attributes:
        id: The name that traces and documents bear.
        mode: What happens between two steps.
        step: The grid; ``None`` means the currency's own minor unit.
    """

    id: str
    mode: Mode = Mode.HALF_UP
    step: Decimal | None = None

    def grid(self, unit: Currency) -> Decimal:
        """Return the step for a currency."""
        return unit.step if self.step is None else self.step


class TaxLevel(enum.StrEnum):
    """Level at which tax is rounded."""

    GROUP = "group"
    LINE = "line"


@attrs.frozen
class Policy:
    """Rounding policy of a document; its id is printed on the document.

    Attributes:
        id: Name of the policy.
        line: How each line is rounded.
        tax: How tax is rounded.
        tax_level: Once per tax group (EN 16931, BR-CO-17), or line by line.
        cash: How the payable amount is rounded, e.g. to 0.05 CHF; ``None`` leaves it.
    """

    id: str
    line: Rounding
    tax: Rounding
    tax_level: TaxLevel = TaxLevel.GROUP
    cash: Rounding | None = None


_HALF_UP = Rounding("half-up")
_HALF_EVEN = Rounding("half-even", Mode.HALF_EVEN)

POLICIES: dict[str, Policy] = {
    policy.id: policy
    for policy in (
        Policy("standard", _HALF_UP, _HALF_UP),
        Policy("tax-per-line", _HALF_UP, _HALF_UP, TaxLevel.LINE),
        Policy("half-even", _HALF_EVEN, _HALF_EVEN),
        # New Zealand, Goods and Services Tax Act 1985 s 19O: half a cent is dropped.
        Policy("nz-gst", _HALF_UP, Rounding("half-down", Mode.HALF_DOWN)),
        # Japan, qualified invoice: once per rate and invoice; rounding down is the common choice.
        Policy("jp-invoice", _HALF_UP, Rounding("down", Mode.DOWN)),
        Policy("swiss-cash", _HALF_UP, _HALF_UP, cash=Rounding("five-cents", step=Decimal("0.05"))),
        Policy("whole-cash", _HALF_UP, _HALF_UP, cash=Rounding("whole", step=Decimal(1))),
    )
}
"""The policies that a job can name."""


def allocate(
    whole: Decimal,
    weights: Sequence[Decimal | Fraction],
    step: Decimal,
    favoured: Sequence[int] | None = None,
) -> list[Decimal]:
    """Divide ``whole`` by ``weights`` on the grid of ``step``, by largest remainder.

    The parts add up to the whole exactly; each is within one step of its exact share; ties go to
    the earlier part; a part of weight zero is zero; the parts of ``-whole`` are the negatives.

    Args:
        whole: The amount.
        weights: A weight for each part.
        step: The grid.
        favoured: The parts that the steps left over go to, where others have had their turn.

    Raises:
        ValueError: ``whole`` is off the grid, a weight is negative, or all weights are zero.
    """
    units = EXACT.divide(whole, step)
    if units != units.to_integral_value():
        raise ValueError(f"{whole} is not a multiple of {step}")
    if any(weight < 0 for weight in weights):
        raise ValueError("weights must not be negative")
    sign, count = (-1 if units < 0 else 1), abs(int(units))
    return [EXACT.multiply(Decimal(sign * n), step) for n in _apportion(count, weights, favoured)]


def _apportion(
    count: int, weights: Sequence[Decimal | Fraction], favoured: Sequence[int] | None
) -> list[int]:
    scaled = _whole_weights(weights)
    total = sum(scaled)
    if total == 0:
        raise ValueError("all weights are zero")
    shares = [divmod(count * weight, total) for weight in scaled]
    left = count - sum(quotient for quotient, _ in shares)
    order = favoured or sorted(range(len(shares)), key=lambda i: (-shares[i][1], i))
    extra = set(order[:left])
    return [quotient + (i in extra) for i, (quotient, _) in enumerate(shares)]


def _whole_weights(weights: Sequence[Decimal | Fraction]) -> list[int]:
    """Return whole numbers in the same proportions."""
    plain = [weight for weight in weights if isinstance(weight, Decimal)]
    if len(plain) == len(weights):
        shift = min(map(_exponent, plain), default=0)
        return [int(weight.scaleb(-shift, EXACT)) for weight in plain]
    exact = [Fraction(weight) for weight in weights]
    multiple = math.lcm(*(weight.denominator for weight in exact))
    return [weight.numerator * (multiple // weight.denominator) for weight in exact]


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        raise ValueError(f"{value} is not a finite number")  # noqa: TRY004
    return min(0, exponent)
