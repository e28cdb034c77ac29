"""The measures of a page: points, colours, paper."""

from __future__ import annotations

from typing import Literal, TypeAlias

import attrs

#: A length in points, 1/72 inch.
Pt: TypeAlias = float

#: Red, green and blue, each 0 to 255.
Colour: TypeAlias = tuple[int, int, int]

#: Where a text stands against its ``x``.
Align: TypeAlias = Literal["left", "right", "centre"]

#: The base direction of a text; ``None`` takes it from the text's first strong letter.
Direction: TypeAlias = Literal["ltr", "rtl"]

BLACK: Colour = (0, 0, 0)
POINTS_PER_MM: Pt = 72 / 25.4

SLACK: Pt = 0.01
"""What is longer by no more than this fits: sums of lengths are not exact."""


@attrs.frozen
class Paper:
    """The size of a page.

    Attributes:
        width: Points.
        height: Points.
    """

    width: Pt
    height: Pt

    @classmethod
    def of_mm(cls, width: Pt, height: Pt) -> Paper:
        """Return a paper of a size in millimetres."""
        return cls(width * POINTS_PER_MM, height * POINTS_PER_MM)

    @property
    def landscape(self) -> Paper:
        """The same paper with its long side across."""
        return Paper(max(self.width, self.height), min(self.width, self.height))

    @property
    def portrait(self) -> Paper:
        """The same paper with its long side upright."""
        return Paper(min(self.width, self.height), max(self.width, self.height))


A4 = Paper.of_mm(210, 297)
LETTER = Paper(612, 792)
