"""Plugin metadata, and the marker for hook implementations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import IO, Any, Protocol

import attrs
import pluggy

from billhook.kernel.diagnostics import Code, Diagnostic, Findings
from billhook.model.document import Document
from billhook.model.record import Event, Record
from billhook.model.source import SourceContent
from billhook.model.validators import demand, demand_each

API = 1
"""The version of the hooks; a plugin of another major is refused by name."""

hookimpl: pluggy.HookimplMarker = pluggy.HookimplMarker("billhook")
"""Marks a function as an implementation of the hook that it is named after."""


_NAME = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_PREFIX = re.compile(r"[A-Z]*", re.ASCII)


def _validate_name(_owner: object, _field: attrs.Attribute[str], value: str) -> None:
    if not _NAME.fullmatch(value):
        raise ValueError(f"PluginInfo.name is {value!r}: letters, digits, _ and - only")


def _validate_prefix(_owner: object, _field: attrs.Attribute[str], value: str) -> None:
    if not _PREFIX.fullmatch(value):
        raise ValueError(f"PluginInfo.prefix is {value!r}: capital letters only")


def _class(_owner: object, field: attrs.Attribute[Any], value: Any) -> None:
    if value is not None:
        _require_attrs_class(field.name, value)


def _classes(_owner: object, field: attrs.Attribute[Any], value: Any) -> None:
    for each in value:
        _require_attrs_class(field.name, each)


def _events(_owner: object, field: attrs.Attribute[Any], value: Any) -> None:
    for each in value:
        _heir(field.name, each, Event)


def _records(_owner: object, field: attrs.Attribute[Any], value: Any) -> None:
    for each in value.values():
        _heir(field.name, each, Record)


def _heir(name: str, kind: object, base: type) -> None:
    if not isinstance(kind, type):
        raise TypeError(f"PluginInfo.{name} needs type, got {type(kind).__name__}")
    if not issubclass(kind, base):
        raise TypeError(f"PluginInfo.{name}: {kind.__name__} is no {base.__name__}")
    _require_attrs_class(name, kind)


def _require_attrs_class(name: str, kind: type) -> None:
    """Want attrs' own mark: an heir without it would silently lack its own fields."""
    if "__attrs_attrs__" not in vars(kind):
        raise TypeError(
            f"PluginInfo.{name}: {kind.__name__} is not an attrs class: mark it with "
            "@attrs.frozen(kw_only=True)"
        )


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
        each: What a job may stand for, of which it knows the subjects: ``legal.matter``.
        read_for_each: Kinds of sources that a job for many reads for each of its subjects, because
            what a record is depends on the bill: it has no key without it.
        bills_alone: Its `billhook_adjust` is asked without any charges, too, for surcharges that
            may stand alone on a bill.

    Raises:
        TypeError: A class is none of attrs, or a value is of another type.
        ValueError: The name or prefix cannot be written in files.
    """

    name: str = attrs.field(validator=[demand(str), _validate_name])
    title: str = attrs.field(default="", validator=demand(str))
    version: str = attrs.field(default="0", validator=demand(str))
    api: int = attrs.field(default=API, validator=demand(int))
    prefix: str = attrs.field(default="", validator=[demand(str), _validate_prefix])
    package: str | None = attrs.field(default=None, validator=demand(str, type(None)))
    settings: type | None = attrs.field(default=None, validator=[demand(type, type(None)), _class])
    records: Mapping[str, type[Record]] = attrs.field(
        factory=dict, validator=[demand(Mapping), _records]
    )
    events: tuple[type[Event], ...] = attrs.field(
        default=(), validator=[demand_each(type), _events]
    )
    state: type | None = attrs.field(default=None, validator=[demand(type, type(None)), _class])
    details: tuple[type, ...] = attrs.field(default=(), validator=[demand_each(type), _classes])
    seal_scheme: str = attrs.field(default="", validator=demand(str))
    codes: tuple[Code, ...] = attrs.field(default=(), validator=demand_each(Code))
    each: tuple[str, ...] = attrs.field(default=(), validator=demand_each(str))
    read_for_each: tuple[str, ...] = attrs.field(default=(), validator=demand_each(str))
    bills_alone: bool = attrs.field(default=False, validator=demand(bool))


def _whatever(_document: Document) -> Iterable[Diagnostic]:
    return ()


@attrs.frozen(kw_only=True)
class Exporter:
    """A format of documents: data, a function that writes, and perhaps one that reads.

    Attributes:
        key: The name on the command line: ``csv``, ``ubl``.
        title: What it is.
        media_type: MIME type.
        suffix: File suffix with its dot.
        accepts: Says why a document cannot be written, before a file is opened.
        write: Writes documents to a binary stream.
        many: Several documents may stand in one stream; otherwise ``write`` is given one.
        read: Reads documents back from the bytes of such a file, and reports what is wrong to its
            content, with places; ``None`` when the format is only written.
    """

    key: str = attrs.field(validator=demand(str))
    title: str = attrs.field(validator=demand(str))
    media_type: str = attrs.field(validator=demand(str))
    suffix: str = attrs.field(validator=demand(str))
    write: Callable[[Sequence[Document], IO[bytes]], None] = attrs.field(
        validator=attrs.validators.is_callable()
    )
    accepts: Callable[[Document], Iterable[Diagnostic]] = attrs.field(
        default=_whatever, validator=attrs.validators.is_callable()
    )
    many: bool = attrs.field(default=False, validator=demand(bool))
    read: Callable[[SourceContent], Iterable[Document]] | None = attrs.field(
        default=None,
        validator=attrs.validators.optional(attrs.validators.is_callable()),
    )


class App(Protocol):
    """Interface of the running program for a plugin's commands.

    Attributes:
        findings: Where a command reports what is wrong; shown when it ends, and its exit code
            is 1 if there is an error among them.
    """

    findings: Findings

    def say(self, message: str) -> None:
        """Talk to the user, on standard error."""
        ...

    def write(self, data: str) -> None:
        """Write data to standard output."""
        ...
