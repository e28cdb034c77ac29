from __future__ import annotations

import decimal
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billhook.sources.bad_value import BadValueError
from billhook.sources.parsing import (
    check_bounds,
    parse_decimal,
    parse_integer,
    parse_truth,
)

NUMBERS = st.decimals(
    min_value=-(10**15) + 1, max_value=10**15 - 1, places=9, allow_nan=False, allow_infinity=False
)
SIGNS = st.sampled_from([(".", ""), (",", ""), (".", ","), (",", "."), (",", " "), (".", "'")])


def written(value: Decimal, decimal_sign: str, group: str) -> str:
    """Write a number as a person would, in the signs declared."""
    spec = f"{value:,f}" if group else f"{value:f}"
    return spec.translate(str.maketrans({",": group, ".": decimal_sign}))


@given(NUMBERS, SIGNS)
def test_what_is_written_in_the_declared_signs_is_read_back(value: Decimal, signs) -> None:
    assert value == parse_decimal(written(value, *signs), *signs)


@given(st.text(max_size=30))
def test_any_text_is_a_bounded_number_or_a_mistake(text: str) -> None:
    try:
        value = parse_decimal(text)
    except BadValueError:
        return
    assert value.is_finite()
    assert abs(value) < 10**15
    assert text.isascii()


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "ten", "NaN", "Infinity", "-inf", "1e3", "1E400", "1_000", "0x10", "--1", "+-1"),
        *(
            "\u0661\u0662\u0663",
            "\uff11\uff12\uff13",
            "1,5",
            "1.234,56",
            "1 000",
            "1\u00a0000",
            "5.",
            ".",
            "(12.50)",
            "12.50-",
        ),
        *("$5", "5 %", "1" * 16, "0." + "1" * 10, "1\n", "\u22125"),
    ],
)
def test_what_python_or_a_spreadsheet_would_take_is_refused(text: str) -> None:
    with pytest.raises(BadValueError) as caught:
        parse_decimal(text)

    assert caught.value.code == "BH106"


@pytest.mark.parametrize(
    ("text", "decimal_sign", "group"),
    [
        ("1.5", ",", "."),  # 15 to Babel, 1.5 to its writer
        ("1,5", ".", ","),
        ("1.234.5", ",", "."),
        ("12,34", ".", ","),
        ("1,234,56", ".", ","),
        (",234", ".", ","),
        ("1.5", ",", ""),
        ("1,234,567,890,123,456", ".", ","),
    ],
)
def test_group_signs_stand_before_three_digits_or_not_at_all(
    text: str, decimal_sign: str, group: str
) -> None:
    with pytest.raises(BadValueError):
        parse_decimal(text, decimal_sign, group)


@pytest.mark.parametrize(
    ("text", "decimal_sign", "group", "value"),
    [
        ("12,34,567.50", ".", ",", "1234567.50"),  # Indian groups: two digits before the last three
        ("1\u202f234,5", ",", " ", "1234.5"),
        ("1\u00a0234,5", ",", " ", "1234.5"),
        (".3", ".", "", "0.3"),
        ("+7", ".", "", "7"),
        ("007", ".", "", "7"),
    ],
)
def test_forms_in_use_are_read(text: str, decimal_sign: str, group: str, value: str) -> None:
    assert Decimal(value) == parse_decimal(text, decimal_sign, group)


def test_minus_zero_is_zero() -> None:
    assert str(parse_decimal("-0.00")) == "0.00"
    assert str(check_bounds(Decimal("-0"))) == "0"


def test_a_declared_decimal_comma_is_named_in_the_hint() -> None:
    with pytest.raises(BadValueError) as caught:
        parse_decimal("1234,50")

    assert caught.value.message == "expected a number, got '1234,50'"
    assert caught.value.hint is not None
    assert "decimal sign '.'" in caught.value.hint


def test_the_ambient_decimal_context_changes_nothing() -> None:
    with decimal.localcontext(prec=3):
        assert Decimal("123456789.123456789") == parse_decimal("123456789.123456789")


@given(st.one_of(st.integers(), st.decimals()))
def test_python_numbers_are_held_to_the_same_bounds(value: int | Decimal) -> None:
    fits = Decimal(value).is_finite() and abs(value) < 10**15
    fits = fits and Decimal(value).as_tuple().exponent >= -9
    try:
        check_bounds(value)
    except BadValueError:
        assert not fits
    else:
        assert fits


def test_whole_numbers_have_no_fraction() -> None:
    assert parse_integer("12") == 12
    assert parse_integer("1.200", ",", ".") == 1200
    with pytest.raises(BadValueError, match=r"expected a whole number, got '1\.5'"):
        parse_integer("1.5")


def test_truth_has_four_words() -> None:
    assert [parse_truth(w) for w in ("Yes", "true", "NO", "false")] == [True, True, False, False]
    for text in ("1", "x", "ja", ""):
        with pytest.raises(BadValueError):
            parse_truth(text)
