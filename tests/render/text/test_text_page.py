"""Plain text: goldens in three languages, and every amount."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billhook.explain.tree import figures_by_name
from billhook.i18n.numbers import formatter
from billhook.project.print_settings import PrintSettings
from billhook.render import render
from billhook.render.text.terminal import pad, plain, width_of, wrap
from render import samples

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("locale", ["en_US", "de_DE", "ar"])
def test_small_bill_reads_as_its_golden_text(locale, golden):
    text = render(samples.small(locale), (), "text").decode()

    golden.check(GOLDEN / f"small.{locale}.txt", text)


def test_rich_bill_reads_as_its_golden_text(golden):
    text = render(samples.rich(), samples.sections(), "text").decode()

    golden.check(GOLDEN / "rich.txt", text)


def test_explanation_reads_as_its_golden_text(golden):
    text = render(samples.small(), (), "text", PrintSettings(explain=True)).decode()

    golden.check(GOLDEN / "explained.txt", text)


@pytest.mark.parametrize("bill", [samples.small, samples.rich, samples.instalments])
def test_every_amount_of_the_bill_stands_in_the_text(bill):
    document = bill()
    text = render(document, (), "text").decode()

    for name, figure in samples.printed(figures_by_name(document.invoice)):
        assert samples.shown(figure, document.invoice.locale) in text, name


def test_no_line_is_wider_than_eighty_columns():
    text = render(samples.rich(), samples.sections()[:2], "text").decode()

    assert max(width_of(line) for line in text.splitlines()) <= 80


def test_decimal_points_of_amounts_stand_in_one_column():
    text = render(samples.document(samples.works(30)), (), "text").decode()
    ends = {len(line) for line in text.splitlines() if re.search(r" hr +[\d.]+ +[\d,.]+$", line)}

    assert len(ends) == 1


def wide(count):
    from billhook.blocks import Column, Section, Slot, Table, TableRow

    amounts = tuple(samples.money(f"{n}234567.89") for n in range(count))
    table = Table(tuple(Column(f"Head {n}") for n in range(count)), (TableRow(amounts),))
    section = Section(slot=Slot.AFTER_TOTALS, blocks=(table,))
    return render(samples.small(), (section,), "text").decode()


def test_a_table_too_wide_for_80_columns_takes_132():
    text = wide(8)

    assert re.search(r"1,234,567\.89  2,234,567\.89", text)
    assert max(width_of(line) for line in text.splitlines()) <= 132


def test_a_table_too_wide_for_132_columns_is_written_row_by_row():
    text = wide(14)

    assert "Head 7: 7,234,567.89" in text
    assert max(width_of(line) for line in text.splitlines()) <= 80


def test_bare_totals_are_written_with_the_locales_own_signs():
    text = plain(render(samples.rich(), (), "text").decode())

    assert formatter("de_DE").amount(samples.rich().invoice.totals.gross.value, "EUR")[:-2] in text


# ── characters ───────────────────────────────────────────────────────────────

WORDS = st.text(st.sampled_from("abc defg 会社請求書。、- \u0e01\u0301é"), max_size=80)


@given(WORDS, st.integers(4, 40))
@settings(max_examples=150, deadline=None)
def test_wrapping_keeps_every_letter_and_the_width(text, width):
    lines = wrap(text, width)

    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width_of(line) <= width for line in lines)


def test_letters_of_east_asia_take_two_cells_and_marks_none():
    assert width_of("会社") == 4
    assert width_of("e\u0301\u2066") == 1
    assert pad("会", 4, "end") == "  会"
    assert pad("ab", 5, "center") == " ab  "


def test_indented_paragraph_stays_indented():
    assert wrap("  one two three", 9) == ["  one two", "  three"]
