"""Options of commands that change something: who, why, look first, don't ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

F = TypeVar("F", bound=Callable[..., object])


def by(command: F) -> F:
    """Add ``--by``."""
    words = "Who acts.  [default: BILLHOOK_USER, or the system's name of you]"
    return click.option("--by", metavar="NAME", help=words)(command)


def reason(command: F) -> F:
    """Add ``--reason``."""
    words = "Why; it is recorded and kept."
    return click.option("--reason", metavar="TEXT", help=words)(command)


def dry_run(command: F) -> F:
    """Add ``-n``."""
    words = "Show what would happen; change nothing."
    return click.option("-n", "--dry-run", is_flag=True, help=words)(command)


def yes(command: F) -> F:
    """Add ``-y``."""
    return click.option("-y", "--yes", is_flag=True, help="Don't ask.")(command)


def listing(command: F) -> F:
    """Add ``--format`` for lists."""
    return click.option(
        "-f",
        "--format",
        "format_",
        type=click.Choice(["table", "json", "csv"]),
        default="table",
        show_default=True,
        help="For people or for programs.",
    )(command)


def releasing(command: F) -> F:
    """Add ``--release/--keep``."""
    words = "Whether the records can be billed again."
    return click.option("--release/--keep", "release", default=None, help=words)(command)
