"""Line breaking: no text is lost, lines fit, and scripts break where they may."""

# ruff: noqa: RUF001 -- letters of many scripts are what is tested

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from billhook.i18n.direction import IsolateKind, isolate
from billhook.render.pdf.typeset.preflight import MissingCharacter, missing_characters
from billhook.render.pdf.writer.font import MissingGlyphError, fonts_of
from billhook.render.pdf.writer.line_breaking import clusters, wrap

FONT = fonts_of("en").regular
LATIN = st.text("abcdefgh ABC -,.'ÄÖüß–é\N{NO-BREAK SPACE}\u200b0123456789\n", max_size=200)
MIXED = st.text(
    "abc 12-3\N{NO-BREAK SPACE}\u200b\nשלוםעברית ()العقدفيدبي لا हिन्दीक्षेत्र ภายในวันนี้ปั๊ม", max_size=120
)
WIDTHS = st.floats(40, 400)
HYPHEN = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")
"""Where a word may end in the middle; before a figure a hyphen is a minus sign."""


def isolated(text: str) -> str:
    return isolate(text, IsolateKind.WORDS)


def lines(text, width, size=9):
    return [line.text for line in wrap(FONT, text, size, width)]


def solid(text):
    return "".join(text.split())


@given(text=LATIN, width=WIDTHS)
def test_lines_of_latin_text_fit_and_lose_nothing_but_blanks(text, width):
    found = wrap(FONT, text, 9, width)

    assert solid("".join(line.text for line in found)) == solid(text)
    assert all(line.width <= width + 0.01 for line in found)


@settings(max_examples=60)
@given(text=MIXED, width=WIDTHS)
def test_lines_of_mixed_scripts_fit_and_lose_nothing_but_blanks(text, width):
    found = wrap(FONT, text, 9, width)

    assert solid("".join(line.text for line in found)) == solid(text)
    assert all(line.width <= width + 0.01 for line in found)


@settings(max_examples=60)
@given(text=MIXED, width=WIDTHS)
def test_a_line_is_as_wide_as_its_text(text, width):
    for line in wrap(FONT, text, 9, width):
        alone = FONT.line(line.text, 9)

        assert line.width == pytest.approx(alone.width, abs=0.2)


@given(text=LATIN, width=WIDTHS)
@example(text="00000\u200b-000", width=40.0)
@example(text="0000000000000000000000 -00", width=62.0)
def test_no_line_could_have_taken_the_next_word(text, width):
    for paragraph in text.split("\n"):
        found = lines(paragraph, width)
        for line, following in itertools.pairwise(found):
            pieces = HYPHEN.sub(r"\g<0> ", following.replace("\u200b", "- "))
            word = pieces.split(" ")[0]
            assert FONT.width(f"{line} {word}", 9) > width - FONT.width(" -", 9)


@given(words=st.lists(st.text("abcdefghij", min_size=1, max_size=6), max_size=30), width=WIDTHS)
def test_the_quick_way_breaks_like_a_naive_greedy_one(words, width):
    naive, current = [], ""
    for word in words:
        longer = f"{current} {word}" if current else word
        if current and FONT.width(longer, 9) > width + 1e-4:
            naive.append(current)
            current = word
        else:
            current = longer

    assert [*naive, current] == lines(" ".join(words), width)


@pytest.mark.parametrize(
    "address",
    [
        "billing@hale-whitcombe.example.com",
        "hale-whitcombe.example.com",
        "https://hale-whitcombe.example/pay-here",
        "(accounts@marsh-calder.example)",
        "fracht-annahme@wertach-cargo.example.com.",
        isolated("fracht@wertach-cargo.example.com"),
    ],
)
@pytest.mark.parametrize("width", [200, 260])
def test_an_address_is_not_broken_at_its_hyphens_while_a_line_has_room(address, width):
    found = lines(f"Questions about this bill: {address} thank-you", width)

    assert any(address in line for line in found)


def test_an_address_too_long_for_a_line_is_broken_at_its_signs():
    long = "rechnungseingang.und.kreditorenbuchhaltung@lange-domain.example"

    assert lines(long, 130) == [
        "rechnungseingang.und.",
        "kreditorenbuchhaltung",
        "@lange-domain.example",
    ]
    found = lines("Mail to accounts@marsh-and-calder-building.example", 120)

    assert found == ["Mail to accounts@marsh-", "and-calder-", "building.example"]


def test_words_bound_too_long_for_a_line_are_parted_where_they_are_bound():
    place = "85716\N{NO-BREAK SPACE}Unterschleißheim"

    assert lines(f"From {place}", 110) == ["From", place]
    assert lines(f"From {place}", 85) == ["From 85716", "Unterschleißheim"]


def test_text_breaks_at_blanks_and_after_hyphens_between_letters():
    assert lines("well-known doors", 50) == ["well-known", "doors"]
    assert lines("well-known", 32) == ["well-", "known"]
    assert lines("2026-042-007 x", 60) == ["2026-042-007", "x"]


def test_no_line_breaks_at_blanks_that_hold_together():
    assert lines("a 100\N{NO-BREAK SPACE}EUR", 40) == ["a", "100\N{NO-BREAK SPACE}EUR"]
    assert lines("a 1\N{NARROW NO-BREAK SPACE}000", 26) == ["a", "1\N{NARROW NO-BREAK SPACE}000"]


def test_newlines_are_kept_and_an_empty_text_is_one_empty_line():
    assert lines("a\n\nb\r\nc", 100) == ["a", "", "b", "c"]
    assert lines("", 100) == [""]


def test_a_word_too_long_for_a_line_begins_its_own_and_is_split():
    found = lines("see " + "x" * 60 + " end", 100)

    assert found[0] == "see"
    assert "".join(found[1:]) == "x" * 60 + "end"


def test_japanese_breaks_anywhere_but_not_before_a_full_stop_nor_after_a_bracket(tmp_path):
    found = list(_pieces("契約（第2条）に基づく。「報酬」を、ウェブで。ABC株式会社"))

    assert found == [
        *("契", "約", "（第", "2", "条）", "に", "基", "づ", "く。", "「報", "酬」", "を、"),
        *("ウェ", "ブ", "で。", "ABC", "株", "式", "会", "社"),
    ]


def _pieces(text):
    from billhook.render.pdf.writer import line_breaking as module

    return [text[start:end] for start, end, _ in module._pieces(text)]


def test_thai_breaks_at_blanks_and_zero_width_spaces_before_anywhere_else():
    text = "ภายใน\u200bสามสิบ\u200bวัน นับจาก\u200bวันที่"

    found = lines(text, FONT.width("ภายในสามสิบวัน", 9) + 1)

    assert found == ["ภายใน\u200bสามสิบ\u200bวัน", "นับจาก\u200bวันที่"]


def test_clusters_keep_marks_vowels_and_conjuncts_with_their_letter():
    def parts(text):
        ends = clusters(text)
        return [text[start:end] for start, end in zip([0, *ends], ends, strict=False)]

    assert parts("ปั๊มน้ำ") == ["ปั๊", "ม", "น้ำ"]
    assert parts("เวลา") == ["เว", "ลา"]
    assert parts("क्षेत्र") == ["क्षे", "त्र"]
    assert parts("e\u0301a") == ["e\u0301", "a"]
    assert parts("") == []


def test_a_word_of_a_hundred_thousand_letters_is_wrapped_in_one_pass():
    found = lines("x" * 100_000, 300)

    assert sum(map(len, found)) == 100_000


def test_isolates_take_no_width_and_change_no_break():
    assert FONT.width(isolated("Acme"), 9) == FONT.width("Acme", 9)
    assert lines(isolated("Acme Ltd."), 500) == [isolated("Acme Ltd.")]


# Coverage.


def test_a_character_without_a_glyph_is_named_with_its_field():
    found = missing_characters(
        FONT, [("client.name", "会社 Ltd"), ("lines[0]", "fine"), ("note", "😀会")]
    )

    assert found == (
        MissingCharacter("会", "会社 Ltd", "client.name"),
        MissingCharacter("社", "会社 Ltd", "client.name"),
        MissingCharacter("😀", "😀会", "note"),
        MissingCharacter("会", "😀会", "note"),
    )
    assert found[0].code == "U+4F1A"
    assert found[2].name == "GRINNING FACE"


def test_breaks_and_marks_that_steer_text_are_no_gaps():
    assert missing_characters(FONT, [("note", isolated("a\tb\nc\r\n\u200bד\u200d\u200f"))]) == ()


def test_control_characters_are_gaps():
    assert [gap.code for gap in missing_characters(FONT, [("note", "a\x07\ue000")])] == [
        "U+0007",
        "U+E000",
    ]


@pytest.mark.parametrize("text", ["会", "abc 会", "שלום 会"])
def test_measuring_and_wrapping_what_cannot_be_drawn_fails_aloud(text):
    with pytest.raises(MissingGlyphError, match=r"U\+4F1A"):
        FONT.width(text, 9)
    with pytest.raises(MissingGlyphError, match=r"U\+4F1A"):
        wrap(FONT, text, 9, 100)


@given(text=st.text(max_size=30))
def test_what_has_no_gap_can_be_measured_and_what_has_one_cannot(text):
    one_line = " ".join(text.split())

    if missing_characters(FONT, [("text", one_line)]):
        with pytest.raises(MissingGlyphError):
            FONT.width(one_line, 9)
    else:
        assert FONT.width(one_line, 9) >= 0
