"""Babel's number patterns, with ISO 4217 decimals and a locale's own grouping in every style."""

from __future__ import annotations

import copy
import decimal
from decimal import Decimal
from typing import TYPE_CHECKING

from billhook.i18n.shape import Decimals, Writer

if TYPE_CHECKING:
    from babel import Locale
    from babel.numbers import NumberPattern

_BLANKS = " \u00a0\u202f\u2009"
_MARKS = "\u200e\u200f\u061c"


def currency_pattern(locale: Locale, *, accounting: bool, symbol: bool) -> NumberPattern:
    """Return the pattern of amounts.

    CLDR gives some Indian locales lakh grouping in the standard style and thousands in the
    accounting style; both are grouped like the standard style here.
    """
    formats = locale.currency_formats
    pattern: NumberPattern = copy.copy(formats["accounting" if accounting else "standard"])
    if not symbol and not accounting:
        pattern = copy.copy(locale.decimal_formats[None])
    pattern.grouping = formats["standard"].grouping
    if not symbol:
        pattern.prefix = _bare(pattern.prefix)
        pattern.suffix = _bare(pattern.suffix)
    elif locale.text_direction == "rtl" and "¤" in pattern.suffix[0]:
        pattern.prefix, pattern.suffix = _ordered(pattern.prefix, pattern.suffix)
    return pattern


def _ordered(
    prefix: tuple[str, str], suffix: tuple[str, str]
) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return affixes that keep a minus sign before its number, and the parts of ``US$`` in order.

    Among words from right to left a bare minus sign moves behind the number, and ``$`` before
    ``US`` (UAX 9, rules W6 and N1); an isolate holds each together.
    """
    after = suffix[0].replace("¤", _ISOLATED), suffix[1].replace("¤", _ISOLATED)
    if not prefix[1].endswith("-"):
        return prefix, after
    return (prefix[0], f"{prefix[1][:-1]}{_LRI}-"), (after[0], _PDI + after[1])


_LRI, _PDI = "\u2066", "\u2069"
_ISOLATED = f"{_LRI}¤{_PDI}"


def _bare(affixes: tuple[str, str]) -> tuple[str, str]:
    positive, negative = (
        text.replace("¤", "").strip(_BLANKS + _MARKS).replace("\u061c", "") for text in affixes
    )
    return positive, negative


def number_pattern(locale: Locale) -> NumberPattern:
    """Return the pattern of bare numbers."""
    pattern: NumberPattern = copy.copy(locale.decimal_formats[None])
    return pattern


def percent_pattern(locale: Locale) -> NumberPattern:
    """Return the pattern of percentages."""
    pattern: NumberPattern = copy.copy(locale.percent_formats[None])
    return pattern


def babel_writer(
    pattern: NumberPattern, locale: Locale, decimals: Decimals, currency: str | None = None
) -> Writer:
    """Return a function that lets Babel write a number; the reference of every faster one."""
    pattern.frac_prec = (decimals.least, decimals.most)

    def write(value: Decimal) -> str:
        with decimal.localcontext() as context:
            context.prec = 120
            return str(pattern.apply(value, locale, currency=currency, currency_digits=False))

    return write
