"""Quotients are exact until a named rule rounds them."""

from __future__ import annotations

import json
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_UP
from decimal import Decimal as D
from fractions import Fraction

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from billhook.kernel.errors import UnitError
from billhook.kernel.figure import (
    UNENDING,
    Figure,
    banded,
    disagreements,
    given,
    greatest,
    least,
    less,
    negative,
    percent_of,
    ratio,
    replay,
    rounded,
    shares,
    times,
    total,
)
from billhook.kernel.money import EXACT, Mode, round_fraction, round_to

CENT = D("0.01")


def bare(value: str | int) -> Figure:
    return given(D(value), "1", "t.given")


def test_dividing_before_multiplying_keeps_a_tie() -> None:
    minutes = ratio(given(20, "s", "t.s"), given(60, "s/min", "t.per"), "t.minutes")
    fee = times(minutes, given(D("0.00015"), "EUR/min", "t.price"), "t.fee")

    # 20 ÷ 60 × 0.00015 = 0.00005, exactly half of 0.0001
    assert fee.value == D("0.00005")
    assert rounded(fee, D("0.0001"), "t.rounded").value == D("0.0001")


def test_three_thirds_are_one() -> None:
    third = ratio(bare(1), bare(3), "t.third")

    assert total((third, third, third), "t.whole").value == D(1)
    assert total((third, third, third), "t.whole").fraction is None


def test_a_third_shows_sixty_digits_and_knows_that_it_goes_on() -> None:
    third = ratio(bare(1), bare(3), "t.third")

    assert third.value == D("0." + "3" * 60)
    assert third.fraction == Fraction(1, 3)
    assert third.params == (UNENDING,)


def test_a_quotient_that_ends_is_as_it_always_was() -> None:
    half = ratio(bare(1), bare(2), "t.half")

    assert (half.value, half.params, half.fraction) == (D("0.5"), (), None)


def test_a_trace_from_before_counts_with_sixty_digits_as_it_did() -> None:
    third = Figure(D("0." + "3" * 60), "min", "ratio", "t.min", (bare(1), bare(3)))
    price = given(D("0.00015"), "EUR/min", "t.price")
    fee = Figure(EXACT.multiply(third.value, price.value), "EUR", "times", "t.fee", (third, price))
    lost = Figure(D("0.0000"), "EUR", "round", "t.r", (fee,), ROUNDED)

    assert fee.value < D("0.00005")
    assert list(disagreements(lost)) == []
    assert replay(lost) == D("0.0000")


ROUNDED = (("mode", "half-up"), ("step", "0.0001"))


def test_a_lie_below_a_fraction_is_the_only_one_found() -> None:
    third = ratio(bare(1), bare(3), "t.third")
    lie = Figure(D("0.34"), "1", "ratio", "t.third", third.inputs, third.params)
    above = times(lie, bare(100), "t.times")

    assert list(disagreements(above)) == [lie]


@examples(
    st.fractions(min_value=-1000, max_value=1000, max_denominator=999),
    st.sampled_from(list(Mode)),
    st.sampled_from([D("0.01"), D("0.05"), D(1), D("0.25")]),
)
def test_a_fraction_is_rounded_to_the_step_next_to_it(value: Fraction, mode: Mode, step: D) -> None:
    found = Fraction(round_fraction(value, step, mode))

    assert found % Fraction(step) == 0
    assert abs(found - value) < Fraction(step)
    if mode.value.startswith("half"):
        assert abs(found - value) <= Fraction(step) / 2
    if mode in {Mode.UP, Mode.DOWN}:
        assert (abs(found) >= abs(value)) is (mode is Mode.UP) or found == value
    if mode in {Mode.CEILING, Mode.FLOOR}:
        assert (found >= value) is (mode is Mode.CEILING) or found == value


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("value", ["0.125", "-0.125", "0.135", "-0.135", "0.13", "0.1201", "0"])
def test_a_fraction_that_ends_is_rounded_as_the_decimal_is(value: str, mode: Mode) -> None:
    assert round_fraction(Fraction(value), CENT, mode) == round_to(D(value), CENT, mode)


@pytest.mark.parametrize(
    ("mode", "expected"), [(ROUND_UP, 1), (ROUND_DOWN, 0), (ROUND_CEILING, 1), (ROUND_FLOOR, 0)]
)
def test_a_third_is_rounded_by_direction(mode: str, expected: int) -> None:
    named = Mode(mode.removeprefix("ROUND_").lower())

    assert rounded(ratio(bare(1), bare(3), "t"), D(1), "t", named).value == expected


@examples(st.data())
def test_every_operation_on_fractions_is_exact_and_replays(data: st.DataObject) -> None:
    whole = st.integers(min_value=-999, max_value=999)
    a, b = (
        ratio(bare(data.draw(whole)), bare(data.draw(whole.filter(bool))), "t.r") for _ in range(2)
    )
    rate = given(data.draw(whole), "%", "t.rate")
    figure = total(
        (
            less(a, b, rule="t.less"),
            negative(percent_of(b, rate, "t.percent"), "t.negative"),
            times(a, b, "t.times"),
            least((a, b), "t.least"),
            greatest((a, b), "t.greatest"),
            banded(a, b, D(-1000), None, "t.banded"),
        ),
        "t.total",
    )
    one, two = (Fraction(each.exact) for each in (a, b))

    # (a − b) − b × rate ÷ 100 + a × b + smaller + greater + b
    exact = one - two - two * Fraction(rate.value) / 100 + one * two + one + two + two
    assert Fraction(figure.exact) == exact
    assert replay(figure) == figure.value
    assert list(disagreements(figure)) == []


def test_parts_by_thirds_are_even() -> None:
    weights = [ratio(bare(1), bare(3), "t.third"), ratio(bare(2), bare(3), "t.thirds")]
    parts = shares(given(D("0.30"), "EUR", "t.whole"), weights, CENT, "t.share")

    assert [part.value for part in parts] == [D("0.10"), D("0.20")]
    assert [replay(part) for part in parts] == [D("0.10"), D("0.20")]


def test_parts_are_weighed_in_one_unit() -> None:
    weights = [given(50, "%", "t.weight"), given(1, "h", "t.weight")]

    with pytest.raises(UnitError, match="'h' together with '%'"):
        shares(given(D("1.00"), "EUR", "t.whole"), weights, CENT, "t.share")


# ── units ────────────────────────────────────────────────────────────────────

PRODUCTS = json.loads("""[
    ["h", "USD/h", "USD"], ["USD/h", "h", "USD"], ["1", "kg", "kg"], ["kg", "1", "kg"],
    ["1", "1", "1"], ["h", "min/h", "min"], ["USD/EUR", "EUR", "USD"], ["1/h", "h", "1"],
    ["USD/h", "h/d", "USD/d"], ["%", "1", "%"]
]""")


@pytest.mark.parametrize(("left", "right", "unit"), PRODUCTS)
def test_the_unit_of_a_product_follows(left: str, right: str, unit: str) -> None:
    assert times(given(6, left, "t"), given(2, right, "t"), "t.times").unit == unit


@pytest.mark.parametrize(
    ("left", "right", "unit"),
    [
        ("EUR·min/h", "min/h", "EUR"),
        ("USD/h", "USD", "1/h"),
        ("1", "h", "1/h"),
        ("USD/h", "USD/EUR", "EUR/h"),
        ("USD", "EUR", "USD/EUR"),
        ("%", "%", "1"),
        ("%", "1", "%"),
    ],
)
def test_the_unit_of_a_quotient_follows(left: str, right: str, unit: str) -> None:
    assert ratio(given(6, left, "t"), given(2, right, "t"), "t.ratio").unit == unit


@pytest.mark.parametrize(
    ("left", "right", "named"),
    [
        ("min", "EUR/h", "EUR"),  # sixty times too much
        ("lb", "USD/cwt", "USD"),
        ("h", "USD/h", "EUR"),
        ("1", "USD", "EUR"),
        ("1", "USD", "h"),
        ("EUR", "EUR", "EUR"),
        ("EUR", "USD", "EUR"),
        ("EUR", "%", "EUR"),
        ("EUR", "%", None),
        ("h", "h", "h"),
        ("min", "EUR/h", None),
    ],
)
def test_a_product_that_makes_no_sense_is_refused(left: str, right: str, named: str | None) -> None:
    with pytest.raises(UnitError, match=r"^t\.times: "):
        times(given(6, left, "t"), given(2, right, "t"), "t.times", named)


@pytest.mark.parametrize(
    ("left", "right", "named"),
    [("USD", "USD", "EUR"), ("USD", "d", "USD"), ("USD", "%", "USD")],
)
def test_a_quotient_that_makes_no_sense_is_refused(left: str, right: str, named: str) -> None:
    with pytest.raises(UnitError, match=r"^t\.ratio: "):
        ratio(given(6, left, "t"), given(2, right, "t"), "t.ratio", named)


@pytest.mark.parametrize(
    ("left", "right", "named"),
    [
        ("min", "EUR/h", "EUR·min/h"),
        ("s", "EUR/min", "1"),
        ("1", "1", "pc"),
        ("1", "EUR", "EUR/pc"),
        ("1", "1", "EUR"),
    ],
)
def test_a_unit_may_be_named_where_none_follows_or_a_bare_number_has_none(
    left: str, right: str, named: str
) -> None:
    assert times(given(6, left, "t"), given(2, right, "t"), "t.times", named).unit == named


def test_a_quotient_of_one_unit_may_be_named_a_percentage() -> None:
    assert ratio(given(600, "USD", "t"), given(8, "USD", "t"), "t.ratio", "%").unit == "%"


@pytest.mark.parametrize("unit", ["", "USD/", "/h", "EUR·", " "])
def test_a_unit_has_names(unit: str) -> None:
    with pytest.raises(UnitError, match="is not a unit"):
        given(1, unit, "t.x")


@pytest.mark.parametrize(
    ("mode", "rounded"),
    # of -3/2, -1/2, 1/2, 3/2: a tie goes away from zero, to zero, to the even number
    [
        (Mode.HALF_UP, (-2, -1, 1, 2)),
        (Mode.HALF_DOWN, (-1, 0, 0, 1)),
        (Mode.HALF_EVEN, (-2, 0, 0, 2)),
        (Mode.UP, (-2, -1, 1, 2)),
        (Mode.DOWN, (-1, 0, 0, 1)),
        (Mode.CEILING, (-1, 0, 1, 2)),
        (Mode.FLOOR, (-2, -1, 0, 1)),
    ],
)
def test_a_tie_of_a_fraction_goes_where_the_mode_says(mode: Mode, rounded: tuple[int, ...]) -> None:
    halves = [Fraction(n, 2) for n in (-3, -1, 1, 3)]

    assert tuple(round_fraction(half, D(1), mode) for half in halves) == rounded
    assert [round_fraction(Fraction(n), D(1), mode) for n in (-2, 0, 2)] == [-2, 0, 2]
