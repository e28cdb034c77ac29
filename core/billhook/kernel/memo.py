"""What is made of a key once, and kept while there is room for it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class BoundedMemo(dict[K, V]):
    """A mapping that makes what it is asked for: as quick as a dictionary for what it has.

    Unlike with a cache of `functools`, what is kept goes with its owner, and looking it up is no
    call.  When it is full, it forgets all, and goes on.

    Args:
        make: Makes what belongs to a key; what it raises is not kept.
        most: So many are kept.
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
