from __future__ import annotations

from decimal import Decimal

import pytest

from billhook.explain.tree import find
from billhook.kernel.figure import graph
from billhook.kernel.money import Mode
from billhook.testing import assert_explains, assert_replays
from billhook_freight.rating.tariff import Accessorial, Basis, TariffRounding
from freight.samples import amounts, draft, items, one, plain, shipment, tariff


def test_the_worked_number_4700_lb_of_class_70_are_billed_as_5000_lb():
    # Own break: 47 cwt × 75.00 = 3,525.00.  From 5,000 lb: 50 cwt × 70.00 = 3,500.00.
    worked = draft(plain(), one("70", "4700"))

    assert amounts(worked) == {
        "4711-linehaul": Decimal("3290.00"),  # 47 cwt × 70.00
        "4711-deficit": Decimal("210.00"),  # 3 cwt × 70.00
    }
    assert worked.invoice.totals.payable.value == Decimal("3500.00")


def test_the_deficit_of_300_lb_is_shown():
    worked = draft(plain(), one("70", "4700"))
    line = next(line for line in worked.invoice.lines if line.part == "deficit")

    assert (line.quantity.value, line.quantity.unit) == (Decimal(300), "lb")
    assert (line.unit_price.value, line.unit_price.unit) == (Decimal("0.70"), "USD/lb")
    assert str(line.description) == (
        "Deficit weight 300 lb to reach the rate from 5000 lb (KEY-500 2026-A, rates.csv:6)"
    )
    assert (line.detail.rate, line.detail.rate_unit) == (Decimal("70.00"), "USD/100 lb")


def test_the_explanation_leads_to_all_candidates_and_to_the_rows_of_the_file():
    worked = draft(plain(), one("70", "4700"))
    figure = assert_explains(
        worked.invoice,
        "lines.4711-deficit",
        rules=(
            "freight.linehaul.lowest",
            "freight.linehaul.own_break",
            "freight.linehaul.heavier_break",
            "freight.deficit.weight",
        ),
    )
    (lowest,) = [node for node in graph(figure) if node.rule == "freight.linehaul.lowest"]

    assert [each.value for each in lowest.inputs] == [
        Decimal("3525.00"),  # own break
        Decimal("3500.00"),  # as 5,000 lb
        Decimal("6200.00"),  # as 10,000 lb: 100 cwt × 62.00
    ]
    rates = [node for node in graph(figure) if node.rule == "freight.rate.tariff"]
    assert {(node.origin.line, node.param("row")) for node in rates} == {
        (5, "rates.csv:5"),
        (6, "rates.csv:6"),
    }
    # The break that is neither the shipment's own nor billed: its sum and its row, no more.
    (other,) = [node for node in lowest.inputs if node.rule == "freight.linehaul.other_break"]
    assert (other.param("row"), other.param("break_from")) == ("rates.csv:7", "10000 lb")
    assert {(node.param("tariff"), node.param("version")) for node in rates} == {
        ("KEY-500", "2026-A")
    }


def test_at_its_own_break_the_line_itself_is_the_choice():
    worked = draft(plain(), one("70", "3000"))

    assert amounts(worked) == {"4711-linehaul": Decimal("2250.00")}  # 30 cwt × 75.00
    assert_explains(
        worked.invoice,
        "lines.4711-linehaul",
        rules=("freight.linehaul.lowest", "freight.linehaul.other_break"),
    )


def test_several_classes_share_the_break_and_the_deficit_takes_the_lowest_rate():
    # 1,200 lb of class 70 and 700 lb of class 100 weigh 1,900 lb: M1M.
    # Own break:  12 × 85.00 + 7 × 115.00                = 1,020.00 + 805.00          = 1,825.00
    # M2M:        12 × 75.00 + 7 × 100.00 + 1 × 75.00    =   900.00 + 700.00 +  75.00 = 1,675.00
    # M5M:        12 × 70.00 + 7 ×  92.00 + 31 × 70.00   =   840.00 + 644.00 + 2,170.00
    worked = draft(plain(), shipment(), *items(("70", "1200"), ("100", "700")))

    assert amounts(worked) == {
        "4711-linehaul": Decimal("900.00"),
        "4711-linehaul-2": Decimal("700.00"),
        "4711-deficit": Decimal("75.00"),
    }


def test_all_heavier_breaks_are_looked_at_not_only_the_next():
    # 900 lb: own 9 × 100.00 = 900.00; from 1,000 lb 10 × 99.00 = 990.00; from 2,000 lb
    # 20 × 40.00 = 800.00.
    steps = tariff({"70": [(0, "100.00"), (1000, "99.00"), (2000, "40.00")]})
    worked = draft(steps, one("70", "900"))

    assert worked.invoice.totals.lines.value == Decimal("800.00")


def test_a_contract_may_forbid_deficit_rating():
    fixed = tariff({"70": [(0, "100.00"), (1000, "50.00")]}, deficit_rating=False)
    worked = draft(fixed, one("70", "900"))

    assert amounts(worked) == {"4711-linehaul": Decimal("900.00")}


def test_at_equal_charges_the_actual_weight_is_billed():
    # 500 lb × 100.00 = 500.00 and 1,000 lb × 50.00 = 500.00.
    even = tariff({"70": [(0, "100.00"), (1000, "50.00")]})
    worked = draft(even, one("70", "500"))

    assert amounts(worked) == {"4711-linehaul": Decimal("500.00")}


@pytest.mark.parametrize(
    ("weight", "rate"),
    [("499", "0.75"), ("499.5", "0.75"), ("500", "0.6"), ("999.999", "0.6"), ("1000", "0.5")],
)
def test_breaks_are_half_open_so_499_5_lb_lie_below_500(weight, rate):
    breaks = {"70": [(0, "75"), (500, "60"), (1000, "50")]}
    worked = draft(tariff(breaks, deficit_rating=False), one("70", weight))

    price = find(worked.invoice, "lines.4711-linehaul.unit_price")
    assert price.value == Decimal(rate)


def test_classes_with_other_breaks_are_rated_at_their_own_row_for_the_weight():
    # 1,500 lb: class 70 has a break at 1,000, class 100 at 1,200.
    mixed = tariff({"70": [(0, "50.00"), (1000, "40.00")], "100": [(0, "90.00"), (1200, "80.00")]})
    worked = draft(mixed, shipment(), *items(("70", "1000"), ("100", "500")))

    assert amounts(worked) == {
        "4711-linehaul": Decimal("400.00"),
        "4711-linehaul-2": Decimal("400.00"),
    }


@pytest.mark.parametrize(
    ("weight", "mode", "step", "amount"),
    [
        ("7889", "half-up", None, "3636.04"),  # 7,889 lb × 46.09 = 3,636.0401
        ("7889", "up", None, "3636.05"),
        ("50", "half-up", None, "23.05"),  # 23.045
        ("50", "half-even", None, "23.04"),
        ("50", "down", None, "23.04"),
        ("7889", "half-up", "1", "3636.00"),
    ],
)
def test_the_tariff_rounds_each_extension_by_its_own_rule(weight, mode, step, amount):
    rounding = TariffRounding(mode=Mode(mode), step=Decimal(step) if step else None)
    worked = draft(tariff({"70": [(0, "46.09")]}, rounding=rounding), one("70", weight))

    assert amounts(worked) == {"4711-linehaul": Decimal(amount)}
    assert_replays(worked.invoice)


# ── started steps of weight ──────────────────────────────────────────────────


def by_the_hundred(**cover):
    """Rates in EUR per started 100 kg."""
    rates = {"A": [(0, "40.00"), (500, "30.00"), (1000, "20.00")], "B": [(0, "60.00")]}
    return tariff(rates, unit="kg", weight_step=Decimal(100), **cover)


@pytest.mark.parametrize(
    ("weight", "billed", "amount"),
    [
        ("100", "100", "40.00"),  # exactly one hundredweight stays one
        ("100.1", "200", "80.00"),
        ("181", "200", "80.00"),
        ("310", "400", "150.00"),  # 4 × 40.00 is more than 5 × 30.00: the deficit is 100, not 190
        ("401", "500", "150.00"),  # 500 by the started step, so it lies in the heavier break
    ],
)
def test_a_started_hundredweight_counts_whole(weight, billed, amount):
    worked = draft(by_the_hundred(), one("A", weight))
    freight = worked.invoice.lines[0]

    assert freight.quantity.value == Decimal(billed)
    assert worked.invoice.totals.lines.value == Decimal(amount)
    assert freight.detail.carriage.weight == Decimal(weight)
    assert_replays(worked.invoice)


def test_each_class_of_a_shipment_has_its_started_hundredweights():
    worked = draft(by_the_hundred(), shipment(), *items(("A", "101"), ("B", "150")))

    assert list(amounts(worked).values()) == [Decimal("80.00"), Decimal("120.00")]
    assert worked.invoice.lines[0].detail.carriage.weight == 251


@pytest.mark.parametrize("rows", [[("A", "60")], [("A", "30"), ("A", "30")], [("A", "20")] * 3])
def test_rows_of_one_class_have_their_started_hundredweights_together(rows):
    # 60 kg count as 100: 1 × 40.00.  Row by row they would be 200 or 300 kg.
    worked = draft(by_the_hundred(), shipment(), *items(*rows))

    assert amounts(worked) == {"4711-linehaul": Decimal("40.00")}
    assert worked.invoice.lines[0].quantity.value == 100
    assert len(worked.invoice.lines[0].sources) == 1 + len(rows)
    assert_replays(worked.invoice)


def test_rows_of_one_class_do_not_move_the_break_by_their_steps():
    # 11 × 21 kg are 231 kg, counted as 300: 3 × 40.00.  Row by row they would be 1,100 kg, and lie
    # in the break of 20.00: 220.00.
    worked = draft(by_the_hundred(), shipment(), *items(*[("A", "21")] * 11))

    assert worked.invoice.totals.lines.value == Decimal("120.00")
    assert worked.invoice.lines[0].detail.carriage.rated_break == 0


def test_rows_of_one_class_are_rounded_once():
    # 50 + 50 lb × 46.09 = 46.09; row by row 2 × 23.045 would be 2 × 23.05 = 46.10.
    worked = draft(tariff({"70": [(0, "46.09")]}), shipment(), *items(("70", "50"), ("70", "50")))

    assert amounts(worked) == {"4711-linehaul": Decimal("46.09")}


@pytest.mark.parametrize(
    ("rows", "billed"),
    [
        # 30 + 40 kg count as 100: A at 40.00 is the cheaper one and has 60 kg, B 40 kg.
        ([("A", "30"), ("B", "40")], ["24.00", "24.00"]),
        ([("B", "40"), ("A", "30")], ["24.00", "24.00"]),
        ([("A", "60"), ("B", "40")], ["24.00", "24.00"]),  # exactly one step
        ([("A", "60")], ["40.00"]),
    ],
)
def test_a_step_of_the_whole_shipment_adds_to_the_class_with_the_lowest_rate(rows, billed):
    worked = draft(by_the_hundred(weight_step_per="shipment"), shipment(), *items(*rows))

    assert list(amounts(worked).values()) == [Decimal(each) for each in billed]
    assert_replays(worked.invoice)


def test_a_step_of_the_whole_shipment_is_counted_before_deficit_weight():
    # 310 + 40 kg count as 400: A 360 × 0.40 + B 40 × 0.60 = 144.00 + 24.00 = 168.00; as 500 kg
    # A 360 × 0.30 + B 40 × 0.60 + 100 × 0.30 = 108.00 + 24.00 + 30.00 = 162.00.
    goods = items(("A", "310"), ("B", "40"))
    worked = draft(by_the_hundred(weight_step_per="shipment"), shipment(), *goods)

    assert amounts(worked) == {
        "4711-linehaul": Decimal("108.00"),
        "4711-linehaul-2": Decimal("24.00"),
        "4711-deficit": Decimal("30.00"),
    }
    assert_replays(worked.invoice)


@pytest.mark.parametrize("per", ["class", "shipment"])
def test_a_toll_by_weight_goes_by_the_rated_weight(per):
    # 310 kg count as 400: 4 × 1.95.
    toll = Accessorial(code="MAU", title="Toll", basis=Basis.WEIGHT, rate=Decimal("1.95"))
    rated_by = by_the_hundred(weight_step_per=per, accessorials=(toll,))
    worked = draft(rated_by, one("A", "310", accessorials=("MAU",)))

    assert amounts(worked)["4711-acc-MAU"] == Decimal("7.80")
