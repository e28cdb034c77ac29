"""The logo: read once, checked, and refused in words that a user can act on."""

from __future__ import annotations

from billhook.diagnostics import Diagnostic
from billhook.errors import RefusedError
from billhook.origin import Origin
from billhook.printing import PrintSettings
from billhook.render.pdf.pictures import Picture, PictureError, picture


def logo_of(settings: PrintSettings) -> Picture | None:
    """Return the letterhead's picture, if there is one.

    Raises:
        RefusedError: The file cannot be read or is no picture that can be printed.
    """
    if settings.logo is None:
        return None
    try:
        return picture(settings.logo.read_bytes())
    except OSError as error:
        message = f"the logo cannot be read: {error.strerror or error}"
        raise _refused(settings, message, "correct the path in [print] logo") from error
    except PictureError as error:
        hint = "save it as PNG, JPEG or SVG"
        raise _refused(settings, f"the logo cannot be used: {error}", hint) from error


def _refused(settings: PrintSettings, message: str, hint: str) -> RefusedError:
    origin = None if settings.logo is None else Origin(settings.logo.name)
    return RefusedError([Diagnostic("BH602", message, origin=origin, path="print.logo", hint=hint)])
