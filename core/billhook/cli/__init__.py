"""The command line: data on standard output, talk on standard error, one file per noun."""

from __future__ import annotations

import gc
from collections.abc import Sequence

_OBJECTS = 100_000


def process() -> int:
    """Run ``billhook`` as a process of its own and return its exit code.

    A command makes many objects, most of which live until it ends: the collector looks for
    garbage among them less often than usual, and not at all when the process ends anyway.
    """
    gc.set_threshold(_OBJECTS)
    try:
        return main()
    finally:
        gc.freeze()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``billhook`` and return its exit code, see `billhook.cli.exits.Exit`.

    Args:
        arguments: The words after ``billhook``; ``None`` takes the process's.
    """
    from billhook.cli.root import run

    return run(arguments)
