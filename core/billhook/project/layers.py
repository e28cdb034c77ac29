"""Layers: the job's tables laid over the project's, and which file each value came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import attrs

from billhook.kernel.origin import Origin
from billhook.sources.document import LocatedDocument
from billhook.sources.location import KeyPath, Location


@attrs.frozen
class Layer:
    """One file.

    Attributes:
        document: Its values, with their places.
        folder: What its relative paths are relative to.
        only: The keys at its root that count; ``None`` takes all.
    """

    document: LocatedDocument
    folder: Path
    only: frozenset[str] | None = None

    def has(self, key: object) -> bool:
        """Return whether the file has a key at its root that counts."""
        return key in self.document.values and (self.only is None or key in self.only)


class Layers:
    """Files over each other, the uppermost first: tables merge key by key, all else is replaced.

    Attributes:
        layers: The files.
    """

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers: tuple[Layer, ...] = tuple(layers)

    def value(self, key: str) -> object:
        """Return the merged value of a key at the root, or ``None``."""
        found = [layer.document.values[key] for layer in self.having(key)]
        return _merge_values(found) if found else None

    def having(self, key: str) -> tuple[Layer, ...]:
        """Return the files that have a key at their root."""
        return tuple(layer for layer in self.layers if layer.has(key))

    def place(self, path: KeyPath) -> Location:
        """Return the place of a merged value, or of the nearest thing around it."""
        return self._owner(path).document.place(path)

    def origin(self, path: KeyPath) -> Origin:
        """Return the same as an origin."""
        return self._owner(path).document.origin(path)

    def folder(self, path: KeyPath) -> Path:
        """Return the folder that a relative path at ``path`` is relative to."""
        return self._owner(path).folder

    def _owner(self, path: KeyPath) -> Layer:
        able = [each for each in self.layers if not path or each.only is None or each.has(path[0])]
        return max(able, key=lambda layer: _depth(layer.document.root, path))


def _merge_values(found: Sequence[object]) -> object:
    upper = found[0]
    tables = []
    for value in found:
        if not isinstance(value, Mapping):
            break
        tables.append(value)
    if len(tables) < 2:  # noqa: PLR2004 - one table has nothing to merge with
        return upper
    keys = dict.fromkeys(key for table in reversed(tables) for key in table)
    return {key: _merge_values([table[key] for table in tables if key in table]) for key in keys}


def _depth(root: object, path: KeyPath) -> int:
    """Return how far a path leads into a tree; an array belongs to the file that has it."""
    value = root
    for depth, key in enumerate(path):
        if isinstance(value, Mapping) and key in value:
            value = value[key]
        elif isinstance(value, list):
            return len(path)
        else:
            return depth
    return len(path)
