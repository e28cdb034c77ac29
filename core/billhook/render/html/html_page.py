"""HTML: one file, for screen and printer, readable by machines that read aloud."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from html import escape
from pathlib import Path

import attrs

from billhook.i18n import captions
from billhook.i18n.addresses import address_lines
from billhook.i18n.direction import without_marks
from billhook.kernel.text import Text
from billhook.model.party import Party
from billhook.model.section import Orientation, Pairs, Section
from billhook.project.print_settings import PrintSettings
from billhook.render.document.composition import BillPart, Composition
from billhook.render.document.localized_text import Wording, wording
from billhook.render.html.html_blocks import HtmlStyle, block_html, pairs_html, text_html
from billhook.render.html.style_sheet import style as style_sheet
from billhook.render.theme import Theme


def to_html(composition: Composition, settings: PrintSettings, theme: Theme) -> bytes:
    """Return a composition as one HTML file in UTF-8, well formed as XML too.

    Raises:
        OSError: The logo cannot be read.
    """
    words = wording(composition.locale, composition.languages)
    page = _Page(composition, words, settings, theme)
    return ("\n".join(page.lines()) + "\n").encode()


@attrs.frozen
class _Page:
    """The HTML of one document."""

    bill: Composition
    words: Wording
    settings: PrintSettings
    theme: Theme

    def lines(self) -> Iterator[str]:
        """Yield all lines of the file."""
        direction = "rtl" if self.words.rtl else "ltr"
        yield "<!DOCTYPE html>"
        yield f'<html lang="{self.words.language}" dir="{direction}">'
        yield from self._head()
        yield "<body>"
        yield "<main>"
        yield from self._letterhead()
        yield from self._heading()
        yield from self._address_and_meta()
        for part in self.bill.parts:
            yield from self._part(part)
        for sheet in (*self.bill.sheets, *self.bill.appendix):
            yield from self._sheet(sheet)
        yield "</main>"
        yield from self._foot()
        yield "</body>"
        yield "</html>"

    def _head(self) -> Iterator[str]:
        title = without_marks(self.words.text(self.bill.title))
        number = f" {self.bill.number}" if self.bill.number else ""
        yield "<head>"
        yield '<meta charset="utf-8"/>'
        yield '<meta name="viewport" content="width=device-width, initial-scale=1"/>'
        yield f'<meta name="author" content="{escape(self.bill.seller.name)}"/>'
        yield f"<title>{escape(title + number)} · {escape(self.bill.seller.name)}</title>"
        paper = self.bill.paper.name
        yield f"<style>{style_sheet(self.theme, self.settings.colour, paper)}</style>"
        yield "</head>"

    def _letterhead(self) -> Iterator[str]:
        """Yield the head of the letter: the logo, else the name, then address and numbers."""
        seller = self.bill.seller
        name, home = self._words(seller.name), seller.address.country
        address = [*map(self._words, address_lines(seller.address, self.bill.locale, home))]
        yield '<header class="letterhead">'
        if self.settings.logo is not None:
            yield f'<div><img class="logo" src="{data_uri(self.settings.logo)}" alt=""/></div>'
            address.insert(0, f'<b class="seller">{name}</b>')
        else:
            yield f'<p class="seller">{name}</p>'
        yield f'<p class="address">{"<br/>".join(address)}</p>'
        yield pairs_html(self.bill.seller_facts, self.words, "facts")
        yield "</header>"

    def _heading(self) -> Iterator[str]:
        number = self._code(self.bill.number) if self.bill.number else ""
        shown = f' <span class="number">{number}</span>' if number else ""
        yield f"<h1>{text_html(self.bill.title, self.words)}{shown}</h1>"
        if self.bill.mark:
            yield f'<p class="mark">{text_html(self.bill.mark, self.words)}</p>'

    def _address_and_meta(self) -> Iterator[str]:
        yield '<div class="parties">'
        yield from self._party("recipient", "", self.bill.recipient, self.bill.recipient_facts)
        for named in self.bill.parties:
            yield from self._party("party", named.label, named.party, None)
        yield pairs_html(self.bill.meta, self.words, "meta")
        yield "</div>"

    def _party(self, kind: str, label: Text, party: Party, facts: Pairs | None) -> Iterator[str]:
        home = self.bill.seller.address.country
        lines = address_lines(party.address, self.bill.locale, home)
        yield f'<div class="{kind}">'
        if label:
            yield f"<h2>{text_html(label, self.words)}</h2>"
        yield f"<p><b>{self._words(party.name)}</b><br/>{'<br/>'.join(map(self._words, lines))}</p>"
        if facts is not None and facts.items:
            yield pairs_html(facts, self.words, "facts")
        yield "</div>"

    def _part(self, part: BillPart) -> Iterator[str]:
        yield f'<section class="{part.role.value}">'
        yield from self._blocks(part.title, part)
        yield "</section>"

    def _blocks(self, title: Text, part: BillPart | Section) -> Iterator[str]:
        role = part.role if isinstance(part, BillPart) else None
        if title:
            yield f"<h2>{text_html(title, self.words)}</h2>"
        style = HtmlStyle(self.words, self.bill.currency, self.theme, self.settings.colour)
        for block in part.blocks:
            yield from block_html(block, style, role)

    def _sheet(self, sheet: Section) -> Iterator[str]:
        wide = " wide" if sheet.orientation is Orientation.LANDSCAPE else ""
        yield f'<section class="sheet{wide}">'
        yield from self._blocks(sheet.title, sheet)
        yield "</section>"

    def _foot(self) -> Iterator[str]:
        lines = [*map(self._words, self.bill.footer.splitlines())]
        if self.bill.seal:
            seal = text_html(captions.seal(self.bill.seal), self.words)
            lines.append(f'<span class="seal">{seal}</span>')
        if lines:
            yield f"<footer>{'<br/>'.join(lines)}</footer>"

    def _words(self, text: str) -> str:
        return escape(self.words.words(text))

    def _code(self, text: str) -> str:
        return escape(self.words.code(text))


def data_uri(path: Path) -> str:
    """Return a picture as an address that holds it whole.

    Raises:
        OSError: The file cannot be read.
    """
    data = path.read_bytes()
    kind = next((kind for start, kind in _KINDS if data.startswith(start)), "image/svg+xml")
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"


_KINDS = ((b"\x89PNG", "image/png"), (b"\xff\xd8", "image/jpeg"))
