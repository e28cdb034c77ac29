"""Two directions in one line, and shaping."""

# ruff: noqa: RUF001 -- letters of many scripts are what is tested

from __future__ import annotations

import pytest
import uharfbuzz
from fpdf.bidi import BidiParagraph
from fpdf.enums import TextDirection
from hypothesis import given, settings
from hypothesis import strategies as st

from billhook.i18n.direction import IsolateKind, has_rtl, isolate
from billhook.render.pdf.writer import bidi, shaping
from billhook.render.pdf.writer.font import fonts_of

FONT = fonts_of("ar").regular
MIXED = st.text("abc 12.,-()€\u2068\u2069\u2066שלוםعقد", max_size=40)
UNSEEN = str.maketrans("", "", "\u2066\u2067\u2068\u2069")


def seen(text, direction="rtl"):
    """Return a text as it is seen from left to right."""
    levels = bidi.levels(text, direction)
    pieces = bidi.stretches(text, levels, direction)
    return "".join(part[::-1] if rtl else part for part, rtl in pieces).translate(UNSEEN)


@settings(max_examples=200)
@given(text=MIXED, direction=st.sampled_from(["ltr", "rtl"]))
def test_a_line_is_ordered_as_fpdf2_orders_a_paragraph(text, direction):
    base = TextDirection.RTL if direction == "rtl" else TextDirection.LTR

    expected = BidiParagraph(text, base).get_reordered_string().translate(UNSEEN)

    assert seen(text, direction) == expected


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("abc שלום", "ltr"),
        ("שלום abc", "rtl"),
        ("12 עברית", "rtl"),
        ("12.50", "ltr"),
        ("", "ltr"),
        (isolate("Acme", IsolateKind.WORDS) + " عقد", "rtl"),
        ("\u200fabc", "rtl"),
    ],
)
def test_the_first_strong_letter_outside_isolates_gives_the_direction(text, direction):
    assert bidi.base_direction(text) == direction


def test_an_amount_in_an_isolate_keeps_its_order_and_a_bare_one_does_not():
    amount = "-1,250.00 EUR"

    assert amount in seen(f"عقد {isolate(amount, IsolateKind.CODE)} دبي")
    assert amount not in seen(f"عقد {amount} دبي")


def test_a_name_in_an_isolate_keeps_its_full_stop_at_its_end():
    assert seen(isolate("Acme Ltd.", IsolateKind.WORDS)) == "Acme Ltd."
    assert seen("Acme Ltd.") == ".Acme Ltd"


def test_runs_stand_in_the_order_in_which_they_are_seen():
    line = FONT.line("عقد (دبي) رقم Acme 42", 10, "rtl")

    assert [run.text.strip() for run in line.runs if run.text.strip()] == [
        *("Acme 42", "رقم", ")", "دبي", "(", "عقد")
    ]


def test_a_bracket_in_arabic_text_is_drawn_mirrored_and_read_as_written():
    line = FONT.line("(عقد)", 10)
    opening = line.runs[-1]

    assert opening.text == "("
    assert opening.glyphs == ((FONT.face.cmap[ord(")")], "("),)
    assert opening.spelt_out


def test_arabic_letters_join():
    beh = FONT.home("ب")

    alone = shaping.shape(beh, "ب", rtl=True, script="Arab")
    joined = shaping.shape(beh, "بببب", rtl=True, script="Arab")

    assert len({glyph for glyph, _ in joined.glyphs}) == 3
    assert alone.glyphs[0][0] not in {glyph for glyph, _ in joined.glyphs}


@pytest.mark.parametrize(
    ("text", "script", "rtl"),
    [
        ("العقد", "Arab", True),
        ("שָׁלוֹם", "Hebr", True),
        ("क्षेत्र", "Deva", False),
        ("ปั๊มน้ำที่", "Thai", False),
        ("लिलि", "Deva", False),
    ],
)
def test_a_run_is_as_wide_as_harfbuzz_makes_it(text, script, rtl):
    face = FONT.home(text[0])
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(uharfbuzz.Font(uharfbuzz.Face(face.data)), buffer)

    run = shaping.shape(face, text, rtl=rtl, script=script)

    assert run.advance == sum(place.x_advance for place in buffer.glyph_positions)
    assert [glyph for glyph, _ in run.glyphs] == [info.codepoint for info in buffer.glyph_infos]
    assert sorted("".join(meaning for _, meaning in run.glyphs)) == sorted(text)


def test_a_letter_with_a_loose_mark_is_shaped_and_one_without_is_not():
    assert FONT.line("é", 10).runs is None
    (run,) = FONT.line("x\u0301", 10).runs

    assert len(run.glyphs) == 2
    assert FONT.width("x\u0301", 10) == FONT.width("x", 10)


def test_a_line_in_a_tall_script_is_higher():
    assert fonts_of("ar").regular.descent(10) == pytest.approx(6.34)
    assert fonts_of("en").regular.descent(10) == pytest.approx(2.93)
    assert fonts_of("en").regular.line_height(10) == pytest.approx(13.62)
    assert fonts_of("en").regular.cap_height(10) == pytest.approx(7.14)


STEERED = st.text(
    "ab12 .,:()[]-%/شדé\u0301\u064b\u0660\u2066\u2067\u2068\u2069\u200f\u200b\u202b\u202c",
    max_size=30,
)


@settings(max_examples=300)
@given(text=STEERED, direction=st.sampled_from(["ltr", "rtl"]))
def test_levels_kept_by_pattern_are_those_of_the_whole_text(text, direction):
    if direction == "ltr" and not has_rtl(text):
        expected = bytes(len(text))
    else:
        expected = bidi._resolve_levels(text, direction)

    assert bidi.levels(text, direction) == expected


@settings(max_examples=200)
@given(
    inside=st.text("abc 12.,-()€\u2067\u2069\u2066ש", max_size=20),
    opening=st.sampled_from("\u2066\u2068"),
)
def test_a_datum_without_its_isolate_is_seen_as_within_it(inside, opening):
    whole = f"{opening}{inside}\u2069"
    plain = bidi.datum(whole)

    if plain is not None:
        assert seen(whole, "rtl") == plain


def test_a_line_of_one_script_is_one_run_and_as_wide_as_its_words_and_blanks():
    text = "مكالمة هاتفية مع العميل"
    line = FONT.line(text, 10, "rtl")

    words = [FONT.line(word, 10, "rtl").width for word in text.split()]

    assert [run.text for run in line.runs] == [text]
    assert line.width == pytest.approx(sum(words) + 3 * FONT.width(" ", 10))
