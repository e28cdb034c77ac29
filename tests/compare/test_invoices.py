from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from billhook import Charge, Engine, Invoice, Rating, given, hookimpl, times
from billhook.builtin import tax_table
from billhook.compare.invoices import Cause, compare
from billhook.testing import Inline, sample_job

VAT = tax_table.TaxTable(rates=(tax_table.TaxRate(name="VAT", percent=D(20)),))


def bill(lines: dict[str, tuple[str, str]], **facts: object) -> Invoice:
    """A bill of hours and rates by line id."""

    @hookimpl
    def billhook_rate() -> Rating:
        return Rating(charges=tuple(_charge(id_, *line) for id_, line in lines.items()))

    engine = Engine([("mine", Inline(billhook_rate=billhook_rate)), ("tax_table", tax_table)])
    return engine.draft(sample_job(**facts), []).invoice


def _charge(id_: str, hours: str, rate: str) -> Charge:
    quantity, price = given(D(hours), "h", "t.hours"), given(D(rate), "USD/h", "t.rate")
    return Charge(
        id=id_,
        description=id_,
        quantity=quantity,
        unit_price=price,
        amount=times(quantity, price, "t.fee"),
    )


def test_rate_quantity_new_and_gone_are_told_apart() -> None:
    before = bill({"a": ("2.0", "100.00"), "b": ("1.0", "50.00"), "c": ("1.0", "10.00")})
    after = bill({"a": ("2.5", "100.00"), "b": ("1.0", "55.00"), "d": ("1.0", "7.00")})
    found = compare(before, after)

    # 0.5 h × 100.00; 1.0 h × 5.00; + 7.00; - 10.00
    assert found.causes() == {
        Cause.QUANTITY: D("50.00"),
        Cause.RATE: D("5.00"),
        Cause.NEW: D("7.00"),
        Cause.GONE: D("-10.00"),
    }
    assert found.difference == D("52.00")


def test_tax_is_a_cause_of_its_own() -> None:
    found = compare(bill({"a": ("1.0", "100.00")}), bill({"a": ("1.0", "100.00")}, pockets=(VAT,)))

    assert found.causes() == {Cause.TAX: D("20.00")}


def test_equal_bills_have_no_changes() -> None:
    one = bill({"a": ("1.0", "100.00")})

    assert compare(one, one).changes == ()


def test_two_currencies_cannot_be_compared() -> None:
    one = bill({"a": ("1.0", "100.00")})

    with pytest.raises(ValueError, match="cannot compare USD with JPY"):
        compare(one, _in_yen())


def _in_yen() -> Invoice:
    @hookimpl
    def billhook_rate() -> Rating:
        return Rating(charges=(Charge(id="a", description="a", amount=given(D(1), "JPY", "t.a")),))

    engine = Engine([("mine", Inline(billhook_rate=billhook_rate)), ("tax_table", tax_table)])
    return engine.draft(sample_job(currency="JPY"), []).invoice


HOURS = st.integers(0, 999).map(lambda n: str(D(n) / 10))
RATES = st.integers(0, 99_999).map(lambda n: str(D(n) / 100))
LINES = st.dictionaries(st.sampled_from("abcdef"), st.tuples(HOURS, RATES), min_size=1)


@examples(LINES, LINES, st.booleans())
def test_the_effects_of_all_changes_add_up_to_the_difference(
    one: dict[str, tuple[str, str]], two: dict[str, tuple[str, str]], taxed: bool
) -> None:
    found = compare(bill(one), bill(two, pockets=(VAT,)) if taxed else bill(two))

    assert sum(found.causes().values()) == found.difference
