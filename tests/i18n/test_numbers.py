"""Prices, quantities, percentages, units, dates and figures in a locale."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D

import pytest
from babel import Locale
from babel.numbers import format_decimal, format_percent
from hypothesis import given, settings
from hypothesis import strategies as st

from billhook.i18n.message_catalogs import languages
from billhook.i18n.numbers import formatter
from billhook.i18n.units import LABELS, SYMBOLS, UNITS
from billhook.kernel.figure import given as figure
from billhook.kernel.text import Period

LANGUAGES = languages()


@given(
    value=st.decimals(-(10**12), 10**12, places=8),
    language=st.sampled_from(LANGUAGES),
)
@settings(max_examples=200, deadline=None)
def test_quantities_are_byte_equal_with_babel(value, language):
    value = value or D(0)
    grouping = Locale.parse(language).decimal_formats[None].pattern.partition(".")[0]
    expected = format_decimal(value, f"{grouping}.########", locale=language)

    assert formatter(language).quantity(value) == expected
    assert formatter(language).number(value) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_percentages_are_byte_equal_with_babel(language):
    for text in ("19", "7.5", "-2.25", "8.875"):
        expected = format_percent(D(text) / 100, locale=language, decimal_quantization=False)

        assert formatter(language).percent(D(text)) == expected


def test_a_unit_price_keeps_its_decimals_and_has_the_currencys_at_least():
    english = formatter("en_US")

    assert english.price(D("0.0825"), "USD") == "$0.0825"
    assert english.price(D(250), "USD") == "$250.00"
    assert english.price(D("195.12345678"), "JPY") == "¥195.12345678"
    assert formatter("de").price(D("1234.5"), "EUR") == "1.234,50\u00a0€"


def test_a_price_per_unit_names_the_unit():
    assert formatter("en_US").price(D(250), "USD", "h") == "$250.00/h"
    assert formatter("fr").price(D("12.5"), "EUR", "m2") == "12,50\u00a0€/m²"
    assert formatter("en_US").price(D("41.75"), "USD", "cwt") == "$41.75/cwt"


def test_more_decimals_than_are_printed_are_a_mistake():
    form = formatter("en_US")

    with pytest.raises(ValueError, match="more than 9 decimals"):
        form.price(D("0.1234567891"), "USD")
    with pytest.raises(ValueError, match="more than 9 decimals"):
        form.quantity(D("0.1234567891"))
    assert form.number(D("0.123456789")) == "0.123456789"


def test_a_quantity_can_have_decimals_at_least():
    assert formatter("en_US").quantity(D("1234.5"), least=2) == "1,234.50"
    assert formatter("en_US").quantity(D("1.255"), least=2) == "1.255"
    assert formatter("de").unit(D(3), "h", least=2) == "3,00 Std."


# ── units ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_unit_is_written_with_its_number_in_every_language(language):
    form = formatter(language)
    for code in {*UNITS, *LABELS, *SYMBOLS, "XYZ"}:
        for value in (D(0), D(1), D(2), D("2.5"), D(5), D(21), D(100)):
            text = form.unit(value, code)

            assert form.quantity(value) in text, (code, value)
            assert len(text) > len(form.quantity(value)), (code, value)
            assert UNITS.get(code, "?") not in text, (code, text)


def test_units_inflect_by_the_languages_plural():
    polish = formatter("pl")
    days = [polish.unit(D(text), "d").replace("\u00a0", " ") for text in ("1", "2", "5", "1.5")]

    assert days == ["1 dzień", "2 dni", "5 dni", "1,5 dnia"]


def test_where_cldr_has_no_singular_the_common_form_is_taken():
    # Babel's format_unit says "1 horas".
    assert formatter("es").unit(D(1), "h").replace("\u00a0", " ") == "1 h"


def test_a_number_is_printed_where_the_language_has_a_word_for_two():
    # CLDR: שעתיים, "two hours" in one word, which a column of numbers cannot use.
    assert formatter("he").unit(D(2), "h") == "2 שע׳"  # noqa: RUF001


@pytest.mark.parametrize(
    ("ours", "recommendation_20"),
    [("h", "HUR"), ("d", "DAY"), ("lb", "LBR"), ("kg", "KGM"), ("t", "TNE"), ("ton", "STN"),
     ("mi", "SMI"), ("km", "KMT"), ("m2", "MTK"), ("m3", "MTQ"), ("kWh", "KWH"), ("L", "LTR"),
     ("gal", "GLL"), ("pcs", "H87"), ("ls", "LS"), ("cwt", "CWA")],
)  # fmt: skip
def test_codes_of_recommendation_20_are_the_same_units(ours, recommendation_20):
    for language in ("en", "de", "ja"):
        form = formatter(language)

        assert form.unit(D("2.5"), ours) == form.unit(D("2.5"), recommendation_20)
        assert form.unit_name(ours) == form.unit_name(recommendation_20)


def test_units_that_cldr_lacks_come_from_the_catalogue():
    assert formatter("de_CH").unit(D(1234), "ea") == "1’234\u00a0Stk."
    assert formatter("pl").unit(D(3), "pcs") == "3\u00a0szt."
    assert formatter("fr").unit_name("ls") == "forfait"


# ── dates ────────────────────────────────────────────────────────────────────


def test_dates_are_written_as_the_locale_does():
    day = dt.date(2026, 11, 3)

    assert formatter("en_US").date(day) == "Nov 3, 2026"
    assert formatter("en_GB").date(day) == "3 Nov 2026"
    assert formatter("de_CH").date(day) == "03.11.2026"
    assert formatter("ja").date(day, "long") == "2026年11月3日"
    assert formatter("fr").date(day, "long") == "3 novembre 2026"


def test_a_period_names_what_differs_once():
    first, last = dt.date(2026, 11, 1), dt.date(2026, 11, 30)

    assert formatter("de").period(first, last) == "1.–30.\u2009Nov. 2026".replace("\u2009", " ")
    assert formatter("ja").period(first, last) == "2026年11月1日～30日"  # noqa: RUF001
    assert formatter("en_US").period(first, first) == "Nov 1, 2026"


# ── figures ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        ("1234.50", "USD", "$1,234.50"),
        ("0.0825", "USD", "$0.0825"),
        ("250", "USD/h", "$250.00/h"),
        ("7.5", "%", "7.5%"),
        ("1234.5", "1", "1,234.5"),
        ("2.5", "kg", "2.5 kg"),
        ("3", "XYZ", "3\u00a0XYZ"),
        ("4", "USD/XYZ", "$4.00/XYZ"),
    ],
)
def test_a_figure_is_written_by_its_unit(value, unit, expected):
    assert formatter("en_US").figure(figure(D(value), unit, "test")) == expected


def test_a_value_is_written_by_its_type():
    form = formatter("en_US")

    assert form.value("as it is, 1,5") == "as it is, 1,5"
    assert form.value(1234) == "1,234"
    assert form.value(D("0.5")) == "0.5"
    assert form.value(dt.date(2026, 1, 2)) == "Jan 2, 2026"
    assert form.value(figure(D(-5), "EUR", "test")) == "-€5.00"
    assert form.value(Period(dt.date(2026, 1, 2), dt.date(2026, 1, 2))) == "Jan 2, 2026"
