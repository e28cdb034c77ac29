"""Looks: how bills are printed in one run, instead of as their project says."""

from __future__ import annotations

from pathlib import Path
from typing import get_args, get_type_hints

import attrs

from billhook.model.document import Document
from billhook.project import LoadedJob
from billhook.project.print_settings import PrintSettings

THEMES: tuple[str, ...] = get_args(get_type_hints(PrintSettings)["theme"])


@attrs.frozen(kw_only=True)
class Looks:
    """Print options that override the project's; ``None`` and false leave it.

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
