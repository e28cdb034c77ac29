"""Wording: texts and values as they are read, in the languages and the locale of a document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property, lru_cache

import attrs

from billhook.i18n.direction import IsolateKind, has_rtl, is_rtl, isolate
from billhook.i18n.locales import babel_locale
from billhook.i18n.localizer import Translator
from billhook.i18n.numbers import Formatter, formatter
from billhook.kernel.figure import Figure
from billhook.kernel.text import NBSP, Label, Period, Text
from billhook.model.section import Cell

NEXT_LANGUAGE = f"{NBSP}/ "
"""Stands between the languages of a label; where there is no room, a line ends here."""


def languages(text: str) -> list[str]:
    """Return a written label in each of its languages."""
    return text.split(NEXT_LANGUAGE)


@attrs.frozen(slots=False)
class Wording:
    """The language and formats of one document.

    Attributes:
        locale: Of numbers, dates and direction.
        languages: Of labels, the main one first.
    """

    locale: str
    languages: tuple[str, ...]

    @cached_property
    def numbers(self) -> Formatter:
        """The formatter of numbers and dates."""
        return formatter(self.locale)

    @cached_property
    def _labels(self) -> Translator:
        return Translator(self.languages)

    @cached_property
    def rtl(self) -> bool:
        """True if the document runs from right to left."""
        return is_rtl(self.locale)

    @cached_property
    def language(self) -> str:
        """The document's language as BCP 47 writes it: ``de-CH``."""
        return str(babel_locale(self.locale)).replace("_", "-")

    @cached_property
    def point(self) -> str:
        """The decimal sign."""
        return str(babel_locale(self.locale).number_symbols["latn"]["decimal"])

    def text(self, text: Text) -> str:
        """Return a label in the document's languages, the user's words as they are."""
        if isinstance(text, str):
            return self.words(text)
        if text.params:
            return self._translate(text)
        known = self._known.get((text.domain, text.msgid))
        if known is None:
            known = self._known[text.domain, text.msgid] = self._translate(text)
        return known

    @cached_property
    def _known(self) -> dict[tuple[str, str], str]:
        """The labels that were asked for and have no parameters: a package has few."""
        return {}

    def _translate(self, text: Label) -> str:
        found = self._labels.text(
            self._isolate_parameters(text) if self.rtl else text, NEXT_LANGUAGE
        )
        # A label that is not translated reads from left to right, its parameters among its words.
        return _isolate_text(found, IsolateKind.WORDS) if self.rtl and not has_rtl(found) else found

    def _isolate_parameters(self, label: Label) -> Label:
        """Return a label whose parameters keep their order among words from right to left."""
        params = ((name, self._parameter(value)) for name, value in label.params)
        return attrs.evolve(label, params=tuple(params))

    def _parameter(self, value: object) -> str | int | Label:
        if isinstance(value, Label):
            return self._isolate_parameters(value)
        if isinstance(value, int):
            return value
        if isinstance(value, str | Figure | Decimal | dt.date):
            return self.cell(value)
        raise TypeError(f"a label cannot hold a {type(value).__name__}")

    def words(self, text: str) -> str:
        """Return words of the user, kept in order among words of another direction."""
        return self.isolate(text, IsolateKind.WORDS)

    def code(self, text: str) -> str:
        """Return a number of a document, a telephone number or the like, kept in order."""
        return self.isolate(text, IsolateKind.CODE)

    def cell(self, cell: Cell) -> str:
        """Return what a cell holds, as it is read."""
        if cell is None:
            return ""
        if isinstance(cell, Label | str):
            return self.text(cell)
        return self.isolate(self.value(cell), IsolateKind.FORMATTED)

    def isolate(self, text: str, kind: IsolateKind) -> str:
        """Return a datum that its neighbours cannot reorder."""
        if not self.rtl and text.isascii():
            return text
        return _isolate_text(text, kind) if self.rtl or has_rtl(text) else text

    def value(self, value: Figure | Decimal | int | dt.date | Period) -> str:
        """Return a number, date or period, not isolated."""
        return self.numbers.value(value)


def _isolate_text(text: str, kind: IsolateKind) -> str:
    """Return a text in an isolate; what it is set in by stays before that, on the page's side."""
    words = text.lstrip(NBSP)
    return f"{text[: len(text) - len(words)]}{isolate(words, kind)}"


def wording(locale: str, languages: Sequence[str] = ()) -> Wording:
    """Return the wording of a document.

    Args:
        locale: The document's locale.
        languages: Locales of the labels, the main one first; none takes the document's own.
    """
    return _wording(locale, tuple(languages) or (locale,))


@lru_cache(maxsize=64)
def _wording(locale: str, languages: tuple[str, ...]) -> Wording:
    return Wording(locale, languages)
