"""The measures of a page: points, colours, sides."""

from __future__ import annotations

from typing import Literal, TypeAlias

#: A length in points, 1/72 inch.
Pt: TypeAlias = float

#: Red, green and blue, each 0 to 255.
Colour: TypeAlias = tuple[int, int, int]

#: The base direction of a text; ``None`` takes it from the text's first strong letter.
Direction: TypeAlias = Literal["ltr", "rtl"]

BLACK: Colour = (0, 0, 0)
POINTS_PER_MM: Pt = 72 / 25.4

SLACK: Pt = 0.01
"""What is longer by no more than this fits: sums of lengths are not exact."""
