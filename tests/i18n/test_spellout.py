"""Amounts in words: worked examples, and no two amounts with the same words."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billhook.i18n.spellout.amounts import WORDINGS, amount_in_words
from billhook.i18n.spellout.numerals import LIMIT

# Numbers that show each language's irregular places; spelled by its orthography.
EXAMPLES = [
    ("en_US", "USD", "0.00", "zero US dollars"),
    ("en_US", "USD", "1.01", "one US dollar and one cent"),
    ("en_US", "USD", "1234.56",
     "one thousand two hundred thirty-four US dollars and fifty-six cents"),
    ("en_GB", "GBP", "1001.10", "one thousand and one pounds sterling and ten pence"),
    ("en_GB", "GBP", "119000", "one hundred and nineteen thousand pounds sterling"),
    ("de", "EUR", "1.00", "ein Euro"),
    ("de", "EUR", "21101.16", "einundzwanzigtausendeinhundertein Euro und sechzehn Cent"),
    ("de", "EUR", "1000030", "eine Million dreißig Euro"),
    ("de", "EUR", "101000000", "einhunderteine Millionen Euro"),
    ("de_CH", "CHF", "30.05", "dreissig Schweizer Franken und fünf Rappen"),
    ("fr", "EUR", "0.50", "zéro euro et cinquante centimes"),
    ("fr", "EUR", "71.81", "soixante et onze euros et quatre-vingt-un centimes"),
    ("fr", "EUR", "280.00", "deux cent quatre-vingts euros"),
    ("fr", "EUR", "200080000", "deux cents millions quatre-vingt mille euros"),
    ("fr", "EUR", "1000000", "un million d’euros"),
    ("fr_CA", "CAD", "2000000", "deux millions de dollars canadiens"),
    ("fr", "EUR", "1991.21", "mille neuf cent quatre-vingt-onze euros et vingt et un centimes"),
    ("es", "EUR", "21.31", "veintiún euros con treinta y un céntimos"),
    ("es", "EUR", "100100", "cien mil cien euros"),
    ("es", "EUR", "1515.22", "mil quinientos quince euros con veintidós céntimos"),
    ("es_US", "USD", "1000000", "un millón de dólares estadounidenses"),
    ("it", "EUR", "1.01", "un euro e un centesimo"),
    ("it", "EUR", "28.03", "ventotto euro e tre centesimi"),
    ("it", "EUR", "1123.00", "millecentoventitré euro"),
    ("it", "EUR", "23023.00", "ventitremilaventitré euro"),
    ("it_CH", "CHF", "2000000", "due milioni di franchi svizzeri"),
    ("pt_BR", "BRL", "1016.00", "mil e dezesseis reais"),
    ("pt_PT", "EUR", "1016.00", "mil e dezasseis euros"),
    ("pt_BR", "BRL", "2300.00", "dois mil e trezentos reais"),
    ("pt_BR", "BRL", "100.19", "cem reais e dezenove centavos"),
    ("pt_BR", "BRL", "1000000", "um milhão de reais"),
    ("nl", "EUR", "1.22", "één euro en tweeëntwintig cent"),
    ("nl", "EUR", "1234.56",
     "duizend tweehonderdvierendertig euro en zesenvijftig cent"),
    ("nl", "EUR", "83073.00", "drieëntachtigduizend drieënzeventig euro"),
]  # fmt: skip

PAIRS = [(language, currency) for language, speech in WORDINGS.items() for currency in speech.nouns]


@pytest.mark.parametrize(("locale", "currency", "value", "expected"), EXAMPLES)
def test_worked_examples(locale, currency, value, expected):
    assert amount_in_words(D(value), currency, locale) == expected


@pytest.mark.parametrize("language", WORDINGS)
def test_all_small_amounts_have_words_of_their_own(language):
    currency = next(iter(WORDINGS[language].nouns))
    units = [amount_in_words(D(n), currency, language) for n in range(10_000)]
    cents = [amount_in_words(D(n).scaleb(-2), currency, language) for n in range(1000)]

    assert len({*units, *cents}) == 10_000 + 1000 - 10


@given(pair=st.sampled_from(PAIRS), one=st.integers(0, LIMIT * 100 - 1), two=st.data())
@settings(max_examples=200, deadline=None)
def test_two_amounts_never_have_the_same_words(pair, one, two):
    language, currency = pair
    step = two.draw(st.sampled_from((1, 10, 90, 100, 1000, 10**5, 10**6, 10**8, 10**9)))
    other = (one + step) % (LIMIT * 100)
    texts = [amount_in_words(D(cents).scaleb(-2), currency, language) for cents in (one, other)]

    assert texts[0] != texts[1]
    assert all(text and text == " ".join(text.split()) for text in texts)


@pytest.mark.parametrize(
    ("value", "currency", "locale"),
    [
        ("1", "JPY", "en_US"),  # no hundredths
        ("1", "KWD", "en_US"),  # thousandths
        ("1", "EUR", "pl"),  # a language without tests
        ("1", "PLN", "de"),  # a currency without a name
        ("1", "CHF", "fr_CH"),  # septante, nonante
        ("1", "USD", "en_IN"),  # lakh, crore
        ("-1", "EUR", "de"),
        ("1000000000", "EUR", "de"),  # Milliarde, milliard, mil millones, bilhão
        ("0.001", "EUR", "de"),
        ("NaN", "EUR", "de"),
    ],
)
def test_what_is_not_known_to_be_right_is_refused(value, currency, locale):
    assert amount_in_words(D(value), currency, locale) is None
