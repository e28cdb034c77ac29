"""Blocks in HTML: tables with heads that machines can follow, charts as SVG."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import attrs

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
from billhook.render.blocks.cell_format import FormattedCell
from billhook.render.blocks.chart_scene import (
    SIZE,
    ChartBar,
    ChartLine,
    ChartMark,
    chart_table,
    lay_out_chart,
)
from billhook.render.blocks.formatted_table import (
    FormattedRow,
    FormattedTable,
    format_pairs,
    format_table,
)
from billhook.render.document.composition import Role
from billhook.render.document.localized_text import Wording, languages
from billhook.render.theme import AREAS, Colours, Theme, hexadecimal, legible, shades


def text_html(text: Text, words: Wording) -> str:
    """Return a text, escaped, with its line breaks."""
    return "<br/>".join(escape(line) for line in words.text(text).splitlines())


@attrs.frozen
class HtmlStyle:
    """The document settings that blocks need."""

    words: Wording
    currency: str
    theme: Theme
    brand: str


def block_html(block: Block, look: HtmlStyle, role: Role | None = None) -> Iterator[str]:
    """Yield the HTML of a block."""
    words, currency = look.words, look.currency
    match block:
        case Table():
            yield from table_html(format_table(block, words, currency))
        case Pairs() if role is Role.TOTALS:
            yield from table_html(format_pairs(block, words, currency, bare=True), "pairs")
        case Pairs():
            yield from table_html(format_pairs(block, words, currency), "pairs")
        case Chart():
            yield from _figure(block, look)
        case Note():
            yield from _title_html(block.title, words)
            yield f"<p>{text_html(block.text, words)}</p>"
        case Drawn():
            yield f"<p>{text_html(block.text, words)}</p>"
        case Signature():
            yield from _signatures(block, words)
        case Break():
            yield '<div class="break"></div>'


def _title_html(title: Text, words: Wording) -> Iterator[str]:
    if title:
        yield f"<h3>{text_html(title, words)}</h3>"


def pairs_html(pairs: Pairs, words: Wording, kind: str) -> str:
    """Return names with their values as a list of definitions."""
    items = "".join(
        f"<div><dt>{text_html(label, words)}</dt>{_value(words.cell(cell))}</div>"
        for label, cell in pairs.items
    )
    return f'<dl class="{kind}">{items}</dl>' if items else ""


def _value(text: str) -> str:
    """Return a value; a number or an address in one word is not broken at its hyphens."""
    whole = ' class="whole"' if "-" in text and " " not in text and len(text) <= _WHOLE else ""
    return f"<dd{whole}>{escape(text)}</dd>"


_WHOLE = 48
"""So many signs have room on every screen."""


# ── tables ───────────────────────────────────────────────────────────────────


def table_html(grid: FormattedTable, kind: str = "") -> Iterator[str]:
    """Yield a table with its caption, its head and its rows."""
    kinds = [kind] if kind else []
    if len(grid.heads) > _MANY:
        kinds.append("many")
    yield f'<table class="{" ".join(kinds)}">' if kinds else "<table>"
    if grid.title:
        yield f"<caption>{escape(grid.title)}</caption>"
    if any(grid.heads):
        heads = "".join(
            f'<th scope="col" class="{align}">{"<br/>".join(map(escape, languages(head)))}</th>'
            for head, align in zip(grid.heads, grid.aligns, strict=True)
        )
        yield f"<thead><tr>{heads}</tr></thead>"
    yield "<tbody>"
    for row in grid.rows:
        yield _row(row, grid, first_is_head=kind == "pairs")
    yield "</tbody>"
    yield "</table>"


_MANY = 8
"""The heads of a table of more columns are broken."""

_SHORT = 14
"""Words of no more letters are not broken in a column that takes what it needs."""


def _row(row: FormattedRow, grid: FormattedTable, *, first_is_head: bool) -> str:
    group = row.style is RowStyle.GROUP
    cells = ""
    for place, width, cell in row.spans():
        head = (first_is_head and place == 0) or (group and bool(cell.text))
        cells += _cell(cell, width, _kind(cell, grid, place), head=head)
    style = "" if row.style is RowStyle.NORMAL else f' class="{row.style.value}"'
    return f"<tr{style}>{cells}</tr>"


def _cell(cell: FormattedCell, width: int, kind: str, *, head: bool) -> str:
    tag, scope = ("th", ' scope="row"') if head else ("td", "")
    span = f' colspan="{width}"' if width > 1 else ""
    named = f' class="{kind}"' if width == 1 and kind else ""
    text = "<br/>".join(escape(line) for line in cell.text.splitlines())
    return f"<{tag}{scope}{named}{span}>{text}</{tag}>"


def _kind(cell: FormattedCell, grid: FormattedTable, place: int) -> str:
    if grid.aligns[place] in ("end", "center"):
        return grid.aligns[place]
    if cell.kind == "date":
        return "date"
    shared = any(grid.shares) and any(grid.heads)
    fits = shared and not grid.shares[place] and len(cell.text) <= _SHORT
    return "fit" if fits else ""


# ── charts and signatures ────────────────────────────────────────────────────


def _figure(chart: Chart, look: HtmlStyle) -> Iterator[str]:
    yield "<figure>"
    yield f"<figcaption>{text_html(chart.title, look.words)}</figcaption>"
    yield chart_svg(chart, look.words, look.theme, look.brand)
    yield '<div class="unseen">'
    yield from table_html(format_table(chart_table(chart), look.words, look.currency))
    yield "</div>"
    yield "</figure>"


def _signatures(block: Signature, words: Wording) -> Iterator[str]:
    places = "".join(f"<p>{text_html(place, words)}</p>" for place in block.places)
    yield f'<div class="signatures">{places}</div>'


WIDTH = 480.0
_ANCHORS = {"left": "start", "right": "end", "center": "middle"}
_EM = 0.56
"""Width of a usual letter in em: nothing measures text in a browser before it is drawn."""


def chart_svg(chart: Chart, words: Wording, theme: Theme, brand: str) -> str:
    """Return a chart as an SVG element that names itself, in shades of a brand's colour."""
    drawn = lay_out_chart(chart, WIDTH, words, lambda text: len(text) * SIZE * _EM)
    title = escape(words.text(chart.title))
    tones = [hexadecimal(shade) for shade in shades(legible(brand, AREAS), theme.tones)]
    marks = "".join(_mark(mark, theme.colours, tones) for mark in drawn.marks)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{title}" '
        f'viewBox="0 0 {drawn.width:.0f} {drawn.height:.0f}" direction="ltr" '
        f'font-family="sans-serif" font-size="{SIZE:g}">{marks}</svg>'
    )


def _mark(mark: ChartMark, colours: Colours, tones: list[str]) -> str:
    if isinstance(mark, ChartBar):
        colour = colours.ground if mark.tone < 0 else tones[mark.tone % len(tones)]
        place = f'x="{mark.x:.1f}" y="{mark.y:.1f}"'
        size = f'width="{mark.width:.1f}" height="{mark.height:.1f}"'
        return f'<rect {place} {size} fill="{colour}"/>'
    if isinstance(mark, ChartLine):
        colour = colours.rule if mark.tone < 0 else tones[mark.tone % len(tones)]
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in mark.points)
        line = f'fill="none" stroke="{colour}" stroke-width="{mark.width:g}"'
        return f'<polyline points="{points}" {line}/>'
    place = f'x="{mark.x:.1f}" y="{mark.y:.1f}" text-anchor="{_ANCHORS[mark.anchor]}"'
    return f'<text {place} fill="{colours.quiet}">{escape(mark.text)}</text>'
