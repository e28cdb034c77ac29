"""Charts: bars as long as their figures, on an axis that reaches them all."""

from __future__ import annotations

from decimal import Decimal as D

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billhook.blocks import Chart, ChartKind, ChartSeries
from billhook.render.blocks.chart_scene import (
    ChartBar,
    ChartLabel,
    ChartLine,
    chart_table,
    lay_out_chart,
)
from billhook.render.document.localized_text import wording
from render import samples

AMOUNTS = st.decimals(-(10**7), 10**7, places=2)
ENGLISH, ARABIC = wording("en_US"), wording("ar")


def measure(text):
    return len(text) * 4.0


def chart(kind, *rows):
    series = tuple(
        ChartSeries(f"Series {place}", tuple(samples.money(str(value)) for value in row))
        for place, row in enumerate(rows)
    )
    names = tuple(f"Phase {place}" for place in range(len(rows[0])))
    return Chart(title="A chart", kind=kind, categories=names, series=series)


def bars(drawn, tone=0):
    # A key of the legend is six points square.
    return [m for m in drawn.marks if isinstance(m, ChartBar) and m.tone == tone and m.width != 6]


@given(st.lists(AMOUNTS, min_size=1, max_size=12))
@settings(max_examples=150, deadline=None)
def test_bars_are_as_long_as_their_figures_and_stay_inside(values):
    drawn = lay_out_chart(chart(ChartKind.BARS, values), 400, ENGLISH, measure)
    found = bars(drawn)
    longest = max(abs(value) for value in values) or D(1)
    most = max(bar.height for bar in found)

    assert all(bar.y >= 0 and bar.y + bar.height <= drawn.height for bar in found)
    for value, bar in zip(values, found, strict=True):
        wanted = most * int(abs(value) / longest * 100_000) / 100_000
        assert bar.height == pytest.approx(wanted, abs=0.01)


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=8))
@settings(max_examples=100, deadline=None)
def test_stacked_bars_do_not_overlap(pairs):
    drawn = lay_out_chart(
        chart(ChartKind.STACKED, *zip(*pairs, strict=True)), 400, ENGLISH, measure
    )
    for first, second in zip(bars(drawn), bars(drawn, 2), strict=True):
        apart = first.y + first.height <= second.y + 0.01 or (
            second.y + second.height <= first.y + 0.01
        )

        assert first.x == second.x
        assert apart or not first.height or not second.height


@given(st.lists(AMOUNTS, min_size=2, max_size=12))
@settings(max_examples=60, deadline=None)
def test_a_line_has_a_point_for_each_figure(values):
    drawn = lay_out_chart(chart(ChartKind.LINE, values), 400, ENGLISH, measure)
    (line,) = (mark for mark in drawn.marks if isinstance(mark, ChartLine) and mark.tone == 0)
    order = sorted(range(len(values)), key=values.__getitem__)
    heights = [line.points[place][1] for place in order]

    assert heights == sorted(heights, reverse=True)


def test_progress_is_the_part_that_is_done():
    drawn = lay_out_chart(
        chart(ChartKind.PROGRESS, (D(25), D(300), D(5)), (D(100), D(200), D(0))),
        400,
        ENGLISH,
        measure,
    )
    grounds = bars(drawn, -1)
    parts = [bar.width / ground.width for bar, ground in zip(bars(drawn), grounds, strict=True)]
    texts = [mark.text for mark in drawn.marks if isinstance(mark, ChartLabel)]

    assert parts == pytest.approx([0.25, 1, 0])
    assert [text for text in texts if text.endswith("%")] == ["25%", "150%", "0%"]


def test_chart_from_right_to_left_is_the_mirror():
    drawn = lay_out_chart(samples.chart(ChartKind.STACKED), 400, ENGLISH, measure)
    mirror = lay_out_chart(samples.chart(ChartKind.STACKED), 400, ARABIC, measure)
    back = [attrs.evolve(bar, x=400 - bar.x - bar.width) for bar in bars(mirror)]

    assert [bar.x for bar in back] == pytest.approx([bar.x for bar in bars(drawn)], abs=4)


def test_every_figure_stands_in_the_table_of_the_chart():
    table = chart_table(samples.chart(ChartKind.BARS))

    assert [[cell.value for cell in row.cells[1:]] for row in table.rows] == [
        [D("12500.00"), D("3000.00")],
        [D("14200.50"), D("2500.00")],
        [D("9800.00"), D("4100.25")],
    ]


def test_tallest_bar_leaves_room_below_the_title():
    drawn = lay_out_chart(chart(ChartKind.BARS, [D(100), D(50)]), 400, ENGLISH, measure)

    assert min(bar.y for bar in bars(drawn)) >= 10


def test_a_legend_of_many_names_goes_on_on_further_lines():
    rows = [[D(1)] for _ in range(14)]
    drawn = lay_out_chart(chart(ChartKind.STACKED, *rows), 300, ENGLISH, measure)
    names = [m for m in drawn.marks if isinstance(m, ChartLabel) and m.text.startswith("Series")]

    assert len(names) == 14
    assert len({mark.y for mark in names}) > 1
    assert all(mark.x + measure(mark.text) <= 300 for mark in names)
    assert max(mark.y for mark in names) <= drawn.height
