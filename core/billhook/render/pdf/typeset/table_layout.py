"""Tables in type: rows as boxes, with heads repeated, sums carried, and what stays together."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from decimal import Decimal

from billhook.i18n import captions
from billhook.kernel.text import NBSP, Label
from billhook.model.section import Pairs, RowStyle, Table
from billhook.render.blocks.formatted_table import (
    FormattedRow,
    FormattedTable,
    format_pairs,
    format_table,
)
from billhook.render.document.localized_text import Wording
from billhook.render.pdf.typeset.box import Box, RunningTable
from billhook.render.pdf.typeset.column_widths import measure_columns
from billhook.render.pdf.typeset.drawing import (
    DrawnArea,
    DrawnMark,
    DrawnRule,
    DrawnText,
    draw_line,
    draw_lines,
    place_lines,
)
from billhook.render.pdf.typeset.row_layout import WHOLE, RowLayout, SetRow
from billhook.render.pdf.typeset.typography import Style, Typography
from billhook.render.pdf.writer.geometry import Pt

_HEAD = 0.7
"""A group's head that is repeated takes this part of the width at most."""

_ON_GROUND: Pt = 1.5
"""Heads on a ground have so much more above and below them."""

_GROUP_GAP = 2.6
"""Space over a group's head, as a multiple of a row's gap."""


class TableLayouts:
    """The tables of a document: each formatted, measured and its rows set once.

    A bill that is set again with smaller gaps finds its rows here. Blocks are known by identity:
    comparing tables would cost as much as formatting them.
    """

    def __init__(self, words: Wording, currency: str) -> None:
        self._words = words
        self._currency = currency
        self._formatted: dict[tuple[int, bool], tuple[Table | Pairs, FormattedTable]] = {}
        self._rows: dict[tuple[int, Pt, Pt, Pt], tuple[FormattedTable, RowLayout]] = {}

    def formatted(self, block: Table | Pairs, *, bare: bool = False) -> FormattedTable:
        """Return a table or pairs with their cells written; ``bare`` as in `format_pairs`."""
        key = (id(block), bare)
        if key not in self._formatted:
            if isinstance(block, Table):
                made = format_table(block, self._words, self._currency)
            else:
                made = format_pairs(block, self._words, self._currency, bare=bare)
            self._formatted[key] = block, made
        return self._formatted[key][1]

    def rows(self, table: FormattedTable, width: Pt, type_: Typography) -> RowLayout:
        """Return the layout of the rows of a table of a width."""
        key = (id(table), width, type_.theme.sizes.body, type_.theme.gaps.column)
        if key not in self._rows:
            columns = measure_columns(table, width, type_)
            self._rows[key] = table, RowLayout(table, columns, type_)
        return self._rows[key][1]


def lay_out_table(
    table: FormattedTable, rows: RowLayout, x: Pt, width: Pt, type_: Typography
) -> list[Box]:
    """Return a table as boxes: its head, and each row in one or more.

    Args:
        table: The table.
        rows: The layout of its rows, for this width.
        x: Where it begins in its frame.
        width: How wide it is.
        type_: The typography.
    """
    return list(_Table(table, rows, x, width, type_).boxes())


class _Table:
    """A table that is being set."""

    def __init__(
        self, grid: FormattedTable, setter: RowLayout, x: Pt, width: Pt, type_: Typography
    ) -> None:
        self.grid = grid
        self.setter = setter
        self.columns = setter.columns
        self.x = x
        self.width = width
        self.type = type_
        self.pad: Pt = type_.theme.gaps.row
        hair = type_.theme.rules.hair
        self.hairline: list[DrawnMark] = [DrawnRule(x, 0, width, hair, type_.rule)] if hair else []
        self.running = self._running()
        self.again: Callable[[], Box] | None = None

    def boxes(self) -> Iterator[Box]:
        """Yield the head and the rows, with what must stay together."""
        if self.running.head:
            yield self.running.head._replace(keep=True, table=self.running)
        rows = self.grid.rows
        last = len(rows) - 1
        before: FormattedRow | None = None
        for place, row in enumerate(rows):
            after = rows[place + 1] if place < last else None
            grouped = place == 1 and rows[0].style is RowStyle.GROUP
            ends = (place in (0, last - 1) or grouped) and after is not None
            keep = ends or _keeps(row, before, after)
            set_row = self.setter.row(row)
            if set_row.size <= WHOLE:
                yield self._whole(row, before, set_row, keep=keep)
            else:
                yield from self._long(row, before, set_row, keep=keep)
            before = row
            if row.style is RowStyle.GROUP:
                self.again = functools.partial(self._again, row)
            elif row.style is not RowStyle.NORMAL and row.style is not RowStyle.NOTE:
                self.again = None

    # ── rows ─────────────────────────────────────────────────────────────────

    def _whole(
        self, row: FormattedRow, before: FormattedRow | None, set_row: SetRow, *, keep: bool
    ) -> Box:
        above, below = self._pads(row, before)
        marks = [*self._rules(row, before), *[self._moved(each, above) for each in set_row.texts]]
        mark = row.cells[0].text if row.style is RowStyle.GROUP else ""
        height = above + set_row.height + below
        again = self.again if row.style is RowStyle.NORMAL else None
        return Box(height, marks, keep, self.running, row.carries, again, bookmark=mark)

    def _long(
        self, row: FormattedRow, before: FormattedRow | None, set_row: SetRow, *, keep: bool
    ) -> Iterator[Box]:
        """Yield a long row line by line, so that it may go on on the next page."""
        above, below = self._pads(row, before)
        ruled = self._rules(row, before)
        last = set_row.size - 1
        leading = set_row.height / set_row.size
        again = self.again if row.style is RowStyle.NORMAL else None
        for place, line in enumerate(set_row.texts):
            over = 0 if place else above
            marks = [*([] if place else ruled), self._moved(line, over - place * leading)]
            height = over + leading + (below if place == last else 0)
            holds = place in (0, last - 1) or (place == last and keep)
            carries = () if place else row.carries
            yield Box(height, marks, holds, self.running, carries, again)

    def _moved(self, line: DrawnText, down: Pt) -> DrawnText:
        return DrawnText(self.x, line.y + down, line.lines, line.style)

    def _pads(self, row: FormattedRow, before: FormattedRow | None) -> tuple[Pt, Pt]:
        if row.style is RowStyle.GROUP:
            return (self.pad * _GROUP_GAP if before else self.pad), self.pad / 2
        return (0 if row.style is RowStyle.NOTE else self.pad), self.pad

    def _rules(self, row: FormattedRow, before: FormattedRow | None) -> list[DrawnMark]:
        style = row.style
        if style is RowStyle.TOTAL:
            rules = self.type.theme.rules
            return [DrawnRule(self.x, 0, self.width, rules.head or rules.hair, self.type.text)]
        if before is None or style is RowStyle.NOTE or style is RowStyle.GROUP:
            return []
        if before.style is RowStyle.GROUP or row.cells[0].text.startswith(NBSP):
            return []
        return self.hairline

    # ── heads and carried sums ───────────────────────────────────────────────

    def _running(self) -> RunningTable:
        head = self._head() if any(self.grid.heads) else None
        if not self.grid.carried:
            return RunningTable(head)
        return RunningTable(
            head,
            forward=functools.partial(self._carry, captions.CARRIED_FORWARD, ruled=True),
            brought=functools.partial(self._carry, captions.BROUGHT_FORWARD, ruled=False),
            carry_height=self._carry_style.leading + 2 * self.pad,
        )

    @property
    def _carry_style(self) -> Style:
        return self.columns.style(self.type.fact)

    def _head(self) -> Box:
        style, rules = self.columns.style(self.type.label), self.type.theme.rules
        ground = self.type.theme.places.head_ground
        head = self.setter.head(style)
        pad = self.pad + (_ON_GROUND if ground else 0)
        height = pad + head.height + pad
        marks: list[DrawnMark] = []
        if ground:
            marks.append(DrawnArea(self.x - 6, 0, self.width + 12, height, self.type.ground))
        marks.extend(self._moved(words, pad) for words in head.texts)
        if rules.head:
            marks.append(DrawnRule(self.x, height, self.width, rules.head, self.type.text))
        return Box(height, marks)

    def _again(self, row: FormattedRow) -> Box:
        """Return what repeats a group's head on the next page."""
        styles = self.setter.styles
        style, small = styles[RowStyle.GROUP], styles[RowStyle.NOTE]
        lines = style.lines(row.cells[0].text, self.width * _HEAD)
        said = small.line(self.type.words.text(captions.CONTINUED))
        # On the baseline of the head's last line.
        y = self.pad + style.baseline(len(lines) - 1) - small.baseline()
        after = self.x + lines[-1].width + style.size
        marks = [
            *draw_lines(self.x, self.pad, lines, style),
            draw_line(after, y, said, small),
        ]
        return Box(self.pad * 1.5 + len(lines) * style.leading, marks, table=self.running)

    def _carry(self, label: Label, sums: dict[int, Decimal], *, ruled: bool) -> Box:
        style = self._carry_style
        written = {
            column: write(sums[column]) for column, write in self.grid.carried if column in sums
        }
        first = min(written, default=0)
        place = next((p for p, share in enumerate(self.grid.shares) if share and p < first), 0)
        text = style.line(self.type.words.text(label))
        lines = list(place_lines(self.columns.lefts[place], [text], style))
        for column, cell in written.items():
            lines += self.setter.cell(column, 1, cell, style)
        # The rule over it is a hairline in every theme, be it as thin as nothing.
        rule = DrawnRule(self.x, 0, self.width, self.type.theme.rules.hair, self.type.rule)
        marks: list[DrawnMark] = [
            *([rule] if ruled else []),
            DrawnText(self.x, self.pad, lines, style),
        ]
        return Box(style.leading + 2 * self.pad, marks, table=self.running)


def _keeps(row: FormattedRow, before: FormattedRow | None, after: FormattedRow | None) -> bool:
    """Return whether a row stays with the one after it: heads with rows, rows with sums."""
    if after is None:
        return False
    sums = (RowStyle.SUBTOTAL, RowStyle.TOTAL, RowStyle.NOTE)
    of_head = row.style is RowStyle.NOTE and before is not None and before.style is RowStyle.GROUP
    return row.style is RowStyle.GROUP or of_head or after.style in sums
