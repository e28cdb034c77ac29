"""What a field must be, said where a plugin gets it wrong and not where the core trips over it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs

from billhook.errors import UnitError
from billhook.figure import PERCENT, Figure

Check = Callable[[object, "attrs.Attribute[Any]", Any], None]
"""A validator of attrs: what it is given is what somebody else wrote, of any type."""

_LISTS = (tuple, list)
"""What may be given for a tuple: in order, and not used up by looking at it."""


def demand(*kinds: type) -> Check:
    """Return a check that a value is of one of ``kinds``; it raises `TypeError`."""

    def check(owner: object, field: attrs.Attribute[Any], value: object) -> None:
        if not isinstance(value, kinds):
            raise _wrong(owner, field.name, value, kinds)

    return check


def demand_each(*kinds: type) -> Check:
    """Return a check that a value is a tuple, every item of one of ``kinds``."""

    def check(owner: object, field: attrs.Attribute[Any], value: object) -> None:
        if not isinstance(value, _LISTS):
            raise _wrong(owner, field.name, value, (tuple,))
        for item in value:
            if not isinstance(item, kinds):
                raise _wrong(owner, field.name, item, kinds)

    return check


def demand_set(kind: type) -> Check:
    """Return a check that a value is a set, every item of ``kind``."""

    def check(owner: object, field: attrs.Attribute[Any], value: object) -> None:
        if not isinstance(value, frozenset | set):
            raise _wrong(owner, field.name, value, (frozenset,))
        for item in value:
            if not isinstance(item, kind):
                raise _wrong(owner, field.name, item, (kind,))

    return check


def demand_percentage(owner: object, field: attrs.Attribute[Figure], value: Figure) -> None:
    """Check that a rate is a figure of unit ``%``."""
    demand(Figure)(owner, field, value)
    if value.unit != PERCENT:
        where = f"{type(owner).__name__}.{field.name}"
        raise UnitError(f"{where} needs the unit {PERCENT!r}, got {value.unit!r}")


def _wrong(owner: object, name: str, value: object, kinds: tuple[type, ...]) -> TypeError:
    wanted = " or ".join("None" if kind is type(None) else kind.__name__ for kind in kinds)
    return TypeError(f"{type(owner).__name__}.{name} needs {wanted}, got {type(value).__name__}")
