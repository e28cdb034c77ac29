"""The style of the HTML: sizes and colours of the theme, rules for paper."""

from __future__ import annotations

import functools
import importlib.resources

from billhook.render.theme import CASELESS, LARGER, Theme, legible


@functools.lru_cache(maxsize=32)
def style(theme: Theme, brand: str, paper: str) -> str:
    """Return the style sheet of a theme with a brand's colour, for a paper (``A4``)."""
    values = {
        "brand": brand,
        "ink": legible(brand),
        "text": theme.colours.text,
        "quiet": theme.colours.quiet,
        "rule": theme.colours.rule,
        "ground": theme.colours.ground,
        "case": "uppercase" if theme.capitals else "none",
        "space": "0.05em" if theme.capitals else "0",
        "head": theme.colours.ground if theme.places.head_ground else "transparent",
        "due": legible(brand) if theme.places.brand_due else theme.colours.text,
        "bar": "3px" if theme.places.brand_bar else "0",
        "body": f"{theme.sizes.body + 1:g}pt",
        "label": f"{theme.sizes.label + 1:g}pt",
        "heading": f"{(theme.sizes.body + 1) * LARGER:.2f}pt",
        "small": f"{theme.sizes.small + 1:g}pt",
        "title": f"{theme.sizes.title + 2:g}pt",
        "seller": f"{theme.sizes.seller + 1:g}pt",
        "strong": f"{theme.sizes.due + 1:g}pt",
        "leading": f"{theme.sizes.leading + 0.1:g}",
        "row": f"{theme.gaps.row:g}pt",
        "part": f"{theme.gaps.part + 4:g}pt",
        "paper": paper,
    }
    source = importlib.resources.files("billhook.render.html") / "bill.css"
    sheet = source.read_text(encoding="utf-8").replace(
        "$caseless", ", ".join(f":lang({name})" for name in CASELESS)
    )
    for name, value in values.items():
        sheet = sheet.replace(f"${name};", f"{value};").replace(f"${name} ", f"{value} ")
    return " ".join(sheet.split())
