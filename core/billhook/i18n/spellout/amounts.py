"""Amounts in words, where a law or a custom wants them: only for pairs that are tested."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import attrs

from billhook.i18n.locales import babel_locale
from billhook.i18n.number_format import EXACT, on_grid
from billhook.i18n.spellout import numerals
from billhook.i18n.spellout.numerals import LIMIT, Numeral

_CENT = Decimal("0.01")


@attrs.frozen
class Noun:
    """A currency's names: one and several of the unit, one and several of the hundredth."""

    one: str
    many: str
    cent: str
    cents: str


@attrs.frozen(kw_only=True)
class AmountWording:
    """Wording of amounts in a language.

    Attributes:
        nouns: Names by currency.
        link: Word between the unit and the hundredths.
        of: Word between a round million and the unit: ``un millón de euros``.
        of_vowel: The same before a vowel, where it differs: ``un million d’euros``.
        singular_zero: Zero takes the singular, as in French.
    """

    nouns: Mapping[str, Noun]
    link: str
    of: str = ""
    of_vowel: str = ""
    singular_zero: bool = False


WORDINGS: dict[str, AmountWording] = {
    "en": AmountWording(
        nouns={
            "AUD": Noun("Australian dollar", "Australian dollars", "cent", "cents"),
            "CAD": Noun("Canadian dollar", "Canadian dollars", "cent", "cents"),
            "CHF": Noun("Swiss franc", "Swiss francs", "centime", "centimes"),
            "EUR": Noun("euro", "euros", "cent", "cents"),
            "GBP": Noun("pound sterling", "pounds sterling", "penny", "pence"),
            "NZD": Noun("New Zealand dollar", "New Zealand dollars", "cent", "cents"),
            "USD": Noun("US dollar", "US dollars", "cent", "cents"),
        },
        link="and",
    ),
    "de": AmountWording(
        nouns={
            "CHF": Noun("Schweizer Franken", "Schweizer Franken", "Rappen", "Rappen"),
            "EUR": Noun("Euro", "Euro", "Cent", "Cent"),
            "USD": Noun("US-Dollar", "US-Dollar", "Cent", "Cent"),
        },
        link="und",
    ),
    "fr": AmountWording(
        nouns={
            "CAD": Noun("dollar canadien", "dollars canadiens", "cent", "cents"),
            "EUR": Noun("euro", "euros", "centime", "centimes"),
            "USD": Noun("dollar américain", "dollars américains", "cent", "cents"),
        },
        link="et",
        of="de ",
        of_vowel="d’",
        singular_zero=True,
    ),
    "es": AmountWording(
        nouns={
            "EUR": Noun("euro", "euros", "céntimo", "céntimos"),
            "USD": Noun("dólar estadounidense", "dólares estadounidenses", "centavo", "centavos"),
        },
        link="con",
        of="de ",
    ),
    "it": AmountWording(
        nouns={
            "CHF": Noun("franco svizzero", "franchi svizzeri", "centesimo", "centesimi"),
            "EUR": Noun("euro", "euro", "centesimo", "centesimi"),
            "USD": Noun("dollaro statunitense", "dollari statunitensi", "centesimo", "centesimi"),
        },
        link="e",
        of="di ",
    ),
    "pt": AmountWording(
        nouns={
            "BRL": Noun("real", "reais", "centavo", "centavos"),
            "EUR": Noun("euro", "euros", "cêntimo", "cêntimos"),
            "USD": Noun("dólar americano", "dólares americanos", "centavo", "centavos"),
        },
        link="e",
        of="de ",
    ),
    "nl": AmountWording(
        nouns={
            "EUR": Noun("euro", "euro", "cent", "cent"),
            "USD": Noun("Amerikaanse dollar", "Amerikaanse dollar", "cent", "cent"),
        },
        link="en",
    ),
}
"""The tested pairs of language and currency."""

_NUMERALS: dict[str, Numeral] = {
    "en": numerals.british,
    "en_US": numerals.english,
    "en_CA": numerals.english,
    "de": numerals.german,
    "de_CH": numerals.swiss_german,
    "de_LI": numerals.swiss_german,
    "fr": numerals.french,
    "es": numerals.spanish,
    "it": numerals.italian,
    "pt": numerals.brazilian,
    "pt_PT": numerals.portuguese,
    "nl": numerals.dutch,
}

_OTHER_NUMERALS = frozenset(("fr_BE", "fr_CH", "fr_CD", "fr_RW", "fr_BI", "en_IN"))
"""Countries that say numbers otherwise: septante and nonante, lakh and crore."""


def amount_in_words(value: Decimal, currency: str, locale: str) -> str | None:
    """Return an amount in words, or ``None`` where that is not known to be right.

    Known are the pairs in `WORDINGS`, for amounts from 0 to 999,999,999.99.
    """
    place = babel_locale(locale)
    wording, name = WORDINGS.get(place.language), f"{place.language}_{place.territory}"
    if wording is None or currency not in wording.nouns or name in _OTHER_NUMERALS:
        return None
    try:
        hundredths = int(on_grid(value, _CENT).scaleb(2, EXACT))
    except ValueError:
        return None
    if not 0 <= hundredths < LIMIT * 100:
        return None
    numeral = _NUMERALS.get(name) or _NUMERALS[place.language]
    return _compose(*divmod(hundredths, 100), wording, wording.nouns[currency], numeral)


def _compose(units: int, cents: int, wording: AmountWording, noun: Noun, numeral: Numeral) -> str:
    text = f"{numeral(units)} {_unit(units, wording, noun)}"
    if not cents:
        return text
    return f"{text} {wording.link} {numeral(cents)} {noun.cent if cents == 1 else noun.cents}"


def _unit(units: int, wording: AmountWording, noun: Noun) -> str:
    if units == 1 or (units == 0 and wording.singular_zero):
        return noun.one
    if wording.of and units and units % 1_000_000 == 0:
        vowel = noun.many[0] in "aeiou"
        return ((vowel and wording.of_vowel) or wording.of) + noun.many
    return noun.many
