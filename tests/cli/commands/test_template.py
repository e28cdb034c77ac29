"""Themes: listed, copied with comments, previewed, and made anew when a file changes."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest
import tomli
from pypdf import PdfReader

from billhook.cli.commands.template import Shot, watching
from billhook.cli.console import Console
from billhook.render.theme import theme_of
from billhook.render.theme_file import THEMES, laid_over, theme_source


def size_of_title(path):
    """Return the largest font size of a PDF but for the stamp's."""
    found = []
    page = PdfReader(io.BytesIO(path.read_bytes())).pages[0]
    page.extract_text(visitor_text=lambda _text, _cm, _tm, _font, size: found.append(size))
    return sorted(set(found))[-2]


def test_the_themes_of_billhook_and_of_the_project_are_listed(billhook, firm):
    (firm / "themes").mkdir()
    (firm / "themes" / "ours.toml").write_text("tones = 3\n")

    ran = billhook("template", "list", "-f", "json")
    themes = json.loads(ran.out)["themes"]

    assert [theme["name"] for theme in themes] == [*THEMES, "ours"]
    assert themes[-1]["file"] == str(Path("themes/ours.toml"))


@pytest.mark.parametrize("name", THEMES)
def test_a_copy_is_the_theme_itself_with_what_its_keys_mean(billhook, firm, name):
    ran = billhook("template", "eject", name, "themes/mine.toml")
    copy = firm / "themes" / "mine.toml"

    assert ran.out.strip() == str(Path("themes/mine.toml"))
    assert '[print] theme_file = "themes/mine.toml"' in ran.err
    assert laid_over(theme_of("compact"), copy) == theme_of_name(name)
    assert "# Of the document's title" in copy.read_text()


def theme_of_name(name):
    import attrs

    return attrs.evolve(theme_of(name), name="compact")


def test_every_key_of_a_copy_stands_in_it_once():
    table = tomli.loads(theme_source("classic"))

    assert set(table) == {*("capitals", "tones", "margins", "sizes", "rules"), *REST}


REST = ("gaps", "colours", "places")


def test_a_file_that_is_there_is_left_alone(billhook, firm):
    billhook("template", "eject", "modern")
    before = (firm / "themes" / "modern.toml").read_bytes()

    ran = billhook("template", "eject", "modern")

    assert ran.code == 2
    assert "already exists" in ran.err
    assert (firm / "themes" / "modern.toml").read_bytes() == before


def test_an_unknown_theme_is_refused_with_the_names_of_those_there_are(billhook):
    ran = billhook("template", "eject", "baroque")

    assert ran.code == 2
    assert "classic, modern, compact" in ran.err


@pytest.mark.parametrize("format_", ["pdf", "html"])
def test_the_projects_first_job_is_previewed(billhook, firm, format_):
    ran = billhook("template", "preview", "--theme", "modern", "-f", format_)

    assert ran.code == 0
    assert ran.out.strip() == str(Path(f"out/preview.{format_}"))
    assert (firm / "out" / f"preview.{format_}").stat().st_size > 1000


def test_a_theme_of_the_project_is_previewed_by_its_name(billhook, firm):
    (firm / "themes").mkdir()
    (firm / "themes" / "ours.toml").write_text("[sizes]\ntitle = 33\n")

    billhook("template", "preview", "--theme", "ours")

    assert size_of_title(firm / "out" / "preview.pdf") == 33


def test_outside_a_project_a_sample_is_previewed(billhook, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()

    ran = billhook("template", "preview", "-o", "look.pdf", cwd=empty)

    assert ran.code == 0
    assert (empty / "look.pdf").read_bytes().startswith(b"%PDF")


def test_a_mistake_in_a_theme_is_told_with_its_line_and_column(billhook, firm):
    (firm / "themes").mkdir()
    (firm / "themes" / "ours.toml").write_text('[sizes]\ntitel = 20\nbody = "big"\n')

    ran = billhook("template", "preview", "--theme", "ours")

    assert ran.code == 4
    assert "ours.toml:2:1: error[BH603]" in ran.err
    assert "did you mean 'title'?" in ran.err
    assert "ours.toml:3:1: error[BH603]" in ran.err


class Steps:
    """Ticks with something done between them."""

    def __init__(self, *steps):
        self._steps = steps

    def __iter__(self):
        yield 0
        for step in self._steps:
            step()
            yield 1


def test_a_preview_is_made_anew_when_its_theme_changes_and_mistakes_are_waited_out(
    firm, monkeypatch, capsys
):
    monkeypatch.chdir(firm)
    theme, target = firm / "ours.toml", firm / "look.pdf"
    stamp = [1_000_000_000]
    sizes = []

    def write(text):
        theme.write_text(text)
        stamp[0] += 1
        os.utime(theme, (stamp[0], stamp[0]))

    write("[sizes]\ntitle = 20\n")
    shot = Shot(Console(), firm / "jobs" / "first.toml", str(theme), "pdf", target)
    ticks = Steps(
        lambda: sizes.append(size_of_title(target)),
        lambda: write('[sizes]\ntitle = "big"\n'),
        lambda: write("[sizes]\ntitle = 31\n"),
        lambda: sizes.append(size_of_title(target)),
    )

    watching(shot, ticks)
    said = capsys.readouterr()

    assert sizes == [20, 31]
    assert said.out.count("look.pdf") == 2
    assert said.err.count("BH603") == 1
