"""Looks: options that change how bills are printed, for one run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, get_args, get_type_hints

import attrs
import click

from billhook.model.document import Document
from billhook.project import LoadedJob
from billhook.project.print_settings import PrintSettings

F = TypeVar("F", bound=Callable[..., object])

THEMES: tuple[str, ...] = get_args(get_type_hints(PrintSettings)["theme"])


@attrs.frozen(kw_only=True)
class Looks:
    """How bills shall look, instead of as their project says; ``None`` and false leave it.

    Attributes:
        theme: Name of a theme, or the path of a theme's file.
        locale: Locale of labels, numbers and dates.
        explain: Add the appendix that tells how the amounts came to be.
        copy: Mark numbered bills as copies.
        attach: Put the bill's data into the PDF.
    """

    theme: str | None = None
    locale: str | None = None
    explain: bool = False
    copy: bool = False
    attach: bool = False

    def of(self, loaded: LoadedJob) -> LoadedJob:
        """Return a job that is printed like this."""
        kept = loaded.print
        asked = {
            **self._theme(),
            "explain": self.explain or kept.explain,
            "copy": self.copy or kept.copy,
            "attach": self.attach or kept.attach,
        }
        return attrs.evolve(loaded, print=attrs.evolve(kept, **asked))  # type: ignore[arg-type]  # the settings' own names

    def _theme(self) -> dict[str, object]:
        if self.theme is None:
            return {}
        if self.theme in THEMES:
            return {"theme": self.theme, "theme_file": None}
        return {"theme_file": Path(self.theme).resolve()}

    def document(self, document: Document) -> Document:
        """Return a document in the locale."""
        if self.locale is None:
            return document
        return attrs.evolve(document, invoice=attrs.evolve(document.invoice, locale=self.locale))


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
