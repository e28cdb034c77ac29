"""Voices: in which words, numbers and dates the rules of a bill are told in a locale."""

from __future__ import annotations

import datetime as dt
import decimal
from decimal import Decimal
from functools import lru_cache

from billhook.explain.rule_text import DIGITS, Voice
from billhook.i18n.catalog import rule_words, translate
from billhook.i18n.direction import Kind, is_rtl, isolate, isolated_where_needed
from billhook.i18n.locales import babel_locale
from billhook.i18n.numbers import formatter
from billhook.i18n.shape import MOST_DECIMALS
from billhook.i18n.units import NBSP
from billhook.kernel.figure import PURE, Figure
from billhook.kernel.text import Text

_CUT = decimal.Context(prec=120, rounding=decimal.ROUND_DOWN)
_LAST = Decimal(1).scaleb(-DIGITS)


@lru_cache(maxsize=256)
def voice_of(locale: str) -> Voice:
    """Return the voice of a locale.

    Raises:
        ValueError: The locale is unknown.
    """
    return LocalVoice(locale)


class LocalVoice:
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
        return isolate(text, Kind.CODE) if self._rtl else text

    def own(self, text: str) -> str:
        """Return the user's own words, as they stand among words of the language."""
        return isolated_where_needed(text, Kind.WORDS, self._locale)

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
        return isolate(text, Kind.FORMATTED) if self._rtl else text


def _decimals(value: Decimal) -> int:
    return -int(value.as_tuple().exponent)
