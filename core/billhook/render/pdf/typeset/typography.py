"""Typography: the styles of a theme in the fonts of a document's language."""

from __future__ import annotations

import functools
from pathlib import Path

import attrs

from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.errors import RefusedError, reason
from billhook.kernel.origin import Origin
from billhook.project.print_settings import PrintSettings
from billhook.render.codes import FONT
from billhook.render.document.localized_text import NEXT_LANGUAGE, Wording, languages
from billhook.render.pdf.writer.font import Font, Fonts, TextLine, fonts_of
from billhook.render.pdf.writer.font_face import FontFile
from billhook.render.pdf.writer.font_files import typefaces
from billhook.render.pdf.writer.geometry import Colour, Direction, Pt
from billhook.render.pdf.writer.line_breaking import wrap
from billhook.render.pdf.writer.sfnt import FontFileError
from billhook.render.theme import AREAS, CASELESS, LARGER, Theme, legible, rgb, shades

_TIGHTEST = 0.93
"""Lines of a script with tall letters stand no closer than this part of the font's own height."""


@attrs.frozen(eq=False)
class Style:
    """The size, weight and spacing of a text.

    Attributes:
        font: The font.
        size: Points.
        colour: Of the letters.
        leading: Points from one baseline to the next.
        capitals: Set in capitals.
        direction: Base direction of its paragraphs.
    """

    font: Font
    size: Pt
    colour: Colour
    leading: Pt
    capitals: bool = False
    direction: Direction | None = None

    def line(self, text: str) -> TextLine:
        """Return a text as one line."""
        return self.font.line(self._shown(text), self.size, self.direction)

    def lines(self, text: str, width: Pt) -> tuple[TextLine, ...]:
        """Return a text broken into lines of a width; a label first between its languages."""
        if NEXT_LANGUAGE in text and self.width(text) > width:
            return self.stacked(text, width)
        return wrap(self.font, self._shown(text), self.size, max(width, self.size), self.direction)

    def stacked(self, text: str, width: Pt) -> tuple[TextLine, ...]:
        """Return a label with each of its languages on lines of its own."""
        parts = languages(text)
        return tuple(line for part in parts for line in self.lines(part, width))

    def width(self, text: str) -> Pt:
        """Return the width of a text in one line."""
        return self.font.measure(self._shown(text)) * self.size / 1000

    def baseline(self, place: int = 0) -> Pt:
        """Return the baseline of a line below the top of its paragraph."""
        return place * self.leading + (self.leading + self.font.cap_height(self.size)) / 2

    def _shown(self, text: str) -> str:
        return text.upper() if self.capitals else text


_UNCAPPED = ("tr", "az", "el", "lt", "ka")
"""Languages whose capitals are not those of Unicode's plain table, or lose their accents."""


class Typography:
    """The styles of one document.

    Attributes:
        theme: The theme.
        words: How the document speaks.
        fonts: The fonts of its language.
        brand: The brand's colour.
        ink: The brand's colour for words, dark enough to be read.
        text: Colour of text.
        quiet: Colour of labels and small print.
        rule: Colour of hairlines.
        ground: Colour behind heads and charts.
        mark: Colour of a stamp across the page.
        tones: The shades of charts.
    """

    def __init__(self, theme: Theme, words: Wording, settings: PrintSettings) -> None:
        self.theme = theme
        self.words = words
        self._settings = settings
        self._tighter: dict[float, Typography] = {}
        self.fonts: Fonts = fonts_of(words.language, named_faces(settings))
        self.brand: Colour = rgb(settings.colour)
        self.text: Colour = rgb(theme.colours.text)
        self.quiet: Colour = rgb(theme.colours.quiet)
        self.rule: Colour = rgb(theme.colours.rule)
        self.ground: Colour = rgb(theme.colours.ground)
        self.mark: Colour = rgb(theme.colours.mark)
        self.ink: Colour = rgb(legible(settings.colour))
        self.tones: tuple[Colour, ...] = shades(legible(settings.colour, AREAS), theme.tones)

    @functools.cached_property
    def capitals(self) -> bool:
        """True if labels are set in capitals in this language."""
        return self.theme.capitals and self._language not in (*_UNCAPPED, *CASELESS)

    @functools.cached_property
    def _language(self) -> str:
        return self.words.language.partition("-")[0]

    @functools.cached_property
    def body(self) -> Style:
        """Of text and tables."""
        return self._style(self.theme.sizes.body, self.text)

    @functools.cached_property
    def strong(self) -> Style:
        """Of names and sums."""
        return self._style(self.theme.sizes.body, self.text, bold=True)

    @functools.cached_property
    def group(self) -> Style:
        """Of group heads in tables."""
        return self._style(self.theme.sizes.body, self.ink, bold=True)

    @functools.cached_property
    def label(self) -> Style:
        """Of column heads and names of facts."""
        sizes = self.theme.sizes
        size = max(sizes.label, sizes.small) if self._language in CASELESS else sizes.label
        return self._style(size, self.quiet, capitals=self.capitals)

    @functools.cached_property
    def heading(self) -> Style:
        """Of parts: small capitals, or, without capitals, larger than the titles of blocks."""
        size = self.theme.sizes.label if self.capitals else self.theme.sizes.body * LARGER
        return self._style(size, self.text, bold=True, capitals=self.capitals)

    @functools.cached_property
    def small(self) -> Style:
        """Of notes and small print."""
        return self._style(self.theme.sizes.small, self.quiet)

    @functools.cached_property
    def small_strong(self) -> Style:
        """Of names in small print."""
        return self._style(self.theme.sizes.small, self.text, bold=True)

    @functools.cached_property
    def fact(self) -> Style:
        """Of names before facts."""
        return self._style(self.theme.sizes.body, self.quiet)

    @functools.cached_property
    def title(self) -> Style:
        """Of the document."""
        return self._style(self.theme.sizes.title, self.text, bold=True)

    @functools.cached_property
    def number(self) -> Style:
        """Of the document's number beside its title."""
        return self._style(self.theme.sizes.title, self.quiet)

    @functools.cached_property
    def seller(self) -> Style:
        """Of the seller's name."""
        return self._style(self.theme.sizes.seller, self.ink, bold=True)

    @functools.cached_property
    def due(self) -> Style:
        """Of the amount due."""
        colour = self.ink if self.theme.places.brand_due else self.text
        return self._style(self.theme.sizes.due, colour, bold=True)

    def _style(
        self, size: Pt, colour: Colour, *, bold: bool = False, capitals: bool = False
    ) -> Style:
        font = self.fonts.bold if bold else self.fonts.regular
        leading = max(size * self.theme.sizes.leading, font.line_height(size) * _TIGHTEST)
        direction: Direction | None = "rtl" if self.words.rtl else None
        return Style(font, size, colour, leading, capitals, direction)

    def tighter(self, part: float) -> Typography:
        """Return the same with the theme's vertical gaps reduced to a part of them."""
        found = self._tighter.get(part)
        if found is None:
            theme = self.theme.tighter(part)
            found = self._tighter[part] = Typography(theme, self.words, self._settings)
        return found

    def smaller(self, style: Style, scale: Pt) -> Style:
        """Return a style in a smaller size, for tables that are too wide."""
        if scale == 1:
            return style
        size = style.size * scale
        return attrs.evolve(style, size=size, leading=style.leading * scale)


@functools.lru_cache(maxsize=64)
def typography(theme: Theme, words: Wording, settings: PrintSettings) -> Typography:
    """Return a document's typography; the bills of a run have one and the same."""
    return Typography(theme, words, settings)


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
