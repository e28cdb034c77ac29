"""Options that several commands share, and the parsing of their values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeVar

import click

from billhook.kernel.text import Period
from billhook.render.looks import THEMES
from billhook.sources.bad_value import BadValueError

Wrapped = TypeVar("Wrapped", bound=Callable[..., object])


def text_or_json(
    meaning: str = "Output for people or for programs.",
) -> Callable[[Wrapped], Wrapped]:
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


def read_amount(_: click.Context, parameter: click.Parameter, text: str | None) -> Decimal | None:
    """Return the amount of an option."""
    from billhook.sources.parsing import parse_decimal

    try:
        return None if text is None else parse_decimal(text, ".", ",")
    except (ValueError, InvalidOperation) as error:
        raise click.BadParameter(str(error), param=parameter) from None


def history(command: Wrapped) -> Wrapped:
    """Add ``--store/--no-store``."""
    words = "Use earlier bills from the store, or ignore the store."
    return click.option(
        "--store/--no-store",
        "store",
        default=None,
        help=f"{words}  [default: use the store if there is one]",
    )(command)


# ── of commands that change something ────────────────────────────────────────


def by(command: Wrapped) -> Wrapped:
    """Add ``--by``."""
    words = "Your name, for the audit log.  [default: BILLHOOK_USER, or your login name]"
    return click.option("--by", metavar="NAME", help=words)(command)


def reason(command: Wrapped) -> Wrapped:
    """Add ``--reason``."""
    words = "The reason, recorded in the audit log."
    return click.option("--reason", metavar="TEXT", help=words)(command)


def dry_run(command: Wrapped) -> Wrapped:
    """Add ``-n``."""
    words = "Show what would happen; change nothing."
    return click.option("-n", "--dry-run", is_flag=True, help=words)(command)


def yes(command: Wrapped) -> Wrapped:
    """Add ``-y``."""
    return click.option("-y", "--yes", is_flag=True, help="Answer yes to every question.")(command)


def listing(command: Wrapped) -> Wrapped:
    """Add ``--format`` for lists."""
    return click.option(
        "-f",
        "--format",
        "format_",
        type=click.Choice(["table", "json", "csv"]),
        default="table",
        show_default=True,
        help="Output for people or for programs.",
    )(command)


def releasing(command: Wrapped) -> Wrapped:
    """Add ``--release/--keep``."""
    words = "Allow the records to be billed again, or never again."
    return click.option("--release/--keep", "release", default=None, help=words)(command)


# ── of commands that print ───────────────────────────────────────────────────


def looks(command: Wrapped) -> Wrapped:
    """Add the options to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def _read_theme(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value is None or value in THEMES or Path(value).is_file():
        return value
    raise click.BadParameter(f"expected {', '.join(THEMES)} or a theme's file, got {value!r}")


def _read_locale(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    from billhook.i18n.locales import is_locale

    if value is None or is_locale(value):
        return value
    raise click.BadParameter(f"there is no locale {value!r}; write it like en_US")


_OPTIONS = (
    click.option(
        "--theme", callback=_read_theme, help="Theme: a name, or a theme file of your own."
    ),
    click.option("--locale", callback=_read_locale, help="Locale of labels, numbers and dates."),
    click.option("--explain", is_flag=True, help="Add an explanation of each amount."),
    click.option("--copy", is_flag=True, help="Mark numbered bills as copies."),
    click.option("--attach", is_flag=True, help="Put the bill's data (JSON) into the PDF."),
)
