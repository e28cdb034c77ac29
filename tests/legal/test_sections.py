from __future__ import annotations

import attrs
import pytest

from billhook.kernel.figure import given
from billhook.model.charge import Charge, Rating
from billhook.model.invoice import Line
from billhook.model.section import Chart, Pairs, RowStyle, Slot, Table
from billhook.plugins.info import hookimpl
from billhook.testing import Inline
from billhook_legal.settings import Matter, Timekeeper
from legal.office import ENGINE, RATES, D, draft, entry, expense, job


def shown(*records, **settings) -> dict[Slot, tuple]:
    document = draft(records, **settings).document
    return {section.slot: section.blocks for section in ENGINE.sections(document)}


def table(block: Table) -> list[list[str]]:
    return [[plain(cell) for cell in row.cells] for row in block.rows]


def plain(cell: object) -> str:
    return "" if cell is None else str(getattr(cell, "value", cell))


def heads(block: Table) -> list[str]:
    return [str(column.title) for column in block.columns]


MONTH = (
    entry("1", 75, on=3, task="L120", activity="A103"),
    entry("2", 22, on=4, by="PN", billable="no-charge", reason="courtesy", task="L210"),
    entry("3", 60, on=16, by="PN", rate=D("250.00"), rate_reason="travel", task="L120"),
)


def test_the_bill_names_its_matter_and_the_clients_number_of_it() -> None:
    matter = Matter(id="sample", name="Berth lease", reference="GH-207")
    (pairs,) = shown(entry(), matters=(matter,))[Slot.HEAD]

    assert isinstance(pairs, Pairs)
    assert [(str(name), value) for name, value in pairs.items] == [
        ("Matter", "Berth lease (sample)"),
        ("Your matter number", "GH-207"),
    ]


def test_a_bill_without_names_of_matters_has_no_head() -> None:
    assert Slot.HEAD not in shown(entry())


def test_lines_show_who_worked_and_below_it_what_was_taken_off() -> None:
    (fees,) = shown(*MONTH)[Slot.LINES]

    assert heads(fees) == ["Date", "By", "Task", "Description", "Hours", "Rate", "Amount USD"]
    assert table(fees)[1] == [
        "2026-06-04",
        "PN",
        "L210",
        MONTH[1].narrative,
        "0.4",
        "200",
        "0.00",
    ]
    assert table(fees)[2][:3] == ["", "", ""]
    assert table(fees)[2][3].startswith("No charge: courtesy (worth")
    assert table(fees)[-1] == ["", "", "", "Total for Fees", "2.7", "", "705.00"]
    assert [row.style for row in fees.rows] == [
        RowStyle.NORMAL,
        RowStyle.NORMAL,
        RowStyle.NOTE,
        RowStyle.NORMAL,
        RowStyle.NOTE,
        RowStyle.TOTAL,
    ]


def test_a_rate_of_its_own_says_why_below_the_line() -> None:
    travel = entry("9", 60, rate=D("175.00"), rate_reason="Travel at half rate")
    (fees,) = shown(travel)[Slot.LINES]

    assert [row.style for row in fees.rows[:2]] == [RowStyle.NORMAL, RowStyle.NOTE]
    assert table(fees)[1] == ["", "", "Travel at half rate"]


def test_columns_that_would_be_empty_are_left_out() -> None:
    fees, costs = shown(entry(), expense())[Slot.LINES]

    assert heads(fees) == ["Date", "By", "Description", "Hours", "Rate", "Amount USD"]
    assert heads(costs) == ["Date", "Description", "Amount USD"]


def test_rows_have_as_many_cells_as_there_are_columns() -> None:
    copies = expense("x2", None, quantity=D(4), unit_price=D("0.10"), code="E101")
    for group in ("kind", "matter", "timekeeper", "date", "task"):
        blocks = shown(*MONTH, expense(), copies, group=group)[Slot.LINES]
        for block in blocks:
            rows = [row for row in block.rows if row.style not in {RowStyle.GROUP, RowStyle.NOTE}]
            assert {len(row.cells) for row in rows} == {len(block.columns)}


def test_lines_stand_in_groups_with_subtotals() -> None:
    (fees,) = shown(*MONTH, group="timekeeper")[Slot.LINES]
    groups = [table(fees)[n][3] for n, r in enumerate(fees.rows) if r.style is RowStyle.GROUP]
    subtotals = [row for row in table(fees) if row[3].startswith("Total for")]

    assert groups == ["Eleanor Hale", "Priya Nair"]
    assert [(row[3], row[4], row[6]) for row in subtotals] == [
        ("Total for Eleanor Hale", "1.3", "455.00"),
        ("Total for Priya Nair", "1.4", "250.00"),
        ("Total for Fees", "2.7", "705.00"),
    ]


def test_each_timekeeper_has_a_total_and_a_row_for_each_rate() -> None:
    (summary,) = shown(*MONTH)[Slot.AFTER_TOTALS]

    assert heads(summary)[2:] == ["Hours", "Rate", "At rate", "Adjustment", "Amount"]
    assert table(summary) == [
        ["Eleanor Hale (EH)", "Partner", "1.3", "350.00", "455.00", "0.00", "455.00"],
        ["Priya Nair (PN)", "Associate", "0.4", "200", "80.00", "-80.00", "0.00"],
        ["Priya Nair (PN)", "Associate", "1", "250.00", "250.00", "0.00", "250.00"],
        ["Total for Priya Nair", "", "1.4", "", "330.00", "-80.00", "250.00"],
        ["Total", "", "2.7", "", "785.00", "-80.00", "705.00"],
    ]


def test_a_title_of_ones_own_goes_before_the_name_of_the_class() -> None:
    hale = Timekeeper(id="EH", name="Eleanor Hale", classification="PARTNR", title="Barrister")
    (summary,) = shown(entry(), timekeepers=(hale,), rates=RATES[:1])[Slot.AFTER_TOTALS]

    assert table(summary)[0][:2] == ["Eleanor Hale (EH)", "Barrister"]


def test_fees_by_task_are_shown_when_asked_for() -> None:
    _, tasks = shown(*MONTH, entry("4", on=20), tasks=True)[Slot.AFTER_TOTALS]

    assert table(tasks) == [
        ["L120 Analysis/Strategy", "2.3", "705.00"],
        ["L210 Pleadings", "0.4", "0.00"],
        ["Other work", "1.3", "455.00"],
        ["Total", "4.0", "1160.00"],
    ]


def test_expenses_are_summed_by_kind_where_that_says_more_than_the_list() -> None:
    costs = [
        expense("1", "10.00", code="E101"),
        expense("2", "5.00", code="E101"),
        expense("3", "1.00"),
    ]
    (kinds,) = shown(*costs)[Slot.AFTER_TOTALS]

    assert table(kinds) == [
        ["E101 Copying", "15.00"],
        ["Other expenses", "1.00"],
        ["Total", "16.00"],
    ]
    assert Slot.AFTER_TOTALS not in shown(costs[0], costs[2])


def test_the_chart_has_each_week_and_adds_up_to_the_hours_of_the_bill() -> None:
    *_, chart = shown(*MONTH, charts=True)[Slot.AFTER_TOTALS]

    assert isinstance(chart, Chart)
    assert [str(week) for week in chart.categories] == ["2026-06-01", "2026-06-08", "2026-06-15"]
    assert {
        series.name: [str(value.value) for value in series.values] for series in chart.series
    } == {"Eleanor Hale": ["1.3", "0", "0"], "Priya Nair": ["0.4", "0", "1"]}


def test_lines_of_other_plugins_are_shown_too() -> None:
    from billhook.engine import Engine

    @hookimpl
    def billhook_rate(job, records, history):
        flat = given(D("25.00"), job.currency, "office.flat")
        return Rating(charges=(Charge(id="flat", description="File opening", amount=flat),))

    engine = Engine(
        [*((p.name, p.module) for p in ENGINE.plugins), ("o", Inline(billhook_rate=billhook_rate))]
    )
    document = engine.draft(job(), (entry(),)).document
    lines = next(s for s in engine.sections(document) if s.slot is Slot.LINES)

    assert table(lines.blocks[1])[0][1:] == ["File opening", "25.00"]
    assert str(lines.blocks[1].title) == "Other items"


def test_a_bill_of_other_plugins_alone_is_left_to_the_core() -> None:
    document = draft([entry()]).document
    foreign = attrs.evolve(document, invoice=attrs.evolve(document.invoice, states=()))

    assert ENGINE.sections(foreign) == []


def minutes(*counts: int) -> list:
    """Return entries of so many minutes each, billed as they are recorded."""
    return [entry(str(number), count) for number, count in enumerate(counts, 1)]


def test_the_total_of_fifty_fifty_and_twenty_minutes_is_two_hours() -> None:
    blocks = shown(*minutes(50, 50, 20), increment=D(0))
    (fees,), (people, *_others) = blocks[Slot.LINES], blocks[Slot.AFTER_TOTALS]

    # 0.8333 + 0.8333 + 0.3333 is 1.9999, but 120 minutes are two hours
    assert [row[3] for row in table(fees)[:4]] == ["0.8333", "0.8333", "0.3333", "2"]
    assert [row[2] for row in table(people)] == ["2", "2"]


def test_a_table_says_that_its_rounded_hours_do_not_add_up() -> None:
    (fees,) = shown(*minutes(50, 50, 20), increment=D(0))[Slot.LINES]

    assert fees.rows[-1].style is RowStyle.NOTE
    assert table(fees)[-1][2] == "Quantities are rounded one by one, the total as a whole."


@pytest.mark.parametrize("counts", [(30, 12), (20,), (10, 50)])
def test_a_table_whose_hours_add_up_says_nothing(counts) -> None:
    # 0.5 + 0.2; a third, rounded like its total; 0.1667 + 0.8333 = 1
    (fees,) = shown(*minutes(*counts), increment=D(0))[Slot.LINES]

    assert fees.rows[-1].style is RowStyle.TOTAL


def test_hours_that_do_not_end_have_a_total_of_four_decimals() -> None:
    (fees,) = shown(*minutes(20, 20), increment=D(0))[Slot.LINES]

    # 40 minutes are 0.66666… h; 0.3333 + 0.3333 would be 0.6666
    assert table(fees)[2][3] == "0.6667"


def test_lines_are_told_apart_by_their_details_and_never_compared_with_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    document = draft(MONTH).document

    def compare(*_: object) -> bool:
        raise AssertionError("two lines were compared")

    monkeypatch.setattr(Line, "__eq__", compare)

    assert Slot.LINES in [section.slot for section in ENGINE.sections(document)]
