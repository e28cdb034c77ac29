"""Amounts: byte-equal with Babel, ISO 4217's decimals, and never rounded."""

from __future__ import annotations

import decimal
from decimal import Decimal as D

import pytest
from babel import Locale, localedata
from babel.core import get_global
from babel.numbers import format_currency, get_currency_precision
from hypothesis import given, settings
from hypothesis import strategies as st

from billhook.i18n import direction
from billhook.i18n.number_format import DecimalPlaces, compile_format
from billhook.i18n.numbers import Formatter, formatter
from billhook.kernel.currencies import MINOR_UNITS
from billhook.render.pdf.writer import bidi

LOCALES = """
    en_US en_GB en_IN en_US_POSIX de de_AT de_CH fr fr_CH fr_CA es es_MX pt_BR pt_PT it it_CH nl
    pl cs sk sl hr hu ro el sv da nb fi tr uk ar ar_EG he fa hi bn ta mr th ja zh ko dz lv sr
"""
CURRENCIES = ("USD", "EUR", "CHF", "JPY", "KWD", "IQD", "INR", "HUF", "CLF")
VALUES = ("0", "1", "-1", "12.34", "-999.99", "1234.5", "-98765.43", "12345678.9", "-1234567890.12")


def babel(value: D, currency: str, locale: str) -> str:
    """Return what Babel prints, with ISO 4217's decimals where CLDR's are others."""
    minor = MINOR_UNITS[currency]
    if get_currency_precision(currency) == minor:
        return format_currency(value, currency, locale=locale)
    pattern = Locale.parse(locale).currency_formats["standard"].pattern
    digits = "0" if minor == 0 else f"0.{'0' * minor}"
    return format_currency(
        value, currency, pattern.replace("0.00", digits), locale=locale, currency_digits=False
    )


def bare(text: str) -> str:
    """Return an amount without the isolates that keep its order among words from the right."""
    return text.replace("\u2066", "").replace("\u2069", "")


def differing(form: Formatter, currency: str, values: tuple[str, ...]) -> list[str]:
    step = D(1).scaleb(-MINOR_UNITS[currency])
    found = []
    for text in values:
        value = D(text).quantize(step, decimal.ROUND_DOWN) or D(0)
        if bare(form.amount(value, currency)) != babel(value, currency, str(form.locale)):
            found.append(f"{form.locale} {value} {currency}")
    return found


@pytest.mark.parametrize("locale", LOCALES.split())
def test_amounts_are_byte_equal_with_babel_in_the_main_locales(locale):
    form = Formatter(locale)
    found = [text for currency in CURRENCIES for text in differing(form, currency, VALUES)]

    assert found == []


@pytest.mark.slow
def test_amounts_are_byte_equal_with_babel_in_every_locale_and_currency():
    found = []
    for locale in localedata.locale_identifiers():
        form = Formatter(locale)
        for currency in MINOR_UNITS:
            found += differing(form, currency, ("-1234567.89", "1234.5"))

    assert found == []


@given(
    cents=st.integers(-(10**17), 10**17),
    locale=st.sampled_from(LOCALES.split()),
    currency=st.sampled_from(CURRENCIES),
)
@settings(max_examples=200, deadline=None)
def test_any_amount_is_byte_equal_with_babel(cents, locale, currency):
    value = D(cents).scaleb(-MINOR_UNITS[currency])

    assert bare(formatter(locale).amount(value, currency)) == babel(value, currency, locale)


@given(
    cents=st.integers(-(10**20), 10**20),
    locale=st.sampled_from(LOCALES.split()),
    sign=st.booleans(),
)
@settings(max_examples=200, deadline=None)
def test_the_digits_of_an_amount_are_the_digits_of_its_text(cents, locale, sign):
    text = formatter(locale).amount(D(cents).scaleb(-2), "EUR", accounting=sign, symbol=False)

    digits = "".join(char for char in text if char in "0123456789")
    assert digits == f"{abs(cents):03}"
    assert (cents < 0) == ("-" in text or "(" in text)


def test_currencies_have_the_decimals_of_iso_4217_not_of_shops():
    english = formatter("en_US")

    assert english.amount(D("1234.500"), "IQD") == "IQD1,234.500"
    assert english.amount(D(1234), "JPY") == "¥1,234"
    assert english.amount(D("1234.50"), "HUF") == "HUF1,234.50"
    assert english.amount(D("1.2345"), "CLF") == "CLF1.2345"


def test_every_currency_of_cldr_that_can_be_billed_has_a_symbol_or_its_code():
    for currency in set(get_global("currency_fractions")) & set(MINOR_UNITS):
        assert formatter("de").amount(D(1), currency).startswith("1")


@pytest.mark.parametrize(
    ("locale", "currency", "value", "expected"),
    [
        ("en_IN", "INR", "-12345678.90", "(₹1,23,45,678.90)"),
        ("en_IN", "INR", "12345678.90", "₹1,23,45,678.90"),
        ("te_IN", "INR", "-12345678.90", "(₹1,23,45,678.90)"),
        ("hi", "INR", "-12345678.90", "-₹1,23,45,678.90"),
        ("en_US", "USD", "-1234.50", "($1,234.50)"),
        ("de", "EUR", "-1234.50", "-1.234,50\u00a0€"),
    ],
)
def test_accounting_style_keeps_the_grouping_of_the_standard_style(
    locale, currency, value, expected
):
    assert formatter(locale).amount(D(value), currency, accounting=True) == expected


@pytest.mark.parametrize("locale", LOCALES.split())
def test_accounting_style_is_babels_where_babel_groups_alike(locale):
    formats = Locale.parse(locale).currency_formats
    if formats["accounting"].grouping != formats["standard"].grouping:
        pytest.skip("CLDR groups the two styles differently here")
    for value in (D("-1234567.89"), D("1234.50")):
        expected = format_currency(value, "EUR", locale=locale, format_type="accounting")

        assert bare(formatter(locale).amount(value, "EUR", accounting=True)) == expected


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("de_CH", "CHF-1’234’567.50"),
        ("fr_CH", "-1\u202f234\u202f567,50\u00a0CHF"),
        ("ar", "\u200f\u2066-1,234,567.50\u2069\u00a0\u2066CHF\u2069"),
        ("he", "\u200f\u2066-1,234,567.50\u2069\u00a0\u200f\u2066CHF\u2069"),
    ],
)
def test_swiss_and_semitic_amounts_look_as_cldr_wants(locale, expected):
    assert formatter(locale).amount(D("-1234567.50"), "CHF") == expected


@pytest.mark.parametrize("locale", ["ar", "he"])
@pytest.mark.parametrize(("currency", "symbol"), [("USD", ("US$", "$")), ("AUD", ("AU$", "A$"))])
def test_minus_and_symbol_keep_their_order_among_words_from_right_to_left(locale, currency, symbol):
    text = formatter(locale).amount(D("-1234.50"), currency)
    seen = "".join(
        piece[::-1] if right_to_left else piece
        for piece, right_to_left in bidi.stretches(text, bidi.levels(text, "rtl"), "rtl")
    )
    shown = direction.without_marks(seen)

    assert "-1,234.50" in shown
    assert shown.startswith(symbol)


def test_a_column_without_symbols_keeps_the_currencys_grouping_and_decimals():
    assert formatter("en_IN").amount(D("-1234567.50"), "INR", symbol=False) == "-12,34,567.50"
    assert formatter("ar").amount(D("-1234567.500"), "KWD", symbol=False) == "-1,234,567.500"
    assert formatter("de_CH").amount(D(-1234567), "JPY", symbol=False) == "-1’234’567"
    bracketed = formatter("en_US").amount(D("-1.50"), "USD", accounting=True, symbol=False)
    assert bracketed == "(1.50)"


def test_zero_has_no_sign():
    # Babel writes -$0.00 for Decimal("-0.00"); a bill does not.
    assert formatter("en_US").amount(D("-0.00"), "USD") == "$0.00"
    assert formatter("en_US").amount(D("-0.00"), "USD", accounting=True) == "$0.00"
    assert formatter("de").percent(D("-0.0")) == "0\u00a0%"


def test_an_amount_is_never_rounded_when_it_is_printed():
    with pytest.raises(ValueError, match=r"0\.125 is not a multiple of 0\.01"):
        formatter("de").amount(D("0.125"), "EUR")
    with pytest.raises(ValueError, match="not a multiple of 1"):
        formatter("ja").amount(D("0.5"), "JPY")


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_not_printed(value):
    form = formatter("en_US")

    with pytest.raises(ValueError, match="not a finite number"):
        form.amount(D(value), "USD")
    with pytest.raises(ValueError, match="not a finite number"):
        form.quantity(D(value))


def test_a_value_on_the_grid_may_be_written_with_any_exponent():
    form = formatter("en_US")

    assert form.amount(D("1E+3"), "USD") == "$1,000.00"
    assert form.amount(D("5.1000"), "USD") == "$5.10"
    assert form.amount(D(7), "USD") == "$7.00"


def test_an_unknown_currency_or_locale_is_refused():
    with pytest.raises(ValueError, match="'XAU' is not an ISO 4217"):
        formatter("en_US").amount(D(1), "XAU")
    with pytest.raises(ValueError, match="expected a locale such as 'de_CH'"):
        formatter("klingon")


def test_the_ambient_decimal_context_changes_nothing():
    expected = formatter("pl").amount(D("-1234567.89"), "EUR")
    with decimal.localcontext() as context:
        context.prec = 2
        context.rounding = decimal.ROUND_UP

        assert formatter("pl").amount(D("-1234567.89"), "EUR") == expected
        assert formatter("bg").amount(D("-1234567.89"), "EUR") == expected
        assert formatter("cs").percent(D("12.345")) == "12,345\u00a0%"


def test_where_babel_writes_in_an_unforeseen_way_babel_is_used():
    def least_five_digits(value: D) -> str:
        return f"{value:,.2f}" if abs(value) >= 10_000 else f"{value:.2f}"

    write = compile_format(least_five_digits, DecimalPlaces(2, 2))

    assert write(D("1234.50")) == "1234.50"
    assert write(D("12345.50")) == "12,345.50"
    with pytest.raises(ValueError, match="not a multiple"):
        write(D("0.001"))
