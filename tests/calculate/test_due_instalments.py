"""Instalments by fixed amount and by calendar date."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D

import pytest

from billhook import Agreement, Portioning, given
from billhook.calculate.due import to_terms
from billhook.kernel.money import POLICIES

DATE = dt.date(2026, 6, 30)


def instalments(payable: str, *parts: Portioning, policy: str = "standard"):
    terms = to_terms(
        Agreement(instalments=parts), DATE, given(D(payable), "CHF", "t.due"), POLICIES[policy]
    )
    return [(str(part.due), str(part.amount.value)) for part in terms.instalments]


def test_a_fixed_amount_on_a_day_and_the_rest_later() -> None:
    found = instalments(
        "1234.56",
        Portioning(amount=D(500), date=dt.date(2026, 8, 1)),
        Portioning(days=90),
    )

    # 1,234.56 − 500.00
    assert found == [("2026-08-01", "500.00"), ("2026-09-28", "734.56")]


def test_percentages_are_of_what_fixed_amounts_leave() -> None:
    found = instalments(
        "1000.01",
        Portioning(amount=D(400), days=0),
        Portioning(percent=D(50), days=30),
        Portioning(days=60),
    )

    # 600.01 by halves; the odd cent goes to the earlier
    assert [amount for _, amount in found] == ["400.00", "300.01", "300.00"]


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"amount": D(5)}, "days or date"),
        ({"amount": D(5), "days": 1, "date": DATE}, "days or date"),
        ({"amount": D(5), "percent": D(5), "days": 1}, "percent or amount"),
        ({"amount": D(0), "days": 1}, "above 0"),
    ],
)
def test_an_instalment_that_makes_no_sense_is_refused(facts, message) -> None:
    with pytest.raises(ValueError, match=message):
        Portioning(**facts)


def test_the_rest_comes_last() -> None:
    with pytest.raises(ValueError, match="it is the rest"):
        Agreement(instalments=(Portioning(amount=D(5), days=1),))
