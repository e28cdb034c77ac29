"""The command line: data on standard output, talk on standard error, one file per noun."""

from __future__ import annotations

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``billhook`` and return its exit code, see `billhook.cli.exits.Exit`.

    Args:
        arguments: The words after ``billhook``; ``None`` takes the process's.
    """
    from billhook.cli.root import run

    return run(arguments)
