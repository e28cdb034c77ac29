"""Print settings: how documents look, from the ``[print]`` table of project and job."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

import attrs

from billhook.kernel.characters import MULTILINE
from billhook.sources import codes
from billhook.sources.bad_value import BadValueError, quote

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def _is_colour(_: object, field: attrs.Attribute[str], value: str) -> None:
    if not _COLOUR.fullmatch(value):
        message = f"expected a colour, got {quote(value)}"
        hint = 'write it as "#rrggbb", six hexadecimal digits'
        raise BadValueError(codes.KIND, message, hint, name=field.name)


@attrs.frozen(kw_only=True)
class PrintSettings:
    """The appearance of printed documents.

    Attributes:
        logo: Picture for the letterhead, PNG, JPEG or SVG; relative to the file that names it.
        colour: Of headings and rules, ``#rrggbb``; for words darkened where it is too light.
        theme: The arrangement of the page.
        theme_file: A theme of your own: a TOML file whose keys replace those of ``theme``.
        paper: ``auto`` takes what is usual in the locale's country.
        footer: Words at the foot of each page.
        languages: Locales of further languages that labels are printed in, below the first.
        draft_mark: Unnumbered bills are marked as drafts.
        copy: Numbered bills are marked as copies.
        attach: The bill's own data go into the PDF as a JSON file.
        charts: Draw the charts that plugins offer.
        explain: Print how the amounts came to be, as an appendix.
        fonts: Font files (TTF, OTF, TTC) for characters that the bundled fonts do not have.
        words: Print the amount due in words, too, in languages that billhook knows it in.
        window: Envelope whose window the recipient's address must meet: a US number 10, one of
            DIN 5008, or a C5.

    Raises:
        ValueError: The colour is none.
    """

    logo: Path | None = None
    colour: str = attrs.field(default="#1f3a5f", validator=_is_colour)
    theme: Literal["classic", "modern", "compact"] = "classic"
    theme_file: Path | None = None
    paper: Literal["auto", "A4", "letter"] = "auto"
    footer: Annotated[str, MULTILINE] = ""
    languages: tuple[str, ...] = ()
    draft_mark: bool = True
    copy: bool = False
    attach: bool = False
    charts: bool = True
    fonts: tuple[Path, ...] = ()
    explain: bool = False
    words: bool = False
    window: Literal["none", "us10", "din5008", "c5"] = "none"
