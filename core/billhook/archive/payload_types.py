"""Types of the archive format: JSON values, and the payload types of plugins."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from billhook.kernel.errors import BillhookError
from billhook.plugins.loading import Plugin

SCHEMA = "billhook.invoice/1"

Json = dict[str, "Json"] | list["Json"] | str | int | bool | None


@attrs.frozen
class Sealed:
    """A pocket whose plugin is not in use: kept, not understood."""

    type: str
    data: Json


class ArchiveError(BillhookError, ValueError):
    """The bytes are not a document in a form that this version reads, or cannot be made of one."""


class Pockets:
    """The typed pockets of an engine's plugins, by name: ``legal.TimeDetail``."""

    def __init__(self, plugins: Iterable[Plugin]) -> None:
        self.types: dict[str, type] = {}
        for plugin in plugins:
            info = plugin.info
            for kind in (*info.details, *info.events, *((info.state,) if info.state else ())):
                self.types[f"{info.name}.{kind.__name__}"] = kind
        self.names: dict[type, str] = {kind: name for name, kind in self.types.items()}

    def name(self, value: object) -> str:
        """Return the name of a pocket's class.

        Raises:
            ArchiveError: No plugin in use declares the class.
        """
        if type(value) not in self.names:
            kind = type(value).__name__
            raise ArchiveError(f"no plugin declares {kind} in its details, events or state")
        return self.names[type(value)]
