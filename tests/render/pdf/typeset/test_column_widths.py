"""Columns: straight numbers with their units, and nothing beyond the page's edge."""

from __future__ import annotations

from decimal import Decimal as D

import attrs
import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

from billhook import Contact, given
from billhook.blocks import Column, Table, TableRow
from billhook.project.print_settings import PrintSettings
from billhook.render.blocks.formatted_table import format_table
from billhook.render.document.compose import compose
from billhook.render.document.localized_text import wording
from billhook.render.pdf.typeset.column_widths import measure_columns
from billhook.render.pdf.typeset.page_frame import PageFrame
from billhook.render.pdf.typeset.table_layout import TableLayouts, lay_out_table
from billhook.render.pdf.typeset.typography import Typography
from billhook.render.theme import theme_of
from render import samples
from render.setting import set_in_type, words_in

WIDTH = 470.0


def laid_out(table, type_, currency, width):
    tables = TableLayouts(type_.words, currency)
    formatted = tables.formatted(table)
    return lay_out_table(formatted, tables.rows(formatted, width, type_), 0, width, type_)


def quantity(value, unit):
    return given(D(value), unit, "sample.quantity")


def typography(locale="en_US", languages=()):
    return Typography(theme_of("classic"), wording(locale, languages), PrintSettings())


def texts(table, locale="en_US", currency="USD"):
    grid = format_table(table, wording(locale), currency)
    return [[cell.text.replace("\u00a0", " ") for cell in row.cells] for row in grid.rows]


def column(*cells, title="Quantity"):
    return Table((Column(title, align="right"),), tuple(TableRow((cell,)) for cell in cells))


def marks(table, locale="en_US", width=WIDTH):
    type_ = typography(locale)
    boxes = laid_out(table, type_, "USD", width)
    return [
        (mark, mark.x, mark.x + mark.line.width) for box in boxes for mark in words_in(box.marks)
    ]


def test_each_unit_of_a_column_has_its_own_decimals():
    table = column(quantity("181", "kg"), quantity("1.75", "h"), quantity("3", "h"))

    assert texts(table) == [["181 kg"], ["1.75 hr"], ["3.00 hr"]]


def test_numbers_of_a_unit_end_below_each_other_and_units_begin_there():
    # "1.8 hr" used to stand far left of "11.5 hr" where one unit had a long tail.
    table = column(quantity("113", "kg"), quantity("1.75", "h"), quantity("11.5", "h"))
    type_ = typography()
    found = marks(table)[1:]
    ends = [left + type_.body.width(mark.line.text.split()[0]) for mark, left, _ in found]

    # Places are written in hundredths of a point.
    assert ends == pytest.approx([ends[0]] * 3, abs=0.01)
    assert max(right for _, _, right in found) == pytest.approx(WIDTH, abs=0.01)


def test_price_of_one_of_several_units_names_it_as_the_locale_does():
    prices = column(quantity("0.70", "USD/mi"), quantity("12", "USD/h"), title="Price")

    assert texts(prices) == [["0.70/mi"], ["12.00/h"]]


def test_numbers_in_a_column_of_given_width_are_never_wider_than_it():
    columns = (Column("No.", width=1), Column("Words", width=40), Column("Sum", width=1))
    cells = (samples.money("1234567.89"), "word " * 60, samples.money("99999999.99"))
    found = marks(Table(columns, (TableRow(cells),)))
    spans = sorted((left, right) for mark, left, right in found if "word" not in mark.line.text)

    assert spans[0][0] >= -0.01
    assert all(right <= WIDTH + 0.01 for _, right in spans)
    number = next(right for mark, _, right in found if mark.line.text == "1,234,567.89")
    words = min(left for mark, left, _ in found if "word" in mark.line.text)
    assert number < words


@over(
    st.lists(st.sampled_from(["9.50", "1234567.89", "-88000000.10"]), min_size=1, max_size=30),
    st.integers(0, 3),
)
@settings(max_examples=60, deadline=None)
def test_nothing_leaves_the_page_however_many_columns(amounts, words):
    columns = tuple(Column(f"Column number {place}") for place in range(len(amounts) + words))
    cells = (*map(samples.money, amounts), *(("some words " * 9,) * words))
    found = marks(Table(columns, (TableRow(cells),)))

    assert all(left >= -0.01 and right <= WIDTH + 0.01 for _, left, right in found)


def test_words_of_a_column_that_takes_what_it_needs_leave_room_for_the_others():
    columns = (Column("Reason"), Column("Words", width=1), Column("Amount"))
    table = Table(
        columns, (TableRow(("a long reason " * 20, "words " * 30, samples.money("1.00"))),)
    )
    type_ = typography()
    found = measure_columns(format_table(table, type_.words, "USD"), WIDTH, type_)

    assert found.scale == 1
    assert found.widths[0] <= WIDTH * 0.3 + 0.01
    assert found.widths[1] > WIDTH * 0.4


@pytest.mark.parametrize("locale", ["en_US", "he"])
def test_carried_sums_have_room_though_they_are_longer_than_any_row(locale):
    rows = tuple(TableRow(("Work", samples.money("9000.00"))) for _ in range(60))
    table = Table((Column("Work", width=1), Column("Amount", carry=True)), rows)
    type_ = typography(locale)
    grid = format_table(table, type_.words, "USD")
    widths = measure_columns(grid, WIDTH, type_).widths
    ((_, longest),) = grid.sums()

    assert "540,000.00" in longest.text
    assert widths[1] >= type_.body.width(longest.text) - 0.01


def test_heads_in_two_languages_stand_one_below_the_other():
    from billhook.i18n import captions

    table = Table(
        (Column(captions.DESCRIPTION, width=1), Column(captions.AMOUNT)), (TableRow(("a", 1)),)
    )
    type_ = typography("de_DE", ("de_DE", "en"))
    head = laid_out(table, type_, "EUR", WIDTH)[0]
    words = [mark.line.text for mark in words_in(head.marks)]

    assert words == ["BESCHREIBUNG", "DESCRIPTION", "BETRAG", "AMOUNT"]


# ── names and values ─────────────────────────────────────────────────────────


@pytest.mark.parametrize("languages", [(), ("en",), ("de", "fr")])
@pytest.mark.parametrize("locale", ["ar", "de_DE"])
def test_an_account_number_is_never_broken(locale, languages):
    pages = set_in_type(samples.small(locale), (), PrintSettings(languages=languages))
    shown = {"ar": "EG38 0019 0005 0000 0000 2631 8000 2", "de_DE": "DE89 3704 0044 0532 0130 00"}

    texts = [strip_marks(mark.line.text) for mark in words_in(pages.marks())]
    assert shown[locale] in texts


def test_terms_are_not_set_smaller_to_stand_beside_payment_details():
    bill = samples.rich()
    for languages in ((), ("en",), ("en", "fr", "pl")):
        pages = set_in_type(bill, (), PrintSettings(languages=languages))
        sizes = {mark.style.size for mark in words_in(pages.marks())}
        assert min(sizes) >= 6.5


def strip_marks(text):
    """Return a text without the signs that isolate it."""
    return "".join(sign for sign in text if sign.isprintable())


@pytest.mark.parametrize("locale", ["en_US", "de_DE", "ar"])
def test_an_address_of_mail_is_not_broken_at_the_foot(locale):
    mail = "accounts-receivable@hale-whitcombe.example"
    document = samples.small(locale)
    seller = attrs.evolve(document.invoice.seller, contact=Contact(email=mail))
    invoice = attrs.evolve(document.invoice, seller=seller)
    look = PrintSettings(theme="modern", footer="Registered under number 4711. " * 3)
    bill = compose(attrs.evolve(document, invoice=invoice), (), look)
    type_ = Typography(theme_of("modern"), wording(locale), look)

    foot = PageFrame(bill, type_, WIDTH)

    words = [strip_marks(line.text) for column in foot.columns for line in column]
    assert mail in words
