"""Attrs validators for values that plugins pass in."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import attrs

from billhook.kernel.errors import UnitError
from billhook.kernel.figure import PERCENT, Figure

SPARSE = "sparse"
"""Metadata of a field that older documents have not: left out of the archive while it is empty."""

Check = Callable[[object, "attrs.Attribute[Any]", Any], None]
"""A validator of attrs: what it is given is what somebody else wrote, of any type."""


def demand(*kinds: type) -> Check:
    """Return a check that a value is of one of ``kinds``; it raises `TypeError`."""

    def check(owner: object, field: attrs.Attribute[Any], value: object) -> None:
        if not isinstance(value, kinds):
            raise _wrong(owner, field.name, value, kinds)

    return check


def demand_each(*kinds: type) -> Check:
    """Return a check that a value is a tuple, every item of one of ``kinds``.

    A list will do: it is in order, and not used up by looking at it.
    """
    return _demand_items((tuple, list), kinds)


def demand_set(kind: type) -> Check:
    """Return a check that a value is a set, every item of ``kind``."""
    return _demand_items((frozenset, set), (kind,))


def _demand_items(wholes: tuple[type[Collection[object]], ...], kinds: tuple[type, ...]) -> Check:
    """Return a check of a whole, of which the first kind is asked for, and of its items."""

    def check(owner: object, field: attrs.Attribute[Any], value: Any) -> None:
        if not isinstance(value, wholes):
            raise _wrong(owner, field.name, value, wholes[:1])
        for item in value:
            if not isinstance(item, kinds):
                raise _wrong(owner, field.name, item, kinds)

    return check


def demand_keys(owner: object, field: attrs.Attribute[Any], keys: Any) -> None:
    """Check that each key names what it is a key of before a colon: ``fee:M-17:2026-06``."""
    for key in keys:
        if not isinstance(key, str):
            message = f"{type(owner).__name__}.{field.name} needs str, got {type(key).__name__}"
            raise TypeError(message)
        if not key.partition(":")[0] or not key.partition(":")[2]:
            message = f"{type(owner).__name__}.{field.name}: expected a key like 'fee:M-17'"
            raise ValueError(f"{message}, got {key!r}")


def demand_percentage(owner: object, field: attrs.Attribute[Figure], value: Figure) -> None:
    """Check that a rate is a figure of unit ``%``."""
    demand(Figure)(owner, field, value)
    if value.unit != PERCENT:
        where = f"{type(owner).__name__}.{field.name}"
        raise UnitError(f"{where} needs the unit {PERCENT!r}, got {value.unit!r}")


def _wrong(owner: object, name: str, value: object, kinds: tuple[type, ...]) -> TypeError:
    wanted = " or ".join("None" if kind is type(None) else kind.__name__ for kind in kinds)
    return TypeError(f"{type(owner).__name__}.{name} needs {wanted}, got {type(value).__name__}")
