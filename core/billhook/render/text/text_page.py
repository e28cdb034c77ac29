"""Plain text, for terminals and mail: 80 columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from billhook.i18n import captions
from billhook.i18n.addresses import address_lines
from billhook.kernel.text import Text
from billhook.model.party import Party
from billhook.model.section import Orientation, Pairs, Section
from billhook.render.document.composition import BillPart, Composition, Role
from billhook.render.document.localized_text import Wording, wording
from billhook.render.text.terminal import beside, plain, width_of, wrap
from billhook.render.text.text_blocks import (
    WIDTH,
    block_lines,
    pair_lines,
    title_lines,
    total_lines,
)
from billhook.render.text.text_table import WIDE

_GAP = 4

_NARROWEST = 28
"""An address stands beside the facts if it has this many characters."""


def to_text(composition: Composition) -> bytes:
    """Return a composition as plain text in UTF-8."""
    words = wording(composition.locale, composition.languages)
    lines = (line.rstrip() for line in _Page(composition, words).lines())
    return ("\n".join(_single_spaced(lines)) + "\n").encode()


def _single_spaced(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines with no more than one empty line between any two."""
    empty = False
    for line in lines:
        if line and empty:
            yield ""
        if line:
            yield line
        empty = not line


@attrs.frozen
class _Page:
    """The text of one document."""

    bill: Composition
    words: Wording

    def lines(self) -> Iterator[str]:
        """Yield all lines, top down."""
        yield from self._letterhead()
        yield ""
        yield from self._title()
        yield ""
        yield from self._address_and_meta()
        for named in self.bill.parties:
            yield ""
            yield from title_lines(named.label, self.words)
            yield from self._party(named.party)
        for part in self.bill.parts:
            yield ""
            yield from self._part(part)
        for sheet in (*self.bill.sheets, *self.bill.appendix):
            yield from self._sheet(sheet)
        yield from self._foot()

    def _letterhead(self) -> Iterator[str]:
        seller = self.bill.seller
        yield from wrap(plain(seller.name), WIDTH)
        address = address_lines(seller.address, self.bill.locale, seller.address.country)
        yield from _flowing(map(plain, address))
        yield from _flowing(self._facts(self.bill.seller_facts))

    def _title(self) -> Iterator[str]:
        title = plain(self.words.text(self.bill.title))
        whole = f"{title} {self.bill.number}" if self.bill.number else title
        yield whole
        yield "=" * width_of(whole)
        yield from title_lines(self.bill.mark, self.words)

    def _address_and_meta(self) -> Iterator[str]:
        meta = list(pair_lines(self.bill.meta, self.words, self.bill.currency))
        room = WIDTH - max(map(width_of, meta), default=0) - _GAP
        address = [*self._party(self.bill.recipient), *self._facts(self.bill.recipient_facts)]
        if room < _NARROWEST:
            yield from (*address, "", *meta)
        else:
            wrapped = [line for text in address for line in wrap(text, room)]
            yield from beside([(wrapped, room), (meta, 0)], _GAP)

    def _party(self, party: Party) -> Iterator[str]:
        home = self.bill.seller.address.country
        for line in (party.name, *address_lines(party.address, self.bill.locale, home)):
            yield from wrap(plain(line), WIDTH)

    def _facts(self, pairs: Pairs) -> Iterator[str]:
        for label, cell in pairs.items:
            yield plain(f"{self.words.text(label)} {self.words.cell(cell)}")

    def _part(self, part: BillPart) -> Iterator[str]:
        yield from self._heading(part.title)
        for block in part.blocks:
            if part.role is Role.TOTALS and isinstance(block, Pairs):
                yield from total_lines(block, self.words, self.bill.currency)
            else:
                yield from block_lines(block, self.words, self.bill.currency)
            yield ""

    def _heading(self, title: Text) -> Iterator[str]:
        text = plain(self.words.text(title))
        if text:
            yield text
            yield "-" * width_of(text)

    def _sheet(self, sheet: Section) -> Iterator[str]:
        width = WIDE if sheet.orientation is Orientation.LANDSCAPE else WIDTH
        yield ""
        yield "=" * width
        yield ""
        yield from self._heading(sheet.title)
        for block in sheet.blocks:
            yield from block_lines(block, self.words, self.bill.currency, width)
            yield ""

    def _foot(self) -> Iterator[str]:
        yield ""
        if self.bill.footer or self.bill.seal:
            yield "-" * WIDTH
        for paragraph in self.bill.footer.splitlines():
            yield from wrap(plain(paragraph), WIDTH)
        if self.bill.seal:
            yield plain(self.words.text(captions.seal(self.bill.seal)))


def _flowing(texts: Iterable[str]) -> Iterator[str]:
    """Yield short texts one after the other, as many to a line as fit."""
    line = ""
    for text in texts:
        candidate = f"{line} · {text}" if line else text
        if line and width_of(candidate) > WIDTH:
            yield line
            line = text
        else:
            line = candidate
    if line:
        yield from wrap(line, WIDTH)
