"""Options of many commands, and readers of dates and periods, written as in the files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TypeVar

import click

from billhook.kernel.text import Period
from billhook.sources.bad_value import BadValueError

Wrapped = TypeVar("Wrapped", bound=Callable[..., object])


def text_or_json(meaning: str = "For people or for programs.") -> Callable[[Wrapped], Wrapped]:
    """Return the option ``--format``, which a command takes as ``format_``: text or JSON."""
    return click.option(
        "-f",
        "--format",
        "format_",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help=meaning,
    )


def read_date(_: click.Context, parameter: click.Parameter, text: str | None) -> dt.date | None:
    """Return the date of an option."""
    from billhook.sources.parsing import parse_date

    if text is None:
        return None
    try:
        return parse_date(text, "YYYY-MM-DD")
    except BadValueError as error:
        raise _bad(error, parameter) from None


def read_period(_: click.Context, parameter: click.Parameter, text: str | None) -> Period | None:
    """Return the period of an option: a month, or first and last day."""
    from billhook.sources.parsing import parse_period

    if text is None:
        return None
    try:
        return parse_period(text)
    except BadValueError as error:
        raise _bad(error, parameter) from None


def _bad(error: BadValueError, parameter: click.Parameter) -> click.BadParameter:
    hint = f"; {error.hint}" if error.hint else ""
    return click.BadParameter(f"{error.message}{hint}", param=parameter)


def history(command: Wrapped) -> Wrapped:
    """Add ``--store/--no-store``."""
    words = "Go on from what was issued, and nothing else; or leave that out."
    return click.option(
        "--store/--no-store",
        "store",
        default=None,
        help=f"{words}  [default: what was issued, if there is a store]",
    )(command)
