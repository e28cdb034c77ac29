"""Translation of labels, its fallbacks, plurals, and documents in two languages."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from decimal import Decimal as D

import pytest

from billhook.i18n import captions
from billhook.i18n.locales import chain
from billhook.i18n.localizer import Translator, translate
from billhook.i18n.message_catalogs import compile_po, languages, load
from billhook.kernel.figure import given as figure
from billhook.kernel.text import Label, labels

_ = labels("billhook")

STANDARD_WORDS = {
    "de": ("Rechnung", "Zahlbetrag"),
    "fr": ("Facture", "Net à payer"),
    "pl": ("Faktura", "Do zapłaty"),
    "es": ("Factura", "Total a pagar"),
    "it": ("Fattura", "Totale da pagare"),
    "nl": ("Factuur", "Te betalen"),
    "sv": ("Faktura", "Att betala"),
    "he": ("חשבונית", "סכום לתשלום"),
    "ja": ("請求書", "ご請求金額"),
}


def test_labels_come_in_at_least_24_languages():
    assert len({name.partition("_")[0] for name in languages()}) >= 24


@pytest.mark.parametrize("language", STANDARD_WORDS)
def test_a_bill_bears_the_languages_standard_words(language):
    assert (
        translate(captions.INVOICE, language),
        translate(captions.AMOUNT_DUE, language),
    ) == STANDARD_WORDS[language]


def test_a_region_falls_back_to_its_language_and_that_to_english():
    assert translate(captions.VAT_NUMBER, "de_CH") == "MWST-Nummer"
    assert translate(captions.INVOICE, "de_CH") == "Rechnung"
    assert translate(_("No catalogue has this"), "de_CH") == "No catalogue has this"
    assert translate(captions.INVOICE, "is") == "Invoice"


def test_fallback_follows_cldrs_inheritance_and_never_changes_the_script():
    assert chain("es_MX") == ("es_MX", "es_419", "es")
    assert chain("pt_AO") == ("pt_AO", "pt_PT", "pt")
    assert chain("zh_TW") == ("zh_Hant_TW", "zh_Hant")
    assert chain("zh_CN") == ("zh_Hans_CN", "zh_Hans", "zh")
    assert chain("no") == ("nb",)
    assert translate(captions.CREDIT_NOTE, "es_MX") == "Nota de crédito"
    assert translate(captions.CREDIT_NOTE, "es_ES") == "Factura rectificativa"


def test_parameters_are_formatted_in_the_readers_locale():
    label = captions.early_payment(figure(D("2.5"), "%", "test"), dt.date(2026, 11, 3))

    assert translate(label, "en_US") == "2.5% discount if paid by Nov 3, 2026"
    assert translate(label, "de") == "2,5\u00a0% Skonto bei Zahlung bis zum 03.11.2026"
    assert translate(captions.page_of(1, 1234), "de_CH") == "Seite 1 von 1’234"


def test_a_label_inside_a_label_is_translated():
    assert translate(captions.total_for(captions.FEES), "de") == "Summe Honorar"


def test_a_value_that_looks_like_a_place_is_not_filled_in_again():
    label = Label("billhook", "{a} and {b}", (("a", "{b}"), ("b", "x")))

    assert translate(label, "en") == "{b} and x"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", {1: "Payable within 1 day", 2: "Payable within 2 days"}),
        ("pl", {1: "Płatne w ciągu 1 dnia", 2: "Płatne w ciągu 2 dni", 5: "Płatne w ciągu 5 dni"}),
        ("ro", {1: "De plată în termen de 1 zi", 5: "De plată în termen de 5 zile",
                30: "De plată în termen de 30 de zile"}),
        ("uk", {21: "Оплата протягом 21 дня", 30: "Оплата протягом 30 днів"}),
        ("ar", {5: "مستحق الدفع خلال 5 أيام", 30: "مستحق الدفع خلال 30 يومًا"}),
        ("ja", {1: "1日以内にお支払いください", 30: "30日以内にお支払いください"}),
        ("is", {1: "Payable within 1 day", 30: "Payable within 30 days"}),
    ],
)  # fmt: skip
def test_plurals_follow_the_language(language, expected):
    found = {days: translate(captions.payable_within(days), language) for days in expected}

    assert found == expected


def test_a_label_without_a_whole_number_takes_the_plural():
    label = _("Payable within {days} days", days=D("1.5"))

    assert translate(label, "en") == "Payable within 1.5 days"


# ── two languages ────────────────────────────────────────────────────────────


def test_a_document_can_be_in_two_languages():
    assert Translator(["de", "en"]).text(captions.INVOICE) == "Rechnung / Invoice"
    assert Translator(["de", "en"]).texts(captions.INVOICE) == ("Rechnung", "Invoice")


def test_words_that_are_equal_are_printed_once():
    assert Translator(["de", "en"]).text(captions.IBAN) == "IBAN"


def test_each_language_is_isolated_when_one_runs_from_right_to_left():
    assert (
        Translator(["ar", "en"]).text(captions.INVOICE)
        == "\u2068فاتورة\u2069 / \u2068Invoice\u2069"  # noqa: RUF001
    )


def test_the_users_own_words_are_left_alone():
    assert Translator(["de"]).text("Invoice") == "Invoice"


def test_a_translator_needs_known_languages():
    with pytest.raises(ValueError, match="at least one language"):
        Translator([])
    with pytest.raises(ValueError, match="got 'klingon'"):
        Translator(["de", "klingon"])


# ── catalogues ───────────────────────────────────────────────────────────────


def test_a_domain_that_is_no_package_has_english_only():
    assert languages("no_such_package") == ("en",)
    assert translate(Label("no_such_package", "Fees"), "de") == "Fees"
    assert translate(Label("../etc", "Fees"), "de") == "Fees"


def test_a_plugin_brings_its_own_catalogue_and_is_not_imported_for_it(tmp_path, monkeypatch):
    place = tmp_path / "acme_bills" / "locale" / "de" / "LC_MESSAGES"
    place.mkdir(parents=True)
    (tmp_path / "acme_bills" / "__init__.py").write_text("raise SystemExit('imported')")
    (place / "acme_bills.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "Fees"\nmsgstr "Gebühren"\n',
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(tmp_path)

    assert translate(Label("acme_bills", "Fees"), "de_AT") == "Gebühren"
    assert languages("acme_bills") == ("de", "en")


def test_a_compiled_catalogue_serves_where_there_is_no_source(tmp_path, monkeypatch):
    place = tmp_path / "acme_wheel" / "locale" / "de" / "LC_MESSAGES"
    place.mkdir(parents=True)
    (tmp_path / "acme_wheel" / "__init__.py").touch()
    source = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    binary = compile_po(f'{source}msgid "Fees"\nmsgstr "Gebühren"\n'.encode())
    (place / "acme_wheel.mo").write_bytes(binary)
    monkeypatch.syspath_prepend(tmp_path)

    assert translate(Label("acme_wheel", "Fees"), "de") == "Gebühren"


def test_a_fuzzy_translation_is_not_printed():
    source = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    binary = compile_po(f'{source}#, fuzzy\nmsgid "Fees"\nmsgstr "Gebühr?"\n'.encode())

    assert b"Geb" not in binary


def test_catalogues_are_read_once():
    assert load("billhook", "de") is load("billhook", "de")


def test_the_package_itself_loads_nothing_heavy():
    code = "import sys, billhook.i18n; print('babel' in sys.modules)"
    paths = "import sys; sys.path[:0] = " + repr([p for p in sys.path if p])
    done = subprocess.run(
        [sys.executable, "-c", f"{paths}; {code}"], capture_output=True, text=True, check=True
    )

    assert done.stdout == "False\n"
