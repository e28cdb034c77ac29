"""Exit codes: what a script can rely on."""

from __future__ import annotations

import enum

from billhook.kernel.errors import (
    BillhookError,
    BusyError,
    ConflictError,
    InputError,
    RefusedError,
    UnknownNameError,
)


class Exit(enum.IntEnum):
    """The outcome of a command."""

    OK = 0
    FINDINGS = 1
    """There are findings, or the bills compared differ."""
    USAGE = 2
    INVALID = 3
    """The input is not valid; nothing was written."""
    REFUSED = 4
    """A rule refuses what was asked."""
    PARTLY = 5
    """Some is done, some failed; the report says which."""
    OUTSIDE = 6
    """Something outside failed: a disk, a database, a plugin."""
    BUSY = 7
    INTERNAL = 70
    """A mistake of billhook itself."""
    INTERRUPTED = 130
    PIPE = 141
    """The reader of the output went away."""


def exit_code(error: BaseException) -> Exit:
    """Return the exit code of an error."""
    codes: tuple[tuple[type[BaseException], Exit], ...] = (
        (UnknownNameError, Exit.USAGE),
        (InputError, Exit.INVALID),
        (RefusedError, Exit.REFUSED),
        (BusyError, Exit.BUSY),
        (ConflictError, Exit.REFUSED),
        (BillhookError, Exit.OUTSIDE),
        (OSError, Exit.OUTSIDE),
    )
    return next((code for kind, code in codes if isinstance(error, kind)), Exit.INTERNAL)
