"""Charts as SVG inside HTML."""

from __future__ import annotations

from html import escape

from billhook.model.section import Chart
from billhook.render.blocks.chart_scene import SIZE, Box, Mark, Stroke, scene
from billhook.render.document.wording import Wording
from billhook.render.theme import AREAS, Colours, Theme, hexadecimal, legible, shades

WIDTH = 480.0
_ANCHORS = {"left": "start", "right": "end", "centre": "middle"}
_EM = 0.56
"""Width of a usual letter in em: nothing measures text in a browser before it is drawn."""


def chart_svg(chart: Chart, words: Wording, theme: Theme, brand: str) -> str:
    """Return a chart as an SVG element that names itself, in shades of a brand's colour."""
    drawn = scene(chart, WIDTH, words, lambda text: len(text) * SIZE * _EM)
    title = escape(words.text(chart.title))
    tones = [hexadecimal(shade) for shade in shades(legible(brand, AREAS), theme.tones)]
    marks = "".join(_mark(mark, theme.colours, tones) for mark in drawn.marks)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{title}" '
        f'viewBox="0 0 {drawn.width:.0f} {drawn.height:.0f}" direction="ltr" '
        f'font-family="sans-serif" font-size="{SIZE:g}">{marks}</svg>'
    )


def _mark(mark: Mark, colours: Colours, tones: list[str]) -> str:
    if isinstance(mark, Box):
        colour = colours.ground if mark.tone < 0 else tones[mark.tone % len(tones)]
        place = f'x="{mark.x:.1f}" y="{mark.y:.1f}"'
        size = f'width="{mark.width:.1f}" height="{mark.height:.1f}"'
        return f'<rect {place} {size} fill="{colour}"/>'
    if isinstance(mark, Stroke):
        colour = colours.rule if mark.tone < 0 else tones[mark.tone % len(tones)]
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in mark.points)
        line = f'fill="none" stroke="{colour}" stroke-width="{mark.width:g}"'
        return f'<polyline points="{points}" {line}/>'
    place = f'x="{mark.x:.1f}" y="{mark.y:.1f}" text-anchor="{_ANCHORS[mark.anchor]}"'
    return f'<text {place} fill="{colours.quiet}">{escape(mark.text)}</text>'
