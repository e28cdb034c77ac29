from __future__ import annotations

import decimal
from decimal import Decimal as D

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from billhook.kernel.errors import UnitError
from billhook.kernel.figure import (
    Figure,
    banded,
    fits,
    given,
    graph,
    greatest,
    least,
    less,
    negative,
    percent_of,
    ratio,
    replay,
    rounded,
    rounded_money,
    shares,
    times,
    total,
)
from billhook.kernel.money import Mode, Rounding
from billhook.kernel.origin import Origin
from billhook.testing.strategies import amounts, currencies, percents, quantities

HALF_UP = Rounding("half-up")


def usd(value: str) -> Figure:
    return given(D(value), "USD", "test.amount")


def test_seventy_five_minutes_in_six_minute_steps_are_1_3_hours_and_455() -> None:
    minutes = given(D(75), "min", "legal.minutes", Origin("time.csv", 2))
    hours = ratio(minutes, given(D(60), "min/h", "legal.hour"), "legal.hours", unit="h")
    billed = rounded(hours, D("0.1"), "legal.hours.increment", Mode.UP)
    fee = times(billed, given(D("350.00"), "USD/h", "legal.rate"), "legal.fee")

    # 75 / 60 = 1.25 h, up to tenths = 1.3 h; 1.3 × 350.00 = 455.00
    assert (billed.value, fee.unit, fee.value) == (D("1.3"), "USD", D("455.000"))
    assert [node.origin for node in graph(fee) if node.origin] == [Origin("time.csv", 2)]


@examples(st.data())
def test_every_operation_replays_to_its_value(data: st.DataObject) -> None:
    code = data.draw(currencies())
    a, b = (given(data.draw(amounts(code)), code, "test.given") for _ in range(2))
    rate = given(data.draw(percents()), "%", "test.rate")
    price = given(data.draw(quantities()), f"{code}/h", "test.price")
    hours = given(data.draw(quantities()), "h", "test.hours")
    mode = data.draw(st.sampled_from(list(Mode)))
    figure = total(
        (
            less(a, b, rule="test.less"),
            negative(percent_of(b, rate, "test.percent"), "test.negative"),
            rounded(times(hours, price, "test.times"), D("0.05"), "test.round", mode),
            least((a, b), "test.least"),
            greatest((a, b), "test.greatest"),
        ),
        "test.total",
    )

    assert replay(figure) == figure.value


def test_a_lie_in_the_trace_is_found_by_replay() -> None:
    honest = less(usd("10.00"), usd("4.00"), rule="test.less")
    lie = Figure(D("7.00"), "USD", "less", "test.less", honest.inputs)

    assert replay(lie) == D("6.00")


def test_the_ambient_decimal_context_changes_nothing() -> None:
    with decimal.localcontext(decimal.Context(prec=3, rounding=decimal.ROUND_DOWN)):
        product = times(given(D("123.456"), "h", "t.h"), given(D("98.765"), "USD/h", "t.p"), "t.x")
        quotient = ratio(usd("1.00"), given(D(3), "1", "t.three"), "t.ratio", unit="USD")

    assert product.value == D("123.456") * D("98.765")
    assert len(quotient.value.as_tuple().digits) == 60


def test_figures_of_two_units_are_not_added() -> None:
    with pytest.raises(UnitError, match="'EUR' together with 'USD'"):
        total((usd("1.00"), given(D("1.00"), "EUR", "t.eur")), "t.sum")


def test_a_product_without_a_unit_that_follows_is_refused() -> None:
    with pytest.raises(UnitError, match="say the unit"):
        times(usd("1.00"), given(D(2), "h", "t.h"), "t.x")


@pytest.mark.parametrize("value", [1.5, True, "1"])
def test_a_figure_takes_no_float_bool_or_text(value: object) -> None:
    with pytest.raises(TypeError, match="needs a Decimal"):
        given(value, "USD", "t.x")  # type: ignore[arg-type]


def test_the_wrong_row_of_a_banded_table_is_refused() -> None:
    price = given(D("3.899"), "USD/gal", "t.price")
    row = given(D("28.0"), "%", "t.row")

    assert banded(price, row, D("3.85"), D("3.90"), "t.fuel").value == D("28.0")
    with pytest.raises(ValueError, match="outside the band"):
        banded(price, row, D("3.90"), None, "t.fuel")
    with pytest.raises(ValueError, match="outside the band"):
        banded(given(D("3.90"), "USD/gal", "t.price"), row, D("3.85"), D("3.90"), "t.fuel")


def test_money_on_its_grid_is_not_rounded_again() -> None:
    amount = usd("12.30")

    assert rounded_money(amount, HALF_UP, "t.round") is amount
    assert not fits(usd("12.3"))
    assert fits(rounded_money(usd("12.3"), HALF_UP, "t.round"))


@examples(st.data())
def test_shares_add_up_and_each_replays(data: st.DataObject) -> None:
    code = data.draw(currencies())
    whole = given(data.draw(amounts(code)), code, "t.whole")
    weights = [
        given(w, "1", "t.weight") for w in data.draw(st.lists(quantities(), min_size=1, max_size=8))
    ]
    weights.append(given(D(1), "1", "t.weight"))
    parts = shares(whole, weights, D(1).scaleb(whole.value.as_tuple().exponent), "t.share")  # type: ignore[arg-type]

    assert total(parts, "t.sum").value == whole.value
    assert [replay(part) for part in parts] == [part.value for part in parts]


def test_repr_is_one_line() -> None:
    assert repr(usd("1.00")) == "<Figure 1.00 USD given test.amount>"


def test_a_shared_graph_is_walked_once() -> None:
    figure = usd("1.00")
    for _ in range(60):
        figure = total((figure, figure), "t.double")

    assert len(list(graph(figure))) == 61
    assert replay(figure) == figure.value == D("1.00") * 2**60


@pytest.mark.parametrize(
    ("left", "right", "unit"),
    [("USD", "USD", "1"), ("USD", "h", "USD/h"), ("min", "min/h", "h"), ("kg", "1", "kg")],
)
def test_the_unit_of_a_quotient_follows(left: str, right: str, unit: str) -> None:
    assert ratio(given(D(6), left, "t.left"), given(D(2), right, "t.right"), "t.ratio").unit == unit


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_a_figure_is_a_finite_number(value: str) -> None:
    with pytest.raises(ValueError, match="test\\.hours: a figure needs a number"):
        given(D(value), "h", "test.hours")


def test_nothing_has_no_sign() -> None:
    nothing, less_than_nothing = given(D("0.00"), "USD", "t"), given(-4, "USD", "t")

    found = [
        given(D("-0.00"), "USD", "t"),
        negative(nothing, "t"),
        times(nothing, given(-1, "1", "t"), "t"),
        ratio(nothing, less_than_nothing, "t", "1"),
        percent_of(less_than_nothing, given(0, "%", "t"), "t"),
        rounded(given(D("-0.001"), "USD", "t"), D("0.01"), "t"),
    ]

    assert [str(each.value) for each in found if each.value.is_signed()] == []
    assert all(replay(each) == each.value for each in found)


@pytest.mark.parametrize(("unit", "shown"), [("USD", "0.00"), ("JPY", "0"), ("h", "0")])
def test_the_sum_of_nothing_has_the_places_of_its_unit(unit: str, shown: str) -> None:
    assert str(total((), "t.sum", unit).value) == shown
