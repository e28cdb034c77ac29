"""What a field must be, said where a plugin gets it wrong and not where the core trips over it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import attrs

T = TypeVar("T")


def demand(*kinds: type) -> Callable[[object, attrs.Attribute[T], T], None]:
    """Return a check that a value is of one of ``kinds``; it raises `TypeError`."""

    def check(owner: object, field: attrs.Attribute[T], value: object) -> None:
        _check(owner, field.name, value, kinds)

    return check


def demand_each(kind: type) -> Callable[[object, attrs.Attribute[T], T], None]:
    """Return a check that every item of a value is of ``kind``; it raises `TypeError`."""

    def check(owner: object, field: attrs.Attribute[T], value: object) -> None:
        _check(owner, field.name, value, (Iterable,))
        for item in value if isinstance(value, Iterable) else ():
            _check(owner, field.name, item, (kind,))

    return check


def _check(owner: object, name: str, value: object, kinds: tuple[type, ...]) -> None:
    if not isinstance(value, kinds):
        wanted = " or ".join("None" if kind is type(None) else kind.__name__ for kind in kinds)
        got = type(value).__name__
        raise TypeError(f"{type(owner).__name__}.{name} needs {wanted}, got {got}")
