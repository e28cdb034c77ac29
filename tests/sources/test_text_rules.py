from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billhook.kernel.characters import CHARACTERS, MARKS
from billhook.sources.bad_value import BadValueError
from billhook.sources.text_rules import clean_text


@given(st.text(max_size=60), st.booleans())
def test_a_clean_text_is_normal_and_stays_clean(text: str, multiline: bool) -> None:
    try:
        clean = clean_text(text, multiline=multiline)
    except BadValueError:
        return
    assert clean == clean_text(clean, multiline=multiline)
    assert unicodedata.is_normalized("NFC", clean)
    assert "\r" not in clean
    assert multiline or "\n" not in clean


@pytest.mark.parametrize(
    "char",
    [
        "\0",
        "\x07",
        "\x1b",
        "\t",
        "\n",
        "\u202e",
        "\u2066",
        "\u2028",
        "\ufffe",
        "\U0001ffff",
        "\ufdd0",
        "\ud800",
        "\ue000",
        "\x85",
    ],
)
def test_characters_that_make_a_document_lie_are_refused(char: str) -> None:
    with pytest.raises(BadValueError) as caught:
        clean_text(f"pay {char}00.1 now")

    assert caught.value.code == "BH107"
    assert "at position 5" in caught.value.message


@pytest.mark.parametrize(
    "text", ["Müller & Söhne", "株式会社", "שלום", "क्षि", "a\u200db", "½ day – 5 €", "👩‍⚖️"]
)
def test_words_of_the_world_are_texts(text: str) -> None:
    assert unicodedata.normalize("NFC", text) == clean_text(text)


def test_a_line_break_is_for_paragraphs_only() -> None:
    assert clean_text("one\r\ntwo", multiline=True) == "one\ntwo"
    with pytest.raises(BadValueError, match="a line break at position 4"):
        clean_text("one\ntwo")


def test_letters_do_not_grow_into_towers() -> None:
    assert clean_text("x" + "\u0323" * MARKS)
    with pytest.raises(BadValueError):
        clean_text("x" + "\u0323" * (MARKS + 1))


def test_a_text_has_a_greatest_length() -> None:
    assert clean_text("x" * CHARACTERS)
    with pytest.raises(BadValueError) as caught:
        clean_text("x" * (CHARACTERS + 1))
    assert caught.value.code == "BH108"
    assert caught.value.message == "expected at most 10,000 characters, got 10,001"
