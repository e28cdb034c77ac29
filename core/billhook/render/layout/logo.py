"""The logo: read once, checked, and refused in words that a user can act on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.errors import RefusedError, reason
from billhook.kernel.origin import Origin
from billhook.project.print_settings import PrintSettings
from billhook.render.pdf.pictures import Picture, PictureError, glance, picture

T = TypeVar("T")


def logo_of(settings: PrintSettings) -> Picture | None:
    """Return the letterhead's picture, if there is one.

    Raises:
        RefusedError: The file cannot be read or is no picture that can be printed.
    """
    return None if settings.logo is None else _looked_at(settings.logo, picture)


def check_logo(settings: PrintSettings) -> None:
    """Refuse a logo that a glance shows to be none; damage inside shows when it is printed.

    Raises:
        RefusedError: The file cannot be read or is no picture that can be printed.
    """
    if settings.logo is not None:
        _looked_at(settings.logo, glance)


def _looked_at(path: Path, look: Callable[[bytes], T]) -> T:
    try:
        return look(path.read_bytes())
    except OSError as error:
        message = f"the logo {path.name!r} cannot be read: {reason(error)}"
        raise _refused(path, message, "correct the path in [print] logo") from error
    except PictureError as error:
        hint = "save it as PNG, JPEG or SVG"
        raise _refused(path, f"the logo {path.name!r} cannot be used: {error}", hint) from error


def _refused(path: Path, message: str, hint: str) -> RefusedError:
    origin = Origin(path.name)
    return RefusedError([Diagnostic("BH602", message, origin=origin, path="print.logo", hint=hint)])
