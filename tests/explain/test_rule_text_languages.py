"""Explanations speak the reader's language: wholly, or in English wholly."""

from __future__ import annotations

import datetime as dt
import functools
import io
from decimal import Decimal
from pathlib import Path

import attrs
import pytest
from babel.messages.pofile import read_po

from billhook.explain.narration import narrate
from billhook.explain.rule_text import MODES, RuleFormatter
from billhook.explain.rules import Rule, catalogue, rule_of
from billhook.explain.tree import figures_by_name
from billhook.i18n.localizer import localizer_of
from billhook.kernel.figure import PERCENT, PURE, banded, given, graph, ratio, rounded, total
from billhook.kernel.money import Mode
from billhook.model.section import RowStyle
from billhook.project import load_project
from billhook.render import render
from billhook.render.document.appendix import appendix
from billhook.tools import catalog_tools
from i18n.load import load_script

ROOT = Path(__file__).parents[2]
JOBS = (
    *(f"construction/jobs/application-{number}" for number in (1, 2, 3)),
    *(
        f"freight/jobs/{name}-kw25"
        for name in ("hallberg", "illertal", "moosach", "rheintal", "kaufbeuren")
    ),
    *(f"legal/jobs/june@{matter}" for matter in ("2026-0114", "2026-0131")),
)
CENT = Decimal("0.01")


catalogs = load_script("catalogs")


# ── the examples ─────────────────────────────────────────────────────────────


@functools.cache
def bills(job: str):
    path = ROOT / "examples" / f"{job}.toml"
    loaded = load_project(path).job(path)
    packages = [each.info.package for each in loaded.engine.plugins if each.info.package]
    return loaded, loaded.documents(), catalogue(*packages)


def in_locale(job: str, locale: str):
    document = bills(job)[1][0]
    return attrs.evolve(document, invoice=attrs.evolve(document.invoice, locale=locale))


def steps(job: str, *locales: str) -> str:
    """Return what the appendix says of each step, in lines."""
    document = in_locale(job, locales[0])
    (sheet,) = appendix(document, bills(job)[2], locales)
    rows = [row for row in sheet.blocks[1].rows if row.style is not RowStyle.GROUP]
    return "\n".join(row.cells[0] for row in rows if isinstance(row.cells[0], str))


@pytest.mark.parametrize("language", catalogs.EXPLAINED)
@pytest.mark.parametrize("job", JOBS)
def test_every_rule_of_an_example_bill_is_told_in_the_language(job, language):
    _, documents, rules = bills(job)
    figures = [figure for each in documents for figure in figures_by_name(each.invoice).values()]
    localizer = localizer_of(language)
    used = {node.rule for node in graph(*figures)}
    said = {id_: catalog_tools.texts_of(rule_of(id_, rules)) for id_ in used}

    assert used <= rules.keys()
    assert [
        (id_, text)
        for id_, texts in sorted(said.items())
        for text in texts
        if localizer.words(rules[id_].domain, text) is None
    ] == []


@pytest.mark.parametrize(
    ("job", "english", "german"),
    [
        (JOBS[0], "as reported for this application", "wie für diese Abschlagsrechnung gemeldet"),
        (JOBS[3], "as given with the shipment", "wie mit der Sendung angegeben"),
        (JOBS[8], "as the timekeeper entered it", "wie vom Bearbeiter eingetragen"),
    ],
)
def test_a_german_appendix_has_no_words_of_a_rule_in_english(job, english, german):
    lines = {line.lstrip("\u00a0") for line in steps(job, "de_DE").splitlines()}
    rules = [rule for rule in bills(job)[2].values() if "{" not in rule.title + rule.sentence]
    words = {f"{rule.title}: {rule.sentence}" if rule.sentence else rule.title for rule in rules}

    assert english in steps(job, "en_US")
    assert german in steps(job, "de_DE")
    assert lines & words == set()


def test_a_bill_in_two_languages_is_explained_in_both():
    both = "dieser Teil des Auftragswerts\u00a0/ cette part du montant du poste"

    assert both in steps(JOBS[0], "de_DE", "fr_FR")
    assert both not in steps(JOBS[0], "de_DE")


def test_english_that_stands_in_for_two_languages_stands_there_once():
    assert steps(JOBS[0], "da_DK", "sv_SE") == steps(JOBS[0], "da_DK")


@pytest.mark.parametrize("format_", ["text", "html", "pdf"])
def test_the_same_bill_is_explained_in_the_same_bytes(format_):
    loaded, _, rules = bills(JOBS[8])
    document = in_locale(JOBS[8], "fr_FR")
    settings = attrs.evolve(loaded.print, explain=True)
    sections = loaded.engine.sections(document)
    one, two = (render(document, sections, format_, settings, rules=rules) for _ in range(2))

    assert one == two
    assert one != render(document, sections, format_, settings, rules={})


# ── words and values ─────────────────────────────────────────────────────────


def told(rule: Rule, figure, language: str, *others: Rule) -> str:
    rules = {each.id: each for each in (rule, *others)}
    return (
        RuleFormatter(rules, localizer_of(language)).tell(attrs.evolve(figure, rule=rule.id)).line
    )


ROUNDED = Rule("x", "fee", "rounded {mode} to {step}", domain="billhook_legal")
FEE = rounded(given(Decimal("1.005"), "EUR", "x"), CENT, "x")


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("de_DE", "Honorar: kaufmännisch auf 0,01 gerundet"),
        ("fr_FR", "honoraires\u00a0: arrondi à 0,01 au plus proche, la moitié vers le haut"),
        ("es_MX", "honorarios: redondeado a 0.01 al más próximo, la mitad hacia arriba"),
        ("it_IT", "onorario: arrotondato a 0,01 al più vicino, la metà per eccesso"),
        ("nl_NL", "honorarium: rekenkundig afgerond op 0,01"),
        ("pl_PL", "honorarium: zaokrąglono matematycznie do 0,01"),
        ("en_GB", "fee: rounded half up to 0.01"),
        ("da_DK", "fee: rounded half up to 0,01"),
    ],
)
def test_a_rule_is_told_in_the_words_and_numbers_of_the_locale(language, line):
    assert told(ROUNDED, FEE, language) == line


@pytest.mark.parametrize("language", catalogs.EXPLAINED)
def test_each_way_to_round_has_words_of_its_own(language):
    localizer = localizer_of(language)
    words = [localizer.words("billhook", MODES[mode]) for mode in Mode]

    assert None not in words
    assert len(set(words)) == len(Mode)


@pytest.mark.parametrize(
    ("kind", "value", "german"),
    [
        ("dates", "2026-06-01", "01.06.2026"),
        ("numbers", "1234.5", "1.234,5"),
        ("quantities", "1000 kg", "1.000 kg"),
        ("dates", "next week", "next week"),
        ("numbers", "many", "many"),
        ("quantities", "1000", "1.000"),
        ("quantities", "some kg", "some kg"),
        ("citation", "2026-06-01", "2026-06-01"),
    ],
)
def test_a_parameter_is_written_as_its_kind_is_and_else_stays_as_it_is(kind, value, german):
    named_so = {kind: ("what",)} if kind != "citation" else {}
    rule = Rule("x", "{what}", **named_so)

    assert told(rule, given(1, PURE, "x", what=value), "de") == german


def test_values_units_and_bands_are_in_the_locales_form():
    band = banded(
        given(Decimal("1234.5"), "kg", "x"), given(7, PERCENT, "x"), Decimal(1000), None, "x"
    )

    assert told(Rule("x", "{value} {unit}"), given(Decimal("1234.5"), "h", "x"), "de") == (
        "1.234,5 Std."
    )
    assert told(Rule("x", "{low}"), band, "de") == "1.000"


def test_a_number_without_end_is_cut_and_says_so():
    third = ratio(given(1, "EUR", "x"), given(3, "h", "x"), "x")

    assert told(Rule("x", "{value}"), third, "de") == "0,333333333333…"
    assert localizer_of("de").quantity(third.value, "h") == "0,333333333333…\u00a0Std."


def test_a_phrase_is_filled_in_in_the_language():
    phrase = Rule(
        "legal.rate.days.since", "from {since}", dates=("since",), domain="billhook_legal"
    )
    rule = Rule("x", "{days}", phrases=("days",))
    figure = given(1, "EUR/h", "x", days=phrase.id, since="2026-06-01")

    assert told(rule, figure, "de", phrase) == "ab 01.06.2026"
    assert told(attrs.evolve(rule, phrases=()), figure, "de", phrase) == phrase.id


def test_a_phrase_that_holds_itself_ends():
    loop = Rule("x.loop", "({what})", phrases=("what",))
    line = told(loop, given(1, PURE, "x", what="x.loop"), "de", loop)

    assert line == "((((x.loop))))"


# ── English, wholly ──────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "rule",
    [
        Rule("x", "no such words", "rounded {mode} to {step}", domain="billhook_legal"),
        Rule("x", "fee", "no such words, {mode}", domain="billhook_legal"),
        Rule("x", "fee", "rounded {mode} to {step}", domain="no_such_package"),
        Rule("x", "fee", "rounded {mode} to {step}"),
    ],
)
def test_a_rule_that_lacks_some_of_its_words_is_told_in_english_wholly(rule):
    english = RuleFormatter({"x": rule}).tell(FEE).line

    assert told(rule, FEE, "de") == english.replace("0.01", "0,01")


def test_a_phrase_without_translation_makes_the_whole_rule_english():
    phrase = Rule("x.phrase", "no such words", domain="billhook_legal")
    rule = Rule("x", "fee", "rounded {mode} to {step}, {why}", phrases=("why",))
    figure = attrs.evolve(FEE, params=(*FEE.params, ("why", "x.phrase")))

    assert told(rule, figure, "de", phrase) == "fee: rounded half up to 0,01, no such words"


def test_english_among_words_from_right_to_left_is_kept_in_order():
    first, last = "\u2066", "\u2069"
    line = told(ROUNDED, FEE, "ar_EG")

    assert (line[0], line[-1]) == (first, last)
    assert line[1:].startswith("fee: rounded half up to ")


def test_a_step_is_set_in_on_the_side_where_its_words_begin():
    from billhook.render.document.localized_text import wording

    arabic = wording("ar_EG").words("\u00a0\u00a0fee")

    assert arabic == "\u00a0\u00a0\u2068fee\u2069"


# ── a plugin of somebody else ────────────────────────────────────────────────

RULES = """["hire.price"]
title = "price of a day"
sentence = "agreed from {since} on"
dates = ["since"]

["hire.days"]
title = "days"
"""
PO = """# Terms: a glossary of the trade
# Review: none yet
# Rules: {rules}
msgid ""
msgstr ""
"Language: sv\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"Content-Type: text/plain; charset=utf-8\\n"

msgctxt "rule"
msgid "price of a day"
msgstr "pris per dag"

msgctxt "rule"
msgid "agreed from {{since}} on"
msgstr "{sentence}"
"""


def package(tmp_path: Path, name: str, rules: str, sentence: str) -> Path:
    folder = tmp_path / name
    place = catalog_tools.catalogue_path(folder, "sv")
    place.parent.mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "rules.toml").write_text(RULES, encoding="utf-8")
    place.write_text(PO.format(rules=rules, sentence=sentence), encoding="utf-8")
    return folder


def test_a_plugin_explains_itself_by_its_own_catalogue(tmp_path, monkeypatch):
    package(tmp_path, "hire_bills", "some", "avtalat från {since}")
    monkeypatch.syspath_prepend(tmp_path)
    rules = catalogue("hire_bills")
    price = given(120, "SEK/d", "hire.price", since="2026-06-01")
    teller = RuleFormatter(rules, localizer_of("sv_SE"))

    assert teller.tell(price).line == "pris per dag: avtalat från 1 juni 2026"
    assert teller.tell(given(2, "d", "hire.days")).line == "days"


def test_a_wheel_explains_itself_by_its_compiled_catalogue(tmp_path, monkeypatch):
    folder = package(tmp_path, "hire_wheel", "some", "avtalat från {since}")
    catalog_tools.compile_catalogues(folder)
    catalog_tools.catalogue_path(folder, "sv").unlink()
    monkeypatch.syspath_prepend(tmp_path)

    assert localizer_of("sv_SE").words("hire_wheel", "price of a day") == "pris per dag"
    assert localizer_of("sv_SE").words("hire_wheel", "days") is None


@pytest.mark.parametrize(
    ("rules", "sentence", "faults"),
    [
        ("some", "avtalat från {since}", []),
        ("some", "", []),
        ("all", "avtalat från {since}", ["'days' is not translated"]),
        ("al", "", ["the head says '# Rules: al', expected 'some' or 'all'"]),
        (
            "some",
            "avtalat från {sedan}",
            ["'agreed from {since} on' and 'avtalat från {sedan}' have different places"],
        ),
    ],
)
def test_only_who_says_all_is_held_to_all(tmp_path, rules, sentence, faults):
    folder = package(tmp_path, "hire_check", rules, sentence)

    assert list(catalog_tools.check(folder)) == [f"hire_check: {fault} [sv]" for fault in faults]


def test_an_update_brings_the_rules_to_a_catalogue_that_has_some(tmp_path):
    folder = package(tmp_path, "hire_update", "some", "avtalat från {since}")
    catalog_tools.update(folder)
    updated = catalog_tools.read(catalog_tools.catalogue_path(folder, "sv"), "sv")

    assert updated.get("days", "rule") is not None
    assert updated.get("price of a day", "rule").string == "pris per dag"
    assert updated.get("days", "rule").auto_comments == ["hire.days"]


def test_an_update_leaves_a_catalogue_without_rules_without(tmp_path):
    folder = package(tmp_path, "hire_without", "some", "avtalat från {since}")
    path = catalog_tools.catalogue_path(folder, "sv")
    head = path.read_text(encoding="utf-8").replace("# Rules: some\n", "").partition("msgctxt")[0]
    path.write_text(head, encoding="utf-8")
    catalog_tools.update(folder)

    assert "msgctxt" not in path.read_text(encoding="utf-8")


def test_a_catalogue_that_is_begun_has_the_rules_and_says_so(tmp_path):
    folder = package(tmp_path, "hire_begun", "some", "avtalat från {since}")
    (path,) = catalog_tools.update(folder, ("da",))
    text = path.read_text(encoding="utf-8")

    assert "# Rules: some\n" in text
    assert 'msgctxt "rule"\nmsgid "price of a day"' in text


def test_the_words_of_a_rule_are_not_those_of_a_label():
    source = '# Terms: x\nmsgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    only_label = read_po(io.BytesIO(f'{source}msgid "days"\nmsgstr "dagar"\n'.encode()), "sv")

    assert only_label.get("days", "rule") is None
    assert localizer_of("de").words("billhook", "Tax") is None
    assert localizer_of("de").words("billhook", "tax") == "Steuer"


# ── on the terminal ──────────────────────────────────────────────────────────


def test_a_story_is_told_in_a_language():
    one, two = given(Decimal("1234.5"), "EUR", "core.tax"), given(2, "EUR", "core.tax")
    whole = total((total((one, two), "core.total.net"), one), "core.total.gross")
    step = narrate(whole, catalogue(), localizer=localizer_of("de_DE"))

    assert str(step) == "2.471,00\u00a0€  Bruttosumme: 1.236,50\u00a0€ + 1.234,50\u00a0€"
    assert [str(each) for each in step.steps] == [
        "1.236,50\u00a0€  Nettosumme: 1.234,50\u00a0€ + 2,00\u00a0€",
        "1.234,50\u00a0€  Steuer vor der Rundung",
    ]


def test_days_are_written_as_the_locale_does():
    assert localizer_of("de_DE").date(dt.date(2026, 6, 1)) == "01.06.2026"
