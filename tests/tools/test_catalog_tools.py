"""A plugin's author keeps catalogues with nothing but what is installed."""

from __future__ import annotations

from pathlib import Path

import pytest

PO = "src/billhook_hire/locale/{}/LC_MESSAGES/billhook_hire.po"
SOURCE = """from billhook import labels

_ = labels("billhook_hire")
# NOTE: a heading above the days of hire
DAYS = _("Days")
# PLURAL
SLIPS = _("{count} slips", count=2)
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """The import package of a plugin, in a project of its own."""
    folder = tmp_path / "src" / "billhook_hire"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text(SOURCE, encoding="utf-8")
    return folder


@pytest.fixture
def catalogs(run_cli):
    """Run ``billhook plugin catalogs``."""

    def run(word: str, *rest: str):
        return run_cli("plugin", "catalogs", word, "src/billhook_hire", *rest)

    return run


def fill_in(path: Path, **words: str) -> None:
    """Say where the wording is from, and translate."""
    text = path.read_text(encoding="utf-8").replace("# Terms:", "# Terms: the trade's glossary", 1)
    for english, word in words.items():
        text = text.replace(f'msgid "{english}"\nmsgstr ""', f'msgid "{english}"\nmsgstr "{word}"')
    for form, word in enumerate(("{count} sedel", "{count} sedlar")):
        text = text.replace(f'msgstr[{form}] ""', f'msgstr[{form}] "{word}"')
    path.write_text(text, encoding="utf-8")


@pytest.mark.usefixtures("package")
def test_a_plugin_is_translated_from_the_first_word_to_the_compiled_catalogue(catalogs, tmp_path):
    assert catalogs("extract").out == "Days\n{count} slips\n"

    begun = catalogs("update", "sv", "en")
    assert begun.out == f"{PO.format('sv')}\n{PO.format('en')}\n"

    unfinished = catalogs("check")
    assert unfinished.code == 1
    assert "billhook_hire: 'Days' is not translated [sv]\n" in unfinished.out
    assert "'{count} slips' is not translated [en sv]\n" in unfinished.out

    for language in ("sv", "en"):
        fill_in(tmp_path / PO.format(language), Days="Dagar")
    finished = catalogs("check")
    assert (finished.code, finished.out, finished.err) == (0, "", "complete: en sv\n")

    assert catalogs("compile").out == "".join(
        f"{PO.format(language)[:-3]}.mo\n" for language in ("en", "sv")
    )


@pytest.mark.usefixtures("package")
def test_what_is_compiled_is_what_a_bill_speaks(catalogs, tmp_path, monkeypatch):
    catalogs("update", "sv")
    fill_in(tmp_path / PO.format("sv"), Days="Dagar")
    catalogs("compile")
    (tmp_path / PO.format("sv")).unlink()
    monkeypatch.syspath_prepend(str(tmp_path / "src"))

    from billhook import labels
    from billhook.i18n.localizer import translate

    _ = labels("billhook_hire")

    assert translate(_("Days"), "sv_SE") == "Dagar"
    assert translate(_("{count} slips", count=1), "sv_SE") == "1 sedel"


def test_a_word_that_is_new_is_added_and_one_that_is_gone_is_dropped(catalogs, package, tmp_path):
    catalogs("update", "sv")
    fill_in(tmp_path / PO.format("sv"), Days="Dagar")
    source = package / "__init__.py"
    source.write_text(SOURCE.replace("# PLURAL\nSLIPS", "SLIPS").replace("slips", "weeks"))

    assert catalogs("update").code == 0

    text = (tmp_path / PO.format("sv")).read_text(encoding="utf-8")
    assert "Dagar" in text
    assert "weeks" in text
    assert "slips" not in text


def test_what_translators_must_know_stands_above_the_word(catalogs, package, tmp_path):
    assert package.is_dir()
    catalogs("update", "sv")

    text = (tmp_path / PO.format("sv")).read_text(encoding="utf-8")

    assert '#. NOTE: a heading above the days of hire\nmsgid "Days"' in text


def test_a_broken_catalogue_is_named_with_its_line_and_nothing_is_written(
    catalogs, package, tmp_path
):
    (package / "more.py").write_text('_("New")\n')
    catalogs("update", "sv", "da")
    good = (tmp_path / PO.format("da")).read_bytes()
    (package / "more.py").write_text('_("Newer")\n')
    path = tmp_path / PO.format("sv")
    lines = path.read_text(encoding="utf-8").count("\n")
    with path.open("a", encoding="utf-8") as stream:
        stream.write("msgid oops\n")

    for word in ("check", "update", "compile"):
        ran = catalogs(word)

        assert ran.code == 3, word
        assert ran.err.startswith(f"{PO.format('sv')}:{lines + 1}: error[BH105]: not a cat"), word
    assert (tmp_path / PO.format("da")).read_bytes() == good
    assert not (tmp_path / PO.format("da")).with_suffix(".mo").exists()


def test_a_source_that_is_not_python_is_named(catalogs, package):
    (package / "broken.py").write_text("x = (\n")

    ran = catalogs("extract")

    assert ran.code == 3
    assert ran.err.startswith("src/billhook_hire/broken.py: error[BH105]: not Python: ")


@pytest.mark.usefixtures("package")
@pytest.mark.parametrize("language", ["xx", "sv_", "SV", "../sv", "swedish"])
def test_a_language_that_is_none_begins_no_catalogue(catalogs, tmp_path, language):
    ran = catalogs("update", language)

    assert ran.code == 2
    assert f"{language!r} is not a language code; write it like sv or pt_BR" in ran.err
    assert not (tmp_path / "src" / "billhook_hire" / "locale").exists()


def test_a_package_without_words_needs_no_catalogue(run_cli, tmp_path):
    (tmp_path / "hire").mkdir()
    (tmp_path / "hire" / "__init__.py").write_text("")

    for word, said in (
        ("extract", 'there are no texts in _("…")\n'),
        ("update", "there is no .po file; name a language to start one\n"),
        ("check", "there is no .po file\n"),
        ("compile", "there is no .po file\n"),
    ):
        ran = run_cli("plugin", "catalogs", word, "hire")

        assert (ran.code, ran.out, ran.err) == (0, "", said)


def test_an_installed_plugin_is_named_as_jobs_name_it(run_cli):
    ran = run_cli("plugin", "catalogs", "extract", "legal")

    assert ran.code == 0
    assert "Timekeeper\n" in ran.out


@pytest.mark.parametrize(
    ("plugin", "said"),
    [
        (".", "'.' is not an import package: it has no __init__.py"),
        ("tax_table", "plugin 'tax_table' names no package: set PluginInfo.package"),
        ("nowhere", "plugin 'nowhere' is not installed"),
    ],
)
def test_what_has_no_catalogues_is_refused(run_cli, plugin, said):
    ran = run_cli("plugin", "catalogs", "check", plugin)

    assert ran.code in {2, 3}
    assert said in ran.err


def test_what_a_wheel_laid_down_is_not_written_to(run_cli, tmp_path):
    folder = tmp_path / "site-packages" / "billhook_hire"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text(SOURCE, encoding="utf-8")

    ran = run_cli("plugin", "catalogs", "update", str(folder), "sv")

    assert ran.code == 2
    assert "was installed from a wheel; name the folder of its sources" in ran.err
    assert list(folder.iterdir()) == [folder / "__init__.py"]
