"""Options that change how bills are printed, for one run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from billhook.render.looks import THEMES

F = TypeVar("F", bound=Callable[..., object])


def looks(command: F) -> F:
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
    click.option("--theme", callback=_read_theme, help="Theme: a name, or a file of your own."),
    click.option("--locale", callback=_read_locale, help="Locale of labels, numbers and dates."),
    click.option("--explain", is_flag=True, help="Add how each amount came to be."),
    click.option("--copy", is_flag=True, help="Mark numbered bills as copies."),
    click.option("--attach", is_flag=True, help="Put the bill's data (JSON) into the PDF."),
)
