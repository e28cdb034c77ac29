"""Parsed documents: a tree of values from TOML or JSON, with their positions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from billhook.kernel.origin import Origin
from billhook.sources.limits import DEPTH
from billhook.sources.location import KeyPath, Lines, Location, excerpt, show_path


class ScanError(ValueError):
    """A scanner lost its way; places are left out then."""


Positions = Mapping[KeyPath, tuple[int, int]]
"""Line and column, both from 1, by path."""


class LocatedDocument:
    """A tree of values with places.

    The places are found by a second reading, and only when one is asked for.

    Attributes:
        name: The file's name, for origins.
        root: The values: mappings, lists and scalars.
    """

    def __init__(
        self, name: str, root: object, text: str, scan: Callable[[str], Positions]
    ) -> None:
        self.name = name
        self.root = root
        self._text = text
        self._scan = scan

    @property
    def values(self) -> Mapping[str, object]:
        """The tables and keys at the root; empty when the root is an array."""
        return self.root if isinstance(self.root, Mapping) else {}

    @cached_property
    def positions(self) -> Positions:
        """Position of each value; empty rather than wrong, if the two parsers disagree."""
        try:
            found = self._scan(self._text)
        except (ScanError, IndexError):
            return {}
        return found if set(found) == set(paths(self.root)) else {}

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self._text)

    def origin(self, path: KeyPath) -> Origin:
        """Return the place of a value, or of the nearest thing around it, as an origin."""
        name = show_path(path) or None
        position = self._nearest(path)
        if position is None:
            return Origin(self.name, path=name)
        return Origin(self.name, *position, path=name)

    def place(self, path: KeyPath) -> Location:
        """Return the place of a value, or of the nearest thing around it."""
        name = show_path(path) or None
        position = self._nearest(path)
        if position is None:
            return Location(Origin(self.name), name)
        line, column = position
        width = len(path[-1]) if path in self.positions and isinstance(path[-1], str) else 1
        shown = excerpt(self._lines.line(line), column, width)
        return Location(Origin(self.name, line, column), name, shown, width)

    def _nearest(self, path: KeyPath) -> tuple[int, int] | None:
        for length in range(len(path), 0, -1):
            if path[:length] in self.positions:
                return self.positions[path[:length]]
        return None


def paths(root: object, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Yield the path of every value under ``root``."""
    for key, value in _children(root):
        here = (*path, key)
        yield here
        if isinstance(value, Mapping | list):
            yield from paths(value, here)


def _children(value: object) -> Iterator[tuple[str | int, object]]:
    if isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)


def too_deep(root: object) -> bool:
    """Return whether a tree has more than the levels allowed, without recursion."""
    level: list[object] = [root]
    for _ in range(DEPTH):
        level = [child for value in level for _, child in _children(value)]
        level = [child for child in level if isinstance(child, Mapping | list)]
        if not level:
            return False
    return True
