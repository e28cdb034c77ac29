"""The explanation of an amount, as a program gets it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from billhook import Engine, explain_amount, given, times


def fee():
    hours = given(Decimal("1.5"), "h", "example.hours")
    return times(hours, given(Decimal(120), "EUR/h", "example.price"), "example.fee")


def test_an_amount_is_explained_in_english_unless_asked_otherwise():
    # 1.5 × 120 = 180
    assert explain_amount(fee(), Engine()).splitlines()[0] == "180.0 EUR  fee: 1.5 h × 120 EUR/h"


def test_a_locale_writes_the_numbers():
    assert "1,5" in explain_amount(fee(), Engine(), locale="de_DE")


def test_depth_cuts_the_tree():
    assert len(explain_amount(fee(), Engine(), depth=0).splitlines()) == 1


def test_an_unknown_locale_is_refused():
    with pytest.raises(ValueError, match="xx_XX"):
        explain_amount(fee(), Engine(), locale="xx_XX")
