"""Charts: one scene of rectangles, lines and words that PDF and SVG draw alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import attrs

from billhook.i18n.direction import Side
from billhook.kernel.figure import Figure
from billhook.kernel.money import QUOTIENT, round_to
from billhook.kernel.text import Text
from billhook.model.section import Cell, Chart, ChartKind, Column, Table, TableRow
from billhook.render.document.localized_text import Wording

HEIGHT = 132.0
"""Height of a plot in points, without its legend."""

SIZE = 7.0
"""Font size of a chart's words in points."""

_FOOT, _HEAD, _BAR, _ROW = 14.0, 10.0, 9.0, 18.0


@attrs.frozen
class ChartBar:
    """A filled rectangle; ``tone`` counts the series' colours from 0, -1 is the ground."""

    x: float
    y: float
    width: float
    height: float
    tone: int


@attrs.frozen
class ChartLine:
    """A line through points; tone -1 is a hairline of the grid."""

    points: tuple[tuple[float, float], ...]
    tone: int
    width: float = 0.5


@attrs.frozen
class ChartLabel:
    """A word of the chart, with its baseline's end at (x, y)."""

    x: float
    y: float
    text: str
    anchor: Side


ChartMark = ChartBar | ChartLine | ChartLabel


@attrs.frozen
class ChartScene:
    """A chart, ready to be drawn, in points from its top left corner."""

    width: float
    height: float
    marks: tuple[ChartMark, ...]


def chart_table(chart: Chart) -> Table:
    """Return a chart's figures as a table, for those who cannot see it."""
    columns = (
        Column("", width=1),
        *(Column(series.name, align="right") for series in chart.series),
    )
    rows = (
        TableRow((category, *(_value(series.values, place) for series in chart.series)))
        for place, category in enumerate(chart.categories)
    )
    return Table(columns, tuple(rows), chart.title)


def _value(values: Sequence[Figure], place: int) -> Figure | None:
    return values[place] if place < len(values) else None


def lay_out_chart(
    chart: Chart, width: float, words: Wording, measure: Callable[[str], float]
) -> ChartScene:
    """Return a chart as a scene.

    Args:
        chart: The chart.
        width: Of the whole, in points.
        words: Of the document.
        measure: Width of a text in points at `SIZE`.
    """
    plot = _Plot(chart, width, words, measure)
    drawn = plot.progress() if chart.kind is ChartKind.PROGRESS else plot.upright()
    return _mirror(drawn) if words.rtl else drawn


_SWAPPED: dict[Side, Side] = {"left": "right", "right": "left", "center": "center"}


def _mirror(drawn: ChartScene) -> ChartScene:
    width = drawn.width

    def turned(mark: ChartMark) -> ChartMark:
        if isinstance(mark, ChartBar):
            return attrs.evolve(mark, x=width - mark.x - mark.width)
        if isinstance(mark, ChartLine):
            return attrs.evolve(mark, points=tuple((width - x, y) for x, y in mark.points))
        return attrs.evolve(mark, x=width - mark.x, anchor=_SWAPPED[mark.anchor])

    return ChartScene(width, drawn.height, tuple(map(turned, drawn.marks)))


@attrs.frozen
class _Plot:
    """A chart that is being laid out."""

    chart: Chart
    width: float
    words: Wording
    measure: Callable[[str], float]

    # ── progress: one bar a row, what is done of the whole ───────────────────

    def progress(self) -> ChartScene:
        """Return a bar for each category, filled as far as it is done."""
        names = [self._name(category) for category in self.chart.categories]
        left = min(self.width / 3, max(map(self.measure, names), default=0) + _BAR)
        marks: list[ChartMark] = []
        for place, name in enumerate(names):
            marks.extend(self._progress_row(place, name, left))
        return ChartScene(self.width, _ROW * len(names), tuple(marks))

    def _progress_row(self, place: int, name: str, left: float) -> Iterator[ChartMark]:
        done, whole = (self._number(series.values, place) for series in self.chart.series[:2])
        part = _part(done, Decimal(0), whole) if whole > 0 else 0.0
        room, top = self.width - left - 34, _ROW * place + 4
        yield ChartLabel(0, top + 7, self._short(name, left - 6), "left")
        yield ChartBar(left, top, room, _BAR, -1)
        yield ChartBar(left, top, room * min(1.0, max(0.0, part)), _BAR, 0)
        percent = _percent(done, whole)
        yield ChartLabel(self.width, top + 7, self.words.numbers.percent(percent), "right")

    # ── bars, stacks and lines over an axis ──────────────────────────────────

    def upright(self) -> ChartScene:
        """Return the series over the categories, with a grid of round values."""
        axis = _Axis.of(self._reach())
        labels = [self.words.numbers.number(value) for value in axis.ticks]
        left = max(map(self.measure, labels), default=0) + 6
        marks = [*self._grid(axis, labels, left), *self._names(left)]
        draw = self._lines if self.chart.kind is ChartKind.LINE else self._bars
        marks.extend(draw(axis, left))
        legend = list(self._legend(left))
        rows = {mark.y for mark in legend if isinstance(mark, ChartBar)}
        return ChartScene(self.width, HEIGHT + _FOOT * len(rows), (*marks, *legend))

    def _reach(self) -> list[Decimal]:
        """Return the values that the axis must reach."""
        stacked = self.chart.kind is ChartKind.STACKED
        found = [Decimal(0)]
        for place in range(len(self.chart.categories)):
            values = [self._number(series.values, place) for series in self.chart.series]
            if stacked:
                found.append(sum((v for v in values if v > 0), Decimal(0)))
                found.append(sum((v for v in values if v < 0), Decimal(0)))
            else:
                found.extend(values)
        return found

    def _grid(self, axis: _Axis, labels: list[str], left: float) -> Iterator[ChartMark]:
        for value, label in zip(axis.ticks, labels, strict=True):
            height = self._height(axis, value)
            yield ChartLine(((left, height), (self.width, height)), -1, 0.75 if not value else 0.35)
            yield ChartLabel(left - 5, height + 2.4, label, "right")

    def _height(self, axis: _Axis, value: Decimal) -> float:
        room = HEIGHT - _HEAD - _FOOT
        return _HEAD + room * (1 - _part(value - axis.low, Decimal(0), axis.high - axis.low))

    def _slot(self, left: float) -> float:
        return (self.width - left) / max(1, len(self.chart.categories))

    def _names(self, left: float) -> Iterator[ChartMark]:
        slot = self._slot(left)
        names = [self._name(category) for category in self.chart.categories]
        widest = max(map(self.measure, names), default=0) + 4
        step = max(1, -int(-widest // slot)) if widest > slot and len(names) > _CROWD else 1
        for place in range(0, len(names), step):
            text = self._short(names[place], slot * step - 2)
            yield ChartLabel(left + slot * (place + 0.5), HEIGHT - 4, text, "center")

    def _bars(self, axis: _Axis, left: float) -> Iterator[ChartMark]:
        slot, stacked = self._slot(left), self.chart.kind is ChartKind.STACKED
        count = 1 if stacked else len(self.chart.series)
        thick = min(30.0, slot * 0.7 / max(1, count))
        for place in range(len(self.chart.categories)):
            first = left + slot * (place + 0.5) - thick * count / 2
            bases = {1: Decimal(0), -1: Decimal(0)}
            for tone, series in enumerate(self.chart.series):
                value = self._number(series.values, place)
                sign = 1 if value >= 0 else -1
                base = bases[sign] if stacked else Decimal(0)
                bases[sign] += value
                x = first + (0 if stacked else thick * tone)
                yield self._bar(axis, x, thick, self._tone(tone), (base, value))

    def _bar(
        self, axis: _Axis, x: float, thick: float, tone: int, reach: tuple[Decimal, Decimal]
    ) -> ChartBar:
        base, value = reach
        ends = sorted((self._height(axis, base), self._height(axis, base + value)))
        return ChartBar(x + 0.5, ends[0], thick - 1, ends[1] - ends[0], tone)

    def _lines(self, axis: _Axis, left: float) -> Iterator[ChartMark]:
        slot = self._slot(left)
        for tone, series in enumerate(self.chart.series):
            points = tuple(
                (left + slot * (place + 0.5), self._height(axis, value.value))
                for place, value in enumerate(series.values)
            )
            yield ChartLine(points, self._tone(tone), 1.25)
            for x, y in points:
                yield ChartBar(x - 1.5, y - 1.5, 3, 3, self._tone(tone))

    def _legend(self, left: float) -> Iterator[ChartMark]:
        if len(self.chart.series) < 2:  # noqa: PLR2004 -- one series needs no key
            return
        x, top = left, HEIGHT
        for tone, series in enumerate(self.chart.series):
            name = self._short(self.words.text(series.name), self.width - left - 9)
            needed = self.measure(name) + 9
            if x > left and x + needed > self.width:
                x, top = left, top + _FOOT
            yield ChartBar(x, top + 3, 6, 6, self._tone(tone))
            yield ChartLabel(x + 9, top + 8.6, name, "left")
            x += needed + 15

    # ── words ────────────────────────────────────────────────────────────────

    def _name(self, category: Text | dt.date) -> str:
        cell: Cell = category
        return self.words.cell(cell)

    def _tone(self, place: int) -> int:
        """Return a series' shade; up to three series are two shades apart."""
        return place * (2 if len(self.chart.series) <= 3 else 1)  # noqa: PLR2004

    def _number(self, values: Sequence[Figure], place: int) -> Decimal:
        return values[place].value if place < len(values) else Decimal(0)

    def _short(self, text: str, room: float) -> str:
        """Return a text cut to a width; the table of the figures has it whole."""
        if self.measure(text) <= room:
            return text
        while text and self.measure(text + "…") > room:
            text = text[:-1]
        return text.rstrip() + "…"


_CROWD = 6
"""With more categories than this, names that do not fit are left out by turns."""


@attrs.frozen
class _Axis:
    """An axis with round values."""

    low: Decimal
    high: Decimal
    ticks: tuple[Decimal, ...]

    @classmethod
    def of(cls, values: Iterable[Decimal]) -> _Axis:
        """Return the axis that reaches all values, zero among them."""
        found = list(values)
        low, high = min(found), max(found)
        step = _step(high - low)
        first = int((low / step).to_integral_value(ROUND_FLOOR))
        last = max(int((high / step).to_integral_value(ROUND_CEILING)), first + 1)
        ticks = tuple(step * place for place in range(first, last + 1))
        return cls(ticks[0], ticks[-1], ticks)


def _step(span: Decimal) -> Decimal:
    """Return a round step that divides a span into two to five parts."""
    if span <= 0:
        return Decimal(1)
    power = Decimal(1).scaleb(span.adjusted() - 1)
    steps = (power * factor for factor in (2, 5, 10, 20, 50))
    return next(step for step in steps if step * 5 >= span)


def _part(value: Decimal, low: Decimal, high: Decimal) -> float:
    """Return where a value lies between two others, 0 to 1, fine enough to draw."""
    if high == low:
        return 0.0
    return int((value - low) / (high - low) * _FINE) / _FINE


_FINE = 100_000


def _percent(done: Decimal, whole: Decimal) -> Decimal:
    """Return what is done in percent, to one decimal: a picture's caption, not a figure."""
    if whole <= 0:
        return Decimal(0)
    return round_to(QUOTIENT.divide(done, whole).scaleb(2), Decimal("0.1"))
