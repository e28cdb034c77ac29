"""Successive bills: what is the same line in both is compared so, all else by what it is."""

from __future__ import annotations

from decimal import Decimal as D

from hypothesis import given as examples
from hypothesis import strategies as st

from billhook import Charge, Engine, Invoice, Rating, given, hookimpl, times
from billhook.builtin import tax_table
from billhook.compare.invoices import Cause, Comparison
from billhook.compare.periods import compare_successive
from billhook.testing import Inline, sample_job


def bill(*lines: tuple[str, str, str, str, str]) -> Invoice:
    """A bill of lines: id, group, tag, hours, rate."""

    @hookimpl
    def billhook_rate() -> Rating:
        return Rating(charges=tuple(_charge(*line) for line in lines))

    engine = Engine([("mine", Inline(billhook_rate=billhook_rate)), ("tax_table", tax_table)])
    return engine.draft(sample_job(), []).invoice


def _charge(id_: str, group: str, tag: str, hours: str, rate: str) -> Charge:
    quantity, price = given(D(hours), "h", "t.hours"), given(D(rate), "USD/h", "t.rate")
    return Charge(
        id=id_,
        description=f"Work {id_}",
        group=group,
        tags=frozenset({tag} if tag else ()),
        quantity=quantity,
        unit_price=price,
        amount=times(quantity, price, "t.fee"),
    )


def effects(found: Comparison) -> dict[tuple[str, str], D]:
    return {
        (change.id, str(effect.cause)): effect.amount
        for change in found.changes
        for effect in change.effects
    }


def test_lines_of_the_next_month_are_compared_by_the_group_they_stand_in() -> None:
    may = bill(("m1", "Hale", "fee", "1.0", "400"), ("m2", "Hale", "fee", "2.0", "400"),
               ("m3", "Nair", "fee", "2.0", "100"))  # fmt: skip
    june = bill(("j1", "Hale", "fee", "4.5", "400"), ("j2", "Nair", "fee", "2.0", "110"))

    # Hale: (4.5 - 3.0) h x 400; Nair: 2.0 h x 10.
    assert effects(compare_successive(may, june)) == {
        ("lines.Hale @ 400 USD/h", "quantity"): D("600.00"),
        ("lines.Nair", "rate"): D("20.00"),
    }


def test_groups_that_never_recur_give_way_to_the_tags() -> None:
    one = bill(("a-1", "Trip 17", "haul", "10", "5"), ("a-2", "Trip 17", "fuel", "1", "30"))
    two = bill(("b-1", "Trip 18", "haul", "12", "5"), ("b-2", "Trip 18", "fuel", "1", "33"),
               ("b-3", "Trip 19", "haul", "1", "5"))  # fmt: skip

    assert effects(compare_successive(one, two)) == {
        ("lines.haul @ 5 USD/h", "quantity"): D("15.00"),
        ("lines.fuel", "rate"): D("3.00"),
    }


def test_a_line_that_both_bills_have_is_compared_by_itself() -> None:
    one = bill(("same", "Hale", "fee", "1.0", "400"), ("m1", "Hale", "fee", "1.0", "400"))
    two = bill(("same", "Hale", "fee", "1.5", "400"), ("j1", "Hale", "fee", "3.0", "400"))

    assert effects(compare_successive(one, two)) == {
        ("lines.same", "quantity"): D("200.00"),
        ("lines.Hale @ 400 USD/h", "quantity"): D("800.00"),
    }


def test_a_line_alone_in_its_group_that_comes_or_goes_keeps_its_id() -> None:
    one = bill(("a", "Hale", "fee", "1.0", "400"), ("b", "Nair", "fee", "1.0", "100"))
    two = bill(("a", "Hale", "fee", "1.0", "400"), ("c", "Hale", "fee", "0.5", "400"))

    assert effects(compare_successive(one, two)) == {
        ("lines.c", "new"): D("200.00"),
        ("lines.b", "gone"): D("-100.00"),
    }


def test_many_new_lines_of_a_group_are_one_change_that_says_how_many() -> None:
    one = bill(("a", "Hale", "fee", "1.0", "400"))
    two = bill(("a", "Hale", "fee", "1.0", "400"), ("b", "Ortega", "fee", "1", "10"),
               ("c", "Ortega", "fee", "2", "10"))  # fmt: skip

    (change,) = compare_successive(one, two).changes

    assert (change.id, change.before, change.after) == ("lines.Ortega", D("0.00"), D("30.00"))
    assert [effect.cause for effect in change.effects] == [Cause.NEW]
    assert (change.lines_before, change.lines_after) == (0, 2)


def test_an_id_that_is_also_a_groups_name_is_not_mixed_up_with_it() -> None:
    one = bill(("Hale", "", "", "1.0", "400"), ("m1", "Hale", "", "1.0", "50"))
    two = bill(("Hale", "", "", "1.0", "400"), ("j1", "Hale", "", "2.0", "60"))

    found = compare_successive(one, two)

    assert found.difference == D("70.00")
    assert sum(each.difference for each in found.changes) == D("70.00")


_LINES = st.lists(
    st.tuples(
        st.sampled_from("abcdef"), st.sampled_from(["", "Hale", "Nair"]),
        st.sampled_from(["", "fee", "cost"]), st.integers(1, 40).map(str),
        st.sampled_from(["100", "33.33", "7.07"]),
    ),
    min_size=1, unique_by=lambda line: line[0],
)  # fmt: skip


@examples(one=_LINES, two=_LINES)
def test_the_effects_add_up_to_the_difference_of_the_amounts_due(one, two) -> None:
    found = compare_successive(bill(*one), bill(*two))

    assert sum(found.causes().values()) == found.difference
    assert sum(each.difference for each in found.changes) == found.difference
