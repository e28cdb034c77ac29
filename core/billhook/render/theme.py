"""Themes: sizes, colours, rules and places of a page, as data."""

from __future__ import annotations

import importlib.resources
from functools import cache
from typing import Literal

import attrs

Rgb = tuple[int, int, int]
"""Red, green and blue, each 0 to 255."""


@attrs.frozen(kw_only=True)
class Margins:
    """The empty edges of a page, in points."""

    top: float
    right: float
    bottom: float
    left: float


@attrs.frozen(kw_only=True)
class Sizes:
    """Font sizes in points, and the leading as a multiple of them.

    Attributes:
        body: Of text and tables.
        label: Of labels, column heads and headings of parts.
        small: Of notes and the letterhead.
        title: Of the document's title.
        seller: Of the seller's name.
        due: Of the amount due.
        leading: Line height as a multiple of the font size.
    """

    body: float
    label: float
    small: float
    title: float
    seller: float
    due: float
    leading: float


@attrs.frozen(kw_only=True)
class Rules:
    """Widths of rules in points; 0 draws none.

    Attributes:
        hair: Between rows.
        head: Below column heads.
        strong: Over the amount due.
    """

    hair: float
    head: float
    strong: float


@attrs.frozen(kw_only=True)
class Gaps:
    """Empty space in points.

    Attributes:
        row: Over and under the text of a row.
        column: Between columns.
        block: Between blocks.
        part: Between parts.
        letterhead: Below the letterhead.
        title: Between title and body.
    """

    row: float
    column: float
    block: float
    part: float
    letterhead: float
    title: float


@attrs.frozen(kw_only=True)
class Colours:
    """Colours as ``#rrggbb``; the brand's own colour comes from the settings.

    Attributes:
        text: Of the body.
        quiet: Of labels and small print.
        rule: Of hairlines.
        ground: Behind heads and charts.
        mark: Of a stamp across the page.
    """

    text: str
    quiet: str
    rule: str
    ground: str
    mark: str


@attrs.frozen(kw_only=True)
class Places:
    """The positions of a document's parts on the page.

    Attributes:
        seller: The side of the seller's name and logo: where reading begins, or the far side.
        facts: The seller's address and numbers: beside the name, below it, or at the foot of
            each page.
        head_ground: Column heads stand on a ground.
        brand_bar: A bar in the brand's colour stands at the top of the first page.
        brand_due: The amount due is set in the brand's colour.
        totals: Part of the page's width that totals take.
    """

    seller: Literal["start", "end"]
    facts: Literal["beside", "below", "foot"]
    head_ground: bool
    brand_bar: bool
    brand_due: bool
    totals: float


@attrs.frozen(kw_only=True, cache_hash=True)
class Theme:
    """The arrangement of a page.

    Attributes:
        name: The name in the settings.
        tones: How many shades of the brand's colour charts use.
        capitals: Labels are set in capitals.
    """

    name: str
    margins: Margins
    sizes: Sizes
    rules: Rules
    gaps: Gaps
    colours: Colours
    places: Places
    capitals: bool = True
    tones: int = 5

    def tighter(self, part: float) -> Theme:
        """Return the theme with its vertical gaps reduced to a part of them."""
        gaps = self.gaps
        return attrs.evolve(
            self,
            gaps=attrs.evolve(
                gaps,
                row=gaps.row * part,
                block=gaps.block * part,
                part=gaps.part * part,
                letterhead=gaps.letterhead * part,
                title=gaps.title * part,
            ),
        )

    def smaller(self, part: float) -> Theme:
        """Return the theme with its body, and the gaps around it, reduced to a part of them."""
        body = attrs.evolve(self.sizes, body=self.sizes.body * part)
        return attrs.evolve(self.tighter(part * part), sizes=body)


@cache
def theme_of(name: str) -> Theme:
    """Return a theme that comes with billhook.

    Raises:
        KeyError: There is none of that name.
    """
    import tomli

    file = importlib.resources.files("billhook.render") / "themes" / f"{name}.toml"
    if not file.is_file():
        raise KeyError(f"no theme {name!r}")
    table = tomli.loads(file.read_text(encoding="utf-8"))
    parts = {key: PARTS[key](**table.pop(key)) for key in tuple(table) if key in PARTS}
    return Theme(name=name, **table, **parts)


PLACES: dict[str, tuple[str, ...]] = {
    "seller": ("start", "end"),
    "facts": ("beside", "below", "foot"),
}
"""What may be chosen for a place."""

PARTS: dict[str, type] = {
    "margins": Margins,
    "sizes": Sizes,
    "rules": Rules,
    "gaps": Gaps,
    "colours": Colours,
    "places": Places,
}
"""The tables of a theme's file."""


CASELESS = ("ar", "fa", "ur", "he", "hi", "mr", "ne", "th", "ja", "zh", "ko")
"""Languages without capitals: their labels are a little larger instead."""

LARGER = 1.18
"""Headings of these languages are so much larger than the text."""


def rgb(colour: str) -> Rgb:
    """Return the parts of a colour written ``#rrggbb``."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def shades(brand: str, count: int) -> tuple[Rgb, ...]:
    """Return shades of a colour, from itself towards white, easy to tell apart in grey too."""
    return tuple(_lighter(rgb(brand), 78 * place // max(1, count - 1)) for place in range(count))


WORDS, AREAS = 45, 30
"""Tenths of the least contrast with white paper: of what is read, and of what is seen."""


def legible(colour: str, least: int = WORDS) -> str:
    """Return a brand's colour for words on white, darkened as far as they need to be read.

    Lightness is taken with a gamma of two, which says a little more than the usual one: whole
    numbers give the same colour on every machine.

    Args:
        colour: The colour, ``#rrggbb``.
        least: Tenths of its contrast with white, at least.
    """
    parts = rgb(colour)
    lightest = (105 * 10 - 5 * least) * _WHITE // (100 * least)
    return next(
        hexadecimal(found)
        for found in (_darker(parts, percent) for percent in range(100, -1, -1))
        if _lightness(found) <= lightest
    )


def _lightness(colour: Rgb) -> int:
    return sum(weight * part**2 for weight, part in zip(_WEIGHTS, colour, strict=True))


_WEIGHTS = (2126, 7152, 722)
_WHITE = 10_000 * 255**2


def _darker(colour: Rgb, percent: int) -> Rgb:
    red, green, blue = (part * percent // 100 for part in colour)
    return red, green, blue


def _lighter(colour: Rgb, percent: int) -> Rgb:
    red, green, blue = (part + (255 - part) * percent // 100 for part in colour)
    return red, green, blue


def hexadecimal(colour: Rgb) -> str:
    """Return a colour as ``#rrggbb``."""
    return "#" + "".join(f"{part:02x}" for part in colour)
