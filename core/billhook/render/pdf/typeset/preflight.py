"""Readiness: what would keep a composition from being printed, found without printing it.

Nothing is loaded that draws: no PDF library, no picture library, no shaping of text.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import attrs

from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.errors import RefusedError, reason
from billhook.kernel.figure import Figure
from billhook.kernel.origin import Origin
from billhook.kernel.text import Label, Text
from billhook.model.document import Document
from billhook.model.invoice import Invoice
from billhook.model.party import Address, Party
from billhook.model.section import (
    Block,
    Cell,
    Chart,
    Drawn,
    Note,
    Pairs,
    Signature,
    Table,
)
from billhook.project.print_settings import PrintSettings
from billhook.render import codes
from billhook.render.document.composition import Composition
from billhook.render.document.localized_text import wording
from billhook.render.pdf.typeset.typography import Typography, named_faces
from billhook.render.pdf.writer.font import Font, MissingGlyphError
from billhook.render.pdf.writer.picture import Picture, PictureError, glance, picture
from billhook.render.pdf.writer.scripts import Script, script_named
from billhook.render.theme_file import chosen_theme


def unprintable(
    bill: Composition, document: Document, settings: PrintSettings
) -> Iterator[Diagnostic]:
    """Yield what would be refused: theme, fonts, logo, and characters that no font has.

    A logo that looks right may be damaged inside; that is seen when it is drawn.
    """
    findings = [
        *_refusals(lambda: chosen_theme(settings)),
        *_refusals(lambda: named_faces(settings)),
    ]
    yield from findings
    yield from _refusals(lambda: check_logo(settings))
    if not findings:
        words = wording(bill.locale, bill.languages)
        type_ = Typography(chosen_theme(settings), words, settings)
        yield from _refusals(lambda: check_fonts(bill, type_, document))


def _refusals(look: Callable[[], object]) -> tuple[Diagnostic, ...]:
    try:
        look()
    except RefusedError as error:
        return error.findings
    return ()


T = TypeVar("T")


def logo_of(settings: PrintSettings) -> Picture | None:
    """Return the letterhead's picture, if there is one.

    Raises:
        RefusedError: The file cannot be read or is no picture that can be printed.
    """
    return None if settings.logo is None else _looked_at(settings.logo, picture)


def check_logo(settings: PrintSettings) -> None:
    """Refuse a logo that a glance shows to be none; damage inside shows when it is printed.

    Raises:
        RefusedError: The file cannot be read or is no picture that can be printed.
    """
    if settings.logo is not None:
        _looked_at(settings.logo, glance)


def _looked_at(path: Path, look: Callable[[bytes], T]) -> T:
    try:
        return look(path.read_bytes())
    except OSError as error:
        message = f"the logo {path.name!r} cannot be read: {reason(error)}"
        raise _refused(path, message, "correct the path in [print] logo") from error
    except PictureError as error:
        hint = "save it as PNG, JPEG or SVG"
        raise _refused(path, f"the logo {path.name!r} cannot be used: {error}", hint) from error


def _refused(path: Path, message: str, hint: str) -> RefusedError:
    origin = Origin(path.name)
    return RefusedError(
        [Diagnostic(codes.LOGO.id, message, origin=origin, path="print.logo", hint=hint)]
    )


Field = tuple[str, str]


def check_fonts(bill: Composition, type_: Typography, document: Document) -> None:
    """Refuse a composition with characters that no font has, each named with its field.

    A line's text is traced to the record that it was billed from.

    Raises:
        RefusedError: There are such characters.
    """
    fields = list(_Fields(type_).of(bill))
    signs: dict[Field, list[str]] = {}
    for gap in (
        *missing_characters(type_.fonts.regular, fields),
        *missing_characters(type_.fonts.bold, fields),
    ):
        signs.setdefault((gap.field, gap.text), []).append(gap.char)
    if signs:
        raise RefusedError(_findings(signs, document.invoice))


def _findings(signs: Mapping[Field, Sequence[str]], invoice: Invoice) -> Iterator[Diagnostic]:
    """Yield a finding for each text, but one for all that want the same fonts if they are many."""
    wanted = {field: _script("".join(found)) for field, found in signs.items()}
    many = Counter(script.package for script in wanted.values() if script)
    gathered: dict[str, list[Field]] = {}
    for field, script in wanted.items():
        if script and many[script.package] > _APART:
            gathered.setdefault(script.package, []).append(field)
        else:
            yield _finding(*field, signs[field], _origin(field[1], invoice))
    for fields in gathered.values():
        yield _gathered({field: signs[field] for field in fields}, invoice)


_APART = 3
"""So many texts that want the same fonts are named one by one."""


def _gathered(signs: Mapping[Field, Sequence[str]], invoice: Invoice) -> Diagnostic:
    """Return the finding of many texts that want the same fonts."""
    found = "".join(dict.fromkeys(sign for each in signs.values() for sign in each))
    names = tuple(dict.fromkeys(name for name, _ in signs))
    shown, others = ", ".join(names[:_FEW]), len(names) - _FEW
    more = f" and {others} other fields" if others > 1 else f", {names[-1]}" if others else ""
    dots = "…" if len(found) > _FEW else ""
    message = (
        f"no font has {len(found)} characters of {len(signs)} texts: "
        f"{found[:_FEW] + dots!r} ({_codes(found)}), in {shown}{more}"
    )
    origins = (_origin(text, invoice) for _, text in signs)
    origin = next(filter(None, origins), None)
    return Diagnostic(codes.GLYPH.id, message, origin=origin, hint=_hint(found))


def _origin(text: str, invoice: Invoice) -> Origin | None:
    """Return where the record of the line with a text stands."""
    records = {record.key: record.origin for record in invoice.records}
    keys = (line.sources for line in invoice.lines if line.description == text)
    return next((records.get(key) for sources in keys for key in sources), None)


def _finding(
    field: str, text: str, signs: Iterable[str], origin: Origin | None = None
) -> Diagnostic:
    found = "".join(dict.fromkeys(signs))
    message = f"no font has {found!r} ({_codes(found)}) of {text!r}"
    return Diagnostic(codes.GLYPH.id, message, origin=origin, path=field, hint=_hint(found))


def _codes(signs: str) -> str:
    more = ", …" if len(signs) > _FEW else ""
    return ", ".join(f"U+{ord(sign):04X}" for sign in signs[:_FEW]) + more


def _hint(signs: str) -> str:
    """Return what to do about characters, with a package that has fonts for their script."""
    script = _script(signs)
    if script is None:
        return "name a font file that has it in [print] fonts, or correct the text"
    return (
        f"for {script.name}, install fonts (on Debian {script.package}) and name the "
        "file in [print] fonts; billhook fonts find shows which"
    )


def _script(signs: str) -> Script | None:
    return next(filter(None, map(script_named, signs)), None)


_FEW = 8
"""So many code points are named."""


def missing_glyph_finding(error: MissingGlyphError) -> Diagnostic:
    """Return the finding of characters that were met only when they were set."""
    return _finding("print", error.text, error.missing)


class _Fields:
    """Lists the texts of a composition with the names of their fields."""

    def __init__(self, type_: Typography) -> None:
        self.words = type_.words
        self._units: set[str] = set()

    def of(self, bill: Composition) -> Iterator[Field]:
        """Yield every text that is printed."""
        yield "title", self.words.text(bill.title)
        yield "mark", self.words.text(bill.mark)
        yield "number", bill.number or ""
        yield "print.footer", bill.footer
        yield from _party("seller", bill.seller)
        yield from _party("buyer", bill.recipient)
        for named in bill.parties:
            yield from _party(self.words.text(named.label), named.party)
        for name, pairs in (
            ("meta", bill.meta),
            ("seller", bill.seller_facts),
            ("buyer", bill.recipient_facts),
        ):
            yield from self._block(name, pairs)
        for part in bill.parts:
            yield from self._part(part.title, part.blocks, part.role.value)
        for sheet in (*bill.sheets, *bill.appendix):
            yield from self._part(sheet.title, sheet.blocks, "sheet")

    def _part(self, title: Text, blocks: Iterable[Block], name: str) -> Iterator[Field]:
        text = self.words.text(title)
        yield name, text
        for block in blocks:
            yield from self._block(text or name, block)

    def _block(self, name: str, block: Block) -> Iterator[Field]:
        match block:
            case Table():
                yield from self._cells(f"{name}.title", (block.title,))
                yield from self._cells(f"{name}.heads", (c.title for c in block.columns))
                for place, row in enumerate(block.rows, 1):
                    yield from self._cells(f"{name}.{place}", row.cells)
            case Pairs():
                yield from self._cells(f"{name}.title", (block.title,))
                for label, cell in block.items:
                    yield from self._cells(f"{name}.{self._name(label)}", (label, cell))
            case Note():
                yield from self._cells(name, (block.title, block.text))
            case Signature():
                yield from self._cells(name, block.places)
            case Chart():
                names = (series.name for series in block.series)
                yield from self._cells(name, (block.title, *block.categories, *names))
            case Drawn():
                yield name, ""
            case _:
                return

    def _cells(self, name: str, cells: Iterable[Cell]) -> Iterator[Field]:
        for cell in cells:
            if isinstance(cell, str):
                yield name, cell
            elif isinstance(cell, Label):
                yield name, self.words.text(cell)
            elif cell is not None and not self._known(cell):
                yield name, self.words.cell(cell)

    def _name(self, cell: Cell) -> str:
        """Return what a field is called by its label: in English, as all findings are."""
        return str(cell) if isinstance(cell, Label | str) else self.words.cell(cell)

    def _known(self, cell: Cell) -> bool:
        """Return whether a figure of the same unit was looked at: its letters are the same."""
        if not isinstance(cell, Figure):
            return False
        known = cell.unit in self._units and cell.value >= 0
        self._units.add(cell.unit)
        return known


def _party(name: str, party: Party) -> Iterator[Field]:
    yield f"{name}.name", party.name
    yield from _address(name, party.address)


def _address(name: str, address: Address) -> Iterator[Field]:
    for line in (*address.lines, address.city, address.postcode, address.region):
        yield f"{name}.address", line


_BREAKS = frozenset("\n\r\t\x0b\x0c\x85\u2028\u2029")


@attrs.frozen
class MissingCharacter:
    """A character that no face of a font has.

    Attributes:
        char: The character.
        text: The text it was found in.
        field: The caller's name for the text.
    """

    char: str
    text: str
    field: str

    @property
    def code(self) -> str:
        """The character's code point as people write it, ``U+4F1A``."""
        return f"U+{ord(self.char):04X}"

    @property
    def name(self) -> str:
        """The character's Unicode name, ``CJK UNIFIED IDEOGRAPH-4F1A``."""
        return unicodedata.name(self.char, "unnamed character")


def missing_characters(
    font: Font, fields: Iterable[tuple[str, str]]
) -> tuple[MissingCharacter, ...]:
    """Return every character that cannot be drawn, once for each field it stands in.

    Args:
        font: The font the texts will be set in.
        fields: Pairs of a field's name and its text.
    """
    texts = list(fields)
    used = set().union(*(text for _, text in texts)) - _BREAKS
    bad = {sign for sign in used if not font.covers(sign)}
    if not bad:
        return ()
    return tuple(
        MissingCharacter(sign, text, field)
        for field, text in texts
        for sign in dict.fromkeys(text)
        if sign in bad
    )
