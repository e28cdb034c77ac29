"""Sections and blocks: what a plugin shows, without knowing how it is drawn."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable
from decimal import Decimal
from typing import Literal, get_args

import attrs

from billhook.kernel.figure import Figure
from billhook.kernel.text import Label, Period
from billhook.model.validators import demand, demand_each, demand_set

Cell = Label | str | Figure | Decimal | int | dt.date | Period | None
"""Content of a table cell; numbers, dates and labels take the reader's locale when drawn."""

_words = demand(str, Label)
_CELL: tuple[type, ...] = get_args(Cell)


class Slot(enum.StrEnum):
    """Position of a section on the document."""

    HEAD = "head"
    BEFORE_LINES = "before-lines"
    LINES = "lines"
    AFTER_LINES = "after-lines"
    AFTER_TOTALS = "after-totals"
    SHEET = "sheet"


class Orientation(enum.StrEnum):
    """Page orientation."""

    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


class RowStyle(enum.StrEnum):
    """Role of a table row; renderers choose its style."""

    NORMAL = "normal"
    GROUP = "group"
    NOTE = "note"
    SUBTOTAL = "subtotal"
    TOTAL = "total"


@attrs.frozen
class Column:
    """A column of a table.

    Attributes:
        title: Its head.
        width: Relative width; 0 takes what its widest cell needs.
        align: ``auto`` is right for figures and numbers, left for text.
        carry: A running subtotal of the column is carried from page to page.
    """

    title: Label | str = attrs.field(validator=_words)
    width: int = attrs.field(default=0, validator=demand(int))
    align: Literal["auto", "left", "right", "center"] = "auto"
    carry: bool = False


@attrs.frozen
class TableRow:
    """A row of a table.

    Attributes:
        cells: One for each column; fewer are filled with nothing.
        style: Normal, group head, note below a row, subtotal or total.
    """

    cells: tuple[Cell, ...] = attrs.field(validator=demand_each(*_CELL))
    style: RowStyle = attrs.field(default=RowStyle.NORMAL, validator=demand(RowStyle))


@attrs.frozen
class Table:
    """Rows under repeated heads.

    Raises:
        ValueError: A row has more cells than there are columns: they would not be printed.
    """

    columns: tuple[Column, ...] = attrs.field(validator=demand_each(Column))
    rows: tuple[TableRow, ...] = attrs.field(validator=demand_each(TableRow))
    title: Label | str = attrs.field(default="", validator=_words)

    def __attrs_post_init__(self) -> None:
        widest = max((len(row.cells) for row in self.rows), default=0)
        if widest > len(self.columns):
            raise ValueError(f"a row has {widest} cells, the table {len(self.columns)} columns")


@attrs.frozen
class Pairs:
    """Names with values, two aligned columns: ``Contract sum … 1,000.00``.

    Attributes:
        items: The pairs.
        strong: Indexes of the pairs that are set off, such as the last line of a sum.
    """

    items: tuple[tuple[Label | str, Cell], ...] = attrs.field(validator=demand_each(tuple))
    title: Label | str = attrs.field(default="", validator=_words)
    strong: frozenset[int] = attrs.field(default=frozenset(), validator=demand_set(int))

    def __attrs_post_init__(self) -> None:
        pairs: tuple[tuple[object, ...], ...] = self.items
        for item in pairs:
            if len(item) != 2:  # noqa: PLR2004 - a pair
                raise ValueError(f"Pairs.items needs a name and a value, got {len(item)} values")
            if not isinstance(item[0], (str, Label)) or not isinstance(item[1], _CELL):
                kinds = " and ".join(type(each).__name__ for each in item)
                raise TypeError(f"Pairs.items needs a text and what a cell holds, got {kinds}")


@attrs.frozen
class Note:
    """A paragraph, with a title or without."""

    text: Label | str = attrs.field(validator=_words)
    title: Label | str = attrs.field(default="", validator=_words)


@attrs.frozen
class Signature:
    """Places to sign, each with what to write under the rule."""

    places: tuple[Label | str, ...] = attrs.field(validator=demand_each(str, Label))


@attrs.frozen
class Break:
    """A new page."""


class ChartKind(enum.StrEnum):
    """The charts that the block language draws."""

    BARS = "bars"
    STACKED = "stacked"
    LINE = "line"
    PROGRESS = "progress"


@attrs.frozen
class ChartSeries:
    """One series of a chart: a value for each category."""

    name: Label | str = attrs.field(validator=_words)
    values: tuple[Figure, ...] = attrs.field(validator=demand_each(Figure))


@attrs.frozen(kw_only=True)
class Chart:
    """A picture of figures.

    ``PROGRESS`` has two series: what is done, and the whole.

    Attributes:
        title: What it shows.
        kind: How it is drawn.
        categories: The groups along the axis.
        series: One or more series; a value for each category.

    Raises:
        ValueError: A series has more values than there are categories, or fewer.
    """

    title: Label | str = attrs.field(validator=_words)
    kind: ChartKind = attrs.field(validator=demand(ChartKind))
    categories: tuple[Label | str | dt.date, ...] = attrs.field(
        validator=demand_each(Label, str, dt.date)
    )
    series: tuple[ChartSeries, ...] = attrs.field(validator=demand_each(ChartSeries))

    def __attrs_post_init__(self) -> None:
        for each in self.series:
            if len(each.values) != len(self.categories):
                found = f"{len(each.values)} for {len(self.categories)} categories"
                raise ValueError(f"a series has a value for each category, got {found}")


@attrs.frozen
class Drawn:
    """The escape hatch: the plugin draws on the PDF itself, and gives the text for the rest.

    Attributes:
        draw: Called with the PDF canvas and the box (x, y, width, height in points).
        height: Height in points.
        text: What HTML and plain text show instead.
    """

    draw: Callable[[object, tuple[float, float, float, float]], None]
    height: float
    text: Label | str = attrs.field(validator=_words)


Block = Table | Pairs | Note | Signature | Break | Chart | Drawn
_BLOCK: tuple[type, ...] = get_args(Block)


@attrs.frozen(kw_only=True)
class Section:
    """A part of the printed document.

    Attributes:
        slot: Where it stands; ``LINES`` replaces the core's own table of lines.
        blocks: What is drawn, top down.
        title: Its heading.
        order: Lower stands first within a slot.
        orientation: Of a ``SHEET``, which is a page run of its own.
    """

    slot: Slot = attrs.field(validator=demand(Slot))
    blocks: tuple[Block, ...] = attrs.field(validator=demand_each(*_BLOCK))
    title: Label | str = attrs.field(default="", validator=_words)
    order: int = attrs.field(default=100, validator=demand(int))
    orientation: Orientation = attrs.field(
        default=Orientation.PORTRAIT, validator=demand(Orientation)
    )
