"""Themes of one's own: some keys of a file in the place of a theme's."""

from __future__ import annotations

import pytest
import tomli

from billhook.errors import RefusedError
from billhook.printing import PrintSettings
from billhook.render.layout.marks import Words
from billhook.render.own_theme import chosen_theme
from billhook.render.theme import theme_of
from render_layout import samples


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
    with pytest.raises(RefusedError, match="the theme cannot be read"):
        chosen_theme(PrintSettings(theme_file=tmp_path / "none.toml"))


@pytest.mark.parametrize("facts", ["beside", "below", "foot"])
@pytest.mark.parametrize("seller", ["start", "end"])
def test_the_seller_stands_where_the_theme_says(tmp_path, seller, facts):
    from render_layout.setting import set_in_type

    look = own(tmp_path, f"[places]\nseller = '{seller}'\nfacts = '{facts}'")
    opening = set_in_type(samples.small(), (), look).opening
    words = {mark.line.text: mark for mark in opening.marks if isinstance(mark, Words)}
    name = words["Hale & Whitcombe LLP"]

    assert name.anchor == seller
    assert (name.x > 300) is (seller == "end")
    assert any("+1 617 555 0142" in text for text in words) is (facts != "foot")
