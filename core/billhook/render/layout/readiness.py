"""Readiness: what would keep a composition from being printed, found without printing it.

Nothing is loaded that draws: no PDF library, no picture library, no shaping of text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.errors import RefusedError
from billhook.model.document import Document
from billhook.project.print_settings import PrintSettings
from billhook.render.composition import Composition
from billhook.render.layout.coverage import check_fonts
from billhook.render.layout.logo import check_logo
from billhook.render.layout.typefaces import named_faces
from billhook.render.layout.typography import Typography
from billhook.render.own_theme import chosen_theme
from billhook.render.wording import wording


def unprintable(
    bill: Composition, document: Document, settings: PrintSettings
) -> Iterator[Diagnostic]:
    """Yield what would be refused: theme, fonts, logo, and characters that no font has.

    A logo that looks right may be damaged inside; that is seen when it is drawn.
    """
    findings = [
        *_refusals(lambda: chosen_theme(settings)),
        *_refusals(lambda: named_faces(settings)),
    ]
    yield from findings
    yield from _refusals(lambda: check_logo(settings))
    if not findings:
        words = wording(bill.locale, bill.languages)
        type_ = Typography(chosen_theme(settings), words, settings)
        yield from _refusals(lambda: check_fonts(bill, type_, document))


def _refusals(look: Callable[[], object]) -> tuple[Diagnostic, ...]:
    try:
        look()
    except RefusedError as error:
        return error.findings
    return ()
