"""Prices in another currency: a converted line still adds up as it is printed."""

from __future__ import annotations

from decimal import Decimal as D

from billhook.kernel.figure import given
from billhook.model.charge import Charge, LineAdjustment
from billhook.model.exchange import ExchangeRate
from calculate.test_apportion import bill

RATE = ExchangeRate(currency="EUR", into="USD", rate=D("1.2345"), source="central bank")


def euros(amount: str):
    return given(D(amount), "EUR", "t.price")


def converted(**facts: object):
    charge = Charge(id="a", description="a", **facts)
    invoice = bill([charge], currency="USD", exchange=(RATE,))
    [line] = invoice.lines
    return line


def test_every_price_change_of_a_line_is_converted_and_the_line_adds_up() -> None:
    line = converted(
        amount=euros("84.99"),
        gross=euros("100.00"),
        adjustment=euros("-15.01"),
        adjustments=(LineAdjustment(amount=euros("-10.00")), LineAdjustment(amount=euros("-5.01"))),
    )

    # 84.99, 10.00 and 5.01 at 1.2345: 104.92 (104.920155), 12.35 (12.345, half up), 6.18 (6.184845)
    assert line.amount.value == D("104.92")
    assert [each.amount.value for each in line.adjustments] == [D("-12.35"), D("-6.18")]
    assert line.adjustment.value == D("-18.53")
    # the gross is what the two leave, 104.92 + 18.53, and not 123.45 converted by itself
    assert line.gross.value == D("123.45")
    assert line.gross.value + line.adjustment.value == line.amount.value


def test_one_price_change_is_what_lies_between_gross_and_amount() -> None:
    line = converted(
        amount=euros("33.33"), gross=euros("66.65"), adjustment=euros("-33.32"), quantity=None
    )

    # 33.33 × 1.2345 = 41.15 (41.145885), 66.65 × 1.2345 = 82.28 (82.279425); 33.32 alone is 41.13
    assert (line.gross.value, line.adjustment.value, line.amount.value) == (
        D("82.28"),
        D("-41.13"),
        D("41.15"),
    )


def test_the_unit_price_is_converted_with_its_line() -> None:
    line = converted(
        amount=euros("100.00"),
        quantity=given(D(4), "h", "t.hours"),
        unit_price=given(D("25.00"), "EUR/h", "t.rate"),
    )

    # 25.00 × 1.2345
    assert (line.unit_price.value, line.unit_price.unit) == (D("30.8625"), "USD/h")
    assert line.amount.value == D("123.45")
