"""A file such as a bill is: rows, rules, feet of pages, a picture, an attachment."""

from __future__ import annotations

import io

import pypdf

from billhook.render.pdf.writer.font import fonts_of
from billhook.render.pdf.writer.line_breaking import wrap
from billhook.render.pdf.writer.pdf_file import Attachment, PdfFile
from billhook.render.pdf.writer.picture import picture
from render.reading import MOMENT, metadata

FONTS = fonts_of("en")
DESCRIPTION = "Review of the contract documents and correspondence, telephone conference, item"
LOGO = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50">
<rect width="100" height="50" rx="8" fill="#146" fill-opacity="0.5"/>
<circle cx="25" cy="25" r="15"/></svg>"""


def bill(items=12, attached=b"<invoice/>"):
    """Make a file such as a block renderer makes: rows, rules, two pages feet, an attachment."""
    file = PdfFile(metadata())
    page, y = file.start_page(), 100
    page.text(50, 60, "Invoice 2026-042 – Müller & Söhne", FONTS.bold, 14)
    page.picture(picture(LOGO), 450, 30, 80, 40)
    page.bookmark("Invoice 2026-042", 50)
    page.link(50, 50, 100, 14, "https://example.org/pay?id=42")
    for item in range(items):
        if y > 750:
            page, y = file.start_page(), 60
        for line in wrap(FONTS.regular, f"{DESCRIPTION} {item}", 9, 260):
            page.text(50, y, line, FONTS.regular, 9)
            y += 12
        page.text_at_point(530, y - 12, f"{3125 + item}.50", FONTS.regular, 9, point=".")
        page.line(50, y - 8, 545, y - 8, colour=(200, 200, 200))
    file.attach(Attachment(name="bill.xml", data=attached, mime="text/xml", modified=MOMENT))
    for page in file.pages:
        _foot(page, len(file.pages))
    return file


def _foot(page, count):
    size = page.paper
    page.text(
        size.width - 50,
        size.height - 30,
        f"page {page.number} of {count}",
        FONTS.regular,
        8,
        align="right",
    )


def reader(data):
    return pypdf.PdfReader(io.BytesIO(data))
