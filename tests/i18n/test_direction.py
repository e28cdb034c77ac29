"""Paper by territory, direction by script, isolates around data."""

from __future__ import annotations

from decimal import Decimal as D

import pytest

from billhook.i18n.direction import (
    IsolateKind,
    has_rtl,
    is_rtl,
    isolate,
    isolated_where_needed,
    without_marks,
)
from billhook.i18n.locales import is_locale, territory
from billhook.i18n.numbers import formatter
from billhook.i18n.paper import A4, LETTER, paper


@pytest.mark.parametrize("country", ["US", "CA", "MX", "PH", "CL", "VE"])
def test_letter_is_the_paper_of_north_america_and_some_others(country):
    assert paper(country) == LETTER


@pytest.mark.parametrize("country", ["DE", "GB", "JP", "BR", "AR", None])
def test_a4_is_the_paper_elsewhere(country):
    assert paper(country) == A4


def test_paper_can_be_chosen_by_a_locales_territory():
    assert paper(territory("en_US")) == LETTER
    assert paper(territory("en")) == A4


def test_arabic_and_hebrew_run_from_right_to_left():
    assert [is_rtl(locale) for locale in ("ar_EG", "he", "fa", "ur")] == [True] * 4
    assert [is_rtl(locale) for locale in ("en", "ja", "hi")] == [False] * 3


def test_codes_are_kept_left_to_right_and_words_follow_their_letters():
    assert isolate("+20 2 1234-5678", IsolateKind.CODE) == "\u2066+20 2 1234-5678\u2069"
    assert isolate("Acme Ltd.", IsolateKind.WORDS) == "\u2068Acme Ltd.\u2069"
    assert isolate("", IsolateKind.WORDS) == ""


def test_a_document_from_left_to_right_isolates_only_foreign_words():
    assert isolated_where_needed("Acme Ltd.", IsolateKind.WORDS, "en") == "Acme Ltd."
    assert isolated_where_needed("شركة", IsolateKind.WORDS, "en") == "\u2068شركة\u2069"
    assert isolated_where_needed("INV-1", IsolateKind.CODE, "ar") == "\u2066INV-1\u2069"
    assert has_rtl("Acme שלום")


def test_plain_text_can_do_without_the_marks():
    amount = formatter("he").amount(D("-1.50"), "ILS")

    assert without_marks(amount) == "-1.50\u00a0₪"
    assert without_marks(isolate(amount, IsolateKind.FORMATTED)) == "-1.50\u00a0₪"


def test_a_locale_may_be_written_with_a_hyphen_and_a_wrong_one_is_found():
    assert is_locale("de-CH")
    assert is_locale("fr_US")
    assert formatter("de-CH").locale == formatter("de_CH").locale
    assert not is_locale("klingon")
    assert not is_locale("")
    assert not is_locale("de_CH.UTF-8 ")
