"""Charts as SVG inside HTML; colours come from the page's style."""

from __future__ import annotations

from html import escape

from billhook.model.section import Chart
from billhook.render.charts import SIZE, Box, Mark, Scene, Stroke, scene
from billhook.render.theme import Theme
from billhook.render.wording import Wording

WIDTH = 480.0
_ANCHORS = {"left": "start", "right": "end", "centre": "middle"}
_EM = 0.56
"""Width of a usual letter in em: nothing measures text in a browser before it is drawn."""


def chart_svg(chart: Chart, words: Wording, theme: Theme) -> str:
    """Return a chart as an SVG element that names itself."""
    drawn = scene(chart, WIDTH, words, lambda text: len(text) * SIZE * _EM)
    title = escape(words.text(chart.title))
    marks = "".join(_mark(mark, theme) for mark in drawn.marks)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{title}" '
        f'viewBox="0 0 {_size(drawn)}" direction="ltr">{marks}</svg>'
    )


def _size(drawn: Scene) -> str:
    return f"{drawn.width:.0f} {drawn.height:.0f}"


def _mark(mark: Mark, theme: Theme) -> str:
    if isinstance(mark, Box):
        return (
            f'<rect x="{mark.x:.1f}" y="{mark.y:.1f}" width="{mark.width:.1f}" '
            f'height="{mark.height:.1f}" class="{_tone(mark.tone, theme)}"/>'
        )
    if isinstance(mark, Stroke):
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in mark.points)
        kind = f"line {_tone(mark.tone, theme)}"
        return f'<polyline points="{points}" stroke-width="{mark.width:g}" class="{kind}"/>'
    anchor = _ANCHORS[mark.anchor]
    return (
        f'<text x="{mark.x:.1f}" y="{mark.y:.1f}" text-anchor="{anchor}">{escape(mark.text)}</text>'
    )


def _tone(tone: int, theme: Theme) -> str:
    return "ground" if tone < 0 else f"tone{tone % theme.tones}"
