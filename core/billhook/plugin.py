"""What a plugin says of itself, and the marker for its hooks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import IO, Protocol

import attrs
import pluggy

from billhook.diagnostics import Code, Diagnostic, Findings
from billhook.model.document import Document
from billhook.model.record import Event, Record

API = 1
"""The version of the hooks; a plugin of another major is refused by name."""

hookimpl: pluggy.HookimplMarker = pluggy.HookimplMarker("billhook")
"""Marks a function as an implementation of the hook that it is named after."""


@attrs.frozen(kw_only=True)
class PluginInfo:
    """The facts that the core needs before any work.

    Attributes:
        name: The name that jobs use, the settings' table, and the rules' first word.
        title: What it does, in a few words.
        version: Its version; recorded in every document.
        api: The version of the hooks it was written for.
        prefix: Letters of its diagnostic codes, ``LGL``; unique among plugins.
        package: Import package with ``rules.toml`` and ``locale/``.
        settings: Class of its table in the job; ``None`` when it has none.
        records: Record class by kind of source: the core reads these kinds itself.
        events: Classes of its events.
        state: Class of what it keeps for the next document.
        details: Classes of what it keeps with a line.
        seal_scheme: Name of the fiscal seal that `billhook_seal` computes.
        codes: The findings it can make.
    """

    name: str
    title: str = ""
    version: str = "0"
    api: int = API
    prefix: str = ""
    package: str | None = None
    settings: type | None = None
    records: Mapping[str, type[Record]] = attrs.field(factory=dict)
    events: tuple[type[Event], ...] = ()
    state: type | None = None
    details: tuple[type, ...] = ()
    seal_scheme: str = ""
    codes: tuple[Code, ...] = ()


def _whatever(_document: Document) -> Iterable[Diagnostic]:
    return ()


@attrs.frozen(kw_only=True)
class Exporter:
    """A format of documents: data and one function.

    Attributes:
        key: The name on the command line: ``csv``, ``ubl``.
        title: What it is.
        media_type: MIME type.
        suffix: File suffix with its dot.
        accepts: Says why a document cannot be written, before a file is opened.
        write: Writes documents to a binary stream.
    """

    key: str
    title: str
    media_type: str
    suffix: str
    write: Callable[[Sequence[Document], IO[bytes]], None]
    accepts: Callable[[Document], Iterable[Diagnostic]] = _whatever


class App(Protocol):
    """What a plugin's commands may use of the running program."""

    findings: Findings

    def say(self, message: str) -> None:
        """Talk to the user, on standard error."""
        ...

    def write(self, data: str) -> None:
        """Write data to standard output."""
        ...
