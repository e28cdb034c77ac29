from __future__ import annotations

import datetime as dt

import pytest

from billhook.kernel.text import Dated, Label, Period, fill, in_force, labels, overlaps

JAN, FEB, MAR = (dt.date(2026, month, 1) for month in (1, 2, 3))


def test_a_value_that_looks_like_a_place_is_not_filled_again() -> None:
    assert fill("{a} and {b}", {"a": "{b}", "b": "x"}) == "{b} and x"


def test_attributes_and_formats_of_a_template_mean_nothing() -> None:
    assert fill("{a.__class__} {a:>9} {z}", {"a": "1"}) == "{a.__class__} {a:>9} {z}"


def test_a_label_reads_as_its_english_text() -> None:
    _ = labels("billhook")

    assert str(_("Page {page} of {pages}", page=1, pages=3)) == "Page 1 of 3"
    assert _("x", b=1, a=2) == Label("billhook", "x", (("a", 2), ("b", 1)))


def test_a_period_contains_its_first_and_last_day() -> None:
    period = Period(JAN, FEB)

    assert (JAN in period, FEB in period, MAR in period) == (True, True, False)
    with pytest.raises(ValueError, match="before it begins"):
        Period(FEB, JAN)


def test_a_dated_value_ends_the_day_before_until() -> None:
    old, new = Dated("old", None, FEB), Dated("new", FEB)

    assert [d.value for d in in_force([old, new], FEB)] == ["new"]
    assert [d.value for d in in_force([old, new], JAN)] == ["old"]
    assert overlaps([old, new]) == []
    assert overlaps([Dated("a", None, MAR), new]) == [(Dated("a", None, MAR), new)]


def test_an_overlap_with_an_earlier_entry_is_found_behind_a_short_one() -> None:
    long, short, later = Dated("a", JAN), Dated("b", JAN, FEB), Dated("c", MAR)

    assert overlaps([later, short, long]) == [(short, long), (long, later)]
    assert overlaps([Dated("a", JAN, FEB), Dated("b", FEB, MAR), Dated("c", MAR)]) == []
