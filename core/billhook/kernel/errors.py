"""Exception hierarchy.

Anything a user can correct is a finding (`billhook.kernel.diagnostics`), collected and shown at
once; an exception carries findings to the caller, or tells a programmer of a mistake.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from billhook.kernel.diagnostics import Diagnostic
    from billhook.kernel.origin import Origin


class BillhookError(Exception):
    """The root of all errors that billhook raises on purpose."""


class FindingsError(BillhookError):
    """Work stopped because of findings; ``findings`` has every one of them."""

    def __init__(self, findings: Iterable[Diagnostic]) -> None:
        self.findings: tuple[Diagnostic, ...] = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))

    def __reduce__(self) -> tuple[type[FindingsError], tuple[tuple[Diagnostic, ...]]]:
        """Pickle the findings, so that a worker can give the error back."""
        return type(self), (self.findings,)


class InputError(FindingsError):
    """The input is not valid; nothing was written."""


class RefusedError(FindingsError):
    """A rule refuses what was asked; nothing was changed."""


class PluginError(BillhookError):
    """A plugin broke.

    Attributes:
        plugin: Name of the plugin at fault.
        hook: Name of the hook that was called, or ``load``.
        cause: What it raised, or what is wrong with its answer in words.
        origin: The line of a local plugin where it broke.
    """

    def __init__(self, plugin: str, hook: str, cause: object, origin: Origin | None = None) -> None:
        self.plugin = plugin
        self.hook = hook
        self.cause = cause
        self.origin = origin
        super().__init__(f"plugin {plugin!r} failed in {hook}: {in_words(cause)}")

    def __reduce__(self) -> tuple[type[PluginError], tuple[str, str, str, Origin | None]]:
        """Pickle what can be told; the cause itself may be anything."""
        return type(self), (self.plugin, self.hook, in_words(self.cause), self.origin)


def in_words(cause: object) -> str:
    """Return an exception's type and what it says; anything else as it is."""
    if not isinstance(cause, BaseException):
        return str(cause)
    return f"{type(cause).__name__}: {cause}".removesuffix(": ")


def reason(error: OSError) -> str:
    """Return why the system refused, as part of a sentence."""
    return (error.strerror or str(error)).lower()


class UnknownNameError(BillhookError, LookupError):
    """A name that a caller gave means nothing here: of a format, of a series."""


class StoreError(BillhookError):
    """The store cannot do what was asked."""


class NoStoreError(StoreError):
    """There is no store at the place that was named.

    Attributes:
        foreign: The database is there and holds tables of another program.
    """

    def __init__(self, message: str, *, foreign: bool = False) -> None:
        self.foreign = foreign
        super().__init__(message)


class BusyError(StoreError):
    """Another process holds the store; the bounded wait is over."""


class ConflictError(StoreError):
    """Somebody else was first: the same record, number or key is taken."""


class UnitError(ValueError):
    """Figures of different units were put together: a programmer's mistake."""
