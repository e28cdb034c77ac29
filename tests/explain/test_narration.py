from __future__ import annotations

from decimal import Decimal

import pytest

from billhook.explain.narration import Leaf, draw, narrate
from billhook.explain.rule_text import ENGLISH, RuleFormatter, find_unfilled, show
from billhook.explain.rules import Rule
from billhook.kernel.figure import (
    PERCENT,
    PURE,
    Figure,
    banded,
    given,
    greatest,
    least,
    less,
    negative,
    percent_of,
    ratio,
    rounded,
    shares,
    times,
    total,
)
from billhook.kernel.origin import Origin
from billhook.render.document.appendix import _Walk

CENT = Decimal("0.01")


def usd(value: str, rule: str = "x.amount", origin: Origin | None = None) -> Figure:
    return given(Decimal(value), "USD", rule, origin)


def told(figure: Figure, **rules: str) -> list[str]:
    catalogue = {f"x.{name}": Rule(f"x.{name}", name, text) for name, text in rules.items()}
    return list(draw(narrate(figure, catalogue)))


ONE, TWO = usd("10.00"), usd("7.50")


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (total([ONE, TWO], "x.y"), "17.50 USD  y: 10.00 USD + 7.50 USD"),
        (less(ONE, TWO, rule="x.y"), "2.50 USD  y: 10.00 USD − 7.50 USD"),
        (less(usd("0.00"), TWO, rule="x.y"), "-7.50 USD  y: minus 7.50 USD"),
        (less(usd("0.00"), usd("-7.50"), rule="x.y"), "7.50 USD  y: 7.50 USD"),
        (total([ONE, usd("-7.50")], "x.y"), "2.50 USD  y: 10.00 USD − 7.50 USD"),
        (less(ONE, usd("-7.50"), rule="x.y"), "17.50 USD  y: 10.00 USD + 7.50 USD"),
        (
            times(given(Decimal("1.3"), "h", "x.h"), given(350, "USD/h", "x.r"), "x.y"),
            "455.0 USD  y: 1.3 h × 350 USD/h",
        ),
        (ratio(ONE, usd("3"), "x.y"), "3.333333333333…  y: 10.00 USD ÷ 3 USD"),
        (
            percent_of(ONE, given(Decimal("7.5"), PERCENT, "x.r"), "x.y"),
            "0.75000 USD  y: 7.5 % of 10.00 USD",
        ),
        (
            rounded(usd("1.005"), CENT, "x.y"),
            "1.01 USD  y: 1.005 USD, rounded half up to 0.01",
        ),
        (least([ONE, TWO], "x.y"), "7.50 USD  y: the least of 10.00 USD and 7.50 USD"),
        (greatest([ONE, TWO], "x.y"), "10.00 USD  y: the greatest of 10.00 USD and 7.50 USD"),
        (negative(ONE, "x.y"), "-10.00 USD  y: minus 10.00 USD"),
        (
            banded(given(5, "lb", "x.w"), ONE, Decimal(1), Decimal(9), "x.y"),
            "10.00 USD  y: 5 lb lies in the band from 1 to under 9",
        ),
        (
            banded(given(5, "lb", "x.w"), ONE, Decimal(1), None, "x.y"),
            "10.00 USD  y: 5 lb lies in the band from 1 on",
        ),
        (
            shares(ONE, [given(2, PURE, "x.w"), given(1, PURE, "x.w")], CENT, "x.y")[1],
            "3.33 USD  y: part 2 of 10.00 USD, divided as 2 : 1",
        ),
        (usd("1234567.8"), "1,234,567.8 USD  amount"),
    ],
)
def test_each_operation_has_its_words(figure: Figure, words: str) -> None:
    assert told(figure)[0] == words


def test_a_sum_of_many_says_how_many_they_are() -> None:
    many = total([usd("1.00") for _ in range(7)], "x.y")

    assert told(many)[0] == "7.00 USD  y: the sum of 7 amounts"


def test_what_adds_nothing_is_left_out() -> None:
    nested = total([total([ONE, usd("0.00")], "x.inner"), usd("0.00")], "x.outer")

    assert told(nested) == ["10.00 USD  outer"]


def test_a_rounding_that_changes_nothing_is_left_out() -> None:
    fee = times(given(2, "h", "x.h"), given(Decimal("1.50"), "USD/h", "x.r"), "x.fee")

    assert told(rounded(fee, CENT, "x.rounding"))[0] == "3.00 USD  fee: 2 h × 1.50 USD/h"


def test_a_rounding_that_changes_something_is_told() -> None:
    lines = told(rounded(usd("1.005"), CENT, "x.rounding"))

    assert lines == [
        "1.01 USD  rounding: 1.005 USD, rounded half up to 0.01",
        "└─ 1.005 USD  amount",
    ]


def test_a_sum_of_nothing_but_zeros_is_told_with_one_of_them() -> None:
    assert told(total([usd("0.00"), usd("0.00")], "x.y")) == ["0.00 USD  y"]


def test_the_rules_sentence_gets_the_figures_own_values() -> None:
    hours = given(Decimal("1.25"), "h", "x.worked", who="K. Brandt")

    assert told(hours, worked="{value} {unit} by {who}") == ["1.25 h  worked: 1.25 h by K. Brandt"]


def test_what_was_told_above_is_not_told_again() -> None:
    shared = total([ONE, TWO], "x.shared")

    lines = told(total([shared, shared], "x.y"))

    assert lines == [
        "35.00 USD  y: 17.50 USD + 17.50 USD",
        "├─ 17.50 USD  shared: 10.00 USD + 7.50 USD",
        "│  ├─ 10.00 USD  amount",
        "│  └─ 7.50 USD  amount",
        "└─ 17.50 USD  shared: 10.00 USD + 7.50 USD  (as above)",
    ]


def test_places_are_lines_or_what_a_source_has_instead() -> None:
    lines = [
        told(usd("1", origin=origin))[0]
        for origin in (Origin("time.csv", 2), Origin("erp", path="row 3"), Origin("time.csv"))
    ]

    assert lines == [
        "1 USD  amount  [time.csv:2]",
        "1 USD  amount  [erp row 3]",
        "1 USD  amount  [time.csv]",
    ]


def test_a_leaf_is_told_in_one_line_in_its_own_words() -> None:
    fee = times(given(2, "h", "x.h"), given(3, "USD/h", "x.r"), "x.fee")
    whole = total([fee, ONE], "x.y")

    step = narrate(whole, {}, {id(fee): Leaf("Planning", "time.csv:2")})

    assert [str(each) for each in step.steps] == [
        "6 USD  Planning: 2 h × 3 USD/h  [time.csv:2]",
        "10.00 USD  amount",
    ]


def test_a_leaf_tells_what_was_rounded_and_turned_around() -> None:
    rate = given(Decimal("7.5"), PERCENT, "x.r")
    off = rounded(percent_of(usd("0.70"), rate, "x.p"), CENT, "x.round")
    whole = total([negative(off, "x.y"), ONE], "x.z")

    step = narrate(whole, {}, {id(whole.inputs[0]): Leaf("Discount")})

    # 7.5 % of 0.70 is 0.0525
    assert str(step.steps[0]) == (
        "-0.05 USD  Discount: minus 7.5 % of 0.70 USD = 0.05250 USD, rounded half up to 0.01"
    )


def test_a_sum_of_what_was_told_is_not_told_again() -> None:
    one, two = (times(given(2, "h", "x.h"), given(p, "USD/h", "x.r"), "x.fee") for p in (3, 4))
    net, base = total([one, two], "x.net"), total([one, two], "x.base")

    lines = list(
        draw(narrate(total([net, base], "x.y"), {}, {id(one): Leaf("A"), id(two): Leaf("B")}))
    )

    assert lines == [
        "28.00 USD  y: 14.00 USD + 14.00 USD",
        "├─ 14.00 USD  net: 6 USD + 8 USD",
        "│  ├─ 6 USD  A: 2 h × 3 USD/h",
        "│  └─ 8 USD  B: 2 h × 4 USD/h",
        "└─ 14.00 USD  base: 6 USD + 8 USD  (as above)",
    ]


def test_a_bare_number_has_no_unit() -> None:
    assert show(given(Decimal("0.25"), PURE, "x.y")) == "0.25"


def test_of_a_choice_only_what_was_chosen_is_told_at_length() -> None:
    dear, cheap = (
        rounded(times(given(weight, "kg", "x.w"), price, "x.raw"), CENT, "x.z")
        for weight, price in (
            (180, given(Decimal("0.5640"), "USD/kg", "x.r")),
            (250, given(Decimal("0.3345"), "USD/kg", "x.r")),
        )
    )

    assert told(least([dear, cheap], "x.y")) == [
        "83.63 USD  y: the least of 101.52 USD and 83.63 USD",
        "├─ 101.52 USD  raw: 180 kg × 0.5640 USD/kg",
        "└─ 83.63 USD  z: 83.6250 USD, rounded half up to 0.01",
        "   └─ 83.6250 USD  raw: 250 kg × 0.3345 USD/kg",
        "      ├─ 250 kg  w",
        "      └─ 0.3345 USD/kg  r",
    ]


def test_titles_are_filled_in_as_sentences_are() -> None:
    band = banded(given(5, "lb", "x.w"), ONE, Decimal(1), Decimal(9), "x.y")
    rules = {
        "x.y": Rule("x.y", "price from {low} to {high} lb"),
        "x.amount": Rule("x.amount", "{value} in {unit}"),
    }
    lines = [str(step) for step in draw(narrate(band, rules))]

    assert lines[0].startswith("10.00 USD  price from 1 to 9 lb: ")
    assert "10.00 USD  10.00 in USD" in lines[-1]
    assert _Walk((RuleFormatter(rules, ENGLISH),), {}, set())._words(band) == "price from 1 to 9 lb"


def test_a_place_that_nothing_fills_is_left_out_with_its_sentence() -> None:
    rules = {
        "x.tax-amount": Rule("x.tax-amount", "tax", "rounded {mode} to {step}"),
        "x.amount": Rule("x.amount", "{unknown} offer", "because of {unknown}"),
    }
    figure = total((ONE, TWO), "x.tax-amount")

    # The sum is not rounded, so it is not told to be; a title that lacks a word is not told either.
    assert [str(step) for step in draw(narrate(figure, rules))] == [
        "17.50 USD  tax: 10.00 USD + 7.50 USD",
        "├─ 10.00 USD  amount",
        "└─ 7.50 USD  amount",
    ]
    assert [find_unfilled(each, rules) for each in (figure, ONE)] == ["mode", "unknown"]


def test_of_figures_that_were_compared_the_title_is_filled_in_too() -> None:
    rules = {"x.amount": Rule("x.amount", "offer of {value}")}
    lines = list(draw(narrate(least([ONE, TWO], "x.y"), rules)))

    assert [line[3:] for line in lines[1:]] == [
        "10.00 USD  offer of 10.00",
        "7.50 USD  offer of 7.50",
    ]
