"""Rendering: an issued bill or a draft as PDF, HTML or plain text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from billhook.explain import Rule
    from billhook.model.document import Document
    from billhook.model.section import Section
    from billhook.printing import PrintSettings
    from billhook.render.composition import Composition
    from billhook.text import Text

    Renderer = Callable[[Composition, Document, PrintSettings], bytes]


def render(
    document: Document,
    sections: Iterable[Section],
    format: str,  # noqa: A002 -- the word that users know
    settings: PrintSettings | None = None,
    *,
    mark: Text = "",
    rules: Mapping[str, Rule] | None = None,
) -> bytes:
    """Return a document in a format; the same arguments give the same bytes.

    Args:
        document: The document, issued or not.
        sections: What plugins show of it.
        format: A key of `RENDERERS`.
        settings: How it is printed; ``None`` takes the defaults.
        mark: A stamp such as ``Copy``; drafts are stamped by themselves.
        rules: The rule catalogue of the plugins, for ``settings.explain``.

    Raises:
        KeyError: The format is unknown.
        RefusedError: It cannot be printed as it is: a character that no font has, a logo that
            is no picture.
    """
    from billhook.printing import PrintSettings
    from billhook.render.compose import compose

    renderer = RENDERERS[format]
    chosen = settings or PrintSettings()
    return renderer(compose(document, sections, chosen, mark=mark, rules=rules), document, chosen)


def _text(bill: Composition, _document: Document, _settings: PrintSettings) -> bytes:
    from billhook.render.text import to_text

    return to_text(bill)


def _html(bill: Composition, _document: Document, settings: PrintSettings) -> bytes:
    from billhook.render.html import to_html
    from billhook.render.theme import theme_of

    return to_html(bill, settings, theme_of(settings.theme))


def _pdf(bill: Composition, document: Document, settings: PrintSettings) -> bytes:
    from billhook.render.layout.press import to_pdf
    from billhook.render.theme import theme_of

    return to_pdf(bill, document, settings, theme_of(settings.theme))


RENDERERS: Mapping[str, Renderer] = {"text": _text, "html": _html, "pdf": _pdf}
"""The formats that a document can be printed in."""
