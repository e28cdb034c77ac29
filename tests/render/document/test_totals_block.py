"""Totals: what is asked for, what is given back, and the same in words."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D

import attrs
import pytest

from billhook import Agreement, Reference
from billhook.blocks import RowStyle
from billhook.builtin.tax_table import TaxRate, TaxTable
from billhook.model.terms import Portioning
from billhook.project.print_settings import PrintSettings
from billhook.render import render
from billhook.render.document.payment_blocks import payment_blocks, terms_blocks
from billhook.render.document.totals_block import advice, tax_blocks, totals_block
from render import samples
from render.setting import set_in_type


def totals(document):
    return {str(label): cell.value for label, cell in totals_block(document.invoice).items}


def turned(document, **facts):
    return attrs.evolve(document, invoice=attrs.evolve(document.invoice, **facts))


def credit():
    named = Reference(kind="preceding", number="2026-030", date=dt.date(2026, 5, 31))
    return turned(samples.small(), type_code="381", references=(named,))


def test_a_credit_note_gives_and_asks_for_nothing():
    text = render(credit(), (), "text").decode()

    assert "Credit note 2026-031" in text
    assert "Original invoice  2026-030 of May 31, 2026" in text
    assert "Amount credited" in text
    for word in ("Amount due", "Please pay", "Due date", "Payment details"):
        assert word not in text
    assert not list(payment_blocks(credit()))
    assert not list(terms_blocks(credit().invoice))


def test_a_bill_that_comes_to_less_than_zero_names_the_credit_balance():
    works = [attrs.evolve(work, price=-work.price) for work in samples.works(3)]
    document = samples.document(works)

    # 62.50 + 162.75 + 307.50 = 532.75; 19 % of it is 101.22; together 633.97.
    assert totals(document)["Credit balance"] == D("633.97")
    assert "Please pay" not in render(document, (), "text").decode()


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("Courtesy discount of 10% on fees", "Courtesy discount of 10% on fees ($532.75)"),
        ("Discount 10.0 %", "Discount 10.0 % ($532.75)"),
        ("Courtesy discount", "Courtesy discount, 10% of $532.75"),
        ("Discount as agreed on 10/10", "Discount as agreed on 10/10, 10% of $532.75"),
        ("Discount of 110%", "Discount of 110%, 10% of $532.75"),
    ],
)
def test_a_percentage_is_said_once(label, shown):
    document = samples.document(samples.works(3), deal=samples.Deal(discount=D(10)))
    applied = attrs.evolve(document.invoice.adjustments[0], label=label)
    text = render(turned(document, adjustments=(applied,)), (), "text").decode()

    assert f"{shown}  " in " ".join(text.splitlines())


def test_many_taxes_stand_in_their_table_and_as_one_sum_among_the_totals():
    rates = tuple(
        TaxRate(tax_class=f"c{place}", name=f"Tax {place}", percent=D(place))
        for place in range(1, 9)
    )
    classes = tuple(f"c{place}" for place in range(1, 9))
    document = samples.document(samples.works(16, classes=classes), taxes=TaxTable(rates=rates))
    found = totals(document)

    assert list(found) == ["Subtotal", "Taxes", "Amount due"]
    assert found["Taxes"] == document.invoice.totals.tax.value
    assert all(f"Tax {place}" in render(document, (), "text").decode() for place in range(1, 9))


def test_many_instalments_begin_on_the_page_of_the_totals():
    parts = (*(Portioning(percent=D(6), days=30 * n) for n in range(1, 15)), Portioning(days=500))
    document = samples.document(samples.works(6), terms=Agreement(instalments=parts))
    pages = set_in_type(document)
    first = pages.texts(0)

    assert "PAYMENT TERMS" in first
    assert sum(text in first for text in ("Amount due", "PAYMENT TERMS")) == 2


# ── in words ─────────────────────────────────────────────────────────────────


WORDS = PrintSettings(words=True)


def test_the_amount_due_stands_in_words_below_the_totals():
    # 175.00 and 19 % of it, 33.25, come to 208.25.
    texts = set_in_type(samples.small(), (), WORDS).texts(0)
    after = texts[texts.index("Amount due") :]

    assert "In words: two hundred eight US dollars and twenty-five cents" in " ".join(after[:4])
    assert not list(advice(samples.small().invoice, WORDS))


def test_words_follow_the_documents_language():
    text = render(samples.small("de_DE"), (), "text", WORDS).decode()

    assert "In Worten: zweihundertacht Euro und fünfundzwanzig Cent" in text


def test_a_credit_is_said_in_words_without_a_sign():
    works = [attrs.evolve(work, price=-work.price) for work in samples.works(3)]
    text = render(samples.document(works), (), "text", WORDS).decode()

    assert "In words: six hundred thirty-three US dollars and ninety-seven cents" in text


@pytest.mark.parametrize(("locale", "currency"), [("ar", "EGP"), ("sv_SE", "SEK")])
def test_words_that_are_not_known_are_left_out_with_a_warning(locale, currency):
    document = turned(samples.small("ar"), locale=locale)
    (finding,) = advice(document.invoice, WORDS)

    assert finding.code == "BH604"
    assert locale in finding.message
    assert not list(advice(document.invoice, PrintSettings()))
    assert "In words" not in render(document, (), "text", WORDS).decode()


# ── stamps ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("number", "look", "mark"),
    [
        ("2026-031", PrintSettings(copy=True), "Copy"),
        ("2026-031", PrintSettings(), ""),
        (None, PrintSettings(copy=True), "Draft"),
        (None, PrintSettings(copy=True, draft_mark=False), ""),
    ],
)
def test_a_draft_is_never_stamped_as_the_copy_of_a_bill(number, look, mark):
    from billhook.render.document.compose import compose

    document = samples.document(samples.works(1), number=number)

    assert str(compose(document, (), look).mark) == mark


def test_taxes_of_one_name_are_printed_from_the_highest_rate_down():
    bill = samples.document(samples.works(12, classes=("low", "none", "standard", "outside")))
    table = next(iter(tax_blocks(bill.invoice)))

    shown = [None if row.cells[1] is None else row.cells[1].value for row in table.rows]
    assert [rate for rate in shown if rate] == [D(19), D(7)]
    assert table.rows[-1].style is RowStyle.TOTAL


def test_a_tax_on_a_tax_keeps_its_place_below_it():
    taxes = TaxTable(
        rates=(
            TaxRate(name="GST", percent=D(5)),
            TaxRate(name="QST", percent=D("9.975"), compound=True),
        )
    )
    bill = samples.document(samples.works(2), taxes=taxes)
    table = next(iter(tax_blocks(bill.invoice)))

    assert [str(row.cells[0]) for row in table.rows[:2]] == ["GST", "QST"]
