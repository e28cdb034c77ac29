"""The press: a composition printed as a PDF file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from math import fsum

import attrs

from billhook.kernel.errors import RefusedError
from billhook.model.document import Document
from billhook.model.section import Orientation, Section
from billhook.project.print_settings import PrintSettings
from billhook.render.document.composition import Composition
from billhook.render.document.localized_text import wording
from billhook.render.pdf.typeset.block_layout import BlockLayout
from billhook.render.pdf.typeset.body_layout import lay_out_body
from billhook.render.pdf.typeset.box import Box
from billhook.render.pdf.typeset.drawing import DrawnMark, Frame
from billhook.render.pdf.typeset.letterhead import Letterhead
from billhook.render.pdf.typeset.page_frame import RUNNING_HEAD, PageFrame
from billhook.render.pdf.typeset.page_size import PageSize, page_of
from billhook.render.pdf.typeset.pagination import Paginator, PlacedBox
from billhook.render.pdf.typeset.preflight import check_fonts, logo_of, missing_glyph_finding
from billhook.render.pdf.typeset.table_layout import TableLayouts
from billhook.render.pdf.typeset.typography import Typography, typography
from billhook.render.pdf.writer.font import MissingGlyphError
from billhook.render.pdf.writer.geometry import Pt
from billhook.render.pdf.writer.pdf_file import Attachment, PdfFile
from billhook.render.pdf.writer.xmp import Metadata, XmpSchema
from billhook.render.theme import Theme

LONG = 3
"""From so many pages on a document has an outline."""


@attrs.frozen
class _Leaf:
    """A page with what is drawn on it."""

    page: PageSize
    boxes: list[PlacedBox]
    opening: tuple[DrawnMark, ...] = ()


def to_pdf(
    bill: Composition,
    document: Document,
    settings: PrintSettings,
    theme: Theme,
    *,
    attachments: Iterable[Attachment] = (),
    schemas: Iterable[XmpSchema] = (),
) -> bytes:
    """Return a composition as PDF/A-3.

    Args:
        bill: The composition.
        document: Of which it is; gives the file's date.
        settings: How it is printed.
        theme: The arrangement of the page.
        attachments: Files inside the file, such as an electronic invoice.
        schemas: What the file says of them.

    Raises:
        RefusedError: No font has one of its characters, or the logo cannot be used.
    """
    words = wording(bill.locale, bill.languages)
    type_ = typography(theme, words, settings)
    try:
        return _printed(bill, document, settings, type_, (tuple(attachments), tuple(schemas)))
    except MissingGlyphError as error:
        # Setting stops at the first such character; a look at every text names them all.
        check_fonts(bill, type_, document)
        raise RefusedError([missing_glyph_finding(error)]) from error


def _printed(
    bill: Composition,
    document: Document,
    settings: PrintSettings,
    type_: Typography,
    along: tuple[tuple[Attachment, ...], tuple[XmpSchema, ...]],
) -> bytes:
    theme, attachments, schemas = type_.theme, *along
    tables = TableLayouts(type_.words, bill.currency)
    furniture = PageFrame(bill, type_, page_of(bill, settings, theme).width)
    page = page_of(bill, settings, theme, furniture.height)
    leaves = [
        *_own(bill, type_, page, settings, tables),
        *_sheets(bill.sheets, BlockLayout(type_, tables), page),
    ]
    if bill.appendix:
        small = typography(theme.smaller(_SMALL), type_.words, settings)
        leaves += _sheets(bill.appendix, BlockLayout(small, tables), page)
    file = PdfFile(_metadata(bill, document, furniture.title(), schemas), page.paper)
    for attachment in attachments:
        file.attach(attachment)
    _draw(leaves, file, furniture, rtl=type_.words.rtl)
    return file.to_bytes()


def _own(
    bill: Composition,
    type_: Typography,
    page: PageSize,
    settings: PrintSettings,
    tables: TableLayouts,
) -> list[_Leaf]:
    """Return the bill's own pages, a little tighter if that saves a page that is almost empty."""
    opening = Letterhead(bill, type_, page, logo_of(settings))

    def set_in(chosen: Typography) -> list[_Leaf]:
        setter = BlockLayout(chosen, tables)
        return _set(bill, setter, page, opening)

    loose = set_in(type_)
    last = loose[-1].boxes
    filled = last[-1].top + last[-1].box.height if last else 0
    if not 1 < len(loose) <= _FEW or filled > page.bottom * _ALMOST_EMPTY:
        return loose
    for part in _tighter(loose, filled - page.margins.top - RUNNING_HEAD, type_):
        found = set_in(type_.tighter(part))
        if len(found) < len(loose):
            return found
    return loose


_FEW, _ALMOST_EMPTY = 8, 0.35
_TIGHTER = (0.85, 0.7)


def _tighter(leaves: Sequence[_Leaf], excess: Pt, type_: Typography) -> tuple[Pt, ...]:
    """Return the parts to try: not the larger one where it can hardly save the last page."""
    gaps = type_.theme.gaps
    boxes = [placed.box for leaf in leaves for placed in leaf.boxes]
    empty = fsum(s.height if s.is_gap else 2 * gaps.row for s in boxes if s.is_gap or s.table)
    empty += 2 * gaps.letterhead + gaps.title
    return _TIGHTER if empty * (1 - _TIGHTER[0]) > excess else _TIGHTER[1:]


def _set(
    bill: Composition, setter: BlockLayout, page: PageSize, opening: Letterhead
) -> list[_Leaf]:
    opening.space(setter.type.theme.gaps)
    flow = Paginator(opening.bottom, page.margins.top + RUNNING_HEAD, page.bottom)
    sheets = flow.pages(lay_out_body(bill, setter, page.width))
    marks = tuple(opening.marks)
    return [_Leaf(page, sheet, () if place else marks) for place, sheet in enumerate(sheets)]


_SMALL = 0.84
"""An appendix is set in this part of the body's size."""


def _sheets(sections: Iterable[Section], setter: BlockLayout, page: PageSize) -> Iterator[_Leaf]:
    top = page.margins.top + RUNNING_HEAD
    for section in sections:
        turned = page.turned if section.orientation is Orientation.LANDSCAPE else page
        for sheet in Paginator(top, top, turned.bottom).pages(_section(section, setter, turned)):
            yield _Leaf(turned, sheet)


def _section(section: Section, setter: BlockLayout, page: PageSize) -> list[Box]:
    heading = setter.heading(section.title, 0, page.width)
    return [*heading, *setter.blocks(section.blocks, 0, page.width)]


def _draw(leaves: list[_Leaf], file: PdfFile, furniture: PageFrame, *, rtl: bool) -> None:
    for number, leaf in enumerate(leaves, 1):
        canvas = file.start_page(leaf.page.sheet)
        frame = Frame(canvas, leaf.page.left, leaf.page.width, rtl)
        frame.draw(leaf.opening, 0)
        for placed in leaf.boxes:
            frame.draw(placed.box.marks, placed.top)
            if placed.box.bookmark and len(leaves) >= LONG:
                canvas.bookmark(placed.box.bookmark, placed.top)
        furniture.draw(canvas, leaf.page, number, len(leaves))


def _metadata(
    bill: Composition, document: Document, title: str, schemas: Iterable[XmpSchema]
) -> Metadata:
    return Metadata(
        title=f"{title} · {bill.seller.name}",
        author=bill.seller.name,
        subject=bill.subject,
        language=wording(bill.locale).language,
        created=moment_of(document),
        schemas=tuple(schemas),
    )


def moment_of(document: Document) -> dt.datetime:
    """Return when the document was issued; of a draft, the beginning of its day in UTC."""
    if document.issued_at is not None:
        moment = document.issued_at
        return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return dt.datetime.combine(document.invoice.date, dt.time(), dt.UTC)
