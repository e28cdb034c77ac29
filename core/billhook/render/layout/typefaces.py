"""The typefaces of a document: those that its settings name, looked at once."""

from __future__ import annotations

from pathlib import Path

from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.errors import RefusedError, reason
from billhook.kernel.origin import Origin
from billhook.project.print_settings import PrintSettings
from billhook.render.codes import FONT
from billhook.render.pdf.faces import FontFile
from billhook.render.pdf.sfnt import FontFileError
from billhook.render.pdf.typefaces import typefaces


def named_faces(settings: PrintSettings) -> tuple[FontFile, ...]:
    """Return the faces of the font files that the settings name.

    Raises:
        RefusedError: BH605: a file cannot be read, or is no font that can be used.
    """
    return tuple(face for place, path in enumerate(settings.fonts) for face in _faces(path, place))


def _faces(path: Path, place: int) -> tuple[FontFile, ...]:
    try:
        return typefaces(path)
    except OSError as error:
        message = f"the font {path.name!r} cannot be read: {reason(error)}"
        hint = "correct the path in [print] fonts; billhook fonts find lists what is here"
    except FontFileError as error:
        message = f"the font {path.name!r} cannot be used: {error}"
        hint = "name a TrueType or OpenType file: .ttf, .otf, .ttc"
    key = f"print.fonts[{place}]"
    finding = Diagnostic(FONT.id, message, origin=Origin(path.name), path=key, hint=hint)
    raise RefusedError([finding])
