from __future__ import annotations

from decimal import Decimal as D
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from billhook.kernel.currencies import MINOR_UNITS
from billhook.kernel.money import POLICIES, Mode, allocate, find_currency, round_to


@pytest.mark.parametrize(
    ("code", "step"),
    [
        ("JPY", "1"),
        ("USD", "0.01"),
        ("KWD", "0.001"),
        ("IQD", "0.001"),
        ("CLF", "0.0001"),
        ("HUF", "0.01"),
    ],
)
def test_a_currency_is_as_fine_as_iso_4217_says(code: str, step: str) -> None:
    assert find_currency(code).step == D(step)


def test_the_list_of_currencies_has_the_size_of_the_standard_list() -> None:
    count = {n: sum(minor == n for minor in MINOR_UNITS.values()) for n in (0, 2, 3, 4)}

    # ISO 4217 list one after amendment 179, without the codes that have no minor unit
    assert count == {0: 17, 2: len(MINOR_UNITS) - 26, 3: 7, 4: 2}
    assert {"EUR", "XCG", "ZWG", "SLE", "VED"} <= MINOR_UNITS.keys()
    assert not {"HRK", "BGN", "CUC", "ANG", "XAU", "XXX", "ZWL"} & MINOR_UNITS.keys()


@pytest.mark.parametrize("code", ["usd", "XAU", "", "EURO"])
def test_what_is_no_currency_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="not an ISO 4217 currency code"):
        find_currency(code)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (Mode.HALF_UP, "0.13 -0.13"),
        (Mode.HALF_EVEN, "0.12 -0.12"),
        (Mode.HALF_DOWN, "0.12 -0.12"),
        (Mode.UP, "0.13 -0.13"),
        (Mode.DOWN, "0.12 -0.12"),
        (Mode.CEILING, "0.13 -0.12"),
        (Mode.FLOOR, "0.12 -0.13"),
    ],
)
def test_half_a_cent_is_rounded_as_the_mode_is_named(mode: Mode, expected: str) -> None:
    found = [round_to(D(value), D("0.01"), mode) for value in ("0.125", "-0.125")]

    assert " ".join(map(str, found)) == expected


@pytest.mark.parametrize(
    ("value", "step", "expected"),
    [
        ("10.81", "0.05", "10.80"),
        ("10.825", "0.05", "10.85"),
        ("0.51", "0.5", "0.5"),
        ("1234", "500", "1000"),
    ],
)
def test_steps_that_are_no_power_of_ten_work_too(value: str, step: str, expected: str) -> None:
    assert round_to(D(value), D(step)) == D(expected)


@given(st.integers(-(10**12), 10**12), st.sampled_from(["0.01", "0.05", "1", "0.001", "0.25"]))
def test_rounding_lands_on_the_grid_no_further_than_half_a_step(units: int, step: str) -> None:
    value = D(units).scaleb(-5)
    found = round_to(value, D(step))

    assert found % D(step) == 0
    assert abs(found - value) * 2 <= D(step)


WEIGHTS = st.lists(st.decimals(0, 10**6, places=3), min_size=1, max_size=30)


@given(st.integers(-(10**9), 10**9), WEIGHTS, st.sampled_from(["0.01", "1", "0.001", "0.05"]))
def test_parts_are_fair_and_add_up(units: int, weights: list[D], step: str) -> None:
    assume(any(weights))
    whole = D(units) * D(step)
    parts = allocate(whole, weights, D(step))
    exact = [Fraction(whole) * Fraction(w) / Fraction(sum(weights)) for w in weights]

    assert sum(parts) == whole
    assert all(abs(Fraction(p) - e) < Fraction(D(step)) for p, e in zip(parts, exact, strict=True))
    assert all(p == 0 for p, w in zip(parts, weights, strict=True) if w == 0)
    assert allocate(-whole, weights, D(step)) == [-p for p in parts]


def test_ties_go_to_the_earlier_part() -> None:
    assert allocate(D("100.00"), [D(1)] * 3, D("0.01")) == [D("33.34"), D("33.33"), D("33.33")]


@pytest.mark.parametrize(
    ("whole", "weights", "message"),
    [
        ("0.005", [D(1)], "not a multiple"),
        ("1.00", [D(0)], "all weights are zero"),
        ("1.00", [D(-1), D(2)], "negative"),
    ],
)
def test_what_cannot_be_divided_is_refused(whole: str, weights: list[D], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        allocate(D(whole), weights, D("0.01"))


def test_policies_are_named_after_themselves() -> None:
    assert {name: policy.id for name, policy in POLICIES.items()} == {n: n for n in POLICIES}
