"""The command line: data on standard output, talk on standard error, one file per noun."""

from __future__ import annotations

import gc
from collections.abc import Sequence


def process() -> int:
    """Run ``billhook`` as a process of its own and return its exit code.

    The process is set up for speed, and does not look for garbage when it ends anyway.
    """
    from billhook.cli.startup import prepare_process

    prepare_process()
    try:
        return main()
    finally:
        gc.freeze()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``billhook`` and return its exit code, see `billhook.cli.exits.Exit`.

    Args:
        arguments: The words after ``billhook``; ``None`` takes the process's.
    """
    from billhook.cli.app import run

    return run(arguments)
