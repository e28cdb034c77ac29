"""A bounded memo dictionary."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class BoundedMemo(dict[K, V]):
    """A dict that computes missing values with ``make`` and is cleared when it is full.

    Unlike with a cache of `functools`, the values are freed with their owner, and a hit costs no
    call.

    Args:
        make: Computes the value of a key; an exception is not memoized.
        most: Maximum number of entries.
    """

    def __init__(self, make: Callable[[K], V], most: int = 20_000) -> None:
        super().__init__()
        self._make = make
        self._most = most

    def __missing__(self, key: K) -> V:
        if len(self) >= self._most:
            self.clear()
        made = self[key] = self._make(key)
        return made
