"""Paper: Letter or A4, by the territory of the one who prints."""

from __future__ import annotations

import enum

import attrs


class PaperName(enum.StrEnum):
    """The two papers that bills are printed on."""

    A4 = "A4"
    LETTER = "Letter"


@attrs.frozen
class Paper:
    """A sheet.

    Attributes:
        name: ``A4`` or ``Letter``.
        width: In PostScript points, 1/72 inch, portrait.
        height: In PostScript points, portrait.
    """

    name: PaperName
    width: float
    height: float

    @property
    def landscape(self) -> Paper:
        """The same sheet with its long side across."""
        return attrs.evolve(self, width=self.height, height=self.width)


A4 = Paper(PaperName.A4, 210 * 72 / 25.4, 297 * 72 / 25.4)
"""ISO 216, 210 mm x 297 mm."""

LETTER = Paper(PaperName.LETTER, 612, 792)
"""ANSI A, 8.5 in x 11 in."""

LETTER_TERRITORIES = frozenset(
    ("BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE")
)
"""Territories that use Letter; source: CLDR, supplemental data, paperSize."""


def paper(territory: str | None) -> Paper:
    """Return the paper of a territory (ISO 3166-1 alpha-2); A4 where none is given."""
    return LETTER if territory in LETTER_TERRITORIES else A4
