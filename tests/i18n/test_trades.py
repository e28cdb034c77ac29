"""The bills of the three trades are printed in each language that is shipped."""

from __future__ import annotations

import functools
import re
from pathlib import Path

import attrs
import pytest

from billhook.i18n.localizer import translate
from billhook.kernel.text import Label
from billhook.model.document import Document
from billhook.project import LoadedJob, load_project
from billhook.render import render
from i18n.load import load_script

ROOT = Path(__file__).parents[2]
JOBS = {
    "construction": "application-2",
    "freight": "hallberg-kw25",
    "legal": "june@2026-0131",
}


catalogs = load_script("catalogs")


@functools.cache
def bill(trade: str) -> tuple[LoadedJob, Document]:
    path = ROOT / "examples" / trade / "jobs" / f"{JOBS[trade]}.toml"
    loaded = load_project(path).job(path)
    return loaded, loaded.documents()[0]


@functools.cache
def printed(trade: str, language: str) -> str:
    loaded, document = bill(trade)
    document = attrs.evolve(document, invoice=attrs.evolve(document.invoice, locale=language))
    settings = attrs.evolve(loaded.print, languages=())
    return render(document, loaded.engine.sections(document), "text", settings).decode()


HEADS = {
    "construction": {"Earned less retention", "Balance to finish", "Approved changes", "Item"},
    "freight": {"Fuel index", "Shipments", "Weight", "Services"},
    "legal": {"Timekeepers", "Matter", "Expense"},
}


@pytest.mark.parametrize("trade", JOBS)
@pytest.mark.parametrize("language", catalogs.SHIPPED)
def test_a_bill_has_no_english_heads_in_another_language(trade, language):
    words = re.compile(r"\b|\b".join(map(re.escape, sorted(HEADS[trade]))))
    same = HEADS[trade] & SPELT_ALIKE.get(language, set())

    assert set(words.findall(printed(trade, "en"))) == HEADS[trade]
    assert set(words.findall(printed(trade, language))) - same == set()


SPELT_ALIKE = {"pt": {"Item"}}


@pytest.mark.parametrize(
    ("language", "count", "expected"),
    [
        ("en", 1, "1 shipment"),
        ("en", 2, "2 shipments"),
        ("de", 1, "1 Sendung"),
        ("pl", 1, "1 przesyłka"),
        ("pl", 3, "3 przesyłki"),
        ("pl", 5, "5 przesyłek"),
        ("sl", 2, "2 pošiljki"),
        ("cs", 5, "5 zásilek"),
        ("fr", 0, "0 envoi"),
        ("ja", 7, "7件"),
    ],
)
def test_shipments_are_counted_as_the_language_does(language, count, expected):
    label = Label("billhook_freight", "{count} shipments", (("count", count),))

    assert translate(label, language) == expected


def test_retainage_and_retention_are_one_word_elsewhere():
    for language in catalogs.SHIPPED:
        words = [
            translate(Label("billhook_construction", f"Ret{end}"), language)
            for end in ("ainage", "ention")
        ]

        assert words[0] == words[1], language


def test_switzerland_writes_no_sharp_s():
    label = Label("billhook_legal", "{date} is outside the period billed", (("date", "X"),))

    assert translate(label, "de_CH") == "X liegt ausserhalb des Abrechnungszeitraums"
