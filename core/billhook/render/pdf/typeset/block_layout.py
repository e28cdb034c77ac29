"""Blocks in type: each block of the language as boxes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from billhook.i18n.direction import Align
from billhook.kernel.text import Text
from billhook.model.section import (
    Block,
    Break,
    Chart,
    Drawn,
    Note,
    Pairs,
    RowStyle,
    Signature,
    Table,
)
from billhook.render.blocks.chart_scene import SIZE, lay_out_chart
from billhook.render.blocks.formatted_table import FormattedTable
from billhook.render.document.localized_text import Wording, languages
from billhook.render.pdf.typeset.box import Box, gap_box
from billhook.render.pdf.typeset.drawing import (
    DrawnChart,
    DrawnMark,
    DrawnRule,
    PluginDrawing,
    draw_line,
    draw_lines,
)
from billhook.render.pdf.typeset.table_layout import TableLayouts, lay_out_table
from billhook.render.pdf.typeset.typography import Style, Typography
from billhook.render.pdf.writer.geometry import Pt

_MEASURE = 62.0
"""A paragraph is never wider than this many times its font size."""

_LEAST_SPACE: Pt = 8.0
"""Between a name and its value."""

_NAMES = 0.6
"""Long names take no more than this part of the width beside long values."""

_SIGNATURES = 3
"""So many places to sign stand side by side."""


class BlockLayout:
    """Sets the blocks of one document."""

    def __init__(
        self, type_: Typography, tables: TableLayouts, paragraph: Style | None = None
    ) -> None:
        self.type = type_
        self.tables = tables
        self.paragraph: Style = paragraph or type_.body
        self.words: Wording = type_.words

    @property
    def quieter(self) -> BlockLayout:
        """The same with paragraphs in small print."""
        return BlockLayout(self.type, self.tables, self.type.small)

    def blocks(self, blocks: Iterable[Block], x: Pt, width: Pt, tab: Pt = 0) -> list[Box]:
        """Return blocks, one below the other; pairs have their values ``tab`` points in."""
        boxes: list[Box] = []
        for block in blocks:
            if tab and isinstance(block, Pairs):
                found = self.pairs(block, x, width, tab)
            else:
                found = list(self.block(block, x, width))
            if boxes and found and not found[0].is_break:
                boxes.append(gap_box(self.type.theme.gaps.block))
            boxes.extend(found)
        return boxes

    def block(self, block: Block, x: Pt, width: Pt) -> Iterator[Box]:
        """Yield the boxes of a block."""
        match block:
            case Table():
                yield from self._titled(block.title, x, width)
                table = self.tables.formatted(block)
                rows = self.tables.rows(table, width, self.type)
                yield from lay_out_table(table, rows, x, width, self.type)
            case Pairs():
                yield from self._titled(block.title, x, width)
                yield from self.pairs(block, x, width)
            case Note():
                yield from self._titled(block.title, x, width)
                yield from self.paragraphs(block.text, self.paragraph, x, width)
            case Chart():
                yield from self._titled(block.title, x, width)
                yield self._chart(block, x, width)
            case Signature():
                yield from self._signatures(block, x, width)
            case Drawn():
                yield Box(block.height, [PluginDrawing(x, 0, width, block.height, block.draw)])
            case Break():
                yield Box(0, is_break=True)

    def heading(self, text: Text, x: Pt, width: Pt, *, bookmark: bool = True) -> list[Box]:
        """Return a heading that stays with what follows."""
        if not text:
            return []
        gap = self.type.theme.gaps.row * 1.4
        return self._title_boxes(text, self.type.heading, x, width, gap, bookmark=bookmark)

    def _titled(self, text: Text, x: Pt, width: Pt) -> list[Box]:
        gap = self.type.theme.gaps.row
        return self._title_boxes(text, self.type.strong, x, width, gap) if text else []

    def _title_boxes(
        self, text: Text, style: Style, x: Pt, width: Pt, gap: Pt, *, bookmark: bool = True
    ) -> list[Box]:
        title = self.words.text(text)
        lines = style.lines(title, width)
        marks = draw_lines(x, 0, lines, style)
        box = Box(style.leading * len(lines), marks, keep=True, bookmark=title if bookmark else "")
        return [box, gap_box(gap, keep=True)]

    def paragraphs(self, text: Text, style: Style, x: Pt, width: Pt) -> Iterator[Box]:
        """Yield a text line by line; two lines stay together at each end."""
        lines = style.lines(self.words.text(text), min(width, _MEASURE * style.size))
        for place, line in enumerate(lines):
            keep = place + 1 < len(lines) and place in (0, len(lines) - 2)
            yield Box(style.leading, [draw_line(x, 0, line, style)], keep)

    # ── pairs ────────────────────────────────────────────────────────────────

    def pairs(self, pairs: Pairs, x: Pt, width: Pt, tab: Pt = 0) -> list[Box]:
        """Return names with values, no wider than they need, or with values ``tab`` points in."""
        grid = self.tables.formatted(pairs)
        label, value = self._natural(grid, 0), self._natural(grid, 1)
        space = self.type.theme.gaps.column * (2.4 if grid.aligns[1] == "end" else 1.4)
        tab = min(tab, width - value)
        if tab and label <= tab - _LEAST_SPACE:
            space = min(space, tab - label)
            label = tab - space
        else:
            space = max(_LEAST_SPACE, min(space, width - label - value))
            least = min(self._natural(grid, 0, stacked=True), width * _NAMES)
            label = min(label, max(least, width - space - value))
        value = min(value, width - label - space)
        return list(self._pair_rows(grid, x, (label, space, value)))

    def natural(self, block: Block) -> Pt:
        """Return the width that pairs need to stand in one line each; 0 for other blocks."""
        if not isinstance(block, Pairs):
            return 0
        grid = self.tables.formatted(block)
        names = self._natural(grid, 0, stacked=True)
        return names + _LEAST_SPACE + self._natural(grid, 1)

    def squeezes(self, block: Block, width: Pt) -> bool:
        """Return whether a table has to be set smaller than usual in a width."""
        if not isinstance(block, Table):
            return False
        return self.tables.rows(self.tables.formatted(block), width, self.type).columns.scale < 1

    def _natural(self, grid: FormattedTable, column: int, *, stacked: bool = False) -> Pt:
        """Return the width of a column's widest text, or of each of its languages by itself."""
        style = self.type.body
        found: Pt = 0
        for row in grid.rows:
            use = style if row.style is RowStyle.NORMAL else self.type.strong
            text = row.cells[column].text
            texts = languages(text) if stacked else text.splitlines()
            found = max(found, *(use.width(text) for text in texts), 0)
        return found

    def _pair_rows(self, grid: FormattedTable, x: Pt, widths: tuple[Pt, Pt, Pt]) -> Iterator[Box]:
        label, space, value = widths
        numeric = grid.aligns[1] == "end"
        end = x + label + space + (value if numeric else 0)
        # Digits end below digits on a mirrored page, too.
        anchored = numeric and not self.words.rtl
        place_of_values = end if anchored or not numeric else end - value
        for row in grid.rows:
            strong = row.style is RowStyle.TOTAL
            name, body = (self.type.strong,) * 2 if strong else (self.type.fact, self.type.body)
            marks: list[DrawnMark] = []
            above = self.type.theme.gaps.row if strong else 0
            if strong and numeric:
                rule = self.type.theme.rules.hair
                marks.append(DrawnRule(x, above / 2, end - x, rule, self.type.text))
            left = name.lines(row.cells[0].text, label)
            right = body.lines(row.cells[1].text, value)
            marks.extend(draw_lines(x, above, left, name))
            anchor: Align = "end" if anchored else "start"
            marks.extend(draw_lines(place_of_values, above, right, body, anchor))
            yield Box(above + body.leading * max(len(left), len(right), 1) + 0.6, marks)

    # ── charts and signatures ────────────────────────────────────────────────

    def _chart(self, chart: Chart, x: Pt, width: Pt) -> Box:
        font = self.type.fonts.regular
        drawn = lay_out_chart(chart, width, self.words, lambda text: font.width(text, SIZE))
        return Box(drawn.height, [DrawnChart(x, 0, drawn, self.type)])

    def _signatures(self, block: Signature, x: Pt, width: Pt) -> Iterator[Box]:
        style, space = self.type.small, self.type.theme.gaps.column * 1.6
        count = min(_SIGNATURES, max(2, len(block.places)))
        each = (width - space * (count - 1)) / count
        for start in range(0, len(block.places), count):
            marks: list[DrawnMark] = []
            height = style.leading
            for place, text in enumerate(block.places[start : start + count]):
                left = x + place * (each + space)
                lines = style.lines(self.words.text(text), each)
                marks.append(DrawnRule(left, _ROOM, each, 0.5, self.type.text))
                marks.extend(draw_lines(left, _ROOM + 2, lines, style))
                height = max(height, style.leading * len(lines))
            yield Box(_ROOM + 2 + height, marks)


_ROOM = 46.0
"""Points over the rule of a signature, for a hand and a stamp."""
