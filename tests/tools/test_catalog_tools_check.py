"""The catalogues of the project are complete, and the check finds what is not."""

from __future__ import annotations

import importlib.util
import io
import re
from decimal import Decimal
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from billhook.i18n.localizer import Translator
from billhook.i18n.numbers import formatter
from billhook.kernel.text import Label
from billhook.tools import catalog_tools
from i18n.load import load_script

ROOT = Path(__file__).parents[2]


catalogs = load_script("catalogs")


def test_every_catalogue_is_complete_and_the_glossary_is_fresh():
    assert list(catalogs.check()) == []


def test_the_labels_of_the_sources_are_found_with_their_plurals():
    labels = catalog_tools.template(ROOT / "core" / "billhook")

    assert labels["Invoice"].id == "Invoice"
    assert labels["Payable within {days} days"].pluralizable
    assert "duplicate" in labels["Copy"].auto_comments[0]


def test_each_catalogue_says_where_its_words_are_from():
    core = ROOT / "core" / "billhook"
    for language in catalog_tools.languages(core):
        catalogue = catalog_tools.read(catalog_tools.catalogue_path(core, language), language)

        assert len(catalog_tools.source_of(catalogue)) > len("unknown"), language


HEAD = """# Terms: a test.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && "
"(n%100<10 || n%100>=20) ? 1 : 2);\\n"

"""


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ('msgid "Pay {date}"\nmsgstr ""', ["'Pay {date}' is not translated"]),
        ("", ["'Pay {date}' is not translated"]),
        (
            'msgid "Pay {date}"\nmsgstr "Zapłać {data}"',
            ["'Pay {date}' and 'Zapłać {data}' have different places"],
        ),
        (
            '#, fuzzy\nmsgid "Pay {date}"\nmsgstr "Zapłać {date}"',
            ["'Pay {date}' is marked fuzzy: translate it, or leave it out"],
        ),
        (
            'msgid "Pay {date}"\nmsgstr "Zapłać {date} "',
            ["'Zapłać {date} ' begins or ends with a blank"],
        ),
        (
            'msgid "Pay {date}"\nmsgstr "Zapłać {date}"\n\nmsgid "Gone"\nmsgstr "Nie ma"',
            ["no source has 'Gone' any more"],
        ),
        ('msgid "Pay {date}"\nmsgstr "Zapłać {date}"', []),
    ],
)
def test_the_check_names_each_fault(entry, expected):
    labels = Catalog()
    labels.add("Pay {date}")
    catalogue = read_po(io.BytesIO((HEAD + entry + "\n").encode()), locale="pl")

    assert list(catalog_tools.faults(catalogue, labels)) == expected


def test_the_check_wants_the_languages_number_of_plural_forms():
    labels = Catalog()
    labels.add(("{n} days", "{n} days"))
    entry = (
        'msgid "{n} days"\nmsgid_plural "{n} days"\nmsgstr[0] "{n} dzień"\nmsgstr[1] "{n} dni"\n'
    )
    catalogue = read_po(io.BytesIO((HEAD + entry).encode()), locale="pl")

    assert "is not translated" in " ".join(catalog_tools.faults(catalogue, labels))


def test_a_region_may_be_partial_but_not_wrong():
    labels = Catalog()
    labels.add("Pay {date}")
    head = '# Terms: a test.\nmsgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    empty = read_po(io.BytesIO(head.encode()), locale="de_CH")
    wrong = read_po(
        io.BytesIO((head + 'msgid "Pay {date}"\nmsgstr "Zahlen"\n').encode()), locale="de_CH"
    )

    assert list(catalog_tools.faults(empty, labels)) == []
    assert list(catalog_tools.faults(wrong, labels)) == [
        "'Pay {date}' and 'Zahlen' have different places"
    ]


def test_a_package_with_labels_speaks_every_language_that_is_shipped():
    labels, plural = Catalog(), Catalog()
    labels.add("Pay {date}")
    plural.add(("{n} days", "{n} days"))
    all_but_two = [name for name in catalogs.SHIPPED if name not in {"fr", "pl"}]

    assert list(catalog_tools.missing(labels, all_but_two, catalogs.SHIPPED)) == [
        "there is no catalogue of fr pl"
    ]
    assert list(catalog_tools.missing(plural, catalogs.SHIPPED, catalogs.SHIPPED)) == [
        "there is no catalogue of en"
    ]
    assert list(catalog_tools.missing(labels, catalogs.SHIPPED, catalogs.SHIPPED)) == []
    assert list(catalog_tools.missing(Catalog(), [], catalogs.SHIPPED)) == []


def test_each_trade_speaks_the_languages_of_the_core():
    core, *trades = catalogs.packages()

    assert set(catalogs.SHIPPED) <= set(catalog_tools.languages(core))
    for trade in trades:
        assert set(catalog_tools.languages(trade)) <= set(catalog_tools.languages(core)), trade.name


def test_writing_a_catalogue_again_changes_nothing(tmp_path):
    source = catalog_tools.catalogue_path(ROOT / "core" / "billhook", "pl")
    copy = tmp_path / "pl.po"
    catalog_tools.write(copy, catalog_tools.read(source, "pl"))

    assert copy.read_text(encoding="utf-8") == source.read_text(encoding="utf-8")


def test_the_build_hook_compiles_every_catalogue_for_the_wheel_only():
    pytest.importorskip("hatchling")
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    hook = module.CatalogueHook(str(ROOT), {}, None, None, "", "wheel")
    editable, wheel = {"force_include": {}}, {"force_include": {}}
    hook.initialize("editable", editable)
    hook.initialize("standard", wheel)
    places = set(wheel["force_include"].values())
    hook.finalize("standard", {}, "")

    assert editable["force_include"] == {}
    assert "billhook/locale/de/LC_MESSAGES/billhook.mo" in places
    sources = [path for package in catalogs.packages() for path in package.glob("locale/*/*/*.po")]
    assert len(places) == len(sources)
    assert not any(Path(compiled).exists() for compiled in wheel["force_include"])


def test_the_outside_plugin_is_translated_wholly():
    package = ROOT / "examples" / "outside_plugin" / "src" / "billhook_utility"

    assert list(catalog_tools.check(package)) == []
    for language in catalog_tools.languages(package):
        catalogue = catalog_tools.read(catalog_tools.catalogue_path(package, language), language)
        assert catalog_tools.rules_of(catalogue) == "all", language


PERCENTAGE = re.compile(r"[%٪][\u00a0\u202f ]?\{(\w+)\}|\{(\w+)\}[\u00a0\u202f ]?[%٪]")
PACKAGES = catalogs.packages()


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_percentages_in_words_are_written_as_cldr_writes_them(package):
    for language in catalog_tools.languages(package):
        usual = formatter(language).percent(Decimal(5)).strip("\u200e\u200f\u061c")
        for message in catalog_tools.read(
            catalog_tools.catalogue_path(package, language), language
        ):
            for text in catalog_tools.texts(message):
                for found in PERCENTAGE.finditer(text):
                    place = found[1] or found[2]
                    assert found[0] == usual.replace("5", f"{{{place}}}"), (language, text)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_an_english_bill_has_no_blank_before_a_percent_sign(package):
    speak = Translator(["en_US"])
    for message in catalog_tools.template(package):
        label = Label(package.name, catalog_tools.key(message))
        assert " %" not in speak.text(label), label
