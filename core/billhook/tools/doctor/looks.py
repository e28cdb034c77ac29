"""What a project says about printing."""

from __future__ import annotations

from billhook.i18n.locales import is_locale
from billhook.kernel.diagnostics import Findings
from billhook.project import Project
from billhook.project.layers import Layers
from billhook.project.print_settings import PrintSettings
from billhook.project.settings import read_table


def print_settings(project: Project) -> PrintSettings:
    """Return the project's table ``[print]``, or the defaults where it is wrong."""
    found = read_table(Layers((project.layer,)), "print", PrintSettings, Findings())
    return found or PrintSettings()


def locales_of(project: Project) -> tuple[str, ...]:
    """Return the locales that a project prints in: its own, and those of its labels."""
    asked = (project.table.locale, *print_settings(project).languages)
    return tuple(dict.fromkeys(filter(is_locale, asked)))
