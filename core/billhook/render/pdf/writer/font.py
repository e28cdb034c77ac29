"""Fonts: the faces of a language and weight in the order in which they are asked."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterator
from math import fsum
from typing import NamedTuple

import attrs

from billhook.i18n.direction import has_rtl
from billhook.kernel.memo import BoundedMemo
from billhook.render.pdf.writer import bidi, shaping
from billhook.render.pdf.writer.font_face import Face, FontFile, bundled, load
from billhook.render.pdf.writer.font_files import HAN, language_key, list_provided_faces
from billhook.render.pdf.writer.geometry import Direction, Pt
from billhook.render.pdf.writer.shaping import GlyphRun

_BLANK = 0x20


class MissingGlyphError(LookupError):
    """A text was drawn that no face has all characters of: check it with `coverage` first.

    Attributes:
        missing: The characters.
        text: The text.
    """

    def __init__(self, missing: str, text: str) -> None:
        self.missing = missing
        self.text = text
        codes = ", ".join(f"{sign!r} (U+{ord(sign):04X})" for sign in missing)
        super().__init__(f"no font has {codes} of {text!r}")


class NotPlainError(Exception):
    """A text needs more than the quick way; never seen outside this package."""


class TextLine(NamedTuple):
    """One line of text in one font, measured.

    Attributes:
        text: What is read, in logical order.
        width: Points.
        runs: The pieces as seen from left to right; ``None`` if every character is a glyph of
            the font's first face.
        codes: Then, the text as it stands in a PDF string.
    """

    text: str
    width: Pt
    runs: tuple[GlyphRun, ...] | None = None
    codes: str = ""


class _Nature(NamedTuple):
    """A character's face and script, ``None`` if it goes with any."""

    home: tuple[Face, str | None] | None
    follows: bool
    mirrored: bool


class Font:
    """A chain of faces: the first that has a character draws it.

    Made by `fonts_of`; the same arguments give the same object.

    Attributes:
        files: The faces' files in order of asking; a face is loaded when it is first needed.
        language: The language of the documents it serves.
        advances: Width in 1/1000 em of characters that are glyphs of the first face.
        steps: The same of words of such characters, each with the blank after it.
        codes: The same characters as they stand in a PDF string.
    """

    def __init__(self, files: tuple[FontFile, ...], language: str) -> None:
        self.files = files
        self.language = language
        self.advances: dict[str, Pt] = BoundedMemo(self._advance)
        self.steps: dict[str, Pt] = BoundedMemo(self._step)
        self.codes: dict[str, str] = BoundedMemo(self._code)
        self._coded: dict[str, str] = BoundedMemo(self._code_of_word)
        self._lines: dict[tuple[str, Pt, Direction | None], TextLine] = BoundedMemo(self._line)
        self._widths: dict[str, Pt] = BoundedMemo(self._width)
        self._homes: dict[str, Face | None] = BoundedMemo(self._home)
        self._natures: dict[str, _Nature] = {}

    def _advance(self, sign: str) -> Pt:
        glyph = self.plain_glyph(sign)
        return 0 if glyph is None else self.face.advance(glyph)

    def _step(self, word: str) -> Pt:
        return fsum(map(self.advances.__getitem__, word)) + self.advances[" "]

    def _code(self, sign: str) -> str:
        glyph = self.plain_glyph(sign)
        return "" if glyph is None else self.face.code(glyph)

    def _code_of_word(self, word: str) -> str:
        return "".join(map(self.codes.__getitem__, word))

    @functools.cached_property
    def face(self) -> Face:
        """The first face."""
        return load(self.files[0])

    @functools.cached_property
    def _leading(self) -> tuple[Face, ...]:
        """The faces that decide the height of a line: the first and the language's own."""
        own = [load(file) for file in self.files[1:] if self.language in file.languages]
        return (self.face, *own[:1])

    def ascent(self, size: Pt) -> Pt:
        """Return how far letters reach above the baseline, in points."""
        return max(face.ascent for face in self._leading) * size / 1000

    def descent(self, size: Pt) -> Pt:
        """Return how far letters reach below the baseline, in points, positive."""
        return max(face.descent for face in self._leading) * size / 1000

    def line_height(self, size: Pt) -> Pt:
        """Return the height in which lines never touch, in points: ascent and descent."""
        return self.ascent(size) + self.descent(size)

    def cap_height(self, size: Pt) -> Pt:
        """Return the height of capitals, in points."""
        return self.face.cap_height * size / 1000

    def width(self, text: str, size: Pt) -> Pt:
        """Return a text's width in points.

        Raises:
            MissingGlyphError: No face has one of its characters.
        """
        return self.measure(text) * size / 1000

    def measure(self, text: str) -> Pt:
        """Return a text's width in 1/1000 em.

        Raises:
            MissingGlyphError: No face has one of its characters.
        """
        return self._widths[text]

    def _width(self, text: str) -> Pt:
        """Return a text's width; order is irrelevant, for letters join in words."""
        try:
            return fsum(map(self.advances.__getitem__, text))
        except NotPlainError:
            words = text.split(" ")
        if len(words) > 1:
            return fsum(map(self.measure, words)) + (len(words) - 1) * self.advances[" "]
        parts = self._parts(text, rtl=False)
        return fsum(_run(*part, rtl=has_rtl(part[2])).advance for part in parts)

    def line(self, text: str, size: Pt, direction: Direction | None = None) -> TextLine:
        """Return a text as one line.

        Raises:
            MissingGlyphError: No face has one of its characters.
        """
        return self._lines[text, size, direction]

    def _line(self, wanted: tuple[str, Pt, Direction | None]) -> TextLine:
        text, size, direction = wanted
        plain = text if direction != "rtl" else bidi.datum(text)
        if plain is not None:
            try:
                width = fsum(map(self.advances.__getitem__, plain)) * size / 1000
            except NotPlainError:
                pass
            else:
                return self.plain(plain.split(" "), width)
        base = direction or bidi.base_direction(text)
        runs = self.runs(text, bidi.levels(text, base), base)
        return TextLine(text, fsum([run.advance for run in runs]) * size / 1000, runs)

    def plain(self, words: list[str], width: Pt) -> TextLine:
        """Return a line of words whose characters are glyphs of the first face.

        Args:
            words: What stands between single blanks.
            width: Of the line, in points.
        """
        codes = self.codes[" "].join(map(self._coded.__getitem__, words))
        return TextLine(" ".join(words), width, None, codes)

    def plain_glyph(self, sign: str) -> int | None:
        """Return the first face's glyph of a character, ``None`` if nothing is to be seen.

        Raises:
            NotPlainError: The character needs shaping, ordering or another face.
        """
        if shaping.is_invisible(sign) and not has_rtl(sign) and not shaping.follows(sign):
            return None
        glyph = self.face.cmap.get(ord(sign))
        if glyph is None or shaping.script_of(sign) or shaping.follows(sign) or has_rtl(sign):
            raise NotPlainError
        return glyph

    def missing(self, text: str) -> str:
        """Return the characters of a text that no face has, each once, in order."""
        return "".join(sign for sign in dict.fromkeys(text) if not self.covers(sign))

    def covers(self, sign: str) -> bool:
        """Return whether a character can be drawn, or steers text unseen."""
        return shaping.is_invisible(sign) or self.home(sign) is not None

    def home(self, sign: str) -> Face | None:
        """Return the face that draws a character, ``None`` if none can."""
        return self._homes[sign]

    def _home(self, sign: str) -> Face | None:
        code = ord(sign)
        for file in self._list_font_files():
            if file.may_have(code) and code in load(file).cmap:
                return load(file)
        return None

    def _list_font_files(self) -> Iterator[FontFile]:
        yield from self.files
        yield from self._brought

    @functools.cached_property
    def _brought(self) -> tuple[FontFile, ...]:
        """The faces of installed packages, looked for when no other face has a character."""
        return tuple(
            sorted(list_provided_faces(), key=lambda file: file.bold != self.files[0].bold)
        )

    def runs(self, text: str, levels: bytes, direction: Direction) -> tuple[GlyphRun, ...]:
        """Return a line's runs from left to right as seen.

        Args:
            text: The line in logical order.
            levels: Its part of the paragraph's `bidi.levels`.
            direction: The paragraph's base direction.

        Raises:
            MissingGlyphError: No face has one of its characters.
        """
        found: list[GlyphRun] = []
        for stretch, rtl in bidi.stretches(text, levels, direction):
            parts = list(self._parts(stretch, rtl=rtl))
            for face, script, part in reversed(parts) if rtl else parts:
                found.append(self._run(face, script, part, rtl=rtl))
        return tuple(found)

    def _run(self, face: Face, script: str | None, text: str, *, rtl: bool) -> GlyphRun:
        """Return a run; its words are shaped one by one, for they are met again."""
        if script is None or " " not in text:
            return _run(face, script, text, rtl=rtl)
        words = [
            _run(face, script, word, rtl=rtl) if word else None
            for word in (reversed(text.split(" ")) if rtl else text.split(" "))
        ]
        return shaping.joined(face, text, words, self.advances[" "])

    def _parts(self, text: str, *, rtl: bool) -> Iterator[tuple[Face, str | None, str]]:
        """Yield a stretch's parts of one face and script, each bracket that is mirrored alone."""
        single = self._single(text, rtl=rtl)
        if single is not None:
            yield (*single, text)
            return
        start, alone = 0, False
        current: tuple[Face, str | None] | None = None
        for place, sign in enumerate(text):
            nature = self._natures.get(sign) or self._nature(sign, text)
            here = nature.home
            if here is None or (current and nature.follows and ord(sign) in current[0].cmap):
                continue
            if sign == " " and current and current[1] and _BLANK in current[0].cmap:
                continue
            before, alone = alone, rtl and nature.mirrored
            if current is not None and (before or alone or here != current):
                yield (*current, text[start:place])
                start = place
            current = here
        if current is not None:
            yield (*current, text[start:])

    def _single(self, text: str, *, rtl: bool) -> tuple[Face, str | None] | None:
        """Return the face and script of a text that is of one kind but for its blanks."""
        if text[:1] == " ":
            return None
        found: tuple[Face, str | None] | None = None
        for sign in set(text):
            if sign == " ":
                continue
            nature = self._natures.get(sign) or self._nature(sign, text)
            if rtl and nature.mirrored:
                return None
            if nature.home is not None and nature.home != (found or nature.home):
                return None
            found = nature.home or found
        blank = found is not None and found[1] is not None and _BLANK in found[0].cmap
        return found if blank or " " not in text else None

    def _nature(self, sign: str, text: str) -> _Nature:
        home = self.home(sign)
        if home is None and not shaping.is_invisible(sign):
            raise MissingGlyphError(self.missing(text), text)
        place = None
        if home is not None and not shaping.is_invisible(sign):
            place = home, shaping.script_of(sign)
        mirrored = unicodedata.mirrored(sign) == 1
        found = self._natures[sign] = _Nature(place, shaping.follows(sign), mirrored)
        return found


def _run(face: Face, script: str | None, text: str, *, rtl: bool) -> GlyphRun:
    if rtl or script or any(map(shaping.follows, text)):
        return shaping.shape(face, text, rtl=rtl, script=script)
    return shaping.plain(face, text)


@attrs.frozen
class Fonts:
    """The two weights of a document.

    Attributes:
        regular: For text.
        bold: For heads and totals.
    """

    regular: Font
    bold: Font


def fonts_of(language: str, extra: tuple[FontFile, ...] = ()) -> Fonts:
    """Return the fonts of a document's language; the same arguments give the same object.

    Asked in this order: extra faces that go foremost, the bundled faces with Latin first and
    the language's own next, extra faces for the language, all other extra faces. Bold text
    takes a regular face where there is no bold one.

    Args:
        language: A language code (``ar``, ``zh_Hans``, ``pt-BR``); its first part counts.
        extra: Faces beyond the bundled ones, such as those for CJK.
    """
    key = language_key(language), extra
    found = _FONTS.get(key)
    return _FONTS.setdefault(key, _fonts(*key)) if found is None else found


_FONTS: dict[tuple[str, tuple[FontFile, ...]], Fonts] = {}


def _fonts(language: str, extra: tuple[FontFile, ...]) -> Fonts:
    if language in HAN:
        # Of a Han character the document's own language decides the form.
        extra = (*extra, *list_provided_faces())
    return Fonts(
        regular=_font(language, extra, bold=False),
        bold=_font(language, extra, bold=True),
    )


def _font(language: str, extra: tuple[FontFile, ...], *, bold: bool) -> Font:
    latin, *scripts = bundled(bold=bold)
    asked = sorted(extra, key=lambda file: (language not in file.languages, file.bold != bold))
    own = sorted(scripts, key=lambda file: language not in file.languages)
    first = [file for file in asked if file.foremost]
    last = [file for file in asked if not file.foremost]
    return Font((*first, latin, *own, *last), language)
