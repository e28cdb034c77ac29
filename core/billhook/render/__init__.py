"""Rendering: an issued bill or a draft as PDF, HTML or plain text."""

from __future__ import annotations

import decimal
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from billhook.explain.rules import Rule
    from billhook.kernel.diagnostics import Diagnostic
    from billhook.kernel.text import Text
    from billhook.model.document import Document
    from billhook.model.section import Section
    from billhook.project.print_settings import PrintSettings
    from billhook.render.document.composition import Composition
    from billhook.render.pdf.writer.pdf_file import Attachment

    Renderer = Callable[[Composition, Document, PrintSettings, tuple[Attachment, ...]], bytes]


CONTEXT = decimal.Context(prec=120)
"""The decimal context of all printing: that of the caller decides nothing on the page."""


def render(
    document: Document,
    sections: Iterable[Section],
    format: str,  # noqa: A002 -- the word that users know
    settings: PrintSettings | None = None,
    *,
    mark: Text = "",
    rules: Mapping[str, Rule] | None = None,
    attachments: Iterable[Attachment] = (),
) -> bytes:
    """Return a document in a format; the same arguments give the same bytes.

    Args:
        document: The document, issued or not.
        sections: What plugins show of it.
        format: A key of `RENDERERS`.
        settings: How it is printed; ``None`` takes the defaults.
        mark: A stamp such as ``Copy``; drafts are stamped by themselves.
        rules: The rule catalogue of the plugins, for ``settings.explain``.
        attachments: Files to be put into a PDF.

    Raises:
        KeyError: The format is unknown.
        RefusedError: It cannot be printed as it is: a character that no font has, a logo that
            is no picture, a theme's file that says what no theme knows.
    """
    from billhook.project.print_settings import PrintSettings
    from billhook.render.document.compose import compose

    renderer = RENDERERS[format]
    chosen = settings or PrintSettings()
    with decimal.localcontext(CONTEXT):
        bill = compose(document, sections, chosen, mark=mark, rules=rules)
        return renderer(bill, document, chosen, tuple(attachments))


def unprintable(
    document: Document,
    sections: Iterable[Section],
    settings: PrintSettings | None = None,
    *,
    mark: Text = "",
    rules: Mapping[str, Rule] | None = None,
) -> tuple[Diagnostic, ...]:
    """Return what `render` would refuse as a PDF, without loading what draws.

    The theme, fonts and logo of the settings are looked at, and every character of the document.
    Only a logo that is damaged inside is found later, when it is drawn.

    Args:
        document: The document, issued or not.
        sections: What plugins show of it.
        settings: How it is printed; ``None`` takes the defaults.
        mark: A stamp such as ``Copy``.
        rules: The rule catalogue of the plugins, for ``settings.explain``.
    """
    from billhook.project.print_settings import PrintSettings
    from billhook.render.document.compose import compose
    from billhook.render.pdf.typeset.preflight import unprintable

    chosen = settings or PrintSettings()
    with decimal.localcontext(CONTEXT):
        bill = compose(document, sections, chosen, mark=mark, rules=rules)
        return tuple(unprintable(bill, document, chosen))


def _text(bill: Composition, *_others: object) -> bytes:
    from billhook.render.text.text_page import to_text

    return to_text(bill)


def _html(
    bill: Composition, _document: Document, settings: PrintSettings, *_others: object
) -> bytes:
    from billhook.render.html.html_page import to_html
    from billhook.render.theme_file import chosen_theme

    return to_html(bill, settings, chosen_theme(settings))


def _pdf(
    bill: Composition,
    document: Document,
    settings: PrintSettings,
    attachments: tuple[Attachment, ...],
) -> bytes:
    from billhook.render.pdf.typeset.pdf_renderer import to_pdf
    from billhook.render.theme_file import chosen_theme

    return to_pdf(bill, document, settings, chosen_theme(settings), attachments=attachments)


RENDERERS: Mapping[str, Renderer] = {"text": _text, "html": _html, "pdf": _pdf}
"""The formats that a document can be printed in."""
