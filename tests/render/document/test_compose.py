"""The composition: titles, totals, terms and sections in print order."""

from __future__ import annotations

from decimal import Decimal as D

import attrs
import pytest

from billhook import Agreement, Origin, replay
from billhook.blocks import Note, Section, Slot
from billhook.builtin.tax_table import TaxRate, TaxTable
from billhook.i18n import captions
from billhook.kernel.figure import Figure
from billhook.model.section import RowStyle, Table
from billhook.project.print_settings import PrintSettings
from billhook.render.document.compose import compose
from billhook.render.document.composition import Role
from billhook.render.document.heading import title_of
from billhook.render.document.lines_table import lines_table
from billhook.render.document.totals_block import totals_block
from render import samples


def part(composition, role):
    return next(part for part in composition.parts if part.role is role)


def totals(document):
    return {str(label): cell.value for label, cell in totals_block(document.invoice).items}


@pytest.mark.parametrize(
    ("code", "number", "title"),
    [
        ("380", "1", "Invoice"),
        ("380", None, "Draft invoice"),
        ("381", "1", "Credit note"),
        ("386", "1", "Prepayment invoice"),
        ("211", "1", "Application for payment"),
        ("875", "1", "Interim invoice"),
        ("877", "1", "Final invoice"),
        ("325", None, "Pro forma"),
        ("999", "1", "Invoice"),
    ],
)
def test_title_follows_the_type_of_the_document(code, number, title):
    document = samples.document(samples.works(1), number=number, type_code=code)

    assert title == str(title_of(document))


def test_own_title_wins():
    document = samples.document(samples.works(1), number=None, title="Fee note")

    assert title_of(document) == "Fee note"


def test_totals_of_a_plain_bill_name_only_the_amount_due():
    exempt = TaxTable(rates=(TaxRate(category="O", reason="Not subject to tax"),))
    document = samples.document(samples.works(1), taxes=exempt)

    assert totals(document) == {"Amount due": D("62.50")}


def test_totals_lead_from_the_lines_to_the_amount_due():
    found = totals(samples.rich())
    # 6565.76 − 5 % (328.288) = 6237.47; + 248.19 + 140.70 = 6626.36;
    # − 10 % (662.636) − 500.00 = 5463.72
    assert list(found.values()) == [
        D("6565.76"),
        D("-328.29"),
        D("6237.47"),
        D("248.19"),
        D("140.70"),
        D("6626.36"),
        D("-662.64"),
        D("-500.00"),
        D("5463.72"),
    ]


def test_every_printed_figure_can_be_replayed():
    document = samples.rich()
    composition = compose(document, (), PrintSettings(explain=True))
    cells = [
        cell
        for each in (*composition.parts, *composition.sheets)
        for block in each.blocks
        if isinstance(block, Table)
        for row in block.rows
        for cell in row.cells
        if isinstance(cell, Figure)
    ]

    assert len(cells) > 50
    assert all(replay(cell) == cell.value for cell in cells)


def test_many_adjustments_have_a_table_and_are_summed_by_kind():
    document = samples.document(samples.works(3), deal=samples.Deal(more=7))
    composition = compose(document)
    table = part(composition, Role.ADJUSTMENTS).blocks[0]
    # 1.25 + 2.25 + … + 7.25 = 29.75
    assert len(table.rows) == 7
    assert totals(document)["Surcharges"] == D("29.75")


def test_columns_without_anything_in_them_are_left_out():
    invoice = samples.small().invoice
    lines = tuple(
        attrs.evolve(line, date=None, quantity=None, unit_price=None) for line in invoice.lines
    )
    heads = [column.title for column in lines_table(attrs.evolve(invoice, lines=lines)).columns]

    assert heads[:-1] == [captions.DESCRIPTION]


def test_lines_of_one_group_stand_together_with_their_sum():
    records = samples.works(4)
    scattered = [
        attrs.evolve(record, group=group) for record, group in zip(records, "ABAB", strict=True)
    ]
    table = lines_table(samples.document(scattered).invoice)
    sums = [row.cells[-1].value for row in table.rows if row.style is RowStyle.SUBTOTAL]
    # A: 0.25 × 250.00 + 0.75 × 410.00 = 370.00; B: 0.5 × 325.50 + 1 × 250.00 = 412.75
    assert sums == [D("370.00"), D("412.75")]


def test_reason_for_no_tax_is_printed_once():
    composition = compose(samples.rich())

    assert [block for block in part(composition, Role.TAXES).blocks if isinstance(block, Note)] == [
        Note("Exempt under § 4 No. 21 UStG")
    ]


def test_credit_asks_for_no_payment():
    document = samples.small()
    zero = attrs.evolve(document.invoice.totals, payable=samples.money("-5.00"))
    invoice = attrs.evolve(document.invoice, totals=zero, type_code="381")
    composition = compose(attrs.evolve(document, invoice=invoice))

    assert not {Role.TERMS, Role.PAYMENT} & {each.role for each in composition.parts}
    assert captions.DUE_DATE not in [label for label, _ in composition.meta.items]


def test_instalments_are_listed_and_add_up():
    document = samples.instalments()
    table = part(compose(document), Role.TERMS).blocks[0]

    assert document.invoice.totals.payable.value == sum(row.cells[-1].value for row in table.rows)


def test_bill_due_at_once_says_so():
    document = samples.document(samples.works(1), terms=Agreement(net_days=0))

    assert part(compose(document), Role.TERMS).blocks[0] == Note(captions.DUE_ON_RECEIPT)


def test_sections_stand_in_their_slots_by_order():
    def section(slot, title, order=100):
        return Section(slot=slot, title=title, order=order, blocks=(Note("x"),))

    sections = (
        section(Slot.AFTER_TOTALS, "d"),
        section(Slot.BEFORE_LINES, "b"),
        section(Slot.AFTER_LINES, "c"),
        section(Slot.BEFORE_LINES, "a", 1),
    )
    titles = [each.title or each.role for each in compose(samples.small(), sections).parts]

    assert titles[:5] == ["a", "b", Role.LINES, "c", Role.TOTALS]
    assert titles[5:] == [captions.PAYMENT_TERMS, captions.PAYMENT_DETAILS, "d"]


def test_plugin_may_replace_the_table_of_lines():
    own = Section(slot=Slot.LINES, blocks=(Note("Our own lines"),))
    composition = compose(samples.small(), (own,))

    assert part(composition, Role.LINES).blocks == (Note("Our own lines"),)


def test_bill_goes_to_the_payer_and_names_the_customer():
    payer = attrs.evolve(samples.BUYERS["de_DE"], id="insurer", name="Insurer AG")
    composition = compose(samples.document(samples.works(1), payer=payer))

    assert composition.recipient.name == "Insurer AG"
    assert [named.party.id for named in composition.parties] == ["acme"]


def test_seal_is_the_head_of_the_digest():
    assert compose(samples.rich()).seal == "3f2a9c41d0b7"
    assert compose(samples.small()).seal == ""


def test_of_amounts_that_were_compared_only_the_one_taken_is_explained():
    from billhook import given
    from billhook.explain.rule_text import RuleFormatter
    from billhook.kernel.figure import greatest, least
    from billhook.render.document.appendix import _Walk, working
    from billhook.render.document.localized_text import wording

    places = [Origin("tariff.csv", line) for line in (2, 3, 4)]
    low, middle, high = (
        given(D(value), "USD", "sample.row", place)
        for value, place in zip(("40.00", "41.50", "60.00"), places, strict=True)
    )
    chosen = least((middle, low, high), "sample.cheapest")
    floored = greatest((chosen, middle), "sample.minimum")
    shown = [str(row.cells[3]) for row in _Walk((RuleFormatter({}),), {}, set()).rows(floored)]
    english = wording("en_US")

    assert english.text(working(chosen)) == "the lowest of 3 amounts"
    assert english.text(working(floored)) == "the higher of $40.00 and $41.50"
    assert [text for text in shown if text] == ["tariff.csv:3"]
    assert [str(r.cells[3]) for r in _Walk((RuleFormatter({}),), {}, set()).rows(chosen)][1:] == [
        "tariff.csv:2"
    ]
