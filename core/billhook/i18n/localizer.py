"""Labels and rules in the words, numbers and dates of a locale."""

from __future__ import annotations

import datetime as dt
import decimal
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from billhook.explain.rule_text import DIGITS, Localizer
from billhook.i18n.direction import IsolateKind, has_rtl, is_rtl, isolate, isolated_where_needed
from billhook.i18n.locales import babel_locale
from billhook.i18n.message_catalogs import rule_words, template_of
from billhook.i18n.numbers import formatter
from billhook.kernel.figure import MOST_DECIMALS, PURE, Figure
from billhook.kernel.text import NBSP, Label, Text

Value = str | int | Decimal | dt.date | Label | Figure

_PLACE = re.compile(r"\{(\w+)\}", re.ASCII)
_CUT = decimal.Context(prec=120, rounding=decimal.ROUND_DOWN)
_LAST = Decimal(1).scaleb(-DIGITS)


# ── labels ───────────────────────────────────────────────────────────────────


class Translator:
    """Turns labels into the words of a document's languages.

    A label is printed in each language, in the order given: ``Rechnung / Invoice``.
    """

    def __init__(self, languages: Sequence[str]) -> None:
        """Take the languages.

        Args:
            languages: Locales such as ``de_CH``, the main one first.

        Raises:
            ValueError: There is none, or one is unknown.
        """
        if not languages:
            raise ValueError("a translator needs at least one language")
        for language in languages:
            babel_locale(language)
        self.languages: tuple[str, ...] = tuple(languages)

    def text(self, text: Label | str, between: str = " / ") -> str:
        """Return a label in all languages, joined by a slash; the user's own words as they are."""
        if isinstance(text, str):
            return text
        texts = self.texts(text)
        if len(texts) > 1 and any(has_rtl(each) for each in texts):
            texts = tuple(isolate(each, IsolateKind.WORDS) for each in texts)
        return between.join(texts)

    def texts(self, label: Label) -> tuple[str, ...]:
        """Return a label in each language; equal words once."""
        return tuple(dict.fromkeys(translate(label, language) for language in self.languages))


def translate(label: Label, locale: str) -> str:
    """Return a label in one language, its parameters formatted in that locale."""
    template = template_of(label.domain, label.msgid, locale, _count(label))
    values = {name: _value(value, locale) for name, value in label.params}
    return _fill_places(template, values)


def _value(value: Value, locale: str) -> str:
    if isinstance(value, Label):
        return translate(value, locale)
    return formatter(locale).value(value)


def _fill_places(template: str, values: Mapping[str, str]) -> str:
    """Fill in the places once: a value that looks like a place is not filled again."""
    return _PLACE.sub(lambda place: values.get(place[1], place[0]), template)


def _count(label: Label) -> int | None:
    """Return the number that a plural goes by: the label's only number, if it is whole."""
    numbers = [
        value.value if isinstance(value, Figure) else value
        for _name, value in label.params
        if isinstance(value, (int, Decimal, Figure))
    ]
    whole = len(numbers) == 1 and numbers[0] == int(numbers[0])
    return abs(int(numbers[0])) if whole else None


# ── rules ────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=256)
def localizer_of(locale: str) -> Localizer:
    """Return the localizer of a locale; there is one for each.

    Raises:
        ValueError: The locale is unknown.
    """
    return CatalogLocalizer(locale)


class CatalogLocalizer:
    """The words of a language's catalogues, with numbers and days in the locale's form."""

    def __init__(self, locale: str) -> None:
        """Take the locale."""
        self._locale = locale
        self._numbers = formatter(locale)
        self._rtl = is_rtl(locale)
        self._english = babel_locale(locale).language == "en"

    def words(self, domain: str, text: str) -> str | None:
        """Return words of rules that a package has translated, or nothing."""
        found = rule_words(domain, text, self._locale)
        return text if found is None and self._english else found

    def foreign(self, text: str) -> str:
        """Return English that stands among words of the language."""
        return isolate(text, IsolateKind.CODE) if self._rtl else text

    def own(self, text: str) -> str:
        """Return the user's own words, as they stand among words of the language."""
        return isolated_where_needed(text, IsolateKind.WORDS, self._locale)

    def number(self, value: Decimal) -> str:
        """Return a number; one that does not end is cut."""
        return self._datum(self._number(value))

    def date(self, value: dt.date) -> str:
        """Return a day."""
        return self._datum(self._numbers.date(value))

    def quantity(self, value: Decimal, unit: str) -> str:
        """Return a value with its unit: an amount, a rate, a percentage."""
        if _decimals(value) > MOST_DECIMALS:
            return self._datum(self._unending(value, unit))
        return self._datum(self._numbers.figure(Figure(value, unit, "given", "")))

    def unit(self, unit: str) -> str:
        """Return a unit's name."""
        return self._datum("" if unit == PURE else self._numbers.unit_name(unit))

    def label(self, text: Text) -> str:
        """Return a label of a bill, or the user's own words."""
        return self.own(text) if isinstance(text, str) else translate(text, self._locale)

    def _unending(self, value: Decimal, unit: str) -> str:
        number = self._number(value)
        return number if unit == PURE else f"{number}{NBSP}{self._numbers.unit_name(unit)}"

    def _number(self, value: Decimal) -> str:
        if _decimals(value) <= DIGITS:
            return self._numbers.number(value)
        return f"{self._numbers.number(value.quantize(_LAST, context=_CUT))}…"

    def _datum(self, text: str) -> str:
        return isolate(text, IsolateKind.FORMATTED) if self._rtl else text


def _decimals(value: Decimal) -> int:
    return -int(value.as_tuple().exponent)
