"""A plugin's ``rules.toml``: what is wrong with it is said, all of it, with its place."""

from __future__ import annotations

import sys

import pytest

from billhook import InputError
from billhook.explain.rules import Rule, catalogue


@pytest.fixture
def package(tmp_path, monkeypatch):
    """An import package of a plugin."""
    folder = tmp_path / "billhook_lessons"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield folder
    sys.modules.pop("billhook_lessons", None)


def told(package, text):
    """Return the findings on a file of rules, without its folder."""
    (package / "rules.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        catalogue("billhook_lessons")
    return [str(each).replace(str(package), "").lstrip("/\\") for each in refused.value.findings]


def test_a_rule_has_a_title_and_perhaps_a_sentence_and_a_citation(package):
    text = '["lessons.fee"]\ntitle = "fee"\nsentence = "agreed"\ncitation = "§ 1"\n'
    (package / "rules.toml").write_text(text, encoding="utf-8")

    rules = catalogue("billhook_lessons")

    assert rules["lessons.fee"] == Rule(
        "lessons.fee", "fee", "agreed", "§ 1", domain="billhook_lessons"
    )
    assert "core.line.amount" in rules


def test_a_package_needs_no_rules(package):
    assert package.is_dir()
    assert catalogue("billhook_lessons") == catalogue()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = = 1\n", "rules.toml:1:5: error[BH105]: Invalid value"),
        (
            '["lessons.fee"]\ntitel = "fee"\n',
            "rules.toml: error[BH103]: unknown key 'titel'  (lessons.fee)",
        ),
        ('["lessons.fee"]\ntitle = 5\n', "rules.toml: error[BH101]: 'title' is not a text"),
        ('["lessons.fee"]\nsentence = "x"\n', "rules.toml: error[BH102]: missing key 'title'"),
        ('"lessons.fee" = "fee"\n', "rules.toml: error[BH101]: expected a table"),
    ],
)
def test_what_is_wrong_with_a_rule_is_said(package, text, said):
    assert any(each.startswith(said) for each in told(package, text)), told(package, text)


def test_an_id_without_quotes_is_recognized(package):
    (package / "rules.toml").write_text('[lessons.fee]\ntitle = "fee"\n')

    with pytest.raises(InputError) as refused:
        catalogue("billhook_lessons")

    (finding,) = refused.value.findings
    assert finding.hint == 'write the id in quotes: ["lessons.fee"]'


def test_all_mistakes_are_told_at_once(package):
    assert len(told(package, '["lessons.a"]\ntitel = "a"\n["lessons.b"]\ntitle = 1\n')) == 3


def test_a_package_that_is_not_there_is_said():
    with pytest.raises(InputError, match="there is no package 'billhook_lesons'"):
        catalogue("billhook_lesons")


def test_a_plugin_of_one_file_has_no_rules(tmp_path, monkeypatch):
    (tmp_path / "lessons_alone.py").write_text("")
    (tmp_path / "rules.toml").write_text("x = = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))

    assert catalogue("lessons_alone") == catalogue()
