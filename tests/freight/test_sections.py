from __future__ import annotations

import datetime as dt
from decimal import Decimal

import attrs
import pytest

from billhook import Document
from billhook.blocks import Chart, Note, RowStyle, Slot, Table
from billhook_freight.sections.build import bind_postcode
from freight.samples import draft, engine, items, key500, one, shipment, tariff


def shown():
    worked = draft(
        key500(),
        one("70", "3000", "1", accessorials=("LFT",), reference="PO 77"),
        shipment("2", pickup=dt.date(2026, 6, 3)),
        *items(("70", "1200"), ("100", "700"), number="2"),
    )
    document = Document(invoice=worked.invoice)
    return worked.invoice, {each.slot: each for each in engine().sections(document)}


def cells(row):
    return [getattr(cell, "value", cell) for cell in row.cells]


def test_the_table_of_shipments_adds_up_to_the_bill():
    invoice, sections = shown()
    (table,) = sections[Slot.LINES].blocks
    *rows, last = [cells(row) for row in table.rows]

    # 1: 2,250.00 − 25 % = 1,687.50; 28 % = 472.50.  2: 1,675.00 − 25 % (418.75) = 1,256.25;
    # 28 % = 351.75.
    assert [row[0] for row in rows] == ["1", "2"]
    assert rows[0][4:] == [
        Decimal(3000), Decimal("1687.50"), Decimal("472.50"), Decimal("95.00"), Decimal("2255.00"),
    ]  # fmt: skip
    assert rows[1][3:] == [
        "70, 100", Decimal(1900), Decimal("1256.25"), Decimal("351.75"), Decimal(0),
        Decimal("1608.00"),
    ]  # fmt: skip
    assert last[4:] == [
        Decimal(4900), Decimal("2943.75"), Decimal("824.25"), Decimal("95.00"), Decimal("3863.00"),
    ]  # fmt: skip
    assert invoice.totals.lines.value == Decimal("3863.00")


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("40210 Düsseldorf", "40210\N{NO-BREAK SPACE}Düsseldorf"),
        ("60311 Frankfurt am Main", "60311\N{NO-BREAK SPACE}Frankfurt am Main"),
        ("Chicago, IL 60601", "Chicago, IL 60601"),
        ("40210", "40210"),
        ("", ""),
    ],
)
def test_a_postcode_is_not_parted_from_its_town(place, shown):
    assert bind_postcode(place) == shown


def test_the_sheet_names_the_row_of_the_tariff_for_each_line():
    _, sections = shown()
    tariff, per, table = sections[Slot.SHEET].blocks
    rows = [cells(row) for row in table.rows if row.style is RowStyle.NORMAL]

    assert str(tariff.text) == "By tariff KEY-500, version 2026-A."
    assert str(per.text) == "Rates by weight are for 100 lb."
    assert [row[3] for row in rows] == [
        "rates.csv:5",
        "discounts.csv:3",
        "accessorials.csv:2",
        "fsc.csv:3",
        "rates.csv:5",
        "rates.csv:17",
        "rates.csv:5",
        "discounts.csv:3",
        "fsc.csv:3",
    ]
    totals = [cells(row)[-1] for row in table.rows if row.style is RowStyle.SUBTOTAL]
    assert totals == [Decimal("2255.00"), Decimal("1608.00")]


def test_the_fuel_index_is_noted_with_its_price():
    _, sections = shown()
    table, chart = sections[Slot.AFTER_TOTALS].blocks

    assert isinstance(table, Table)
    assert [cells(row) for row in table.rows] == [
        [
            dt.date(2026, 6, 1),
            "DOE national",
            Decimal("3.899"),
            Decimal("28.0"),
            2,
            Decimal("824.25"),
        ]
    ]  # fmt: skip
    assert isinstance(chart, Chart)
    assert chart.categories == (dt.date(2026, 6, 2), dt.date(2026, 6, 3))


def test_a_bill_without_shipments_has_no_sections():
    invoice, _ = shown()
    assert engine().sections(Document(invoice=attrs.evolve(invoice, lines=()))) == []


def test_the_sheet_says_that_started_weights_count_whole():
    rated_by = tariff({"70": [(0, "40.00")]}, weight_step=Decimal("7.5"), unit="kg")
    document = Document(invoice=draft(rated_by, one("70", "10")).invoice)
    (sheet,) = (each for each in engine().sections(document) if each.slot is Slot.SHEET)

    assert "Each started 7.5 kg counts whole." in [
        str(block.text) for block in sheet.blocks if isinstance(block, Note)
    ]
