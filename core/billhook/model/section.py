"""Sections and blocks: what a plugin shows, without knowing how it is drawn."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable
from decimal import Decimal
from typing import Literal

import attrs

from billhook.figure import Figure
from billhook.text import Label, Period

Cell = Label | str | Figure | Decimal | int | dt.date | Period | None
"""What a table's cell holds; numbers, dates and labels take the reader's locale when drawn."""


class Slot(enum.StrEnum):
    """Where a section stands."""

    HEAD = "head"
    BEFORE_LINES = "before-lines"
    LINES = "lines"
    AFTER_LINES = "after-lines"
    AFTER_TOTALS = "after-totals"
    SHEET = "sheet"


class Orientation(enum.StrEnum):
    """How a sheet is turned."""

    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


class RowStyle(enum.StrEnum):
    """What a row is; renderers choose how it looks."""

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

    title: Label | str
    width: int = 0
    align: Literal["auto", "left", "right", "center"] = "auto"
    carry: bool = False


@attrs.frozen
class Row:
    """A row of a table.

    Attributes:
        cells: One for each column; fewer are filled with nothing.
        style: Normal, group head, note below a row, subtotal or total.
    """

    cells: tuple[Cell, ...]
    style: RowStyle = RowStyle.NORMAL


@attrs.frozen
class Table:
    """Rows under repeated heads."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    title: Label | str = ""


@attrs.frozen
class Pairs:
    """Names with values, two aligned columns: ``Contract sum … 1,000.00``.

    Attributes:
        items: The pairs.
        strong: Indexes of the pairs that are set off, such as the last line of a sum.
    """

    items: tuple[tuple[Label | str, Cell], ...]
    title: Label | str = ""
    strong: frozenset[int] = frozenset()


@attrs.frozen
class Note:
    """A paragraph, with a title or without."""

    text: Label | str
    title: Label | str = ""


@attrs.frozen
class Signature:
    """Places to sign, each with what to write under the rule."""

    places: tuple[Label | str, ...]


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
class Series:
    """One series of a chart: a value for each category."""

    name: Label | str
    values: tuple[Figure, ...]


@attrs.frozen(kw_only=True)
class Chart:
    """A picture of figures.

    ``PROGRESS`` has two series: what is done, and the whole.

    Attributes:
        title: What it shows.
        kind: How it is drawn.
        categories: The groups along the axis.
        series: One or more series; a value for each category.
    """

    title: Label | str
    kind: ChartKind
    categories: tuple[Label | str | dt.date, ...]
    series: tuple[Series, ...]


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
    text: Label | str


Block = Table | Pairs | Note | Signature | Break | Chart | Drawn


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

    slot: Slot
    blocks: tuple[Block, ...]
    title: Label | str = ""
    order: int = 100
    orientation: Orientation = Orientation.PORTRAIT
