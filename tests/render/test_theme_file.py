"""Themes of one's own: some keys of a file in the place of a theme's."""

from __future__ import annotations

import re

import pytest
import tomli

from billhook.kernel.errors import RefusedError
from billhook.project.print_settings import PrintSettings
from billhook.render import render
from billhook.render.theme import hexadecimal, legible, theme_of
from billhook.render.theme_file import chosen_theme
from render import samples
from render.setting import set_in_type, words_in


def own(tmp_path, text, **facts):
    path = tmp_path / "ours.toml"
    path.write_text(text, encoding="utf-8")
    return PrintSettings(theme_file=path, **facts)


def test_keys_of_the_file_replace_those_of_the_theme(tmp_path):
    look = own(tmp_path, "tones = 3\n[sizes]\nbody = 12\n[places]\nfacts = 'foot'", theme="modern")
    theme, modern = chosen_theme(look), theme_of("modern")

    assert (theme.tones, theme.sizes.body, theme.places.facts) == (3, 12, "foot")
    assert theme.sizes.title == modern.sizes.title
    assert theme.margins == modern.margins


@pytest.mark.parametrize("name", ["classic", "modern", "compact"])
def test_every_built_in_theme_is_a_theme_of_ones_own_too(tmp_path, name):
    from importlib.resources import files

    text = (files("billhook.render") / "themes" / f"{name}.toml").read_text(encoding="utf-8")

    assert chosen_theme(own(tmp_path, text, theme=name)) == theme_of(name)
    assert set(tomli.loads(text)) >= {"margins", "sizes", "rules", "gaps", "colours", "places"}


@pytest.mark.parametrize(
    ("text", "path", "said"),
    [
        ("tonnes = 3", "tonnes", "a theme has no 'tonnes'"),
        ("[sizes]\nbody = -1", "sizes.body", "expected a number, 0 to 400"),
        ("[sizes]\nbody = true", "sizes.body", "expected a number, 0 to 400"),
        ("tones = 0", "tones", "expected a whole number, 1 to 12"),
        ("capitals = 1", "capitals", "expected true or false"),
        ("[colours]\ntext = 'red'", "colours.text", "expected a colour"),
        ("[places]\nseller = 'left'", "places.seller", "expected one of start, end"),
        ("margins = 3", "margins", "expected a table"),
    ],
)
def test_a_mistake_is_named_with_its_key(tmp_path, text, path, said):
    with pytest.raises(RefusedError) as caught:
        chosen_theme(own(tmp_path, text))
    (finding,) = caught.value.findings

    assert (finding.code, finding.path) == ("BH603", path)
    assert said in finding.message


def test_a_file_that_is_not_there_is_a_finding(tmp_path):
    with pytest.raises(RefusedError, match=r"the theme 'none\.toml' cannot be read"):
        chosen_theme(PrintSettings(theme_file=tmp_path / "none.toml"))


@pytest.mark.parametrize("facts", ["beside", "below", "foot"])
@pytest.mark.parametrize("seller", ["start", "end"])
def test_the_seller_stands_where_the_theme_says(tmp_path, seller, facts):

    look = own(tmp_path, f"[places]\nseller = '{seller}'\nfacts = '{facts}'")
    opening = set_in_type(samples.small(), (), look).opening
    words = {mark.line.text: mark for mark in words_in(opening.marks)}
    name = words["Hale & Whitcombe LLP"]

    end = name.x + name.line.width
    assert (name.x > 300) is (seller == "end")
    assert (end > 460) is (seller == "end")
    assert any("+1 617 555 0142" in text for text in words) is (facts != "foot")


# ── light brands ─────────────────────────────────────────────────────────────

LIGHT = ("#ffffff", "#fff36b", "#00ffff", "#ff9a00", "#7cfc00", "#e4572e")
DARK = ("#1f3a5f", "#8b3a2b", "#0f5c52", "#000000")


def contrast_with_white(colour):
    """Return a colour's contrast as WCAG 2 has it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    light = sum(w * part for w, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return 1.05 / (light + 0.05)


@pytest.mark.parametrize("brand", LIGHT)
@pytest.mark.parametrize("theme", ["classic", "modern", "compact"])
def test_words_in_a_light_brands_colour_can_be_read(theme, brand):
    pages = set_in_type(samples.rich(), (), PrintSettings(colour=brand, theme=theme))
    words = words_in(pages.marks())

    assert all(contrast_with_white(hexadecimal(mark.style.colour)) >= 4.5 for mark in words)


@pytest.mark.parametrize("brand", LIGHT)
def test_words_of_html_in_a_light_brands_colour_can_be_read(brand):
    look = PrintSettings(colour=brand)
    page = render(samples.rich(), (), "html", look).decode()

    said = re.findall(r"[ ;]color: (#[0-9a-f]{6})", page)
    assert said
    assert all(contrast_with_white(colour) >= 4.5 for colour in said)


@pytest.mark.parametrize("brand", DARK)
def test_a_dark_brands_colour_stays_as_it_is(brand):
    assert legible(brand) == brand
