"""The algebra of units: what products and quotients of units are, and which are none.

A unit is one or more names joined by ``·``, over names each behind a ``/``: ``h``, ``USD/h``,
``EUR·min/h``.  The bare number is ``1``.  A name above that stands below too cancels out.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from billhook.kernel.currencies import MINOR_UNITS
from billhook.kernel.errors import UnitError

BARE = "1"
"""The unit of a bare number."""

PER_HUNDRED = "%"
"""The unit of a percentage: 7.5 means 7.5 per hundred."""

_Powers = Mapping[str, int]
"""The power of each name: 1 above the line, -1 below it; the bare number has none."""


@lru_cache(maxsize=1024)
def check_unit(unit: str) -> None:
    """Check that a text is a unit.

    Raises:
        UnitError: A name in it is missing, as in ``USD/``.
    """
    above, *below = unit.split("/")
    if not all(name.strip() for name in (*above.split("·"), *below)):
        raise UnitError(f"{unit!r} is not a unit: write names like 'h' or 'USD/h', or '1'")


@lru_cache(maxsize=1024)
def product_unit(left: str, right: str, named: str | None = None) -> str:
    """Return the unit of a product: ``h`` × ``USD/h`` = ``USD``.

    Args:
        left: Unit of one factor.
        right: Unit of the other.
        named: The unit that the author says it has.

    Raises:
        UnitError: No unit follows and none is named, or what is named contradicts what follows.
    """
    return _unit(_combine(left, right, 1), (left, "times", right), named)


@lru_cache(maxsize=1024)
def quotient_unit(left: str, right: str, named: str | None = None) -> str:
    """Return the unit of a quotient: ``min`` ÷ ``min/h`` = ``h``, ``USD`` ÷ ``h`` = ``USD/h``.

    Args:
        left: Unit of the dividend.
        right: Unit of the divisor.
        named: The unit that the author says it has.

    Raises:
        UnitError: No unit follows and none is named, or what is named contradicts what follows.
    """
    return _unit(_combine(left, right, -1), (left, "divided by", right), named)


def _powers(unit: str) -> _Powers:
    check_unit(unit)
    above, *below = unit.split("/")
    powers: dict[str, int] = {}
    for names, power in ((above.split("·"), 1), (below, -1)):
        for name in names:
            powers[name] = powers.get(name, 0) + power
    return {name: power for name, power in powers.items() if power and name != BARE}


def _combine(left: str, right: str, sign: int) -> _Powers:
    powers = dict(_powers(left))
    for name, power in _powers(right).items():
        powers[name] = powers.get(name, 0) + sign * power
    return {name: power for name, power in powers.items() if power}


def _unit(powers: _Powers, words: tuple[str, str, str], named: str | None) -> str:
    left, operation, right = words
    said = f"{left!r} {operation} {right!r}"
    if PER_HUNDRED in powers and len(powers) > 1:
        raise UnitError(f"{said} is not an amount: take percent_of() it")
    if sum(power for name, power in powers.items() if name in MINOR_UNITS and power > 0) > 1:
        raise UnitError(f"{said} has no meaning: money is not multiplied by money")
    if named is not None:
        return _check_named_unit(powers, BARE in (left, right), named, said)
    written = _format_unit(powers)
    if written is None:
        raise UnitError(f"say the unit of {said}")
    return written


def _check_named_unit(powers: _Powers, bare: bool, named: str, said: str) -> str:  # noqa: FBT001 - private
    """Return the unit that the author named, if it may be so.

    A bare number may be given a unit, and a unit may be taken off; money stays the same money.
    """
    wanted = _powers(named)
    if not wanted or wanted == powers:
        return named
    mine, its = _money(powers), _money(wanted)
    if (bare or not powers) and (mine == its or (bare and not mine)):
        return named
    found = _format_unit(powers) or "·".join(sorted(powers))
    raise UnitError(f"{said} cannot be {named!r}: it is {found!r}")


def _money(powers: _Powers) -> _Powers:
    return {name: power for name, power in powers.items() if name in MINOR_UNITS}


def _format_unit(powers: _Powers) -> str | None:
    """Return a unit of at most one name above and one below, else nothing."""
    above = [name for name, power in powers.items() for _ in range(power)]
    below = [name for name, power in powers.items() for _ in range(-power)]
    if len(above) > 1 or len(below) > 1:
        return None
    return "/".join([*(above or [BARE]), *below])
